"""A facility's people as pages show them: findings, timeline, ledgers, and everything that is recorded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from core.application import law_of_people
from core.calendar import Span
from core.facilities import FacilityType
from core.licences import Licence
from core.responsibility import Found
from db import (
    disruption_views,
    hours_in_charge,
    namesakes,
    notices,
    people_assessed,
    people_withdrawn,
    people_words,
)
from db.disruption_views import DisruptionsShown
from db.facility_people import IN_CHARGE, OVERALL, FacilityPeople, PeopleFact, span
from db.first_entries import Renewed, first_entries
from db.gate import Work
from db.hours_in_charge import Total
from db.names import of_accounts
from db.notices import Draft
from db.people_assessed import Acting, Days, Unlicensed
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employee,
    EmployeeChange,
    HoursInCharge,
    LicenceIssue,
    LicencesComplete,
)
from db.people_withdrawn import Withdrawn
from db.search_entries import licence_of

_DAYS_OF_HOURS = timedelta(days=30)  # how far back hours in charge are shown day by day
_THE_PORTAL = "the portal"
Recorded = TypeVar("Recorded", bound=PeopleFact | HoursInCharge)


@dataclass(frozen=True)
class EmployeeRow:
    """An employee: confirmed, once the office has confirmed the Operator ID; invited by mail, or not.

    name: as pages say it, told apart from namesakes (db.namesakes). has_account: an account accepted an invitation
    of this employee. licences: the numbers of those on file.
    """

    employee_id: int
    version: int
    given_name: str
    family_name: str
    name: str
    operator_id: str
    confirmed: bool
    invited: bool
    has_account: bool
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """Something recorded of somebody for a span of days: what it is in words, why, by whom and when recorded.

    person: who it is, as findings name people: the same for one person under two names.
    changed_at, changed_by: of its end, a note, or that it stands again; None and "" where nothing was changed.
    kind: of a designation its basis, of an absence "absent" or "present"; "" of anything else. uncounted: the days
    of a designation on which the person is not employed.
    """

    table: str
    fact_id: int
    employee_id: int
    person: int
    name: str
    what: str
    span: Span
    reason: str
    recorded_at: datetime
    recorded_by: str
    changed_at: datetime | None
    changed_by: str
    kind: str
    uncounted: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A change of who an employee is: the name now, what was done, the name and Operator ID before, why, by whom
    and when."""

    name: str
    kind: str
    was: str
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class PastLicence:
    """What an officer recorded of somebody's licences: one issue; None: that all are on record since a day."""

    table: str
    fact_id: int
    name: str
    licence: Licence | None
    since: date
    extended_to: date | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Notice:
    """A notice that was sent, and how many days after it fell due."""

    notice_id: int
    reached_on: date
    sent_on: date
    words: str
    recorded_at: datetime
    recorded_by: str

    @property
    def days_later(self) -> int:
        return (self.sent_on - self.reached_on).days


@dataclass(frozen=True)
class PeopleOfFacility:
    """A facility's people on a day. assessed: False where the law that governs is not modelled (O. Reg. 128/04).

    by_functions: the law puts in charge whoever has the functions (435/93). stand_ins, engineers: the two ledgers;
    None where the law knows no such limit. notice_due: the notice that was not sent yet. unlicensed: up to the
    day, as far back as the law is on file. worked: hours in charge, day by day. hours_elsewhere: of the same
    people, at other facilities that whoever looks may see.
    """

    facility_id: int
    facility: str
    facility_type: FacilityType
    on: date
    assessed: bool
    by_functions: bool
    findings: tuple[tuple[Found, str], ...]
    timeline: tuple[Acting, ...]
    unlicensed: tuple[Unlicensed, ...]
    employees: tuple[EmployeeRow, ...]
    employments: tuple[Entry, ...]
    absences: tuple[Entry, ...]
    designations: tuple[Entry, ...]
    in_charge: tuple[Entry, ...]
    functions: tuple[Entry, ...]
    displays: tuple[Entry, ...]
    stand_ins: Days | None
    engineers: Days | None
    notice_due: Draft | None
    notices: tuple[Notice, ...]
    hours: tuple[Total, ...]
    hours_elsewhere: tuple[Total, ...]
    worked: tuple[Entry, ...]
    past_licences: tuple[PastLicence, ...]
    withdrawn: tuple[Withdrawn, ...]
    changes: tuple[Changed, ...]
    disruptions: DisruptionsShown


