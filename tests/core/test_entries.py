"""What is entered: at, below and above each limit, and each refusal with the value and what to do."""

from dataclasses import replace
from datetime import date

import pytest

from core import entries
from core.availability import ALL_SLOTS
from core.entries import AvailabilityEntry, FacilityEntry
from core.facilities import FacilityClass, FacilityType, OrganizationKind
from core.licences import LicenceClass, LicenceType
from core.places import Point
from core.problems import Refused

DAY = date(2026, 11, 20)
GOOD = {
    "number": "12345",
    "licence_type": "water_treatment",
    "licence_class": "I",
    "expiry": date(2028, 1, 1),
    "valid_for": "",
    "day": DAY,
}
FACILITY = FacilityEntry("2200", "North Bay WPCP", "wastewater_treatment", "III", "North Bay", 46.31, -79.46)


def fields(problems):
    return [problem.field for problem in problems]


@pytest.mark.parametrize("right", ["90000000", "90099999", " 90012345 "])
def test_an_operator_id_has_8_digits_and_starts_with_900(right):
    assert entries.operator_id(right) == []


@pytest.mark.parametrize(
    "wrong", ["9000000", "900000000", "90100000", "09001234", "9001 234", "9001234x", "९००१२३४५"]
)
def test_any_other_operator_id_is_named_in_the_refusal(wrong):
    (problem,) = entries.operator_id(wrong)
    assert f"“{wrong}” is not an Operator ID" in str(problem)
    assert "Operator Listing Report" in str(problem)


def test_10_000_characters_are_refused_in_a_short_sentence():
    for problem in (
        *entries.operator_id("9" * 10_000),
        *entries.certificate(**GOOD | {"number": "x" * 10_000}),
        *entries.organization("x" * 10_000, "private"),
    ):
        assert len(str(problem)) < 250


@pytest.mark.parametrize(("length", "accepted"), [(1, True), (29, True), (30, True), (31, False)])
def test_a_certificate_number_has_1_to_30_characters(length, accepted):
    assert (entries.certificate(**GOOD | {"number": "x" * length}) == []) is accepted


@pytest.mark.parametrize(("valid_for", "wrong"), [("City of North Bay", ["valid_for"]), ("", []), (" ", [])])
def test_an_operator_in_training_is_licensed_for_no_owner_alone(valid_for, wrong):
    of_class = {"licence_class": "OIT", "valid_for": valid_for}
    assert fields(entries.certificate(**GOOD | of_class)) == wrong
    issue = {"number": "1", "licence_type": GOOD["licence_type"], "issued_on": DAY, "expiry": date(2028, 1, 1)}
    assert fields(entries.past_licence(**issue | of_class)) == wrong


@pytest.mark.parametrize(("length", "accepted"), [(0, True), (100, True), (101, False)])
def test_whom_a_certificate_is_valid_for_has_up_to_100_characters(length, accepted):
    assert (entries.certificate(**GOOD | {"valid_for": "x" * length}) == []) is accepted


@pytest.mark.parametrize(
    ("expiry", "words"),
    [
        (None, "Enter the expiry date"),
        (date(1, 1, 1), "cannot be"),
        (date(1899, 12, 31), "31 December 1899 cannot be"),
        (date(1900, 1, 1), "expired on 1 January 1900"),
        (date(2026, 11, 19), "expired on 19 November 2026"),
        (date(2026, 11, 20), ""),
        (date(2036, 11, 20), ""),
        (date(2036, 11, 21), "21 November 2036 is more than 10 years ahead"),
        (date(9999, 12, 31), "more than 10 years ahead"),
    ],
)
def test_expiry_is_today_to_10_years_ahead(expiry, words):
    problems = entries.certificate(**GOOD | {"expiry": expiry})
    assert fields(problems) == (["expiry"] if words else [])
    assert not words or words in str(problems[0])


def test_ten_years_from_29_february_end_on_28_february():
    leap = GOOD | {"day": date(2028, 2, 29)}
    assert entries.certificate(**leap | {"expiry": date(2038, 2, 28)}) == []
    assert entries.certificate(**leap | {"expiry": date(2038, 3, 1)}) != []


@pytest.mark.parametrize("licence_type", LicenceType)
@pytest.mark.parametrize("licence_class", [None, *LicenceClass])
def test_a_class_is_accepted_exactly_where_the_type_has_it(licence_type, licence_class):
    accepted = licence_class in licence_type.classes if licence_type.classes else licence_class is None
    problems = entries.certificate(**GOOD | {"licence_type": licence_type, "licence_class": licence_class})
    assert (problems == []) is accepted
    assert accepted or fields(problems) == ["licence_class"]


