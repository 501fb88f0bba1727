"""Who runs a facility, by what right and until when; notices received, and what waits for the office."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from core import entries
from core.facilities import FacilityType
from core.findings import Verdict
from core.places import day_at
from core.responsibility import About
from core.roles import ACTING, Role
from core.sentences import in_english
from db import facility_people, hours_in_charge, kept_findings, kept_people, operator_ids, people_words
from db.facility_standings import seen_facility
from db.gate import NotAllowed, Work, service
from db.hours_in_charge import Total
from db.kept_rows import place_of
from db.licences_on_file import listed_licence
from db.listing import Listing, one_page
from db.names import holds, numbered, of_accounts
from db.people_schema import Employee, Employment, HoursInCharge
from db.people_shown import shown_of, theirs
from db.people_views import PeopleOfFacility
from db.province_schema import KeptFinding
from db.received import Received, received
from db.register_schema import ListedLicence
from db.schema import Facility, Organization, Person

_OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
NOT_ASSESSED = "not_assessed"
_Other = aliased(KeptFinding)
_IS_WATER = Facility.facility_type.startswith("water_", autoescape=True)  # governed by O. Reg. 128/04
_OVERALL = and_(KeptFinding.facility_id == Facility.id, KeptFinding.place == place_of(About.OVERALL))
_as_tested = case((_IS_WATER, NOT_ASSESSED), else_=func.coalesce(KeptFinding.verdict, Verdict.UNKNOWN.value))
_ORDER = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.MET, Verdict.NOT_APPLICABLE)
_WORST_FIRST = case({one.value: place for place, one in enumerate(_ORDER)}, value=_as_tested, else_=len(_ORDER))


@dataclass(frozen=True)
class Unconfirmed:
    """An employee whose Operator ID the office has not confirmed: of which employer; whose it is confirmed to be,
    "" where nobody's yet; and whom the standing listing shows under it, with which licences. other_name: the name
    on file or on the listing for which a confirmation takes a reason, "" where it takes none."""

    employee_id: int
    version: int
    name: str
    operator_id: str
    employer: str
    on_file: str
    listed: tuple[str, ...]
    other_name: str


@dataclass(frozen=True)
class StandingRow:
    """How a facility's overall responsible operator stands, as last tested; verdict None: not assessed.

    until: the first day on which that may be another. others: how many more findings there do not stand.
    """

    facility_id: int
    facility: str
    ministry_number: str
    facility_type: FacilityType
    verdict: Verdict | None
    because: str
    until: date | None
    others: int


@dataclass(frozen=True)
class HoursRow:
    """Hours in charge of a day, in words, with what is not on record for it; by whom and when recorded."""

    hours_id: int
    day: date
    what: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Counts:
    """Facilities by how their overall responsible operator stands; those not assessed apart."""

    by_verdict: Mapping[Verdict, int]
    not_assessed: int

    @property
    def total(self) -> int:
        return sum(self.by_verdict.values()) + self.not_assessed


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def people(work: Work, facility_id: int, on: date | None = None) -> PeopleOfFacility:
    """A facility's people on a day, today unless told: an owner's own, any for the office's staff. Of today what
    is kept is read; of other days the rules are asked."""
    facility = seen_facility(work, facility_id)
    day = on or day_at(work.at, facility.time_zone)
    work.record("facility_people.shown", "facility", facility.id, on=day.isoformat())
    as_kept = kept_findings.answer_for(work, facility, day)  # before the facts: a test may come first
    found = facility_people.of_facility(work, facility)
    findings = kept_people.as_kept(work, facility) if as_kept else kept_people.found_on(found, day)
    return shown_of(work, found, day, findings)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def hours_day_by_day(work: Work, facility_id: int, employee_id: int, page: int = 1) -> Listing[HoursRow]:
    """The hours in charge that stand of somebody at a facility, of whatever day, the latest first, 50 a page."""
    facility = seen_facility(work, facility_id)
    people = facility_people.of_facility(work, facility)
    if employee_id not in people.employees:
        raise NotAllowed
    statement = (
        select(HoursInCharge)
        .where(
            HoursInCharge.facility_id == facility.id,
            HoursInCharge.employee_id == employee_id,
            HoursInCharge.superseded_at.is_(None),
        )
        .order_by(HoursInCharge.valid_from.desc(), HoursInCharge.id.desc())
    )
    rows, total, page = one_page(work, statement, page)
    work.record("hours.shown", "facility", facility.id, employee=employee_id)
    recorders = of_accounts(work.session, (one.recorded_by for (one,) in rows))
    shown = tuple(
        HoursRow(
            one.id,
            facility_people.span(one).start,
            people_words.hours_of(one, people),
            one.recorded_at,
            recorders[one.recorded_by],
        )
        for (one,) in rows
    )
    return Listing(shown, total, page)


@service(Role.OPERATOR)
def my_hours(work: Work) -> tuple[Total, ...]:
    """One's own hours in charge, at whatever facility and by whomever recorded."""
    return hours_in_charge.of_person(work, work.account.person_id)


