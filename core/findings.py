"""Findings: what the rules answer, and why.

Every rule of the regulations returns a Finding: a verdict with its citation, the values compared, its parts,
what is not known yet, and the day on which the answer may change without any fact changing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import NoReturn

from core.calendar import Span
from core.citations import Citation as Citation
from core.sentences import Sentence


class Verdict(Enum):
    """The five answers. UNKNOWN is never NOT_MET; DIRECTOR is left to the Director until decided."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    DIRECTOR = "director"
    NOT_APPLICABLE = "not applicable"


class NotYet(Enum):
    """The one value of a day that is known not to have come."""

    NOT_YET = "not yet"


NOT_YET = NotYet.NOT_YET

Day = date | NotYet | None
"""When something happened: a day, NOT_YET when it is known not to have happened, None when not known."""


@dataclass(frozen=True)
class Question:
    """A fact that is missing: its key, the question in words, and who can answer it."""

    key: str
    asks: Sentence
    asked_of: str = "owner"


@dataclass(frozen=True)
class Decision:
    """A recorded decision of the Director on one provision, for the days of `period`.

    Raises ValueError without a name or without reasons: a decision that cannot be explained is none.
    """

    citation: Citation
    granted: bool
    by: str
    decided_on: date
    reasons: str
    period: Span

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.reasons.strip():
            raise ValueError("a decision of the Director names who decided and the reasons")


@dataclass(frozen=True)
class Finding:
    """A verdict that explains itself.

    until: first day on which, no fact changing, the verdict may be another; None when time changes nothing.
    due: last day on which an open duty can still be met.
    """

    citation: Citation
    verdict: Verdict
    because: Sentence
    parts: tuple["Finding", ...] = ()
    needs: tuple[Question, ...] = ()
    readings: tuple[str, ...] = ()
    until: date | None = None
    due: date | None = None
    decision: Decision | None = field(default=None, kw_only=True)

    def __bool__(self) -> NoReturn:
        raise TypeError("a finding is not true or false: compare its verdict")

    def walk(self) -> Iterator["Finding"]:
        """This finding and everything it rests on, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()


# Which verdict prevails over which, strongest first.
_ALL_OF = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.MET)
_ANY_OF = (Verdict.MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.NOT_MET)
_OPPOSITE = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}
_NOTHING_APPLIES = Sentence("Nothing here applies.")


def all_of(citation: Citation, *parts: Finding) -> Finding:
    """Met when every part that applies is met; every part is kept, so that every reason is seen."""
    combined = _combined(citation, parts, _ALL_OF)
    decisive = _decisive(combined)
    due = _earliest(part.due for part in decisive)
    if due is None:
        return combined
    # What is still due says so itself, not a part beside it that is done.
    because = next(part.because for part in decisive if part.due == due)
    return replace(combined, due=due, because=because)


def any_of(citation: Citation, *parts: Finding) -> Finding:
    """Met when one part that applies is met; every part is kept, so that every way is seen."""
    combined = _combined(citation, parts, _ANY_OF)
    dues = [part.due for part in _decisive(combined)]
    # One way that is not open until some day is enough.
    return combined if not dues or None in dues else replace(combined, due=max(filter(None, dues)))


def deciding(finding: Finding) -> Citation:
    """The provision of the part that gives a finding its verdict and its reason; its own where no part does."""
    decides = (one for one in finding.parts if one.verdict is finding.verdict and one.because == finding.because)
    return next((one.citation for one in decides), finding.citation)


def not_(finding: Finding) -> Finding:
    """The opposite verdict with the same reason; what is unknown or the Director's stays so."""
    opposite = _OPPOSITE.get(finding.verdict, finding.verdict)
    return Finding(
        finding.citation,
        opposite,
        finding.because,
        parts=(finding,),
        needs=finding.needs,
        readings=finding.readings,
        until=finding.until,
        decision=finding.decision,
    )


def until_at_most(finding: Finding, day: date | None) -> Finding:
    """The finding with its parts, none of them longer than to `day`: from then on another fact is known."""
    if day is None:
        return finding
    parts = tuple(until_at_most(part, day) for part in finding.parts)
    until = day if finding.until is None else min(finding.until, day)
    if until == finding.until and all(one is part for one, part in zip(parts, finding.parts, strict=True)):
        return finding
    return replace(finding, parts=parts, until=until)


def _combined(citation: Citation, parts: tuple[Finding, ...], order: tuple[Verdict, ...]) -> Finding:
    applicable = [part.verdict for part in parts if part.verdict is not Verdict.NOT_APPLICABLE]
    verdict = min(applicable, key=order.index, default=Verdict.NOT_APPLICABLE)
    decisive = [part for part in parts if part.verdict is verdict]
    return Finding(
        citation,
        verdict,
        decisive[0].because if decisive else _NOTHING_APPLIES,
        parts,
        needs=tuple(dict.fromkeys(need for part in decisive for need in part.needs)),
        readings=tuple(dict.fromkeys(reading for part in parts for reading in part.readings)),
        until=_earliest(part.until for part in parts),
    )


def _decisive(combined: Finding) -> list[Finding]:
    return [part for part in combined.parts if part.verdict is combined.verdict]


def settle(finding: Finding, decisions: Iterable[Decision], on: date) -> Finding:
    """A DIRECTOR finding as settled by the latest decision on its provision in force on `on`.

    Any other finding is returned as it is: the Director settles only what the law leaves to the Director.
    """
    if finding.verdict is not Verdict.DIRECTOR:
        return finding
    on_point = [decision for decision in decisions if decision.citation == finding.citation]
    # A decision that begins later may replace this one on the day it begins.
    next_start = _earliest(decision.period.start for decision in on_point if decision.period.start > on)
    in_force = [decision for decision in on_point if on in decision.period]
    if not in_force:
        return replace(finding, until=_earliest((finding.until, next_start)))
    decision = max(in_force, key=lambda one: (one.decided_on, one.period.start))
    return Finding(
        finding.citation,
        Verdict.MET if decision.granted else Verdict.NOT_MET,
        Sentence(
            "Decided by {by} on {day}: {reasons}",
            by=decision.by,
            day=decision.decided_on,
            reasons=decision.reasons,
        ),
        parts=(finding,),
        readings=finding.readings,
        until=_earliest((finding.until, decision.period.end, next_start)),
        decision=decision,
    )


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)
