"""Drafts: what somebody has typed into a form and not yet handed in, so that a reload loses nothing.

A draft belongs to the account that is signed in, or before sign-in to the browser: that one is kept for an
hour, and forgotten at sign-in. What is typed on as a session has ended, in another tab or by itself, waits as long
for its account to sign in again at the same browser. A draft is encrypted, never shown to anybody else, and leaves
no audit entry: nothing has been said yet.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.problems import refuse
from db.accounts import draft_holders
from db.gate import ANYONE, Work, service
from db.keys import fingerprint
from db.schema import FormDraft, LoginSession

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_MOST_BYTES = 200_000


@dataclass(frozen=True)
class Kept:
    """What was typed, by field, and when it was kept last; nothing, and None, where there is no draft."""

    values: dict[str, Json] = field(default_factory=dict)
    at: datetime | None = None


@service(ANYONE, writes=True)
def save(work: Work, browser: str, form: str, values: dict[str, Json], token: str | None = None) -> None:
    """Keeps `values` as the draft of `form`, in place of an earlier one. `token` is of the session in which it was
    typed, which may have ended."""
    holder = _holder(work, browser)
    if holder is None:
        return
    text = json.dumps(values)
    if len(text) > _MOST_BYTES:
        raise refuse("What is typed here is too long to be kept as a draft. Shorten it.")
    _keep(work, holder, form, text)
    ended = _ended(work, token)
    if ended is not None:
        _keep(work, draft_holders.of_ended_session(work.portal.key, browser, ended), form, text)


def _keep(work: Work, holder: str, form: str, text: str) -> None:
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    kept = {"content": work.portal.key.encrypt(text), "saved_at": work.at}
    statement = insert(FormDraft).values(holder=holder, form=form, **kept)
    work.session.execute(statement.on_conflict_do_update(index_elements=["holder", "form"], set_=kept))


@service(ANYONE)
def load(work: Work, browser: str, form: str) -> Kept:
    """The draft of `form`; an empty one where there is none, it is old, or was encrypted with another key."""
    holder = _holder(work, browser)
    row = work.session.scalar(
        select(FormDraft).where(FormDraft.holder == holder, FormDraft.form == form, ~draft_holders.is_old(work.at))
    )
    if row is None:
        return Kept()
    try:
        return Kept(json.loads(work.portal.key.decrypt(row.content)), row.saved_at)
    except InvalidToken:
        return Kept()


@service(ANYONE, writes=True)
def discard(work: Work, browser: str, form: str, token: str | None = None) -> None:
    """Forgets the draft of `form`, with what was typed on as the session of `token` had ended."""
    holders = [_holder(work, browser)]
    ended = _ended(work, token)
    if ended is not None:
        holders.append(draft_holders.of_ended_session(work.portal.key, browser, ended))
    work.session.execute(delete(FormDraft).where(FormDraft.holder.in_(holders), FormDraft.form == form))


def _ended(work: Work, token: str | None) -> int | None:
    """The account whose session has ended that this token was of; None while somebody is signed in."""
    if work.signed_in or not token:
        return None
    return work.session.scalar(
        select(LoginSession.account_id).where(LoginSession.token_hash == fingerprint(token))
    )


def _holder(work: Work, browser: str) -> str | None:
    if work.signed_in:
        return draft_holders.of_account(work.signed_in.id)
    return draft_holders.of_browser(work.portal.key, browser) if browser else None
