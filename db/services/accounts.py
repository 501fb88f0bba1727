"""Accounts: who one is, and how an account begins: registering, confirming, resetting, being invited.

Nobody learns from an answer here whether an e-mail is known: the mail tells its holder.
"""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from core import contacts as rules
from core.contacts import Details
from core.problems import Problem, Refused, raise_if_any, refuse
from core.roles import Role
from core.sentences import Sentence
from db import memberships
from db.accounts import addresses, contacts, links, lockout, passwords
from db.accounts.links import DeadLink, Purpose
from db.accounts.new_accounts import NewAccount, add_account, end_sessions
from db.gate import ANYONE, SIGNED_IN, Asker, Work, in_steps, roles_of, service
from db.mail import mails
from db.mail.mails import RenderedMail
from db.schema import Account, AccountRole, OutgoingMail

_SELF_ASKED = (Purpose.CONFIRM, Purpose.RESET, Purpose.INVITATION)


@dataclass(frozen=True)
class Me:
    """Whoever is signed in."""

    account_id: int
    person_id: int
    name: str
    email: str
    roles: frozenset[Role]
    language: str


@dataclass(frozen=True)
class LinkHolder:
    """Whom a mailed link is for: the e-mail it was sent to ("" where the holder is yet to enter one), and as
    what the holder is invited, in words."""

    email: str
    invited_as: tuple[str, ...]


@service(ANYONE)
def me(work: Work) -> Me | None:
    """Who is signed in; None where nobody is."""
    account = work.signed_in
    if account is None:
        return None
    return Me(
        account.id,
        account.person_id,
        account.person.name,
        account.email,
        work.roles,
        account.language,
    )


@in_steps(ANYONE, writes=True)
def register(
    asker: Asker,
    *,
    role: str,
    given_name: str,
    family_name: str,
    email: str,
    telephone: str,
    municipality: str,
    language: str | None,
    password: str,
) -> None:
    """Makes an operator's or owner's account and mails a link that confirms its e-mail.

    A known e-mail is answered the same, after the same work, and its holder is told by mail.
    """
    details = rules.details(given_name, family_name, municipality, language)
    problems = [
        *_problem_with_role(role),
        *details.problems(),
        *_found(contacts.problem_with_email(email)),
        *_found(contacts.problem_with_telephone(telephone)),
        *_found(passwords.problem_with(password)),
    ]
    raise_if_any(problems)
    _register(
        asker,
        NewAccount(
            details=details,
            email=contacts.as_typed(email),
            telephone=contacts.checked_telephone(telephone) or "",
            password_hash=passwords.hashed(password),
            roles=(Role(role),),
            state="active",
        ),
    )


@service(ANYONE, writes=True)
def ask_link(work: Work, purpose: Purpose, email: str) -> None:
    """Mails a new link to confirm an e-mail, reset a password or accept an invitation.

    Nothing is sent, and nothing said, where the e-mail is unknown or has no use for such a link.
    """
    raise_if_any(_found(contacts.problem_with_email(email)))
    account = _account_of(work, contacts.as_typed(email))
    to = account if account is not None and addresses.waits(account, purpose) else None
    if purpose not in _SELF_ASKED or not links.send(work, to, purpose):
        work.record("link.not_mailed", "account", account.id if account else None, purpose=purpose)


@service(ANYONE)
def look_at_link(work: Work, purpose: Purpose, secret: str) -> LinkHolder:
    """Whom a link is for. Raises DeadLink where it was used, has expired, or is none. Changes nothing."""
    link = links.look(work, secret, *_same_page(purpose))
    account = work.session.get_one(Account, link.account_id)
    return LinkHolder(link.email or account.email, tuple(links.invited_as(work, account)))


@service(ANYONE, writes=True)
def confirm_email(work: Work, secret: str) -> None:
    """Confirms the e-mail that a link was sent to: the account's own, or the one it changes to."""
    link = links.use(work, secret, Purpose.CONFIRM, Purpose.CHANGE)
    account = _active(work, link.account_id)
    if link.purpose == Purpose.CHANGE:
        _change_email(work, account, link.email)
    elif link.email != account.email:
        raise DeadLink
    account.email_confirmed_at = work.at
    work.record("email.confirmed", "account", account.id, purpose=link.purpose)


@in_steps(ANYONE, writes=True)
def reset_password(asker: Asker, secret: str, password: str) -> None:
    """Sets a new password by a mailed link, which proves the e-mail too. The account's sessions and links end."""
    raise_if_any(_found(passwords.problem_with(password)))
    look_at_link(asker, Purpose.RESET, secret)
    _reset(asker, secret, passwords.hashed(password))


@in_steps(ANYONE, writes=True)
def accept_invitation(
    asker: Asker,
    secret: str,
    *,
    given_name: str,
    family_name: str,
    telephone: str,
    municipality: str,
    language: str | None,
    password: str,
    email: str = "",
) -> None:
    """Takes up an account that was made by an invitation, and with it what the invitation offers. The link
    confirms the e-mail it was sent to.

    `email` is asked only of the first admin, whose link was printed and not mailed.
    """
    holder = look_at_link(asker, Purpose.INVITATION, secret)
    details = rules.details(given_name, family_name, municipality, language)
    problems = [
        *details.problems(),
        *(() if holder.email else _found(contacts.problem_with_email(email))),
        *_found(contacts.problem_with_telephone(telephone)),
        *_found(passwords.problem_with(password)),
    ]
    raise_if_any(problems)
    _accept(
        asker,
        secret,
        details,
        contacts.as_typed(email),
        contacts.checked_telephone(telephone) or "",
        passwords.hashed(password),
    )


