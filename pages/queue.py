"""The office's queue: profiles, applications, overrides and discrepancies that wait, the oldest first."""

from datetime import datetime

import streamlit as st

from core.comparison import Outcome
from core.places import day_at
from core.profiles import SubmissionState
from core.queue import Filters, Kind, Place, Stage, Subject
from db.application_views import ApplicationRow
from db.places import regions
from db.services import verification
from db.verification.queue_listing import ClaimRow, ProfileRow, Queue, Row
from ui import applications, comparisons, links, profile_parts, queue_filters, queue_ways, tables, words
from ui.findings import mark
from ui.fresh import fresh
from ui.markup import Markup, html, joined, markup
from ui.session import asker, on_phone

_STATES = {
    "standing": "Agreed to",
    "refused": "Refused",
    "ended": "Ended: it was not needed any more",
    "kept": "What was on file was kept",
    "followed": "The listing was followed",
    "gone": "Gone: the listing agrees again, or was withdrawn",
}


def render() -> None:
    top = st.container()
    counted = st.container()
    filters = queue_filters.choose()
    page_name = f"queue-{hash(filters)}"
    wanted = (filters, tables.page_before_drawing(page_name))
    queue = fresh("queue", wanted, lambda: verification.queue(asker(), *wanted))
    with top:
        words.title("Verification queue", _sentence(queue))
    with counted:
        _counts(queue)
    if not queue.rows:
        _nothing(queue, filters)
        return
    st.text(f"Matching: {queue.found}.")
    shown = frozenset(row.submission_id for row in queue.rows if isinstance(row, ProfileRow))
    for number, row in enumerate(queue.rows):
        _draw(row, queue, filters, shown, primary=number == 0)
    tables.page_number(page_name, queue.page, queue.pages)


def _sentence(queue: Queue) -> str:
    if queue.oldest is None:
        return "Nothing waits."
    waits = "One waits" if queue.waiting == 1 else f"{queue.waiting} wait"
    return f"{waits}; the oldest since {words.office_day(queue.oldest)}."


def _counts(queue: Queue) -> None:
    """How many wait; on a telephone folded up, so that the first that waits is on the first screen."""
    if on_phone():
        with st.expander("How many wait, by kind and state"):
            _all_counts(queue)
    else:
        _all_counts(queue)
    if queue.outcomes.get(Outcome.EXACT):
        links.to("Preview and approve all exact matches", "exact-matches")


def _all_counts(queue: Queue) -> None:
    """How many wait of each kind, and how far they are, where any do: each leads to the filter that lists them."""
    with st.container(horizontal=True, key="queue-counts", gap="small"):
        for kind in Kind:
            if queue.kinds.get(kind):
                queue_filters.link(f"{kind.label}: {queue.kinds[kind]}", kind=kind)
    with st.container(horizontal=True, key="queue-counts-more", gap="small"):
        for stage in (Stage.MINE, Stage.OTHERS, Stage.QUESTION, Stage.ANSWERED):
            if queue.stages.get(stage):
                queue_filters.link(f"{stage.label}: {queue.stages[stage]}", stage=stage)
        for outcome in Outcome:
            if queue.outcomes.get(outcome):
                queue_filters.link(f"{outcome.label}: {queue.outcomes[outcome]}", outcome=outcome)


def _nothing(queue: Queue, filters: Filters) -> None:
    waits = filters.stage != Stage.DECIDED
    if filters != Filters():
        words.empty(
            "Nothing that waits matches." if waits else "Nothing matches.", "Search for less, or show all."
        )
        queue_filters.link("Show everything")
        return
    words.empty("Nobody has submitted anything that is not decided.", "New submissions appear here by themselves.")


def _draw(row: Row, queue: Queue, filters: Filters, shown: frozenset[int], *, primary: bool) -> None:
    if isinstance(row, ApplicationRow):
        _draw_application(
            row, queue.taken.get((Kind.APPLICATION, row.application_id), ""), filters, primary=primary
        )
    elif isinstance(row, ClaimRow):
        _draw_claim(row, queue.taken.get((row.kind, row.id), ""), filters, primary=primary)
    else:
        _draw_profile(row, filters, shown, primary=primary)


def _draw_profile(row: ProfileRow, filters: Filters, shown: frozenset[int], *, primary: bool) -> None:
    with st.container(border=True, key=f"waiting-{row.submission_id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            html(
                '<div class="waiting"><strong>{name}</strong> {marks}<br>{kind}, {what}{region}<br>'
                "{submitted}</div>",
                name=row.name,
                marks=_marks(row),
                kind=row.kind.capitalize(),
                what=_what(row),
                region=f", {regions()[row.region]}" if row.region else "",
                submitted=f"Submitted {words.office_time(row.submitted_at)} ({_standing_of(row)})",
            )
            _open(f"Open submission {row.submission_id}", _submission(row.submission_id), filters, primary=primary)
        if row.same:
            _claims_the_same(row.same, shown, filters)
        for flag in row.flags:
            words.warning(flag.sentence)


