"""Overrides that ended as a listing had the certificate, when it was verified anew, stand again once that listing
is withdrawn: two officers believed it, and nothing has taken that back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.alignment import Basis
from core.profiles import ClaimState
from db.gate import Work
from db.register_schema import ClaimOverride, ListingImport
from db.schema import AuditEntry, CertificateClaim, OperatorProfile, Submission
from db.verification import overrides


@dataclass(frozen=True)
class Ended:
    """An override that a listing ended, and on what its certificate rested before."""

    override_id: int
    claim_id: int
    profile_id: int
    confirmed_on: date
    import_id: int | None


def ended_by(work: Work, listing: ListingImport) -> list[Ended]:
    """Those that the listing ended, as the trail has it."""
    rows = work.session.execute(
        select(ClaimOverride.id, CertificateClaim.id, CertificateClaim.profile_id, AuditEntry.details)
        .join(AuditEntry, AuditEntry.subject_id == ClaimOverride.id)
        .join(CertificateClaim, CertificateClaim.id == ClaimOverride.claim_id)
        .where(
            AuditEntry.subject == "claim_override",
            AuditEntry.action == "override.ended_by_listing",
            ClaimOverride.state == "ended",
        )
        .order_by(AuditEntry.id)
    )
    found = {row[0]: row for row in rows if row[3]["listing"] == listing.id}
    return [
        Ended(override_id, claim_id, profile_id, date.fromisoformat(details["confirmed_on"]), details["compared"])
        for override_id, claim_id, profile_id, details in found.values()
    ]


def believe_again(work: Work, listing: ListingImport, ended: Iterable[Ended]) -> None:
    """They stand again, but for what somebody has decided on since, and what they were agreed to under another
    Operator ID or name than is confirmed by now."""
    for one in ended:
        claim = work.session.get_one(CertificateClaim, one.claim_id, populate_existing=True)
        override = work.for_update(ClaimOverride, one.override_id)
        if _rests_on(claim, listing) and override.state == "ended" and _is_of_the_same(work, override, claim):
            overrides.stand_again(work, override)
            claim.basis, claim.confirmed_on = Basis.OVERRIDE, one.confirmed_on
            claim.compared_import_id = one.import_id
    work.session.flush()


def _rests_on(claim: CertificateClaim, listing: ListingImport) -> bool:
    rests_on: tuple[Any, ...] = (claim.state, claim.basis, claim.compared_import_id)
    return rests_on == (ClaimState.CONFIRMED, Basis.LISTING, listing.id)


def _is_of_the_same(work: Work, override: ClaimOverride, claim: CertificateClaim) -> bool:
    """Whether two officers believed it for the Operator ID and the name of today."""
    claimed = work.session.get_one(Submission, override.submission_id).claimed
    person = work.session.get_one(OperatorProfile, claim.profile_id).person
    return (claimed.get("operator_id"), claimed["name"]) == (person.operator_id, person.name)
