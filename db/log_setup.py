"""What is recorded about a facility's log: where it is, its usual shifts, and who is authorized to write."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core.calendar import Span
from core.places import day_at
from core.shifts import Pattern
from db.gate import Work
from db.log_schema import LogAuthorization, LogPlace, ShiftPattern
from db.people_facts import span
from db.people_schema import Employee, Employment
from db.schema import Account, Person


@dataclass(frozen=True)
class AuthorizationRow:
    """Somebody authorized to write: by whom, from when to when; until it was revoked, where it was. employed:
    whether they are employed there today, without which it does not count."""

    id: int
    name: str
    giver: str
    by_owner: bool
    span: Span
    revoked_at: datetime | None
    employed: bool

    def counts_on(self, day: date) -> bool:
        """Whether it counts on a day, or will."""
        return self.revoked_at is None and (self.span.end is None or day < self.span.end)


@dataclass(frozen=True)
class PlaceRow:
    """Where the log is, on which days. about: provided, accessible, only."""

    id: int
    about: str
    place: str
    span: Span


@dataclass(frozen=True)
class PatternRow:
    """A shift that is worked again and again."""

    id: int
    pattern: Pattern


@dataclass(frozen=True)
class Setup:
    """What is recorded about a log: where it is, its shifts, who may write, who may be authorized (by id)."""

    places: tuple[PlaceRow, ...]
    patterns: tuple[PatternRow, ...]
    authorizations: tuple[AuthorizationRow, ...]
    employees: Mapping[int, str]


def setup_of(work: Work, facility_id: int) -> Setup:
    """What is recorded about a log."""
    employees = _employees(work, facility_id)
    return Setup(
        places_of(work, facility_id),
        patterns_of(work, facility_id),
        _authorizations(work, facility_id, employees),
        employees,
    )


def places_of(work: Work, facility_id: int) -> tuple[PlaceRow, ...]:
    """Where the log is, and that it is the only one, from their first days on."""
    places = select(LogPlace).where(LogPlace.facility_id == facility_id, LogPlace.superseded_at.is_(None))
    return tuple(
        PlaceRow(one.id, one.about, one.place, span(one))
        for one in work.session.scalars(places.order_by(LogPlace.valid_from, LogPlace.id))
    )


def patterns_of(work: Work, facility_id: int) -> tuple[PatternRow, ...]:
    """The shifts that are worked again and again, by the clock."""
    rows = select(ShiftPattern).where(
        ShiftPattern.facility_id == facility_id, ShiftPattern.superseded_at.is_(None)
    )
    in_order = rows.order_by(ShiftPattern.starts, ShiftPattern.id)
    return tuple(PatternRow(one.id, pattern_of(one)) for one in work.session.scalars(in_order))


def pattern_of(row: ShiftPattern) -> Pattern:
    """A pattern as the rules know it."""
    weekdays = frozenset(map(int, row.weekdays))
    return Pattern(row.designation, row.starts, row.ends, weekdays, span(row))


def _authorizations(work: Work, facility_id: int, employed: Collection[int]) -> tuple[AuthorizationRow, ...]:
    rows = work.session.execute(
        select(LogAuthorization, Employee, Person)
        .join(Employee, Employee.id == LogAuthorization.employee_id)
        .join(Account, Account.id == LogAuthorization.given_by)
        .join(Person, Person.id == Account.person_id)
        .where(LogAuthorization.facility_id == facility_id)
        .order_by(LogAuthorization.valid_until.desc(), LogAuthorization.id.desc())
    )
    return tuple(
        AuthorizationRow(
            one.id,
            employee.name,
            giver.name,
            one.by_owner,
            Span(one.valid_from, one.valid_until),
            one.revoked_at,
            employee.id in employed,
        )
        for one, employee, giver in rows
    )


def _employees(work: Work, facility_id: int) -> dict[int, str]:
    """Who is employed there today, by name."""
    today = day_at(work.at)
    rows = work.session.scalars(
        select(Employee)
        .join(Employment, Employment.employee_id == Employee.id)
        .where(
            Employment.facility_id == facility_id,
            Employment.superseded_at.is_(None),
            or_(Employment.valid_from.is_(None), Employment.valid_from <= today),
            or_(Employment.valid_until.is_(None), Employment.valid_until > today),
        )
        .order_by(Employee.family_name, Employee.given_name, Employee.id)
    )
    return {one.id: one.name for one in rows}
