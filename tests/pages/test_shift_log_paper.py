"""The shift log on paper and in Excel: the chain's head on each page, and no text that is a formula."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.log_chain import Content, Kind
from core.log_times import Typed
from db.services import log_reading, shift_logs
from db.spreadsheets import rows
from tests.db.filed import TODAY
from tests.db.logged import a_shift, later, plant, then
from tests.db.people import NOON
from ui import shift_log_paper


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def pages_of(log):
    return [page.extract_text() for page in PdfReader(BytesIO(shift_log_paper.pdf(log))).pages]


def test_each_page_has_the_number_and_the_hash_of_the_head(portal):
    one = plant(portal)
    for n in range(7):
        a_shift(one, hours=24 * n, name=f"Day {n}")
    week = log_reading.printed(later(one.owner, days=7), one.facility, TODAY + timedelta(days=6), 7)
    printed = pages_of(week)
    assert len(printed) > 1
    for number, page in enumerate(printed, 1):
        assert f"Last entry of the log: 63, hash {week.head.hash}" in page
        assert f"Page {number} of {len(printed)}" in page
    assert "Day 6: 26 November 2026 at 12:00" in "".join(printed)
    assert "Conclusions: Float stuck." in printed[0]


@pytest.mark.parametrize(("zone", "names"), [("America/Toronto", "EDT EST"), ("America/Winnipeg", "CDT CST")])
def test_the_two_half_past_ones_of_the_autumn_night_are_told_apart_on_paper_and_in_excel(portal, zone, names):
    one = plant(portal, zone)
    morning = then(one.chief, datetime(2026, 11, 1, 13, 30, tzinfo=UTC))
    shift = shift_logs.begin_shift(morning, one.facility, "Night", Typed(date(2026, 10, 31), "19:00"))
    for which in ("first", "second"):
        at = Typed(date(2026, 11, 1), "1:30", which)
        shift_logs.write(morning, one.facility, shift, Kind.DEPARTURE, Content(text=which), at)
    (page,) = pages_of(log_reading.printed(morning, one.facility, shift=shift))
    table = list(rows(shift_log_paper.excel(log_reading.exported(morning, one.facility)), 20, 100))
    for name, row in zip(names.split(), (table[2], table[1]), strict=True):
        assert f"1 November 2026 at 01:30 {name}" in page
        assert row[2] == f"2026-11-01 01:30 {name}"
    assert table[1][3] > table[2][3]


def test_what_is_late_or_corrected_says_so_on_paper_and_an_empty_day_is_one_page(portal):
    one = plant(portal, "America/Winnipeg")
    shift = a_shift(one)
    late = then(one.chief, NOON + timedelta(hours=9))
    said = Content(text="=1+1")
    shift_logs.write(late, one.facility, shift, Kind.NOTE, said, Typed(TODAY, "13:00"))
    shift_logs.correct(late, one.facility, 8, Kind.STATUS, Content(text="All runs."), "Repaired.")
    (page,) = pages_of(log_reading.printed(late, one.facility, shift=shift))
    assert "Late: written after the shift had ended." in page
    assert "Corrects entry 8: Repaired." in page
    assert "Corrected by a later entry." in page
    assert "at 13:00 (Central)" in page
    (page,) = pages_of(log_reading.printed(late, one.facility, TODAY - timedelta(days=5), 1))
    assert "No shift in the log began on these days." in page
    book = shift_log_paper.excel(log_reading.exported(late, one.facility))
    table = list(rows(book, 20, 100))
    assert [row[6] for row in table[1:3]] == ["All runs.", "=1+1"]
    assert [row[13] for row in table[1:3]] == [None, "yes"]
    assert len(table) == 12
