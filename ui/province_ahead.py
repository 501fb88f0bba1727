"""What comes near in the province, what was, and the summary by mail: parts of the managers' page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import altair as alt
import pandas as pd
import streamlit as st

from core.places import day_at
from core.sentences import in_english, month_in_english
from core.standings import SOON_DAYS, Standing
from db import paper
from db.places import regions
from db.province import Behind, Near, Wanted
from db.services import province
from db.services.province import Month
from ui import mailed, words
from ui.forms import attempt
from ui.markup import Markup, html, joined, markup
from ui.province import MARKS, address, heading, number_link
from ui.session import asker

_COLOURS = ("#0369AC", "#C64A1C", "#367A76", "#92278F")  # of charts, in their order
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
_SHAPES = {  # by their names in the chart, and as the legend draws them in the middle of a line
    "square": "M15 3h10v10h-10z",
    "cross": "M18 2h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "circle": "M20 3a5 5 0 1 0 0.01 0z",
    "triangle-up": "M20 2l6 11h-12z",
}
_SIGN = (  # a picture: of a page's own HTML the browser is given no drawings
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="16"><path d="M0 8h40" stroke="{colour}" '
    'stroke-width="2" stroke-dasharray="{dash}"/><path d="{shape}" fill="{colour}"/></svg>'
)


def near(one: Wanted) -> None:
    """How many facilities are one departure, or one expiry, from having nobody who may be overall responsible."""
    numbers = province.near(asker(), one)
    st.subheader("One departure or one expiry from a gap", anchor=False)
    rows = {
        Near.ONE: "One employee holds a licence that serves: one departure is enough",
        Near.SOON: f"And that one’s licence, employment or what it rests on may end within {SOON_DAYS} days",
    }
    html(
        '<table class="plain"><caption>Facilities with one employee who may be the overall responsible operator '
        'by licence (O. Reg. 129/04, s. 15 (1))</caption><thead><tr><th scope="col">How near</th>'
        '<th scope="col" class="number">Facilities</th></tr></thead><tbody>{rows}</tbody></table>',
        rows=joined(
            markup(
                '<tr><th scope="row">{said}</th>{cell}</tr>',
                said=said,
                cell=number_link(numbers[kind], address(one, near=kind.value), f"{said}: {numbers[kind]}"),
            )
            for kind, said in rows.items()
        ),
    )
    st.caption("Water facilities are not counted: O. Reg. 128/04 follows.")


def expiries(one: Wanted) -> None:
    """Licences of people who are employed at the facilities, by the month in which they expire."""
    found = province.expiries(asker(), one)
    st.subheader("Licences expiring by month", anchor=False)
    total = sum(found.values())
    if not total:
        words.empty(
            "No licence of an employee is known to expire in the next 12 months.",
            "A licence counts once the office has confirmed its holder’s Operator ID.",
        )
        return
    most = max(found, key=lambda month: found[month])
    said = f"{in_english(total)} in 12 months, most in {month_in_english(most)}: {in_english(found[most])}."
    st.text(
        f"{said} Each licence counts once; the list behind a number is of the facilities where its holder works."
    )
    frame = pd.DataFrame({"Month": [f"{one:%Y-%m}" for one in found], "Licences": list(found.values())})
    st.bar_chart(frame, x="Month", y="Licences", color=_COLOURS[0], alt=f"Licences expiring by month: {said}")
    _months(
        "Licences expiring by month", "Licences", (_expiring(month, many, one) for month, many in found.items())
    )


def training(one: Wanted) -> None:
    """At how many facilities, and of how many operators there, training is behind, soon due, or not known."""
    numbers = province.training(asker(), one)
    st.subheader("Training behind", anchor=False)
    rows = {
        Behind.BEHIND: (words.DOES_NOT_STAND, "Behind: hours of a past year are missing"),
        Behind.SHORT: (words.DUE, f"Hours are still missing that are due within {SOON_DAYS} days"),
        Behind.NOT_KNOWN: (words.NOT_KNOWN, "Not known: the record is not complete, or its three years still run"),
    }
    html(
        '<table class="plain"><caption>Training of operators, 40 hours a year (O. Reg. 129/04, s. 21)</caption>'
        '<thead><tr><th scope="col">How it is</th><th scope="col" class="number">Operators</th>'
        '<th scope="col" class="number">Facilities</th></tr></thead><tbody>{rows}</tbody></table>',
        rows=joined(
            markup(
                '<tr><th scope="row"><span class="standing {tone}"><span aria-hidden="true">{shape}</span></span> '
                "{said}</th>{operators}{facilities}</tr>",
                tone=mark.tone,
                shape=mark.shape,
                said=said,
                operators=number_link(
                    numbers[kind].operators,
                    address(one, training=kind.value),
                    f"{said}: {in_english(numbers[kind].operators)} operators",
                ),
                facilities=number_link(
                    numbers[kind].facilities,
                    address(one, training=kind.value),
                    f"{said}: {in_english(numbers[kind].facilities)} facilities",
                ),
            )
            for kind, (mark, said) in rows.items()
        ),
    )
    st.caption("Both numbers open the list of facilities; an operator of two facilities counts at each.")


def trends(one: Wanted) -> None:
    """How many facilities stood from month to month, as a chart and as a table."""
    months = province.history(asker(), one.region)
    where = f" in {regions()[one.region]}" if one.region else ""
    st.subheader(f"Month by month{where}", anchor=False)
    if not months:
        words.empty("Nothing is counted yet.", "The first count is made in the coming night, then every night.")
        return
    st.text(
        f"Counted every night since {month_in_english(months[0].month)}; each month keeps its last count. The "
        "history is kept by region: of the filters only the region narrows it. The numbers of this month open the "
        "list as it is now; the months before it are counts only."
    )
    _legend()
    st.altair_chart(_lines(months), alt=f"Facilities by standing from month to month: {_last(months[-1])}")
    columns = joined(
        markup('<th scope="col" class="number">{head}</th>', head=heading(mark)) for mark in MARKS.values()
    )
    html(
        '<table class="plain wide named numbers"><caption>Facilities by standing, month by month</caption>'
        '<thead><tr><th scope="col">Month, counted on</th>{columns}</tr></thead><tbody>{rows}</tbody></table>',
        columns=columns,
        rows=joined(_counted(month, one.region) for month in reversed(months)),
    )


def summary() -> None:
    """The monthly summary: to download now, and by mail on the first of each month."""
    st.subheader("Monthly summary", anchor=False)
    asks = asker()  # the file is made in a thread that knows no browser
    subscribed = province.is_subscribed(asks)
    by_mail = "" if mailed.is_sent() else " No mail server is set yet, so mails wait until one is."
    if subscribed:
        st.text(f"You get the summary by mail at the beginning of each month, as PDF.{by_mail}")
    else:
        st.text(f"At the beginning of each month the portal can mail you the main numbers, as PDF.{by_mail}")
    with st.container(horizontal=True):
        if st.button("Stop the monthly mail" if subscribed else "Mail me the monthly summary", key="subscribe"):
            done = "The monthly mail is stopped." if subscribed else "The next summary comes with the next month."
            attempt(lambda: province.subscribe(asker(), not subscribed), done)
        st.download_button(
            "Download the summary of today (PDF)",
            lambda: paper.pdf(province.summary(asks)),
            "facilities.pdf",
            "application/pdf",
            on_click="ignore",
        )


def _months(caption: str, what: str, rows: Iterable[Markup]) -> None:
    html(
        '<table class="plain"><caption>{caption}</caption><thead><tr><th scope="col">Month</th><th scope="col" '
        'class="number">{what}</th></tr></thead><tbody>{rows}</tbody></table>',
        caption=caption,
        what=what,
        rows=joined(rows),
    )


def _expiring(month: date, many: int, one: Wanted) -> Markup:
    name = month_in_english(month)
    cell = number_link(many, address(one, month=month), f"{name}: {in_english(many)}")
    return markup('<tr><th scope="row">{name}</th>{cell}</tr>', name=name, cell=cell)


def _counted(one: Month, region: str) -> Markup:
    """A month's numbers; those of this month open the list, of earlier ones no list is kept."""
    name, is_this = month_in_english(one.month), one.month == day_at(asker().at).replace(day=1)
    numbers = joined(
        number_link(
            many,
            address(Wanted(standing=kind.value, region=region)) if is_this else "",
            f"{name}, {MARKS[kind].word}: {in_english(many)}",
            heading(MARKS[kind]),
        )
        for kind, many in one.counts.by_standing.items()
    )
    said = f"{name}, {in_english(one.counted_on)}"
    return markup('<tr><th scope="row">{said}</th>{numbers}</tr>', said=said, numbers=numbers)


