"""Profiles as their holders see them: frozen, whole, and with every state named."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from core.alignment import CheckedAgainst, Status
from core.availability import Slot, from_bits
from core.facilities import FacilityClass, FacilityType, OrganizationKind
from core.facility_alignment import told_to_owners
from core.licences import Licence, LicenceClass, LicenceType
from core.listed_otherwise import ListedOtherwise
from core.places import Point, day_at
from core.profiles import ClaimState, Move, State, SubmissionState, after
from core.sentences import Sentence
from db.gate import Work
from db.places import regions
from db.register_schema import OperatorRegion
from db.schema import (
    CertificateClaim,
    ContactLook,
    Credential,
    FacilityClaim,
    FacilityClassification,
    FacilityRelation,
    OperatorProfile,
    Organization,
    Submission,
)
from db.verification import borne_out
from db.verification.confirmed_facilities import OnFile, checked_facilities, on_file
from db.verification.listed_otherwise import listed_otherwise
from db.verification.overrides import facilities_standing_until, standing_until
from db.verification.submissions import submissions_of


@dataclass(frozen=True)
class Certificate:
    """A certificate of the profile. `replaces_id` is the confirmed one that this is a change of."""

    claim_id: int
    licence: Licence
    state: ClaimState
    refused_because: str
    replaces_id: int | None
    expired: bool
    override_until: date | None = None  # its day of review, where it is confirmed by an override
    counts_as: Licence | None = None  # what stands of a confirmed one by the listing; None where it does not count
    otherwise: ListedOtherwise | None = None  # what the listing says of one that counts by the office's word


@dataclass(frozen=True)
class Progress:
    """How the office stands to a profile. `version` is 0 while nothing was entered yet."""

    version: int
    state: State
    agreed: bool
    waiting_since: datetime | None
    returned_because: str  # the reasons of the last return, until the profile is submitted again
    checked_on: date | None  # the office's day of the last approval
    suspended_because: str  # "" unless suspended

    @property
    def editable(self) -> bool:
        """Whether what the office verifies may be changed now."""
        return not self.agreed and after(self.state, Move.EDIT) is not None


@dataclass(frozen=True)
class MyProfile(Progress):
    """An operator's profile as its holder sees it."""

    claimed_operator_id: str = ""
    confirmed_operator_id: str = ""
    certificates: tuple[Certificate, ...] = ()
    available: bool = False
    slots: tuple[Slot, ...] = ()
    base_place: str = ""
    base: Point | None = None
    travel_km: int = 0
    regions: tuple[str, ...] = ()  # their codes, by name
    earliest_start: date | None = None
    notes: str = ""
    checked_against: CheckedAgainst | None = None  # None while nothing of it is confirmed
    looks: int = 0


@dataclass(frozen=True)
class Facility:
    """A facility of an owner's profile. `held` says whether the organization owns (operates) it today."""

    claim_id: int
    ministry_number: str
    name: str
    facility_type: FacilityType
    facility_class: FacilityClass
    place: str
    point: Point
    letter_date: date | None
    letter_reference: str
    letter_file_id: int | None
    state: ClaimState
    refused_because: str
    replaces_id: int | None
    held: bool
    decided_class: FacilityClass | None  # what the Director decided, where that stands; then it is the class
    class_certificate: str  # the number of the Director's certificate; "" without one
    override_until: date | None  # its day of review, where it is confirmed by an override
    facility_id: int | None  # the facility it was confirmed to be
    list_says: tuple[Sentence, ...] = ()  # what the list says otherwise of a confirmed one
    looked_at: bool = False  # by the office, as the list says so

    @property
    def ended(self) -> bool:
        """It was confirmed, and is another organization's now."""
        return self.state is ClaimState.CONFIRMED and not self.held


@dataclass(frozen=True)
class MyOrganization(Progress):
    """An owner's organization and facilities as its members see them."""

    name: str = ""
    kind: OrganizationKind | None = None
    facilities: tuple[Facility, ...] = ()
    checked_against: CheckedAgainst | None = None  # None while nothing that has a number is confirmed


