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
    """An account signs in: what it typed on at this browser when its session had ended is its own again, unless it
    has typed into the same form since; what else was typed there before signing in is forgotten."""
    if not browser:
        return
    left, own = of_ended_session(key, browser, account_id), of_account(account_id)
    kept = _saved(session, own, at)
    newer = [form for form, when in _saved(session, left, at).items() if form not in kept or when >= kept[form]]
    session.execute(delete(FormDraft).where(FormDraft.holder == own, FormDraft.form.in_(newer)))
    session.execute(
        update(FormDraft).where(FormDraft.holder == left, FormDraft.form.in_(newer)).values(holder=own)
    )
    session.execute(delete(FormDraft).where(FormDraft.holder.in_((left, of_browser(key, browser)))))


def _saved(session: Session, holder: str, at: datetime) -> dict[str, datetime]:
    """When a holder's drafts were kept last, by the form."""
    found = select(FormDraft.form, FormDraft.saved_at).where(FormDraft.holder == holder, ~is_old(at))
    return {row.form: row.saved_at for row in session.execute(found)}


def is_old(at: datetime) -> ColumnElement[bool]:
    """Whether a draft is kept no longer: 30 days for an account's, one hour for a browser's."""
    of_browsers = FormDraft.holder.startswith(_BROWSER)
    return (FormDraft.saved_at < at - _KEPT) | (of_browsers & (FormDraft.saved_at < at - _KEPT_OF_BROWSERS))
