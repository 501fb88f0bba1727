"""A new account and its person, however it begins: registered, invited, or the first admin's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.contacts import Details, Language
from core.roles import Role
from db.schema import Account, AccountRole, LoginSession, Person

NOBODY_YET = Details("", "", "", Language.ENGLISH)


@dataclass(frozen=True)
class NewAccount:
    """What a new account begins with; an invited one has an e-mail and roles only."""

    email: str
    roles: tuple[Role, ...]
    state: str
    details: Details = NOBODY_YET
    telephone: str = ""
    password_hash: str | None = None


def add_account(session: Session, at: datetime, new: NewAccount, by: int | None = None) -> Account:
    """Adds an account with its person and roles. Raises IntegrityError where the e-mail is taken."""
    person = Person(given_name=new.details.given_name, family_name=new.details.family_name, created_at=at)
    session.add(person)
    session.flush()
    account = Account(
        person_id=person.id,
        email=new.email,
        password_hash=new.password_hash,
        state=new.state,
        telephone=new.telephone,
        municipality=new.details.municipality,
        language=new.details.language,
        created_at=at,
        changed_at=at,
        changed_by=by,
        person=person,
        roles=[AccountRole(role=role, granted_at=at, granted_by=by) for role in new.roles],
    )
    session.add(account)
    session.flush()
    return account


def end_sessions(session: Session, at: datetime, account_id: int, but: int | None = None) -> None:
    """Ends every session of an account, `but` perhaps one."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), LoginSession.id != but)
        .values(ended_at=at)
    )
