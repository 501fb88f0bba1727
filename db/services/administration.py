"""The admin's work on accounts: finding them, inviting, granting and ending roles, disabling."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from core.problems import Problem, raise_if_any, refuse
from core.roles import INVITED, Role
from core.sentences import Sentence
from db.accounts import addresses, admins, contacts, links
from db.accounts.links import Purpose
from db.accounts.new_accounts import NewAccount, add_account, end_sessions
from db.gate import Work, roles_of, service
from db.listing import Listing, one_page
from db.schema import Account, AccountRole, LoginSession, Person

STATES = ("invited", "active", "disabled", "closed")


@dataclass(frozen=True)
class AccountRow:
    """An account as the admin sees it; `last_seen` is None where nobody has signed in."""

    id: int
    version: int
    name: str
    email: str
    email_confirmed: bool
    roles: tuple[Role, ...]
    state: str
    created_at: datetime
    last_seen: datetime | None


@service(Role.ADMIN, shows_personal_data=True)
def list_accounts(
    work: Work, search: str = "", role: str | None = None, state: str | None = None, page: int = 1
) -> Listing[AccountRow]:
    """The accounts whose name or e-mail contains `search`, by family name, a page at a time."""
    seen = (
        select(func.max(LoginSession.seen_at))
        .where(LoginSession.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    statement = (
        select(Account, seen)
        .join(Account.person)
        .order_by(func.lower(Person.family_name), func.lower(Person.given_name), Account.id)
    )
    if search.strip():
        name = Person.given_name + " " + Person.family_name
        text = search.strip()
        statement = statement.where(
            or_(name.icontains(text, autoescape=True), Account.email.icontains(text, autoescape=True))
        )
    if role:
        holds = select(AccountRole.account_id).where(AccountRole.role == role, AccountRole.ended_at.is_(None))
        statement = statement.where(Account.id.in_(holds))
    if state:
        statement = statement.where(Account.state == state)
    found, total, page = one_page(work, statement, page)
    rows = tuple(_row(account, last_seen) for account, last_seen in found)
    work.record("accounts.listed", "account", None, shown=[row.id for row in rows])
    return Listing(rows, total, page)


@service(Role.ADMIN, shows_personal_data=True)
def account(work: Work, account_id: int) -> AccountRow:
    """One account."""
    row = work.session.get(Account, account_id)
    if row is None:
        raise refuse("There is no account with the number {number}. Look at the list.", number=account_id)
    last_seen = work.session.scalar(
        select(func.max(LoginSession.seen_at)).where(LoginSession.account_id == account_id)
    )
    work.record("account.shown", "account", account_id)
    return _row(row, last_seen)


@service(Role.ADMIN, writes=True)
def invite(work: Work, email: str, role: str | None) -> None:
    """Invites somebody to be an officer, director, manager or admin by a mailed link.

    Whoever has an account already is given the role, and told by mail.
    """
    wrong = contacts.problem_with_email(email)
    raise_if_any([*([wrong] if wrong else []), *_problem_with_role(role)])
    address, invited_as = contacts.as_typed(email), Role(role or "")
    account = addresses.holder_of(work, address)
    if account is None:
        account = _add_invited(work, address, invited_as)
        work.record("account.invited", "account", account.id, role=invited_as)
        links.send(work, account, Purpose.INVITATION)
        return
    account = work.for_update(Account, account.id)
    work.touch(account, account.version)
    _grant(work, account, invited_as)


@service(Role.ADMIN, writes=True)
def invite_again(work: Work, account_id: int) -> None:
    """Mails a new invitation to an account that was not taken up yet; the earlier links end."""
    account = work.for_update(Account, account_id)
    if account.state != "invited" or not account.email:
        raise refuse("This account waits for no invitation: look at its state in the list.")
    if not links.may_mail(work, account, "invitation"):
        raise refuse("{most} invitations went out in the last hour. Wait an hour.", most=links.MAILS_AN_HOUR)
    links.end(work, account.id, Purpose.INVITATION)
    links.send(work, account, Purpose.INVITATION)


@service(Role.ADMIN, writes=True)
def grant_role(work: Work, account_id: int, role: str | None, version: int) -> None:
    """Gives an account a role from now on."""
    raise_if_any(_problem_with_role(role))
    account = work.for_update(Account, account_id)
    work.touch(account, version)
    _grant(work, account, Role(role or ""))


@service(Role.ADMIN, writes=True)
def end_role(work: Work, account_id: int, role: str, version: int) -> None:
    """Ends a role of an account: it has no right by it from the next click on."""
    account = work.for_update(Account, account_id)
    if role == Role.ADMIN and account.state == "active":
        admins.must_not_be_last(work, account_id)
    work.touch(account, version)
    held = [row for row in account.roles if row.role == role and row.ended_at is None]
    if not held:
        raise refuse("This account does not hold the role {role}.", "role", role=role)
    for row in held:
        row.ended_at, row.ended_by = work.at, work.account.id
    work.record("role.ended", "account", account_id, role=role)


@service(Role.ADMIN, writes=True)
def disable(work: Work, account_id: int, version: int) -> None:
    """Bars an account from signing in, and ends its sessions and links. It can be enabled again."""
    if account_id == work.account.id:
        raise refuse("You cannot disable your own account. Another admin can.")
    account = work.for_update(Account, account_id)
    if account.state not in ("active", "invited"):
        raise refuse("This account is {state} already.", state=account.state)
    if account.state == "active" and Role.ADMIN in roles_of(account):
        admins.must_not_be_last(work, account_id)
    work.touch(account, version)
    account.state = "disabled"
    end_sessions(work.session, work.at, account_id)
    links.end(work, account_id)
    work.record("account.disabled", "account", account_id)


@service(Role.ADMIN, writes=True)
def enable(work: Work, account_id: int, version: int) -> None:
    """Lets a disabled account sign in again; one that was never taken up waits for an invitation again."""
    account = work.for_update(Account, account_id)
    if account.state != "disabled":
        raise refuse("This account is not disabled, but {state}.", state=account.state)
    work.touch(account, version)
    account.state = "active" if account.password_hash else "invited"
    work.record("account.enabled", "account", account_id, state=account.state)


def _add_invited(work: Work, email: str, role: Role) -> Account:
    try:
        with work.session.begin_nested():
            new = NewAccount(email=email, roles=(role,), state="invited")
            return add_account(work.session, work.at, new, by=work.account.id)
    except IntegrityError:
        raise refuse("Somebody has just made an account with this e-mail. Invite again.", "email") from None


def _grant(work: Work, account: Account, role: Role) -> None:
    if account.state not in ("active", "invited"):
        raise refuse("This account is {state}, so it can be given no role.", "email", state=account.state)
    if role in roles_of(account):
        raise refuse("This account holds the role {role} already.", "role", role=role.label.lower())
    work.session.add(AccountRole(account_id=account.id, role=role, granted_at=work.at, granted_by=work.account.id))
    work.mail(account, "role_given", role=role.label)
    work.record("role.granted", "account", account.id, role=role)


def _problem_with_role(role: str | None) -> list[Problem]:
    if role in INVITED:
        return []
    return [Problem("role", Sentence("Choose a role: officer, director, manager or admin."))]


def _row(account: Account, last_seen: datetime | None) -> AccountRow:
    held = roles_of(account)
    return AccountRow(
        id=account.id,
        version=account.version,
        name=account.person.name,
        email=account.email,
        email_confirmed=account.email_confirmed_at is not None,
        roles=tuple(role for role in Role if role in held),
        state=account.state,
        created_at=account.created_at,
        last_seen=last_seen,
    )
