"""The places of Ontario."""

import csv
from collections import Counter

import pytest

from core.places import Point
from db import places


def test_every_place_on_file_is_there_once_under_a_name_of_its_own():
    assert len(places.places()) == 597
    assert Counter(place.name for place in places.places()).most_common(1)[0][1] == 1


def test_the_largest_of_several_of_one_name_keeps_it_and_the_others_bear_their_division():
    assert places.find("Vanier").population == 17_000
    assert places.find("Vanier (Waterloo)").population == 15_249
    assert places.find("Red Lake (Kenora)").population == 1_177


@pytest.mark.parametrize("written", ["Sault Ste. Marie", "sault ste. marie", "  SAULT  Ste. Marie "])
def test_a_place_is_found_however_its_name_is_typed(written):
    assert places.find(written).geonameid == 6141439


def test_an_unknown_name_is_no_place():
    assert places.find("Atlantis") is None


def test_places_that_share_a_name_are_found_together_and_by_their_division_alone():
    assert {place.name for place in places.named("red  LAKE")} == {"Red Lake", "Red Lake (Kenora)"}
    assert [place.name for place in places.named("Red Lake (Kenora)")] == ["Red Lake (Kenora)"]
    assert places.named("Atlantis") == ()


def test_the_nearest_place_to_a_point():
    assert places.nearest(Point(48.38, -89.25)).name == "Thunder Bay"


@pytest.mark.parametrize(
    ("point", "code", "division"),
    [
        (Point(43.70, -79.40), "3520", "Toronto"),
        (Point(45.42, -75.70), "3506", "Ottawa"),
        (Point(51.27, -80.64), "3556", "Cochrane"),  # Moosonee
        (Point(49.77, -94.49), "3560", "Kenora"),
        (Point(43.55, -79.40), "3520", "Toronto"),  # in the lake: the nearest
        (Point(56.9, -74.3), "3560", "Kenora"),  # beyond James Bay, at the edge of what can be entered
    ],
)
def test_the_census_division_of_a_point(point, code, division):
    assert places.region_of(point) == code
    assert places.division_of(point) == division


def test_there_are_49_regions_by_name_with_codes_of_ontario():
    regions = places.regions()
    assert len(regions) == len(set(regions.values())) == 49
    assert all(len(code) == 4 and code.startswith("35") for code in regions)
    assert list(regions.values()) == sorted(regions.values(), key=str.casefold)


def test_every_plant_and_place_has_a_region():
    with (places.DATA / "ontario_wastewater_plants.csv").open(encoding="utf-8") as file:
        plants = [Point(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)]
    assert (len(plants), len(places.places())) == (120, 597)
    assert {places.region_of(point) for point in plants} == places.regions().keys()
    assert {places.region_of(place.point) for place in places.places()} <= places.regions().keys()


def test_the_box_around_a_division_leaves_out_nothing_that_it_holds():
    for division in places._divisions():
        for rings in division.polygons:
            assert all(division.may_hold(x, y) for x, y in rings[0])
