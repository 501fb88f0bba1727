"""An operator's own profile: the Operator ID, the certificates, the agreement, and when and where one can work."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from core import entries
from core.availability import to_bits
from core.entries import AvailabilityEntry
from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point, closeness, day_at, unit_vector
from core.problems import raise_if_any, refuse
from core.profiles import ClaimState, Move, State, must_be_open_for_editing
from core.roles import Role
from db.accounts import contacts
from db.gate import NotAllowed, Work, service
from db.listing import Listing, one_page
from db.places import regions
from db.register_schema import OperatorRegion
from db.schema import Account, CertificateClaim, ContactLook, OperatorProfile, Organization, Person
from db.verification import borne_out, submissions
from db.verification.facts import end_credential
from db.verification.profile_views import MyProfile, certificates_in, licence_of, operator_view


@dataclass(frozen=True)
class Look:
    """Somebody opened the contact details: who, for which organization ("" for the office), and when."""

    who: str
    organization: str
    at: datetime


@service(Role.OPERATOR)
def my_profile(work: Work) -> MyProfile:
    """The profile of whoever asks."""
    account = work.account
    mine = select(OperatorProfile).where(OperatorProfile.person_id == account.person_id)
    return operator_view(work, work.session.scalar(mine))


@service(Role.OPERATOR, shows_personal_data=True)
def my_looks(work: Work, page: int = 1) -> Listing[Look]:
    """Who looked at the contact details, the latest first, 50 a page."""
    looks = (
        select(Person, Organization.name, ContactLook.at)
        .join(OperatorProfile, OperatorProfile.id == ContactLook.profile_id)
        .join(Account, Account.id == ContactLook.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Organization, Organization.id == ContactLook.organization_id)
        .where(OperatorProfile.person_id == work.account.person_id)
        .order_by(ContactLook.at.desc(), ContactLook.id.desc())
    )
    rows, total, page = one_page(work, looks, page)
    work.record("looks.seen", "person", work.account.person_id, count=len(rows))
    shown = tuple(Look(person.name, organization or "", at) for person, organization, at in rows)
    return Listing(shown, total, page)


@service(Role.OPERATOR, writes=True)
def save_operator_id(work: Work, operator_id: str, version: int) -> None:
    """Enters or changes the Operator ID. A changed one is verified once the profile is submitted."""
    raise_if_any(entries.operator_id(operator_id))
    profile = _edited(work, version)
    _must_keep_operator_id(profile, entries.clean(operator_id))
    profile.claimed_operator_id = entries.clean(operator_id)
    work.record("operator_profile.changed", "operator_profile", profile.id, fields=["operator_id"])


@service(Role.OPERATOR, writes=True)
def add_certificate(
    work: Work,
    number: str,
    licence_type: str,
    licence_class: str | None,
    expiry: date | None,
    valid_for: str,
    version: int,
) -> int:
    """Adds a certificate to the profile. Returns the claim's id."""
    licence = _licence(work, number, licence_type, licence_class, expiry, valid_for)
    profile = _edited(work, version)
    _not_twice(profile, licence, apart_from=())
    return _add(work, profile, licence, replaces=None).id


@service(Role.OPERATOR, writes=True)
def change_certificate(
    work: Work,
    claim_id: int,
    number: str,
    licence_type: str,
    licence_class: str | None,
    expiry: date | None,
    valid_for: str,
    version: int,
) -> int:
    """Changes a certificate. A confirmed one stands until the office confirms the change, a claim of its own.

    Returns the id of the claim that now says what was entered.
    """
    licence = _licence(work, number, licence_type, licence_class, expiry, valid_for)
    profile = _edited(work, version)
    claim = _own_claim(profile, claim_id)
    _not_twice(profile, licence, apart_from=(claim.id, claim.replaces_id))
    if claim.state == ClaimState.CONFIRMED:
        if any(other.replaces_id == claim.id for other in certificates_in(profile)):
            raise refuse(
                "A change of certificate {number} is in your profile already. Change that entry instead.",
                number=claim.number,
            )
        return _add(work, profile, licence, replaces=claim.id).id
    claim.state = ClaimState.DRAFT
    claim.refused_because = ""
    claim.number, claim.licence_type, claim.expiry = licence.number, licence.licence_type, licence.expiry
    claim.licence_class, claim.valid_for = licence.licence_class, licence.valid_for
    work.record("certificate.changed", "certificate_claim", claim.id)
    return claim.id


