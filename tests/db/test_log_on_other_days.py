"""What the log says of a day other than today: as it was known then, and nothing of days ahead."""

from datetime import date, timedelta

import pytest

from core.compliance import Place, Topic, placed
from core.findings import Verdict
from db.services import compliance, log_settings
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
