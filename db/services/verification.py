"""The office's queue, and its decisions on what operators and owners claim. Nobody decides on their own claim."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core import entries
from core.membership import Right
from core.problems import raise_if_any, refuse
from core.profiles import Move, State, SubmissionState, must_not_be_suspended_by_the_office
from core.queue import Filters, Kind, Place, Subject
from core.roles import Role
from db import members
from db.alignment.passes import align
from db.alignment.telling import told_by_another_mail
from db.gate import Asker, Work, in_steps, service
from db.schema import Account, OperatorProfile, Organization
from db.verification import borne_out, deciding, handling, office_queue, queue_listing, submissions
from db.verification.flags import named_in
from db.verification.noted import Noted, must_have_seen
from db.verification.office_queue import Item
from db.verification.queue_listing import ClaimRow, ProfileRow, Queue, Row
from db.verification.submissions import Profile


@in_steps(Role.OFFICER, shows_personal_data=True)
def queue(asker: Asker, filters: Filters = Filters(), page: int = 1) -> Queue:  # noqa: B008 - frozen
    """What waits for the office, of every kind, the oldest first, 50 a page; pages count from 1.

    What is decided comes the latest first. Like `item` it is read without a lock.
    """
    found = _queue(asker, filters, page)
    _listed(asker, _shown_in_list(found.rows))
    return found


@service(Role.OFFICER)
def _queue(work: Work, filters: Filters, page: int) -> Queue:
    return queue_listing.page_of(work, filters, page)


@service(Role.OFFICER, writes=True)
def _listed(work: Work, shown: Mapping[str, list[int]]) -> None:
    work.record("queue.seen", "submission", None, **shown)


def _shown_in_list(rows: Sequence[Row]) -> dict[str, list[int]]:
    """The ids of what shows people's data in a page of the queue, for the trail."""
    profiles = [row for row in rows if isinstance(row, ProfileRow)]
    claims = [row for row in rows if isinstance(row, ClaimRow)]
    return {
        "submissions": [row.submission_id for row in profiles],
        "overrides": [row.id for row in claims if row.kind is not Kind.DISCREPANCY],
        "discrepancies": [row.id for row in claims if row.kind is Kind.DISCREPANCY],
        "profiles": named_in(flag for row in profiles for flag in row.flags),
    }


@in_steps(Role.OFFICER, shows_personal_data=True)
def item(asker: Asker, submission_id: int) -> Item:
    """One submission: what is claimed, how the listing bears it out, what to know before deciding, and what was
    decided before.

    It is read without a lock, since finding near matches in a long listing takes its time; then the look is
    recorded, and only then is it shown.
    """
    found = _item(asker, submission_id)
    profile_id = found.profile_id if found.kind == "operator" and not found.own else None
    _opened(asker, submission_id, profile_id, _shown_beside(found))
    return found


@service(Role.OFFICER)
def _item(work: Work, submission_id: int) -> Item:
    return office_queue.item_of(work, submission_id)


@service(Role.OFFICER, writes=True)
def _opened(work: Work, submission_id: int, profile_id: int | None, shown: Mapping[str, list[int]]) -> None:
    """`profile_id` of the operator whose contact details it shows, if any: an organization's are no person's."""
    handling.look(work, Place(Subject.SUBMISSION, submission_id), **shown)
    if profile_id is not None:
        handling.look_at_contact_details(work, profile_id)


def _shown_beside(found: Item) -> dict[str, list[int]]:
    """The ids of what shows other people's data beside a submission, for the trail."""
    rivals = {rival.submission_id for claim in found.claims for rival in claim.rivals}
    return {"rivals": sorted(rivals), "profiles": named_in(found.every_flag)}


@service(Role.OFFICER, writes=True)
def approve(
    work: Work,
    submission_id: int,
    version: int,
    refused: Mapping[int, str] | None = None,
    transfers: frozenset[int] = frozenset(),
    same_as: Mapping[int, int] | None = None,
    despite: Mapping[int, str] | None = None,
    same_person: str = "",
    seen: Noted | None = None,
) -> None:
    """Confirms what was handed in, apart from the claims in `refused` (id: reason).

    `transfers` are the claims whose facility passes from another organization to this one today. `same_as` is the
    facility on file that a claim without a number means (claim's id: facility's id); without, it is a new one.
    What the listing does not have is confirmed by an override alone; what it does not show in force, and
    a certificate that another person has confirmed, by a written reason, `despite` (claim's id: reason), which is
    kept with the decision. `same_person` is the reason why somebody of another name, who has the Operator ID and
    does not sign in, is the same person; kept likewise. `seen` is what the officer's page said of it: Raises
    Refused where there is more to know by now. None: whoever asks has seen nothing that could be old.
    """
    submission, profile = deciding.to_decide(work, submission_id, version, (same_as or {}).values())
    if seen is not None:
        must_have_seen(work, submission, profile, seen, refused or ())
    deciding.approve(work, submission, profile, refused or {}, transfers, same_as, despite, same_person)