def view(
    work: Work, found: FacilityPeople, day: date, findings: tuple[Found, ...], seen: ColumnElement[bool]
) -> PeopleOfFacility:
    """A facility's people on a day with what is found of them, as far as the law of that day is on file; seen: of
    which other facilities whoever looks may see the people."""
    on_day = law_of_people(found.facility.facility_type, day)
    hours, elsewhere = hours_in_charge.of_people(work, found, seen)
    names = found.names
    worked = _worked(work, found, day)
    withdrawn = people_withdrawn.rows_of(work, found)
    renewed: tuple[Renewed, ...] = (
        *found.employments,
        *found.absences,
        *found.designations,
        *found.displays,
    )
    first = first_entries(work, found.facility.id, renewed, withdrawn)
    changes = _changes(work, found)
    recorded = (
        *found.facts,
        *first.values(),
        *found.notices,
        *found.disruptions.facts,
        *found.disruptions.submissions,
        *found.past_licences,
        *worked,
        *withdrawn,
        *changes,
    )
    recorders = of_accounts(work.session, (one.recorded_by for one in recorded))

    def entries(rows: Iterable[Recorded], what: Callable[[Recorded], str]) -> tuple[Entry, ...]:
        latest_first = sorted(rows, key=lambda row: (span(row).start, row.id), reverse=True)
        return tuple(
            _entry(row, first.get((row.__tablename__, row.id)), found, names, recorders, what(row))
            for row in latest_first
        )

    return PeopleOfFacility(
        facility_id=found.facility.id,
        facility=found.facility.name,
        facility_type=FacilityType(found.facility.facility_type),
        on=day,
        assessed=on_day is not None,
        by_functions=on_day is not None and not on_day.has("designated_in_charge"),
        findings=tuple((one, names[one.person] if one.person is not None else "") for one in findings),
        timeline=tuple(people_assessed.timeline(found, on_day, names)) if on_day else (),
        unlicensed=tuple(people_assessed.days_unlicensed(found, on_day, names)) if on_day else (),
        employees=tuple(_employee(row, found, names) for row in sorted(found.employees.values(), key=_by_name)),
        employments=entries(found.employments, namesakes.employed),
        absences=entries(found.absences, people_words.absent),
        designations=entries(_of_role(found, OVERALL), lambda row: people_words.designated(row, found)),
        in_charge=entries(_of_role(found, IN_CHARGE), lambda row: people_words.designated(row, found)),
        functions=entries(found.functions, people_words.does),
        displays=entries(found.displays, people_words.displayed),
        stand_ins=people_assessed.stand_ins(found, on_day) if on_day else None,
        engineers=people_assessed.engineers(found, on_day) if on_day else None,
        notice_due=notices.due(found, day),
        notices=tuple(_notice(row, recorders) for row in reversed(found.notices)),
        hours=hours,
        hours_elsewhere=elsewhere,
        worked=entries(worked, lambda row: people_words.hours_of(row, found)),
        past_licences=tuple(_past_licence(row, found, names, recorders) for row in found.past_licences),
        withdrawn=tuple(people_withdrawn.in_words(work, withdrawn, names, recorders)),
        changes=tuple(_changed(row, names, recorders) for row in changes),
        disruptions=disruption_views.shown(found, on_day, recorders),
    )


# --- what is recorded ---------------------------------------------------------------------------------------


