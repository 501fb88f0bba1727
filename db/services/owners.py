"""An owner's organization and its facilities, as its managers claim them and hand them to the office."""

from collections.abc import Collection
from dataclasses import asdict

from core import entries
from core.entries import FacilityEntry
from core.facilities import OrganizationKind
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.profiles import ClaimState, Move, State, must_be_open_for_editing
from core.roles import Role
from core.sentences import Sentence
from db import kept_findings
from db.gate import NotAllowed, Work, service
from db.members import is_own_file, managed_id
from db.memberships import first_manager
from db.schema import Account, FacilityClaim, Organization, StoredFile
from db.verification import borne_out, submissions
from db.verification.facts import end_relation
from db.verification.profile_views import MyOrganization, facilities_in, organization_view


@service(Role.OWNER)
def my_organization(work: Work) -> MyOrganization:
    """The organization that whoever asks manages, with its facilities."""
    organization_id = managed_id(work)
    found = None if organization_id is None else work.session.get(Organization, organization_id)
    return organization_view(work, found)


@service(Role.OWNER, writes=True)
def save_organization(work: Work, name: str, kind: str, version: int) -> None:
    """Enters the organization (version 0), or changes its name or kind.

    An active organization whose name or kind changes is verified anew: it is a draft until it is submitted
    and approved again.
    """
    raise_if_any(entries.organization(name, kind))
    organization = _own(work, version, make=True)
    must_be_open_for_editing(State(organization.state), bool(organization.agreed_version))
    entered = (entries.clean(name), OrganizationKind(kind))
    if (organization.name, organization.kind) == entered:
        return
    if organization.state == State.SUSPENDED:
        raise refuse(
            "Your organization is suspended, so its name and kind stay as they are until the office ends the "
            "suspension. Telephone the office if they have to be changed now."
        )
    if organization.state == State.ACTIVE:
        submissions.move(work, organization, Move.REOPEN)
        submissions.move(work, organization, Move.WITHDRAW)
    submissions.move(work, organization, Move.EDIT)
    organization.name, organization.kind = entered
    kept_findings.retest_owned(work, organization.id)
    work.record("organization.changed", "organization", organization.id, fields=["name", "kind"])


@service(Role.OWNER, writes=True)
def add_facility(work: Work, entry: FacilityEntry, version: int) -> int:
    """Adds a facility. A letter verifies one without a number. Returns the claim's id."""
    organization = _edited(work, version)
    return _add(work, organization, entry, replaces=None)


@service(Role.OWNER, writes=True)
def change_facility(work: Work, claim_id: int, entry: FacilityEntry, version: int) -> int:
    """Changes a facility. A confirmed one stands until the office confirms the change, a claim of its own.

    Returns the id of the claim that now says what was entered.
    """
    organization = _edited(work, version)
    claim = _own_claim(organization, claim_id)
    if claim.state == ClaimState.CONFIRMED:
        if any(other.replaces_id == claim.id for other in facilities_in(organization)):
            raise refuse(
                "A change of facility {name} is in your profile already. Change that entry instead.",
                name=claim.name,
            )
        return _add(work, organization, entry, replaces=claim.id)
    for name, value in asdict(_checked(work, organization, entry, (claim.id, claim.replaces_id))).items():
        setattr(claim, name, value)
    claim.state = ClaimState.DRAFT
    claim.refused_because = ""
    work.record("facility_claim.changed", "facility_claim", claim.id)
    return claim.id


@service(Role.OWNER, writes=True)
def delete_facility(work: Work, claim_id: int, version: int) -> None:
    """Takes a facility out of the profile. One that is confirmed is the organization's no more from today."""
    organization = _edited(work, version)
    claim = _own_claim(organization, claim_id)
    work.record("facility_claim.deleted", "facility_claim", claim.id, state=claim.state)
    if claim.state == ClaimState.CONFIRMED:
        end_relation(work, claim)
    for other in facilities_in(organization):
        if other.replaces_id == claim.id:
            other.replaces_id = None
    if claim.state == ClaimState.DRAFT and not submissions.ever_submitted(work, organization, claim):
        organization.claims.remove(claim)
        work.session.delete(claim)
        return
    claim.state = ClaimState.WITHDRAWN


