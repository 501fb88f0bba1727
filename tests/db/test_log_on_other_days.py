"""What the log says of a day other than today: as it was known then, and nothing of days ahead."""

from datetime import date, timedelta

import pytest

from core.calendar import Span
from core.compliance import Place, Topic, placed
from core.findings import Verdict
from core.records import About
from db.services import compliance, log_settings, shift_logs
from tests.db import logged
from tests.db.filed import TODAY

BEFORE = date(2024, 3, 1)
DAY = timedelta(days=1)
OF_LOG = {Topic.LOGS, Topic.ADJUSTMENTS}


@pytest.fixture
def plant(portal):
    one = logged.plant(portal)
    for about in ("provided", "accessible"):
        log_settings.set_place(one.owner, one.facility, about, "Control room", TODAY)
    logged.a_shift(one, without=(logged.Kind.STATUS,))
    return one


def about_the_log(plant, on, moment=9):
    found = compliance.on_day(logged.later(plant.owner, hours=moment), plant.facility, on)
    return found, [one.finding for one in found.answers if one.topic in OF_LOG]


def test_before_the_first_entry_nothing_is_known_of_the_log(plant):
    _, findings = about_the_log(plant, BEFORE)
    assert {one.verdict for one in findings} == {Verdict.UNKNOWN}
    assert all(str(TODAY.year) not in str(one.because) for one in findings)


def test_today_the_log_is_there_and_its_entries_at_hand(plant):
    _, findings = about_the_log(plant, TODAY)
    said = {str(one.because): one.verdict for one in findings}
    assert said["A log is provided."] is Verdict.MET
    assert any("entries through 20 November 2026 are accessible" in one for one in said)


def test_a_day_between_two_entries_names_the_one_before_it(plant):
    logged.a_shift(plant, hours=72)
    _, findings = about_the_log(plant, TODAY + DAY, moment=96)
    assert any("entries through 20 November 2026 are accessible" in str(one.because) for one in findings)


@pytest.mark.parametrize("ahead", [1, 5, 60])
def test_nothing_is_asked_of_shifts_ahead(plant, ahead):
    found, findings = about_the_log(plant, TODAY + ahead * DAY)
    assert not findings
    assert all(one.near >= found.on for one in placed(found.answers, found.on)[Place.DUE])


def test_a_period_asks_of_its_shifts_through_today(plant):
    owner = logged.later(plant.owner, hours=9)
    inspection = compliance.over_period(owner, plant.facility, TODAY, TODAY + 9 * DAY)
    spans = {one.span.end for one in inspection.stretches if one.answer.topic in OF_LOG}
    assert spans == {TODAY + DAY}


def test_days_before_the_log_began_are_not_told_as_standing(plant):
    """What it says of a period it says of the days on which that was so, as of each of them."""
    first, last = TODAY - 20 * DAY, TODAY + 2 * DAY
    owner = logged.later(plant.owner, hours=49)
    inspection = compliance.over_period(owner, plant.facility, first, last)
    of_log = [one for one in inspection.stretches if one.answer.topic in OF_LOG]
    before = [one for one in of_log if one.span.start < TODAY]
    assert before
    assert {one.answer.finding.verdict for one in before} == {Verdict.UNKNOWN}
    assert {one.span for one in before} == {Span(first, TODAY)}
    for about in (About.LOG, About.ACCESSIBLE):
        (since,) = (one for one in of_log if one.answer.about == about and one.span.start == TODAY)
        assert (since.span.end, since.answer.finding.verdict) == (last + DAY, Verdict.MET)


def test_an_open_shift_falls_due_on_its_own_day(plant):
    logged.a_shift(plant, hours=24)
    began = logged.NOON + 3 * DAY
    shift_logs.begin_shift(logged.then(plant.chief, began), plant.facility, "Day")
    owner = logged.then(plant.owner, began + timedelta(hours=2))
    inspection = compliance.over_period(owner, plant.facility, TODAY, TODAY + 3 * DAY)
    told = [
        (one.span.start, one.span.last, one.answer.finding.due is not None)
        for one in inspection.stretches
        if one.answer.about == About.ADJUSTMENTS
    ]
    assert told == [(TODAY, TODAY + DAY, False), (TODAY + 3 * DAY, TODAY + 3 * DAY, True)]


def test_each_day_of_a_period_says_of_the_log_what_that_day_alone_says(plant):
    owner = logged.later(plant.owner, hours=30)
    log_settings.set_place(owner, plant.facility, "provided", "Office", TODAY - 5 * DAY)
    first = TODAY - 8 * DAY
    inspection = compliance.over_period(owner, plant.facility, first, TODAY + DAY)
    for day in (first + number * DAY for number in range(10)):
        alone = compliance.on_day(owner, plant.facility, day)
        for about in (About.LOG, About.ACCESSIBLE):
            (said,) = (one for one in inspection.stretches if one.answer.about == about and day in one.span)
            (answer,) = (one for one in alone.answers if one.about == about)
            assert said.answer.finding.verdict is answer.finding.verdict, (about, day)
