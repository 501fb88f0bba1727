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
    assert {one.verdict for one in findings} == {Verdict.NOT_APPLICABLE}
    assert {one.topic for one in found.answers} >= OF_LOG
    assert {str(one.because) for one in findings} == {
        "The day is to come: nothing of it can be in the log yet, so this is not asked."
    }
    assert all(one.near >= found.on for one in placed(found.answers, found.on)[Place.DUE])


def test_a_period_asks_of_its_shifts_through_today_and_says_why_of_no_later_day(plant):
    owner = logged.later(plant.owner, hours=9)
    inspection = compliance.over_period(owner, plant.facility, TODAY, TODAY + 9 * DAY)
    of_log = [one for one in inspection.stretches if one.answer.topic in OF_LOG]
    ahead = [one for one in of_log if one.answer.finding.verdict is Verdict.NOT_APPLICABLE]
    assert {one.answer.topic for one in ahead} == OF_LOG
    assert {one.span for one in ahead} == {Span(TODAY + DAY, TODAY + 10 * DAY)}
    assert {one.span.end for one in of_log if one not in ahead} == {TODAY + DAY}


def test_numbers_of_the_log_name_the_days_of_their_shifts(plant):
    found, findings = about_the_log(plant, TODAY)
    days = "Shifts of 7 November 2026 through 20 November 2026: "
    said = [str(one.because) for one in findings]
    assert f"{days}Entries in the order of time: 8." in said
    of_shifts = {About.ORDER, About.SAFE, About.MONITORED, About.ADJUSTMENTS, About.STATUS, About.SHIFT}
    for one in found.answers:
        assert str(one.finding.because).startswith(days) is (one.about in of_shifts), one.about
    together = next(one.finding for one in found.answers if one.about == About.SHIFT)
    assert [str(part.because).startswith("Day, 20 November 2026: ") for part in together.parts] == [True]


def test_of_several_shifts_it_is_said_how_many_stand_and_which_is_the_first_that_does_not(plant):
    logged.a_shift(plant, hours=24)
    logged.a_shift(plant, hours=48, without=(logged.Kind.STATUS,))
    _, findings = about_the_log(plant, TODAY + 3 * DAY, moment=80)
    said = [str(one.because) for one in findings]
    days = "Shifts of 10 November 2026 through 23 November 2026: "
    assert f"{days}Adjustments to the processes: recorded in each of 3." in said
    assert any(one.startswith(f"{days}2 of 3, first Day, 20 November 2026: ") for one in said)


def test_the_pack_of_a_day_says_of_the_log_what_the_page_of_that_day_says(plant):
    logged.a_shift(plant, hours=24)
    owner = logged.later(plant.owner, hours=40)
    for day in (TODAY, TODAY + DAY, TODAY + 9 * DAY):
        page = compliance.on_day(owner, plant.facility, day)
        pack = compliance.over_period(owner, plant.facility, day, day)
        told = [[(one.key, str(one.finding.because)) for one in answers if one.topic in OF_LOG]
                for answers in (page.answers, [one.answer for one in pack.stretches])]  # fmt: skip
        assert told[0] == told[1]
        assert page.records.keys() == pack.last_day.records.keys()


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
