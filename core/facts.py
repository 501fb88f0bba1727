"""Facts as findings: what is stated, measured or done, on a day, under the law of that day.

A fact that is not known gives UNKNOWN and a question, never a default.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from operator import gt, le, lt
from typing import Literal

from core.citations import Citation
from core.findings import Day, Finding, NotYet, Question, Verdict
from core.legislation import Law, LegalDate, Limit
from core.sentences import Sentence

Amount = int | Decimal


def stated(
    law: Law,
    citation: Citation,
    key: str,
    statement: Sentence,
    value: bool | None,
    asked_of: str = "owner",
    *,
    otherwise: Sentence | None = None,
) -> Finding:
    """MET where the statement is true, NOT_MET where it is false, UNKNOWN where nobody has said.

    `otherwise` says in plain words what is so where the statement is false.
    """
    if value is None:
        return unknown(law, citation, key, statement, asked_of)
    if value:
        return Finding(citation, Verdict.MET, statement, until=law.ends)
    because = otherwise or Sentence("Not so: {statement}", statement=statement)
    return Finding(citation, Verdict.NOT_MET, because, until=law.ends)


def unknown(law: Law, citation: Citation, key: str, statement: Sentence, asked_of: str = "owner") -> Finding:
    """UNKNOWN with the question whether the statement is true."""
    question = Question(key, Sentence("Is this so? {statement}", statement=statement), asked_of)
    because = Sentence("Not known: {statement}", statement=statement)
    return Finding(citation, Verdict.UNKNOWN, because, needs=(question,), until=law.ends)


def text_not_on_file(law: Law, citation: Citation, key: str, day: date) -> Finding:
    """UNKNOWN whether a duty arose on a day of which the provision is not on file."""
    statement = Sentence("{provision} asked it already on {day}, of which its text is not on file.",
                         provision=citation.provision, day=day)  # fmt: skip
    return unknown(law, citation, key, statement, asked_of="officer")


_COMPARED: dict[str, tuple[Callable[[Amount, Amount], bool], str, str]] = {
    "at most": (le, "{what} is at most {limit} {unit}.", "{what}: {value} {unit}; at most {limit}."),
    "less than": (lt, "{what} is less than {limit} {unit}.", "{what}: {value} {unit}; less than {limit}."),
    "more than": (gt, "{what} is more than {limit} {unit}.", "{what}: {value} {unit}; more than {limit}."),
}


def compared(
    law: Law,
    value: Amount | None,
    comparison: Literal["at most", "less than", "more than"],
    limit: Limit,
    what: str,
    key: str,
) -> Finding:
    """MET where the amount compares so with the limit, in the limit's unit; `what` names the amount."""
    holds, statement, because = _COMPARED[comparison]
    named = {"what": what, "limit": limit.value, "unit": limit.unit}
    if value is None:
        return unknown(law, limit.citation, key, Sentence(statement, **named))
    verdict = Verdict.MET if holds(value, limit.value) else Verdict.NOT_MET
    return Finding(limit.citation, verdict, Sentence(because, value=value, **named), until=law.ends)


def done(
    law: Law,
    citation: Citation,
    key: str,
    act: str,
    day: Day,
    *,
    by: date | None = None,
    readings: tuple[str, ...] = (),
    asked_of: str = "owner",
) -> Finding:
    """MET when done on time, or not yet done while time runs; NOT_MET when late or, without a time, not done.

    `act` names what is to be done, `by` the last day for it. Asked about the law's day.
    """
    if day is None:
        return unknown(law, citation, key, Sentence("{act}: done, with its date.", act=act), asked_of)
    missed = Sentence("{act}: not done, and was due by {by}.", act=act, by=by)
    because = Sentence("{act}: not done.", act=act) if by is None else missed
    verdict, until, due = Verdict.NOT_MET, None, None
    if not isinstance(day, NotYet) and day <= law.on:
        in_time = by is None or day <= by
        verdict = Verdict.MET if in_time else Verdict.NOT_MET
        late = Sentence("{act}: done on {day}, after {by}.", act=act, day=day, by=by)
        because = Sentence("{act}: done on {day}.", act=act, day=day) if in_time else late
    elif by is not None and law.on <= by:
        verdict, due, until = Verdict.MET, by, by + timedelta(days=1)
        because = Sentence("{act}: open until {by}.", act=act, by=by)
    elif not isinstance(day, NotYet) and (by is None or day <= by):
        until = day
    return Finding(citation, verdict, because, readings=readings, until=earliest(law, until), due=due)


def applies_from(begins: LegalDate, day: date, law: Law) -> Finding:
    """Whether a rule that began on a date applied on a day."""
    statement = Sentence("The rule applies from {begins}.", begins=begins.value)
    not_yet = Sentence("The rule applies only from {begins}.", begins=begins.value)
    return stated(law, begins.citation, "day", statement, day >= begins.value, otherwise=not_yet)


def earliest(law: Law, *days: date | None) -> date | None:
    """The first of the days that are known, or the day on which another version of the law answers."""
    return min((day for day in (*days, law.ends) if day is not None), default=None)
