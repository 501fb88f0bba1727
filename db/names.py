"""Names and numbers in the database: what is searched for is folded as they are kept (db.schema.Named)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func

from core.entries import clean_number
from core.names import plain


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
