"""The audit trail, for the admin: who did what to what, and when; every look at it is an entry too."""

from collections.abc import Sequence

import streamlit as st

from db.services import oversight
from db.services.oversight import TrailFilters
from ui import tables, trail_words, words
from ui.fresh import fresh
from ui.session import asker


def render() -> None:
    top = st.container()
    subjects = oversight.audit_subjects(asker())
    wanted = _wanted(subjects)
    page = tables.page_before_drawing("trail")
    up_to = st.session_state.get("trail-up-to") if page > 1 else None
    about = (wanted, page, up_to)
    listing = fresh("trail", about, lambda: oversight.audit_trail(asker(), *about))
    if page == 1 and listing.rows:  # looking at the trail adds to it: the further pages stay where they are
        st.session_state["trail-up-to"] = listing.rows[0].id
    count = "One entry matches" if listing.total == 1 else f"{listing.total} entries match"
    with top:
        words.title("Audit trail", f"{count}, the newest first. Nothing here can be changed or removed.")
    if not listing.rows:
        words.empty("No entry matches.", "Ask for less: empty a field above.")
        return
    st.dataframe(
        [
            {
                "Entry": row.id,
                "When": words.office_time(row.at),
                "Who": row.who or "Nobody signed in",
                "Account": _number(row.account_id),
                "Action": trail_words.action(row.action),
                "About": trail_words.subject(row.subject),
                "Number": _number(row.subject_id),
                "Details": row.details,
            }
            for row in listing.rows
        ],
        hide_index=True,
        alt="Audit entries: number, when, who, action, subject, details",
    )
    tables.page_number("trail", listing.page, listing.pages)


def _wanted(subjects: Sequence[str]) -> TrailFilters:
    codes = sorted(trail_words.ACTIONS, key=trail_words.action)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action = st.selectbox(
            "Action", codes, index=None, format_func=trail_words.action, placeholder="Any", key="action", width=380
        )
        who = st.text_input("Who: part of a name or e-mail, or an account’s number", key="by", width=380)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        subject = st.selectbox(
            "About", subjects, index=None, format_func=trail_words.subject, placeholder="Anything", key="subject"
        )
        number = st.number_input("Its number", min_value=1, value=None, step=1, key="subject-number")
        first = st.date_input("From", None, format="YYYY-MM-DD", key="trail-from")
        last = st.date_input("Until", None, format="YYYY-MM-DD", key="trail-until")
    return TrailFilters(action or "", subject or "", number, who or "", first, last)


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