@service(Role.OPERATOR, writes=True)
def delete_certificate(work: Work, claim_id: int, version: int) -> None:
    """Takes a certificate out of the profile. A confirmed one is found no more from today."""
    profile = _edited(work, version)
    claim = _own_claim(profile, claim_id)
    work.record("certificate.deleted", "certificate_claim", claim.id, state=claim.state)
    if claim.state == ClaimState.CONFIRMED:
        end_credential(work, claim)
    for other in certificates_in(profile):
        if other.replaces_id == claim.id:
            other.replaces_id = None
    if claim.state == ClaimState.DRAFT and not submissions.ever_submitted(work, profile, claim):
        profile.certificates.remove(claim)
        work.session.delete(claim)
        return
    claim.state = ClaimState.WITHDRAWN


@service(Role.OPERATOR, writes=True)
def submit(work: Work, version: int) -> None:
    """Ticks the agreement and hands the profile to the office.

    An active profile stays active while new or changed certificates wait; with another Operator ID than the
    confirmed one the whole profile is verified anew.
    """
    borne_out.hold_still(work)
    profile = _touched(work, version)
    submissions.must_not_be_submitted(profile)
    if not profile.claimed_operator_id:
        raise refuse("Enter your Operator ID first, then submit.", field="operator_id")
    _must_keep_operator_id(profile, profile.claimed_operator_id)
    how = Move.SUBMIT
    if profile.state == State.ACTIVE and profile.claimed_operator_id != profile.person.operator_id:
        how = Move.REOPEN
    states = {claim.state for claim in certificates_in(profile)}
    whole = how is Move.REOPEN or profile.state not in (State.ACTIVE, State.SUSPENDED)
    if ClaimState.DRAFT not in states and not (whole and ClaimState.CONFIRMED in states):
        raise refuse(
            "There is no new or changed certificate to verify. Add a certificate, or change one that was not "
            "confirmed, then submit."
        )
    submissions.submit(work, profile, how)


@service(Role.OPERATOR, writes=True)
def withdraw(work: Work, version: int) -> None:
    """Unticks the agreement, so that the profile can be changed; what waits is taken back from the office."""
    submissions.take_back(work, _touched(work, version))


@service(Role.OPERATOR, writes=True)
def set_availability(work: Work, entry: AvailabilityEntry, version: int) -> None:
    """Sets when and where the operator can work."""
    named = contacts.problem_with_contacts_in(entry.notes[: entries.NOTES_LENGTH], "notes")
    raise_if_any([*entry.problems(regions(), day_at(work.at)), *([named] if named else [])])
    entry = entry.cleaned()
    profile = _active(work, version)
    assert entry.latitude is not None and entry.longitude is not None and entry.travel_km is not None  # noqa: S101, PT018 - checked
    profile.available = entry.available
    profile.slots = to_bits(entry.slots)
    profile.base_place = entry.base_place
    profile.base_latitude, profile.base_longitude = entry.latitude, entry.longitude
    profile.base_x, profile.base_y, profile.base_z = unit_vector(Point(entry.latitude, entry.longitude))
    profile.travel_km, profile.travel_closeness = entry.travel_km, closeness(entry.travel_km)
    profile.earliest_start, profile.notes = entry.earliest_start, entry.notes
    work.session.execute(delete(OperatorRegion).where(OperatorRegion.profile_id == profile.id))
    work.session.add_all(OperatorRegion(profile_id=profile.id, code=code) for code in entry.regions)
    work.record("availability.changed", "operator_profile", profile.id, available=entry.available)


