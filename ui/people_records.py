"""What is recorded of a facility's people: shown, ended by a last day, and taken back where it was a mistake."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from core.calendar import Span
from core.sentences import in_english
from db.gate import Asker
from db.left_behind import LeftBehind
from db.people_views import Entry, PeopleOfFacility
from db.services import designations, employees, withdrawals
from ui import hours, hours_day_by_day, left_behind, people_disruptions, people_timeline, tables, words
from ui.drafts import folded
from ui.forms import Form
from ui.session import asker

_End = Callable[[Asker, int, date | None], tuple[LeftBehind, ...] | None]
_NOTICE = "director_notice"


def draw(found: PeopleOfFacility, *, records: bool, manages: bool) -> None:
    """Everything on record, with what whoever looks may change of it. `manages`: designates, too."""
    if not found.employees:
        words.empty("Nobody is recorded as employed here.", "Whoever may record for this facility enters people.")
    parts: tuple[tuple[str, tuple[Entry, ...], _End | None], ...] = (
        ("Employment", found.employments, employees.end_employment if records else None),
        ("Designations", found.designations, designations.end_designation if manages else None),
        ("Operators-in-charge", found.in_charge, designations.end_designation if records else None),
        ("Functions", found.functions, None),
        ("Absences", found.absences, designations.end_absence if records else None),
        ("Copies of licences displayed", found.displays, employees.end_display if records else None),
    )
    for title, rows, end in parts:
        with st.container():  # each keeps its place on the page, so that what is open stays open
            if rows:
                _part(title, rows, end, found)
    with st.container():
        _hours(found, records=records)
    with st.container():
        _notices(found)
    if records:
        _take_back(found, manages=manages)
    _taken_back(found)


def _part(title: str, rows: tuple[Entry, ...], end: _End | None, found: PeopleOfFacility) -> None:
    with folded(f"{title} ({len(rows)})", _ending(title), found.facility_id):
        people_timeline.entries(rows, title, found.on)
        if end is not None:
            _end(title, rows, end, found)


def _ending(title: str) -> str:
    """The name of the form that ends one of these."""
    return f"end-{title.split()[0].lower()}"


def _end(title: str, rows: tuple[Entry, ...], end: _End, found: PeopleOfFacility) -> None:
    """Ends one of what is recorded, by its last day: one without an end, or earlier than was planned."""
    open_ = {str(one.fact_id): _said(one) for one in rows if one.span.end is None or one.span.end > found.on}
    if not open_:
        return
    form = Form(_ending(title), key=found.facility_id)
    chosen = form.one_of("fact_id", "Which one ends", open_)
    last = form.day("last", "Its last day", required=True)
    left: list[tuple[LeftBehind, ...] | None] = []
    if form.submit(
        f"Record the end: {title}",
        lambda: left.append(end(asker(), int(chosen), last)),
        primary=False,
    ):
        said = "The end is recorded, and what rests on it is tested again."
        words.say_after_rerun(" ".join((said, *left_behind.sentences(left[0] or ()))), leads=True)
        st.rerun()


def _hours(found: PeopleOfFacility, *, records: bool) -> None:
    if not found.hours and not found.hours_elsewhere:
        return
    with folded("Hours in charge", hours_day_by_day.NAME, found.facility_id):
        if found.hours:
            hours.draw(found.hours, "Hours in charge by person, type and class of facility")
        if found.hours_elsewhere:
            st.text("Of the same people, at other facilities that you may see:")
            hours.draw(found.hours_elsewhere, "Hours in charge elsewhere")
        if found.worked:
            st.text(f"Day by day, in the 30 days to {in_english(found.on)}:")
            people_timeline.entries(found.worked, "Hours in charge day by day", found.on)
        if found.hours:
            hours_day_by_day.draw(found, records=records)


def _notices(found: PeopleOfFacility) -> None:
    for one in found.notices:
        with st.container(border=True, key=f"notice-{one.notice_id}"):
            words.facts(
                {
                    "Notice to the Director, due on": one.reached_on,
                    "Sent on": one.sent_on,
                    "Days later": one.days_later,
                    "Recorded": f"{words.office_time(one.recorded_at)}, {one.recorded_by}",
                }
            )
            if one.words:
                st.text(one.words)


# --- taking back --------------------------------------------------------------------------------------------


def _take_back(found: PeopleOfFacility, *, manages: bool) -> None:
    """Takes back one entry that was a mistake."""
    said = _may_be_taken_back(found, manages=manages)
    if not said:
        return
    with folded("Take back an entry made by mistake", "take-back", found.facility_id):
        st.text(
            "It stays on record with your name and your reason, and stands no more. What it took the place of "
            "stands again, and what rests on either is tested at once."
        )
        if found.hours:
            st.text("Hours in charge of an earlier day are taken back under “Hours in charge”, by the person.")
        form = Form("take-back", key=found.facility_id)
        chosen = form.one_of("entry", "Which entry", said)
        reason = form.textarea("reason", "Why it is taken back", required=True)
        table, _, id = chosen.partition(":")
        left: list[tuple[LeftBehind, ...]] = []
        if form.submit(
            "Take this entry back",
            lambda: left.append(withdrawals.withdraw(asker(), table, int(id), reason)),
            primary=False,
        ):
            done = "The entry is taken back, and what rests on it is tested again."
            words.say_after_rerun(" ".join((done, *left_behind.sentences(left[0]))), leads=True)
            st.rerun()


def _may_be_taken_back(found: PeopleOfFacility, *, manages: bool) -> dict[str, str]:
    """What may be taken back, by table and id, in words; what was recorded last comes first."""
    others = (*found.in_charge, *found.absences, *found.employments, *found.functions, *found.displays)
    shown = (*others, *found.worked, *(found.designations if manages else ()))
    rows = [(one.changed_at or one.recorded_at, f"{one.table}:{one.fact_id}", _said(one)) for one in shown]
    for sent in found.notices:
        said = f"Notice to the Director, sent on {in_english(sent.sent_on)}"
        rows.append((sent.recorded_at, f"{_NOTICE}:{sent.notice_id}", said))
    for noted in found.disruptions.every:
        rows.append((noted.recorded_at, f"{noted.table}:{noted.fact_id}", people_disruptions.said(noted)))
    return {key: said for _, key, said in sorted(rows, reverse=True)}


def _said(one: Entry) -> str:
    return f"{one.name}, {days_in_words(one.span)}: {one.what}"


def days_in_words(span: Span) -> str:
    """A day, or from which through which one."""
    if span.end == span.start + timedelta(days=1):
        return in_english(span.start)
    first = "" if span.start == date.min else f"from {in_english(span.start)}"
    last = "" if span.last is None else f"through {in_english(span.last)}"
    return f"{first} {last}".strip() or "always"


def _taken_back(found: PeopleOfFacility) -> None:
    if not found.withdrawn:
        return
    with st.expander(f"Taken back ({len(found.withdrawn)})"):
        rows = [
            {
                "Name": one.name,
                "What": one.what,
                "Days": days_in_words(one.span),
                "Why": one.reason,
                "Taken back": f"{words.office_time(one.withdrawn_at)}, {one.withdrawn_by}",
            }
            for one in found.withdrawn
        ]
        tables.plain("Entries that were taken back, by whom, when and why", rows)
