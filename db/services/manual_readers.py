"""That somebody has read a manual, taken back where it was a mistake: it stays on record with the reason.

Who said so of themselves takes it back, and whoever may record for the owner takes back what anybody has said.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from core import entries
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING, Role
from core.sentences import Sentence
from db import training_entries
from db.gate import NotAllowed, Work, service
from db.own_facilities import OFFICE, held, seen
from db.people_schema import Employee
from db.schema_training import AcknowledgementTakenBack, Manual, ManualAcknowledgement, ManualVersion
from db.training_session_views import recorders


@dataclass(frozen=True)
class TakenBack:
    """What was said of a reader and taken back. read_on: the day of reading, as it was said."""

    name: str
    version: str
    read_on: date
    at: datetime
    by: str
    because: str


@service(*ACTING, *OFFICE, shows_personal_data=True)
def taken_back(work: Work, manual_id: int) -> tuple[TakenBack, ...]:
    """What was taken back of who has read a manual, in any of its versions, the last first."""
    manual = work.session.get(Manual, manual_id)
    if manual is None or manual.withdrawn_at is not None:
        raise NotAllowed
    facility = seen(work, Right.RECORD, manual.facility_id)
    work.record("manual.readers_shown", "manual", manual.id)
    rows = work.session.execute(
        select(AcknowledgementTakenBack, ManualVersion.label, Employee)
        .join(ManualVersion, ManualVersion.id == AcknowledgementTakenBack.version_id)
        .join(Employee, Employee.id == AcknowledgementTakenBack.employee_id)
        .where(ManualVersion.manual_id == manual.id)
        .order_by(AcknowledgementTakenBack.id.desc())
    ).all()
    names = recorders(work, [row.withdrawn_by for row, *_ in rows if row.withdrawn_by is not None])
    return tuple(
        TakenBack(
            employee.name,
            label,
            row.read_on or day_at(row.recorded_at, facility.time_zone),
            row.withdrawn_at or row.recorded_at,
            names.get(row.withdrawn_by or 0, ""),
            row.withdrawn_because,
        )
        for row, label, employee in rows
    )


@service(Role.OPERATOR, *ACTING, writes=True)
def take_back_own(work: Work, version_id: int, reason: str) -> None:
    """Takes back that one has read a version oneself, as one has said at some time."""
    raise_if_any(_why(reason))
    manual = _manual_of(work, version_id)
    said = (ManualAcknowledgement.recorded_by == work.account.id) & ManualAcknowledgement.read_on.is_(None)
    rows = _locked(work, manual, version_id, said)
    if not rows:
        raise _changed()
    _take_back(work, rows, reason)


@service(*ACTING, writes=True, shows_personal_data=True)
def take_back(work: Work, version_id: int, employee_ids: Collection[int], reason: str) -> None:
    """Takes back that some have read a version, whoever has said so: for whoever may record for the owner."""
    manual = _manual_of(work, version_id)
    held(work, Right.RECORD, manual.facility_id)
    problems = _why(reason)
    if not employee_ids:
        problems.append(Problem("readers", Sentence("Choose of whom it is taken back.")))
    raise_if_any(problems)
    rows = _locked(work, manual, version_id, ManualAcknowledgement.employee_id.in_(employee_ids))
    if {one.employee_id for one in rows} != set(employee_ids):
        raise _changed()
    _take_back(work, rows, reason)


def _why(reason: str) -> list[Problem]:
    return entries.reason("reason", reason, what="why it is taken back")


def _changed() -> Exception:
    return refuse("This was changed since your page was drawn. Look at what stands now.")


def _manual_of(work: Work, version_id: int) -> Manual:
    """The manual in use of a version that stands."""
    version = work.session.get(ManualVersion, version_id)
    if version is None or version.withdrawn_at is not None:
        raise NotAllowed
    manual = work.session.get_one(Manual, version.manual_id)
    if manual.withdrawn_at is not None:
        raise NotAllowed
    return manual


def _locked(
    work: Work, manual: Manual, version_id: int, which: ColumnElement[bool]
) -> list[ManualAcknowledgement]:
    """What was said of a version, its manual locked as it is while that is said."""
    work.for_update(Manual, manual.id)
    said = select(ManualAcknowledgement).where(ManualAcknowledgement.version_id == version_id, which)
    return list(work.session.scalars(said))


def _take_back(work: Work, rows: list[ManualAcknowledgement], reason: str) -> None:
    for one in rows:
        row = AcknowledgementTakenBack(
            version_id=one.version_id,
            employee_id=one.employee_id,
            read_on=one.read_on,
            recorded_at=one.recorded_at,
            recorded_by=one.recorded_by,
        )
        training_entries.withdraw(work, row, reason)
        work.session.add(row)
        work.session.delete(one)
    employees = sorted(one.employee_id for one in rows)
    work.record("manual.readers_taken_back", "manual_version", rows[0].version_id, employees=employees)
