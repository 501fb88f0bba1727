"""When somebody is reminded of an expiry, at, below and above each day, and the calendar of one person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment import Held, Status
from core.licences import Licence, LicenceClass, LicenceType
from core.renewals import Ahead, Renewal, calendar, last_expiry_to_remind_of, reminder

LICENCE = Licence("T3", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, date(2027, 8, 31))
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))

CASES = """
| the day before three months: none yet                 | 2027-08-15 | 2027-05-14 | none         |
| three months to the day                               | 2027-08-15 | 2027-05-15 | three months |
| the day before one month is still the first           | 2027-08-15 | 2027-07-14 | three months |
| one month to the day                                  | 2027-08-15 | 2027-07-15 | one month    |
| the day before one week is still the second           | 2027-08-15 | 2027-08-07 | one month    |
| one week to the day                                   | 2027-08-15 | 2027-08-08 | one week     |
| the day before the last                               | 2027-08-15 | 2027-08-14 | one week     |
| the last day on which it counts                       | 2027-08-15 | 2027-08-15 | one week     |
| the day after: it has expired                         | 2027-08-15 | 2027-08-16 | none         |
| a late start finds only the nearest of three          | 2027-08-15 | 2027-08-10 | one week     |
| a late start finds only the nearer of two             | 2027-08-15 | 2027-08-01 | one month    |
| the 31st, three months before a month of 31           | 2027-08-31 | 2027-05-30 | none         |
| the 31st, three months to the day                     | 2027-08-31 | 2027-05-31 | three months |
| 31 May: February has no 31st, so its last day         | 2027-05-31 | 2027-02-27 | none         |
| 31 May: the last of February                          | 2027-05-31 | 2027-02-28 | three months |
| 31 May in a leap year: the 28th is a day too early    | 2028-05-31 | 2028-02-28 | none         |
| 31 May in a leap year: the 29th                       | 2028-05-31 | 2028-02-29 | three months |
| 31 March: one month before is the last of February    | 2027-03-31 | 2027-02-28 | one month    |
| 1 March: one week before is in February               | 2027-03-01 | 2027-02-22 | one week     |
| across New Year                                       | 2027-01-10 | 2026-12-10 | one month    |
| across New Year, a day too early                      | 2027-01-10 | 2026-12-09 | three months |
"""


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in CASES.strip().splitlines()]


@pytest.mark.parametrize(("case", "expiry", "on", "expected"), rows(), ids=[row[0] for row in rows()])
def test_the_nearest_reminder_that_is_due(case: str, expiry: str, on: str, expected: str) -> None:
    due = reminder(date.fromisoformat(expiry), date.fromisoformat(on))
    assert (due.value if due else "none") == expected


@given(days)
def test_whoever_looks_every_day_meets_each_reminder_once_and_in_order(expiry: date) -> None:
    watched = (reminder(expiry, expiry - timedelta(days=left)) for left in range(100, -2, -1))
    met = [due for due in watched if due]
    assert list(dict.fromkeys(met)) == list(Ahead)
    assert met == sorted(met, key=tuple(Ahead).index)


@given(days, days)
def test_no_expiry_beyond_the_last_one_has_a_reminder(expiry: date, today: date) -> None:
    assert reminder(expiry, today) is None or today <= expiry <= last_expiry_to_remind_of(today)


def test_one_calendar_holds_all_credentials_the_next_to_expire_first_and_the_expired_last() -> None:
    today = date(2027, 8, 1)
    soon = replace(LICENCE, number="T1", expiry=today)
    later = replace(LICENCE, number="T2", expiry=today + timedelta(days=1))
    expired = replace(LICENCE, number="T0", expiry=today - timedelta(days=1))
    assert calendar(map(Held, [expired, LICENCE, later, soon]), today) == (
        Renewal(soon, 0),
        Renewal(later, 1),
        Renewal(LICENCE, 30),
        Renewal(expired, -1),
    )
    assert [(one.expired, one.counts) for one in calendar([Held(soon), Held(expired)], today)] == [
        (False, True),
        (True, False),
    ]


def test_what_does_not_count_is_in_the_calendar_with_its_status() -> None:
    (one,) = calendar([Held(LICENCE, Status.SUSPENDED)], LICENCE.expiry)
    assert (one.status, one.days_left, one.expired, one.counts) == (Status.SUSPENDED, 0, False, False)


def test_whoever_holds_nothing_has_an_empty_calendar() -> None:
    assert calendar([], date(2027, 8, 1)) == ()
