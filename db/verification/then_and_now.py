"""What was held of each claim of a submission when it was decided, and what is held of it now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.alignment import Status
from core.licences import Licence
from db.gate import Work
from db.schema import Credential, FacilityClaim, FacilityRelation
from db.verification.profile_views import licence_of


@dataclass(frozen=True)
class Held:
    """`then`: it was confirmed when the submission was decided. `now`: it is held today; of a certificate that
    counts, `counts_as` is what stands of it by the listing."""

    then: bool = False
    now: bool = False
    counts_as: Licence | None = None


def of_certificates(work: Work, claim_ids: Collection[int], decided_at: datetime | None) -> dict[int, Held]:
    """By the claim, also of one that was taken out since; `decided_at` None where nothing is decided yet."""
    rows = _recorded(work, Credential, Credential.claim_id.in_(claim_ids))
    held = {}
    for claim_id in claim_ids:
        its = [row for row in rows if row.claim_id == claim_id]
        counts = next((row for row in its if row.superseded_at is None and row.status == Status.IN_FORCE), None)
        held[claim_id] = Held(_stood(its, decided_at), bool(counts), licence_of(counts) if counts else None)
    return held


def of_facilities(work: Work, claim_ids: Collection[int], decided_at: datetime | None) -> dict[int, Held]:
    """The same of facilities, which the organization holds or holds no more."""
    claims = work.session.scalars(select(FacilityClaim).where(FacilityClaim.id.in_(claim_ids))).all()
    places = [claim.facility_id for claim in claims if claim.facility_id is not None]
    rows = _recorded(work, FacilityRelation, FacilityRelation.facility_id.in_(places))
    held = {}
    for claim in claims:
        its = [row for row in rows if (row.facility_id, row.organization_id) == _place(claim)]
        held[claim.id] = Held(_stood(its, decided_at), any(row.superseded_at is None for row in its))
    return held


def _place(claim: FacilityClaim) -> tuple[int | None, int]:
    return claim.facility_id, claim.organization_id


def _recorded(work: Work, table: Any, which: Any) -> list[Any]:
    """Facts that had no end when they were recorded, those superseded since among them."""
    return list(work.session.scalars(select(table).where(which, table.valid_until.is_(None)).order_by(table.id)))


def _stood(rows: Collection[Any], at: datetime | None) -> bool:
    """Whether one of the facts stood at a moment, by what was on record once all of that moment was written."""
    return at is not None and any(
        row.recorded_at <= at and (row.superseded_at is None or row.superseded_at > at) for row in rows
    )
