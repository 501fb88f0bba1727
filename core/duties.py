"""The duties of an operator-in-charge, and what the log of a shift says of each.

O. Reg. 129/04, s. 18 (2); O. Reg. 435/93, s. 19.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.facts import stated
from core.findings import Citation, Finding, Verdict, until_at_most
from core.legislation import Law
from core.log_chain import YES, Entry, Kind
from core.places import day_at, local
from core.sentences import Sentence
from core.shifts import Shift, as_recorded, made_by, not_recorded


@dataclass(frozen=True)
class Seen:
    """How often the log of some shifts reports something of a kind."""

    departures: int = 0
    instructions: int = 0
    conditions: int = 0
    adjustments: int = 0


def seen_in(shifts: Iterable[Shift]) -> Seen:
    """What the log of some shifts reports; "nothing to report" is no report."""
    counted = Counter(one.kind for shift in shifts for one in shift.standing if not one.content.nothing)
    return Seen(*(counted[kind] for kind in (Kind.DEPARTURE, Kind.INSTRUCTION, Kind.CONDITION, Kind.ADJUSTMENT)))


def statements_of(shift: Shift, duty: Kind) -> tuple[Entry, ...]:
    """What stands of a duty in a shift: of each person who has spoken what they said last, in the log's order."""
    last = {one.author: one for one in shift.of(duty)}
    return tuple(sorted(last.values(), key=lambda one: one.number))


def met_in(shift: Shift, duty: Kind) -> bool | None:
    """Whether a duty was met in a shift: no, where any of those who have spoken says so; None where nobody has."""
    answers = {one.content.text == YES for one in statements_of(shift, duty)}
    return all(answers) if answers else None


def said_of_all(shifts: Iterable[Shift], duty: Kind) -> bool | None:
    """Whether a duty was met in all shifts: no, where that was said of one; yes, where it was of each; None where
    nobody has said of one, or there is none."""
    answers = {met_in(one, duty) for one in shifts}
    if False in answers:
        return False
    return True if answers == {True} else None


def operated_safely(said: bool | None, seen: Seen, law: Law) -> Finding:
    """129/04, s. 18 (2) (a): every reasonable step for safe and efficient operation by the manuals.

    No record proves it: whoever is in charge says so, and beside it stands what the log reports.
    """
    statement = Sentence("The processes were operated safely and efficiently, by the operations manuals.")
    found = stated(law, _duty("a", law), "operated_safely", statement, said, asked_of="operator")
    because = Sentence(
        "{said} The log reports departures from procedures: {departures}, special instructions: {instructions}.",
        said=found.because,
        departures=seen.departures,
        instructions=seen.instructions,
    )
    return replace(found, because=because)


def processes_monitored(said: bool | None, seen: Seen, law: Law) -> Finding:
    """129/04, s. 18 (2) (b): processes are measured, monitored, sampled and tested so that they can be adjusted.

    As with (a), whoever is in charge says so.
    """
    statement = Sentence(
        "The processes were measured, monitored, sampled and tested so that they can be adjusted."
    )
    found = stated(law, _duty("b", law), "processes_monitored", statement, said, asked_of="operator")
    because = Sentence(
        "{said} The log reports abnormal conditions: {conditions}, adjustments: {adjustments}.",
        said=found.because,
        conditions=seen.conditions,
        adjustments=seen.adjustments,
    )
    return replace(found, because=because)


def adjustments_recorded(shift: Shift, whole: bool | None, zone: str, law: Law) -> Finding:
    """129/04, s. 18 (2) (c): every adjustment of a process is recorded; that there was none is said (R46)."""
    return _recorded(Kind.ADJUSTMENT, "adjustments", "Adjustments to the processes", shift, whole, zone,
                     _duty("c", law), law)  # fmt: skip


def status_available(shift: Shift, whole: bool | None, zone: str, law: Law) -> Finding:
    """129/04, s. 18 (2) (d): the status of the equipment is on record at the end of every shift (R47)."""
    citation = _duty("d", law)
    made, later = made_by(law, shift.of(Kind.STATUS), shift, zone)
    ended = shift.ended
    if ended is None or not made or any(shift.first_made(one) <= ended for one in made):
        found = _recorded(Kind.STATUS, "status", "Status of the equipment", shift, whole, zone, citation, law)
        return replace(found, readings=("R46", "R47"))
    first = min(shift.first_made(one) for one in made)
    because = Sentence(
        "Status of the equipment: recorded on {made}; the shift ended on {ended}.",
        made=local(first, zone),
        ended=local(ended, zone),
    )
    found = Finding(citation, Verdict.NOT_MET, because, readings=("R47",), until=law.ends)
    return until_at_most(found, later)


def _recorded(
    kind: Kind, key: str, words: str, shift: Shift, whole: bool | None, zone: str, citation: Citation, law: Law
) -> Finding:
    what = Sentence(words)
    if day_at(shift.began, zone) > law.on:
        because = Sentence("The shift begins on {day}.", day=day_at(shift.began, zone))
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=day_at(shift.began, zone))
    made, later = made_by(law, shift.of(kind), shift, zone)
    if made:
        found = as_recorded(what, made, shift, citation, law)
    else:
        found = not_recorded(key, what, whole, shift.recorded_by(zone), citation, law)
    return until_at_most(found, later)


def _duty(clause: str, law: Law) -> Citation:
    return law.cite(f"{law.topic('duties_in_charge').provision} ({clause})")
