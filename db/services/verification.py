"""The office's queue, and its decisions on what operators and owners claim. Nobody decides on their own claim."""

from collections.abc import Mapping

from sqlalchemy import select

from core import entries
from core.problems import raise_if_any
from core.profiles import Move, SubmissionState
from core.queue import Filters
from core.roles import Role
from db.gate import Work, service
from db.schema import Account, OperatorProfile
from db.verification import deciding, office_queue, queue_listing, submissions
from db.verification.office_queue import Item
from db.verification.queue_listing import ProfileRow, Queue


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
) -> None:
    """Confirms what was handed in, apart from the claims in `refused` (id: reason).

    `transfers` are the claims whose facility passes from another organization to this one today. What the
    listing does not have is confirmed by an override alone.
    """
    submission, profile = deciding.to_decide(work, submission_id, version)
    deciding.approve(work, submission, profile, refused or {}, transfers)


@service(Role.OFFICER, writes=True)
def return_(work: Work, submission_id: int, version: int, reasons: str) -> None:
    """Gives the profile back to its holder with the reasons; it is open to be mended and submitted again."""
    raise_if_any(entries.reason("reasons", reasons, what="for the return"))
    submission, profile = deciding.to_decide(work, submission_id, version)
    submissions.move(work, profile, Move.RETURN)
    submissions.open_for_editing(work, profile)
    written = entries.clean_reason(reasons)
    deciding.decide(work, submission, profile, SubmissionState.RETURNED, written)
    for holder in deciding.holders(work, submission):
        work.mail(holder, "profile_returned", kind=submissions.kind_of(profile), reasons=written)


@service(Role.OFFICER, writes=True)
def suspend(work: Work, profile_id: int, version: int, reasons: str) -> None:
    """Takes an operator's active profile out of the search, with a reason that the operator is told."""
    raise_if_any(entries.reason("reasons", reasons, what="for the suspension"))
    profile = _to_move(work, profile_id, version)
    submissions.move(work, profile, Move.SUSPEND)
    profile.suspended_because = entries.clean_reason(reasons)
    work.mail(_holder(work, profile), "profile_suspended", kind="operator", reasons=profile.suspended_because)


@service(Role.OFFICER, writes=True)
def restore(work: Work, profile_id: int, version: int) -> None:
    """Ends a suspension: the profile is active as it was."""
    profile = _to_move(work, profile_id, version)
    submissions.move(work, profile, Move.RESTORE)
    profile.suspended_because = ""
    work.mail(_holder(work, profile), "profile_restored", kind="operator")


def _to_move(work: Work, profile_id: int, version: int) -> OperatorProfile:
    profile = deciding.lock_profile(work, profile_id)
    work.touch(profile, version)
    return profile


def _holder(work: Work, profile: OperatorProfile) -> Account:
    return work.session.scalars(select(Account).where(Account.person_id == profile.person_id)).one()