def operator_view(work: Work, profile: OperatorProfile | None) -> MyProfile:
    """The profile, or an empty one where nothing was entered yet."""
    confirmed_id = work.account.person.operator_id or ""
    if profile is None:
        return MyProfile(**_nothing_yet(), confirmed_operator_id=confirmed_id)
    looks = select(func.count()).select_from(ContactLook).where(ContactLook.profile_id == profile.id)
    base = None
    if profile.base_latitude is not None and profile.base_longitude is not None:
        base = Point(profile.base_latitude, profile.base_longitude)
    today = day_at(work.at)
    return MyProfile(
        **_progress(work, profile),
        claimed_operator_id=profile.claimed_operator_id,
        confirmed_operator_id=confirmed_id,
        certificates=_certificates(work, profile, today),
        checked_against=checked_against(work, profile) if _is_compared(profile) else None,
        available=profile.available,
        slots=from_bits(profile.slots),
        base_place=profile.base_place,
        base=base,
        travel_km=profile.travel_km,
        regions=regions_of(work, profile),
        earliest_start=profile.earliest_start,
        notes=profile.notes,
        looks=work.session.scalar(looks) or 0,
    )


def organization_view(work: Work, organization: Organization | None) -> MyOrganization:
    """The organization, or an empty one where nothing was entered yet."""
    if organization is None:
        return MyOrganization(**_nothing_yet())
    standing = select(FacilityRelation.facility_id).where(
        FacilityRelation.organization_id == organization.id,
        FacilityRelation.superseded_at.is_(None),
        FacilityRelation.valid_until.is_(None),
    )
    held = set(work.session.scalars(standing))
    by_decision = select(FacilityClassification).where(
        FacilityClassification.facility_id.in_(held),
        FacilityClassification.decision_id.is_not(None),
        FacilityClassification.superseded_at.is_(None),
        FacilityClassification.valid_until.is_(None),
    )
    decided: dict[int | None, FacilityClassification] = {
        row.facility_id: row for row in work.session.scalars(by_decision)
    }
    ids = [claim.id for claim in facilities_in(organization)]
    until = facilities_standing_until(work, ids)
    beside = {one.claim_id: one for one in on_file(work, ids)[1]}
    return MyOrganization(
        **_progress(work, organization),
        name=organization.name,
        kind=OrganizationKind(organization.kind),
        facilities=tuple(
            _facility(claim, held, decided, until.get(claim.id), beside.get(claim.id))
            for claim in facilities_in(organization)
        ),
        checked_against=checked_against(work, organization) if _is_listed(organization) else None,
    )


def checked_against(work: Work, profile: OperatorProfile | Organization) -> CheckedAgainst:
    """The listing that what is confirmed of a profile is compared with, and what of it that does not bear out."""
    if isinstance(profile, Organization):
        return checked_facilities(work, profile)
    on_file = Credential.superseded_at.is_(None) & Credential.valid_until.is_(None)
    return borne_out.checked_certificates(work, (Credential.person_id == profile.person_id) & on_file)


def regions_of(work: Work, profile: OperatorProfile) -> tuple[str, ...]:
    """The codes of the regions that an operator has chosen, by the regions' names."""
    chosen = set(work.session.scalars(select(OperatorRegion.code).where(OperatorRegion.profile_id == profile.id)))
    return tuple(code for code in regions() if code in chosen)


def certificates_in(profile: OperatorProfile) -> list[CertificateClaim]:
    """The certificates of a profile, those withdrawn left out."""
    return [claim for claim in profile.certificates if claim.state != ClaimState.WITHDRAWN]


def facilities_in(organization: Organization) -> list[FacilityClaim]:
    """The facilities of an organization's profile, those withdrawn left out."""
    return [claim for claim in organization.claims if claim.state != ClaimState.WITHDRAWN]


def licence_of(claim: CertificateClaim | Credential) -> Licence:
    """The licence that a claim, or the credential that came of it, says its holder has."""
    return Licence(
        claim.number,
        LicenceType(claim.licence_type),
        LicenceClass(claim.licence_class) if claim.licence_class else None,
        claim.expiry,
        claim.valid_for,
    )


def _nothing_yet() -> dict[str, Any]:
    return {
        "version": 0, "state": State.DRAFT, "agreed": False,
        "waiting_since": None, "returned_because": "", "checked_on": None,
        "suspended_because": "",
    }  # fmt: skip


