"""Works that no number tells apart."""

import pytest

from core.facilities import Likeness, likeness
from core.places import Point, degrees_around, distance_km

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
