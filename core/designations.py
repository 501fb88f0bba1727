"""The overall responsible operator: who is designated on a day, on what basis, and whether the law allows it.

O. Reg. 129/04, s. 15; O. Reg. 435/93, s. 13, where overall responsibility is placed with somebody. The days of
standing in are counted in core/reliance.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from core.calendar import Span, next_edge
from core.employment import Worker, employed, holds_of_class, less_than_months
from core.facts import applies_from, earliest, unknown
from core.findings import Citation, Decision, Finding, Verdict, all_of, until_at_most
from core.legislation import Law
from core.licences import LicenceClass
from core.reliance import within_stand_in_days
from core.sentences import Sentence
from core.works import Works


class Basis(StrEnum):
    """On what a designation rests."""

    LICENCE = "licence"  # s. 15 (1)
    STAND_IN = "stand_in"  # s. 15 (2)
    ENGINEER = "engineer"  # s. 15 (7)

    @property
    def label(self) -> str:
        """Its name for people."""
        return _BASIS_LABELS[self]


_BASIS_LABELS = {
    Basis.LICENCE: "Licence of the facility's class or higher",
    Basis.STAND_IN: "Stands in, at most one class lower",
    Basis.ENGINEER: "Professional engineer in the first six months",
}


@dataclass(frozen=True)
class Designation:
    """Somebody designated as overall responsible operator for a span of days."""

    person: int
    basis: Basis
    span: Span


@dataclass(frozen=True)
class Absence:
    """A span in which somebody is recorded as absent or unable to act; away False: as present."""

    person: int
    span: Span
    away: bool = True


@dataclass(frozen=True)
class Presence:
    """Of whoever is designated under s. 15 (1): the days of designations, and those recorded as absent or present.

    designated: None where it is not known; a day in none of its spans is a vacancy.
    """

    designated: tuple[Span, ...] | None
    absent: tuple[Span, ...] = ()
    present: tuple[Span, ...] = ()

    def next_change(self, day: date) -> date | None:
        """The next day on which one of the spans starts or has ended."""
        return next_edge((*(self.designated or ()), *self.absent, *self.present), day)


@dataclass(frozen=True)
class Responsible:
    """What is on record of a facility's overall responsible operators; workers by the ids of their persons."""

    workers: Mapping[int, Worker]
    designations: tuple[Designation, ...] = ()
    absences: tuple[Absence, ...] = ()
    directions: tuple[Decision, ...] = field(default=(), kw_only=True)

    def acting(self, day: date) -> Designation | None:
        """Who is the overall responsible operator: whoever stands in, before whoever is stood in for."""
        current = [one for one in self.designations if day in one.span]
        return min(current, key=lambda one: (one.basis is Basis.LICENCE, one.span.start), default=None)

    @property
    def relied(self) -> tuple[Span, ...]:
        """The spans in which somebody stands in under s. 15 (2)."""
        return tuple(one.span for one in self.designations if one.basis is Basis.STAND_IN)

    def presence(self, day: date) -> Presence:
        """What is known, on a day, of the operator whom a stand-in replaces; whoever is employed no more leaves a
        vacancy, whatever the designation says (readings R21 and R39)."""
        under_1 = [one for one in self.designations if one.basis is Basis.LICENCE]
        designated = [(one.person, span) for one in under_1 for span in self._while_employed(one)]
        who = {person for person, span in designated if day in span}
        of_them = [one for one in self.absences if one.person in who]
        return _presence((span for _, span in designated), of_them)

    def own_presence(self, person: int) -> Presence:
        """What is known of somebody's own days: those designated under s. 15 (1), absent and present."""
        own = (one.span for one in self.designations if one.person == person and one.basis is Basis.LICENCE)
        return _presence(own, [one for one in self.absences if one.person == person])

    @property
    def stood_in(self) -> tuple[Span, ...]:
        """The spans in which somebody is designated who acts before whoever is designated under s. 15 (1)."""
        return tuple(one.span for one in self.designations if one.basis is not Basis.LICENCE)

    def _while_employed(self, one: Designation) -> Iterator[Span]:
        """The days of a designation on which its person is employed; all where no employment is known."""
        spells = self.workers.get(one.person, Worker()).spells
        if not spells:
            yield one.span
        for spell in spells:
            days = one.span.within(spell.span)
            if days is not None:
                yield days


