"""Whose a draft is, an account's or a browser's, and how long it is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from db.keys import AppKey
from db.schema import FormDraft

_KEPT = timedelta(days=30)
_KEPT_OF_BROWSERS = timedelta(hours=1)  # the next person at the machine is not shown them
_BROWSER = "browser:"


def of_account(account_id: int) -> str:
    """The holder of what a signed-in account types."""
    return f"account:{account_id}"


def of_browser(key: AppKey, browser: str) -> str:
    """The holder of what is typed before sign-in: the browser, by the portal's cookie in it."""
    return f"{_BROWSER}{key.keyed_hash(browser)}"


def is_old(at: datetime) -> ColumnElement[bool]:
    """Whether a draft is kept no longer: 30 days for an account's, one hour for a browser's."""
    of_browsers = FormDraft.holder.startswith(_BROWSER)
    return (FormDraft.saved_at < at - _KEPT) | (of_browsers & (FormDraft.saved_at < at - _KEPT_OF_BROWSERS))
