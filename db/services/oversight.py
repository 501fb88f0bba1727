"""The admin's view of the portal itself: outgoing mail, the audit trail, the settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import SecretStr
from sqlalchemy import ColumnElement, make_url, or_, select

from core.places import start_of
from core.problems import refuse
from core.roles import Role
from db.gate import Work, service
from db.keys import AppKey
from db.listing import Listing, one_page
from db.mail import mails
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
class TrailFilters:
    """Which entries of the trail are wanted; what is empty does not count.

    `who` is part of a name or e-mail, or an account's number; `first` and `last` are days at the office.
    """

    action: str = ""
    subject: str = ""
    subject_id: int | None = None
    who: str = ""
    first: date | None = None
    last: date | None = None


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
    work: Work, wanted: TrailFilters | None = None, page: int = 1, up_to: int | None = None
) -> Listing[AuditRow]:
    """The audit trail, the newest first.

    Each look is an entry too: with the id of the newest entry seen as `up_to`, pages stay where they are.
    """
    statement = (
        select(AuditEntry, Person)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(*_conditions(wanted or TrailFilters()))
        .order_by(AuditEntry.id.desc())
    )
    if up_to is not None:
        statement = statement.where(AuditEntry.id <= up_to)
    found, total, page = one_page(work, statement, page)
    work.record("audit_trail.shown", "audit_entry", None, shown=[entry.id for entry, _ in found])
    return Listing(tuple(_audit_row(entry, person) for entry, person in found), total, page)


def _conditions(wanted: TrailFilters) -> Iterator[ColumnElement[bool]]:
    if wanted.action:
        yield AuditEntry.action == wanted.action
    if wanted.subject:
        yield AuditEntry.subject == wanted.subject
    if wanted.subject_id is not None:
        yield AuditEntry.subject_id == wanted.subject_id
    who = wanted.who.strip()
    if who.isascii() and who.isdigit() and len(who) < 10:
        yield AuditEntry.account_id == int(who)
    elif who:
        name = Person.given_name + " " + Person.family_name
        yield or_(name.icontains(who, autoescape=True), Account.email.icontains(who, autoescape=True))
    if wanted.first:
        yield AuditEntry.at >= start_of(wanted.first)
    if wanted.last:
        yield AuditEntry.at < start_of(wanted.last + timedelta(days=1))


@service(Role.ADMIN)
def audit_subjects(work: Work) -> tuple[str, ...]:
    """What the entries of the trail are about, by name."""
    return tuple(work.session.scalars(select(AuditEntry.subject).distinct().order_by(AuditEntry.subject)))


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
