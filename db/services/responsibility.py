"""Who runs a facility, by what right and until when; notices received, and what waits for the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.findings import Verdict
from core.membership import Right
from core.places import day_at
from core.problems import refuse
from core.responsibility import About
from core.roles import ACTING, Role
from db import facility_people, people_views
from db.gate import Work, service
from db.listing import Listing, one_page
from db.own_facilities import held
from db.people_schema import DirectorNotice, Employee, KeptFinding
from db.people_views import PeopleOfFacility
from db.schema import Facility, Person

_OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
_WATER = "water_"  # how the types of facilities begin that O. Reg. 128/04 governs


@dataclass(frozen=True)
class NoticeRow:
    """A notice that the Director received, and of which facility."""

    facility_id: int
    facility: str
    reached_on: date
    sent_on: date


@dataclass(frozen=True)
class Unconfirmed:
    """An employee whose Operator ID the office has not confirmed."""

    employee_id: int
    version: int
    name: str
    operator_id: str


@dataclass(frozen=True)
class Counts:
    """Facilities by how their overall responsible operator stands; those not assessed apart."""

    by_verdict: Mapping[Verdict, int]
    not_assessed: int


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def people(work: Work, facility_id: int, on: date | None = None) -> PeopleOfFacility:
    """A facility's people on a day, today unless told: an owner's own, any for the office's staff."""
    facility = _seen(work, facility_id)
    day = on or day_at(work.at, facility.time_zone)
    work.record("facility_people.shown", "facility", facility.id, on=day.isoformat())
    return people_views.view(work, facility_people.of_facility(work, facility), day)


@service(*_OFFICE)
def notices_received(work: Work, page: int = 1) -> Listing[NoticeRow]:
    """The notices that owners recorded as sent, the latest first, 50 a page."""
    statement = (
        select(DirectorNotice, Facility.name)
        .join(Facility, Facility.id == DirectorNotice.facility_id)
        .where(DirectorNotice.superseded_at.is_(None))
        .order_by(DirectorNotice.sent_on.desc(), DirectorNotice.id.desc())
    )
    rows, total, page = one_page(work, statement, page)
    shown = tuple(NoticeRow(one.facility_id, name, one.reached_on, one.sent_on) for one, name in rows)
    return Listing(shown, total, page)


@service(Role.OFFICER, shows_personal_data=True)
def unconfirmed(work: Work, page: int = 1) -> Listing[Unconfirmed]:
    """The employees whose Operator IDs wait to be confirmed, the oldest first, 50 a page."""
    waits = (
        select(Employee)
        .outerjoin(Person, Person.id == Employee.person_id)
        .where(Employee.claimed_operator_id != "", Person.operator_id.is_(None))
        .order_by(Employee.recorded_at, Employee.id)
    )
    rows, total, page = one_page(work, waits, page)
    shown = tuple(Unconfirmed(one.id, one.version, one.name, one.claimed_operator_id) for (one,) in rows)
    work.record("employees.listed", "employee", None, shown=[one.employee_id for one in shown])
    return Listing(shown, total, page)


@service(*_OFFICE)
def counts(work: Work) -> Counts:
    """How the facilities stand as last tested. Water facilities are not assessed: O. Reg. 128/04 governs them."""
    kept = work.session.execute(
        select(KeptFinding.verdict, func.count())
        .where(KeptFinding.about == About.OVERALL.value)
        .group_by(KeptFinding.verdict)
    )
    by_verdict = {Verdict(verdict): number for verdict, number in kept}
    kinds = work.session.execute(select(Facility.facility_type, func.count()).group_by(Facility.facility_type))
    water = wastewater = 0
    for kind, number in kinds:
        water += number if kind.startswith(_WATER) else 0
        wastewater += 0 if kind.startswith(_WATER) else number
    untested = wastewater - sum(by_verdict.values())
    unknown = by_verdict.get(Verdict.UNKNOWN, 0) + untested
    return Counts(by_verdict | {Verdict.UNKNOWN: unknown}, water)


def _seen(work: Work, facility_id: int) -> Facility:
    if work.roles.isdisjoint(_OFFICE):
        return held(work, Right.READ, facility_id).facility
    facility = work.session.get(Facility, facility_id)
    if facility is None:
        raise refuse("There is no facility {id}. Check the link.", id=str(facility_id))
    return facility
