"""Whose a draft is, an account's or a browser's, and how long it is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

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


def of_ended_session(key: AppKey, browser: str, account_id: int) -> str:
    """The holder of what was typed on when an account's session had ended: at this browser, that account alone."""
    return of_browser(key, f"{browser} {account_id}")


def take_up(session: Session, key: AppKey, browser: str, account_id: int, at: datetime) -> None:
    """An account signs in: what it typed on at this browser when its session had ended is its own again; what else
    was typed there before signing in is forgotten."""
    left, own = of_ended_session(key, browser, account_id), of_account(account_id)
    forms = select(FormDraft.form).where(FormDraft.holder == left, ~is_old(at))
    found = session.scalars(forms).all() if browser else ()
    session.execute(delete(FormDraft).where(FormDraft.holder == own, FormDraft.form.in_(found)))
    session.execute(
        update(FormDraft).where(FormDraft.holder == left, FormDraft.form.in_(found)).values(holder=own)
    )
    session.execute(delete(FormDraft).where(FormDraft.holder == of_browser(key, browser)))


def is_old(at: datetime) -> ColumnElement[bool]:
    """Whether a draft is kept no longer: 30 days for an account's, one hour for a browser's."""
    of_browsers = FormDraft.holder.startswith(_BROWSER)
    return (FormDraft.saved_at < at - _KEPT) | (of_browsers & (FormDraft.saved_at < at - _KEPT_OF_BROWSERS))
