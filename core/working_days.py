"""The days on which the office is open: how long something waits, and when it opens next."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5


def working_days_since(since: date, today: date, holidays: Collection[date]) -> int:
    """The working days after `since` up to and including `today`: 0 on the day itself.

    `holidays` hold every day between the two on which the office is closed, Saturdays and Sundays apart.
    """
    days = (today - since).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    start = since + timedelta(weeks=weeks)
    working = weeks * 5 + sum((start + timedelta(n)).weekday() < _SATURDAY for n in range(1, rest + 1))
    return working - sum(since < day <= today and day.weekday() < _SATURDAY for day in holidays)


def next_open_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the next one on which the office is open (Legislation Act, 2006, s. 89; reading R19)."""
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
