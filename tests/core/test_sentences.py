"""How values are written into sentences."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from core.sentences import in_english


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1300, "1\u202f300"),
        (Decimal("4500.10"), "4\u202f500.1"),
        (Decimal("100.0"), "100"),
        (Decimal("0.12345678901234567890"), "0.1234567890123456789"),
        (Decimal("12345678901234567890.5"), "12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890.5"),
        (Decimal("1E+6"), "1\u202f000\u202f000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0.0"), "0"),
        (29.7, "29.7"),
        (1e16, "10\u202f000\u202f000\u202f000\u202f000\u202f000"),
        (Fraction(6, 3), "2"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_a_number_is_written_exactly_and_without_an_exponent(value: object, written: str) -> None:
    assert in_english(value) == written


@pytest.mark.parametrize(
    ("zone", "hour", "said"),
    [
        ("America/Toronto", 5, "01:30 EDT"),
        ("America/Toronto", 6, "01:30 EST"),
        ("America/Toronto", 7, "02:30"),
        ("America/Winnipeg", 6, "01:30 CDT"),
        ("America/Winnipeg", 7, "01:30 CST"),
        ("America/Atikokan", 6, "01:30"),
    ],
)
def test_a_time_that_the_clock_shows_twice_says_which(zone: str, hour: int, said: str) -> None:
    moment = datetime(2026, 11, 1, hour, 30, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert in_english(moment) == f"1 November 2026 at {said}"
