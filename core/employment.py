"""Employment at a facility: who works there, as what, since when; who of them needs a licence, and its display.

O. Reg. 129/04, ss. 13 and 14; O. Reg. 435/93, ss. 9 and 14.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from core.calendar import Span, add_months, next_edge, united
from core.citations import Citation
from core.emergencies import Temporary
from core.entries import clean_number
from core.facts import applies_from, done, earliest, unknown
from core.findings import NOT_YET, Day, Finding, Verdict, all_of, any_of, until_at_most
from core.held_licences import holds
from core.legislation import Law, Limit
from core.licences import LicenceClass, LicenceRecord, issued_from
from core.sentences import Sentence
from core.works import Works


class Capacity(StrEnum):
    """As what somebody is employed."""

    OPERATOR = "operator"
    ENGINEER = "engineer"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _CAPACITY_LABELS[self]


_CAPACITY_LABELS = {
    Capacity.OPERATOR: "Operator",
    Capacity.ENGINEER: "Operator who is a professional engineer",
    Capacity.OTHER: "Other",
}


@dataclass(frozen=True)
class Spell:
    """One employment at a facility. starts_anew: an officer noted that it continues no earlier one (R9)."""

    span: Span
    capacity: Capacity
    starts_anew: bool = False


@dataclass(frozen=True)
class Displayed:
    """A copy of a licence that hangs on a span of days; number: of which, "" where nobody has said."""

    span: Span
    number: str = ""


@dataclass(frozen=True)
class Worker:
    """What is known of somebody at one facility.

    records: the licences on record. complete_from: from this day on they are all that the person holds; None
    where that is not known of any day. spells: the employments there, under whatever name they are recorded.
    in_emergency: what the owner says of the person for the days of an emergency.
    """

    records: tuple[LicenceRecord, ...] = ()
    complete_from: date | None = None
    spells: tuple[Spell, ...] = ()
    in_emergency: tuple[Temporary, ...] = ()

    def spell_on(self, day: date) -> Spell | None:
        """The employment of a day; of several, under two names, the one that began last."""
        current = [spell for spell in self.spells if day in spell.span]
        return max(current, key=lambda spell: (spell.span.start, spell.capacity), default=None)

    def while_employed(self, days: Span) -> Iterator[Span]:
        """The part of some days in which the person is employed; all of them where no employment is known."""
        if not self.spells:
            yield days
        for employed in united(spell.span for spell in self.spells):
            part = days.within(employed)
            if part is not None:
                yield part

    def employed_since(self, day: date) -> date:
        """The first day of the first employment by a day, unless an officer noted that a later one starts anew."""
        begun = [spell for spell in self.spells if spell.span.start <= day]
        anew = [spell.span.start for spell in begun if spell.starts_anew]
        return max(anew, default=min(spell.span.start for spell in begun))

    def said_for_emergency(self, day: date) -> Temporary | None:
        """What the owner says of the person for a day of an emergency; of several, under two names, the last."""
        of_day = [one for one in self.in_emergency if day in one.span]
        return max(of_day, key=lambda one: one.span.start, default=None)

    def next_change(self, day: date) -> date | None:
        """The next day on which an employment starts or has ended."""
        return next_edge([spell.span for spell in self.spells], day)


@lru_cache(maxsize=16)  # of each person the licence and its display ask the same, one after the other
def holds_of_class(worker: Worker, lowest: LicenceClass | None, works: Works, law: Law) -> Finding:
    """Whether somebody holds a licence of the class or a higher one that serves at the facility; None: of any."""
    place, since = works.place_on(law.on), worker.complete_from
    complete = True if since is not None and since <= law.on else None
    held = holds(worker.records, works.facility_type, lowest, place, law, complete=complete)
    return until_at_most(held, since if since is not None and since > law.on else None)


def employed(worker: Worker, citation: Citation, law: Law) -> Finding:
    """Whether somebody is employed at the facility as an operator on the law's day (reading R39)."""
    spell = worker.spell_on(law.on)
    until = earliest(law, worker.next_change(law.on))
    if spell is not None and spell.capacity is Capacity.OTHER:
        because = Sentence("Employed in the facility, but not as an operator.")
        return Finding(citation, Verdict.NOT_MET, because, readings=("R39",), until=until)
    if spell is not None:
        because = Sentence("Employed in the facility from {start}.", start=spell.span.start)
        return Finding(citation, Verdict.MET, because, readings=("R39",), until=until)
    if not worker.spells:
        statement = Sentence("The person is employed in the facility on {day}.", day=law.on)
        return unknown(law, citation, "employment", statement)
    because = Sentence("Not employed in the facility on {day}.", day=law.on)
    return Finding(citation, Verdict.NOT_MET, because, readings=("R39",), until=until)