def _claims_the_same(same: tuple[int, ...], shown: frozenset[int], filters: Filters) -> None:
    """That others claim the same: a neighbour on this page, or one that the filters or another page hide."""
    if not shown.isdisjoint(same):
        html("<p>{text}</p>", text="Comes together with its neighbour here, which claims the same.")
        return
    html("<p>{text}</p>", text="Another submission claims the same.")
    other = min(same)
    _open(f"Open submission {other}, which claims the same", _submission(other), filters)


def _marks(row: ProfileRow) -> Markup:
    """How it is borne out, who has taken it, and what of it waits for whom, by mark and in words."""
    drawn = [] if row.borne_out is None else [mark(comparisons.MARKS[row.borne_out])]
    if row.taken_by:
        drawn.append(mark(words.NOT_ASSESSED, "Taken by me" if row.taken_by_me else f"Taken by {row.taken_by}"))
    if row.question:
        drawn.append(mark(words.NOT_KNOWN if row.question is Stage.QUESTION else words.DUE, row.question.label))
    if row.override_waits:
        drawn.append(mark(words.NOT_KNOWN, "An override waits for a second officer"))
    if row.override_until:
        drawn.append(mark(words.DUE, profile_parts.overridden(row.override_until)))
    return joined(markup("{one} ", one=one) for one in drawn)


def _draw_application(row: ApplicationRow, taken_by: str, filters: Filters, *, primary: bool) -> None:
    with st.container(border=True, key=f"application-{row.application_id}"):
        words.facts(
            {
                "Application": f"{row.facility}, of {row.organization}",
                "Submitted": f"{words.office_time(row.submitted_at)} ({_age(row.submitted_at, row.days)})",
                "To check": f"{row.reason.label}; {applications.points(row)}",
                **_taken(taken_by),
            }
        )
        place = Place(Subject.APPLICATION, row.application_id)
        _open(f"Open application {place.id}", place, filters, primary=primary)


def _taken(by: str) -> dict[str, object]:
    return {"Taken by": by} if by else {}


def _draw_claim(row: ClaimRow, taken_by: str, filters: Filters, *, primary: bool) -> None:
    """An override for a second officer or for its review, or a difference that alignment found."""
    what = f"{row.name}: {row.about}"
    since = f"{words.office_time(row.at)} ({_age(row.at, row.days)})"
    with st.container(border=True, key=f"{row.kind}-{row.id}"):
        differs = {"What differs": row.differs} if row.differs else {}
        said: dict[str, object] = {"Difference": what, **differs, "Found": since}
        if row.kind is Kind.OVERRIDE:
            said = {"Override": what, "Proposed": since}
        if row.kind is Kind.REVIEW:
            said = {"Override due for review": what, "Reviewed on": row.review_on}
        elif row.state in _STATES:
            said["Decided"] = _STATES[row.state]
        words.facts(said | _taken(taken_by))
        if row.submission_id is not None:
            _open(f"Open override {row.id}", _submission(row.submission_id), filters, primary=primary)
        else:
            place = Place(Subject.DISCREPANCY, row.id)
            _open(f"Open difference {row.id}", place, filters, primary=primary)


def _submission(submission_id: int) -> Place:
    return Place(Subject.SUBMISSION, submission_id)


def _open(label: str, place: Place, filters: Filters, *, primary: bool = False) -> None:
    links.to(
        label,
        queue_ways.PAGES[place.subject],
        primary=primary,
        id=place.id,
        **queue_filters.address(filters),
    )


def _standing_of(row: ProfileRow) -> str:
    """How long it has waited, or how it ended."""
    return _age(row.submitted_at, row.days) if row.state is SubmissionState.OPEN else row.state.label.lower()


def _age(since: datetime, days: int) -> str:
    """How long it has waited; what comes on a day without work has waited no working day, however long ago."""
    if not days:
        return "today" if day_at(since) == day_at(asker().at) else "0 working days so far"
    return "1 working day ago" if days == 1 else f"{days} working days ago"


def _what(row: ProfileRow) -> str:
    one, many = ("certificate", "certificates") if row.kind == Kind.OPERATOR else ("facility", "facilities")
    counted = f"1 {one}" if row.claims == 1 else f"{row.claims} {many}"
    return f"whole profile, {counted}" if row.whole else f"new or changed: {counted}"
