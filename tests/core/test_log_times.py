"""Times as they are typed into a log, in the zones that are kept in Ontario."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.log_times import FIRST, SECOND, Typed, clock_of, in_shift, moment_of, typed_at
from core.problems import Refused

TORONTO, KENORA, ATIKOKAN = "America/Toronto", "America/Winnipeg", "America/Atikokan"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
BACK, FORWARD = date(2026, 11, 1), date(2026, 3, 8)


@pytest.mark.parametrize("written", ["7:05", "07:05", "0705", "7h05", " 7.05 "])
def test_a_clock_is_written_in_several_ways(written: str) -> None:
    assert clock_of(written) == time(7, 5)


@pytest.mark.parametrize("written", ["", "24:00", "7:60", "7", "noon", "19:05:10"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert clock_of(written) is None


def test_without_a_time_it_is_now_and_a_time_alone_is_todays() -> None:
    assert moment_of(Typed(), NOON, TORONTO) == NOON
    assert moment_of(Typed(clock="11:00"), NOON, TORONTO) == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


NIGHT = datetime(2026, 11, 21, 0, tzinfo=UTC)  # 19:00 on 20 November


@pytest.mark.parametrize(
    ("clock", "hours", "day"),
    [
        ("23:30", 10, date(2026, 11, 20)),
        ("19:00", 10, date(2026, 11, 20)),
        ("4:30", 10, date(2026, 11, 21)),
        ("12:00", 10, None),  # at no time of the shift
        ("5:30", 10, None),  # still to come
        ("19:30", 30, date(2026, 11, 21)),  # the last one, of two
    ],
)
def test_a_time_alone_is_of_the_day_on_which_the_shift_was_at_that_time(clock, hours, day) -> None:
    until = NIGHT + timedelta(hours=hours)
    assert in_shift(Typed(clock=clock), NIGHT.replace(second=30), until, TORONTO) == Typed(day, clock)


def test_a_day_that_was_typed_is_meant_and_no_time_is_none() -> None:
    for typed in (Typed(BACK, "23:30"), Typed(), Typed(clock="noon")):
        assert in_shift(typed, NIGHT, NIGHT + timedelta(hours=10), TORONTO) == typed


@pytest.mark.parametrize("zone", [TORONTO, KENORA, ATIKOKAN])
@pytest.mark.parametrize("hour", range(4, 9))
def test_a_moment_is_typed_as_what_it_is(zone: str, hour: int) -> None:
    moment = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    assert moment_of(typed_at(moment, zone), NOON, zone) == moment


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Typed(BACK), "clock"),
        (Typed(clock="25:00"), "clock"),
        (Typed(FORWARD, "2:30"), "clock"),
        (Typed(BACK, "1:30"), "which"),
    ],
)
def test_each_problem_stands_at_its_field(typed: Typed, field: str) -> None:
    with pytest.raises(Refused) as refused:
        moment_of(typed, NOON, TORONTO)
    assert [one.field for one in refused.value.problems] == [field]


@pytest.mark.parametrize(("zone", "hours"), [(TORONTO, (5, 6)), (KENORA, (6, 7)), (ATIKOKAN, (6, 6))])
def test_of_a_time_that_is_shown_twice_the_first_or_the_second_is_meant(zone: str, hours: tuple[int, int]) -> None:
    found = [moment_of(Typed(BACK, "1:30", which), NOON, zone).hour for which in (FIRST, SECOND)]
    assert tuple(found) == hours
    assert Typed(BACK, "1:30").is_ambiguous(BACK, zone) == (hours[0] != hours[1])
    assert not Typed(BACK, "2:30").is_ambiguous(BACK, zone)