def overall_responsible(recorded: Responsible, works: Works, law: Law) -> Finding:
    """Whether the facility's overall responsible operator of the law's day is one that the law allows (R27)."""
    acting = recorded.acting(law.on)
    ends = next_edge([one.span for one in recorded.designations], law.on)
    if acting is None:
        statement = Sentence("Somebody is designated as overall responsible operator on {day}.", day=law.on)
        return until_at_most(unknown(law, law.topic("overall_responsible"), "designation", statement), ends)
    return until_at_most(allowed(acting, recorded, works, law), ends)


def allowed(designation: Designation, recorded: Responsible, works: Works, law: Law) -> Finding:
    """Whether the law allows one designation, itself among those on record, on its day, whoever else acts then."""
    worker = recorded.workers.get(designation.person, Worker())
    if designation.basis is Basis.ENGINEER:
        parts = [engineer_responsible(worker, law)]
    elif designation.basis is Basis.STAND_IN:
        parts = [
            stands_in(worker, recorded.presence(law.on), works, law),
            able_to_stand_in(recorded.own_presence(designation.person), law),
            stands_in_not_in_training(worker, works, law),
            within_stand_in_days(recorded.relied, recorded.directions, law),
        ]
    else:
        present = stood_in_for(recorded.own_presence(designation.person), recorded.stood_in, law)
        parts = [designated_by_licence(worker, works, law), present]
    begins = "responsibility_from" in law.regulation.dates
    return all_of(parts[0].citation, *parts, *([responsibility_applies(law.on, law)] if begins else []))


