"""Designations, absences and employment as bars on one axis, with the same rows as a table beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from core.calendar import Span, add_months, outside
from core.designations import Basis
from core.places import day_at
from core.sentences import in_english, month_in_english
from db.people_assessed import Acting
from db.people_views import Entry, PeopleOfFacility
from ui import tables, words
from ui.findings import MARKS
from ui.markup import Markup, html, joined, markup
from ui.session import asker

_MONTHS = 12  # before and after the day
_QUARTER = 3
_MOST = 16  # bars; what is more stands in the tables below
_HEADS = ("From", "Through", "Overall responsible operator", "Standing", "Why", "By")  # of the table
_LEGEND = {
    Basis.LICENCE: "overall responsible by licence",
    Basis.STAND_IN: "stands in",
    Basis.ENGINEER: "overall responsible as an engineer",
    Basis.STRIKE: "overall responsible in a strike or lock-out",
    Basis.EMERGENCY: "overall responsible in a declared emergency",
    "in_charge": "operator-in-charge",
    "absent": "absent or unable to act",
    "present": "recorded as present",
    "employed": "employed",
    "uncounted": "designated, but not employed: counts for nothing",
}


@dataclass(frozen=True)
class Bar:
    """A row of the timeline: whose, what, on which days, and its kind, which has a look of its own; another have
    the days that count for nothing."""

    name: str
    what: str
    span: Span
    kind: str
    uncounted: tuple[Span, ...] = ()

    @property
    def parts(self) -> Iterator[tuple[Span, str]]:
        """Its days, each with the kind that they look like."""
        yield from ((part, self.kind) for part in outside(self.span, self.uncounted))
        yield from ((part, "uncounted") for part in self.uncounted)


def draw(found: PeopleOfFacility) -> None:
    """The bars of a year before and after the day on an axis, then who runs the facility as a table."""
    shown = Span(add_months(found.on, -_MONTHS), add_months(found.on, _MONTHS))
    bars = [bar for bar in _bars(found) if bar.span.overlaps(shown)]
    if bars:
        _timeline(bars, shown, found.on)
    if found.timeline:  # a table of our own, since why something does not stand is longer than a cell
        html(
            '<div class="scrolls" role="region" tabindex="0" aria-label="Who runs the facility">'
            '<table class="plain wide by-who"><caption>Who runs the facility, and whether it stands</caption>'
            "<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
            heads=joined(markup('<th scope="col">{head}</th>', head=head) for head in _HEADS),
            rows=joined(_acting(one) for one in found.timeline),
        )


def entries(rows: Sequence[Entry], caption: str, on: date) -> None:
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
    tables.paged(f"entries-{caption}", caption, shown)


def _recorded(one: Entry, on: date) -> str:
    said = by_whom(one.recorded_at, one.recorded_by, on)
    return said if one.changed_at is None else f"{said}; changed {by_whom(one.changed_at, one.changed_by, on)}"


def by_whom(at: datetime, by: str, on: date) -> str:
    """When and by whom something was recorded, and that it was after the day asked about, if so."""
    said = f"{words.office_time(at)}, {by}"
    return f"{said} (after {in_english(on)})" if day_at(at) > on else said


def _timeline(bars: Sequence[Bar], shown: Span, on: date) -> None:
    assert shown.end is not None  # noqa: S101 - a year after the day
    drawn = bars[:_MOST]
    today = in_english(on) if on != day_at(asker().at) else f"Today, {in_english(on)}"
    looks = {look for bar in drawn for part, look in bar.parts if part.overlaps(shown)}
    kinds = [kind for kind in _LEGEND if kind in looks]
    html(
        '<ul class="legend"><li><span class="bar today" aria-hidden="true"></span> {today}</li>{kinds}</ul>',
        today=today,
        kinds=joined(
            markup(
                '<li><span class="bar {kind}" aria-hidden="true"></span> {said}</li>',
                kind=kind,
                said=_LEGEND[kind],
            )
            for kind in kinds
        ),
    )
    html(
        '<div class="timeline" role="img" aria-label="{alt}"><div class="lines">{lines}</div>'
        '<div class="row"><span></span><span class="ends"><span>{first}</span><span>{today}</span>'
        '<span>{last}</span></span></div><div class="row"><span></span><span class="track">{months}</span></div>'
        "{rows}</div>",
        alt=f"Bars from {in_english(shown.start)} to {last_day(shown)}; the tables below say the same.",
        lines=joined(
            markup('<span class="{what}" style="left:{left}%"></span>', what=what, left=_percent(day, shown))
            for day, what in [*((month, "month") for month in _quarters(shown)), (on, "today")]
        ),
        first=in_english(shown.start),
        today=today,
        last=last_day(shown),
        months=joined(_month(month, shown) for month in _quarters(shown)),
        rows=joined(_bar(bar, shown) for bar in drawn),
    )
    if len(bars) > len(drawn):
        st.text(f"{in_english(len(bars) - len(drawn))} more are in the tables under “What is recorded”.")


def _bars(found: PeopleOfFacility) -> Iterator[Bar]:
    """The bars, the employment of those first who have others."""
    for one in found.designations:
        yield Bar(one.name, one.what, one.span, one.kind, one.uncounted)
    for one in found.in_charge:
        _, _, besides = one.what.partition("; ")
        what = f"In charge; {besides}" if besides else "In charge"
        yield Bar(one.name, what, one.span, "in_charge", one.uncounted)
    for one in found.absences:
        yield Bar(one.name, one.what, one.span, one.kind)
    serve = {one.person for one in (*found.designations, *found.in_charge, *found.absences)}
    for one in sorted(found.employments, key=lambda one: one.person not in serve):
        yield Bar(one.name, one.what, one.span, "employed")


def _quarters(shown: Span) -> Iterator[date]:
    """The first days of January, April, July and October."""
    month = add_months(shown.start.replace(day=1), 1)
    while month in shown:
        if month.month % _QUARTER == 1:
            yield month
        month = add_months(month, 1)


def _month(first: date, shown: Span) -> Markup:
    name, year = month_in_english(first).split(" ")
    return markup(
        '<span class="month" style="left:{left}%">{name}<br>{year}</span>',
        left=_percent(first, shown),
        name=name[:3],
        year=year,
    )


def _bar(bar: Bar, shown: Span) -> Markup:
    parts = ((days, look) for span, look in bar.parts if (days := span.within(shown)) is not None)
    return markup(
        '<div class="row"><span class="name">{name}: {what}</span><span class="track">{parts}</span></div>',
        name=bar.name,
        what=bar.what,
        parts=joined(_part(days, look, shown) for days, look in parts),
    )


def _part(days: Span, look: str, shown: Span) -> Markup:
    left, end = float(_percent(days.start, shown)), float(_percent(days.end or days.start, shown))
    return markup(
        '<span class="bar {look}" style="left:{left}%;width:{width}%"></span>',
        look=look,
        left=f"{left:.2f}",
        width=f"{end - left:.2f}",
    )


def _percent(day: date, shown: Span) -> str:
    """How far along the axis a day begins."""
    assert shown.end is not None  # noqa: S101 - a year after the day
    return f"{100 * (day - shown.start).days / (shown.end - shown.start).days:.2f}"


def _acting(one: Acting) -> Markup:
    standing = MARKS[one.finding.verdict]
    cells = (
        first_day(one.span),
        last_day(one.span),
        one.name or "Nobody on record",
        f"{standing.shape} {standing.word}",
        str(one.finding.because),
        one.basis.label if one.basis else "",
    )
    named = (
        markup('<td><span class="cell-of">{head}: </span>{cell}</td>', head=head, cell=cell)
        for head, cell in zip(_HEADS, cells, strict=True)
    )
    return markup("<tr>{cells}</tr>", cells=joined(named))


def first_day(span: Span) -> str:
    """The first day in words."""
    return "Always" if span.start == date.min else in_english(span.start)


def last_day(span: Span) -> str:
    """The last day in words."""
    return "No end named" if span.last is None else in_english(span.last)
