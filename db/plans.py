"""How designations for days to come would fare, whoever else acts: what the law does not allow is refused with the
finding (O. Reg. 129/04, ss. 15 and 17).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.application import law_of_people
from core.calendar import Span, add_years, outside, united
from core.designations import Basis, Responsible, allowed, excludes, overall_responsible
from core.designations import Designation as Designated
from core.findings import Finding, Verdict, deciding
from core.legislation import Law
from core.people_entries import days_to_come
from core.places import day_at
from core.problems import refuse
from core.reliance import Ledger, stand_in_ledger
from core.responsibility import InCharge, may_be_in_charge
from core.timeline import Outlook, outlook
from db import facility_people
from db.facility_people import OVERALL, FacilityPeople, designated_as, in_charge_as
from db.gate import Work
from db.people_schema import Designation
from db.schema import Facility

_STANDS = (
    Verdict.NOT_APPLICABLE,
    Verdict.MET,
    Verdict.DIRECTOR,
    Verdict.UNKNOWN,
    Verdict.NOT_MET,
)  # worse and worse
_YEARS_AHEAD = 4  # a licence lasts three: farther than this no plan is looked at


@dataclass(frozen=True)
class Worse:
    """The first day on which what is planned already is worse by a plan: who acts then, and what is found."""

    on: date
    name: str
    finding: Finding


@dataclass(frozen=True)
class Beside:
    """Somebody who is designated already on some of the days of a plan: on what basis, and on which of them."""

    name: str
    basis: Basis
    span: Span


@dataclass(frozen=True)
class Plan:
    """How a designation would fare: the outlook on its days to come, None where all have come.

    over_on: of one that stands in, the first day on which the days are too many, were it to go on; None where they
    are before it begins. others_over_on: the first day on which what is planned already comes to be over by it.
    worse: what else it does to another designation; None where nothing. beside: of a plan that is only asked
    about, who acts on some of its days already; all else is said as if they gave way to it.
    """

    outlook: Outlook | None
    over_on: date | None = None
    others_over_on: date | None = None
    worse: Worse | None = None
    beside: tuple[Beside, ...] = ()


def plan_of(work: Work, people: FacilityPeople, planned: Designated) -> Plan:
    """The outlook on the days to come of a designation itself, whoever else acts on them.

    Raises Refused where somebody is designated on some of its days to come already. Of days that have come,
    whatever was so is recorded, and the finding says what the law says to it.
    """
    to_come = days_to_come(planned.span, day_at(work.at, people.facility.time_zone))
    if to_come is not None:
        _one_at_a_time(people, planned, to_come)
    plan = _plan(work, people, planned, people.recorded.responsible.designations)
    if to_come is not None and _else_lawful(plan.outlook):
        _not_beside_an_engineer(people, planned, to_come)
    return plan


def asked_about(work: Work, people: FacilityPeople, planned: Designated) -> Plan:
    """The same of a plan that is only asked about: where somebody acts on some of its days already, who that is,
    and how it would fare if they gave way to it."""
    responsible = people.recorded.responsible
    beside = tuple(
        Beside(people.names[one.person], one.basis, both)
        for one in sorted(responsible.standing, key=lambda one: one.span.start)
        if excludes(one.basis, planned.basis) and (both := one.span.within(planned.span)) is not None
    )
    given_way = tuple(
        replace(one, span=part)
        for one in responsible.designations
        for part in (outside(one.span, [planned.span]) if excludes(one.basis, planned.basis) else [one.span])
    )
    return replace(_plan(work, people, planned, given_way), beside=beside)


def _plan(work: Work, people: FacilityPeople, planned: Designated, designations: tuple[Designated, ...]) -> Plan:
    """How a designation would fare beside these others."""
    to_come = days_to_come(planned.span, day_at(work.at, people.facility.time_zone))
    responsible = people.recorded.responsible
    recorded = replace(responsible, designations=(*designations, planned))
    found = _outlook(work, people, planned, recorded)
    law = law_of_people(people.facility.facility_type, day_at(work.at, people.facility.time_zone))
    if found is None or law is None or to_come is None:
        return Plan(found)
    worse = _worse(people, planned, recorded, replace(law, on=to_come.start))
    if planned.basis is not Basis.STAND_IN:
        return Plan(found, worse=worse)
    on = replace(law, on=max(law.on, planned.span.start))
    counted, with_it = (
        stand_in_ledger(one.relied, one.directions, on, lifted=one.lifted) for one in (responsible, recorded)
    )
    limit, eve = law.limit("stand_in_days").value, planned.span.start - timedelta(days=1)
    over_before = counted.over_since(limit, eve) is not None
    others_over_on = _brought_over(counted, with_it, limit, planned.span)
    return Plan(
        found,
        None if over_before else counted.over_if_it_goes_on(limit, planned.span.start),
        others_over_on,
        None if worse is not None and worse.on == others_over_on else worse,
    )


def _worse(people: FacilityPeople, planned: Designated, recorded: Responsible, law: Law) -> Worse | None:
    """The first day, from the law's on, on which somebody else acts and the facility stands worse with the plan
    than without it. What the law says to the plan itself is in its outlook."""
    responsible, works = people.recorded.responsible, people.recorded.works
    last, day = add_years(law.on, _YEARS_AHEAD), law.on
    while day < last:
        on = replace(law, on=day)
        without, with_it = (overall_responsible(one, works, on) for one in (responsible, recorded))
        acting = recorded.acting(day)
        worse = _STANDS.index(with_it.verdict) > _STANDS.index(without.verdict)
        if worse and acting is not None and acting.person != planned.person:
            return Worse(day, people.names[acting.person], with_it)
        day = min(one.until or last for one in (without, with_it))
    return None


def _else_lawful(found: Outlook | None) -> bool:
    """Whether nothing speaks against a plan but who is designated beside it: else the law's own reason is said."""
    parts = () if found is None else found.first.parts
    return all("R60" in part.readings for part in parts if part.verdict is Verdict.NOT_MET)


