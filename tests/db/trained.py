"""Training and manuals for tests, entered through the services as people do."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from db.gate import Asker, Portal
from db.manual_entries import VersionEntry
from db.ministry_listings.files import Table, open_table
from db.people_schema import Employment
from db.schema import Facility, FacilityRelation
from db.services import manuals, training
from db.training_views import PersonsYear
from tests.db.filed import TODAY, facility_of

SHEET = ("date", "hours", "subject", "kind", "name", "position")
COLUMNS = {name: name for name in SHEET}
AT_A_PLACE = VersionEntry("1", "Control room", "Control room", "Workshop", True, True, True)


def given(owner: Asker, *employees: int, day: date = TODAY, hours: str = "8", **more: Any) -> int:
    """A session that employees attended, all in the positions on record. Its id."""
    entered: dict[str, Any] = {"subjects": "Chlorine handling", "kind": "safety"} | more
    return training.record(
        owner,
        facility_of(owner),
        [(day, Decimal(hours))],
        entered["subjects"],
        entered["kind"],
        dict.fromkeys(employees, ""),
    )


def also_at_another(portal: Portal, owner: Asker, employee_id: int) -> None:
    """A second facility of the owner, where an employee works as at the first."""
    with portal.database.transaction(writes=True) as session:
        made = Facility(**_copied(session.get_one(Facility, facility_of(owner)), name="Second works",
                                  ministry_number="123456"))  # fmt: skip
        session.add(made)
        session.flush()
        relation = session.scalars(select(FacilityRelation)).one()
        session.add(FacilityRelation(**_copied(relation, facility_id=made.id)))
        job = session.scalars(select(Employment).where(Employment.employee_id == employee_id)).one()
        session.add(Employment(**_copied(job, facility_id=made.id)))


def _copied(row: Any, **changes: object) -> dict[str, Any]:
    """The columns of a row but its id, some of them otherwise."""
    return {c.key: getattr(row, c.key) for c in type(row).__table__.columns if c.key != "id"} | changes


def sheet(*rows: tuple[object, ...], headings: tuple[str, ...] = SHEET) -> Table:
    """A CSV file of training as the portal opens it."""
    lines = [headings, *rows]
    return open_table("training.csv", "\n".join(",".join(map(str, one)) for one in lines).encode(), 10)


def manual(owner: Asker, name: str = "Operations manual", reviewed: date = TODAY, updated: date = TODAY) -> int:
    """A manual that holds everything, reviewed and updated on these days. Its id."""
    return manuals.add(owner, facility_of(owner), name, reviewed, updated, AT_A_PLACE)


def year_of(owner: Asker, employee: int, year: int | None = None) -> PersonsYear:
    """The year of an employee, this one unless told."""
    (row,) = [one for one in training.of_facility(owner, facility_of(owner), year).people
              if one.employee_id == employee]  # fmt: skip
    return row
