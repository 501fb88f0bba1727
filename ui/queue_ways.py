"""The ways from something in the queue to its neighbours, by click and by key, and who works on it."""

import streamlit as st

from core.queue import Filters, Place, Subject
from db.services import assignments
from db.services.assignments import Around
from db.verification.handling import Handling
from ui import links, queue_filters, words
from ui.fields import told_apart
from ui.forms import attempt
from ui.fresh import fresh
from ui.session import asker

PAGES = {
    Subject.SUBMISSION: "submission",
    Subject.APPLICATION: "applications",
    Subject.DISCREPANCY: "discrepancy",
}
_KEYS = "keys-of-submissions"
_WENT_ON = "went-on-in-the-queue"


def key(of: str) -> str | None:
    """The key that presses a button, None where the officer has switched the keys off."""
    return of if st.session_state.get(_KEYS, True) else None


def around(place: Place, filters: Filters) -> Around:
    """What is around something, as it was asked within the last minute."""
    return fresh("around", (place, filters), lambda: assignments.around(asker(), place, filters))


def draw(found: Around, filters: Filters, keys: str = "") -> None:
    """Previous, next, the whole queue, and the keys in words with a switch that turns them off.

    `keys` are the page's own.
    """
    if st.session_state.pop(_WENT_ON, False) and found.previous is None and found.next:
        st.toast("That was the last; this is the first again.")
    with st.container(horizontal=True, vertical_alignment="center"):
        before = _to("Previous in the queue", "P", found.previous, filters)
        after = _to("Next in the queue", "N", found.next, filters, within=found.previous is not None)
        links.to("The whole queue", "queue", primary=False, **queue_filters.address(filters))
    if before:  # said in passing: on the page it would stand until the next press
        st.toast("This is the first in the queue: nothing comes before it.")
    if after:
        st.toast("Nothing else waits in the queue.")
    all_keys = f"Keys: N next, P previous{keys} (none while you type in a field)"
    st.toggle(all_keys, value=True, key=_KEYS, persist_state="session")


def go_on(found: Around, filters: Filters) -> None:
    """After a decision: the next one that waits, or the queue."""
    if found.next is None:
        links.go("queue", **queue_filters.address(filters))
    else:
        _go(found.next, filters)


def _to(label: str, shortcut: str, place: Place | None, filters: Filters, *, within: bool = False) -> bool:
    """A neighbour, by click and by key; True where it was asked for and there is none. `within`: something comes
    before what one leaves, so that arriving at the first means having begun anew."""
    if not st.button(label, key=f"to-{shortcut}", shortcut=key(shortcut)):
        return False
    st.session_state[_WENT_ON] = within
    if place is not None:
        _go(place, filters)
    return place is None


def _go(place: Place, filters: Filters) -> None:
    links.go(PAGES[place.subject], id=place.id, **queue_filters.address(filters))


def who_works_on_it(place: Place, found: Around, version: int) -> None:
    """Who has opened and who has taken it; taking it, giving it back, giving it to somebody."""
    handling = found.handling
    if handling.opened:
        minutes = int((asker().at - handling.opened.at).total_seconds() // 60)
        ago = {0: "just now", 1: "1 minute ago"}.get(minutes, f"{minutes} minutes ago")
        words.warning(f"Opened by {handling.opened.by} {ago}.")
    if handling.taken_by and handling.taken_at:
        words.notice(f"{_who_has(handling)}: {words.office_time(handling.taken_at)}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if handling.taken_by_me and st.button("Give it back", key="give-back"):
            attempt(lambda: assignments.give_back(asker(), place, version), "Everybody can decide on it again.")
        if not handling.taken_by and st.button("Take it", key="take"):
            attempt(lambda: assignments.take(asker(), place, version), "It is yours, until you give it back.")
        _give(place, version, mine=handling.taken_by_me)


def _who_has(handling: Handling) -> str:
    """Who has taken it, or was given it by whom."""
    if handling.given_by:
        who = "You were" if handling.taken_by_me else f"{handling.taken_by} was"
        return f"{who} given it by {handling.given_by}"
    who = "You have" if handling.taken_by_me else f"{handling.taken_by} has"
    return f"{who} taken it"


def _give(place: Place, version: int, *, mine: bool) -> None:
    """To another officer, or to oneself where somebody else has it."""
    found = fresh("officers", "", lambda: assignments.officers(asker()))
    others = [one for one in found if not (mine and one.is_asker)]
    if not others:
        return
    names = told_apart({one.account_id: f"{one.name} (you)" if one.is_asker else one.name for one in others})
    chosen = st.selectbox(
        "Give it to",
        tuple(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="An officer",
        key=f"give-to-{place.subject}-{place.id}",
        width=260,
    )
    if chosen is not None and st.button("Give it", key="give"):
        attempt(
            lambda: assignments.give_to(asker(), place, version, chosen),
            f"It is given to {names[chosen]}.",
        )
