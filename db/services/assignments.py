"""Who works on which submission: officers take one, give it back, or give it to somebody."""

from dataclasses import dataclass

from sqlalchemy import select

from core.problems import refuse
from core.roles import Role
from db.gate import Work, service
from db.schema import Account, AccountRole, Submission
from db.verification import deciding


@dataclass(frozen=True)
class Officer:
    """Somebody who decides on submissions."""

    account_id: int
    name: str
    is_asker: bool


@service(Role.OFFICER, writes=True)
def take(work: Work, submission_id: int, version: int) -> None:
    """The submission is the asker's to decide on, and nobody else's until it is given back."""
    submission, _profile = deciding.locked(work, submission_id, version)
    _give(work, submission, work.account.id)


@service(Role.OFFICER, writes=True)
def give_back(work: Work, submission_id: int, version: int) -> None:
    """Everybody may decide on it again."""
    submission, _profile = deciding.locked(work, submission_id, version)
    _give(work, submission, None)


@service(Role.OFFICER, writes=True)
def give_to(work: Work, submission_id: int, version: int, account_id: int) -> None:
    """The submission is another officer's, or the asker's, whoever has taken it before."""
    submission, _profile = deciding.locked(work, submission_id, version, whoever_took_it=True)
    if account_id not in {one.account_id for one in _officers(work)}:
        raise refuse("This account is no officer's any more. Choose another officer.", field="officer")
    _give(work, submission, account_id)


@service(Role.OFFICER)
def officers(work: Work) -> tuple[Officer, ...]:
    """Everybody to whom a submission can be given, by name."""
    return _officers(work)


def _officers(work: Work) -> tuple[Officer, ...]:
    holding = select(AccountRole.account_id).where(
        AccountRole.role == Role.OFFICER, AccountRole.ended_at.is_(None)
    )
    found = work.session.scalars(select(Account).where(Account.state == "active", Account.id.in_(holding)))
    named = (Officer(one.id, one.person.name, one.id == work.account.id) for one in found)
    return tuple(sorted(named, key=lambda one: one.name.casefold()))


def _give(work: Work, submission: Submission, account_id: int | None) -> None:
    submission.taken_by = account_id
    submission.taken_at = None if account_id is None else work.at
    done = "given_back" if account_id is None else "taken" if account_id == work.account.id else "given"
    work.record(f"submission.{done}", "submission", submission.id, to=account_id)
