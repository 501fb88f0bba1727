"""Months, windows and what is left of a limit, against brute force."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span, add_months, add_years, busiest_window, days_left

some_days = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 2, 28), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_added_by_the_legislation_act(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_29_february_plus_one_year_is_28_february() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_span_is_half_open_and_shown_inclusive() -> None:
    span = Span(date(2024, 1, 1), date(2024, 2, 1))
    assert date(2024, 1, 31) in span
    assert date(2024, 2, 1) not in span
    assert date(2023, 12, 31) not in span
    assert span.last == date(2024, 1, 31)
    assert date(9999, 12, 31) in Span(date(2024, 1, 1))


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before its start"):
        Span(date(2024, 2, 1), date(2024, 1, 1))


@given(some_days, some_days, some_days, some_days)
def test_spans_overlap_when_a_day_lies_in_both(a: date, b: date, c: date, d: date) -> None:
    one, other = Span(*sorted((a, b))), Span(*sorted((c, d)))
    shared = any(day in one and day in other for day in (one.start, other.start))
    assert one.overlaps(other) == other.overlaps(one) == shared or one.start == one.end or other.start == other.end


@given(st.sets(some_days, max_size=60), st.integers(1, 24))
@settings(max_examples=60)
def test_the_busiest_window_is_the_busiest_of_all_windows(days: set[date], months: int) -> None:
    window = busiest_window(days, months=months)
    if window is None:
        assert not days
        return
    starts = (min(days) + timedelta(days=shift) for shift in range((max(days) - min(days)).days + 1))
    assert window.count == max(sum(start <= day < add_months(start, months) for day in days) for start in starts)
    assert window.count == sum(day in window.span for day in days)


@given(st.sets(some_days, max_size=40), some_days, st.integers(1, 50), st.integers(2, 24))
@settings(max_examples=60)
def test_days_left_keep_the_limit_and_one_more_passes_it(
    days: set[date], start: date, limit: int, months: int
) -> None:
    left = days_left(days, limit=limit, months=months, going_on_from=start)
    for going_on, passes in ((left, False), (left + 1, True)):
        counted = days | {start + timedelta(days=shift) for shift in range(going_on)}
        window = busiest_window(counted, months=months)
        if going_on or passes:
            assert (window is not None and window.count > limit) == (passes or going_on == 0)


def test_150_days_in_a_row_keep_a_limit_of_150() -> None:
    assert days_left((), limit=150, months=12, going_on_from=date(2025, 3, 1)) == 150


def test_a_limit_that_a_window_may_be_too_short_for_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        days_left((), limit=28, months=1, going_on_from=date(2025, 2, 1))
