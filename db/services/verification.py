"""The office's queue, and its decisions on what operators and owners claim. Nobody decides on their own claim."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import entries
from core.membership import Right
from core.problems import Problem, raise_if_any, refuse
from core.profiles import ClaimState, Move, SubmissionState
from core.roles import Role
from core.sentences import Sentence
from db import members
from db.gate import NotAllowed, Work, service
from db.schema import Account, CertificateClaim, OperatorProfile, Organization, Person, Submission
from db.verification import office_queue, queue_listing, submissions
from db.verification.facts import confirm_certificate, confirm_facility, end_credential, end_relation
from db.verification.office_queue import Item
from db.verification.profile_views import licence_of
from db.verification.queue_listing import Filters, ProfileRow, Queue
from db.verification.submissions import Claim, Profile


@service(Role.OFFICER, shows_personal_data=True)
def queue(work: Work, filters: Filters = Filters(), page: int = 1) -> Queue:  # noqa: B008 - frozen
    """What waits for the office, profiles and applications, the oldest first, 50 a page; pages count from 1."""
    found = queue_listing.page_of(work, filters, page)
    seen = [row.submission_id for row in found.rows if isinstance(row, ProfileRow)]
    work.record("queue.seen", "submission", None, submissions=seen)
    return found


@service(Role.OFFICER, shows_personal_data=True)
def item(work: Work, submission_id: int) -> Item:
    """One submission: what is claimed, what to know before deciding, and what was decided before."""
    found = office_queue.item_of(work, submission_id)
    work.record("submission.seen", "submission", submission_id)
    return found


@service(Role.OFFICER, writes=True)
def approve(
    work: Work,
    submission_id: int,
    version: int,
    refused: Mapping[int, str] | None = None,
    transfers: frozenset[int] = frozenset(),
    same_as: Mapping[int, int] | None = None,
) -> None:
    """Confirms what was handed in, apart from the claims in `refused` (id: reason).

    `transfers` are the claims whose facility passes from another organization to this one today. `same_as` is the
    facility on file that a claim without a number means (claim's id: facility's id); without, it is a new one.
    """
    refused, same_as = refused or {}, same_as or {}
    submission, profile = _to_decide(work, submission_id, version)
    submissions.move(work, profile, Move.APPROVE)
    waiting = _claims_in(submission, profile)
    _check_refusals(refused, waiting)
    for claim in waiting:
        if claim.id in refused:
            _refuse(work, claim, entries.clean_reason(refused[claim.id]))
        elif isinstance(claim, CertificateClaim) and isinstance(profile, OperatorProfile):
            if claim.state != ClaimState.CONFIRMED:
                confirm_certificate(work, claim, profile.person_id)
        elif isinstance(profile, Organization) and not isinstance(claim, CertificateClaim):
            confirm_facility(work, claim, profile, transfer=claim.id in transfers, same_as=same_as.get(claim.id))
    if not any(claim.state == ClaimState.CONFIRMED for claim in submissions.claims_of(profile)):
        raise refuse("Nothing of this profile would be confirmed. Return it with the reasons instead.")
    if isinstance(profile, OperatorProfile):
        _confirm_operator_id(work, profile)
    told = [(_name_of(claim), claim.refused_because) for claim in waiting if claim.id in refused]
    _decide(work, submission, profile, SubmissionState.APPROVED, "\n".join(f"{what}: {why}" for what, why in told))
    for holder in _told(work, submission):
        work.mail(holder, "profile_approved", kind=submissions.kind_of(profile), refused=told)


@service(Role.OFFICER, writes=True)
def return_(work: Work, submission_id: int, version: int, reasons: str) -> None:
    """Gives the profile back to its holder with the reasons; it is open to be mended and submitted again."""
    raise_if_any(entries.reason("reasons", reasons, what="for the return"))
    submission, profile = _to_decide(work, submission_id, version)
    submissions.move(work, profile, Move.RETURN)
    submissions.open_for_editing(work, profile)
    written = entries.clean_reason(reasons)
    _decide(work, submission, profile, SubmissionState.RETURNED, written)
    for holder in _told(work, submission):
        work.mail(holder, "profile_returned", kind=submissions.kind_of(profile), reasons=written)


@service(Role.OFFICER, writes=True)
def suspend(work: Work, profile_id: int, version: int, reasons: str, kind: str = "operator") -> None:
    """Suspends an active profile, an operator's or an owner's, with a reason that its holders are told.

    An operator is found no more; an owner's organization neither searches nor opens contact details.
    """
    raise_if_any(entries.reason("reasons", reasons, what="for the suspension"))
    profile = _to_move(work, kind, profile_id, version)
    submissions.move(work, profile, Move.SUSPEND)
    profile.suspended_because = entries.clean_reason(reasons)
    template = "profile_suspended" if isinstance(profile, OperatorProfile) else "organization_suspended"
    for holder in _holders(work, profile):
        work.mail(holder, template, kind=kind, reasons=profile.suspended_because)


@service(Role.OFFICER, writes=True)
def restore(work: Work, profile_id: int, version: int, kind: str = "operator") -> None:
    """Ends a suspension: the profile is active as it was."""
    profile = _to_move(work, kind, profile_id, version)
    submissions.move(work, profile, Move.RESTORE)
    profile.suspended_because = ""
    for holder in _holders(work, profile):
        work.mail(holder, "profile_restored", kind=kind)


def _to_decide(work: Work, submission_id: int, version: int) -> tuple[Submission, Profile]:
    """The submission and its profile, locked, open, and not the officer's own."""
    found = work.session.get(Submission, submission_id)
    if found is None:
        raise office_queue.Unknown(submission_id)
    profile: Profile
    if found.operator_profile_id is not None:
        profile = _lock_profile(work, found.operator_profile_id)
    else:
        assert found.organization_id is not None  # noqa: S101 - one of the two, says the table
        profile = _lock_organization(work, found.organization_id)
    submission = work.for_update(Submission, submission_id)
    if submission.state != SubmissionState.OPEN and submission.version == version:
        raise refuse("This submission is decided already. The queue shows what still waits.")
    work.touch(submission, version)
    work.touch(profile, profile.version)
    return submission, profile


