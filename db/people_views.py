"""A facility's people as pages show them: findings, timeline, ledgers, and everything that is recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import func, select

from core.calendar import Span, add_months, next_edge
from core.designations import Basis, overall_responsible
from core.designations import Designation as Designated
from core.employment import Capacity
from core.facilities import FacilityType
from core.findings import Finding
from core.in_charge import Hours, added_up
from core.legislation import Law, law
from core.licences import LicenceClass
from core.reliance import Ledger, ledger, stand_in_ledger
from core.responsibility import Found, findings_on
from core.timeline import joined, stretches
from db import kept_findings, notices
from db.facility_people import IN_CHARGE, OVERALL, FacilityPeople, PeopleFact, span
from db.gate import Work
from db.notices import Draft
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employee,
    Employment,
    HoursInCharge,
    LicenceDisplay,
)
from db.schema import Account, Person

_MONTHS_SHOWN = 12  # before and after the day asked about
_MINUTES = 60
Recorded = TypeVar("Recorded", bound=PeopleFact)


@dataclass(frozen=True)
class EmployeeRow:
    """An employee: confirmed, once the office has confirmed the Operator ID; invited by mail, or not."""

    employee_id: int
    version: int
    name: str
    operator_id: str
    confirmed: bool
    invited: bool


@dataclass(frozen=True)
class Entry:
    """Something recorded of somebody for a span of days: what it is in words, why, by whom and when recorded."""

    fact_id: int
    employee_id: int
    name: str
    what: str
    span: Span
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Days:
    """A ledger as it is shown: its days, how many count, at most how many may, and in which months.

    over_on: the first day over the limit, as planned. over_if_it_goes_on: the same, were the reliance of the day
    asked about to go on; None where there is none that day.
    """

    ledger: Ledger
    count: int
    limit: int
    window: Span | None
    over_on: date | None
    over_if_it_goes_on: date | None


@dataclass(frozen=True)
class Acting:
    """Who runs the facility on some days in a row, "" where nobody is on record, and what the law says to it."""

    span: Span
    name: str
    basis: Basis | None
    finding: Finding


@dataclass(frozen=True)
class Notice:
    """A notice that was sent, and how many days after it fell due."""

    reached_on: date
    sent_on: date
    words: str
    recorded_at: datetime
    recorded_by: str

    @property
    def days_later(self) -> int:
        return (self.sent_on - self.reached_on).days


@dataclass(frozen=True)
class Total:
    """Hours in charge of one person, by type and class of facility; as an operator-in-training apart."""

    name: str
    facility_type: FacilityType
    facility_class: LicenceClass | None
    in_training: bool
    hours: Decimal


@dataclass(frozen=True)
class PeopleOfFacility:
    """A facility's people on a day. assessed: False where the law that governs is not modelled (O. Reg. 128/04).

    stand_ins, engineers: the two ledgers; None where the law knows no such limit. notice_due: the notice that was
    not sent yet.
    """

    facility_id: int
    facility: str
    facility_type: FacilityType
    on: date
    assessed: bool
    findings: tuple[tuple[Found, str], ...]
    timeline: tuple[Acting, ...]
    employees: tuple[EmployeeRow, ...]
    employments: tuple[Entry, ...]
    absences: tuple[Entry, ...]
    designations: tuple[Entry, ...]
    in_charge: tuple[Entry, ...]
    displays: tuple[Entry, ...]
    stand_ins: Days | None
    engineers: Days | None
    notice_due: Draft | None
    notices: tuple[Notice, ...]
    hours: tuple[Total, ...]


def view(work: Work, found: FacilityPeople, day: date) -> PeopleOfFacility:
    """A facility's people on a day, as far as the law of that day is on file."""
    on_day = kept_findings.law_of(found.facility, day)
    names = {one: row.name for one, row in found.employees.items()}
    recorders = _recorders(work, found)

    def entries(rows: Iterable[Recorded], what: Callable[[Recorded], str]) -> tuple[Entry, ...]:
        latest_first = sorted(rows, key=lambda row: (span(row).start, row.id), reverse=True)
        return tuple(_entry(row, names, recorders, what(row)) for row in latest_first)

    return PeopleOfFacility(
        facility_id=found.facility.id,
        facility=found.facility.name,
        facility_type=FacilityType(found.facility.facility_type),
        on=day,
        assessed=on_day is not None,
        findings=_findings(found, on_day, names) if on_day else (),
        timeline=tuple(_timeline(found, on_day, names)) if on_day else (),
        employees=tuple(_employee(row, found) for row in sorted(found.employees.values(), key=_by_name)),
        employments=entries(found.employments, _employed),
        absences=entries(found.absences, _absent),
        designations=entries(_of_role(found, OVERALL), _on_basis),
        in_charge=entries(_of_role(found, IN_CHARGE), _on_basis),
        displays=entries(found.displays, _displayed),
        stand_ins=_stand_ins(found, on_day) if on_day else None,
        engineers=_engineers(found, on_day) if on_day else None,
        notice_due=notices.due(found, day),
        notices=tuple(_notice(row, recorders) for row in reversed(found.notices)),
        hours=_hours(work, found, names),
    )


def _findings(found: FacilityPeople, on_day: Law, names: Mapping[int, str]) -> tuple[tuple[Found, str], ...]:
    every = findings_on(found.recorded, on_day)
    return tuple((one, names[one.person] if one.person is not None else "") for one in every)