@service(*_OFFICE)
def notices_received(work: Work, page: int = 1) -> Listing[Received]:
    """What owners recorded as sent to the Director, the latest first, 50 a page."""
    return received(work, page)


@service(Role.OFFICER, shows_personal_data=True)
def unconfirmed(work: Work, page: int = 1) -> Listing[Unconfirmed]:
    """The employees whose Operator IDs wait to be confirmed, the oldest first, 50 a page; whoever is on record
    nowhere as employed, and never was but by mistake, is left out."""
    employed = exists().where(Employment.employee_id == Employee.id, Employment.superseded_at.is_(None))
    waits = (
        select(Employee, Organization.name)
        .join(Organization, Organization.id == Employee.organization_id)
        .outerjoin(Person, Person.id == Employee.person_id)
        .where(Employee.claimed_operator_id != "", Person.operator_id.is_(None), employed)
        .order_by(Employee.recorded_at, Employee.id)
    )
    rows, total, page = one_page(work, waits, page)
    numbers = {one.claimed_operator_id for one, _ in rows}
    known, listed = _on_file(work, numbers), operator_ids.listed_under(work, numbers)
    shown = tuple(
        _unconfirmed(one, employer, known.get(one.claimed_operator_id), listed[one.claimed_operator_id])
        for one, employer in rows
    )
    work.record("employees.listed", "employee", None, shown=[one.employee_id for one in shown])
    return Listing(shown, total, page)


def _unconfirmed(
    one: Employee, employer: str, holder: Person | None, listed: Collection[ListedLicence]
) -> Unconfirmed:
    return Unconfirmed(
        one.id,
        one.version,
        one.name,
        one.claimed_operator_id,
        employer,
        holder.name if holder is not None else "",
        tuple(_as_listed(row) for row in listed),
        operator_ids.other_name(one, holder, listed),
    )


def _on_file(work: Work, numbers: set[str]) -> dict[str | None, Person]:
    """The person of whom each of these Operator IDs is confirmed."""
    persons = work.session.scalars(select(Person).where(Person.operator_id.in_(numbers)))
    return {one.operator_id: one for one in persons}


def _as_listed(row: ListedLicence) -> str:
    """Whom the standing listing shows in a line, and which licence."""
    licence = listed_licence(row)
    return f"{row.first_name} {row.last_name}: {licence.label}, until {in_english(licence.expiry)}, {row.status}"


@service(*ACTING, *_OFFICE)
def counts(work: Work) -> Counts:
    """How facilities stand as last tested: an owner's own, all for the office's staff. Water facilities are not
    assessed: O. Reg. 128/04 governs them."""
    found = select(_as_tested, func.count()).select_from(Facility).outerjoin(KeptFinding, _OVERALL)
    numbers: dict[str, int] = dict(iter(work.session.execute(found.where(theirs(work)).group_by(_as_tested))))
    by_verdict = {verdict: numbers.get(verdict.value, 0) for verdict in Verdict}
    return Counts(by_verdict, numbers.get(NOT_ASSESSED, 0))


@service(*ACTING, *_OFFICE)
def facilities(work: Work, words: str = "", standing: str = "", page: int = 1) -> Listing[StandingRow]:
    """Facilities whose name or number contains the words, 50 a page, those that do not stand first: an owner's
    own, any for the office's staff. standing: a verdict's value, or NOT_ASSESSED; "" for any."""
    others = select(func.count(_Other.id)).where(
        _Other.facility_id == Facility.id,
        _Other.about.in_(kept_people.ABOUT - {About.OVERALL.value}),
        _Other.verdict == Verdict.NOT_MET.value,
    )
    found = select(Facility, KeptFinding, _as_tested, others.scalar_subquery()).outerjoin(KeptFinding, _OVERALL)
    found = found.where(theirs(work))
    if entries.clean(words):
        found = found.where(or_(holds(Facility.plain_name, words), numbered(Facility.ministry_number, words)))
    if standing:
        found = found.where(_as_tested == standing)
    rows, total, page = one_page(work, found.order_by(_WORST_FIRST, Facility.name, Facility.id), page)
    return Listing(tuple(_row(*row) for row in rows), total, page)


# --- what they share ----------------------------------------------------------------------------------------


def _row(facility: Facility, kept: KeptFinding | None, standing: str, others: int) -> StandingRow:
    assessed = standing != NOT_ASSESSED
    return StandingRow(
        facility.id,
        facility.name,
        facility.ministry_number or "",
        FacilityType(facility.facility_type),
        Verdict(standing) if assessed else None,
        kept.because if kept and assessed else "",
        kept.until if kept and assessed else None,
        others,
    )
