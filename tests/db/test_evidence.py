"""What the log holds as evidence of adjustments and shifts: who wrote what, on what right, so much at most."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.calendar import Span
from core.log_chain import Content, Kind
from core.log_times import Typed
from core.records import About
from core.shifts import shifts
from db import evidence
from db.evidence import Earlier
from db.services import compliance, log_settings, shift_logs
from tests.db import logged
from tests.db.filed import TODAY


@pytest.fixture
def plant(portal):
    return logged.plant(portal)


def test_of_each_shift_the_page_says_who_wrote_what_on_what_right(plant):
    shift = logged.a_shift(plant)
    shift_logs.write(
        logged.later(plant.chief, hours=9), plant.facility, shift, Kind.ADJUSTMENT, Content(text="Less air."),
        Typed(TODAY, "14:00"),
    )  # fmt: skip
    found = compliance.on_day(logged.later(plant.owner, hours=10), plant.facility)
    (made,) = found.records[About.ADJUSTMENTS]
    assert made.what == (
        "Shift Day of 20 November 2026 at 12:00: adjustment to a process: nothing to report, "
        "adjustment to a process (number 7, 10; 1 late)"
    )
    assert (made.recorded_by, made.day) == ("Sam Chief, operator-in-charge", TODAY)
    (whole,) = found.records[About.SHIFT]
    assert whole.what == "Shift Day of 20 November 2026 at 12:00: 10 entries of all kinds (number 1 to 10; 1 late)"
    assert whole.recorded_at == logged.NOON + timedelta(hours=9)
    assert found.earlier == {}


def test_a_period_has_the_evidence_of_its_days_and_of_no_others(plant):
    logged.a_shift(plant)
    logged.a_shift(plant, hours=48, name="Other")
    owner = logged.later(plant.owner, hours=400)
    last = TODAY + timedelta(days=16)
    inspection = compliance.over_period(owner, plant.facility, TODAY, TODAY + timedelta(days=1))
    (whole,) = inspection.last_day.records[About.SHIFT]
    assert whole.what.startswith("Shift Day of 20")
    inspection = compliance.over_period(owner, plant.facility, TODAY, last)
    assert len(inspection.last_day.records[About.SHIFT]) == 2


def test_of_many_shifts_the_last_lines_are_shown_and_the_others_counted():
    apart = timedelta(hours=4)
    entries = logged.many_entries(1, 6 * 100, 6, apart)
    numbered = [replace(one, number=n) for n, one in enumerate(entries, start=1)]
    found = evidence.of_log(shifts(numbered), "America/Toronto")
    shown = found.shown[About.SHIFT]
    assert len(shown) == evidence.MOST
    assert [one.day for one in shown] == sorted(one.day for one in shown)
    first = (logged.NOON - apart * 600).date()
    assert found.earlier == dict.fromkeys((About.ORDER, About.SHIFT), Earlier(40, Span(first, shown[0].day)))
    assert shown[-1].day == date(2026, 11, 19)


def test_what_the_log_is_said_to_be_has_its_evidence_where_it_is_asked(plant):
    logged.a_shift(plant)
    for about in ("provided", "accessible"):
        log_settings.set_place(plant.owner, plant.facility, about, "Control room", TODAY)
    found = compliance.on_day(logged.later(plant.owner, hours=10), plant.facility)
    (provided,), (accessible,) = found.records[About.LOG], found.records[About.ACCESSIBLE]
    assert provided.what == "The log is provided: Control room, from 20 November 2026"
    assert accessible.what == "The log is accessible: Control room, from 20 November 2026"
    assert provided.recorded_by == "Robin Fairwater"
    assert found.records[About.ORDER] == found.records[About.SHIFT]
