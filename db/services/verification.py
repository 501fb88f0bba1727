"""The office's queue, and its decisions on what operators and owners claim. Nobody decides on their own claim."""

from collections.abc import Mapping

from sqlalchemy import select

from core import entries
from core.membership import Right
from core.problems import raise_if_any
from core.profiles import Move, SubmissionState
from core.queue import Filters
from core.roles import Role
from db import members
from db.gate import Work, service
from db.schema import Account, OperatorProfile, Organization
from db.verification import deciding, office_queue, queue_listing, submissions
from db.verification.office_queue import Item
from db.verification.queue_listing import ProfileRow, Queue
from db.verification.submissions import Profile


@service(Role.OFFICER, shows_personal_data=True)
def queue(work: Work, filters: Filters = Filters(), page: int = 1) -> Queue:  # noqa: B008 - frozen
    """What waits for the office, of every kind, the oldest first, 50 a page; pages count from 1.

    What is decided comes the latest first.
    """
    found = queue_listing.page_of(work, filters, page)
    seen = [row.submission_id for row in found.rows if isinstance(row, ProfileRow)]
    work.record("queue.seen", "submission", None, submissions=seen)
    return found


@service(Role.OFFICER, shows_personal_data=True)
def item(work: Work, submission_id: int, filters: Filters = Filters()) -> Item:  # noqa: B008 - frozen
    """One submission: what is claimed, how the listing bears it out, what to know before deciding, and what was
    decided before. The next and the previous one are those that `filters` leave of the queue."""
    found = office_queue.item_of(work, submission_id, filters)
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
    What the listing does not have is confirmed by an override alone.
    """
    submission, profile = deciding.to_decide(work, submission_id, version)
    deciding.approve(work, submission, profile, refused or {}, transfers, same_as)


@service(Role.OFFICER, writes=True)
def confirm_one(
    work: Work, submission_id: int, version: int, claim_id: int, transfer: bool = False, same_as: int | None = None
) -> None:
    """Confirms one certificate or facility of a submission, which stays in the queue for the rest. The holder is
    told once, when the whole is decided. `transfer` and `same_as` as in `approve`."""
    submission, profile = deciding.to_decide(work, submission_id, version)
    deciding.confirm_alone(work, submission, profile, claim_id, transfer=transfer, same_as=same_as)


@service(Role.OFFICER, writes=True)
def refuse_one(work: Work, submission_id: int, version: int, claim_id: int, reason: str) -> None:
    """Refuses one of them with a reason; the same otherwise."""
    raise_if_any(entries.reason("reason", reason, what="why it is not confirmed"))
    submission, profile = deciding.to_decide(work, submission_id, version)
    deciding.refuse_alone(work, submission, profile, claim_id, reason)


@service(Role.OFFICER, writes=True)
def return_(work: Work, submission_id: int, version: int, reasons: str) -> None:
    """Gives the profile back to its holder with the reasons; it is open to be mended and submitted again."""
    raise_if_any(entries.reason("reasons", reasons, what="for the return"))
    submission, profile = deciding.to_decide(work, submission_id, version)
    submissions.move(work, profile, Move.RETURN)
    submissions.open_for_editing(work, profile)
    written = entries.clean_reason(reasons)
    deciding.decide(work, submission, profile, SubmissionState.RETURNED, written)
    kind, refused = submissions.kind_of(profile), deciding.refused_in(submission, profile)
    for holder in deciding.holders(work, submission):
        work.mail(holder, "profile_returned", kind=kind, reasons=written, refused=refused)


@service(Role.OFFICER, writes=True)
def suspend(work: Work, profile_id: int, version: int, reasons: str, kind: str = "operator") -> None:
    """Suspends an active profile, an operator's or an owner's, with a reason that its holders are told.

    An operator is found no more; an owner's organization neither searches nor opens contact details.
    """
    raise_if_any(entries.reason("reasons", reasons, what="for the suspension"))
    profile = _to_move(work, kind, profile_id, version)
    submissions.move(work, profile, Move.SUSPEND)
    profile.suspended_because = entries.clean_reason(reasons)
    template = "organization_suspended"
    if isinstance(profile, OperatorProfile):
        template, profile.suspended_by_alignment = "profile_suspended", False
    for holder in _holders(work, profile):
        work.mail(holder, template, kind=kind, reasons=profile.suspended_because)


@service(Role.OFFICER, writes=True)
def restore(work: Work, profile_id: int, version: int, kind: str = "operator") -> None:
    """Ends a suspension: the profile is active as it was."""
    profile = _to_move(work, kind, profile_id, version)
    submissions.move(work, profile, Move.RESTORE)
    profile.suspended_because = ""
    if isinstance(profile, OperatorProfile):
        profile.suspended_by_alignment = False
    for holder in _holders(work, profile):
        work.mail(holder, "profile_restored", kind=kind)


def _to_move(work: Work, kind: str, profile_id: int, version: int) -> Profile:
    lock = deciding.lock_profile if kind == "operator" else deciding.lock_organization
    profile: Profile = lock(work, profile_id)
    work.touch(profile, version)
    return profile


def _holders(work: Work, profile: Profile) -> list[Account]:
    """Whom a suspension is mailed to: the operator, or the organization's managers."""
    if isinstance(profile, Organization):
        return members.holders(work, Right.MANAGE, profile.id)
    return list(work.session.scalars(select(Account).where(Account.person_id == profile.person_id)))
