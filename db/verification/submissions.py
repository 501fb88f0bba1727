"""What operators' and owners' profiles share on their way to the office and back.

Rows are locked in one order everywhere: person, profile, submission. So two who act on the same profile
at once wait for each other, and never in a circle.
"""

from typing import Any

from sqlalchemy import select

from core.problems import refuse
from core.profiles import (
    AGREEMENT_VERSION,
    ClaimState,
    Move,
    State,
    SubmissionState,
    moved,
)
from db import memberships
from db.gate import Work
from db.members import acts
from db.schema import (
    Account,
    AgreementAcceptance,
    CertificateClaim,
    FacilityClaim,
    Membership,
    OperatorProfile,
    Organization,
    Submission,
)
from db.verification import borne_out, overrides

Profile = OperatorProfile | Organization
Claim = CertificateClaim | FacilityClaim


def kind_of(profile: Profile) -> str:
    """Whose profile it is, as mails and the queue name it: operator or owner."""
    return "operator" if isinstance(profile, OperatorProfile) else "owner"


def claims_of(profile: Profile) -> list[Claim]:
    """The profile's certificates or facilities, those withdrawn left out, in the order of entering."""
    all_claims: list[Claim] = (
        [*profile.certificates] if isinstance(profile, OperatorProfile) else [*profile.claims]
    )
    return [claim for claim in all_claims if claim.state != ClaimState.WITHDRAWN]


def move(work: Work, profile: Profile, how: Move) -> None:
    """Moves the profile to its next state and records it. Raises Refused where it is not possible."""
    before = State(profile.state)
    profile.state = moved(before, how)
    if profile.state != before:
        work.record("profile.state", profile.__tablename__, profile.id, before=before, after=profile.state)


def must_be_new(version: int) -> None:
    """Raises Refused where a page saw a profile, and there is none."""
    if version != 0:
        raise refuse("What your page shows is not on file. Reload the page, then enter it anew.")


def must_not_be_submitted(profile: Profile) -> None:
    """Raises Refused where the agreement is ticked already."""
    if profile.agreed_version:
        raise refuse("The profile is submitted already. Untick the agreement to change it.")


def submit(work: Work, profile: Profile, how: Move) -> None:
    """Ticks the agreement and hands the profile in: SUBMIT, or REOPEN where all of it is verified anew.

    The listings are held still by then (borne_out.hold_still), so that none misses what is handed in.
    """
    account = work.account
    if account.email_confirmed_at is None:
        raise refuse(
            "Confirm your e-mail address first: open the link that was mailed to {email}, then submit again.",
            email=account.email,
        )
    move(work, profile, how)
    for claim in claims_of(profile):
        if claim.state == ClaimState.DRAFT:
            claim.state = ClaimState.WAITING
    profile.agreed_version = AGREEMENT_VERSION
    work.session.add(
        AgreementAcceptance(
            account_id=account.id,
            subject=profile.__tablename__,
            subject_id=profile.id,
            agreement_version=AGREEMENT_VERSION,
            accepted_at=work.at,
        )
    )
    hand_in(work, profile)
    work.mail(account, "profile_received", kind=kind_of(profile))


