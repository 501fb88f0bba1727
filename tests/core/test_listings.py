"""The ministry's listings: each form in which a cell may come, each bad row, and what differs between two."""

from datetime import date
from decimal import Decimal

import pytest

from core import listing_cells as cells
from core.facilities import FacilityType
from core.licences import Licence, LicenceClass, LicenceType
from core.listing_rows import BEYOND, COLUMNS, UnreadRows, check_mapping, lacking, named_alike, read
from core.listings import (
    ListedFacility,
    ListedLicence,
    ListedStatus,
    ListingKind,
    listing_day,
    many_vanish,
)
from core.places import Point
from core.problems import Refused

OPERATORS, FACILITIES = ListingKind.OPERATORS, ListingKind.FACILITIES
LICENCE = {
    "operator_id": "90012345",
    "last_name": "O'Brien",
    "first_name": "Siobhán",
    "certificate_number": "20000",
    "type": "Wastewater Treatment",
    "class": "Class 3",
    "expiry_date": "2027-03-12",
    "status": "In force",
    "municipality": "London",
}
FACILITY = {
    "facility_number": "110000123",
    "name": "Greenway",
    "type": "Wastewater Treatment",
    "class": "IV",
    "owner": "City of London",
    "municipality": "London",
    "latitude": "42.98",
    "longitude": "-81.25",
}


# --- one cell -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-12", "2027-03-12"),  # ISO
        ("2027-03-12 00:00:00", "2027-03-12"),  # a day of Excel, as a moment
        ("2027-03-12T00:00:00", "2027-03-12"),
        ("2027-03-12 00:00:00.000000", "2027-03-12"),
        ("12-Mar-2027", "2027-03-12"),
        ("12-MAR-2027", "2027-03-12"),
        ("2 March 2027", "2027-03-02"),
        ("30-Sept-2027", "2027-09-30"),
        ("31-May-2027", "2027-05-31"),
        ("46458", "2027-03-12"),  # Excel's days from 1900
        ("46458.0", "2027-03-12"),
        ("29-Feb-2028", "2028-02-29"),
        (" 2027-03-12 ", "2027-03-12"),
    ],
)
def test_an_expiry_date_is_read_however_a_spreadsheet_writes_it(written, day):
    assert cells.expiry(written) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("03/04/2027", "“03/04/2027” is written in a form in which day and month may be confused"),
        ("13/04/2027", "as 31-Dec-2027"),  # its day is certain, but not that of the next line
        ("3-4-2027", "day and month may be confused"),
        ("03.04.2027", "day and month may be confused"),
        ("2027/04/03", "day and month may be confused"),
        ("03/04/27", "day and month may be confused"),
        ("12-Mar-27", "is no date"),
        ("29-Feb-2027", "is no date"),
        ("2027-13-01", "is no date"),
        ("2027-03-12T04:00:00Z", "is no date"),  # which day it is depends on where one is
        ("12-Mai-2027", "is no date"),
        ("soon", "“soon” is no date"),
        ("20270312", "is no date"),
        ("46458.5", "is no date"),
        ("031227", "is no date"),
        ("12", "would be 1900-01-11"),
        ("999999", "which no licence bears"),
        ("1927-03-12", "which no licence bears"),
        ("", "is missing"),
        ("#N/A", "is no date"),
    ],
)
def test_what_is_no_certain_date_makes_a_bad_row(written, says):
    with pytest.raises(Refused, match=says):
        cells.expiry(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("90012345", "90012345"),
        ("90012345.0", "90012345"),
        ("90012345.00", "90012345"),
        (" 900-12345 ", "90012345"),
        ("９００１２３４５", "90012345"),  # full width, as some keyboards type
    ],
)
def test_an_operator_id_is_text(written, number):
    assert cells.operator_id(written) == number


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "is missing"),
        ("9001234", "has not 8 digits that start with 900"),
        ("900123456", "has not 8 digits"),
        ("80012345", "has not 8 digits"),
        ("90012345.5", "has not 8 digits"),
        ("9.0012345E7", "shortened by a spreadsheet"),
        ("9.00E+07", "shortened by a spreadsheet"),
        ("9001234x", "“9001234x” has not 8 digits"),
    ],
)
def test_what_is_no_operator_id_makes_a_bad_row(written, says):
    with pytest.raises(Refused, match=says):
        cells.operator_id(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("20000", "20000"),
        ("20000.0", "20000"),
        ("c-20 000", "C20000"),
        ("007", "007"),
        ("WT-1", "WT1"),
        ("12E45", "12E45"),  # no spreadsheet shortens a number without a point or a plus
    ],
)
def test_a_certificate_number_is_text_and_keeps_its_noughts(written, number):
    assert cells.certificate_number(written) == number


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "missing"),
        ("--", "missing"),
        ("#REF!", "missing"),
        ("1" * 31, "too long"),
        ("2.0E+05", "shortened"),
        ("1.2E45", "shortened"),
        ("2e+05", "shortened"),
    ],
)
def test_what_is_no_number_makes_a_bad_row(written, says):
    with pytest.raises(Refused, match=says):
        cells.certificate_number(written)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *[(one.value, one) for one in LicenceType],
        *[(one.label, one) for one in LicenceType],
        *[(one.label.upper(), one) for one in LicenceType],
        ("Wastewater Treatment Facility", LicenceType.WASTEWATER_TREATMENT),
        ("WWT", LicenceType.WASTEWATER_TREATMENT),
        ("wwc", LicenceType.WASTEWATER_COLLECTION),
        ("Water Treatment Subsystem", LicenceType.WATER_TREATMENT),
        ("Distribution subsystem", LicenceType.WATER_DISTRIBUTION),
        ("Distribution and Supply Subsystem", LicenceType.WATER_DISTRIBUTION_AND_SUPPLY),
        ("Water Distribution & Supply", LicenceType.WATER_DISTRIBUTION_AND_SUPPLY),
        ("Limited Ground-water", LicenceType.LIMITED_GROUNDWATER),
        ("Water Quality Analyst's", LicenceType.WATER_QUALITY_ANALYST),
    ],
)
def test_types_are_known_in_the_words_of_the_ministry_and_in_ours(written, kind):
    assert cells.licence_type(written) is kind