def licensed(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 14 (1): every operator employed holds a licence for the type of facility, of any class.

    Under 435/93 a licence as an operator-in-training is of no type, and is enough.
    """
    citation = law.topic("operators_licensed")
    spell = worker.spell_on(law.on)
    if spell is None and worker.spells:
        because = Sentence("Not employed in the facility on {day}.", day=law.on)
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=earliest(law, worker.next_change(law.on)))
    if spell is None:
        return employed(worker, citation, law)
    until = earliest(law, worker.next_change(law.on))
    if spell.capacity is Capacity.OTHER:
        because = Sentence("Not employed as an operator.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=until)
    by_licence = all_of(citation, *_licensing_applies(law), _holds_any(worker, works, citation, law))
    if spell.capacity is Capacity.ENGINEER:
        return any_of(citation, newly_employed_engineer(worker, law), by_licence)
    return all_of(citation, by_licence, employed(worker, citation, law))


def newly_employed_engineer(worker: Worker, law: Law) -> Finding:
    """129/04, s. 14 (2): a professional engineer needs no licence while employed there for less than six months
    (reading R9)."""
    return less_than_months(worker, law.limit("engineer_employed_months"), law)


def less_than_months(worker: Worker, limit: Limit, law: Law) -> Finding:
    """Whether somebody is a professional engineer employed in the facility for less than the limit (R9)."""
    spell = worker.spell_on(law.on)
    if spell is None:
        return employed(worker, limit.citation, law)
    until = earliest(law, worker.next_change(law.on))
    if spell.capacity is not Capacity.ENGINEER:
        because = Sentence("Not employed as a professional engineer.")
        return Finding(limit.citation, Verdict.NOT_MET, because, until=until)
    since = worker.employed_since(law.on)
    anniversary = add_months(since, limit.value)
    short = law.on < anniversary
    because = Sentence(
        "A professional engineer employed in the facility since {since}: {months} months on {anniversary}.",
        since=since,
        months=limit.value,
        anniversary=anniversary,
    )
    return Finding(
        limit.citation,
        Verdict.MET if short else Verdict.NOT_MET,
        because,
        readings=("R9",),
        until=earliest(law, until, anniversary if short else None),
    )


def licensing_applies(day: date, law: Law) -> Finding:
    """435/93, s. 14 (3): the rule that operators are licensed starts on 1 February 1994."""
    return applies_from(law.legal_date("operators_licensed_from"), day, law)


def licences_displayed(worker: Worker, displayed: Iterable[Displayed] | None, works: Works, law: Law) -> Finding:
    """129/04, s. 13: a copy of each licence hangs by which an operator of the facility serves there (reading R53).

    Of an operator of whom no such licence is known, any copy is asked for; of an engineer none.
    """
    citation = law.topic("licence_display")
    if not worker.spells:
        return employed(worker, citation, law)
    copies = None if displayed is None else tuple(displayed)
    numbers = sorted({record.licence.number for record in worker.records})
    held = {number: _holds_number(worker, number, works, law) for number in numbers}
    until = earliest(law, worker.next_change(law.on), *(one.until for one in held.values()))
    shown = [
        _copy_displayed(_of_number(worker, number), copies, law)
        for number, one in held.items()
        if one.verdict is Verdict.MET
    ]
    spell = worker.spell_on(law.on)
    if not shown and spell is not None and spell.capacity is Capacity.ENGINEER:
        because = Sentence("No licence of the engineer for this type of facility is known.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, readings=("R53",), until=until)
    if not shown:
        hung = None if copies is None else [one.span for one in copies]
        return until_at_most(licence_displayed(hung, law), until)
    return until_at_most(all_of(citation, *shown), until)


def _of_number(worker: Worker, number: str) -> tuple[LicenceRecord, ...]:
    return tuple(record for record in worker.records if record.licence.number == number)


def _holds_number(worker: Worker, number: str, works: Works, law: Law) -> Finding:
    """Whether the licence of this number serves at the facility."""
    alone = replace(worker, records=_of_number(worker, number))
    return _holds_any(alone, works, law.topic("licence_display"), law)


def _copy_displayed(issues: Iterable[LicenceRecord], copies: Iterable[Displayed] | None, law: Law) -> Finding:
    """Whether a copy of one licence hangs, and of its present issue; issues: what is known of it."""
    issues = tuple(issues)
    number, begins = issues[0].licence.number, [issued_from(one, law) for one in issues]
    of_it = None if copies is None else [one for one in copies if one.number in ("", clean_number(number))]
    found = licence_displayed([one.span for one in of_it] if of_it else None, law)
    found = replace(
        found, readings=("R53",), until=earliest(law, found.until, *(day for day in begins if day > law.on))
    )
    renewed = max((day for day in begins if day <= law.on), default=date.min)
    hangs_since = max((one.span.start for one in of_it or () if law.on in one.span), default=renewed)
    if found.verdict is not Verdict.MET or hangs_since >= renewed:
        return replace(found, because=Sentence("Licence {number}: {found}", number=number, found=found.because))
    statement = Sentence(
        "The copy of licence {number} that hangs since {since} is of the present issue, of {renewed} or later.",
        number=number,
        since=hangs_since,
        renewed=renewed,
    )
    asked = unknown(law, found.citation, "licence_displayed", statement)
    return replace(asked, readings=("R53",), until=found.until)


def licence_displayed(displayed: Iterable[Span] | None, law: Law) -> Finding:
    """129/04, s. 13: a copy of an employed operator's licence is conspicuously displayed.

    displayed: the days on which one hangs; None where nobody has said.
    """
    act = "Conspicuous display of a copy of the licence"
    spans = () if displayed is None else tuple(displayed)
    since: Day = None
    if displayed is not None:
        since = max((one.start for one in spans if law.on in one), default=NOT_YET)
    found = done(law, law.topic("licence_display"), "licence_displayed", act, since)
    return until_at_most(found, next_edge(spans, law.on))


def _licensing_applies(law: Law) -> list[Finding]:
    has_a_start = "operators_licensed_from" in law.regulation.dates
    return [licensing_applies(law.on, law)] if has_a_start else []


def _holds_any(worker: Worker, works: Works, citation: Citation, law: Law) -> Finding:
    """A licence for the type; where those in training have no type of their own, one in training too."""
    held = holds_of_class(worker, None, works, law)
    if law.has("in_training_of_a_type"):
        return held
    return any_of(citation, held, holds_of_class(worker, LicenceClass.OPERATOR_IN_TRAINING, works, law))
