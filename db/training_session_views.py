"""Sessions of training as they are shown: those that stand, and those that count no more."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from core.training_sessions import Attendee, Given, Session, TrainingKind
from db.gate import Work
from db.people_schema import Employee
from db.schema import Account, Person
from db.schema_training import TrainingAttendance, TrainingDay, TrainingSession


@dataclass(frozen=True)
class SessionRow:
    """A session on record: as entered, by whom and when; corrects: the number of the session whose place it
    took."""

    session_id: int
    facility: str
    session: Session
    recorded_at: datetime
    recorded_by: str
    corrects: int | None
    from_file: bool


@dataclass(frozen=True)
class FallenSession:
    """A session that counts no more: since when, through whom, and why; because "": another one corrects it."""

    row: SessionRow
    at: datetime
    by: str
    because: str


def sessions(work: Work, rows: Iterable[tuple[TrainingSession, str]]) -> tuple[SessionRow, ...]:
    """Sessions, each with the name of its facility, as they are shown: in a few statements for all of them."""
    rows = tuple(rows)
    ids = [session.id for session, _ in rows]
    held: dict[int, list[Given]] = {one: [] for one in ids}
    days = select(TrainingDay).where(TrainingDay.session_id.in_(ids)).order_by(TrainingDay.day)
    for day in work.session.scalars(days):
        held[day.session_id].append(Given(day.day, day.minutes))
    attended: dict[int, list[Attendee]] = {one: [] for one in ids}
    named = (
        select(TrainingAttendance)
        .join(Employee, Employee.id == TrainingAttendance.employee_id)
        .where(TrainingAttendance.session_id.in_(ids))
        .order_by(Employee.family_name, Employee.given_name, Employee.id)
    )
    for one in work.session.scalars(named):
        attended[one.session_id].append(Attendee(one.employee_id, one.name, one.position))
    by = recorders(work, (session.recorded_by for session, _ in rows))
    corrections = select(TrainingSession).where(TrainingSession.superseded_by.in_(ids))
    corrected = {one.superseded_by: one.id for one in work.session.scalars(corrections)}
    return tuple(
        SessionRow(
            row.id,
            facility,
            Session(tuple(held[row.id]), row.subjects, TrainingKind(row.kind), tuple(attended[row.id])),
            row.recorded_at,
            by[row.recorded_by],
            corrected.get(row.id),
            row.import_id is not None,
        )
        for row, facility in rows
    )


def fallen(work: Work, rows: Sequence[TrainingSession], shown: Sequence[SessionRow]) -> Iterator[FallenSession]:
    """Sessions that count no more, each with since when, through whom and why."""
    corrections = {
        one.id: one
        for one in work.session.scalars(
            select(TrainingSession).where(TrainingSession.id.in_({row.superseded_by for row in rows} - {None}))
        )
    }
    accounts = [row.withdrawn_by or corrections[row.superseded_by or 0].recorded_by for row in rows]
    by = recorders(work, accounts)
    for row, one, account in zip(rows, shown, accounts, strict=True):
        at = row.withdrawn_at or row.superseded_at
        assert at is not None  # noqa: S101 - it stands no more
        yield FallenSession(one, at, by[account], row.withdrawn_because)


def of_one(row: SessionRow, employees: Collection[int]) -> SessionRow:
    """A session as one who attended sees it: nobody else who did."""
    own = tuple(one for one in row.session.attended if one.person in employees)
    return replace(row, session=replace(row.session, attended=own))


def recorders(work: Work, accounts: Iterable[int]) -> dict[int, str]:
    """The names of whoever recorded something, by their accounts."""
    rows = (
        select(Account.id, Person)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(set(accounts)))
    )
    return {account: person.name for account, person in work.session.execute(rows)}