def _employee(row: Employee, found: FacilityPeople, names: Mapping[int, str]) -> EmployeeRow:
    holder = found.holders[row.id]
    confirmed = holder.operator_id is not None
    on_file = {one.licence.number for one in found.as_named[row.id].records}
    return EmployeeRow(
        row.id,
        row.version,
        row.given_name,
        row.family_name,
        names[row.id],
        row.claimed_operator_id,
        confirmed,
        holder.invited,
        row.membership_id is not None and holder.person_id is not None,
        tuple(sorted(on_file)),
    )


def _by_name(row: Employee) -> tuple[str, str, int]:
    return row.family_name.casefold(), row.given_name.casefold(), row.id


def _of_role(found: FacilityPeople, role: str) -> list[Designation]:
    return [one for one in found.designations if one.role == role]


def _entry(
    row: PeopleFact | HoursInCharge,
    first: PeopleFact | None,
    found: FacilityPeople,
    names: Mapping[int, str],
    recorders: Mapping[int, str],
    what: str,
) -> Entry:
    by = recorders.get(row.recorded_by or 0, _THE_PORTAL)
    return Entry(
        row.__tablename__,
        row.id,
        row.employee_id,
        found.persons[row.employee_id],
        names[row.employee_id],
        what,
        span(row),
        people_words.reason(row),
        first.recorded_at if first else row.recorded_at,
        recorders.get(first.recorded_by or 0, _THE_PORTAL) if first else by,
        row.recorded_at if first else None,
        by if first else "",
        _kind(row),
        people_words.uncounted(row, found) if isinstance(row, Designation) else (),
    )


def _kind(row: PeopleFact | HoursInCharge) -> str:
    if isinstance(row, Absence):
        return "absent" if row.away else "present"
    return row.basis if isinstance(row, Designation) else ""


def _notice(row: DirectorNotice, recorders: Mapping[int, str]) -> Notice:
    return Notice(row.id, row.reached_on, row.sent_on, row.words, row.recorded_at, recorders[row.recorded_by])


def _past_licence(
    row: LicenceIssue | LicencesComplete,
    found: FacilityPeople,
    names: Mapping[int, str],
    recorders: Mapping[int, str],
) -> PastLicence:
    whose = (one for one, holder in found.holders.items() if holder.person_id == row.person_id)
    licence, extended_to = (licence_of(row), row.extended_to) if isinstance(row, LicenceIssue) else (None, None)
    by = recorders.get(row.recorded_by or 0, _THE_PORTAL)
    name, since = names[next(whose)], span(row).start
    return PastLicence(row.__tablename__, row.id, name, licence, since, extended_to, row.recorded_at, by)


def _worked(work: Work, found: FacilityPeople, day: date) -> list[HoursInCharge]:
    """The hours in charge of the days up to a day that are shown one by one."""
    rows = select(HoursInCharge).where(
        HoursInCharge.facility_id == found.facility.id,
        HoursInCharge.employee_id.in_(found.employees),
        HoursInCharge.superseded_at.is_(None),
        HoursInCharge.valid_from.between(day - _DAYS_OF_HOURS, day),
    )
    return list(work.session.scalars(rows))


def _changes(work: Work, found: FacilityPeople) -> list[EmployeeChange]:
    """What was changed of the names and Operator IDs of a facility's people, the latest first."""
    rows = select(EmployeeChange).where(EmployeeChange.employee_id.in_(found.employees))
    return list(work.session.scalars(rows.order_by(EmployeeChange.id.desc())))


def _changed(row: EmployeeChange, names: Mapping[int, str], recorders: Mapping[int, str]) -> Changed:
    now, name = names[row.employee_id], f"{row.given_name} {row.family_name}"
    was = f"{name}, {row.claimed_operator_id}" if row.claimed_operator_id else name
    return Changed(now, row.kind, was, row.reason, row.recorded_at, recorders[row.recorded_by])
