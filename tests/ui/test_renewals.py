"""The table of what expires when, and the file for a calendar, read back as a calendar reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from core.alignment import Held, Status
from core.licences import Licence, LicenceClass, LicenceType
from core.renewals import calendar
from ui.renewals import calendar_file, next_expiry

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
LICENCE = Licence("T3", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, date(2027, 5, 31))
ADDRESS = "https://portal.example.ca"


def events(*licences):
    file = calendar_file(calendar(map(Held, licences), TODAY), ADDRESS, NOON)
    return Calendar.from_ical(file).walk("VEVENT")


def test_an_expiry_is_an_event_of_its_whole_day_with_the_three_reminders():
    (event,) = events(LICENCE)
    assert event["summary"] == "Wastewater treatment, Class III, number T3, expires"
    assert event.decoded("dtstart") == date(2027, 5, 31)
    assert event.decoded("dtend") == date(2027, 6, 1)
    assert f"{ADDRESS}/overview" in event["description"]
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    due = [LICENCE.expiry + before for before in alarms]
    assert due == [date(2027, 2, 28), date(2027, 4, 30), date(2027, 5, 24)]


def test_only_reminders_that_are_still_to_come_ring():
    (event,) = events(replace(LICENCE, expiry=TODAY + timedelta(days=7)))
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [timedelta(days=-7)]


def test_what_has_expired_is_left_out_and_the_next_comes_first():
    expired = replace(LICENCE, number="T0", expiry=TODAY - timedelta(days=1))
    today = replace(LICENCE, number="T1", expiry=TODAY)
    assert [event.decoded("dtstart") for event in events(LICENCE, expired, today)] == [TODAY, LICENCE.expiry]


def test_a_renewed_certificate_moves_its_event_and_another_type_has_its_own():
    (before,), (after,) = events(LICENCE), events(replace(LICENCE, expiry=date(2030, 5, 31)))
    (other,) = events(replace(LICENCE, licence_type=LicenceType.WASTEWATER_COLLECTION))
    assert before["uid"] == after["uid"] == "wastewater_treatment-T3@portal.example.ca"
    assert other["uid"] != before["uid"]


@pytest.mark.parametrize("number", ["T;3,\\4", "É" * 30, "BEGIN:VEVENT", "3\N{PARTY POPPER}"])
def test_a_hostile_number_stays_text_in_lines_that_a_calendar_reads(number):
    file = calendar_file(calendar([Held(replace(LICENCE, number=number))], TODAY), ADDRESS, NOON)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["summary"] == f"Wastewater treatment, Class III, number {number}, expires"


def test_the_sentence_names_the_next_or_says_that_all_has_expired():
    assert next_expiry(calendar([Held(LICENCE)], TODAY)) == (
        "Wastewater treatment, Class III is next: it counts through 31 May 2027."
    )
    assert "has expired" in next_expiry(calendar([Held(replace(LICENCE, expiry=date(2026, 1, 1)))], TODAY))


def test_what_does_not_count_is_next_nowhere_and_no_event():
    suspended = Held(replace(LICENCE, licence_class=LicenceClass.I, expiry=TODAY), Status.SUSPENDED)
    assert "Class III is next" in next_expiry(calendar([suspended, Held(LICENCE)], TODAY))
    assert next_expiry(calendar([suspended], TODAY)) == (
        "Nothing that the office has confirmed counts now; the table says why."
    )
    assert b"VEVENT" not in calendar_file(calendar([suspended], TODAY), ADDRESS, NOON)