@service(Role.OPERATOR, writes=True)
def switch_availability(work: Work, available: bool, version: int) -> None:
    """Switches availability off, or on as it was: all that was set is kept. On in an active profile alone; off
    also while the profile waits or is suspended, so that it comes back as its holder left it."""
    profile = _active(work, version) if available else _touched(work, version)
    if profile.state == State.CLOSED:
        raise refuse("Your profile is closed, so owners do not find you anyway.")
    if available and not (profile.slots and profile.base_place):
        raise refuse(
            "Choose at least one shift and your base place, and save them; then you can be found.", field="slots"
        )
    profile.available = available
    work.record("availability.switched", "operator_profile", profile.id, available=available)


def _touched(work: Work, version: int) -> OperatorProfile:
    """The profile of whoever asks, locked and marked as changed; made where it is not there yet."""
    mine = select(OperatorProfile.id).where(OperatorProfile.person_id == work.account.person_id)
    profile_id = work.session.scalar(mine)
    if profile_id is None:
        work.for_update(Person, work.account.person_id)  # two tabs at once make one profile
        profile_id = work.session.scalar(mine)
    if profile_id is not None:
        profile = work.for_update(OperatorProfile, profile_id)
        work.touch(profile, version)
        return profile
    submissions.must_be_new(version)
    profile = OperatorProfile(
        person=work.account.person,
        state=State.DRAFT,
        claimed_operator_id="",
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(profile)
    work.session.flush()
    work.record("operator_profile.made", "operator_profile", profile.id)
    return profile


def _edited(work: Work, version: int) -> OperatorProfile:
    """The locked profile, where what the office verifies may be changed now."""
    profile = _touched(work, version)
    must_be_open_for_editing(State(profile.state), bool(profile.agreed_version))
    submissions.move(work, profile, Move.EDIT)
    return profile


def _must_keep_operator_id(profile: OperatorProfile, operator_id: str) -> None:
    """Raises Refused for another Operator ID while the profile is suspended: all of it would be verified anew."""
    if profile.state == State.SUSPENDED and operator_id != profile.person.operator_id:
        raise refuse(
            "Your profile is suspended, so your Operator ID stays {confirmed} until the suspension ends. "
            "Telephone the office if it has to be changed now.",
            field="operator_id",
            confirmed=profile.person.operator_id or "",
        )


def _active(work: Work, version: int) -> OperatorProfile:
    profile = _touched(work, version)
    if profile.state != State.ACTIVE:
        raise refuse(
            "Your profile is “{state}”. Availability can be set once the office has verified it.",
            state=State(profile.state).label,
        )
    return profile


def _licence(
    work: Work, number: str, licence_type: str, licence_class: str | None, expiry: date | None, valid_for: str
) -> Licence:
    today = day_at(work.at)
    raise_if_any(entries.certificate(number, licence_type, licence_class or None, expiry, valid_for, today))
    assert expiry is not None  # noqa: S101 - checked above
    return Licence(
        entries.clean_number(number),
        LicenceType(licence_type),
        LicenceClass(licence_class) if licence_class else None,
        expiry,
        entries.clean(valid_for),
    )


def _not_twice(profile: OperatorProfile, licence: Licence, apart_from: Collection[int | None]) -> None:
    """Raises Refused where the profile has this certificate already: the same number and type."""
    for claim in certificates_in(profile):
        if claim.id in apart_from or (claim.replaces_id is not None and claim.replaces_id in apart_from):
            continue
        if (claim.number, claim.licence_type) == (licence.number, licence.licence_type):
            raise_if_any([entries.certificate_twice(licence_of(claim))])


def _own_claim(profile: OperatorProfile, claim_id: int) -> CertificateClaim:
    for claim in certificates_in(profile):
        if claim.id == claim_id:
            return claim
    raise NotAllowed


def _add(work: Work, profile: OperatorProfile, licence: Licence, replaces: int | None) -> CertificateClaim:
    claim = CertificateClaim(
        number=licence.number,
        licence_type=licence.licence_type,
        licence_class=licence.licence_class,
        expiry=licence.expiry,
        valid_for=licence.valid_for,
        state=ClaimState.DRAFT,
        entered_at=work.at,
        replaces_id=replaces,
    )
    profile.certificates.append(claim)
    work.session.flush()
    work.record("certificate.added", "certificate_claim", claim.id, replaces=replaces)
    return claim
