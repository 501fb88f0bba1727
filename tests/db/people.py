"""People for tests: an account made straight in the database, and signed in."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import bcrypt

from core.roles import Role
from db.gate import Asker, Portal
from db.keys import fingerprint, new_secret
from db.schema import Account, AccountRole, LoginSession, Person
from tests.remembered import remembered

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # noon in Toronto
PASSWORD = "ten buckets of clean water"
PASSWORD_HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()  # weak, so that tests are fast

_numbers = itertools.count(1)


def visitor(portal: Portal, at: datetime = NOON) -> Asker:
    """Somebody who is not signed in."""
    return Asker(portal, None, at)


@remembered
def signed_in(
    portal: Portal,
    *roles: Role,
    at: datetime = NOON,
    given_name: str = "Robin",
    family_name: str = "Fairwater",
    email: str = "",
) -> Asker:
    """A new person with a confirmed account that holds `roles`, signed in at `at`."""
    account_id = make_account(portal, *roles, at=at, given_name=given_name, family_name=family_name, email=email)
    return sign_in(portal, account_id, at)


@remembered
def make_account(
    portal: Portal,
    *roles: Role,
    at: datetime = NOON,
    given_name: str = "Robin",
    family_name: str = "Fairwater",
    email: str = "",
    state: str = "active",
    confirmed: bool = True,
    language: str = "en",
) -> int:
    """The id of a new account with the password PASSWORD; each gets an e-mail of its own."""
    with portal.database.transaction(writes=True) as session:
        person = Person(given_name=given_name, family_name=family_name, created_at=at)
        session.add(person)
        session.flush()
        account = Account(
            person_id=person.id,
            email=email or f"person{next(_numbers)}@example.ca",
            email_confirmed_at=at if confirmed else None,
            password_hash=PASSWORD_HASH,
            state=state,
            telephone="+17052671234",
            municipality="Timmins",
            language=language,
            created_at=at,
            changed_at=at,
        )
        session.add(account)
        session.flush()
        session.add_all(AccountRole(account_id=account.id, role=role, granted_at=at) for role in roles)
        return account.id


@remembered
def sign_in(portal: Portal, account_id: int, at: datetime = NOON) -> Asker:
    """A session of an account that exists."""
    token = new_secret()
    with portal.database.transaction(writes=True) as session:
        session.add(
            LoginSession(
                account_id=account_id, token_hash=fingerprint(token), started_at=at, seen_at=at, browser="Test"
            )
        )
    return Asker(portal, token, at)


def at(asker: Asker, moment: datetime) -> Asker:
    """The same asker at another moment."""
    return replace(asker, at=moment)
