"""Sessions of training as they are entered and withdrawn, by hand or from a sheet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, insert, select

from core import entries
from core.membership import Right
from core.problems import refuse
from core.training_rows import Employed
from core.training_sessions import Before, Session
from db import facility_training
from db.gate import NotAllowed, Work
from db.holders import first_of_each_person, holders_of, is_one_of
from db.own_facilities import held
from db.people_schema import Employee, Employment
from db.schema import Account, Facility, Membership
from db.schema_training import (
    ExemptNotice,
    TrainingAttendance,
    TrainingDay,
    TrainingImport,
    TrainingRequest,
    TrainingSession,
    Withdrawable,
)

Row = TypeVar("Row", TrainingSession, TrainingImport, ExemptNotice, TrainingRequest)


def standing(work: Work, table: type[Row], row_id: int) -> tuple[Row, Facility]:
    """A row that stands, locked, and its facility, where whoever asks may record.

    Raises Refused where another took its place, or it was withdrawn, since the page was drawn.
    """
    found = work.session.get(table, row_id)
    if found is None:
        raise NotAllowed
    facility = held(work, Right.RECORD, found.facility_id).facility
    row = work.for_update(table, row_id)
    if row.withdrawn_at is not None or getattr(row, "superseded_at", None) is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    return row, facility


def withdraw(work: Work, row: Withdrawable, reason: str) -> None:
    """Withdraws a row: who did, when and why stands beside it."""
    row.withdrawn_at, row.withdrawn_by = work.at, work.account.id
    row.withdrawn_because = entries.clean_reason(reason)


def add(work: Work, facility_id: int, entered: Session, import_id: int | None = None) -> TrainingSession:
    """Adds a session that was checked."""
    row = TrainingSession(**_columns(work, facility_id, entered, import_id))
    work.session.add(row)
    work.session.flush()
    _add_parts(work, [row.id], [entered])
    return row


def add_sheet(work: Work, facility_id: int, entered: Sequence[Session], import_id: int) -> None:
    """Adds the sessions of a sheet that were checked, in as many statements for many as for one."""
    rows = [_columns(work, facility_id, one, import_id) for one in entered]
    work.session.execute(insert(TrainingSession), rows)
    made = select(TrainingSession.id).where(TrainingSession.import_id == import_id).order_by(TrainingSession.id)
    _add_parts(work, work.session.scalars(made).all(), entered)


def _columns(work: Work, facility_id: int, entered: Session, import_id: int | None) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "subjects": entered.subjects,
        "kind": entered.kind.value,
        "import_id": import_id,
        "withdrawn_because": "",
        "recorded_at": work.at,
        "recorded_by": work.account.id,
    }


def _add_parts(work: Work, ids: Sequence[int], entered: Sequence[Session]) -> None:
    """The days of sessions, and who attended."""
    pairs = list(zip(ids, entered, strict=True))
    days = [{"session_id": id, "day": held.day, "minutes": held.minutes} for id, one in pairs for held in one.held]
    people = [
        {"session_id": id, "employee_id": who.person, "name": who.name, "position": entries.clean(who.position)}
        for id, one in pairs
        for who in one.attended
    ]
    work.session.execute(insert(TrainingDay), days)
    work.session.execute(insert(TrainingAttendance), people)


def employed(work: Work, facility_id: int) -> dict[int, Employed]:
    """Everybody with an employment on record at a facility, by employee."""
    rows = work.session.execute(
        select(Employee, Employment)
        .join(Employment, Employment.employee_id == Employee.id)
        .where(Employment.facility_id == facility_id, Employment.superseded_at.is_(None))
        .order_by(Employee.id, Employment.id)
    ).all()
    positions: dict[int, list[tuple[date, date | None, str]]] = defaultdict(list)
    for employee, job in rows:
        positions[employee.id].append((job.valid_from or date.min, job.valid_until, job.position))
    people = {employee.id: employee for employee, _ in rows}
    same_as = first_of_each_person(holders_of(work, people.values()))
    return {
        id: Employed(id, one.name, one.claimed_operator_id, tuple(positions[id]), same_as[id])
        for id, one in people.items()
    }


def on_record(
    work: Work, facility_id: int, employee_ids: Iterable[int], without: int | None = None
) -> list[Before]:
    """What counts for a facility's employees already, whoever gave it; without: a session that is about to be
    corrected. What others gave was about is nobody's business there."""
    ids = list(employee_ids)
    employees = work.session.scalars(select(Employee).where(Employee.id.in_(ids))).all()
    own = set(ids)
    return [
        Before(
            who,
            one.given.day,
            one.given.minutes,
            one.subjects if one.employee_id in own or of == facility_id else None,
        )
        for who, rows in facility_training.attended_by(work, employees).items()
        for of, one in rows
        if one.session_id != without
    ]


def sessions_in(first_year: int, last_year: int) -> Select[int]:
    """The ids of the sessions with a day in these years."""
    days = TrainingDay.day.between(date(first_year, 1, 1), date(last_year, 12, 31))
    return select(TrainingDay.session_id).where(days)


def years_before(work: Work, facility_id: int, year: int) -> tuple[int, ...]:
    """The years before another in which a facility has a session that stands, the latest first."""
    days = (
        select(TrainingDay.day)
        .join(TrainingSession, TrainingSession.id == TrainingDay.session_id)
        .where(
            TrainingSession.facility_id == facility_id,
            facility_training.standing(),
            TrainingDay.day < date(year, 1, 1),
        )
    )
    return tuple(sorted({one.year for one in work.session.scalars(days)}, reverse=True))


def names_in(work: Work, session_id: int) -> dict[int, str]:
    """The names under which a session has those who attended, by employee: of that day, whatever they are now."""
    rows = select(TrainingAttendance.employee_id, TrainingAttendance.name)
    found = work.session.execute(rows.where(TrainingAttendance.session_id == session_id))
    return {row.employee_id: row.name for row in found}


def who_attended(work: Work, sessions: Iterable[int]) -> set[int]:
    """The employees who attended sessions."""
    rows = select(TrainingAttendance.employee_id).where(TrainingAttendance.session_id.in_(list(sessions)))
    return set(work.session.scalars(rows))


def facilities_of(work: Work, employees: Iterable[int]) -> list[int]:
    """Every facility where these people are on record as employed, by whomever: their hours count there too."""
    ids = list(employees)
    persons = {
        *work.session.scalars(
            select(Employee.person_id).where(Employee.id.in_(ids), Employee.person_id.is_not(None))
        ),
        *work.session.scalars(
            select(Account.person_id)
            .join(Membership, Membership.account_id == Account.id)
            .join(Employee, Employee.membership_id == Membership.id)
            .where(Employee.id.in_(ids), Membership.since.is_not(None))
        ),
    }
    same = select(Employee.id).where(is_one_of([one for one in persons if one is not None], ids))
    there = select(Employment.facility_id).where(
        Employment.employee_id.in_(same), Employment.superseded_at.is_(None)
    )
    return sorted(set(work.session.scalars(there)))
