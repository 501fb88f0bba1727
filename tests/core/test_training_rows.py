"""A sheet of training read row by row."""

from datetime import date
from decimal import Decimal

import pytest

from core.problems import Refused
from core.training_rows import Employed, check_columns, minutes_of, named_alike, position_in, read

TODAY = date(2026, 11, 20)
SAM = Employed(
    1,
    "Sam Chief",
    "90000001",
    ((date(2025, 1, 1), date(2026, 6, 1), "Trainee"), (date(2026, 6, 1), None, "Chief")),
    same_as=1,
)
ROW = {"date": "2026-11-02", "hours": "7.5", "subject": "Pumps", "kind": "technical", "name": "Sam Chief"}


def why(**changes):
    found = read([(2, ROW | changes)], [SAM], [], TODAY)
    return " ".join(one.reason for one in found.bad)


@pytest.mark.parametrize(
    ("hours", "minutes"), [("7.5", 450), ("0.25", 15), ("24", 1440), ("0.333", None), (None, None)]
)
def test_hours_are_whole_minutes(hours, minutes):
    assert minutes_of(None if hours is None else Decimal(hours)) == minutes


@pytest.mark.parametrize(
    ("hours", "minutes", "comes_to"),
    [("7", "30", 450), ("7.5", "", 450), ("", "450", 450), ("0", "90", 90), ("7.5", "0", 450), ("7", "59", 479)],
)
def test_hours_and_minutes_filled_are_one_duration(hours, minutes, comes_to):
    found = read([(2, ROW | {"hours": hours, "minutes": minutes})], [SAM], [], TODAY)
    assert [one.minutes for one in found.rows] == [comes_to]


@pytest.mark.parametrize(
    ("hours", "minutes"), [("1.5", "90"), ("7", "420"), ("7.5", "30"), ("7", "60"), ("7", "-30"), ("-1", "30")]
)
def test_hours_and_minutes_that_are_no_one_duration_are_refused(hours, minutes):
    said = why(hours=hours, minutes=minutes)
    assert f"The hours say “{hours}” and the minutes “{minutes}”" in said
    assert "fill in one of the two" in said


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"hours": "7,5"}, ""),
        ({"hours": "1,250"}, "“1,250” is no number of whole minutes"),
        ({"date": ""}, "date is missing"),
        ({"date": "02/11/2026"}, "day and month may be confused"),
        ({"date": "2026-11-31"}, "no date"),
        ({"date": "2026-11-21"}, "to come"),
        ({"date": "1850-03-12"}, "before any law on training on file, which begins on 30 June 2003"),
        ({"date": "2024-03-12"}, "On 12 March 2024 nobody who attended was employed here"),
        ({"hours": ""}, "duration is missing"),
        ({"hours": "24.5"}, "at most 24 hours"),
        ({"hours": "-1"}, "more than 0"),
        ({"hours": "NaN"}, "no number of whole minutes"),
        ({"hours": "seven"}, "no number of whole minutes"),
        ({"subject": " "}, "subject"),
        ({"kind": ""}, "The kind is missing. Write one of these: new procedures, review"),
        ({"kind": "fun"}, "The kind “fun” is none of these"),
        ({"name": "Kim Chief"}, "Nobody called"),
        ({"name": ""}, "name is missing"),
        ({"name": "", "operator_id": "9.00E+07"}, "shortened by a spreadsheet"),
        ({"operator_id": "90000002"}, "No people employed here have Operator ID 90000002"),
        ({"name": "Chief, Sam"}, ""),
        ({"kind": "New or revised operating procedures"}, ""),
        ({"kind": "new_procedures"}, ""),
        ({"name": "", "operator_id": "90000001.0"}, ""),
    ],
)
def test_a_row_says_what_is_wrong_with_it(changes, says):
    assert says in why(**changes)
    assert bool(says) == bool(why(**changes))


def test_all_that_is_wrong_is_said_at_once():
    said = why(date="", hours="x", kind="y", name="z")
    assert all(word in said for word in ("date", "“x”", "“y”", "“z”"))


def test_the_position_is_that_of_the_day_unless_the_row_names_one():
    days = [(2, ROW | {"date": "2026-05-31"}), (3, ROW), (4, ROW | {"date": "2026-11-03", "position": "Helper"})]
    found = read(days, [SAM], [], TODAY)
    assert [one.attendee.position for one in found.rows] == ["Trainee", "Chief", "Helper"]
    assert [one.held[0].day for one in found.sessions] == [date(2026, 5, 31), date(2026, 11, 2), date(2026, 11, 3)]


