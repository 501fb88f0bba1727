"""Which imports a page was drawn with: a press on one that a colleague has decided on since is told so."""

import streamlit as st

from core.listings import ImportState, ListingKind
from core.sentences import in_english
from db.ministry_listings.views import Import
from db.services import listings
from db.services.listings import Stands
from ui import words
from ui.session import asker

_DRAWN = "imports-drawn"
_OVERTAKEN = "imports-overtaken"


def forget() -> None:
    """What comes next is this person's own doing: nothing on the page is stale."""
    st.session_state.pop(_DRAWN, None)


def say_overtaken(kind: ListingKind, now: Stands) -> frozenset[int]:
    """What became of the imports that the page was last drawn with, where they wait or stand no more, once. The
    ids of all that were overtaken in this session: what was typed of them may still be on the page."""
    current = {one.id: one.state for one in (now.waiting, now.standing) if one}
    drawn = st.session_state.get(_DRAWN, {}).get(kind, {})
    overtaken: set[int] = st.session_state.setdefault(_OVERTAKEN, {}).setdefault(kind, set())
    for import_id, state in drawn.items():
        if current.get(import_id) is not state:
            overtaken.add(import_id)
            one = listings.one_import(asker(), import_id)
            words.warning(
                f"{_what_became(one, state, now)}, after your page was drawn; nothing more was done here."
            )
    st.session_state.setdefault(_DRAWN, {})[kind] = current
    return frozenset(overtaken)


def _what_became(one: Import, was: ImportState, now: Stands) -> str:
    listing = f"the listing of {in_english(one.listed_on)}"
    if was is ImportState.WAITING and one.confirmed_at:
        return f"{one.confirmed_by} confirmed {listing} on {words.office_time(one.confirmed_at)}"
    if one.ended_at:
        took_back = one.ended_by == one.imported_by and one.state is ImportState.REFUSED
        what = "took back" if took_back else str(one.state).replace("withdrawn", "withdrew")
        return f"{one.ended_by} {what} {listing} on {words.office_time(one.ended_at)}"
    if now.standing:
        by, at = now.standing.confirmed_by or now.standing.imported_by, now.standing.confirmed_at
        newer = f"the one of {in_english(now.standing.listed_on)}"
        return f"{by} put {newer} in place of {listing} on {words.office_time(at or now.standing.imported_at)}"
    return f"{listing.capitalize()} waits or stands no more"