@pytest.mark.parametrize(("kind", "level"), [("", "I"), (None, "I"), ("plumbing", "I"), ("water_treatment", "V")])
def test_an_unknown_type_or_class_is_refused(kind, level):
    problems = entries.certificate(**GOOD | {"licence_type": kind, "licence_class": level})
    assert fields(problems) in (["licence_type"], ["licence_class"])


@pytest.mark.parametrize(
    "text", ["O'Brien", "`tick`", "${1}", "<img onerror=x>", "عبد الله", "{0}", "محمد\u200f", "李"]
)
def test_any_visible_text_is_accepted(text):
    assert entries.organization(text, "private") == []


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\n", "\t", "\x7f", "\u2028", "\u202e", "\u2066", "\ud800"])
def test_signs_that_cannot_be_seen_are_refused_and_named(sign):
    (problem,) = entries.organization(f"City{sign}Hall", "private")
    assert f"U+{ord(sign):04X}" in str(problem)
    assert sign not in str(problem)


def test_text_is_cleaned_of_blanks_and_composed():
    assert entries.clean("  Ti mmins \t") == "Ti mmins"
    assert entries.clean("a   b") == "a b"
    assert entries.clean("Ste-The\u0301re\u0300se") == "Ste-Thérèse"
    assert entries.clean_reason(" one\r\ntwo \n") == "one\ntwo"


@pytest.mark.parametrize(
    "typed", ["AB12345", " ab 123-45 ", "ab123\u200b45", "ab\u00ad12345", "ＡＢ１２３４５", "ab\u2011123\u00a045"]
)
def test_a_number_is_the_same_however_it_is_typed(typed):
    assert entries.clean_number(typed) == "AB12345"


@pytest.mark.parametrize("typed", ["\u200b", "\u00ad\u200d", "-", "…", "\u3164", "\uffa0", "\u2800", "\u0301"])
def test_text_without_a_letter_or_digit_that_is_seen_is_refused(typed):
    assert fields(entries.certificate(**GOOD | {"number": typed})) == ["number"]
    (problem,) = entries.organization(typed, "private")
    assert "has no letter and no digit" in str(problem)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"ministry_number": ""}, ["ministry_number"]),
        ({"ministry_number": "x" * 30}, []),
        ({"ministry_number": "x" * 31}, ["ministry_number"]),
        ({"name": "   "}, ["name"]),
        ({"name": "x" * 100}, []),
        ({"name": "x" * 101}, ["name"]),
        ({"facility_type": "well"}, ["facility_type"]),
        ({"facility_class": "V"}, ["facility_class"]),
        ({"place": ""}, ["place"]),
        ({"latitude": None}, ["place"]),
        ({"latitude": float("nan")}, ["place"]),
        ({"longitude": float("inf")}, ["place"]),
        ({"latitude": 41.6}, []),
        ({"latitude": 41.59}, ["place"]),
        ({"latitude": 56.9}, []),
        ({"latitude": 56.91}, ["place"]),
        ({"longitude": -95.2}, []),
        ({"longitude": -95.21}, ["place"]),
        ({"longitude": -74.3}, []),
        ({"longitude": -74.29}, ["place"]),
    ],
)
def test_a_municipalitys_facility(changes, wrong):
    entry = replace(FACILITY, **changes)
    assert fields(entry.problems(OrganizationKind.MUNICIPALITY, DAY)) == wrong


@pytest.mark.parametrize("kind", OrganizationKind)
def test_only_first_nation_and_federal_works_may_lack_a_number_and_then_need_a_letter(kind):
    without = replace(FACILITY, ministry_number="")
    wrong = fields(without.problems(kind, DAY))
    if kind in (OrganizationKind.FIRST_NATION, OrganizationKind.FEDERAL):
        assert wrong == ["letter_reference", "letter_date", "letter_file_id"]
        letter = replace(without, letter_date=DAY, letter_reference="Band Council 7", letter_file_id=1)
        assert letter.problems(kind, DAY) == []
        assert FACILITY.problems(kind, DAY) == []
    else:
        assert wrong == ["ministry_number"]


@pytest.mark.parametrize(
    ("written", "accepted"),
    [(date(1899, 12, 31), False), (date(1900, 1, 1), True), (DAY, True), (date(2026, 11, 21), False)],
)
def test_a_letter_is_dated_1900_to_today(written, accepted):
    letter = replace(FACILITY, letter_date=written, letter_reference="7", letter_file_id=1)
    assert fields(letter.problems(OrganizationKind.FEDERAL, DAY)) == ([] if accepted else ["letter_date"])


