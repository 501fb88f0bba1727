"""The ways from a submission to its neighbours in the queue, by click and by key, and who works on it."""

import streamlit as st

from core.queue import Filters
from db.services import assignments
from db.verification.office_queue import Item
from ui import links, queue_filters, words
from ui.forms import attempt
from ui.fresh import fresh
from ui.session import asker

_KEYS = "keys-of-submissions"
_IN_WORDS = "Keys: N next, P previous, Shift+A approve, Shift+T return (none while you type in a field)"


def key(of: str) -> str | None:
    """The key that presses a button, None where the officer has switched the keys off."""
    return of if st.session_state.get(_KEYS, True) else None


def draw(item: Item, filters: Filters) -> None:
    """Previous, next, the whole queue, and the keys in words with a switch that turns them off."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if item.previous_id is not None:
            _to("Previous in the queue", "P", item.previous_id, filters)
        if item.next_id is not None:
            _to("Next in the queue", "N", item.next_id, filters)
        links.to("The whole queue", "queue", primary=False, **queue_filters.address(filters))
    st.toggle(_IN_WORDS, value=True, key=_KEYS, persist_state="session")


def _to(label: str, shortcut: str, submission_id: int, filters: Filters) -> None:
    if st.button(label, key=f"to-{shortcut}", shortcut=key(shortcut)):
        links.go("submission", id=submission_id, **queue_filters.address(filters))


def who_works_on_it(item: Item, version: int) -> None:
    """Who has opened and who has taken it; taking it, giving it back, giving it to somebody."""
    if item.opened:
        minutes = int((asker().at - item.opened.at).total_seconds() // 60)
        ago = {0: "just now", 1: "1 minute ago"}.get(minutes, f"{minutes} minutes ago")
        words.warning(f"Opened by {item.opened.by} {ago}.")
    if item.taken_by and item.taken_at:
        who = "You have" if item.taken_by_me else f"{item.taken_by} has"
        words.notice(f"{who} taken it: {words.office_time(item.taken_at)}.")
    one = item.submission_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if item.taken_by_me and st.button("Give it back", key="give-back"):
            attempt(lambda: assignments.give_back(asker(), one, version), "Everybody can decide on it again.")
        if not item.taken_by and st.button("Take it", key="take"):
            attempt(lambda: assignments.take(asker(), one, version), "It is yours, until you give it back.")
        _give(item, version)


def _give(item: Item, version: int) -> None:
    found = fresh("officers", "", lambda: assignments.officers(asker()))
    names = {one.account_id: f"{one.name} (you)" if one.is_asker else one.name for one in found}
    chosen = st.selectbox(
        "Give it to",
        tuple(names),
        index=None,
        format_func=lambda account_id: names[account_id],
        placeholder="An officer",
        key=f"give-to-{item.submission_id}",
        width=260,
    )
    if chosen is not None and st.button("Give it", key="give"):
        attempt(
            lambda: assignments.give_to(asker(), item.submission_id, version, chosen),
            f"It is given to {names[chosen]}.",
        )
