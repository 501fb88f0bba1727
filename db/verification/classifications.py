"""Writes the class of a facility: as its holder claimed it, as the list has it, or as the Director decided."""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from core.facilities import OrganizationKind
from core.places import day_at
from db import kept_findings
from db.gate import Work
from db.schema import DirectorDecision, Facility, FacilityClaim, FacilityClassification, FacilityRelation
from db.verification.dated import end_all, give_way


def classify(work: Work, claim: FacilityClaim, facility: Facility) -> tuple[int, ...] | None:
    """The facility has the claimed class from today, unless it has it already. The ids of those that ended for it;
    None where nothing was written.

    A class that the Director decided is left alone, and any that is on file where an operating authority claims
    what another organization owns.
    """
    standing = classifications(work, facility.id)
    if any(one.decision_id is not None or one.facility_class == claim.facility_class for one in standing):
        return None
    if standing and _owned_by_another(work, claim, facility):
        return None
    ended = end_all(work, standing, day_at(work.at))
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
    work.record("facility.classified", "facility", facility.id, facility_class=claim.facility_class)
    return tuple(one.id for one in ended)


def classifications(work: Work, facility_id: int | None) -> Sequence[FacilityClassification]:
    """The class of a facility that stands, without an end in sight."""
    standing = select(FacilityClassification).where(
        FacilityClassification.facility_id == facility_id,
        FacilityClassification.superseded_at.is_(None),
        FacilityClassification.valid_until.is_(None),
    )
    return work.session.scalars(standing).all()


def _owned_by_another(work: Work, claim: FacilityClaim, facility: Facility) -> bool:
    if OrganizationKind(claim.organization.kind).facility_role == "owner":
        return False
    others = exists().where(
        FacilityRelation.facility_id == facility.id,
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
