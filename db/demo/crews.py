"""Who runs facilities of the demo.

Those of the owner who signs in: somebody of the class; at half of them a stand-in for 70 days; at the last nobody
is designated. A small works elsewhere: one operator, whose licence expires soon, and two in training.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facilities import FacilityClass, FacilityType
from core.licences import LicenceClass, LicenceType
from core.profiles import State
from core.training_sessions import TrainingKind
from db.demo.people import DemoOperator
from db.people_schema import Absence, Designation, Employee, Employment
from db.schema import Account, OperatorProfile, Organization, Person
from db.schema_training import TrainingAttendance, TrainingComplete, TrainingDay, TrainingSession

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


def add_small(
    session: Session,
    at: datetime,
    today: date,
    owners: Iterable[tuple[Account, Organization]],
    operators: Sequence[DemoOperator],
    profiles: Mapping[int, OperatorProfile],
) -> None:
    """Three people at the first small works of these owners: who is designated, with a licence that expires soon,
    and two in training; all training is on record, and the last one was given none two years ago."""
    small = (FacilityType.WASTEWATER_TREATMENT, FacilityClass.I)
    owner, works = next(
        (owner, one) for owner, organization in owners for one in organization.claims
        if (one.facility_type, one.facility_class) == small
    )  # fmt: skip
    here: dict[str, Any] = {"facility_id": works.facility_id, "recorded_at": at, "recorded_by": owner.id}
    since = date(today.year - 2, 1, 1)
    in_training = _holders(operators, profiles, today, range(90, 330), in_training=True)
    people = [next(_holders(operators, profiles, today, range(30, 85), in_training=False)),
              *islice(in_training, 2)]  # fmt: skip
    chief, *others = (_employee(session, works.organization_id, one, at, owner.id) for one in people)
    for one in (chief, *others):
        position = "Operator" if one is chief else "Operator-in-training"
        usual = {"position": position, "capacity": "operator", "full_time": True, "valid_from": since}
        session.add(Employment(**here, **usual, employee_id=one.id))
    overall = {"role": "overall", "by_owner": True, "basis": "licence", "valid_from": since}
    session.add(Designation(**here, **overall, employee_id=chief.id))
    session.add(TrainingComplete(**here, complete_from=since))
    for year in range(since.year, today.year):
        attended = (chief, *(others if year > since.year else others[:-1]))
        _train(session, here, date(year, 3, 2), attended)
    session.flush()


def _holders(
    operators: Iterable[DemoOperator],
    profiles: Mapping[int, OperatorProfile],
    today: date,
    days: range,
    *,
    in_training: bool,
) -> Iterator[int]:
    """Active people whose licence for a treatment plant expires so many days ahead, by their ids."""
    for who in operators:
        one = who.licences[0]
        fits = one.licence_type is LicenceType.WASTEWATER_TREATMENT and (one.expiry - today).days in days
        is_in_training = one.licence_class is LicenceClass.OPERATOR_IN_TRAINING
        if fits and is_in_training is in_training and profiles[who.number].state == State.ACTIVE:
            yield profiles[who.number].person_id


def _train(session: Session, here: dict[str, Any], day: date, attended: Iterable[Employee]) -> None:
    """A week of training, eight hours a day."""
    week = TrainingSession(**here, subjects="Refresher week", kind=TrainingKind.TECHNICAL.value)
    session.add(week)
    session.flush()
    for days in range(5):
        session.add(TrainingDay(session_id=week.id, day=day + timedelta(days=days), minutes=480))
    for one in attended:
        named = {"name": one.name, "position": "Operator"}
        session.add(TrainingAttendance(**named, session_id=week.id, employee_id=one.id))


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
