"""Mails that tell people what a pass of alignment changed for them."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select, update

from core.sentences import Sentence
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun
from db.schema import Account, OperatorProfile

WAITS = "waits"


def tell(work: Work, run: AlignmentRun) -> int:
    """Releases the result of a pass: one mail for each person whom it changed something for. How many mails."""
    run.released_at, run.released_by = work.at, work.account.id
    waiting = work.session.execute(
        select(AlignmentChange, Account)
        .join(OperatorProfile, OperatorProfile.id == AlignmentChange.profile_id)
        .join(Account, Account.person_id == OperatorProfile.person_id)
        .where(AlignmentChange.run_id == run.id, AlignmentChange.mail == WAITS, Account.state == "active")
        .order_by(AlignmentChange.id)
    ).all()
    told: dict[Account, list[AlignmentChange]] = defaultdict(list)
    for change, account in waiting:
        told[account].append(change)
    for account, changed in told.items():
        work.mail(account, "profile_aligned", changes=_lines(changed))
    of_run = update(AlignmentChange).where(AlignmentChange.run_id == run.id, AlignmentChange.mail == WAITS)
    work.session.execute(of_run.where(AlignmentChange.id.in_([one.id for one, _ in waiting])).values(mail="sent"))
    work.session.execute(of_run.values(mail="not needed"))  # whoever has no account in use any more
    work.record("alignment.released", "alignment_run", run.id, people=len(told))
    return len(told)


def _lines(changes: Iterable[AlignmentChange]) -> list[list[str]]:
    return [[str(Sentence(change.template, **change.values))] for change in changes]
