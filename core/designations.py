"""The overall responsible operator: who is designated on a day, on what basis, and whether the law allows it.

O. Reg. 129/04, s. 15; O. Reg. 435/93, s. 13, where overall responsibility is placed with somebody. The days of
standing in are counted in core/reliance.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from core.calendar import Span, next_edge, outside, united
from core.disruptions import lifted_by, runs_in_emergency, runs_in_strike, unless_lifted
from core.emergencies import Emergency
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
    STRIKE = "strike"  # s. 16
    EMERGENCY = "emergency"  # s. 23

    @property
    def label(self) -> str:
        """Its name for people."""
        return _BASIS_LABELS[self]


_BASIS_LABELS = {
    Basis.LICENCE: "Licence of the facility's class or higher",
    Basis.STAND_IN: "Stands in, at most one class lower",
    Basis.ENGINEER: "Professional engineer in the first six months",
    Basis.STRIKE: "Strike or lock-out, by the Director's direction",
    Basis.EMERGENCY: "Declared emergency",
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
    """What is on record of a facility's overall responsible operators; workers by the ids of their persons.

    directions: of the Director, that the limit of days does not apply; strikes: whether sections 14 and 15 apply.
    emergencies: what the owner says of them.
    """

    workers: Mapping[int, Worker]
    designations: tuple[Designation, ...] = ()
    absences: tuple[Absence, ...] = ()
    directions: tuple[Decision, ...] = field(default=(), kw_only=True)
    strikes: tuple[Decision, ...] = field(default=(), kw_only=True)
    emergencies: tuple[Emergency, ...] = field(default=(), kw_only=True)

    @cached_property
    def standing(self) -> tuple[Designation, ...]:
        """The designations on the days on which their persons are employed: with the end of the employment they
        fall (reading R39). Whoever acts, is replaced, or spends days is among these."""
        return tuple(
            replace(one, span=days)
            for one in self.designations
            for days in self.workers.get(one.person, Worker()).while_employed(one.span)
        )

    def acting(self, day: date) -> Designation | None:
        """Who is the overall responsible operator: whoever stands in, before whoever is stood in for."""
        current = [one for one in self.standing if day in one.span]
        return min(current, key=_first_to_act, default=None)

    @property
    def relied(self) -> tuple[Span, ...]:
        """The spans in which somebody stands in under s. 15 (2), which a strike's direction lifts (reading R6)."""
        spans = (one.span for one in self.standing if one.basis is Basis.STAND_IN)
        return tuple(part for span in spans for part in outside(span, self.lifted))

    @cached_property
    def lifted(self) -> tuple[Span, ...]:
        """The spans for which the Director lifted sections 14 and 15 in a strike or lock-out."""
        return tuple(days for days, _ in lifted_by(self.strikes))

    @property
    def disrupted(self) -> tuple[Span, ...]:
        """The spans of a strike, a lock-out or an emergency, as directed or designated: they spend no day."""
        designated = (one.span for one in self.standing if one.basis in (Basis.STRIKE, Basis.EMERGENCY))
        return united((*self.lifted, *designated))

    @cached_property
    def emergency(self) -> tuple[Span, ...]:
        """The days of a declared emergency (s. 23), as the owner says, or as somebody is designated for it."""
        declared = [one.span for one in self.emergencies if one.declared]
        return united((*declared, *(one.span for one in self.standing if one.basis is Basis.EMERGENCY)))

    def presence(self, day: date) -> Presence:
        """What is known, on a day, of the operator whom a stand-in replaces; whoever is employed no more leaves a
        vacancy, whatever the designation says (readings R21 and R39)."""
        under_1 = [one for one in self.standing if one.basis is Basis.LICENCE]
        who = {one.person for one in under_1 if day in one.span}
        of_them = [one for one in self.absences if one.person in who]
        return _presence((one.span for one in under_1), of_them)

    def own_presence(self, person: int) -> Presence:
        """What is known of somebody's own days: those designated under s. 15 (1), absent and present."""
        own = (one.span for one in self.standing if one.person == person and one.basis is Basis.LICENCE)
        return _presence(own, [one for one in self.absences if one.person == person])

    def others(self, person: int) -> tuple[Designation, ...]:
        """The designations of everybody else."""
        return tuple(one for one in self.standing if one.person != person)


def excludes(one: Basis, other: Basis) -> bool:
    """Whether two designations cannot be of one day: a facility has one overall responsible operator at a time,
    and one who acts instead (reading R27)."""
    return (one is Basis.LICENCE) == (other is Basis.LICENCE)


def overall_responsible(recorded: Responsible, works: Works, law: Law) -> Finding:
    """Whether the facility's overall responsible operator of the law's day is one that the law allows (R27)."""
    acting = recorded.acting(law.on)
    ends = next_edge([one.span for one in (*recorded.designations, *recorded.standing)], law.on)
    found = _nobody(recorded, law) if acting is None else allowed(acting, recorded, works, law)
    return until_at_most(found, ends)


