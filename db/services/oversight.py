"""The admin's view of the portal itself: outgoing mail, the audit trail, the settings."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import make_url, select

from core.roles import Role
from db.gate import Work, service
from db.listing import Listing, one_page
from db.schema import Account, AuditEntry, Person
from db.settings import Settings


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
