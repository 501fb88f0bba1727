"""Sheets of training, recorded whole or not at all, and nothing of them twice; and a year that is none."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from core.problems import Refused
from db.gate import unattended
from db.schema_training import TrainingDay
from db.services import training, training_imports
from tests.db.employed import employ
from tests.db.filed import TODAY, facility_of
from tests.db.profiles import FACILITY, active_owner
from tests.db.statements import counted
from tests.db.trained import COLUMNS, given, sheet, year_of

OTHER = replace(FACILITY, ministry_number="999000999", name="Another plant")


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def test_a_sheet_is_recorded_whole_once_every_row_can_be_used(owner):
    sam, facility = employ(owner, "One", "90000001"), facility_of(owner)
    employ(owner, "Two")
    bad = sheet(
        ("2026-03-02", "8", "Chlorine", "safety", "Sam One", ""),
        ("03/04/2026", "8", "Chlorine", "safety", "Sam Two", ""),
        ("2026-03-03", "1.333", "Chlorine", "fun", "Nobody", ""),
    )
    found = training_imports.preview(owner, facility, bad, COLUMNS)
    assert [one.line for one in found.bad] == [3, 4]
    assert "day and month may be confused" in found.bad[0].reason
    assert all(word in found.bad[1].reason for word in ("whole minutes", "“fun”", "“Nobody”"))
    with pytest.raises(Refused, match=r"2 of the rows cannot be used, so nothing was recorded\. Row 3"):
        training_imports.import_(owner, facility, bad, COLUMNS)
    assert training.sessions(owner, facility).total == 0
    good = sheet(
        ("2026-03-02", "8", "Chlorine", "safety", "Sam One", ""),
        ("2026-03-02", "8", "Chlorine", "safety", "Two; Sam", "Helper"),
    )
    good = replace(good, cells=good.cells.replace("Two; Sam", "Two, Sam"))
    found = training_imports.preview(owner, facility, good, COLUMNS)
    assert (found.bad, found.rows, found.minutes, len(found.sessions)) == ((), 2, 960, 1)
    made = training_imports.import_(owner, facility, good, COLUMNS)
    (session,) = training.sessions(owner, facility).rows
    assert session.from_file
    assert {one.position for one in session.session.attended} == {"Shift operator", "Helper"}
    (kept,) = training_imports.imports(owner, facility)
    assert (kept.sha256, kept.rows, kept.withdrawn) == (good.sha256, 2, False)
    assert training_imports.preview(owner, facility, good, COLUMNS).again == TODAY
    assert training_imports.columns_of(owner, facility, good) == COLUMNS
    with pytest.raises(Refused, match="This very file was recorded on 20 November 2026 already"):
        training_imports.import_(owner, facility, good, COLUMNS)
    training_imports.withdraw_import(owner, made, "The wrong file.")
    assert year_of(owner, sam).year.minutes == 0
    assert training_imports.import_(owner, facility, good, COLUMNS)


def test_a_row_that_is_on_record_or_stands_twice_is_not_counted_twice(owner):
    sam, facility = employ(owner, "One", "90000001"), facility_of(owner)
    given(owner, sam)
    row = (TODAY, "8", "chlorine HANDLING", "safety", "Sam One", "")
    other = ("2026-01-05", "8", "Pumps", "technical", "Sam One", "")
    found = training_imports.preview(owner, facility, sheet(row, other, other), COLUMNS)
    assert "on record already" in found.bad[0].reason
    assert "Row 3 says this of Sam One already. Add up the hours of both" in found.bad[1].reason


def test_an_operator_id_and_a_name_must_agree(owner):
    employ(owner, "One", "90000001")
    employ(owner, "One", "90000002")
    headings = ("date", "minutes", "subject", "kind", "name", "operator_id")
    columns = {name: name for name in headings}
    table = sheet(
        ("2026-03-02", "90", "Pumps", "technical", "Sam One", ""),
        ("2026-03-02", "90", "Pumps", "technical", "Kim Two", "90000001"),
        ("2026-03-02", "90", "Pumps", "technical", "", "90000003"),
        ("2026-03-02", "90", "Pumps", "technical", "", "90000001.0"),
        headings=headings,
    )
    found = training_imports.preview(owner, facility_of(owner), table, columns)
    assert [one.line for one in found.bad] == [2, 3, 4]
    assert "2 people here are called" in found.bad[0].reason
    assert (found.rows, found.minutes) == (1, 90)


def test_an_organization_names_the_columns_of_its_sheets_once(portal, owner):
    employ(owner, "One")
    headings = ("wann", "wie lange", "was", "kind", "wer", "x")
    columns = dict(zip(("date", "hours", "subject", "kind", "name"), headings, strict=False))
    row = ("2026-03-02", "8", "Pumps", "technical", "Sam One", "")
    table = sheet(row, headings=headings)
    assert training_imports.columns_of(owner, facility_of(owner), table) == {"kind": "kind"}
    training_imports.import_(owner, facility_of(owner), table, columns)
    later = sheet(("2026-03-03", *row[1:]), headings=headings)
    assert training_imports.columns_of(owner, facility_of(owner), later) == columns
    other = active_owner(portal, "Elsewhere", OTHER)
    assert training_imports.columns_of(other, facility_of(other), later) == {"kind": "kind"}


def test_a_sheet_of_many_sessions_takes_the_statements_of_a_few(portal, owner):
    employ(owner, "One")
    counts = []
    for month, many in ((1, 1), (2, 2), (3, 28)):  # the first changes what is kept of the facility in more ways
        rows = [(date(2026, month, 1 + n), "1", f"Pumps {n}", "technical", "Sam One", "") for n in range(many)]
        with counted(portal) as statements:
            training_imports.import_(owner, facility_of(owner), sheet(*rows), COLUMNS)
        counts.append(len(statements))
    assert counts[2] <= counts[1] + 1


@pytest.mark.parametrize("hours", ["1e999999", "1_0", "9" * 40, "nan", "25"])
def test_no_duration_breaks_the_page(owner, hours):
    employ(owner, "One")
    table = sheet(("2026-03-02", hours, "Pumps", "technical", "Sam One", ""))
    (bad,) = training_imports.preview(owner, facility_of(owner), table, COLUMNS).bad
    assert "whole minutes" in bad.reason or "24 hours" in bad.reason


def test_a_row_with_more_cells_than_headings_is_not_used(owner):
    employ(owner, "One")
    table = sheet(("2026-03-02", "8", "Pumps", "technical", "Sam One", "Operator", " Class II"))
    (bad,) = training_imports.preview(owner, facility_of(owner), table, COLUMNS).bad
    assert "more cells than the heading has columns" in bad.reason


def test_a_day_of_a_sheet_has_24_hours_too(owner):
    employ(owner, "One")
    rows = [("2026-03-02", "10", subject, "technical", "Sam One", "") for subject in ("A", "B", "C")]
    (bad,) = training_imports.preview(owner, facility_of(owner), sheet(*rows), COLUMNS).bad
    assert (bad.line, "30 h of training on 2 March 2026" in bad.reason) == (4, True)


@pytest.mark.parametrize("missing", ["date", "subject", "kind", "hours", "name"])
def test_a_sheet_without_a_needed_column_is_refused(owner, missing):
    columns = {name: name for name in COLUMNS if name != missing}
    with pytest.raises(Refused, match="Choose the column"):
        training_imports.preview(
            owner, facility_of(owner), sheet(("2026-03-02", "8", "X", "safety", "Y", "")), columns
        )


def test_a_year_that_is_no_year_of_training_is_refused(owner):
    for year in (0, 1989, TODAY.year + 1, 9999):
        with pytest.raises(Refused, match="Choose one from 1990 to 2026"):
            training.of_facility(owner, facility_of(owner), year)


def test_what_is_on_record_of_any_year_is_reached(owner):
    one = employ(owner, "One")
    old = given(owner, one)
    with unattended(owner.portal, owner.at) as work:
        work.session.execute(
            update(TrainingDay).where(TrainingDay.session_id == old).values(day=date(1850, 3, 12))
        )
    assert training.years(owner, facility_of(owner)) == (*range(TODAY.year, 2002, -1), 1850)
    assert training.of_facility(owner, facility_of(owner), 1850).not_on_file
    (found,) = training.sessions(owner, facility_of(owner), 1, 1850).rows
    assert found.session_id == old