def _last(one: Month) -> str:
    said = ", ".join(f"{MARKS[kind].word} {in_english(many)}" for kind, many in one.counts.by_standing.items())
    return f"in {month_in_english(one.month)} {said}."


def _legend() -> None:
    """Which line is which: the chart's own legend draws the dashes into the marks, and neither can be told."""
    signs = zip(Standing, _COLOURS, _DASHES, _SHAPES.values(), strict=True)
    html(
        '<ul class="legend">{rows}</ul>',
        rows=joined(
            markup(
                '<li><img alt="" width="40" height="16" src="data:image/svg+xml,{sign}"> {word}</li>',
                sign=quote(_SIGN.format(colour=colour, dash=" ".join(map(str, dash)), shape=shape)),
                word=MARKS[standing].word,
            )
            for standing, colour, dash, shape in signs
        ),
    )


def _lines(months: tuple[Month, ...]) -> alt.LayerChart | alt.FacetChart:
    """A line a standing, each with its own colour, dash and mark."""
    names = [MARKS[one].word for one in Standing]
    rows: list[Mapping[str, object]] = [
        {"Month": f"{one.month:%Y-%m}", "Standing": MARKS[kind].word, "Facilities": many}
        for one in months
        for kind, many in one.counts.by_standing.items()
    ]

    def scale(values: Sequence[Any]) -> alt.Scale:
        return alt.Scale(domain=names, range=values)

    drawn = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("Month:O", axis=alt.Axis(labelAngle=0)), y=alt.Y("Facilities:Q", axis=alt.Axis(tickMinStep=1))
    )
    colour = alt.Color("Standing:N", scale=scale(list(_COLOURS)), legend=None)
    lines = drawn.mark_line().encode(
        color=colour,
        strokeDash=alt.StrokeDash("Standing:N", scale=scale(list(_DASHES)), legend=None),
    )
    marks = drawn.mark_point(size=80, filled=True, opacity=1).encode(
        color=colour,
        shape=alt.Shape("Standing:N", scale=scale(list(_SHAPES)), legend=None),
    )
    return alt.layer(lines, marks)
