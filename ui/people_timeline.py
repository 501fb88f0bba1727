"""Designations, absences and employment as bars on one axis, with the same rows as a table beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from core.calendar import Span, add_months
from core.places import day_at
from core.sentences import in_english
from db.people_assessed import Acting
from db.people_views import Entry, PeopleOfFacility
from ui import words
from ui.findings import MARKS
from ui.markup import Markup, html, joined, markup

_MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """A row of the timeline: whose, what, on which days, and in which tone of its kind."""

    name: str
    what: str
    span: Span
    tone: str


def draw(found: PeopleOfFacility) -> None:
    """The bars of a year before and after the day, then who runs the facility as a table."""
    shown = Span(add_months(found.on, -_MONTHS), add_months(found.on, _MONTHS))
    bars = [bar for bar in _bars(found) if bar.span.overlaps(shown)]
    if bars:
        html(
            '<div class="timeline" role="img" aria-label="{alt}"><div class="today" style="left:50%"></div>{rows}'
            "</div>",
            alt=f"Bars from {in_english(shown.start)} to {in_english(shown.end)}; the tables below say the same.",
            rows=joined(_bar(bar, shown) for bar in bars),
        )
    if found.timeline:
        rows = [_acting(one) for one in found.timeline]
        st.dataframe(rows, hide_index=True, alt="Who runs the facility, from when to when, and whether it stands")


def entries(rows: Sequence[Entry], alt: str, on: date) -> None:
    """What is recorded, as a table: who, what, the days, why, and who recorded it when; after the day, if so."""
    shown = [
        {
            "Name": one.name,
            "What": one.what,
            "From": first_day(one.span),
            "Through": last_day(one.span),
            "Reason": one.reason,
            "Recorded": _recorded(one, on),
        }
        for one in rows
    ]
    st.dataframe(shown, hide_index=True, alt=alt)


def _recorded(one: Entry, on: date) -> str:
    said = by_whom(one.recorded_at, one.recorded_by, on)
    return said if one.changed_at is None else f"{said}; changed {by_whom(one.changed_at, one.changed_by, on)}"


def by_whom(at: datetime, by: str, on: date) -> str:
    """When and by whom something was recorded, and that it was after the day asked about, if so."""
    said = f"{words.office_time(at)}, {by}"
    return f"{said} (after {in_english(on)})" if day_at(at) > on else said


def _bars(found: PeopleOfFacility) -> Iterator[Bar]:
    kinds: tuple[tuple[Iterable[Entry], str], ...] = (
        (found.designations, "designated"),
        (found.in_charge, "in-charge"),
        (found.absences, "absent"),
        (found.employments, "employed"),
    )
    for rows, tone in kinds:
        for one in rows:
            yield Bar(one.name, one.what, one.span, tone)


def _bar(bar: Bar, shown: Span) -> Markup:
    assert shown.end is not None  # noqa: S101 - a year after the day
    whole = (shown.end - shown.start).days
    left = max((bar.span.start - shown.start).days, 0)
    end = min(bar.span.end or shown.end, shown.end)
    width = (end - shown.start).days - left
    return markup(
        '<div class="row"><span class="name">{name}: {what}</span>'
        '<span class="bar {tone}" style="left:{left}%;width:{width}%"></span></div>',
        name=bar.name,
        what=bar.what,
        tone=bar.tone,
        left=f"{100 * left / whole:.2f}",
        width=f"{100 * max(width, 1) / whole:.2f}",
    )


def _acting(one: Acting) -> dict[str, object]:
    standing = MARKS[one.finding.verdict]
    return {
        "From": first_day(one.span),
        "Through": last_day(one.span),
        "Overall responsible operator": one.name or "Nobody on record",
        "Standing": f"{standing.shape} {standing.word}",
        "Why": str(one.finding.because),
        "By": one.basis.label if one.basis else "",
    }


def first_day(span: Span) -> str:
    """The first day in words."""
    return "Always" if span.start == date.min else in_english(span.start)


def last_day(span: Span) -> str:
    """The last day in words."""
    return "No end named" if span.last is None else in_english(span.last)
