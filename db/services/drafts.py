"""Drafts: what somebody has typed into a form and not yet handed in, so that a reload loses nothing.

A draft belongs to the account that is signed in, or before sign-in to the browser. It is encrypted, never
shown to anybody else, and leaves no audit entry: nothing has been said yet.
"""

import json

from cryptography.fernet import InvalidToken
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from core.problems import refuse
from db.gate import ANYONE, Work, service
from db.schema import FormDraft

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_MOST_BYTES = 200_000


@service(ANYONE, writes=True)
def save(work: Work, browser: str, form: str, values: dict[str, Json]) -> None:
    """Keeps `values` as the draft of `form`, in place of an earlier one."""
    holder = _holder(work, browser)
    if holder is None:
        return
    text = json.dumps(values)
    if len(text) > _MOST_BYTES:
        raise refuse("What is typed here is too long to be kept as a draft. Shorten it.")
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    kept = {"content": work.portal.key.encrypt(text), "saved_at": work.at}
    statement = insert(FormDraft).values(holder=holder, form=form, **kept)
    work.session.execute(statement.on_conflict_do_update(index_elements=["holder", "form"], set_=kept))


@service(ANYONE)
def load(work: Work, browser: str, form: str) -> dict[str, Json]:
    """The draft of `form`; empty where there is none, or it was encrypted with another key."""
    holder = _holder(work, browser)
    row = work.session.get(FormDraft, (holder, form)) if holder else None
    if row is None:
        return {}
    try:
        values: dict[str, Json] = json.loads(work.portal.key.decrypt(row.content))
    except InvalidToken:
        return {}
    return values


@service(ANYONE, writes=True)
def discard(work: Work, browser: str, form: str) -> None:
    """Forgets the draft of `form`."""
    holder = _holder(work, browser)
    if holder:
        work.session.execute(delete(FormDraft).where(FormDraft.holder == holder, FormDraft.form == form))


def _holder(work: Work, browser: str) -> str | None:
    if work.signed_in:
        return f"account:{work.signed_in.id}"
    return f"browser:{work.portal.key.keyed_hash(browser)}" if browser else None
