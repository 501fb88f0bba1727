"""When the certification office is open: the one place that knows Ontario's holidays."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from core.working_days import working_days_since


def holidays_of(years: Iterable[int]) -> frozenset[date]:
    """Ontario's public holidays of some years."""
    return frozenset().union(*map(_holidays, years))


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CA", subdiv="ON", years=year))


def days_waited(since: date, today: date) -> int:
    """The working days since a day at the office, Ontario's public holidays left out; 0 on the day itself."""
    return working_days_since(since, today, holidays_of(range(since.year, today.year + 1)))