def _brought_over(without: Ledger, with_it: Ledger, limit: int, planned: Span) -> date | None:
    """The first day after a plan on which what is planned already comes to be over the limit by it."""
    if planned.end is None:
        return None
    over = {day for day in without.days if without.count(day) > limit}
    later = (day for day in with_it.days if day >= planned.end and with_it.count(day) > limit)
    return next((day for day in later if day not in over), None)


def _outlook(work: Work, people: FacilityPeople, planned: Designated, recorded: Responsible) -> Outlook | None:
    """How a designation, itself among those on record, fares on its days to come; None where all have come."""
    facility, today = people.facility, day_at(work.at, people.facility.time_zone)
    to_come = days_to_come(planned.span, today)
    law = law_of_people(facility.facility_type, today)
    if to_come is None or law is None:
        return None

    def ask(day: date) -> Finding:
        return allowed(planned, recorded, people.recorded.works, replace(law, on=day))

    return outlook(to_come, ask, add_years(today, _YEARS_AHEAD))


def must_be_allowed_again(work: Work, facility: Facility, row: Designation) -> None:
    """Raises Refused where a designation that stands again has days to come on which the law does not allow it."""
    people = facility_people.of_facility(work, facility)
    if row.role == OVERALL:
        again = designated_as(row, people.persons)
        found = _outlook(work, people, again, people.recorded.responsible)
    else:
        found = outlook_in_charge(work, people, in_charge_as(row, people.persons), stands=True)
    if found is not None:
        must_be_allowed(found.first)


def outlook_in_charge(
    work: Work, people: FacilityPeople, made: InCharge, *, stands: bool = False
) -> Outlook | None:
    """How a designation as operator-in-charge fares on its days to come; None where all have come, or the law
    knows no such designation. stands: it was made before; else it has to be allowed as it is made."""
    facility, today = people.facility, day_at(work.at, people.facility.time_zone)
    to_come = days_to_come(made.span, today)
    law = law_of_people(facility.facility_type, today)
    if to_come is None or law is None or not law.has("designated_in_charge"):
        return None
    recorded = replace(people.recorded, in_charge=(*people.recorded.in_charge, made))

    def ask(day: date) -> Finding:
        begins = day == to_come.start and not stands
        return may_be_in_charge(made, recorded, replace(law, on=day), begins=begins)

    return outlook(to_come, ask, add_years(today, _YEARS_AHEAD))


def must_be_allowed(finding: Finding) -> None:
    """Raises Refused with the finding for a plan that the law does not allow."""
    if finding.verdict is Verdict.NOT_MET:
        raise refuse(
            "{citation} does not allow this for days to come: {because} Change the days, the person or the basis. "
            "What was so until today is recorded with a last day that has come.",
            field="first",
            citation=deciding(finding),
            because=finding.because,
        )


def _one_at_a_time(people: FacilityPeople, planned: Designated, to_come: Span) -> None:
    """A facility has one overall responsible operator at a time, and one who stands in (reading R27)."""
    for one in people.recorded.responsible.standing:
        if excludes(one.basis, planned.basis) and one.span.overlaps(to_come):
            raise refuse(
                "{name} is designated on some of these days already, from {start}. End that designation first. "
                "What was so until today is recorded with a last day that has come.",
                field="first",
                name=people.names[one.person],
                start=one.span.start,
            )


def _not_beside_an_engineer(people: FacilityPeople, planned: Designated, to_come: Span) -> None:
    """An engineer is designated instead of an operator of the class, not beside one who is there (reading R60)."""
    pair = {Basis.LICENCE, Basis.ENGINEER}
    for one in people.recorded.responsible.standing:
        both = one.span.within(to_come)
        if both is None or {one.basis, planned.basis} != pair:
            continue
        operator = one.person if one.basis is Basis.LICENCE else planned.person
        if not _is_absent(people, operator, both):
            raise refuse(
                "{name} is designated on some of these days, from {start}. An engineer is designated instead of "
                "an operator, or while the operator is recorded as absent: end that designation first, or record "
                "the absence. What was so until today is recorded with a last day that has come.",
                field="first",
                name=people.names[one.person],
                start=one.span.start,
            )


def _is_absent(people: FacilityPeople, person: int, days: Span) -> bool:
    """Whether the absences that are recorded, one or several in a row, cover all of the days."""
    absences = people.recorded.responsible.absences
    away = united(one.span for one in absences if one.away and one.person == person)
    return any(days.within(one) == days for one in away)
