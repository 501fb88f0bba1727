"""How long the records behind a report after an emergency keep the names of those who served in it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.application import law_of_people
from core.emergencies import Way, report_records_may_go
from core.findings import Verdict
from core.places import day_at
from core.submissions import Kind
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork
from db.people_facts import span
from db.schema import Facility


def must_name(session: Session, employee_id: int, at: datetime) -> bool:
    """Whether somebody served in an emergency whose report names them: it is still to come, or its records are to
    be kept (O. Reg. 129/04, s. 23 (6), para. 1, and (7))."""
    served = select(EmergencyWork).where(
        EmergencyWork.employee_id == employee_id,
        EmergencyWork.superseded_at.is_(None),
        EmergencyWork.way != Way.NONE.value,
    )
    return any(_is_open(session, one, at) for one in session.scalars(served).all())


def is_to_be_kept(session: Session, report: DirectorSubmission, at: datetime) -> bool:
    """Whether something that was handed in is a report whose records are to be kept still."""
    facility = session.get_one(Facility, report.facility_id)
    law = law_of_people(facility.facility_type, day_at(at, facility.time_zone))
    if report.kind != Kind.EMERGENCY_REPORT or law is None or not law.stands("emergency_report"):
        return False
    return report_records_may_go(report.sent_on, law).verdict is not Verdict.MET


def _is_open(session: Session, served: EmergencyWork, at: datetime) -> bool:
    declared = select(Emergency).where(
        Emergency.facility_id == served.facility_id, Emergency.superseded_at.is_(None), Emergency.declared
    )
    days = [span(one).start for one in session.scalars(declared) if span(one).overlaps(span(served))]
    reports = session.scalars(
        select(DirectorSubmission).where(
            DirectorSubmission.facility_id == served.facility_id,
            DirectorSubmission.kind == Kind.EMERGENCY_REPORT.value,
            DirectorSubmission.superseded_at.is_(None),
        )
    ).all()
    to_come = set(days) - {one.of_day for one in reports}
    return bool(to_come) or any(one.of_day in days and is_to_be_kept(session, one, at) for one in reports)