@pytest.mark.parametrize(
    ("day", "position"),
    [
        (date(2019, 12, 31), ""),  # the day before the first employment
        (date(2020, 1, 1), "Trainee"),
        (date(2024, 12, 31), "Trainee"),  # its last day
        (date(2025, 1, 1), ""),  # between two employments
        (date(2026, 1, 1), "Chief"),
        (date(2026, 3, 1), "Relief"),  # of two at once the one that began last
        (date(2026, 4, 1), "Chief"),
    ],
)
def test_a_position_is_known_on_days_of_employment_only(day, position):
    jobs = (
        (date(2020, 1, 1), date(2025, 1, 1), "Trainee"),
        (date(2026, 1, 1), None, "Chief"),
        (date(2026, 3, 1), date(2026, 4, 1), "Relief"),
    )
    sam = Employed(1, "Sam", "", jobs, same_as=1)
    assert sam.position_on(day) == position


def test_the_position_in_a_session_is_that_of_the_first_day_with_one_under_any_entry_of_the_person():
    married = Employed(2, "Sam Married", "", ((date(2020, 1, 1), date(2025, 1, 1), "Trainee"),), same_as=1)
    days = [date(2026, 2, 1), date(2019, 1, 1), date(2024, 2, 1)]
    assert position_in(1, [SAM, married], days) == "Trainee"
    assert position_in(1, [SAM], days) == "Trainee"  # of February 2026
    assert position_in(1, [SAM, married], []) == ""


def test_a_row_of_somebody_not_employed_on_the_day_names_the_position():
    kim = Employed(2, "Kim Chief", "", ((date(2020, 1, 1), date(2025, 1, 1), "Chief"),), same_as=2)
    row = ROW | {"name": "Kim Chief"}
    assert not read([(2, ROW), (3, row | {"date": "2024-11-02"})], [SAM, kim], [], TODAY).bad
    (bad,) = read([(2, ROW), (3, row)], [SAM, kim], [], TODAY).bad
    assert bad.line == 3
    assert "In what position did Kim Chief attend?" in str(bad.reason)
    assert not read([(2, ROW), (3, row | {"position": "Guest"})], [SAM, kim], [], TODAY).bad


def test_somebody_with_two_entries_has_the_position_of_the_other_one():
    former = Employed(2, "Sam Former", "", ((date(2020, 1, 1), date(2025, 1, 1), "Helper"),), same_as=1)
    (row,) = read([(2, ROW | {"date": "2024-03-12"})], [SAM, former], [], TODAY).rows
    assert row.attendee.position == "Helper"


def test_headings_are_known_by_our_names_and_usual_others():
    assert named_alike(["Day", "HOURS", "Topic", "Operator ID", "Room", ""]) == {
        "date": "Day", "hours": "HOURS", "subject": "Topic", "operator_id": "Operator ID",
    }  # fmt: skip
    with pytest.raises(Refused, match="chosen twice"):
        check_columns({"date": "A", "hours": "B", "subject": "A", "kind": "C", "name": "D"})


def test_a_session_stands_where_one_of_those_who_attended_was_employed():
    kim = Employed(2, "Kim Chief", "", ((date(2020, 1, 1), date(2025, 1, 1), "Chief"),), same_as=2)
    guest = ROW | {"date": "2024-03-12", "position": "Guest"}
    rows = [(2, guest), (3, ROW | {"date": "2024-03-12", "name": "Kim Chief"})]
    assert not read(rows, [SAM, kim], [], TODAY).bad
    found = read([*rows, (4, ROW | {"date": "2024-03-13"}), (5, ROW | {"date": "bad"})], [SAM, kim], [], TODAY)
    assert [one.line for one in found.bad] == [4, 5]
    assert [one.line for one in found.rows] == [2, 3]


def test_the_same_person_under_another_entry_was_employed():
    before = Employed(2, "Sam Former", "", ((date(2020, 1, 1), date(2025, 1, 1), "Chief"),), same_as=1)
    assert not read([(2, ROW | {"date": "2024-03-12"})], [SAM, before], [], TODAY).bad


def test_every_column_that_is_missing_is_named():
    with pytest.raises(Refused) as refused:
        check_columns({})
    assert [one.field for one in refused.value.problems] == ["date", "subject", "kind", "hours", "name"]
