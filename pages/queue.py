"""The office's queue: the profiles and applications that wait, the oldest first."""

import streamlit as st

from db.application_views import ApplicationRow
from db.services import verification
from db.verification.queue_listing import Filters, ProfileRow, Queue
from ui import applications, links, tables, words
from ui.fresh import fresh
from ui.markup import html
from ui.session import asker

_KINDS = {"operator": "Profiles of operators", "owner": "Profiles of owners", "application": "Applications"}


def render() -> None:
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Kind",
            tuple(_KINDS),
            index=None,
            format_func=_KINDS.__getitem__,
            placeholder="All",
            key="queue-kind",
        )
        contains = st.text_input("Name or number contains", key="queue-words", max_chars=100)
    wanted = (Filters(kind or "", contains or ""), tables.page_before_drawing("queue"))
    queue = fresh("queue", wanted, lambda: verification.queue(asker(), *wanted))
    with top:
        words.title("Verification queue", _sentence(queue))
    if not queue.rows:
        _nothing(queue)
        return
    st.text(
        f"Of operators: {queue.operators}. Of owners: {queue.owners}. Applications: {queue.applications}. "
        f"Matching: {queue.found}."
    )
    for number, row in enumerate(queue.rows):
        if isinstance(row, ApplicationRow):
            _draw_application(row, primary=number == 0)
        else:
            _draw(row, primary=number == 0)
    tables.page_number("queue", queue.page, queue.pages)


def _sentence(queue: Queue) -> str:
    if queue.oldest is None:
        return "Nothing waits."
    waits = "One waits" if queue.waiting == 1 else f"{queue.waiting} wait"
    return f"{waits}; the oldest since {words.office_day(queue.oldest)}."


def _nothing(queue: Queue) -> None:
    if queue.waiting:
        words.empty("Nothing that waits matches.", "Search for less, or show all kinds.")
        return
    words.empty("Nobody has submitted anything that is not decided.", "New submissions appear here by themselves.")


def _draw(row: ProfileRow, *, primary: bool) -> None:
    with st.container(border=True, key=f"waiting-{row.submission_id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            html(
                '<div class="waiting"><strong>{name}</strong><br>{kind}, {what}<br>{submitted}</div>',
                name=row.name,
                kind=row.kind.capitalize(),
                what=_what(row),
                submitted=f"Submitted {words.office_time(row.submitted_at)} ({_age(row.days)})",
            )
            links.to(f"Open submission {row.submission_id}", "submission", primary=primary, id=row.submission_id)
        for flag in row.flags:
            words.warning(flag.sentence)


def _draw_application(row: ApplicationRow, *, primary: bool) -> None:
    with st.container(border=True, key=f"application-{row.application_id}"):
        words.facts(
            {
                "Application": f"{row.facility}, of {row.organization}",
                "Submitted": f"{words.office_time(row.submitted_at)} ({_age(row.days)})",
                "To check": f"{row.reason.label}; {applications.points(row)}",
            }
        )
        links.to(f"Open application {row.application_id}", "applications", primary=primary, id=row.application_id)


def _age(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _what(row: ProfileRow) -> str:
    one, many = ("certificate", "certificates") if row.kind == "operator" else ("facility", "facilities")
    counted = f"1 {one}" if row.claims == 1 else f"{row.claims} {many}"
    return f"whole profile, {counted}" if row.whole else f"new or changed: {counted}"
