"""The admin's view of the portal itself: outgoing mail, the audit trail, the settings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import SecretStr
from sqlalchemy import make_url, select

from core.problems import refuse
from core.roles import Role
from db import mails
from db.gate import Work, service
from db.keys import AppKey
from db.listing import Listing, one_page
from db.schema import Account, AuditEntry, OutgoingMail, Person
from db.settings import Settings


class Delivery(StrEnum):
    """How far a mail has come."""

    SENT = "sent"
    KEPT = "kept"  # no mail server is set
    WAITING = "waiting"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class MailRow:
    """A mail of the outbox; `failure` is what the mail server said at the last try."""

    id: int
    recipient: str
    subject: str
    created_at: datetime
    sent_at: datetime | None
    delivery: Delivery
    attempts: int
    next_attempt_at: datetime | None
    failure: str


@dataclass(frozen=True)
class OpenedMail:
    """A mail with its text; the secret of its link is in it only while no mail server is set."""

    row: MailRow
    text: str
    link: str | None


@dataclass(frozen=True)
class AuditRow:
    """An entry of the audit trail; `who` is "" where nobody was signed in, or the portal itself acted."""

    id: int
    at: datetime
    who: str
    account_id: int | None
    action: str
    subject: str
    subject_id: int | None
    details: str


@dataclass(frozen=True)
class SettingRow:
    """A setting as it stands; of a secret only whether it is set."""

    name: str
    value: str
    meaning: str


@service(Role.ADMIN, shows_personal_data=True)
def outgoing_mails(work: Work, page: int = 1) -> Listing[MailRow]:
    """The outbox, the newest first, a page at a time."""
    found, total, page = one_page(work, select(OutgoingMail).order_by(OutgoingMail.id.desc()), page)
    rows = tuple(_mail_row(work, mail) for (mail,) in found)
    work.record("outgoing_mails.listed", "outgoing_mail", None, shown=[row.id for row in rows])
    return Listing(rows, total, page)


@service(Role.ADMIN, shows_personal_data=True)
def outgoing_mail(work: Work, mail_id: int) -> OpenedMail:
    """One mail as its reader gets it. With its link, to be handed over, only while no mail server is set."""
    mail = work.session.get(OutgoingMail, mail_id)
    if mail is None:
        raise refuse("There is no such mail. Look at the list again.")
    rendered = mails.render(mail, _key_to_read_with(work), work.portal.settings)
    work.record("outgoing_mail.opened", "outgoing_mail", mail.id, with_link=rendered.link is not None)
    return OpenedMail(_mail_row(work, mail), rendered.text, rendered.link)


@service(Role.ADMIN, shows_personal_data=True)
def audit_trail(
    work: Work,
    action: str = "",
    subject: str = "",
    subject_id: int | None = None,
    account_id: int | None = None,
    page: int = 1,
) -> Listing[AuditRow]:
    """The audit trail, the newest first: actions that begin with `action`, about a subject, by an account."""
    statement = (
        select(AuditEntry, Person)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .order_by(AuditEntry.id.desc())
    )
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        statement = statement.where(AuditEntry.subject == subject)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    if account_id is not None:
        statement = statement.where(AuditEntry.account_id == account_id)
    found, total, page = one_page(work, statement, page)
    work.record("audit_trail.shown", "audit_entry", None, shown=[entry.id for entry, _ in found])
    return Listing(tuple(_audit_row(entry, person) for entry, person in found), total, page)


@service(Role.ADMIN)
def settings_summary(work: Work) -> tuple[SettingRow, ...]:
    """Every setting, its value without secrets, and its meaning."""
    settings = work.portal.settings
    return tuple(
        SettingRow(name.upper(), _shown(name, settings), field.description or "")
        for name, field in Settings.model_fields.items()
    )


def _shown(name: str, settings: Settings) -> str:
    value: object = getattr(settings, name)
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if name == "database_url":
        return make_url(settings.database_url).render_as_string(hide_password=True)
    return str(value)


def _key_to_read_with(work: Work) -> AppKey | None:
    return None if work.portal.settings.smtp_host else work.portal.key


def _mail_row(work: Work, mail: OutgoingMail) -> MailRow:
    return MailRow(
        id=mail.id,
        recipient=mail.recipient,
        subject=mails.render(mail, None, work.portal.settings).subject,
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        delivery=_delivery(work, mail),
        attempts=mail.attempts,
        next_attempt_at=mail.next_attempt_at,
        failure=mail.failure,
    )


def _delivery(work: Work, mail: OutgoingMail) -> Delivery:
    if mail.sent_at is not None:
        return Delivery.SENT
    if mail.next_attempt_at is None:
        return Delivery.GIVEN_UP
    return Delivery.WAITING if work.portal.settings.smtp_host else Delivery.KEPT


def _audit_row(entry: AuditEntry, person: Person | None) -> AuditRow:
    return AuditRow(
        id=entry.id,
        at=entry.at,
        who=person.name if person else "",
        account_id=entry.account_id,
        action=entry.action,
        subject=entry.subject,
        subject_id=entry.subject_id,
        details=", ".join(f"{name}: {value}" for name, value in entry.details.items()),
    )
