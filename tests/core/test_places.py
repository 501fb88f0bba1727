"""Distances, days and time zones of places."""

from datetime import UTC, date, datetime

import pytest

from core.places import Point, closeness, day_at, distance_km, in_ontario, time_zone_at, unit_vector
from db.places import places

TORONTO = Point(43.70011, -79.4163)
OTTAWA = Point(45.41117, -75.69812)


def test_a_degree_of_latitude_is_111_195_km_and_at_60_north_one_of_longitude_half_of_it():
    assert distance_km(Point(45, -80), Point(46, -80)) == pytest.approx(111.195, abs=0.001)
    assert distance_km(Point(60, -80), Point(60, -81)) == pytest.approx(55.6, abs=0.01)
    assert distance_km(OTTAWA, TORONTO) == distance_km(TORONTO, OTTAWA)
    assert distance_km(TORONTO, TORONTO) == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("beyond", [-1, 1])
def test_closeness_decides_as_the_distance_does(beyond):
    km = distance_km(TORONTO, OTTAWA) + beyond
    dot = sum(a * b for a, b in zip(unit_vector(TORONTO), unit_vector(OTTAWA), strict=True))
    assert (dot >= closeness(km)) is (beyond > 0)


def test_half_the_earth_reaches_everything():
    assert closeness(30_000) <= -1.0


@pytest.mark.parametrize(
    ("town", "point", "zone"),
    [
        ("Toronto", TORONTO, "America/Toronto"),
        ("Kenora", Point(49.76741, -94.48985), "America/Winnipeg"),
        ("Thunder Bay", Point(48.38202, -89.25018), "America/Toronto"),
        ("Atikokan", Point(48.75667, -91.62409), "America/Atikokan"),
        ("Pickle Lake", Point(51.46715, -90.19), "America/Atikokan"),
        ("Dryden", Point(49.78333, -92.75032), "America/Winnipeg"),
    ],
)
def test_time_zones_of_towns(town, point, zone):
    assert time_zone_at(point) == zone


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), "America/Toronto", date(2026, 11, 20)),
        (datetime(2026, 11, 21, 5, 0, tzinfo=UTC), "America/Toronto", date(2026, 11, 21)),
        (datetime(2026, 7, 21, 4, 0, tzinfo=UTC), "America/Toronto", date(2026, 7, 21)),
        (datetime(2026, 7, 21, 4, 0, tzinfo=UTC), "America/Winnipeg", date(2026, 7, 20)),
        (datetime(2026, 7, 21, 4, 0, tzinfo=UTC), "America/Atikokan", date(2026, 7, 20)),
    ],
)
def test_a_day_begins_at_midnight_of_its_zone(moment, zone, day):
    assert day_at(moment, zone) == day


def test_every_place_on_file_is_in_ontario():
    assert all(in_ontario(place.point) for place in places())
    assert not in_ontario(Point(45.5017, -73.5673))  # Montréal
    assert not in_ontario(Point(49.8951, -97.1384))  # Winnipeg
