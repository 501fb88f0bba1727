"""A ledger of reliance as a calendar: a year before and after a day, the period that counts, and the limit."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from core.calendar import Span, add_months
from core.sentences import in_english
from db.people_assessed import Days
from ui.markup import Markup, html, joined, markup

_MONTHS = 12
_RELIED, _PLANNED, _OVER, _LEFT_OUT, _DISRUPTED, _NONE = "●", "○", "■", "◇", "△", "·"
_CLASSES = {
    _RELIED: "relied",
    _PLANNED: "planned",
    _OVER: "over",
    _LEFT_OUT: "left-out",
    _DISRUPTED: "disrupted",
    _NONE: "blank",
}
_SIGN_OF_LEFT_OUT = '<span class="day left-out">◇</span> under a direction of the Director, not counted; '
_SIGN_OF_DISRUPTED = '<span class="day disrupted">△</span> strike, lock-out or emergency, not counted; '


def draw(days: Days, on: date, what: str) -> None:
    """The calendar, what its signs mean, and the same by month as a table."""
    html(
        '<p class="help"><span class="day relied">●</span> relied on {what}; <span class="day planned">○</span> '
        'planned; <span class="day over">■</span> over the limit; {left_out}{disrupted}'
        "underlined: the period that counts on {on}.</p>"
        '<div class="ledger" role="img" aria-label="{alt}">{rows}</div>',
        what=what,
        left_out=markup(_SIGN_OF_LEFT_OUT) if days.ledger.left_out else "",
        disrupted=markup(_SIGN_OF_DISRUPTED) if days.disrupted else "",
        on=in_english(on),
        alt=sentence(days, on),
        rows=joined(_row(first, days, on) for first in _months(on)),
    )
    html(
        '<details><summary>The same by month</summary><table class="plain"><thead><tr><th>Month</th>'
        '<th class="number">Days</th><th class="number">Count on its last day</th></tr></thead>'
        "<tbody>{rows}</tbody></table></details>",
        rows=joined(_month(first, days) for first in _months(on)),
    )


def sentence(days: Days, on: date) -> str:
    """How the ledger stands, in a sentence or two."""
    months = days.ledger.months
    said = f"{days.count} of at most {days.limit} days count on {in_english(on)}, in any {months} months."
    if days.window is not None:
        said += f" The period began on {in_english(days.window.start)}."
    if days.lifted:
        said += " A direction of the Director lifts the limit on this day."
    elif days.over_since is not None:
        return f"{said} It has been over the limit since {in_english(days.over_since)}."
    if days.over_on is not None:
        return f"{said} As planned, {in_english(days.over_on)} is the first day over the limit."
    if days.over_if_it_goes_on is not None:
        return f"{said} If it goes on, {in_english(days.over_if_it_goes_on)} is the first day over the limit."
    return said


def none(days: Days, on: date, what: str) -> str:
    """In a sentence that no day counts and the calendar shows none; "" where there is one."""
    first, *_, last = _months(on)
    shown = Span(first, add_months(last, 1))
    drawn = any(day in shown for day in (*days.ledger.days, *days.ledger.left_out))
    if days.count or drawn or any(one.overlaps(shown) for one in days.disrupted):
        return ""
    return f"No day with {what}: at most {days.limit} days may count, in any {days.ledger.months} months."


def _months(on: date) -> Iterator[date]:
    first = on.replace(day=1)
    return (add_months(first, shift) for shift in range(-_MONTHS, _MONTHS + 1))


def _row(first: date, days: Days, on: date) -> Markup:
    cells = joined(_cell(day, sign, days) for day, sign in signs(first, days, on))
    return markup(
        '<div class="month"><span class="name">{name}</span>{cells}</div>', name=_name(first), cells=cells
    )


def signs(first: date, days: Days, on: date) -> Iterator[tuple[date, str]]:
    """Each day of a month with its sign; that of a strike or an emergency only where nobody stands in, since a day
    on which somebody does may count all the same."""
    length = calendar.monthrange(first.year, first.month)[1]
    relied, left_out = set(days.ledger.days), set(days.ledger.left_out)
    for day in (first.replace(day=number) for number in range(1, length + 1)):
        if day in left_out:
            yield day, _LEFT_OUT
        elif day not in relied:
            yield day, _DISRUPTED if any(day in one for one in days.disrupted) else _NONE
        elif days.ledger.count(day) > days.limit:
            yield day, _OVER
        else:
            yield day, _PLANNED if day > on else _RELIED


def _cell(day: date, sign: str, days: Days) -> Markup:
    counts = days.window is not None and day in days.window
    kind = f"{_CLASSES[sign]} window" if counts else _CLASSES[sign]
    return markup('<span class="day {kind}">{sign}</span>', kind=kind, sign=sign)


def _month(first: date, days: Days) -> Markup:
    after = add_months(first, 1)
    relied = sum(first <= day < after for day in days.ledger.days)
    return markup(
        '<tr><td>{name}</td><td class="number">{relied}</td><td class="number">{count}</td></tr>',
        name=_name(first),
        relied=relied,
        count=days.ledger.count(after - timedelta(days=1)),
    )


def _name(first: date) -> str:
    return in_english(first).partition(" ")[2]