def test_every_kind_of_facility_is_accepted():
    for kind in FacilityType:
        for level in FacilityClass:
            entry = replace(FACILITY, facility_type=kind, facility_class=level)
            assert entry.problems(OrganizationKind.PRIVATE, DAY) == []


@pytest.mark.parametrize(
    ("name", "kind", "wrong"),
    [("A", "private", []), ("", "private", ["name"]), ("A", "club", ["kind"]), ("A", None, ["kind"])],
)
def test_an_organization_has_a_name_and_a_known_kind(name, kind, wrong):
    assert fields(entries.organization(name, kind)) == wrong


AVAILABLE = AvailabilityEntry(True, ALL_SLOTS, "North Bay", 46.31, -79.46, 10)
REGIONS = ("3548", "3557")


def wrong_availability(**changes):
    return fields(replace(AVAILABLE, **changes).problems(REGIONS, DAY))


@pytest.mark.parametrize(("km", "accepted"), [(-1, False), (0, True), (2500, True), (2501, False), (None, False)])
def test_travel_is_0_to_2500_km(km, accepted):
    assert wrong_availability(travel_km=km) == ([] if accepted else ["travel_km"])


def test_only_whoever_is_available_needs_a_shift():
    assert wrong_availability(slots=()) == ["slots"]
    assert wrong_availability(slots=(), available=False) == []


@pytest.mark.parametrize(
    ("chosen", "accepted"),
    [((), True), (("3548",), True), (REGIONS, True), (("3505",), False), (("3548", "<b>"), False)],
)
def test_regions_are_those_of_the_list(chosen, accepted):
    assert wrong_availability(regions=chosen) == ([] if accepted else ["regions"])


@pytest.mark.parametrize(
    ("start", "accepted"),
    [
        (None, True),
        (date(1, 1, 1), True),  # long past: at once
        (DAY, True),
        (date(2028, 11, 20), True),
        (date(2028, 11, 21), False),
        (date(9999, 12, 31), False),
    ],
)
def test_an_earliest_start_is_at_most_two_years_ahead(start, accepted):
    assert wrong_availability(earliest_start=start) == ([] if accepted else ["earliest_start"])


@pytest.mark.parametrize(("length", "accepted"), [(0, True), (1000, True), (1001, False)])
def test_notes_have_at_most_1000_characters(length, accepted):
    assert wrong_availability(notes="x" * length) == ([] if accepted else ["notes"])


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\u202e", "\u2028", "\ud800"])
def test_notes_hold_no_sign_that_cannot_be_seen(sign):
    assert wrong_availability(notes=f"I drive{sign}a truck") == ["notes"]


def test_notes_may_have_lines_and_anything_that_is_no_more_than_text():
    assert wrong_availability(notes="<script>alert(1)</script>\r\n\t`${1}` **bold** O'Brien") == []


def test_availability_is_kept_clean_and_each_region_once():
    entry = replace(AVAILABLE, base_place="  North   Bay ", regions=["3557", "3548", "3557"], notes=" a\r\nb \n")
    kept = entry.cleaned()
    assert (kept.base_place, kept.regions, kept.notes) == ("North Bay", ("3548", "3557"), "a\nb")


@pytest.mark.parametrize(("length", "accepted"), [(0, False), (1, True), (2000, True), (2001, False)])
def test_a_reason_has_1_to_2000_characters(length, accepted):
    assert (entries.reason("reasons", "x" * length, what="for the return") == []) is accepted


def test_a_reason_may_have_lines():
    assert entries.reason("reasons", "one\r\n\ttwo", what="for the return") == []
    assert entries.reason("reasons", " \n\t ", what="for the return") != []


@pytest.mark.parametrize("typed", ["46.31, -79.46", " 46.31,-79.46 "])
def test_a_position_is_a_latitude_and_a_longitude(typed):
    assert entries.read_position(typed) == Point(46.31, -79.46)


@pytest.mark.parametrize("typed", ["46.31, 79.46", "1, 2", "nan, -79.46"])
def test_a_position_outside_of_ontario_is_refused_at_its_own_field(typed):
    with pytest.raises(Refused, match="is not in Ontario") as refused:
        entries.read_position(typed)
    assert [problem.field for problem in refused.value.problems] == ["position"]


@pytest.mark.parametrize("typed", ["", "North Bay", "46.31", "46.31, -79.46, 3", "46°18', 79°27'", "x" * 10_000])
def test_any_other_position_is_refused(typed):
    with pytest.raises(Refused, match="is not a position"):
        entries.read_position(typed)
