"""Works that no number tells apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facilities import ClaimedWorks, Likeness, likeness, perhaps_the_same
from core.places import Point, degrees_around, distance_km
from core.queue import groups

HERE = Point(46.31, -79.46)


@pytest.mark.parametrize("other", ["Garden Village WTP", "garden  village w.t.p.", "GARDEN-VILLAGE WTP"])
def test_one_name_however_it_is_written_may_be_the_same_works(other):
    assert likeness("Garden Village WTP", HERE, other, Point(50.0, -90.0)).same_name


@pytest.mark.parametrize(("north", "alike"), [(0.0, True), (0.0089, True), (0.0091, False)])
def test_works_within_a_kilometre_may_be_the_same(north, alike):
    found = likeness("East plant", HERE, "West plant", Point(HERE.latitude + north, HERE.longitude))
    assert (found is not None) is alike
    assert found is None or (not found.same_name and found.km <= 1.0)


def test_the_same_point_and_name_is_the_same_by_both():
    assert likeness("Plant", HERE, "Plant", HERE) == Likeness(same_name=True, km=0.0)


@pytest.mark.parametrize("latitude", [41.7, 46.3, 56.8])
def test_the_coarse_choice_leaves_nobody_out(latitude):
    north, east = degrees_around(1.0)
    here = Point(latitude, -80.0)
    for edge in (Point(latitude + north, -80.0), Point(latitude, -80.0 + east)):
        assert distance_km(here, edge) >= 0.999999


def works(submission, facility_type, name, north, east, numbered):
    return ClaimedWorks(submission, facility_type, name, Point(46 + north * 0.004, -80 + east * 0.006), numbered)


SOME_WORKS = st.builds(
    works,
    st.integers(1, 9),
    st.sampled_from(["treatment", "collection"]),
    st.sampled_from(["East", "east.", "West", "North", "South"]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)


@given(st.lists(SOME_WORKS, max_size=12))
def test_works_come_together_exactly_where_two_of_them_are_alike_and_no_number_parts_them(claimed):
    pairs = [
        ((index, other), submission)
        for index, one in enumerate(claimed)
        for other, two in enumerate(claimed)
        if index < other and one.facility_type == two.facility_type and not (one.numbered and two.numbered)
        if likeness(one.name, one.point, two.name, two.point)
        for submission in (one.submission, two.submission)
    ]
    assert groups(perhaps_the_same(claimed)) == groups(pairs)


def test_a_thousand_works_at_one_place_are_looked_at_once_each():
    claimed = [works(number, "treatment", f"Works {number}", 0, 0, False) for number in range(1000)]
    assert len(list(perhaps_the_same(claimed))) == 3000
