"""Facilities: how far one may lie from the place that it names."""

from core.facilities import FAR_KM, km_too_far
from core.places import Point

NORTH_BAY = Point(46.3168, -79.4663)
ONE_DEGREE_KM = 111.19  # of latitude


def north_of(point, km):
    return Point(point.latitude + km / ONE_DEGREE_KM, point.longitude)


def test_a_position_is_doubted_beyond_the_limit_only():
    assert km_too_far(north_of(NORTH_BAY, FAR_KM - 0.1), [NORTH_BAY]) is None
    assert round(km_too_far(north_of(NORTH_BAY, FAR_KM + 0.1), [NORTH_BAY])) == FAR_KM


def test_of_several_places_of_a_name_the_nearest_counts():
    assert km_too_far(north_of(NORTH_BAY, 60), [NORTH_BAY, north_of(NORTH_BAY, 100)]) is None
    assert round(km_too_far(north_of(NORTH_BAY, 60), [NORTH_BAY, north_of(NORTH_BAY, 200)])) == 60


def test_without_a_place_of_that_name_nothing_is_doubted():
    assert km_too_far(NORTH_BAY, []) is None