@pytest.mark.parametrize(
    ("written", "level"),
    [
        *[(one.value, one) for one in LicenceClass],
        *[(one.label, one) for one in LicenceClass],
        ("Class 3", LicenceClass.III),
        ("class iii", LicenceClass.III),
        ("3", LicenceClass.III),
        ("3.0", LicenceClass.III),
        ("Operator-in-Training", LicenceClass.OPERATOR_IN_TRAINING),
        ("Class-4", LicenceClass.IV),
        ("O.I.T.", LicenceClass.OPERATOR_IN_TRAINING),
        ("", None),
        ("N/A", None),
        ("-", None),
    ],
)
def test_classes_are_known_in_the_words_of_the_ministry_and_in_ours(written, level):
    assert cells.licence_class(written) is level


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("In Force", ListedStatus.IN_FORCE),
        ("ACTIVE", ListedStatus.IN_FORCE),
        ("Suspended", ListedStatus.SUSPENDED),
        ("cancelled", ListedStatus.CANCELLED),
        ("Canceled", ListedStatus.CANCELLED),
        ("Revoked", ListedStatus.CANCELLED),
        ("Expired", ListedStatus.EXPIRED),
    ],
)
def test_statuses_are_known(written, status):
    assert cells.status(written) is status


@pytest.mark.parametrize(
    ("column", "written", "says"),
    [
        ("type", "Plumbing", "The type “Plumbing” is not known. Write such as Wastewater treatment."),
        ("type", "", "The type is missing."),
        ("class", "Class 5", "The class “Class 5” is not known."),
        ("class", "", "The class is missing: Wastewater treatment comes in classes."),
        ("class", "#N/A", "The class “#N/A” is not known."),  # Excel's, where a formula found nothing
        ("status", "", "The status is missing."),
        ("status", "?", "The status “?” is not known"),
        ("status", "perhaps", "In force (or Active), Suspended, Cancelled or Expired"),
        ("last_name", "", "The last name is missing."),
        ("last_name", "#N/A", "The last name is missing."),
        ("last_name", "x" * 101, "too long for the last name"),
        ("last_name", "Li\u202e", "signs that cannot be seen"),
        (BEYOND, "Inc.", "more cells than the heading has columns"),
    ],
)
def test_a_bad_row_says_what_is_wrong_with_which_value(column, written, says):
    found = read(OPERATORS, [(2, LICENCE | {column: written})])
    assert not found.rows
    assert says in " ".join(str(one) for row in found.bad for one in row.because)


# --- whole rows ---------------------------------------------------------------------------------------------