def _progress(work: Work, profile: OperatorProfile | Organization) -> dict[str, Any]:
    submitted = submissions_of(work, profile)
    return {
        "version": profile.version,
        "state": State(profile.state),
        "agreed": bool(profile.agreed_version),
        "waiting_since": _waiting_since(submitted),
        "returned_because": _returned_because(submitted),
        "checked_on": _checked_on(submitted),
        "suspended_because": profile.suspended_because,
    }


def _is_compared(profile: OperatorProfile) -> bool:
    return any(claim.state == ClaimState.CONFIRMED for claim in profile.certificates)


def _is_listed(organization: Organization) -> bool:
    return any(claim.state == ClaimState.CONFIRMED and claim.ministry_number for claim in organization.claims)


def _certificates(work: Work, profile: OperatorProfile, today: date) -> tuple[Certificate, ...]:
    claims = certificates_in(profile)
    until = standing_until(work, [claim.id for claim in claims])
    held = _held(work, claims)
    otherwise = listed_otherwise(work, Credential.person_id == profile.person_id)
    return tuple(
        _certificate(claim, today, until.get(claim.id), held.get(claim.id), otherwise.get(claim.id))
        for claim in claims
    )


def _held(work: Work, claims: Collection[CertificateClaim]) -> dict[int, Licence]:
    """What counts of these certificates, by the claim; those that do not count are left out."""
    rows = work.session.scalars(
        select(Credential).where(
            Credential.claim_id.in_([claim.id for claim in claims]),
            Credential.superseded_at.is_(None),
            Credential.valid_until.is_(None),
            Credential.status == Status.IN_FORCE,
        )
    )
    return {row.claim_id: licence_of(row) for row in rows if row.claim_id is not None}


def _certificate(
    claim: CertificateClaim,
    today: date,
    override_until: date | None,
    held: Licence | None,
    otherwise: ListedOtherwise | None,
) -> Certificate:
    licence = licence_of(claim)
    return Certificate(
        claim_id=claim.id,
        licence=licence,
        state=ClaimState(claim.state),
        refused_because=claim.refused_because,
        replaces_id=claim.replaces_id,
        expired=not (held or licence).in_force_on(today),
        override_until=override_until,
        counts_as=held,
        otherwise=otherwise,
    )


def _facility(
    claim: FacilityClaim,
    held: set[int],
    decided: Mapping[int | None, FacilityClassification],
    override_until: date | None,
    beside: OnFile | None,
) -> Facility:
    decision = decided.get(claim.facility_id)
    return Facility(
        claim_id=claim.id,
        ministry_number=claim.ministry_number,
        name=claim.name,
        facility_type=FacilityType(claim.facility_type),
        facility_class=FacilityClass(claim.facility_class),
        place=claim.place,
        point=Point(claim.latitude, claim.longitude),
        letter_date=claim.letter_date,
        letter_reference=claim.letter_reference,
        letter_file_id=claim.letter_file_id,
        state=ClaimState(claim.state),
        refused_because=claim.refused_because,
        replaces_id=claim.replaces_id,
        held=claim.facility_id in held,
        decided_class=FacilityClass(decision.facility_class) if decision else None,
        class_certificate=(decision.certificate_number or "") if decision else "",
        override_until=override_until,
        facility_id=claim.facility_id,
        list_says=told_to_owners(beside.comparison) if beside and beside.said is not None else (),
        looked_at=beside is not None and beside.asked,
    )


def _waiting_since(submissions: list[Submission]) -> datetime | None:
    return next((one.submitted_at for one in submissions if one.state == SubmissionState.OPEN), None)


def _returned_because(submissions: list[Submission]) -> str:
    """The reasons of the last return, until the profile is submitted again."""
    if submissions and submissions[0].state == SubmissionState.RETURNED:
        return submissions[0].reasons
    return ""


def _checked_on(submissions: list[Submission]) -> date | None:
    """The office's day of the last approval."""
    days = [
        day_at(one.decided_at) for one in submissions if one.state == SubmissionState.APPROVED and one.decided_at
    ]
    return days[0] if days else None