def designated_by_licence(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 15 (1): an operator of the facility's class or a higher one, for its type (readings R27, R39)."""
    return _of_class(worker, works, law.topic("overall_responsible"), law, lower=0)


def stands_in(worker: Worker, presence: Presence, works: Works, law: Law) -> Finding:
    """129/04, s. 15 (2): while the designated one is absent or unable to act, one class lower may stand in
    (readings R8 and R21)."""
    citation = law.topic("stand_in")
    away = _absent_or_vacant(presence, citation, law)
    return all_of(citation, away, _of_class(worker, works, citation, law, lower=1))


def able_to_stand_in(own: Presence, law: Law) -> Finding:
    """129/04, s. 15 (2): whoever stands in is another operator, and is not absent (reading R51)."""
    citation = law.topic("stand_in")
    until = earliest(law, own.next_change(law.on))
    if any(law.on in span for span in own.designated or ()):
        because = Sentence(
            "The person is the designated overall responsible operator, and cannot stand in as well."
        )
        return Finding(citation, Verdict.NOT_MET, because, readings=("R51",), until=until)
    absent = any(law.on in span for span in own.absent)
    present = any(law.on in span for span in own.present)
    if absent and present:
        statement = Sentence("Whoever stands in is present on {day}.", day=law.on)
        return until_at_most(unknown(law, citation, "absence", statement), until)
    because = Sentence(
        "Whoever stands in is recorded as absent or unable to act."
        if absent
        else "Whoever stands in is not recorded as absent."
    )
    verdict = Verdict.NOT_MET if absent else Verdict.MET
    return Finding(citation, verdict, because, readings=("R51",), until=until)


def stood_in_for(own: Presence, stood_in: Iterable[Span], law: Law) -> Finding:
    """129/04, s. 15 (1): while whoever is designated is recorded as absent, somebody else acts (reading R52)."""
    citation, stood_in = law.topic("overall_responsible"), tuple(stood_in)
    until = earliest(law, own.next_change(law.on), next_edge(stood_in, law.on))
    absent = any(law.on in span for span in own.absent)
    if not absent or any(law.on in span for span in own.present):
        because = Sentence("The designated overall responsible operator is not recorded as absent.")
        return Finding(citation, Verdict.NOT_APPLICABLE, because, until=until)
    if any(law.on in span for span in stood_in):
        because = Sentence("Recorded as absent or unable to act, and somebody stands in.")
        return Finding(citation, Verdict.MET, because, readings=("R52",), until=until)
    because = Sentence("Recorded as absent or unable to act on {day}, and nobody stands in.", day=law.on)
    found = unknown(law, citation, "stand_in", Sentence("Somebody stands in on {day}.", day=law.on))
    return until_at_most(replace(found, because=because, readings=("R52",)), until)


def stands_in_not_in_training(worker: Worker, works: Works, law: Law) -> Finding:
    """129/04, s. 15 (3): an operator-in-training never stands in; in a Class I facility too it takes Class I
    (reading R8)."""
    citation = law.topic("stand_in_not_in_training")
    held = all_of(citation, holds_of_class(worker, LicenceClass.I, works, law))
    return replace(held, readings=(*held.readings, "R8"))


def engineer_responsible(worker: Worker, law: Law) -> Finding:
    """129/04, s. 15 (7): a professional engineer employed there for less than six months (reading R9)."""
    return less_than_months(worker, law.limit("engineer_responsible_months"), law)


def responsibility_applies(day: date, law: Law) -> Finding:
    """435/93, s. 13 (7): the section starts on 1 July 1994."""
    return applies_from(law.legal_date("responsibility_from"), day, law)


def _presence(designated: Iterable[Span], recorded: Iterable[Absence]) -> Presence:
    recorded = tuple(recorded)
    return Presence(
        tuple(designated),
        tuple(one.span for one in recorded if one.away),
        tuple(one.span for one in recorded if not one.away),
    )


def _absent_or_vacant(presence: Presence, citation: Citation, law: Law) -> Finding:
    until = earliest(law, presence.next_change(law.on))
    absent = any(law.on in span for span in presence.absent)
    present = any(law.on in span for span in presence.present)
    if absent and not present:
        because = Sentence("The designated overall responsible operator is recorded as absent or unable to act.")
        return Finding(citation, Verdict.MET, because, until=until)
    if present and not absent:
        because = Sentence("The designated overall responsible operator is recorded as present.")
        return Finding(citation, Verdict.NOT_MET, because, until=until)
    designated = presence.designated
    if designated is not None and not any(law.on in span for span in designated):
        because = Sentence("Nobody is designated under {provision}.",
                           provision=law.topic("overall_responsible").provision)  # fmt: skip
        return Finding(citation, Verdict.MET, because, readings=("R21",), until=until)
    statement = Sentence(
        "The designated overall responsible operator is absent or unable to act on {day}.", day=law.on
    )
    return until_at_most(unknown(law, citation, "absence", statement), until)


def _of_class(worker: Worker, works: Works, citation: Citation, law: Law, *, lower: int) -> Finding:
    """Employed, with a licence of the facility's class or of one so much lower; never below Class I."""
    facility_class = works.class_on(law.on)
    changes = works.next_change(law.on)
    if facility_class is None:
        statement = Sentence("The facility has a class on record on {day}.", day=law.on)
        asked = unknown(law, citation, "class_on_record", statement, asked_of="officer")
        held = all_of(citation, asked, holds_of_class(worker, LicenceClass.I, works, law))
    else:
        classes = tuple(LicenceClass)
        lowest = classes[max(facility_class.rank - lower, LicenceClass.I.rank)]
        held = holds_of_class(worker, lowest, works, law)
    return until_at_most(all_of(citation, held, employed(worker, citation, law)), changes)
