"""How designations for days to come would fare, whoever else acts: what the law does not allow is refused with the
finding (O. Reg. 129/04, ss. 15 and 17).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.calendar import Span, add_years
from core.designations import Basis, Responsible, allowed
from core.designations import Designation as Designated
from core.findings import Finding, Verdict
from core.in_charge import in_charge
from core.people_entries import days_to_come
from core.places import day_at
from core.problems import refuse
from core.reliance import Ledger, stand_in_ledger
from core.responsibility import InCharge
from core.timeline import Outlook, outlook
from db import facility_people, kept_findings
from db.facility_people import OVERALL, FacilityPeople
from db.facility_people import span as span_of
from db.gate import Work
from db.people_schema import Designation
from db.schema import Facility

_YEARS_AHEAD = 4  # a licence lasts three: farther than this no plan is looked at


@dataclass(frozen=True)
class Plan:
    """How a designation would fare: the outlook on its days to come, None where all have come.

    over_on: of one that stands in, the first day on which the days are too many, were it to go on; None where they
    are before it begins. others_over_on: the first day on which what is planned already comes to be over by it.
    """

    outlook: Outlook | None
    over_on: date | None = None
    others_over_on: date | None = None


def plan_of(work: Work, people: FacilityPeople, planned: Designated) -> Plan:
    """The outlook on the days to come of a designation itself, whoever else acts on them.

    Raises Refused where somebody is designated on some of these days already.
    """
    _one_at_a_time(people, planned)
    responsible = people.recorded.responsible
    recorded = replace(responsible, designations=(*responsible.designations, planned))
    found = _outlook(work, people, planned, recorded)
    if found is None or found.first.verdict is not Verdict.NOT_MET:  # else the law says why not
        _not_beside_an_engineer(people, planned)
    law = kept_findings.law_of(people.facility, day_at(work.at, people.facility.time_zone))
    if found is None or law is None or planned.basis is not Basis.STAND_IN:
        return Plan(found)
    on = replace(law, on=max(law.on, planned.span.start))
    counted = stand_in_ledger(responsible.relied, recorded.directions, on)
    with_it = stand_in_ledger(recorded.relied, recorded.directions, on)
    limit, eve = law.limit("stand_in_days").value, planned.span.start - timedelta(days=1)
    over_before = counted.over_since(limit, eve) is not None
    return Plan(
        found,
        None if over_before else counted.over_if_it_goes_on(limit, planned.span.start),
        _brought_over(counted, with_it, limit, planned.span),
    )


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
    law = kept_findings.law_of(facility, today)
    if to_come is None or law is None:
        return None

    def ask(day: date) -> Finding:
        return allowed(planned, recorded, people.recorded.works, replace(law, on=day))

    return outlook(to_come, ask, add_years(today, _YEARS_AHEAD))


def must_be_allowed_again(work: Work, facility: Facility, row: Designation) -> None:
    """Raises Refused where a designation that stands again has days to come on which the law does not allow it."""
    people = facility_people.of_facility(work, facility)
    if row.role == OVERALL:
        again = Designated(row.employee_id, Basis(row.basis), span_of(row))
        found = _outlook(work, people, again, people.recorded.responsible)
    else:
        made = InCharge(row.employee_id, span_of(row), row.basis == Basis.ENGINEER, row.by_owner)
        found = outlook_in_charge(work, people, made)
    if found is not None:
        must_be_allowed(found.first)


def outlook_in_charge(work: Work, people: FacilityPeople, made: InCharge) -> Outlook | None:
    facility, today = people.facility, day_at(work.at, people.facility.time_zone)
    to_come = days_to_come(made.span, today)
    law = kept_findings.law_of(facility, today)
    if to_come is None or law is None or not law.has("designated_in_charge"):
        return None
    recorded = replace(people.recorded, in_charge=(*people.recorded.in_charge, made))
    worker = recorded.responsible.workers[made.person]

    def ask(day: date) -> Finding:
        return in_charge(
            worker,
            recorded.works,
            replace(law, on=day),
            as_engineer=made.as_engineer,
            by_owner=made.by_owner,
            relied=recorded.engineers_in_charge,
        )

    return outlook(to_come, ask, add_years(today, _YEARS_AHEAD))


def must_be_allowed(finding: Finding) -> None:
    """Raises Refused with the finding for a plan that the law does not allow."""
    if finding.verdict is Verdict.NOT_MET:
        raise refuse(
            "{citation} does not allow this for days to come: {because} Change the days, the person or the basis.",
            field="first",
            citation=finding.citation,
            because=finding.because,
        )


def _one_at_a_time(people: FacilityPeople, planned: Designated) -> None:
    """A facility has one overall responsible operator at a time, and one who stands in (reading R27)."""
    for one in people.recorded.responsible.designations:
        same = (one.basis is Basis.LICENCE) == (planned.basis is Basis.LICENCE)
        if same and one.span.overlaps(planned.span):
            raise refuse(
                "{name} is designated on some of these days already, from {start}. End that designation first.",
                field="first",
                name=people.employees[one.person].name,
                start=one.span.start,
            )


def _not_beside_an_engineer(people: FacilityPeople, planned: Designated) -> None:
    """An engineer is designated instead of an operator of the class, not beside one who is there (reading R27)."""
    pair = {Basis.LICENCE, Basis.ENGINEER}
    for one in people.recorded.responsible.designations:
        both = one.span.within(planned.span)
        if both is None or {one.basis, planned.basis} != pair:
            continue
        operator = one.person if one.basis is Basis.LICENCE else planned.person
        if not _is_absent(people, operator, both):
            raise refuse(
                "{name} is designated on some of these days, from {start}. An engineer is designated instead of "
                "an operator, or while the operator is recorded as absent: end that designation first, or record "
                "the absence.",
                field="first",
                name=people.employees[one.person].name,
                start=one.span.start,
            )


def _is_absent(people: FacilityPeople, person: int, days: Span) -> bool:
    """Whether one absence that is recorded covers all of the days."""
    return any(
        one.away and one.person == person and days.within(one.span) == days
        for one in people.recorded.responsible.absences
    )
