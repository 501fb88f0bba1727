"""Which facilities an organization holds, and the class of a facility on a day."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from core.places import day_at
from db.finding import relation_stands
from db.gate import NotAllowed, Work
from db.schema import Facility, FacilityClassification, FacilityRelation
from db.verification.organizations import own_organization_id


def owns(work: Work, facility_id: int) -> bool:
    """Whether the organization of whoever asks is the facility's owner today, and not its operating authority."""
    owner = select(FacilityRelation.id).where(
        FacilityRelation.facility_id == facility_id,
        FacilityRelation.organization_id == own_organization_id(work),
        FacilityRelation.role == "owner",
        relation_stands(day_at(work.at)),
    )
    return work.session.scalar(owner.limit(1)) is not None


def own_facility(work: Work, facility_id: int) -> Facility:
    """A facility that the organization of whoever asks owns or operates today. Raises NotAllowed for another."""
    held = select(FacilityRelation.id).where(
        FacilityRelation.facility_id == facility_id,
        FacilityRelation.organization_id == own_organization_id(work),
        relation_stands(day_at(work.at)),
    )
    facility = work.session.get(Facility, facility_id)
    if facility is None or work.session.scalar(held.limit(1)) is None:
        raise NotAllowed
    return facility


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
