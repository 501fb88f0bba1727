"""The audit trail, for the admin: who did what to what, and when; every look at it is an entry too."""

import streamlit as st

from db.services import oversight
from ui import tables, words
from ui.session import asker

_SUBJECTS = (
    "account",
    "audit_entry",
    "facility",
    "login_session",
    "operator_profile",
    "organization",
    "outgoing_mail",
    "submission",
)


def render() -> None:
    top = st.container()
    with st.container(horizontal=True):
        action = st.text_input("Action begins with", key="action", bind="query-params") or ""
        subject = st.selectbox(
            "About", _SUBJECTS, index=None, format_func=_in_words, placeholder="Anything", key="subject"
        )
        number = st.number_input("Its number", min_value=1, value=None, step=1, key="subject-number")
        account = st.number_input("By the account number", min_value=1, value=None, step=1, key="by-account")
    listing = oversight.audit_trail(
        asker(), action.strip(), subject or "", number, account, tables.page_before_drawing("trail")
    )
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
