"""Searching a facility's shift log; the address bar carries what is asked for."""

from datetime import date

import streamlit as st

from core.log_chain import Kind
from core.problems import Refused
from core.sentences import in_english
from db.gate import NotSignedIn
from db.services import log_reading
from db.services.log_reading import Filters, Found
from ui import exports, facility_choice, links, shift_log, shift_log_paper, tables, words
from ui.addresses import row_id
from ui.fields import told_apart
from ui.fresh import fresh
from ui.session import asker, asker_later

_TITLE = "Search a shift log"
_WRITTEN = "find-address"  # what the address was left at
_NAMES = ("words", "kind", "person", "first", "last")
_LONGEST = 100


def render() -> None:
    facility_id = facility_choice.named()
    if facility_id is None:
        words.title(_TITLE, "Choose a log first.")
        links.to("All shift logs", "shift-log")
        return
    if not log_reading.may_read(asker(), facility_id):
        words.title(_TITLE, "There is no such facility, or its log is not yours to read.")
        links.to("All shift logs", "shift-log")
        return
    top = st.container()
    _take_up()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Words, each of which is in the entry", key=_key("words"), max_chars=_LONGEST, width=320)
        st.selectbox("Kind", ("", *Kind), format_func=_kind, key=_key("kind"), width=280)
        people = st.container(width=280)
        for name, label in (("first", "From"), ("last", "Through")):
            shift_log.chosen_day(label, _key(name))
    filters = _filters()
    page_name = f"log-search-{hash(filters)}"
    wanted = (facility_id, filters, tables.page_before_drawing(page_name))
    try:
        found = fresh("log-search", wanted, lambda: log_reading.search(asker(), *wanted))
    except NotSignedIn:
        raise
    except Refused as refused:
        with top:
            words.title(_TITLE, "This cannot be searched for.")
        words.problems(refused)
        return
    with people:
        names = told_apart({"": "Anybody"} | {str(id): name for id, name in found.authors.items()})
        if st.session_state.get(_key("person")) not in names:
            st.session_state[_key("person")] = ""
        st.selectbox("Written by", list(names), format_func=names.__getitem__, key=_key("person"))
    _write()
    with top:
        words.title(_TITLE, f"{found.facility}: {_count(found.listing.total)}")
    _results(facility_id, filters, found, page_name)
    links.to("Open this log", "shift-log", id=facility_id)


def _count(total: int) -> str:
    few = {0: "no entry matches.", 1: "one entry matches."}
    return few.get(total, f"{in_english(total)} entries match, the newest first.")


def _results(facility_id: int, filters: Filters, found: Found, page_name: str) -> None:
    if not found.listing.rows:
        words.empty("No entry matches.", "Ask for less: empty a field above.")
        return
    shift_log.entries(found.listing.rows, found.zone, found.late, found.corrected)
    tables.page_number(page_name, found.listing.page, found.listing.pages)
    who = asker_later()
    st.download_button(
        "Download all that match (Excel)",
        lambda: shift_log_paper.excel(log_reading.exported(who(), facility_id, filters)),
        "shift-log.xlsx",
        exports.EXCEL,
        on_click="ignore",
    )


# --- the filters, and the address ---------------------------------------------------------------------------


def _filters() -> Filters:
    state = {name: st.session_state.get(_key(name)) for name in _NAMES}
    return Filters(
        state["words"] or "", state["kind"] or "", row_id(state["person"] or ""), state["first"], state["last"]
    )


def _take_up() -> None:
    """A page that was just opened, or come Back to, begins as its address says, but for what makes no sense."""
    given = _address()
    if _key("words") in st.session_state and st.session_state.get(_WRITTEN) == given:
        return
    st.session_state[_key("words")] = given["words"][:_LONGEST]
    st.session_state[_key("kind")] = given["kind"] if given["kind"] in tuple(Kind) else ""
    st.session_state[_key("person")] = given["person"] if row_id(given["person"]) else ""
    for name in ("first", "last"):
        st.session_state[_key(name)] = _day(given[name])


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _write() -> None:
    """The address bar carries the filters."""
    for name in _NAMES:
        value = st.session_state.get(_key(name))
        said = value.isoformat() if isinstance(value, date) else str(value or "")
        if said:
            st.query_params[name] = said
        else:
            st.query_params.pop(name, None)
    st.session_state[_WRITTEN] = _address()


def _address() -> dict[str, str]:
    return {name: st.query_params.get(name, "") for name in _NAMES}


def _kind(kind: str) -> str:
    return Kind(kind).label if kind else "Any"


def _key(name: str) -> str:
    return f"find-{name}"
