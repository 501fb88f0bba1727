"""Mails that tell people what a pass of alignment changed for them, and what each was told last."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select, update

from core.alignment import Change
from core.sentences import Sentence
from db.alignment.profiles import chunks
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun
from db.schema import Account, CertificateClaim, Credential, OperatorProfile

WAITS, SENT, NOT_NEEDED, SET_ASIDE = "waits", "sent", "not needed", "set aside"
_OF_THE_PROFILE = (Change.SUSPENDED, Change.RESTORED, Change.EXPIRED)


def tell(work: Work, run: AlignmentRun) -> int:
    """Releases the result of a pass: one mail for each person whom it changed something for. How many mails."""
    run.released_at, run.released_by = work.at, work.account.id
    waiting = work.session.execute(
        select(AlignmentChange, Account)
        .join(OperatorProfile, OperatorProfile.id == AlignmentChange.profile_id)
        .join(Account, Account.person_id == OperatorProfile.person_id)
        .where(AlignmentChange.run_id == run.id, AlignmentChange.mail == WAITS, Account.state == "active")
        .order_by(AlignmentChange.id)
        .with_for_update(of=AlignmentChange)  # a pass that changes the same profile now waits, or was first
    ).all()
    told: dict[Account, list[AlignmentChange]] = defaultdict(list)
    for change, account in waiting:
        told[account].append(change)
    for account, changed in told.items():
        work.mail(account, "profile_aligned", changes=_lines(changed))
    changes = [change for change, _ in waiting]
    of_run = update(AlignmentChange).where(AlignmentChange.run_id == run.id, AlignmentChange.mail == WAITS)
    work.session.execute(of_run.where(AlignmentChange.id.in_([one.id for one in changes])).values(mail=SENT))
    work.session.execute(of_run.values(mail=NOT_NEEDED))  # whoever has no account in use any more
    _keep_what_was_told(work, changes)
    work.record("alignment.released", "alignment_run", run.id, people=len(told))
    return len(told)


def set_aside(work: Work, run: AlignmentRun, reasons: str) -> None:
    """Nobody is told of a pass. What still stands is told with the next change of the same profile."""
    run.set_aside_at, run.set_aside_by, run.set_aside_because = work.at, work.account.id, reasons
    of_run = update(AlignmentChange).where(AlignmentChange.run_id == run.id, AlignmentChange.mail == WAITS)
    work.session.execute(of_run.values(mail=SET_ASIDE))
    work.record("alignment.set_aside", "alignment_run", run.id)


def not_needed_of(work: Work, profile_ids: Collection[int]) -> None:
    """What waits to be told of these profiles is told otherwise, or no longer so."""
    for ids in chunks(profile_ids):
        _not_needed(work, AlignmentChange.profile_id.in_(ids or ()))


def told_by_another_mail(work: Work, profile: OperatorProfile, *, suspended: bool) -> None:
    """The office itself tells the holder that the profile is suspended, or active again."""
    profile.told_suspended = suspended
    _not_needed(work, AlignmentChange.profile_id == profile.id, AlignmentChange.what.in_(_OF_THE_PROFILE))


def _not_needed(work: Work, *which: Any) -> None:
    waiting = update(AlignmentChange).where(AlignmentChange.mail == WAITS, *which)
    work.session.execute(waiting.values(mail=NOT_NEEDED))


def _keep_what_was_told(work: Work, changes: Iterable[AlignmentChange]) -> None:
    """What was sent is what stands: whatever changed since would have taken its place."""
    claims, profiles = set[int](), dict[int, bool]()
    for change in changes:
        if change.claim_id is not None:
            claims.add(change.claim_id)
        elif change.what in (Change.SUSPENDED, Change.RESTORED):
            profiles[change.profile_id] = change.what == Change.SUSPENDED
    told: list[dict[str, Any]] = []
    for ids in chunks(claims):
        rows = work.session.scalars(
            select(Credential).where(
                Credential.claim_id.in_(ids or ()),
                Credential.superseded_at.is_(None),
                Credential.valid_until.is_(None),
            )
        )
        told += [
            {"id": row.claim_id, "told_status": row.status, "told_class": row.licence_class,
             "told_expiry": row.expiry}
            for row in rows
        ]  # fmt: skip
    if told:
        work.session.execute(update(CertificateClaim), told)
    if profiles:
        states = [{"id": one, "told_suspended": suspended} for one, suspended in profiles.items()]
        work.session.execute(update(OperatorProfile), states)


def _lines(changes: Iterable[AlignmentChange]) -> list[list[str]]:
    return [[str(Sentence(change.template, **change.values))] for change in changes]
