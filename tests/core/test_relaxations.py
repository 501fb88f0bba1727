"""Each single way to relax a search, and none that is not one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.availability import Shift, Slot, Weekday
from core.licences import LicenceClass, LicenceType
from core.places import Point, box_around, closeness, unit_vector
from core.relaxations import Loosened, relaxations
from core.search import Criteria

TODAY = date(2026, 11, 20)
CRITERIA = Criteria(LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, Point(48.5, -81.3), 100, TODAY, TODAY)
NEIGHBOURS = {"3556": {"3557", "3554"}, "3554": {"3556"}}
MONDAY, TUESDAY = Weekday.MONDAY, Weekday.TUESDAY


def ways(loosened: Loosened, **changes: object) -> list[object]:
    """What a condition is relaxed to."""
    found = relaxations(replace(CRITERIA, **changes), TODAY, NEIGHBOURS)
    return [way.to for way in found if way.loosened is loosened]


def test_the_next_larger_distances_are_offered():
    assert ways(Loosened.DISTANCE) == [150, 200]
    assert ways(Loosened.DISTANCE, within_km=60) == [100, 150]
    assert ways(Loosened.DISTANCE, within_km=1000) == [2000]
    assert ways(Loosened.DISTANCE, within_km=2000) == []


def test_neighbouring_regions_are_offered_where_regions_are_asked_for():
    assert ways(Loosened.REGION) == []
    assert ways(Loosened.REGION, regions=frozenset({"3556"})) == ["3554", "3557"]
    assert ways(Loosened.REGION, regions=frozenset({"3556", "3554"})) == ["3557"]
    assert ways(Loosened.DISTANCE, regions=frozenset({"3556"})) == []


def test_each_day_and_each_shift_can_be_dropped_and_all_of_them():
    both = frozenset(Slot(day, shift) for day in (MONDAY, TUESDAY) for shift in Shift)
    assert ways(Loosened.WEEKDAY, slots=both) == [MONDAY, TUESDAY]
    assert ways(Loosened.SHIFT, slots=both) == [Shift.DAY, Shift.NIGHT]
    assert ways(Loosened.SLOTS, slots=both) == [None]
    assert ways(Loosened.WEEKDAY, slots=frozenset({Slot(MONDAY, Shift.DAY)})) == []
    assert ways(Loosened.SLOTS, slots=frozenset({Slot(MONDAY, Shift.DAY)})) == [None]
    assert ways(Loosened.SLOTS) == []


def test_a_dropped_day_leaves_the_others():
    both = frozenset({Slot(MONDAY, Shift.DAY), Slot(TUESDAY, Shift.DAY)})
    first = next(iter(relaxations(replace(CRITERIA, within_km=2000, slots=both), TODAY, {})))
    assert first.criteria.slots == {Slot(TUESDAY, Shift.DAY)}


def test_a_later_start_keeps_the_last_day_unless_it_lies_behind():
    later = [TODAY + timedelta(days=days) for days in (7, 14, 28)]
    assert ways(Loosened.START) == later
    lasting = replace(CRITERIA, needed_until=TODAY + timedelta(days=10))
    found = [way.criteria for way in relaxations(lasting, TODAY, {}) if way.loosened is Loosened.START]
    assert [one.needed_until for one in found] == [lasting.needed_until, *later[1:]]
    assert ways(Loosened.START, needed_from=TODAY + timedelta(days=366)) == []


@pytest.mark.parametrize(
    ("asked", "or_higher", "expected"),
    [
        (LicenceClass.IV, True, [LicenceClass.III]),
        (LicenceClass.II, True, [LicenceClass.I]),
        (LicenceClass.I, True, []),
        (LicenceClass.OPERATOR_IN_TRAINING, True, []),
        (LicenceClass.II, False, [LicenceClass.II]),
        (LicenceClass.IV, False, []),
    ],
)
def test_one_class_lower_and_never_operators_in_training(asked, or_higher, expected):
    assert ways(Loosened.CLASS, licence_class=asked, or_higher=or_higher) == expected


def test_each_relaxation_changes_one_condition_alone():
    asked = replace(CRITERIA, licence_class=LicenceClass.III, slots=frozenset({Slot(MONDAY, Shift.DAY)}))
    for way in relaxations(asked, TODAY, NEIGHBOURS):
        changed = {name for name in vars(asked) if getattr(asked, name) != getattr(way.criteria, name)}
        days = {"needed_from", "needed_until"}
        assert len(changed) == 1 or changed == days, way


@pytest.mark.parametrize("km", [0, 1, 100, 2000, 20000])
@pytest.mark.parametrize("latitude", [41.7, 48.5, 56.8])
def test_a_box_holds_the_whole_circle(km, latitude):
    centre = Point(latitude, -83.0)
    box, x = box_around(centre, km), unit_vector(centre)
    for north in range(-40, 41):
        for east in range(-40, 41):
            point = Point(latitude + north / 80 * 36, -83.0 + east / 40 * 60)
            dot = sum(a * b for a, b in zip(x, unit_vector(point), strict=True))
            if dot >= closeness(km):
                assert box.south <= point.latitude <= box.north
                assert box.west <= point.longitude <= box.east
