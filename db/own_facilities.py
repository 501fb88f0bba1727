"""Which facilities organizations hold, where somebody has a right, and the class of a facility on a day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from core.membership import Right
from core.places import day_at
from core.problems import refuse
from core.roles import Role
from db import members
from db.gate import NotAllowed, Work
from db.schema import Facility, FacilityClassification, FacilityRelation

OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)  # who look at every facility


@dataclass(frozen=True)
class Held:
    """A facility, and the organization that whoever asks acts for there: of two, its owner."""

    facility: Facility
    organization_id: int


def relation_stands(day: date) -> ColumnElement[bool]:
    """A relation of an organization to a facility that is held true on a day."""
    return and_(
        FacilityRelation.superseded_at.is_(None),
        or_(FacilityRelation.valid_from.is_(None), FacilityRelation.valid_from <= day),
        or_(FacilityRelation.valid_until.is_(None), FacilityRelation.valid_until > day),
    )


def facilities_where(work: Work, right: Right) -> ColumnElement[bool]:
    """A relation of today at whose facility whoever asks has a right, for the organization of the relation."""
    return relation_stands(day_at(work.at)) & members.allowed(
        work, right, FacilityRelation.organization_id, FacilityRelation.facility_id
    )


def held(work: Work, right: Right, facility_id: int) -> Held:
    """A facility at which whoever asks has a right today. Raises NotAllowed for another."""
    relation = work.session.scalar(
        select(FacilityRelation)
        .where(FacilityRelation.facility_id == facility_id, facilities_where(work, right))
        .order_by(FacilityRelation.role.desc(), FacilityRelation.id)
        .limit(1)
    )
    if relation is None:
        raise NotAllowed
    return Held(work.session.get_one(Facility, facility_id), relation.organization_id)


def seen(work: Work, right: Right, facility_id: int) -> Facility:
    """A facility that whoever asks may look at: any for the office, the Director and managers; for others one at
    which they have a right today. Raises NotAllowed, or Refused where there is none."""
    if work.roles.isdisjoint(OFFICE):
        return held(work, right, facility_id).facility
    facility = work.session.get(Facility, facility_id)
    if facility is None:
        raise refuse("There is no facility {id}. Check the link.", id=str(facility_id))
    return facility


def is_owner(work: Work, organization_id: int, facility_id: int) -> bool:
    """Whether an organization is the facility's owner today, and not its operating authority."""
    owner = select(FacilityRelation.id).where(
        FacilityRelation.facility_id == facility_id,
        FacilityRelation.organization_id == organization_id,
        FacilityRelation.role == "owner",
        relation_stands(day_at(work.at)),
    )
    return work.session.scalar(owner.limit(1)) is not None


def class_stands(day: date) -> ColumnElement[bool]:
    """A class of a facility that is held true on a day."""
    return and_(
        FacilityClassification.superseded_at.is_(None),
        or_(FacilityClassification.valid_from.is_(None), FacilityClassification.valid_from <= day),
        or_(FacilityClassification.valid_until.is_(None), FacilityClassification.valid_until > day),
    )


def class_on(work: Work, facility_id: int, day: date) -> FacilityClassification | None:
    """The class on record on a day; None where none is known for it."""
    return work.session.scalar(
        select(FacilityClassification)
        .where(FacilityClassification.facility_id == facility_id, class_stands(day))
        .order_by(FacilityClassification.id.desc())
        .limit(1)
    )
