"""What rests on one facility is read by indexes: as much among many facilities as among few."""

import pytest
from sqlalchemy import insert, select, text

from core.facilities import FacilityType
from db.gate import Portal, unattended
from db.kept_findings import retest
from db.people_schema import Employment
from db.schema_training import TrainingAttendance, TrainingDay, TrainingSession
from tests.db import staffed
from tests.db.filed import TODAY
from tests.db.people import NOON, make_account
from tests.db.statements import read

FEW, MANY = 20, 1_500


def fill(portal: Portal, count: int) -> list[int]:
    """Facilities with two people each, and a session of training that both attended."""
    ids = staffed.fill(portal, count, tested=False)
    by = {"recorded_at": NOON, "recorded_by": make_account(portal)}
    with portal.database.transaction(writes=True) as session:
        rows = session.execute(
            select(Employment.facility_id, Employment.employee_id).where(Employment.facility_id.in_(ids))
        ).all()
        given = {"subjects": "Pumps", "kind": "technical", "withdrawn_because": ""}
        session.execute(insert(TrainingSession), [{"id": id, "facility_id": id} | given | by for id in ids])
        session.execute(insert(TrainingDay), [{"session_id": id, "day": TODAY, "minutes": 60} for id in ids])
        attended = [
            {"session_id": id, "employee_id": who, "name": "Sam", "position": "Operator"} for id, who in rows
        ]
        session.execute(insert(TrainingAttendance), attended)
    with portal.database.transaction(writes=True) as session:
        session.execute(text("analyze"))
    return ids


@pytest.mark.parametrize("facility_type", [FacilityType.WASTEWATER_TREATMENT, FacilityType.WATER_TREATMENT])
def test_one_facility_tested_anew_reads_as_much_among_many_as_among_few(
    portal: Portal, facility_type: str
) -> None:
    few = reads(portal, next(id for id in fill(portal, FEW) if staffed.facility_type(id) == facility_type))
    many = reads(portal, next(id for id in fill(portal, MANY) if staffed.facility_type(id) == facility_type))
    assert many <= few * 1.5  # an index of more rows is deeper, and another facility has findings of its own


def reads(portal: Portal, facility_id: int) -> int:
    """How much is read to test a facility anew whose findings are kept."""
    for _ in range(2):
        with unattended(portal, NOON) as work:
            retest(work, facility_id)
            with read(work) as found:
                work._finish()
    return int(found[0])