@service(Role.OWNER, writes=True)
def submit(work: Work, version: int) -> None:
    """Ticks the agreement and hands the organization and its facilities to the office.

    An active organization keeps what is verified while new or changed facilities wait.
    """
    borne_out.hold_still(work)
    organization = _own(work, version)
    submissions.must_not_be_submitted(organization)
    states = {claim.state for claim in facilities_in(organization)}
    whole = organization.state not in (State.ACTIVE, State.SUSPENDED)
    if ClaimState.DRAFT not in states and not (whole and ClaimState.CONFIRMED in states):
        raise refuse(
            "There is no new or changed facility to verify. Add a facility, or change one that was not confirmed, "
            "then submit."
        )
    _every_facility_can_be_verified(organization)
    submissions.submit(work, organization, Move.SUBMIT)


@service(Role.OWNER, writes=True)
def withdraw(work: Work, version: int) -> None:
    """Unticks the agreement, so that the profile can be changed; what waits is taken back from the office."""
    submissions.take_back(work, _own(work, version))


def _own(work: Work, version: int, *, make: bool = False) -> Organization:
    """The organization that whoever asks manages, locked and marked as changed; with `make`, made where there
    is none."""
    organization_id = managed_id(work)
    if organization_id is None and make:
        work.for_update(Account, work.account.id)  # two tabs at once make one organization
        organization_id = managed_id(work)
    if organization_id is not None:
        organization = work.for_update(Organization, organization_id)
        work.touch(organization, version)
        return organization
    if not make:
        raise refuse("Enter your organization first: its name and its kind.", field="name")
    submissions.must_be_new(version)
    organization = Organization(
        name="", kind=OrganizationKind.PRIVATE, state=State.DRAFT, changed_at=work.at, changed_by=work.account.id
    )
    work.session.add(organization)
    work.session.flush()
    work.session.add(first_manager(work.account.id, organization.id, work.at))
    work.record("organization.made", "organization", organization.id)
    return organization


def _edited(work: Work, version: int) -> Organization:
    """The locked organization, where what the office verifies may be changed now."""
    organization = _own(work, version)
    must_be_open_for_editing(State(organization.state), bool(organization.agreed_version))
    submissions.move(work, organization, Move.EDIT)
    return organization


def _own_claim(organization: Organization, claim_id: int) -> FacilityClaim:
    for claim in facilities_in(organization):
        if claim.id == claim_id:
            return claim
    raise NotAllowed


def _add(work: Work, organization: Organization, entry: FacilityEntry, replaces: int | None) -> int:
    checked = _checked(work, organization, entry, (replaces,))
    claim = FacilityClaim(**asdict(checked), state=ClaimState.DRAFT, entered_at=work.at, replaces_id=replaces)
    organization.claims.append(claim)
    work.session.flush()
    work.record("facility_claim.added", "facility_claim", claim.id, replaces=replaces)
    return claim.id


def _checked(
    work: Work, organization: Organization, entry: FacilityEntry, apart_from: Collection[int | None]
) -> FacilityEntry:
    """The entry as it is kept. Raises Refused with all that is wrong; `apart_from` are claims it may repeat."""
    problems = entry.problems(OrganizationKind(organization.kind), day_at(work.at))
    entry = entry.cleaned()
    numbers = {
        other.ministry_number
        for other in facilities_in(organization)
        if other.id not in apart_from and (other.replaces_id is None or other.replaces_id not in apart_from)
    }
    if entry.ministry_number and entry.ministry_number in numbers:
        problems.append(entries.facility_twice(entry.ministry_number))
    raise_if_any(problems)
    if entry.letter_file_id is not None:
        stored = work.session.get(StoredFile, entry.letter_file_id)
        if stored is None or not is_own_file(work, stored):
            raise NotAllowed
    return entry


def _every_facility_can_be_verified(organization: Organization) -> None:
    """Raises Refused where a facility lacks its number, and the organization's kind asks for one."""
    if OrganizationKind(organization.kind).may_lack_number:
        return
    raise_if_any(
        [
            Problem(
                "", Sentence("Facility {name} has no facility number. Enter it, then submit.", name=claim.name)
            )
            for claim in facilities_in(organization)
            if not claim.ministry_number
        ]
    )
