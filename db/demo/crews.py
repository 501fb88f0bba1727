"""Who runs the facilities of the demo's owner who signs in: somebody of the class; at half of them a stand-in for
70 days; at the last nobody is designated."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.people_schema import Absence, Designation, Employee, Employment
from db.schema import Account, Organization, Person

_STAND_IN_DAYS = 70  # past the 60th: the notice to the Director is due


def add(
    session: Session, at: datetime, today: date, owner: Account, organization: Organization, people: list[int]
) -> None:
    """Two people, by their ids, at each facility of an organization: who is designated, and who stands in."""
    facilities = sorted({one.facility_id for one in organization.claims if one.facility_id is not None})
    recorded: dict[str, Any] = {"recorded_at": at, "recorded_by": owner.id}
    chief, second = (_employee(session, organization.id, person_id, at, owner.id) for person_id in people)
    away = today - timedelta(days=_STAND_IN_DAYS)
    for place, facility_id in enumerate(facilities):
        here = {"facility_id": facility_id, **recorded}
        since = today - timedelta(days=400)
        for one, position in ((chief, "Chief operator"), (second, "Shift operator")):
            session.add(
                Employment(
                    **here,
                    employee_id=one.id,
                    position=position,
                    capacity="operator",
                    full_time=True,
                    valid_from=since,
                )
            )
        if facility_id == facilities[-1]:
            continue
        overall = here | {"role": "overall", "by_owner": True}
        session.add(Designation(**overall, employee_id=chief.id, basis="licence", valid_from=since))
        if place >= len(facilities) // 2:
            continue
        session.add(Absence(**here, employee_id=chief.id, away=True, reason="On leave.", valid_from=away))
        session.add(
            Designation(**overall, employee_id=second.id, basis="stand_in", reason="Stands in.", valid_from=away)
        )
    session.flush()


def _employee(session: Session, organization_id: int, person_id: int, at: datetime, by: int) -> Employee:
    person = session.scalars(select(Person).where(Person.id == person_id)).one()
    one = Employee(
        organization_id=organization_id,
        given_name=person.given_name,
        family_name=person.family_name,
        claimed_operator_id=person.operator_id or "",
        person_id=person.id,
        recorded_at=at,
        recorded_by=by,
        changed_at=at,
        changed_by=by,
    )
    session.add(one)
    session.flush()
    return one
