"""A finding as JSON keeps it, whole: with its parts, questions, readings, days and decision.

Sentences are kept in English, as they were said on the day of the test. What is empty is left out, and so is the
regulation of a part where it is that of the whole.
"""

from datetime import date
from typing import Any

from core.calendar import Span
from core.citations import Citation
from core.findings import Decision, Finding, Question, Verdict
from core.sentences import Sentence


def to_values(finding: Finding, regulation: str = "") -> dict[str, Any]:
    """A finding by its values; regulation: that of what it is a part of."""
    by, decision = finding.citation, finding.decision
    values = {
        "regulation": by.regulation if by.regulation != regulation else "",
        "provision": by.provision,
        "verdict": finding.verdict.value,
        "because": str(finding.because),
        "needs": [[one.key, str(one.asks), one.asked_of] for one in finding.needs],
        "readings": list(finding.readings),
        "until": finding.until.isoformat() if finding.until else "",
        "due": finding.due.isoformat() if finding.due else "",
        "decision": _of_decision(decision) if decision else {},
        "parts": [to_values(one, by.regulation) for one in finding.parts],
    }
    return {name: value for name, value in values.items() if value}


def from_values(values: dict[str, Any], regulation: str = "") -> Finding:
    """The finding of which these are the values."""
    by = Citation(values.get("regulation", regulation), values["provision"])
    return Finding(
        by,
        Verdict(values["verdict"]),
        _said(values["because"]),
        parts=tuple(from_values(one, by.regulation) for one in values.get("parts", ())),
        needs=tuple(Question(key, _said(asks), asked_of) for key, asks, asked_of in values.get("needs", ())),
        readings=tuple(values.get("readings", ())),
        until=_day(values.get("until")),
        due=_day(values.get("due")),
        decision=_decision(values["decision"]) if "decision" in values else None,
    )


def _of_decision(one: Decision) -> dict[str, Any]:
    period = [one.period.start.isoformat(), one.period.end.isoformat() if one.period.end else ""]
    return {
        "citation": str(one.citation),
        "granted": one.granted,
        "by": one.by,
        "decided_on": one.decided_on.isoformat(),
        "reasons": one.reasons,
        "period": period,
    }


def _decision(values: dict[str, Any]) -> Decision:
    first, end = values["period"]
    return Decision(
        Citation.parse(values["citation"]),
        values["granted"],
        values["by"],
        date.fromisoformat(values["decided_on"]),
        values["reasons"],
        Span(date.fromisoformat(first), _day(end)),
    )


def _said(text: str) -> Sentence:
    return Sentence("{said}", said=text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
