"""The order of the queue, its groups and its filters; working days; when an override is reviewed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import overrides
from core.queue import Entry, Filters, Kind, Place, Stage, Subject, groups, in_order, places_around
from core.working_days import working_days_since

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28)}


def entry(one, hours, kind=Kind.OPERATOR, region="", outcome="", stages=(Stage.FREE,)):
    return Entry(kind, one, NOON + timedelta(hours=hours), region, outcome, frozenset(stages))


def test_the_oldest_comes_first_and_a_group_stands_where_its_oldest_would():
    waiting = [entry(1, 5), entry(2, 1), entry(3, 3), entry(4, 2), entry(9, 0, Kind.APPLICATION)]
    assert [one.id for one in in_order(waiting, {})] == [9, 2, 4, 3, 1]
    assert [one.id for one in in_order(waiting, {1: 1, 2: 1})] == [9, 2, 1, 4, 3]
    assert [one.id for one in in_order(waiting, {9: 9, 1: 9})] == [9, 2, 4, 3, 1]  # 9 is an application


def test_who_claims_the_same_belongs_together_over_several_claims():
    assert groups([("a", 1), ("a", 2), ("b", 2), ("b", 3), ("c", 4), ("c", 4)]) == {1: 1, 2: 1, 3: 1}
    assert groups([]) == {}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=30))
def test_groups_part_the_submissions_and_keep_those_who_share(shared):
    found = groups(shared)
    for what, one in shared:
        for other in {other for same, other in shared if same == what} - {one}:
            assert found[one] == found[other]


PLACES = [Place(Subject.SUBMISSION, 4), Place(Subject.DISCREPANCY, 4), Place(Subject.APPLICATION, 1)]


@pytest.mark.parametrize(
    ("here", "places", "around"),
    [
        (PLACES[0], PLACES, (None, PLACES[1])),
        (PLACES[1], PLACES, (PLACES[0], PLACES[2])),
        (PLACES[2], PLACES, (PLACES[1], PLACES[0])),
        (PLACES[1], [*PLACES, PLACES[1]], (PLACES[0], PLACES[2])),
        (PLACES[0], PLACES[:1], (None, None)),
        (PLACES[0], PLACES[1:], (None, PLACES[1])),
        (PLACES[0], [], (None, None)),
    ],
)
def test_the_places_before_and_after_one(here, places, around):
    assert places_around(here, places) == around


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(), True),
        (Filters(kind="operator"), True),
        (Filters(kind="owner"), False),
        (Filters(region="3548"), True),
        (Filters(region="3501"), False),
        (Filters(outcome="exact"), True),
        (Filters(outcome="differs"), False),
        (Filters(stage="mine"), True),
        (Filters(stage="question"), True),
        (Filters(stage="others"), False),
    ],
)
def test_filters(filters, passes):
    one = entry(1, 0, region="3548", outcome="exact", stages=(Stage.MINE, Stage.QUESTION))
    assert one.passes(filters) is passes


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),  # the day itself, a Friday
        (date(2026, 11, 20), date(2026, 11, 22), 0),  # Sunday
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 12, 4), 10),
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # Christmas, a Saturday and a Monday off
        (date(2026, 12, 24), date(2026, 12, 23), 0),
    ],
)
def test_working_days(since, today, days):
    assert working_days_since(since, today, CHRISTMAS) == days


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.sets(st.dates(date(2020, 1, 1), date(2031, 1, 1))),
)
def test_working_days_are_those_counted_one_by_one(since, length, holidays):
    days = [since + timedelta(days=number) for number in range(1, length + 1)]
    counted = sum(day.isoweekday() <= 5 and day not in holidays for day in days)
    assert working_days_since(since, since + timedelta(days=length), holidays) == counted


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("reason", "review_on", "words"),
    [
        ("Seen the card.", TODAY + timedelta(days=1), []),
        ("Seen the card.", date(2027, 11, 20), []),
        ("Seen the card.", date(2027, 11, 21), ["too far off"]),
        ("Seen the card.", TODAY, ["not after today"]),
        ("Seen the card.", None, ["Enter the day"]),
        (" ", None, ["Write the reason", "Enter the day"]),
    ],
)
def test_an_override_needs_a_reason_and_a_review_within_a_year(reason, review_on, words):
    problems = overrides.problems(reason, review_on, TODAY)
    assert len(problems) == len(words)
    assert all(word in str(problem) for word, problem in zip(words, problems, strict=True))
