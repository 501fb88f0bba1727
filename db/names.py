"""Names and numbers in the database: what is searched for is folded as they are kept (db.schema.Named)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import Session

from core.entries import clean_number
from core.names import plain
from db.schema import Account, Person


def holds(plain_name: Any, words: str) -> ColumnElement[bool]:
    """A plain name that holds each of the words, in any order; signs alone are in none."""
    parts = plain(words).split()
    return and_(*(plain_name.contains(part, autoescape=True) for part in parts)) if parts else false()


def numbered(number: Any, words: str) -> ColumnElement[bool]:
    """A number that holds what was typed, however it was typed."""
    held: ColumnElement[bool] = number.contains(clean_number(words) or words, autoescape=True)
    return held


def title(plain_name: Any) -> ColumnElement[str]:
    """A plain name as core.names.same_title compares it: however its parts are spaced."""
    return func.replace(plain_name, " ", "")


def of_accounts(session: Session, account_ids: Iterable[int | None]) -> Mapping[int, str]:
    """The names of the people of accounts, by the accounts' ids: who recorded something."""
    rows = session.execute(
        select(Account.id, Person.given_name, Person.family_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_({one for one in account_ids if one is not None}))
    )
    return {id: f"{given} {family}".strip() for id, given, family in rows}
