"""The rule by which one operator is found, at each of its limits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.availability import ALL_SLOTS, Shift, Slot, Weekday
from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point, closeness, distance_km, unit_vector
from core.profiles import State
from core.search import Candidate, Criteria, Held, fits, problems

TODAY = date(2026, 11, 20)
TIMMINS = Point(48.47686, -81.33333)
LICENCE = Licence("T3", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, TODAY)
SOMEBODY = Candidate(State.ACTIVE, True, TIMMINS, 100, frozenset(ALL_SLOTS), (Held(LICENCE),), "Timmins")
CRITERIA = Criteria(LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, TIMMINS, 100, TODAY, TODAY)
COCHRANE_DISTRICT = "3556"  # in which Timmins lies
MONDAY, TUESDAY = Slot(Weekday.MONDAY, Shift.DAY), Slot(Weekday.TUESDAY, Shift.DAY)


def found(who: Candidate = SOMEBODY, searching_for: str = "", **changes: object) -> bool:
    return fits(who, replace(CRITERIA, **changes), searching_for, COCHRANE_DISTRICT)


def with_licence(**changes: object) -> Candidate:
    return replace(SOMEBODY, held=(Held(replace(LICENCE, **changes)),))


def test_somebody_who_fits_is_found():
    assert found()


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACTIVE])
def test_only_an_active_profile_is_found(state):
    assert not found(replace(SOMEBODY, state=state))


def test_nobody_is_found_whose_availability_is_off():
    assert not found(replace(SOMEBODY, available=False))


def test_a_licence_counts_through_its_last_day_and_not_after():
    assert found(needed_until=LICENCE.expiry)
    assert not found(needed_until=LICENCE.expiry + timedelta(days=1))


def test_a_credential_counts_from_its_first_day_and_not_before():
    later = replace(SOMEBODY, held=(Held(LICENCE, valid_from=TODAY),))
    assert found(later)
    assert not found(replace(SOMEBODY, held=(Held(LICENCE, valid_from=TODAY + timedelta(days=1)),)))


def test_a_credential_that_has_ended_counts_no_more():
    assert found(replace(SOMEBODY, held=(Held(LICENCE, valid_until=TODAY + timedelta(days=1)),)))
    assert not found(replace(SOMEBODY, held=(Held(LICENCE, valid_until=TODAY),)))


def test_a_superseded_credential_does_not_count():
    assert not found(replace(SOMEBODY, held=(Held(LICENCE, superseded=True),)))


@pytest.mark.parametrize(
    ("asked", "or_higher", "classes_found"),
    [
        (LicenceClass.I, True, {"I", "II", "III", "IV"}),
        (LicenceClass.III, True, {"III", "IV"}),
        (LicenceClass.III, False, {"III"}),
        (LicenceClass.IV, True, {"IV"}),
        (LicenceClass.OPERATOR_IN_TRAINING, True, {"OIT"}),
        (LicenceClass.OPERATOR_IN_TRAINING, False, {"OIT"}),
    ],
)
def test_this_class_or_higher_never_takes_in_operators_in_training(asked, or_higher, classes_found):
    found_now = {
        held.value
        for held in LicenceClass
        if found(with_licence(licence_class=held), licence_class=asked, or_higher=or_higher)
    }
    assert found_now == classes_found


def test_another_type_does_not_fit():
    assert not found(with_licence(licence_type=LicenceType.WASTEWATER_COLLECTION))


def test_a_type_without_classes_is_found_without_one():
    analyst = with_licence(licence_type=LicenceType.WATER_QUALITY_ANALYST, licence_class=None)
    assert found(analyst, licence_type=LicenceType.WATER_QUALITY_ANALYST, licence_class=None)


@pytest.mark.parametrize(
    ("searching_for", "expected"),
    [("Town of Timmins", True), ("  TOWN  of timmins ", True), ("Town of Cochrane", False), ("", False)],
)
def test_a_conditional_licence_counts_only_for_the_owner_it_names(searching_for, expected):
    assert found(with_licence(valid_for="Town of Timmins"), searching_for) is expected


def test_every_shift_asked_for_must_be_one_of_the_operators():
    mondays = replace(SOMEBODY, slots=frozenset({MONDAY}))
    assert found(mondays, slots=frozenset({MONDAY}))
    assert not found(mondays, slots=frozenset({MONDAY, TUESDAY}))
    assert found(replace(SOMEBODY, slots=frozenset()))
    assert not found(replace(SOMEBODY, slots=frozenset()), slots=frozenset({MONDAY}))


def test_both_distances_hold_the_searchers_and_the_operators():
    sudbury = replace(SOMEBODY, base=Point(46.49, -81.00998), travel_km=300)  # 222 km away
    assert found(sudbury, within_km=223)
    assert not found(sudbury, within_km=221)
    assert not found(replace(sudbury, travel_km=221), within_km=300)


def test_a_chosen_region_stands_for_the_operators_distance_and_never_for_the_searchers():
    sudbury = replace(SOMEBODY, base=Point(46.49, -81.00998), travel_km=10)  # 222 km away
    assert not found(sudbury, within_km=300)
    assert not found(replace(sudbury, regions=frozenset({"3553"})), within_km=300)
    in_region = replace(sudbury, regions=frozenset({"3553", COCHRANE_DISTRICT}))
    assert found(in_region, within_km=223)
    assert not found(in_region, within_km=221)
    assert not found(replace(in_region, base=None), within_km=300)


@pytest.mark.parametrize(
    ("start", "needed_from", "expected"),
    [
        (None, TODAY, True),
        (TODAY - timedelta(days=400), TODAY, True),  # in the past: at once
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), TODAY, False),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=1), True),
    ],
)
def test_whoever_is_needed_before_the_earliest_start_is_not_found(start, needed_from, expected):
    lasting = with_licence(expiry=TODAY + timedelta(days=9))
    days = {"needed_from": needed_from, "needed_until": needed_from}
    assert found(replace(lasting, earliest_start=start), **days) is expected


def test_somebody_exactly_at_the_limit_is_found():
    away = Point(TIMMINS.latitude + 1, TIMMINS.longitude)
    km = distance_km(TIMMINS, away)
    dot = sum(a * b for a, b in zip(unit_vector(TIMMINS), unit_vector(away), strict=True))
    assert dot >= closeness(km)
    assert dot < closeness(km - 0.001)


@pytest.mark.parametrize("latitude", [42.0, 45.1234, 48.47686, 51.27931, 56.8])
def test_a_place_is_within_no_distance_of_itself(latitude):
    here = Point(latitude, -80.98765)
    assert found(replace(SOMEBODY, base=here, travel_km=0), near=here, within_km=0)


def test_without_a_base_nobody_is_found():
    assert not found(replace(SOMEBODY, base=None))


def test_a_base_place_keeps_those_of_that_place():
    assert found(base_place="Timmins")
    assert not found(base_place="Cochrane")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"licence_class": None}, "licence_class"),
        ({"licence_type": LicenceType.LIMITED_GROUNDWATER}, "licence_class"),
        ({"near": Point(45.5, -73.6)}, "near"),
        ({"within_km": -1}, "within_km"),
        ({"within_km": 2001}, "within_km"),
        ({"needed_from": TODAY - timedelta(days=1)}, "needed_from"),
        ({"needed_from": TODAY + timedelta(days=1)}, "needed_until"),
        ({"needed_until": TODAY + timedelta(days=367)}, "needed_until"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_named(changes, field):
    assert [problem.field for problem in problems(replace(CRITERIA, **changes), TODAY)] == [field]


def test_sensible_criteria_have_no_problem():
    assert problems(CRITERIA, TODAY) == []
    assert problems(replace(CRITERIA, within_km=2000, needed_until=TODAY + timedelta(days=366)), TODAY) == []
