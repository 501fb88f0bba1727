"""Shifts in the log: late entries and corrections, shifts without a record, midnight and the change of clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span
from core.duties import adjustments_recorded, seen_in, status_available
from core.findings import Verdict
from core.legislation import law
from core.log_chain import BEFORE_THE_FIRST, Content, Entry, Kind, Standing, head_of, sealed
from core.logs import Authorization, Right, days_of_right, right_to_write
from core.places import TIME_ZONES, local
from core.shifts import (
    Expected,
    Pattern,
    expected_shifts,
    moments_at,
    shift_logged,
    shift_recorded,
    shifts,
    with_withdrawn,
)

TORONTO, KENORA, ATIKOKAN = "America/Toronto", "America/Winnipeg", "America/Atikokan"
BEGAN = datetime(2025, 3, 2, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(hours=12)
EVERY_DAY = frozenset(range(7))
NIGHT = Pattern("Night", time(19), time(7), EVERY_DAY, Span(date(2020, 1, 1)))
WHAT = (Kind.BEGAN, Kind.OPERATORS, Kind.DEPARTURE, Kind.INSTRUCTION, Kind.CONDITION, Kind.EQUIPMENT, Kind.ENDED)


def entry(kind: Kind, made_at: datetime = BEGAN, text: str = "Night", **more) -> Entry:
    happened = more.pop("happened_at", ENDED if kind is Kind.ENDED else made_at)
    said = {"author": 7, "author_name": "A. Operator", "standing": Standing.IN_CHARGE, "authorization": None}
    return Entry(1, 0, made_at, happened, shift=1, kind=kind, content=Content(text), **(said | more))


def chain(*drafts: Entry) -> list[Entry]:
    entries, head = [], BEFORE_THE_FIRST
    for one in drafts:
        entries.append(sealed(one, head))
        head = head_of(entries[-1])
    return entries


def night(*more: Entry):
    """The night of 1 March 2025 as it was recorded in Toronto, with more entries after it."""
    return shifts(chain(*(entry(kind, ENDED if kind is Kind.ENDED else BEGAN) for kind in WHAT), *more))[0]


def on(day: date):
    return law("129/04", day)


# --- what the log has of a shift --------------------------------------------------------------------------------


def test_a_shift_is_what_its_entries_say() -> None:
    shift = night()
    assert (shift.number, shift.designation, shift.began, shift.ended) == (1, "Night", BEGAN, ENDED)
    assert shift_recorded(shift, True, TORONTO, on(date(2025, 3, 3))).verdict is Verdict.MET


def test_a_correction_replaces_what_it_names_and_the_old_stays() -> None:
    shift = night(entry(Kind.BEGAN, ENDED, "Night B", happened_at=BEGAN - timedelta(minutes=30), corrects=1))
    assert (shift.designation, shift.began) == ("Night B", BEGAN - timedelta(minutes=30))
    assert len(shift.entries) == len(WHAT) + 1
    assert len(shift.standing) == len(WHAT)


def test_a_shift_entered_by_mistake_is_none() -> None:
    assert shifts(chain(entry(Kind.BEGAN), entry(Kind.NOTE, corrects=1))) == ()


def test_a_shift_entered_by_mistake_is_still_there_to_be_shown() -> None:
    (shift,) = with_withdrawn(chain(entry(Kind.BEGAN), entry(Kind.NOTE, corrects=1)))
    assert shift.withdrawn
    assert (shift.designation, shift.began, len(shift.entries)) == ("Night", BEGAN, 2)


def test_a_record_counts_from_the_correction_by_one_in_charge_and_not_from_what_it_corrects() -> None:
    by_clerk = entry(Kind.DEPARTURE, BEGAN, standing=Standing.BY_OWNER, corrects=3)
    in_charge = entry(Kind.DEPARTURE, ENDED + timedelta(days=3), corrects=len(WHAT) + 1)
    shift = night(by_clerk, in_charge)
    assert shift_recorded(shift, True, TORONTO, on(date(2025, 3, 4))).verdict is Verdict.NOT_MET
    assert shift_recorded(shift, True, TORONTO, on(date(2025, 3, 5))).verdict is Verdict.MET


def test_what_was_written_in_time_and_corrected_later_is_not_late() -> None:
    shift = night(entry(Kind.CONDITION, ENDED + timedelta(hours=1), "Foam", corrects=5))
    assert not shift.is_late(shift.entries[-1])
    found = shift_recorded(shift, True, TORONTO, on(date(2025, 3, 3)))
    said = "Unusual or abnormal conditions: recorded by A. Operator, corrected after the shift."
    assert said in [str(part.because) for part in found.parts]


def test_what_is_still_due_says_so_and_not_what_is_done_beside_it() -> None:
    (shift,) = shifts(chain(entry(Kind.BEGAN), entry(Kind.OPERATORS)))
    found = shift_recorded(shift, True, TORONTO, on(date(2025, 3, 2)))
    assert found.due == date(2025, 3, 2)
    assert "not recorded yet" in str(found.because)


def test_a_correction_by_somebody_whom_the_owner_authorized_leaves_the_record_incomplete() -> None:
    shift = night(entry(Kind.DEPARTURE, ENDED, standing=Standing.BY_OWNER, corrects=3))
    found = shift_recorded(shift, True, TORONTO, on(date(2025, 3, 3)))
    assert found.verdict is Verdict.NOT_MET
    assert "by an operator-in-charge or whom one authorized" in str(found.because)


def test_a_late_entry_stands_at_its_own_time_and_says_so() -> None:
    late = entry(Kind.CONDITION, ENDED + timedelta(hours=30), "Foam", happened_at=BEGAN + timedelta(hours=3))
    shift = night(late)
    assert shift.entries[-1].made_at == late.made_at
    assert [shift.is_late(one) for one in shift.entries] == [False] * len(WHAT) + [True]
    found = shift_recorded(shift, True, TORONTO, on(date(2025, 3, 10)))
    assert any("late" in str(part.because) for part in found.parts)


def test_a_status_corrected_after_the_shift_was_there_at_its_end() -> None:
    in_time = entry(Kind.STATUS, ENDED - timedelta(minutes=5), "All on")
    corrected = entry(Kind.STATUS, ENDED + timedelta(hours=5), "Pump 2 off", corrects=len(WHAT) + 1)
    assert status_available(night(in_time, corrected), True, TORONTO, on(date(2025, 3, 3))).verdict is Verdict.MET
    late = replace(corrected, corrects=None)
    assert status_available(night(late), True, TORONTO, on(date(2025, 3, 3))).verdict is Verdict.NOT_MET


def test_what_a_log_reports_is_counted_without_what_was_nothing() -> None:
    nothing = replace(entry(Kind.ADJUSTMENT, BEGAN), content=Content(nothing=True))
    seen = seen_in([night(entry(Kind.ADJUSTMENT, BEGAN), nothing)])
    assert (seen.departures, seen.instructions, seen.conditions, seen.adjustments) == (1, 1, 1, 1)


def test_nothing_to_report_is_said_by_somebody() -> None:
    nothing = replace(entry(Kind.ADJUSTMENT, BEGAN), content=Content(nothing=True))
    found = adjustments_recorded(night(nothing), True, TORONTO, on(date(2025, 3, 3)))
    assert str(found.because) == "Adjustments to the processes: nothing to report, as A. Operator wrote."


# --- shifts without a record ------------------------------------------------------------------------------------


def test_a_shift_without_any_record_is_a_finding_of_its_own() -> None:
    found = []
    for expected in expected_shifts([NIGHT], Span(date(2025, 2, 28), date(2025, 3, 3)), TORONTO):
        found.append(shift_logged(expected, [night()], True, TORONTO, on(date(2025, 3, 10))))
    assert [one.verdict for one in found] == [Verdict.NOT_MET, Verdict.MET, Verdict.NOT_MET]
    assert str(found[0].because) == "Shift Night of 28 February 2025: not recorded."


@pytest.mark.parametrize(
    ("minutes", "designation", "is_it"),
    [(0, "night", True), (359, " NIGHT ", True), (361, "Night", False), (-360, "Night", True), (0, "Day", False)],
)
def test_a_shift_is_the_one_expected_by_its_name_and_its_time(minutes: int, designation: str, is_it: bool) -> None:
    expected = Expected(designation, BEGAN + timedelta(minutes=minutes), ENDED + timedelta(minutes=minutes))
    assert expected.is_of(night()) is is_it


def test_shifts_are_expected_on_their_weekdays_and_within_their_days() -> None:
    weekdays = Pattern(
        "Day", time(7), time(15), frozenset({0, 1, 2, 3, 4}), Span(date(2025, 3, 4), date(2025, 3, 11))
    )
    found = expected_shifts([weekdays], Span(date(2025, 3, 1), date(2025, 4, 1)), TORONTO)
    assert [one.begins.day for one in found] == [4, 5, 6, 7, 10]
    with pytest.raises(ValueError, match="without end"):
        expected_shifts([weekdays], Span(date(2025, 3, 1)), TORONTO)


# --- midnight and the change of clocks --------------------------------------------------------------------------

SPRING, AUTUMN = date(2025, 3, 8), date(2025, 11, 1)  # nights in which clocks are set forward, and back


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (TORONTO, SPRING, 11),
        (KENORA, SPRING, 11),
        (ATIKOKAN, SPRING, 12),
        (TORONTO, AUTUMN, 13),
        (KENORA, AUTUMN, 13),
        (ATIKOKAN, AUTUMN, 12),
        (TORONTO, date(2025, 6, 1), 12),
    ],
)
def test_a_night_shift_lasts_as_long_as_it_lasts(zone: str, day: date, hours: int) -> None:
    (one,) = expected_shifts([NIGHT], Span(day, day + timedelta(days=1)), zone)
    assert one.ends - one.begins == timedelta(hours=hours)
    assert [local(at, zone).hour for at in (one.begins, one.ends)] == [19, 7]
    assert [local(at, zone).date() for at in (one.begins, one.ends)] == [day, day + timedelta(days=1)]


@pytest.mark.parametrize(
    ("zone", "day", "clock", "count"),
    [
        (TORONTO, date(2025, 3, 9), time(2, 30), 0),
        (KENORA, date(2025, 3, 9), time(2, 30), 0),
        (ATIKOKAN, date(2025, 3, 9), time(2, 30), 1),
        (TORONTO, date(2025, 11, 2), time(1, 30), 2),
        (KENORA, date(2025, 11, 2), time(1, 30), 2),
        (ATIKOKAN, date(2025, 11, 2), time(1, 30), 1),
        (TORONTO, date(2025, 11, 2), time(2, 0), 1),
        (TORONTO, date(2025, 6, 1), time(1, 30), 1),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_known(zone: str, day: date, clock: time, count: int) -> None:
    found = moments_at(day, clock, zone)
    assert len(found) == count
    assert all(local(at, zone).time() == clock for at in found)
    assert sorted(found) == list(found)


@pytest.mark.parametrize(
    ("zone", "due"), [(TORONTO, date(2025, 3, 9)), (KENORA, date(2025, 3, 8)), (ATIKOKAN, date(2025, 3, 9))]
)
def test_the_day_on_which_a_shift_ends_is_that_of_the_facilitys_clocks(zone: str, due: date) -> None:
    ended = datetime(2025, 3, 9, 5, 30, tzinfo=UTC)  # half past midnight in Toronto and Atikokan
    shift = replace(night(), ended=ended)
    assert shift.recorded_by(zone) == due


def test_whoever_is_in_charge_as_a_shift_begins_writes_until_it_ends() -> None:
    in_charge = [Span(date(2025, 3, 1), date(2025, 3, 2))]
    at_three = BEGAN + timedelta(hours=8)
    assert right_to_write(in_charge, (), days_of_right(at_three, BEGAN, None, TORONTO)) == Right(
        Standing.IN_CHARGE
    )
    assert days_of_right(ENDED, BEGAN, ENDED, TORONTO) == (date(2025, 3, 2), date(2025, 3, 1))
    after = ENDED + timedelta(minutes=1)
    assert right_to_write(in_charge, (), days_of_right(after, BEGAN, ENDED, TORONTO)) is None
    next_day = BEGAN + timedelta(hours=29)  # midnight but for a minute in Toronto
    assert days_of_right(next_day - timedelta(minutes=1), BEGAN, None, TORONTO) == (
        date(2025, 3, 2), date(2025, 3, 1),
    )  # fmt: skip
    assert days_of_right(next_day, BEGAN, None, TORONTO) == (date(2025, 3, 3),)
    assert days_of_right(BEGAN - timedelta(minutes=1), BEGAN, None, TORONTO) == (date(2025, 3, 1),)


def test_an_authorization_of_an_operator_in_charge_comes_before_the_owners() -> None:
    days = Span(date(2025, 3, 1), date(2025, 4, 1))
    both = [Authorization(1, True, days), Authorization(2, False, days)]
    assert right_to_write((), both, [date(2025, 3, 31)]) == Right(Standing.BY_IN_CHARGE, 2)
    assert right_to_write((), both[:1], [date(2025, 3, 31)]) == Right(Standing.BY_OWNER, 1)
    assert right_to_write((), both, [date(2025, 4, 1), date(2025, 3, 31)]) == Right(Standing.BY_IN_CHARGE, 2)
    assert right_to_write((), both, [date(2025, 4, 1)]) is None
    assert right_to_write((), [replace(both[1], giver_in_charge=False)], [date(2025, 3, 1)]) is None


patterns = st.builds(
    Pattern,
    st.sampled_from(("Day", "Night", "")),
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6)),
    st.just(Span(date(2020, 1, 1))),
)
changes = st.sampled_from(
    [
        date(2025, 3, 8),
        date(2025, 3, 9),
        date(2025, 11, 1),
        date(2025, 11, 2),
        date(2024, 2, 29),
        date(2024, 12, 31),
    ]
)
minutes = st.integers(-3000, 3000).map(lambda one: timedelta(minutes=one))
entered = st.lists(
    st.tuples(st.sampled_from(Kind), minutes, minutes, st.sampled_from(Standing), st.none() | st.integers(1, 9)),
    max_size=9,
)


@given(
    st.lists(patterns, max_size=3),
    changes,
    st.sampled_from(sorted(TIME_ZONES)),
    entered,
    st.none() | st.booleans(),
)
@settings(max_examples=200)
def test_completeness_is_answered_for_any_shifts_across_any_change_of_clocks(
    wanted, day, zone, written, whole
) -> None:
    noon = datetime.combine(day, time(17), UTC)
    drafts = [
        entry(kind, noon + made, happened_at=noon + happened, standing=right, corrects=corrects)
        for kind, made, happened, right, corrects in written
    ]
    found = shifts(chain(entry(Kind.BEGAN, noon), *drafts))
    expected = expected_shifts(wanted, Span(day - timedelta(days=1), day + timedelta(days=2)), zone)
    assert all(one.begins <= one.ends <= one.begins + timedelta(hours=25) for one in expected)
    for days in range(-3, 4):
        here = on(day + timedelta(days=days))
        answers = [shift_logged(one, found, whole, zone, here) for one in expected]
        for shift in found:
            answers += [
                rule(shift, whole, zone, here) for rule in (shift_recorded, adjustments_recorded, status_available)
            ]
        assert all(str(part.because) for answer in answers for part in answer.walk())


@given(entered, changes, st.sampled_from(sorted(TIME_ZONES)), st.integers(-4, 4))
@settings(max_examples=200)
def test_no_answer_about_a_shift_changes_before_the_day_that_it_names(written, day, zone, shift_by) -> None:
    noon = datetime.combine(day, time(17), UTC)
    drafts = [
        entry(kind, noon + made, happened_at=noon + happened, standing=right, corrects=corrects)
        for kind, made, happened, right, corrects in written
    ]
    today = day + timedelta(days=shift_by)
    for shift in shifts(chain(entry(Kind.BEGAN, noon), *drafts)):
        for rule in (shift_recorded, adjustments_recorded, status_available):
            first, next_day = (rule(shift, True, zone, on(one)) for one in (today, today + timedelta(days=1)))
            assert first.verdict is next_day.verdict or first.until == today + timedelta(days=1)