def test_a_row_becomes_a_licence_and_a_person_may_have_one_name():
    (row,) = read(OPERATORS, [(2, LICENCE | {"first_name": ""})]).rows.values()
    assert (row.operator_id, row.last_name, row.first_name, row.municipality) == (
        "90012345", "O'Brien", "", "London",
    )  # fmt: skip
    assert row.licence.label == "Wastewater treatment, Class III"
    assert row.licence.expiry == date(2027, 3, 12)


def test_a_row_tells_everything_that_is_wrong_with_it():
    (bad,) = read(OPERATORS, [(7, LICENCE | {"operator_id": "1", "status": "", "expiry_date": "1/2/2027"})]).bad
    assert bad.line == 7
    assert len(bad.because) == 3


def test_a_type_without_classes_takes_none_but_no_error_of_a_spreadsheet():
    analyst = LICENCE | {"type": "WQA", "class": "N/A"}
    assert not read(OPERATORS, [(2, analyst | {"class": "#N/A"})]).rows
    assert read(OPERATORS, [(2, analyst)]).rows[2].licence.licence_class is None
    (bad,) = read(OPERATORS, [(2, analyst | {"class": "II"})]).bad
    assert (
        str(bad.because[0])
        == "Water quality analyst has no class, but the row says Class II. Leave the class empty."
    )


def test_empty_rows_are_none():
    found = read(OPERATORS, [(2, dict.fromkeys(LICENCE, " ")), (3, LICENCE)])
    assert (list(found.rows), found.bad) == ([3], ())


def test_hostile_names_stay_as_they_are():
    for name in ("<img src=x onerror=alert(1)>", "=cmd|'/c calc'!A1", "`${1}`", "Null", "NaN", "True", "Ōé"):
        assert read(OPERATORS, [(2, LICENCE | {"last_name": name})]).rows[2].last_name == name


def test_a_row_that_repeats_another_is_left_out():
    found = read(OPERATORS, [(2, LICENCE), (3, LICENCE), (4, LICENCE | {"certificate_number": "20001"})])
    assert list(found.rows) == [2, 4]
    assert [(bad.line, str(bad.because[0])) for bad in found.bad] == [(3, "The row repeats row 2.")]


def test_of_rows_that_contradict_each_other_none_is_used():
    found = read(OPERATORS, [(2, LICENCE), (3, LICENCE | {"class": "IV"})])
    assert not found.rows
    assert [(bad.line, str(bad.because[0])[:5]) for bad in found.bad] == [(2, "Row 3"), (3, "Row 2")]


def test_the_same_number_of_another_type_or_person_is_another_licence():
    rows = [(2, LICENCE), (3, LICENCE | {"type": "WWC"}), (4, LICENCE | {"operator_id": "90012346"})]
    assert len(read(OPERATORS, rows).rows) == 3


def test_a_facility_has_a_place_or_none():
    found = read(
        FACILITIES, [(2, FACILITY), (3, FACILITY | {"facility_number": "2", "latitude": "", "longitude": ""})]
    )
    assert [row.point for row in found.rows.values()] == [Point(42.98, -81.25), None]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"latitude": ""}, "but not both"),
        ({"latitude": "4298"}, "is not in Ontario"),
        ({"latitude": "nan"}, "is not in Ontario"),
        ({"latitude": "42,98"}, "no latitude or longitude"),
        ({"type": "Limited groundwater"}, "is not known"),
        ({"class": "OIT"}, "is not known"),
        ({"class": " #n/a "}, "is not known"),
        ({"name": ""}, "The name of the facility is missing."),
    ],
)
def test_a_bad_row_of_a_facility_says_why(changes, says):
    (bad,) = read(FACILITIES, [(2, FACILITY | changes)]).bad
    assert says in str(bad.because[0])


# --- columns ------------------------------------------------------------------------------------------------


def test_our_names_are_found_whatever_their_capitals_and_blanks():
    assert named_alike(OPERATORS, ["Operator ID", "LAST_NAME", "Remarks"]) == {
        "operator_id": "Operator ID",
        "last_name": "LAST_NAME",
    }


def test_of_two_headings_that_are_alike_none_is_taken_by_itself():
    own = [column.name for column in COLUMNS[OPERATORS]]
    assert named_alike(OPERATORS, [*own, "STATUS"]) == {}
    assert named_alike(OPERATORS, [*own, "Remarks", "REMARKS"]) == {name: name for name in own}


