"""Mailed links: single-use, their secret kept as a hash only. A link opens a page; the page's button acts."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.problems import Problem, Refused
from core.roles import Role
from core.sentences import Sentence
from db import invited_employees, memberships
from db.gate import Work, roles_of
from db.keys import fingerprint, new_secret
from db.schema import Account, MailedLink, OutgoingMail


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"  # that the account's e-mail is its holder's
    CHANGE = "change"  # of e-mail: that the new one is the holder's
    RESET = "reset"  # a new password
    INVITATION = "invitation"  # an account that an admin has made is taken up

    @property
    def lasts(self) -> timedelta:
        """30 minutes; 72 hours for an invitation, which comes when nobody waits for it."""
        return timedelta(hours=72) if self is Purpose.INVITATION else timedelta(minutes=30)


MAILS_AN_HOUR = 5  # of one kind to one account, whoever asks for them
_TEMPLATES = {
    Purpose.CONFIRM: "confirm_email",
    Purpose.RESET: "reset_password",
    Purpose.INVITATION: "invitation",
}


class DeadLink(Refused):
    """A link that was used, has expired, or never was one."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "",
                Sentence("This link does not work: it was used, it has expired, or a part of it is missing. "
                         "Ask for a new one."),
            )
        )  # fmt: skip


def make(session: Session, at: datetime, account: Account, purpose: Purpose, email: str = "") -> str:
    """The secret of a new link for an account, to be sent to its e-mail or to `email`."""
    secret = new_secret()
    session.add(
        MailedLink(
            account_id=account.id,
            purpose=purpose,
            email=email or account.email,
            secret_hash=fingerprint(secret),
            created_at=at,
            expires_at=at + purpose.lasts,
        )
    )
    return secret


def send(work: Work, account: Account | None, purpose: Purpose) -> bool:
    """Mails a new link to the account's e-mail; whether it did.

    Not without an account, nor where it has had five of its kind in this hour. Then as many statements write
    nothing: how long the answer takes tells nobody which e-mails are known.
    """
    template = _TEMPLATES[purpose]
    may = may_mail(work, account, template)
    values = {"role": ", ".join(invited_as(work, account))} if purpose is Purpose.INVITATION else {}
    if account is None or not may:
        work.session.execute(update(MailedLink).where(MailedLink.id == 0).values(used_at=work.at))
        work.session.execute(update(OutgoingMail).where(OutgoingMail.id == 0).values(sent_at=work.at))
        return False
    secret = make(work.session, work.at, account, purpose)
    work.mail(account, template, secret=secret, **values)
    work.record("link.mailed", "account", account.id, purpose=purpose)
    return True


def may_mail(work: Work, account: Account | None, template: str) -> bool:
    """Whether fewer than five mails of a kind have gone to an account in the last hour."""
    sent = work.session.scalar(
        select(func.count()).where(
            OutgoingMail.account_id == (account.id if account else None),
            OutgoingMail.template == template,
            OutgoingMail.created_at > work.at - timedelta(hours=1),
        )
    )
    return (sent or 0) < MAILS_AN_HOUR


def look(work: Work, secret: str, *purposes: Purpose, lock: bool = False) -> MailedLink:
    """The link that has this secret, if it still stands. Raises DeadLink."""
    statement = select(MailedLink).where(MailedLink.secret_hash == fingerprint(secret))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    link = work.session.scalar(statement)
    if link is None or link.purpose not in purposes or link.used_at is not None or work.at >= link.expires_at:
        raise DeadLink
    return link


def use(work: Work, secret: str, *purposes: Purpose) -> MailedLink:
    """Uses a link up, and with it the account's others of its purpose. Raises DeadLink.

    The account is locked before the link, as where a new password ends its links: neither waits in a circle.
    """
    work.for_update(Account, look(work, secret, *purposes).account_id)
    link = look(work, secret, *purposes, lock=True)
    end(work, link.account_id, Purpose(link.purpose))
    return link


def end(work: Work, account_id: int, *purposes: Purpose) -> None:
    """Ends the links of an account: those of `purposes`, or all."""
    work.session.execute(
        update(MailedLink)
        .where(
            MailedLink.account_id == account_id,
            MailedLink.used_at.is_(None),
            MailedLink.purpose.in_(purposes or tuple(Purpose)),
        )
        .values(used_at=work.at)
    )


def invited_as(work: Work, account: Account | None) -> list[str]:
    """As what an account is invited, in words: its roles, and the organizations that it is to act for."""
    roles = [role.label for role in Role if account is not None and role in roles_of(account)]
    offers = memberships.offers(work, account.id if account else 0)
    employees = invited_employees.names(work, [one.id for one, _ in offers])
    return roles + [
        f"Member of {organization.name}"
        + (f" (as its employee {employees[one.id]})" if one.id in employees else "")
        for one, organization in offers
    ]
