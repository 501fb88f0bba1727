"""Time as the law counts it: spans of days, months and years, and the busiest window.

Spans are half-open: the first day is inside, `end` is not. What is shown to people is the last day inside.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_IN_A_YEAR = 12
SHORTEST_MONTH = 28


@dataclass(frozen=True)
class Span:
    """The days from `start` up to but not including `end`; `end` None never ends.

    Raises ValueError when it would end before it starts.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a span cannot end on {self.end}, before its start on {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def last(self) -> date | None:
        """The last day inside, as it is shown; None for a span that never ends."""
        return None if self.end is None else self.end - timedelta(days=1)

    def overlaps(self, other: "Span") -> bool:
        """Whether any day lies in both."""
        starts_in_time = other.end is None or self.start < other.end
        return starts_in_time and (self.end is None or other.start < self.end)

    def within(self, other: "Span") -> "Span | None":
        """The days that lie in both; None where none does."""
        start = max(self.start, other.start)
        end = min((end for end in (self.end, other.end) if end is not None), default=None)
        return Span(start, end) if end is None or start < end else None


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The days that lie in any of the spans, as few spans as hold them, in order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        before = found[-1] if found else None
        if before is None or (before.end is not None and before.end < span.start):
            found.append(span)
        elif before.end is not None and (span.end is None or span.end > before.end):
            found[-1] = Span(before.start, span.end)
    return tuple(found)


def outside(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """The parts of a span, in order, that lie in none of the others."""
    start: date | None = span.start
    for other in united(others):
        if start is None or not other.overlaps(Span(start, span.end)):
            continue
        if start < other.start:
            yield Span(start, other.start)
        start = other.end
    if start is not None and (span.end is None or start < span.end):
        yield Span(start, span.end)


def next_edge(spans: Iterable[Span], day: date) -> date | None:
    """The next day after `day` on which one of the spans starts or has ended; None where none does."""
    edges = (edge for span in spans for edge in (span.start, span.end))
    return min((edge for edge in edges if edge is not None and edge > day), default=None)


@dataclass(frozen=True)
class Window:
    """A period of months and how many of the days asked about fall into it."""

    span: Span
    count: int


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, by the rule of the Legislation Act, 2006, ss. 88-89.

    Where the month has no such day it is the month's last: 31 January plus one month is 28 or 29 February.
    """
    year, month0 = divmod(day.year * MONTHS_IN_A_YEAR + day.month - 1 + months, MONTHS_IN_A_YEAR)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def add_years(day: date, years: int) -> date:
    """The anniversary `years` later: 29 February plus one year is 28 February."""
    return add_months(day, years * MONTHS_IN_A_YEAR)


def busiest_window(days: Iterable[date], *, months: int) -> Window | None:
    """The window [d, d + months) that holds most of `days`, the earliest of equals; None without days.

    Some busiest window starts on one of the days: starting later, up to the first day inside, loses none.
    """
    ordered = sorted(set(days))
    best: Window | None = None
    end = 0
    for start, day in enumerate(ordered):
        after = add_months(day, months)
        while end < len(ordered) and ordered[end] < after:
            end += 1
        if best is None or end - start > best.count:
            best = Window(Span(day, after), end - start)
    return best


def days_left(days: Iterable[date], *, limit: int, months: int, going_on_from: date) -> int:
    """How many days in a row from `going_on_from` keep every window of `months` within `limit` days.

    0 when the limit is passed already or would be on the first day. Raises ValueError for a limit that a
    window may be too short to pass.
    """
    if limit >= months * SHORTEST_MONTH:
        raise ValueError(f"a window of {months} months may be too short to pass {limit} days")
    counted = {*days, going_on_from}
    left = 0
    while _most_in_a_window(counted, months) <= limit:
        left += 1
        counted.add(going_on_from + timedelta(days=left))
    return left


def _most_in_a_window(days: Iterable[date], months: int) -> int:
    window = busiest_window(days, months=months)
    return 0 if window is None else window.count
