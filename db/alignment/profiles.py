"""Operators' profiles with their confirmed certificates: what is on file, and what stands by the listing."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from core.alignment import Aligned, Basis, Confirmed, aligned
from core.licences import Licence, LicenceClass, LicenceType
from core.listings import ListedLicence as Line
from core.listings import ListedStatus
from core.places import day_at
from core.profiles import ClaimState, Move, State
from db.gate import Work
from db.register_schema import ClaimOverride, Discrepancy, ListedLicence, ListingImport
from db.schema import CertificateClaim, Credential, OperatorProfile, Person

_CHUNK = 500  # ids in one statement


@dataclass(frozen=True)
class CertificateOnFile:
    """A confirmed certificate: what stands of it by the listing, and what is on file."""

    claim_id: int
    claimed: Licence
    stands: Aligned
    credential_id: int | None
    held: Licence | None
    discrepancy_id: int | None

    @property
    def differs_on_file(self) -> bool:
        return self.stands.licence != self.held

    @property
    def is_due(self) -> bool:
        return self.differs_on_file or self.stands.differs != (self.discrepancy_id is not None)


@dataclass(frozen=True)
class ProfileOnFile:
    """An operator's profile with its confirmed certificates."""

    profile_id: int
    person_id: int
    state: State
    suspended_by_alignment: bool
    certificates: tuple[CertificateOnFile, ...]

    def counts(self, today: date) -> bool:
        """Whether any certificate counts on a day."""
        return any(
            one.stands.licence is not None and one.stands.licence.in_force_on(today) for one in self.certificates
        )

    def move(self, today: date) -> Move | None:
        """What becomes of the profile; None where it stays as it is."""
        if self.state is State.ACTIVE and not self.counts(today):
            return Move.SUSPEND
        if self.state is State.SUSPENDED and self.suspended_by_alignment and self.counts(today):
            return Move.RESTORE
        return None

    def is_due(self, today: date) -> bool:
        return self.move(today) is not None or any(one.is_due for one in self.certificates)


def profiles_on_file(
    work: Work, listing: ListingImport | None, of: Collection[int] | None
) -> Iterator[ProfileOnFile]:
    """The profiles with their confirmed certificates, a few statements for all of them."""
    today = day_at(work.at)
    rows: dict[tuple[int, int, str, bool], list[CertificateOnFile]] = defaultdict(list)
    for ids in chunks(of):
        for row in work.session.execute(_confirmed(listing, ids)):
            profile = (row.profile_id, row.person_id, row.state, row.suspended_by_alignment)
            rows[profile].append(_certificate(row, listing, today))
    for (profile_id, person_id, state, by_alignment), certificates in rows.items():
        yield ProfileOnFile(profile_id, person_id, State(state), by_alignment, tuple(certificates))


def chunks(ids: Collection[int] | None) -> Iterator[list[int] | None]:
    if ids is None:
        yield None
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _confirmed(listing: ListingImport | None, ids: list[int] | None) -> Any:
    claim, line = CertificateClaim, ListedLicence
    listed = and_(
        line.import_id == (listing.id if listing else None),
        line.operator_id == Person.operator_id,
        line.number == claim.number,
        line.licence_type == claim.licence_type,
    )
    on_file = and_(
        Credential.claim_id == claim.id, Credential.superseded_at.is_(None), Credential.valid_until.is_(None)
    )
    query = (
        select(
            claim.id.label("claim_id"),
            claim.profile_id,
            claim.number,
            claim.licence_type,
            claim.licence_class,
            claim.expiry,
            claim.valid_for,
            claim.basis,
            claim.confirmed_on,
            OperatorProfile.person_id,
            OperatorProfile.state,
            OperatorProfile.suspended_by_alignment,
            ClaimOverride.review_on,
            line.id.label("line_id"),
            line.operator_id,
            line.last_name,
            line.first_name,
            line.licence_class.label("listed_class"),
            line.expiry.label("listed_expiry"),
            line.status,
            line.municipality,
            Credential.id.label("credential_id"),
            Credential.licence_class.label("held_class"),
            Credential.expiry.label("held_expiry"),
            Discrepancy.id.label("discrepancy_id"),
            _kept(listing).label("kept"),
        )
        .join(OperatorProfile, OperatorProfile.id == claim.profile_id)
        .join(Person, Person.id == OperatorProfile.person_id)
        .outerjoin(ClaimOverride, and_(ClaimOverride.claim_id == claim.id, ClaimOverride.state == "standing"))
        .outerjoin(line, listed)
        .outerjoin(Credential, on_file)
        .outerjoin(Discrepancy, and_(Discrepancy.claim_id == claim.id, Discrepancy.state == "open"))
        .where(claim.state == ClaimState.CONFIRMED, OperatorProfile.state != State.CLOSED)
        .order_by(claim.id)
    )
    return query if ids is None else query.where(claim.profile_id.in_(ids))


def _kept(listing: ListingImport | None) -> Any:
    """Whether an officer has kept the decision against this listing."""
    kept = aliased(Discrepancy)
    return exists().where(
        kept.claim_id == CertificateClaim.id,
        kept.import_id == (listing.id if listing else None),
        kept.state == "kept",
    )


def _certificate(row: Any, listing: ListingImport | None, today: date) -> CertificateOnFile:
    claimed = _licence(row, row.licence_class, row.expiry)
    line = None
    if row.line_id is not None:
        licence = _licence(row, row.listed_class, row.listed_expiry)
        status = ListedStatus(row.status)
        line = Line(row.operator_id, row.last_name, row.first_name, licence, status, row.municipality)
    confirmed = Confirmed(claimed, Basis(row.basis), row.confirmed_on, row.review_on, row.kept)
    return CertificateOnFile(
        row.claim_id,
        claimed,
        aligned(confirmed, line, listing.listed_on if listing else None, today),
        row.credential_id,
        None if row.credential_id is None else _licence(row, row.held_class, row.held_expiry),
        row.discrepancy_id,
    )


def _licence(row: Any, licence_class: str | None, expiry: date) -> Licence:
    return Licence(
        row.number,
        LicenceType(row.licence_type),
        LicenceClass(licence_class) if licence_class else None,
        expiry,
        row.valid_for,
    )
