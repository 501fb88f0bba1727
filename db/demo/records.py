"""Training and manuals at the demo's owner who signs in: some hours are missing, one manual falls due."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.training_sessions import TrainingKind
from db.people_schema import Employee, Employment
from db.schema import Account, Organization
from db.schema_training import (
    Manual,
    ManualReview,
    ManualStatement,
    ManualVersion,
    TrainingAttendance,
    TrainingComplete,
    TrainingDay,
    TrainingSession,
)

_SESSIONS = (  # days ago, minutes, what about, of which kind
    (320, 450, "Confined spaces and rescue", TrainingKind.SAFETY),
    (190, 420, "Chlorine: handling, storage and leaks", TrainingKind.SAFETY),
    (90, 390, "Changed procedures after the upgrade of the aeration tanks", TrainingKind.NEW_PROCEDURES),
    (30, 480, "Sampling, and what laboratory results say", TrainingKind.TECHNICAL),
)
_EVERY_OTHER_MISSES = 2  # the second person missed every other session


def add(session: Session, at: datetime, today: date, owner: Account, organization: Organization) -> None:
    """Sessions for whoever is employed at each facility of an organization, and two manuals."""
    facilities = sorted({one.facility_id for one in organization.claims if one.facility_id is not None})
    jobs = session.scalars(
        select(Employment).where(Employment.facility_id.in_(facilities)).order_by(Employment.employee_id)
    ).all()
    first = [one for one in jobs if one.facility_id == facilities[0]]
    employees = session.scalars(select(Employee).where(Employee.id.in_({one.employee_id for one in jobs})))
    names = {one.id: one.name for one in employees}
    for place, (days, minutes, subjects, kind) in enumerate(_SESSIONS):
        attended = [one for number, one in enumerate(first) if not number or place % _EVERY_OTHER_MISSES]
        row = TrainingSession(
            facility_id=facilities[0], subjects=subjects, kind=kind.value, recorded_at=at, recorded_by=owner.id
        )
        session.add(row)
        session.flush()
        session.add(TrainingDay(session_id=row.id, day=today - timedelta(days=days), minutes=minutes))
        session.add_all(
            TrainingAttendance(
                session_id=row.id, employee_id=one.employee_id, name=names[one.employee_id], position=one.position
            )
            for one in attended
        )
    for facility_id in facilities:
        complete = date(today.year - 1, 1, 1)
        session.add(
            TrainingComplete(facility_id=facility_id, complete_from=complete, recorded_at=at, recorded_by=owner.id)
        )
    for name, days in (("Operations manual", 700), ("Emergency plan", 60)):
        _manual(session, at, owner, facilities[0], name, today - timedelta(days=days))
    session.add(
        ManualStatement(
            facility_id=facilities[0],
            all_listed=True,
            sufficient=True,
            operators_reach=True,
            maintenance_reaches=None,
            recorded_at=at,
            recorded_by=owner.id,
        )
    )
    session.flush()


def _manual(session: Session, at: datetime, owner: Account, facility_id: int, name: str, day: date) -> None:
    manual = Manual(facility_id=facility_id, name=name, recorded_at=at, recorded_by=owner.id)
    session.add(manual)
    session.flush()
    entered = {"manual_id": manual.id, "recorded_at": at, "recorded_by": owner.id}
    version = ManualVersion(
        **entered,
        label=str(day.year),
        updated_on=day,
        place="Control room, shelf 2",
        plans=True,
        drawings=True,
        process_descriptions=True,
        operators_at="Control room",
        maintenance_at="Workshop",
    )
    review = ManualReview(**entered, reviewed_on=day, updated=False, reviewed_by="Chief operator")
    session.add_all([version, review])