def allowed(designation: Designation, recorded: Responsible, works: Works, law: Law) -> Finding:
    """Whether the law allows one designation, itself among those on record, on its day, whoever else acts then."""
    worker, own = recorded.workers.get(designation.person, Worker()), recorded.own_presence(designation.person)
    others = recorded.others(designation.person)
    replaced = stood_in_for(own, [one.span for one in others], law)
    if designation.basis is Basis.ENGINEER:
        parts = [engineer_responsible(worker, law), replaced]
    elif designation.basis is Basis.STAND_IN:
        parts = [
            stands_in(worker, recorded.presence(law.on), works, law),
            able_to_stand_in(own, law),
            stands_in_not_in_training(worker, works, law),
            within_stand_in_days(recorded.relied, recorded.directions, law),
        ]
    elif designation.basis is Basis.STRIKE:
        parts = [runs_in_strike(recorded.strikes, law)]
    elif designation.basis is Basis.EMERGENCY:
        parts = [runs_in_emergency(worker, recorded.emergencies, works, law)]
    else:
        parts = [designated_by_licence(worker, works, law), replaced]
    parts.append(one_at_a_time(designation, others, recorded.absences, law))
    begins = "responsibility_from" in law.regulation.dates
    found = all_of(parts[0].citation, *parts, *([responsibility_applies(law.on, law)] if begins else []))
    return unless_lifted(found, law.topic("overall_responsible"), recorded.strikes, law)


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
    """129/04, s. 15 (1): while whoever is designated, by a licence or as an engineer, is recorded as absent,
    somebody else acts (reading R52)."""
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


def one_at_a_time(
    designation: Designation, others: Iterable[Designation], absences: Iterable[Absence], law: Law
) -> Finding:
    """129/04, s. 15 (1) and (7): one at a time (reading R27); an engineer is designated instead of an operator of
    the class, or while that one is recorded as absent (reading R60)."""
    citation, others = law.topic("overall_responsible"), tuple(others)
    away = {
        person: united(one.span for one in absences if one.away and one.person == person)
        for person in {designation.person, *(one.person for one in others)}
    }
    edges = (*(one.span for one in others), *(span for spans in away.values() for span in spans))
    until = earliest(law, next_edge(edges, law.on))
    today = [one for one in others if law.on in one.span]
    if any(excludes(one.basis, designation.basis) for one in today):
        because = Sentence("Somebody else is designated on {day} as well, and one serves at a time.", day=law.on)
        return Finding(citation, Verdict.NOT_MET, because, readings=("R27",), until=until)
    beside = [one for one in today if {one.basis, designation.basis} == {Basis.LICENCE, Basis.ENGINEER}]
    operators = [one.person for one in (designation, *beside) if one.basis is Basis.LICENCE]
    if any(not any(law.on in span for span in away[person]) for person in operators if beside):
        because = Sentence(
            "An engineer is designated beside an operator of the class, who is not recorded as absent on {day}.",
            day=law.on,
        )
        return Finding(citation, Verdict.NOT_MET, because, readings=("R60",), until=until)
    because = Sentence("Nobody else serves on {day} as well.", day=law.on)
    return Finding(citation, Verdict.NOT_APPLICABLE, because, until=until)


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


def _nobody(recorded: Responsible, law: Law) -> Finding:
    """Of a day on which nobody acts: a designation on record has fallen, or there is a question."""
    citation = law.topic("overall_responsible")
    statement = Sentence("Somebody is designated as overall responsible operator on {day}.", day=law.on)
    found = unknown(law, citation, "designation", statement)
    if any(law.on in one.span for one in recorded.designations):
        because = Sentence("Whoever is designated is not employed in the facility on {day}.", day=law.on)
        found = Finding(citation, Verdict.NOT_MET, because, readings=("R39",), until=law.ends)
    return unless_lifted(found, citation, recorded.strikes, law)


def _first_to_act(one: Designation) -> tuple[bool, date, int, Basis]:
    return one.basis is Basis.LICENCE, one.span.start, one.person, one.basis


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
        held = _said_with_class(holds_of_class(worker, lowest, works, law), facility_class)
    return until_at_most(all_of(citation, held, employed(worker, citation, law)), changes)


def _said_with_class(held: Finding, facility_class: LicenceClass) -> Finding:
    """A licence for the type that is of too low a class is said beside the facility's class, and before a licence
    for another type."""
    too_low = [part.because.values for part in held.parts if "needed" in part.because.values]
    of_what_is_held = {"needed", "type"} & held.because.values.keys()
    if held.verdict is not Verdict.NOT_MET or not too_low or not of_what_is_held:
        return held
    because = Sentence(
        "{held} is held; the facility is {facility}, so {needed} is needed.",
        facility=facility_class.label,
        **too_low[0],
    )
    return replace(held, because=because)
