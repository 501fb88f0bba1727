"""Hours in charge added up by person, type and class of facility (O. Reg. 129/04, s. 17 (2)): at one facility, or
at several, as whoever applies for a licence shows them (Schedule 2).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select

from core.facilities import FacilityType
from core.in_charge import Hours, added_up
from core.licences import LicenceClass
from core.works import Works
from db.facility_people import holders_of, is_one_of, span
from db.gate import Work
from db.people_schema import Employee, HoursInCharge
from db.schema import Facility, FacilityClassification

_MINUTES = 60


@dataclass(frozen=True)
class Total:
    """Hours in charge of one person, by type and class of facility; as an operator-in-training apart."""

    name: str
    facility_type: FacilityType
    facility_class: LicenceClass | None
    in_training: bool
    hours: Decimal


def of_people(work: Work, employee_ids: Collection[int], where: ColumnElement[bool]) -> tuple[Total, ...]:
    """The hours of these employees at facilities that fulfil a condition, with those recorded of the same people
    under other names or by other employers."""
    these = work.session.scalars(select(Employee).where(Employee.id.in_(employee_ids))).all()
    persons = sorted({one.person_id for one in holders_of(work, these).values() if one.person_id is not None})
    known = or_(Employee.id.in_(employee_ids), is_one_of(persons))
    return added(work, work.session.scalars(select(Employee).where(known).order_by(Employee.id)).all(), where)


def added(work: Work, employees: Collection[Employee], where: ColumnElement[bool]) -> tuple[Total, ...]:
    """The hours of these employees at such facilities, each person's under the first of the names; the class is
    that of the day."""
    named = {one.id: one for one in employees}
    worker = _first_of_each_person(work, employees)
    own = HoursInCharge.employee_id, HoursInCharge.facility_id, HoursInCharge.valid_from, HoursInCharge.in_training
    minutes = (
        select(*own, func.sum(HoursInCharge.minutes).label("minutes"))
        .join(Facility, Facility.id == HoursInCharge.facility_id)
        .where(HoursInCharge.employee_id.in_(named), HoursInCharge.superseded_at.is_(None), where)
        .group_by(*own)
    )
    rows = work.session.execute(minutes).all()
    works = _works(work, {row.facility_id for row in rows})
    hours = (
        Hours(
            worker[row.employee_id],
            works[row.facility_id].facility_type,
            works[row.facility_id].class_on(row.valid_from),
            row.in_training,
            Decimal(row.minutes) / _MINUTES,
        )
        for row in rows
    )
    totals = (Total(named[key[0]].name, *key[1:], total) for key, total in added_up(hours).items())
    return tuple(sorted(totals, key=_order))


def _order(one: Total) -> tuple[str, str, str, bool]:
    return one.name, one.facility_type, one.facility_class or "", one.in_training


def _first_of_each_person(work: Work, employees: Collection[Employee]) -> dict[int, int]:
    """For each employee the first who is the same person; itself where nobody knows who it is."""
    found: dict[int, int] = {}
    first: dict[int, int] = {}
    for id, holder in sorted(holders_of(work, employees).items()):
        found[id] = id if holder.person_id is None else first.setdefault(holder.person_id, id)
    return found


def _works(work: Work, facility_ids: set[int]) -> dict[int, Works]:
    """Each facility with its classes."""
    classes = defaultdict(list)
    stand = FacilityClassification.facility_id.in_(facility_ids), FacilityClassification.superseded_at.is_(None)
    rows = select(FacilityClassification).where(*stand).order_by(FacilityClassification.id)
    for row in work.session.scalars(rows):
        classes[row.facility_id].append((span(row), LicenceClass(row.facility_class)))
    facilities = select(Facility.id, Facility.facility_type).where(Facility.id.in_(facility_ids))
    return {
        id: Works(FacilityType(kind), classes=tuple(classes[id])) for id, kind in work.session.execute(facilities)
    }
