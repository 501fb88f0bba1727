"""The office's queue: what operators and owners have submitted, the oldest first."""

import streamlit as st

from db.office_queue import Filters, Queue, Row
from db.services import verification
from ui import links, tables, words
from ui.session import asker

_KINDS = {"operator": "Operators", "owner": "Owners"}


def render() -> None:
    top = st.container()
    with st.container(horizontal=True):
        kind = st.selectbox(
            "Whose",
            tuple(_KINDS),
            index=None,
            format_func=_KINDS.__getitem__,
            placeholder="Both",
            key="queue-kind",
        )
        contains = st.text_input("Name or number contains", key="queue-words", max_chars=100)
    queue = verification.queue(asker(), Filters(kind or "", contains or ""), tables.page_before_drawing("queue"))
    with top:
        words.title("Verification queue", _sentence(queue))
    if not queue.rows:
        _nothing(queue)
        return
    st.text(f"Of operators: {queue.operators}. Of owners: {queue.owners}. Matching: {queue.found}.")
    for number, row in enumerate(queue.rows):
        _draw(row, primary=number == 0)
    tables.page_number("queue", queue.page, queue.pages)


def _sentence(queue: Queue) -> str:
    if queue.oldest is None:
        return "Nothing waits."
    waits = "One profile waits" if queue.waiting == 1 else f"{queue.waiting} profiles wait"
    return f"{waits}; the oldest since {words.office_day(queue.oldest)}."


def _nothing(queue: Queue) -> None:
    if queue.waiting:
        words.empty("Nothing that waits matches.", "Search for less, or show both operators and owners.")
        return
    words.empty("Nobody has submitted anything that is not decided.", "New submissions appear here by themselves.")


def _draw(row: Row, *, primary: bool) -> None:
    with st.container(border=True, key=f"waiting-{row.submission_id}"):
        words.facts(
            {
                row.kind.capitalize(): row.name,
                "Submitted": f"{words.office_time(row.submitted_at)} ({_age(row.days)})",
                "To decide": _what(row),
            }
        )
        for flag in row.flags:
            words.warning(flag.sentence)
        links.to(f"Open submission {row.submission_id}", "submission", primary=primary, id=row.submission_id)


def _age(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _what(row: Row) -> str:
    one, many = ("certificate", "certificates") if row.kind == "operator" else ("facility", "facilities")
    counted = f"1 {one}" if row.claims == 1 else f"{row.claims} {many}"
    return f"whole profile, {counted}" if row.whole else f"new or changed: {counted}"