@service(ANYONE)
def demo_mail(work: Work, email: str) -> RenderedMail | None:
    """The newest mail to an address, its link with it: only in a demo that sends no mail, to show it at once."""
    settings = work.portal.settings
    if not settings.demo or settings.smtp_host:
        return None
    mail = work.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.recipient == contacts.as_typed(email))
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
    if mail is None:
        return None
    return mails.render(mail, work.portal.key, settings)


@service(SIGNED_IN, writes=True)
def take_role(work: Work, role: str) -> None:
    """Uses one's account as an operator or owner too."""
    raise_if_any(_problem_with_role(role))
    account = work.for_update(Account, work.account.id)
    if Role(role) in roles_of(account):
        raise refuse("Your account is used as {role} already.", "role", role=Role(role).label.lower())
    work.session.add(AccountRole(account_id=account.id, role=role, granted_at=work.at, granted_by=account.id))
    work.record("role.taken", "account", account.id, role=role)


@service(ANYONE, writes=True)
def _register(work: Work, new: NewAccount) -> None:
    known = addresses.holder_of(work, new.email)
    if known is not None:
        work.record("account.registered_again", "account", known.id)
        addresses.tell_holder(work, known)
        return
    try:
        with work.session.begin_nested():
            account = add_account(work.session, work.at, new)
    except IntegrityError:  # somebody else has just registered it
        return
    work.record("account.registered", "account", account.id, roles=list(new.roles))
    links.send(work, account, Purpose.CONFIRM)


@service(ANYONE, writes=True)
def _reset(work: Work, secret: str, password_hash: str) -> None:
    link = links.use(work, secret, Purpose.RESET)
    account = _active(work, link.account_id)
    if link.email != account.email:
        raise DeadLink
    account.password_hash = password_hash
    account.email_confirmed_at = account.email_confirmed_at or work.at
    lockout.forget(work, account.email)
    end_sessions(work.session, work.at, account.id)
    links.end(work, account.id)
    work.mail(account, "password_changed")
    work.record("password.reset", "account", account.id)


@service(ANYONE, writes=True)
def _accept(work: Work, secret: str, details: Details, email: str, telephone: str, password_hash: str) -> None:
    offered = memberships.offers(work, links.look(work, secret, Purpose.INVITATION).account_id)
    accepted = [memberships.lock(work, one) for one, _ in offered]
    link = links.use(work, secret, Purpose.INVITATION)
    account = work.for_update(Account, link.account_id)
    if account.state != "invited":
        raise DeadLink
    if not account.email:
        _give_email(work, account, email)
    account.person.given_name, account.person.family_name = details.given_name, details.family_name
    account.municipality, account.language = details.municipality, details.language
    account.telephone, account.password_hash = telephone, password_hash
    account.state, account.email_confirmed_at = "active", work.at
    work.touch(account, account.version)
    work.record("invitation.accepted", "account", account.id)
    for one in accepted:
        with suppress(Refused):  # withdrawn in this moment, or a second organization to manage: it stays an offer
            memberships.accept(work, one)
            work.touch(one, one.version)


def _change_email(work: Work, account: Account, email: str) -> None:
    old = account.email
    _give_email(work, account, email)
    links.end(work, account.id)
    work.touch(account, account.version)
    work.mail(account, "email_changed", address=old, email=email)
    work.mail(account, "email_changed", email=email)


def _give_email(work: Work, account: Account, email: str) -> None:
    """Sets the account's e-mail. Raises Refused where another account, not closed, has it."""
    addresses.holder_of(work, email)
    try:
        with work.session.begin_nested():
            account.email = email
    except IntegrityError:
        raise refuse("This e-mail cannot be used: another account has it. Use another one.", "email") from None


def _account_of(work: Work, email: str) -> Account | None:
    """In one statement, whether there is one or not."""
    found = select(Account).where(Account.email == email).options(joinedload(Account.roles))
    return work.session.scalars(found).unique().one_or_none()


def _active(work: Work, account_id: int) -> Account:
    account = work.for_update(Account, account_id)
    if account.state != "active":
        raise DeadLink
    return account


def _same_page(purpose: Purpose) -> tuple[Purpose, ...]:
    """The page that confirms an e-mail also confirms a changed one."""
    return (Purpose.CONFIRM, Purpose.CHANGE) if purpose is Purpose.CONFIRM else (purpose,)


def _problem_with_role(role: str) -> list[Problem]:
    if role in (Role.OPERATOR, Role.OWNER):
        return []
    return [Problem("role", Sentence("Choose what you register as: an operator or an owner."))]


def _found(problem: Problem | None) -> list[Problem]:
    return [problem] if problem else []