def _timeline(found: FacilityPeople, on_day: Law, names: Mapping[int, str]) -> Iterator[Acting]:
    """Who runs the facility in the months around a day, as far as the law of that day's regulation is on file."""
    versions = on_day.regulation.versions
    first = max(add_months(on_day.on, -_MONTHS_SHOWN), versions[0].first_day)
    ends = [day for day in (add_months(on_day.on, _MONTHS_SHOWN), versions[-1].span.end) if day is not None]
    responsible, works = found.recorded.responsible, found.recorded.works

    def ask(day: date) -> Finding:
        return overall_responsible(responsible, works, law(on_day.regulation.number, day))

    for who, days in _by_who(found, Span(first, min(ends))):
        for one in joined(stretches(days, ask)):
            name = names[who.person] if who else ""
            yield Acting(one.span, name, who.basis if who else None, one.finding)


def _by_who(found: FacilityPeople, shown: Span) -> Iterator[tuple[Designated | None, Span]]:
    """Each designation that acts, with the days in a row on which it does."""
    responsible = found.recorded.responsible
    start: date | None = shown.start
    while start is not None and start in shown:
        after = next_edge([shown, *(one.span for one in responsible.designations)], start)
        end = after if after is not None and after in shown else shown.end
        yield responsible.acting(start), Span(start, end)
        start = end


def _stand_ins(found: FacilityPeople, on_day: Law) -> Days:
    responsible = found.recorded.responsible
    counted = stand_in_ledger(responsible.relied, responsible.directions, on_day)
    return _days(counted, on_day.limit("stand_in_days").value, on_day.on)


def _engineers(found: FacilityPeople, on_day: Law) -> Days | None:
    if not on_day.has("engineer_in_charge"):
        return None
    limit, months = on_day.limit("engineer_in_charge_days"), on_day.limit("engineer_in_charge_months")
    return _days(ledger(found.recorded.engineers_in_charge, months.value, on_day.on), limit.value, on_day.on)


def _days(counted: Ledger, limit: int, on: date) -> Days:
    relied_today = on in set(counted.days)
    return Days(
        counted,
        counted.count(on),
        limit,
        counted.window(on),
        counted.first_over(limit, on),
        counted.over_if_it_goes_on(limit, on) if relied_today else None,
    )


# --- what is recorded ---------------------------------------------------------------------------------------


def _employee(row: Employee, found: FacilityPeople) -> EmployeeRow:
    confirmed = found.holders[row.id].operator_id is not None
    return EmployeeRow(
        row.id, row.version, row.name, row.claimed_operator_id, confirmed, row.membership_id is not None
    )


def _by_name(row: Employee) -> tuple[str, str, int]:
    return row.family_name.casefold(), row.given_name.casefold(), row.id


def _of_role(found: FacilityPeople, role: str) -> list[Designation]:
    return [one for one in found.designations if one.role == role]


def _entry(row: PeopleFact, names: Mapping[int, str], recorders: Mapping[int, str], what: str) -> Entry:
    reason = "" if isinstance(row, LicenceDisplay) else row.note if isinstance(row, Employment) else row.reason
    by = recorders.get(row.recorded_by or 0, "the portal")
    return Entry(row.id, row.employee_id, names[row.employee_id], what, span(row), reason, row.recorded_at, by)


def _employed(row: Employment) -> str:
    return f"{row.position}: {Capacity(row.capacity).label}, {'full' if row.full_time else 'part'} time"


def _absent(row: Absence) -> str:
    return "Absent or unable to act" if row.away else "Present"


def _on_basis(row: Designation) -> str:
    return Basis(row.basis).label


def _displayed(row: LicenceDisplay) -> str:
    return row.place


def _notice(row: DirectorNotice, recorders: Mapping[int, str]) -> Notice:
    return Notice(row.reached_on, row.sent_on, row.words, row.recorded_at, recorders[row.recorded_by])


def _recorders(work: Work, found: FacilityPeople) -> dict[int, str]:
    """The names of the accounts that recorded something, by their ids."""
    ids = {one.recorded_by for one in (*found.facts, *found.notices)}
    rows = work.session.execute(
        select(Account.id, Person.given_name, Person.family_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(ids))
    )
    return {id: f"{given} {family}".strip() for id, given, family in rows}


def _hours(work: Work, found: FacilityPeople, names: Mapping[int, str]) -> tuple[Total, ...]:
    """The hours in charge at the facility, added up; the class is that of the day."""
    works = found.recorded.works
    rows = work.session.execute(
        select(
            HoursInCharge.employee_id,
            HoursInCharge.valid_from,
            HoursInCharge.in_training,
            func.sum(HoursInCharge.minutes),
        )
        .where(HoursInCharge.facility_id == found.facility.id, HoursInCharge.superseded_at.is_(None))
        .group_by(HoursInCharge.employee_id, HoursInCharge.valid_from, HoursInCharge.in_training)
    )
    hours = (
        Hours(who, works.facility_type, works.class_on(day), in_training, Decimal(minutes) / _MINUTES)
        for who, day, in_training, minutes in rows
        if day is not None
    )
    totals = (Total(names.get(key[0], ""), *key[1:], total) for key, total in added_up(hours).items())
    return tuple(sorted(totals, key=lambda one: (one.name, one.facility_class or "", one.in_training)))