@service(Role.OFFICER, writes=True)
def confirm_one(
    work: Work,
    submission_id: int,
    version: int,
    claim_id: int,
    transfer: bool = False,
    same_as: int | None = None,
    despite: str = "",
    seen: Noted | None = None,
) -> None:
    """Confirms one certificate or facility of a submission, which stays in the queue for the rest. The holder is
    told once, when the whole is decided. `transfer`, `same_as`, `despite` and `seen` as in `approve`."""
    meant = () if same_as is None else (same_as,)
    submission, profile = deciding.to_decide(work, submission_id, version, meant)
    if seen is not None:
        others = {claim.id for claim in deciding.claims_in(submission, profile)} - {claim_id}
        must_have_seen(work, submission, profile, seen, others)
    deciding.confirm_alone(work, submission, profile, claim_id, transfer=transfer, same_as=same_as, reason=despite)


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

    An operator is found no more; an owner's organization neither searches nor opens contact details. What
    alignment has suspended the office suspends too: then no listing brings it back. Raises Refused where the
    office has done so already.
    """
    raise_if_any(entries.reason("reasons", reasons, what="for the suspension"))
    profile = _to_move(work, kind, profile_id, version)
    by_alignment = isinstance(profile, OperatorProfile) and profile.suspended_by_alignment
    must_not_be_suspended_by_the_office(State(profile.state), by_alignment=by_alignment)
    submissions.move(work, profile, Move.SUSPEND)
    work.record("profile.suspended", profile.__tablename__, profile.id)
    profile.suspended_because = entries.clean_reason(reasons)
    template = "organization_suspended"
    if isinstance(profile, OperatorProfile):
        template = "profile_suspended_too" if by_alignment else "profile_suspended"
        profile.suspended_by_alignment = False
        told_by_another_mail(work, profile, suspended=True)
    for holder in _holders(work, profile):
        work.mail(holder, template, kind=kind, reasons=profile.suspended_because)


@service(Role.OFFICER, writes=True)
def restore(work: Work, profile_id: int, version: int, kind: str = "operator") -> None:
    """Ends the office's suspension: the profile is active as it was.

    An operator's of which nothing counts stays suspended, by alignment from now on. Raises Refused where that is
    the suspension that was to be ended.
    """
    if kind == "operator":
        borne_out.hold_still(work)
    profile = _to_move(work, kind, profile_id, version)
    by_the_office = not (isinstance(profile, OperatorProfile) and profile.suspended_by_alignment)
    submissions.move(work, profile, Move.RESTORE)
    profile.suspended_because = ""
    if isinstance(profile, OperatorProfile):
        profile.suspended_by_alignment = False
        told_by_another_mail(work, profile, suspended=False)
        work.session.flush()
        align(work, "decision", of=[profile.id], told=frozenset({profile.id}))  # the mail below says it
    stays = profile.state == State.SUSPENDED
    if stays and not by_the_office:
        raise refuse(
            "None of this profile’s licences and certificates counts now, so it would be suspended again tonight. "
            "Confirm a renewed one; import a listing that bears one out; or propose an override of one that the "
            "listing does not have, on the page of the submission that had it."
        )
    template = "suspension_by_alignment_stays" if stays else "profile_restored"
    for holder in _holders(work, profile):
        work.mail(holder, template, kind=kind, reasons=profile.suspended_because)


def _to_move(work: Work, kind: str, profile_id: int, version: int) -> Profile:
    lock = deciding.lock_profile if kind == "operator" else deciding.lock_organization
    profile: Profile = lock(work, profile_id)
    work.touch(profile, version)
    return profile


def _holders(work: Work, profile: Profile) -> list[Account]:
    """Whom a suspension is mailed to: the operator, or the organization's managers; active accounts alone."""
    if isinstance(profile, Organization):
        return members.holders(work, Right.MANAGE, profile.id)
    active = select(Account).where(Account.person_id == profile.person_id, Account.state == "active")
    return list(work.session.scalars(active))