def _to_move(work: Work, kind: str, profile_id: int, version: int) -> Profile:
    lock = _lock_profile if kind == "operator" else _lock_organization
    profile: Profile = lock(work, profile_id)
    work.touch(profile, version)
    return profile


def _lock_profile(work: Work, profile_id: int) -> OperatorProfile:
    """An operator's profile that is not the officer's own, locked after its person."""
    unlocked = work.session.get(OperatorProfile, profile_id)
    if unlocked is None:
        raise NotAllowed
    if unlocked.person_id == work.account.person_id:
        raise _own_claim()
    work.for_update(Person, unlocked.person_id)
    return work.for_update(OperatorProfile, profile_id)


def _lock_organization(work: Work, organization_id: int) -> Organization:
    """An owner's organization that is not the officer's own, locked."""
    if members.is_member(work, organization_id):
        raise _own_claim()
    return work.for_update(Organization, organization_id)


def _own_claim() -> Exception:
    return refuse("This profile is your own, so another officer has to decide on it.")


def _claims_in(submission: Submission, profile: Profile) -> list[Claim]:
    handed_in = {claim["id"] for claim in submission.claimed["claims"]}
    return [claim for claim in submissions.claims_of(profile) if claim.id in handed_in]


def _check_refusals(refused: Mapping[int, str], waiting: list[Claim]) -> None:
    problems = []
    for claim_id, why in refused.items():
        if claim_id not in {claim.id for claim in waiting}:
            problems.append(
                Problem("", Sentence("Claim {id} is not part of this submission. Reload the page.", id=claim_id))
            )
        problems += entries.reason(f"claim-{claim_id}", why, what="why it is not confirmed")
    raise_if_any(problems)


def _refuse(work: Work, claim: Claim, why: str) -> None:
    """The claim is not confirmed; what it made true before, if anything, ends today."""
    if claim.state == ClaimState.CONFIRMED and isinstance(claim, CertificateClaim):
        end_credential(work, claim)
    elif claim.state == ClaimState.CONFIRMED and not isinstance(claim, CertificateClaim):
        end_relation(work, claim)
    claim.state = ClaimState.REFUSED
    claim.refused_because = why
    work.record("claim.refused", claim.__tablename__, claim.id)


def _confirm_operator_id(work: Work, profile: OperatorProfile) -> None:
    """The person has the Operator ID from now on. Raises Refused where another person has it."""
    number = profile.claimed_operator_id
    if profile.person.operator_id == number:
        return
    _take_from_a_closed_account(work, number)
    try:
        with work.session.begin_nested():
            profile.person.operator_id = number
    except IntegrityError as error:
        raise refuse(
            "Operator ID {number} is confirmed for another person already. Return this profile, or correct the "
            "other one first.",
            field="operator_id",
            number=number,
        ) from error
    work.record("person.operator_id", "person", profile.person_id)


def _take_from_a_closed_account(work: Work, operator_id: str) -> None:
    """Whoever closed the account may come back with a new one: the Operator ID goes with the newer person."""
    before = work.session.scalar(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .where(Person.operator_id == operator_id, Account.state == "closed")
    )
    if before is None:
        return
    before.operator_id = None
    work.session.flush()
    work.record("person.operator_id_taken", "person", before.id)


def _decide(work: Work, submission: Submission, profile: Profile, state: SubmissionState, reasons: str) -> None:
    submission.state = state
    submission.decided_at, submission.decided_by = work.at, work.account.id
    submission.reasons = reasons
    work.record(f"submission.{state}", "submission", submission.id, profile=profile.id)


def _name_of(claim: Claim) -> str:
    """What a mail calls the claim."""
    if isinstance(claim, CertificateClaim):
        return f"{licence_of(claim).label} ({claim.number})"
    return claim.name


def _told(work: Work, submission: Submission) -> list[Account]:
    """Whom a decision is mailed to: who submitted; where that account is closed, the organization's managers."""
    submitter = work.session.get_one(Account, submission.submitted_by)
    if submitter.state != "closed":
        return [submitter]
    if submission.organization_id is None:
        return []
    return members.holders(work, Right.MANAGE, submission.organization_id)


def _holders(work: Work, profile: Profile) -> list[Account]:
    """Whom a suspension is mailed to: the operator, or the organization's members."""
    if isinstance(profile, Organization):
        return members.holders(work, Right.MANAGE, profile.id)
    return list(work.session.scalars(select(Account).where(Account.person_id == profile.person_id)))
