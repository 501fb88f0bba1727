"""The audit trail, for the admin: who did what to what, and when; every look at it is an entry too."""

import streamlit as st

from db.services import oversight
from ui import tables, words
from ui.fresh import fresh
from ui.session import asker


def render() -> None:
    top = st.container()
    subjects = oversight.audit_subjects(asker())
    with st.container(horizontal=True):
        action = st.text_input("Action begins with", key="action", bind="query-params") or ""
        subject = st.selectbox(
            "About", subjects, index=None, format_func=_in_words, placeholder="Anything", key="subject"
        )
        number = st.number_input("Its number", min_value=1, value=None, step=1, key="subject-number")
        account = st.number_input("By the account number", min_value=1, value=None, step=1, key="by-account")
    page = tables.page_before_drawing("trail")
    up_to = st.session_state.get("trail-up-to") if page > 1 else None
    wanted = (action.strip(), subject or "", number, account, page, up_to)
    listing = fresh("trail", wanted, lambda: oversight.audit_trail(asker(), *wanted))
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
                "Action": row.action,
                "About": _in_words(row.subject),
                "Number": _number(row.subject_id),
                "Details": row.details,
            }
            for row in listing.rows
        ],
        hide_index=True,
        alt="Audit entries: number, when, who, action, subject, details",
    )
    tables.page_number("trail", listing.page, listing.pages)


def _in_words(subject: str) -> str:
    return subject.replace("_", " ").capitalize()


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