def test_a_mapping_says_what_is_missing_chosen_twice_or_not_there():
    own = {column.name: column.name for column in COLUMNS[OPERATORS]}
    check_mapping(OPERATORS, own, own)
    check_mapping(OPERATORS, own, own | {"municipality": ""})
    with pytest.raises(Refused) as refused:
        check_mapping(
            OPERATORS, own, own | {"type": "", "class": "status", "status": "status", "last_name": "Name"}
        )
    assert {problem.field for problem in refused.value.problems} == {"type", "status", "last_name"}
    assert "is chosen for Class already" in str(refused.value)


# --- two listings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "former", "percent", "many"),
    [(2, 100, "2", False), (3, 100, "2", True), (1, 49, "2", True), (1, 50, "2", False), (0, 0, "2", False),
     (1, 1000, "0", True), (5, 5, "100", False), (21, 1000, "2.1", False)],
)  # fmt: skip
def test_more_than_the_percentage_is_many(gone, former, percent, many):
    assert many_vanish(gone, former, Decimal(percent)) is many


@pytest.mark.parametrize(
    ("listed_on", "standing", "says"),
    [
        ("2026-11-20", None, None),
        ("2026-11-20", "2026-11-20", None),  # a corrected file of the same day
        ("2026-11-19", "2026-11-20", "older than that of 20 November 2026"),
        ("2026-11-21", None, "still to come"),
        (None, None, "Enter the date of the listing"),
    ],
)
def test_a_listing_is_neither_older_than_the_present_one_nor_of_a_day_to_come(listed_on, standing, says):
    problems = listing_day(_day(listed_on), _day(standing), date(2026, 11, 20))
    assert [says in str(one) for one in problems] == ([True] if says else [])


def _day(text):
    return text and date.fromisoformat(text)


def test_a_bad_row_says_whose_it_is_as_far_as_it_can_be_read():
    given = [
        {"status": "?"}, {"operator_id": "1"}, {"certificate_number": ""}, {"status": "?", BEYOND: "London"},
        {"operator_id": "1", "certificate_number": ""},
    ]  # fmt: skip
    found = read(OPERATORS, [(line, LICENCE | changes) for line, changes in enumerate(given, 2)]).bad
    whose, number = LICENCE["operator_id"], LICENCE["certificate_number"]
    assert [(bad.operator_id, bad.number) for bad in found] == [
        (whose, number), ("", number), (whose, ""), (whose, ""), ("", ""),
    ]  # fmt: skip
    assert [UnreadRows([bad]).about(whose, number) for bad in found] == [*found[:4], None]
    assert UnreadRows(found[:1]).about(whose, "another") is None


def test_rows_that_contradict_each_other_say_whose_they_are():
    found = read(OPERATORS, [(2, LICENCE), (3, LICENCE | {"expiry_date": "2031-03-12"})]).bad
    assert {(bad.operator_id, bad.number) for bad in found} == {
        (LICENCE["operator_id"], LICENCE["certificate_number"])
    }
    assert {(bad.operator_id, bad.number) for bad in read(FACILITIES, [(2, FACILITY | {"name": ""})]).bad} == {
        ("", "110000123")
    }


# --- columns that a file has not --------------------------------------------------------------------------------


def test_a_file_that_has_every_needed_column_lacks_nothing():
    assert lacking(OPERATORS, [column.name for column in COLUMNS[OPERATORS] if column.required]) is None


def test_what_a_file_lacks_is_named_with_the_columns_that_it_has():
    own = [column.name for column in COLUMNS[OPERATORS]]
    renamed = lacking(OPERATORS, ["Surname" if name == "last_name" else name for name in own])
    assert (renamed.missing, renamed.may_be_named_otherwise) == (("Last name",), True)
    gone = lacking(OPERATORS, ["operator_id", "last_name", "Remarks"])
    assert not gone.may_be_named_otherwise
    assert str(gone.said) == (
        "The file has no column for First name, Certificate number, Type, Class, Expiry date, Status. "
        "Its columns are operator_id, last_name, Remarks."
    )


@pytest.mark.parametrize(("name", "begins"), [("=1+1", True), ("@sum", True), ("-x", True), ("+x", True),
                                              ("O'Brien", False), ("St-Pierre", False)])  # fmt: skip
def test_names_that_begin_like_a_formula_are_told(name, begins):
    licence = Licence("1", LicenceType.WATER_TREATMENT, LicenceClass.I, date(2027, 3, 12))
    row = ListedLicence("90012345", name, "Robin", licence, ListedStatus.IN_FORCE, "")
    assert row.begins_like_a_formula is begins
    works = ListedFacility("1", "Plant", FacilityType.WATER_TREATMENT, None, name, "", None)
    assert works.begins_like_a_formula is begins
