"""Writes the class of a facility: as its holder claimed it, as the list has it, or as the Director decided."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from core.facilities import FacilityClass, OrganizationKind
from core.facility_alignment import ClassStays, class_stays
from core.places import day_at
from db import kept_findings
from db.gate import Work
from db.schema import DirectorDecision, Facility, FacilityClaim, FacilityClassification, FacilityRelation
from db.verification.dated import end_all, give_way


def classify(work: Work, claim: FacilityClaim, facility: Facility) -> tuple[int, ...] | None:
    """The facility has the claimed class from today, unless its own stays. The ids of those that ended for it;
    None where nothing was written."""
    if stays(work, claim, FacilityClass(claim.facility_class), facility.id) is not None:
        return None
    ended = end_all(work, classifications(work, facility.id), day_at(work.at))
    written = FacilityClassification(
        facility_id=facility.id,
        facility_class=claim.facility_class,
        claim_id=claim.id,
        valid_from=day_at(work.at),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(written)
    work.session.flush()
    kept_findings.retest(work, facility.id)
    work.record("facility.classified", "facility", facility.id, facility_class=claim.facility_class)
    return tuple(one.id for one in ended)


def stays(work: Work, claim: FacilityClaim, claimed: FacilityClass, facility_id: int | None) -> ClassStays | None:
    """Whether the facility keeps its class although a claim of it has this one. A class that the Director decided
    is left alone, and any that is on file where an operating authority claims what another organization owns."""
    standing = classifications(work, facility_id)
    if not standing:
        return None
    decided = next((one for one in standing if one.decision_id is not None), None)
    same = next((one for one in standing if one.facility_class == claimed), None)
    stands = decided or same or standing[0]
    return class_stays(
        FacilityClass(stands.facility_class),
        claimed,
        decided=decided is not None,
        anothers=_owned_by_another(work, claim, facility_id),
    )


def classifications(work: Work, facility_id: int | None) -> Sequence[FacilityClassification]:
    """The class of a facility that stands, without an end in sight."""
    standing = select(FacilityClassification).where(
        FacilityClassification.facility_id == facility_id,
        FacilityClassification.superseded_at.is_(None),
        FacilityClassification.valid_until.is_(None),
    )
    return work.session.scalars(standing).all()


def _owned_by_another(work: Work, claim: FacilityClaim, facility_id: int | None) -> bool:
    if OrganizationKind(claim.organization.kind).facility_role == "owner":
        return False
    others = exists().where(
        FacilityRelation.facility_id == facility_id,
        FacilityRelation.organization_id != claim.organization_id,
        FacilityRelation.role == "owner",
        FacilityRelation.superseded_at.is_(None),
        FacilityRelation.valid_until.is_(None),
    )
    return bool(work.session.scalar(select(others)))


def classify_by_decision(work: Work, facility: Facility, decision: DirectorDecision, number: str) -> None:
    """The facility has the class that the Director decided, by a certificate, from the day of the decision."""
    facility_class = decision.terms["facility_class"]
    decided = FacilityClassification(
        facility_id=facility.id,
        facility_class=facility_class,
        decision_id=decision.id,
        certificate_number=number,
        valid_from=decision.decided_on,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(decided)
    work.session.flush()
    before = select(FacilityClassification).where(
        FacilityClassification.facility_id == facility.id,
        FacilityClassification.id != decided.id,
        FacilityClassification.superseded_at.is_(None),
        or_(
            FacilityClassification.valid_until.is_(None),
            FacilityClassification.valid_until > decision.decided_on,
        ),
    )
    for one in work.session.scalars(before).all():
        give_way(work, one, decision.decided_on, decided.id)
    kept_findings.retest(work, facility.id)
    work.record(
        "facility.classified", "facility", facility.id, facility_class=facility_class, decision=decision.id
    )