def hand_in(work: Work, profile: Profile) -> Submission:
    """Puts the profile as it stands into the office's queue."""
    submission = Submission(
        operator_profile_id=profile.id if isinstance(profile, OperatorProfile) else None,
        organization_id=profile.id if isinstance(profile, Organization) else None,
        submitted_by=work.account.id,
        submitted_at=work.at,
        claimed=snapshot(profile),
        state=SubmissionState.OPEN,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(submission)
    work.session.flush()
    borne_out.assess(work, submission)
    work.record("profile.submitted", profile.__tablename__, profile.id, submission=submission.id)
    return submission


def take_back(work: Work, profile: Profile) -> None:
    """Unticks the agreement: what waits is a draft again, and the queue's item is withdrawn."""
    if not profile.agreed_version:
        raise refuse("The agreement is not ticked, so you can change your profile already.")
    move(work, profile, Move.WITHDRAW)
    _take_out_of_the_queue(work, profile)


def _take_out_of_the_queue(work: Work, profile: Profile) -> None:
    submission = open_submission(work, profile)
    open_for_editing(work, profile)
    if submission is None:
        return
    work.touch(submission, submission.version)
    submission.state = SubmissionState.WITHDRAWN
    overrides.end_waiting(work, submission.id)
    work.record("submission.withdrawn", "submission", submission.id)


def open_for_editing(work: Work, profile: Profile) -> None:
    """The agreement is unticked and what waited is a draft again."""
    profile.agreed_version = ""
    accepted = work.session.scalars(
        select(AgreementAcceptance).where(
            AgreementAcceptance.subject == profile.__tablename__,
            AgreementAcceptance.subject_id == profile.id,
            AgreementAcceptance.withdrawn_at.is_(None),
        )
    )
    for acceptance in accepted:
        acceptance.withdrawn_at = work.at
    for claim in claims_of(profile):
        if claim.state == ClaimState.WAITING:
            claim.state = ClaimState.DRAFT


def open_submission(work: Work, profile: Profile) -> Submission | None:
    """The profile's open item of the queue, locked; None where nothing waits."""
    return work.session.scalar(
        select(Submission)
        .where(_of(profile), Submission.state == SubmissionState.OPEN)
        .with_for_update(of=Submission, key_share=True)
        .execution_options(populate_existing=True)
    )


def submissions_of(work: Work, profile: Profile) -> list[Submission]:
    """Every submission of the profile, the newest first."""
    return list(work.session.scalars(select(Submission).where(_of(profile)).order_by(Submission.id.desc())))


def _of(profile: Profile) -> Any:
    if isinstance(profile, OperatorProfile):
        return Submission.operator_profile_id == profile.id
    return Submission.organization_id == profile.id


def ever_submitted(work: Work, profile: Profile, claim: Claim) -> bool:
    """Whether the claim was ever handed in: every submission takes along all that is entered."""
    found = select(Submission.id).where(_of(profile), Submission.submitted_at >= claim.entered_at).limit(1)
    return work.session.scalar(found) is not None


# --- the profile as it was handed in ----------------------------------------------------------------------


def snapshot(profile: Profile) -> dict[str, Any]:
    """What the office is to decide on, as JSON.

    That is what waits; of a profile that is pending as a whole, also what was confirmed before.
    """
    decided_on = {ClaimState.WAITING}
    if profile.state == State.PENDING:
        decided_on.add(ClaimState.CONFIRMED)
    claims = [claim for claim in claims_of(profile) if claim.state in decided_on]
    if isinstance(profile, Organization):
        return {
            "name": profile.name,
            "kind": profile.kind,
            "whole": profile.state == State.PENDING,
            "claims": [_claim(claim) for claim in claims],
        }
    return {
        "name": profile.person.name,
        "operator_id": profile.claimed_operator_id,
        "whole": profile.state == State.PENDING,
        "claims": [_claim(claim) for claim in claims],
    }


_CERTIFICATE = ("id", "number", "licence_type", "licence_class", "expiry", "valid_for", "state", "replaces_id")
_FACILITY = (
    "id", "ministry_number", "name", "facility_type", "facility_class", "latitude", "longitude", "place",
    "letter_date", "letter_reference", "letter_file_id", "state", "replaces_id",
)  # fmt: skip


def _claim(claim: Claim) -> dict[str, Any]:
    names = _CERTIFICATE if isinstance(claim, CertificateClaim) else _FACILITY
    values = {name: getattr(claim, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


# --- what happens to an account, and reaches its profile --------------------------------------------------


def legal_name_changed(work: Work, person_id: int) -> None:
    """The name of a person has changed: an operator's profile that was verified is verified anew.

    Called in the transaction that changes the name, after the change. A profile whose agreement is unticked
    becomes a draft, to be submitted by its holder; one that is submitted goes to the queue by itself, so the
    listings are held still by then (borne_out.hold_still). Raises Refused while the profile is suspended:
    restored, it would stand under a name that nobody verified.
    """
    profile = _profile_of(work, person_id)
    if profile is None:
        return
    if profile.state == State.SUSPENDED:
        raise refuse(
            "Your profile is suspended, so your name stays as it is until the office ends the suspension. "
            "Telephone the office if it has to be changed now."
        )
    waiting = open_submission(work, profile)
    if profile.state == State.ACTIVE:
        move(work, profile, Move.REOPEN)
        if not profile.agreed_version:
            move(work, profile, Move.WITHDRAW)
    if waiting is None and profile.state == State.PENDING:
        hand_in(work, profile)
    if waiting is not None:
        work.touch(waiting, waiting.version)
        waiting.claimed = snapshot(profile)
        borne_out.assess(work, waiting)


def profile_closed(work: Work, person_id: int) -> None:
    """The person's account is closed: the profile is found no more, and nothing of it waits.

    So is the organization that nobody else manages. Called before the memberships are ended.
    """
    for organization, account_id in _managed_by(work, person_id):
        if not memberships.has_another_manager(work, organization.id, account_id):
            work.touch(organization, organization.version)
            _close(work, organization)
            memberships.end_all_of_organization(work, organization)
    profile = _profile_of(work, person_id)
    if profile is not None:
        profile.available = False
        _close(work, profile)


def _close(work: Work, profile: Profile) -> None:
    _take_out_of_the_queue(work, profile)
    move(work, profile, Move.CLOSE)


def _managed_by(work: Work, person_id: int) -> list[tuple[Organization, int]]:
    """The organizations that the person manages, locked, with the account: of two managers who leave at once,
    one is the last."""
    rows = work.session.scalars(
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Account.person_id == person_id, acts())
        .order_by(Membership.organization_id)
    ).all()
    return [
        (work.for_update(Organization, one.organization_id), one.account_id)
        for one in rows
        if memberships.manages(one)
    ]


def _profile_of(work: Work, person_id: int) -> OperatorProfile | None:
    work.session.flush()
    profile_id = work.session.scalar(select(OperatorProfile.id).where(OperatorProfile.person_id == person_id))
    if profile_id is None:
        return None
    profile = work.for_update(OperatorProfile, profile_id)
    work.touch(profile, profile.version)
    return profile
