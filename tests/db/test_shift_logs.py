"""Writing in a shift log: on whose right, in which order, at which time; corrections, and who reads it."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from core.findings import Verdict
from core.log_chain import YES, Content, Kind, Standing, seal
from core.log_times import Typed
from core.membership import Right
from core.problems import Refused
from core.records import About
from core.roles import Role
from core.shifts import Shift
from db import log_rows
from db.gate import NotAllowed
from db.log_schema import LogEntry
from db.services import log_reading, log_settings, shift_logs
from tests.db.filed import TODAY
from tests.db.logged import FULL, a_shift, clerk, in_charge, later, plant, then, works
from tests.db.people import NOON, signed_in

TOMORROW = TODAY + timedelta(days=1)


def entries(portal, facility):
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.facility_id == facility).order_by(LogEntry.id))
        return [log_rows.entry_of(row) for row in rows]


def note(asker, facility, shift, said="Looked around.", **more):
    return shift_logs.write(asker, facility, shift, Kind.NOTE, Content(text=said), **more)


def test_a_whole_shift_is_written_and_stands_as_the_law_asks(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    a_shift(one)
    found = log_reading.log(later(one.owner, hours=9), one.facility, TODAY, 1)
    assert [len(found.shifts), len(found.open), len(found.entries)] == [1, 0, 9]
    assert {(one.about, one.finding.verdict) for one in found.found} == {
        (About.SHIFT, Verdict.MET), (About.ADJUSTMENTS, Verdict.MET), (About.STATUS, Verdict.MET),
    }  # fmt: skip
    assert found.right is None
    assert found.head.number == 9


def test_what_was_not_written_is_a_finding_from_the_next_day(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    a_shift(one, without=(Kind.STATUS, Kind.EQUIPMENT))
    found = log_reading.log(later(one.owner, hours=24), one.facility, TODAY, 1).found
    assert {one.about: one.finding.verdict for one in found} == {
        About.SHIFT: Verdict.NOT_MET, About.ADJUSTMENTS: Verdict.MET, About.STATUS: Verdict.NOT_MET,
    }  # fmt: skip


def test_a_usual_shift_without_any_record_is_a_finding(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    log_settings.add_pattern(one.owner, one.facility, "Night", "19:00", "7:00", range(7), TODAY, None)
    (missing,) = log_reading.log(later(one.owner, days=3), one.facility, TODAY, 1).found
    assert missing.finding.verdict is Verdict.NOT_MET
    assert "Shift Night of 20 November 2026: not recorded." in str(missing.finding.because)
    row = log_reading.log(one.owner, one.facility).setup.patterns[0]
    with pytest.raises(Refused, match="worked on some of these days already"):
        log_settings.add_pattern(one.owner, one.facility, "night", "18:00", "6:00", [0], TODAY, None)
    log_settings.end_pattern(one.owner, row.id, TODAY)
    assert len(log_reading.log(later(one.owner, days=3), one.facility, TOMORROW, 1).found) == 0


def test_only_whoever_is_in_charge_or_authorized_writes(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    employee = works(portal, one.owner, one.facility, other)
    for asker in (one.owner, other, signed_in(portal, Role.OPERATOR)):
        with pytest.raises(Refused, match="You may not write in this log today"):
            shift_logs.begin_shift(asker, one.facility, "Day")
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    first = log_settings.authorize(one.owner, one.facility, employee, TODAY, TODAY)
    note(other, one.facility, shift, "By the owner.")
    second = log_settings.authorize(one.chief, one.facility, employee, TODAY, TOMORROW)
    note(other, one.facility, shift, "By the one in charge.")
    log_settings.revoke(one.owner, second)
    with pytest.raises(Refused, match="revoked already"):
        log_settings.revoke(one.owner, second)
    note(other, one.facility, shift, "By the owner again.")
    log_settings.revoke(one.chief, first)
    with pytest.raises(Refused, match="You may not write"):
        note(other, one.facility, shift, "Revoked.")
    third = log_settings.authorize(one.chief, one.facility, employee, TODAY, TOMORROW)
    note(later(other, days=1), one.facility, shift, "On the last day.")
    with pytest.raises(Refused, match="You may not write"):
        note(later(other, days=2), one.facility, shift, "Too late.")
    by_ana = [each for each in entries(portal, one.facility) if each.author_name == "Ana Lim"]
    assert [(each.standing, each.authorization) for each in by_ana] == [
        (Standing.BY_OWNER, first), (Standing.BY_IN_CHARGE, second), (Standing.BY_OWNER, first),
        (Standing.BY_IN_CHARGE, third),
    ]  # fmt: skip


def test_nobody_authorizes_without_being_owner_or_in_charge_nor_without_an_end_nor_for_the_past(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    employee = works(portal, one.owner, one.facility, other)
    for asker in (other, clerk(portal, one.owner, Right.RECORD)):
        with pytest.raises(Refused, match="Only the owner, or whoever is operator-in-charge today"):
            log_settings.authorize(asker, one.facility, employee, TODAY, TODAY)
    with pytest.raises(Refused, match="Enter the last day"):
        log_settings.authorize(one.owner, one.facility, employee, TODAY, None)
    with pytest.raises(Refused, match="or a day to come"):
        log_settings.authorize(one.owner, one.facility, employee, TODAY - timedelta(days=1), TODAY)
    with pytest.raises(NotAllowed):
        log_settings.authorize(one.owner, one.facility, employee + 99, TODAY, TODAY)
    given = log_settings.authorize(one.owner, one.facility, employee, TODAY, TODAY)
    with pytest.raises(NotAllowed):
        log_settings.revoke(other, given)


def test_whoever_was_in_charge_when_a_shift_began_writes_until_it_ends(portal):
    one = plant(portal)
    night = signed_in(portal, Role.OPERATOR, given_name="Nia", family_name="Night")
    in_charge(portal, one.owner, one.facility, night, TODAY, TOMORROW)
    evening = NOON + timedelta(hours=7)
    shift = shift_logs.begin_shift(then(night, evening), one.facility, "Night")
    early = then(night, evening + timedelta(hours=9))
    note(early, one.facility, shift)
    with pytest.raises(Refused, match="You may not write"):
        shift_logs.begin_shift(early, one.facility, "Another")
    assert log_reading.log(early, one.facility).right is Standing.IN_CHARGE
    shift_logs.end_shift(then(night, evening + timedelta(hours=12)), one.facility, shift)
    with pytest.raises(Refused, match="You may not write"):
        note(then(night, evening + timedelta(hours=13)), one.facility, shift, "Forgotten.")


def test_an_entry_is_stored_exactly_as_it_was_hashed(portal):
    one = plant(portal)
    decomposed = unicodedata.normalize("NFD", "  Écluse ouverte \r\n${1} <b>O'Brien</b> `x`  ")
    shift = shift_logs.begin_shift(then(one.chief, NOON.replace(microsecond=123457)), one.facility, "Day")
    note(then(one.chief, NOON.replace(microsecond=123459)), one.facility, shift, decomposed)
    kept = entries(portal, one.facility)
    assert [each.made_at.microsecond for each in kept] == [123457, 123459]
    assert kept[1].content.text == "Écluse ouverte \n${1} <b>O'Brien</b> `x`"
    assert all(seal(each) == each.hash for each in kept)


def test_a_clock_that_is_set_back_never_puts_an_entry_before_the_last(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    note(later(one.chief, minutes=-30), one.facility, shift)
    first, second = entries(portal, one.facility)
    assert second.made_at == first.made_at


def test_what_is_in_the_log_is_not_said_twice_and_nothing_is_never_said_of_something(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    with pytest.raises(Refused, match="has not ended"):
        shift_logs.begin_shift(one.chief, one.facility, " day ")
    shift_logs.write(one.chief, one.facility, shift, Kind.CONDITION, FULL[Kind.CONDITION])
    with pytest.raises(Refused, match="in the log already: entry 2"):
        shift_logs.write(one.chief, one.facility, shift, Kind.CONDITION, FULL[Kind.CONDITION])
    with pytest.raises(Refused, match="speaks of it already: entry 2"):
        shift_logs.write(one.chief, one.facility, shift, Kind.CONDITION, Content(nothing=True))
    with pytest.raises(Refused, match="always reported"):
        shift_logs.write(one.chief, one.facility, shift, Kind.STATUS, Content(nothing=True))
    with pytest.raises(Refused, match="Enter the action"):
        shift_logs.write(one.chief, one.facility, shift, Kind.EQUIPMENT, Content(text="Pump 2."))
    with pytest.raises(Refused, match="by the buttons for that"):
        shift_logs.write(one.chief, one.facility, shift, Kind.ENDED, Content())
    with pytest.raises(Refused, match="no such shift"):
        note(one.chief, one.facility, 99)
    assert len(entries(portal, one.facility)) == 2


def test_a_correction_names_the_old_entry_and_keeps_its_time(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    old = shift_logs.write(one.chief, one.facility, shift, Kind.STATUS, Content(text="All runs."))
    soon = later(one.chief, hours=1)
    with pytest.raises(Refused, match="Write the reason"):
        shift_logs.correct(soon, one.facility, old, Kind.STATUS, Content(text="But pump 2."), "")
    new = shift_logs.correct(soon, one.facility, old, Kind.STATUS, Content(text="But pump 2."), "Forgotten.")
    with pytest.raises(Refused, match="corrected already"):
        shift_logs.correct(soon, one.facility, old, Kind.STATUS, Content(text="Again."), "Again.")
    with pytest.raises(Refused, match="is not in this log"):
        shift_logs.correct(soon, one.facility, 99, Kind.STATUS, Content(text="Again."), "Again.")
    with pytest.raises(Refused, match="of the same kind"):
        shift_logs.correct(soon, one.facility, new, Kind.DEPARTURE, Content(text="Again."), "Again.")
    last = entries(portal, one.facility)[-1]
    assert (last.corrects, last.reason, last.happened_at, last.shift) == (old, "Forgotten.", NOON, shift)
    (found,) = log_reading.log(soon, one.facility).shifts
    assert [each.content.text for each in found.of(Kind.STATUS)] == ["But pump 2."]


def test_an_end_entered_by_mistake_is_turned_into_a_note_and_the_shift_goes_on(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    with pytest.raises(Refused, match="Enter an end after that"):
        shift_logs.end_shift(one.chief, one.facility, shift)
    end = shift_logs.end_shift(later(one.chief, hours=1), one.facility, shift)
    with pytest.raises(Refused, match="The shift ended on"):
        shift_logs.end_shift(later(one.chief, hours=2), one.facility, shift)
    mistake = (Kind.NOTE, Content(text="Not ended."), "Pressed by mistake.")
    shift_logs.correct(later(one.chief, hours=1), one.facility, end, *mistake)
    (open_,) = log_reading.log(later(one.chief, hours=2), one.facility).open
    assert isinstance(open_, Shift)
    early = Typed(TODAY, "11:00")
    end = shift_logs.end_shift(later(one.chief, hours=3), one.facility, shift)
    with pytest.raises(Refused, match="ends after it has begun"):
        shift_logs.correct(later(one.chief, hours=4), one.facility, end, Kind.ENDED, Content(), "Earlier.", early)


def test_a_late_entry_stands_at_its_own_time_and_says_so(portal):
    one = plant(portal)
    shift = a_shift(one)
    late = later(one.chief, hours=10)
    note(late, one.facility, shift, "Forgotten.", happened=Typed(TODAY, "13:00"))
    (found,) = log_reading.log(late, one.facility).shifts
    last = found.entries[-1]
    assert found.is_late(last)
    assert last.happened_at == NOON + timedelta(hours=1)
    with pytest.raises(Refused, match="still to come"):
        note(late, one.facility, shift, "Later.", happened=Typed(TODAY, "23:59"))


ZONES = {  # the night on which the clocks go back, and what 1:30 on it is
    "America/Toronto": (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    "America/Winnipeg": (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
    "America/Atikokan": (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
}


@pytest.mark.parametrize("zone", ZONES)
def test_times_across_the_change_of_clocks(portal, zone):
    one = plant(portal, zone)
    first, second = ZONES[zone]
    began = Typed(date(2026, 10, 31), "19:00")
    morning = then(one.chief, datetime(2026, 11, 1, 13, 30, tzinfo=UTC))
    shift = shift_logs.begin_shift(morning, one.facility, "Night", began)
    half_past_one = Typed(date(2026, 11, 1), "1:30")
    if first != second:
        with pytest.raises(Refused, match="showed 01:30 twice"):
            note(morning, one.facility, shift, "Which?", happened=half_past_one)
    note(morning, one.facility, shift, "One.", happened=replace(half_past_one, which="first"))
    note(morning, one.facility, shift, "Two.", happened=replace(half_past_one, which="second"))
    assert [each.happened_at for each in entries(portal, one.facility)[1:]] == [first, second]
    shift_logs.end_shift(morning, one.facility, shift, Typed(date(2026, 11, 1), "7:00"))
    (found,) = log_reading.log(one.owner, one.facility, date(2026, 10, 31), 1).shifts
    hours = 12 if first == second else 13
    assert found.ended - found.began == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["America/Toronto", "America/Winnipeg"])
def test_a_time_that_the_clocks_skip_is_said(portal, zone):
    one = plant(portal, zone)
    with pytest.raises(Refused, match="never showed 02:30"):
        shift_logs.begin_shift(one.chief, one.facility, "Night", Typed(date(2026, 3, 8), "2:30"))
    with pytest.raises(Refused, match="“25:00” is no time"):
        shift_logs.begin_shift(one.chief, one.facility, "Night", Typed(None, "25:00"))
    with pytest.raises(Refused, match="Enter the time, too"):
        shift_logs.begin_shift(one.chief, one.facility, "Night", Typed(TODAY))


def test_whoever_has_nothing_to_do_with_a_facility_does_not_read_its_log(portal):
    one = plant(portal)
    a_shift(one)
    for asker in (signed_in(portal, Role.OPERATOR), signed_in(portal, Role.OWNER)):
        for ask in (
            log_reading.log,
            log_reading.search,
            log_reading.printed,
            log_reading.exported,
            log_reading.check,
        ):
            with pytest.raises(NotAllowed):
                ask(asker, one.facility)
        assert log_reading.logs(asker).rows == ()
    for role in (Role.OFFICER, Role.DIRECTOR, Role.MANAGER):
        assert log_reading.logs(signed_in(portal, role)).total == 1
        assert log_reading.log(signed_in(portal, role), one.facility).shifts
    assert [row.entries for row in log_reading.logs(one.chief).rows] == [9]
    assert log_reading.log(clerk(portal, one.owner), one.facility).shifts


def test_search_finds_words_kind_person_and_days(portal):
    one = plant(portal)
    a_shift(one)
    a_shift(one, hours=24, name="Éclair")
    owner = later(one.owner, days=2)

    def found(**filters):
        return [
            each.number
            for each in log_reading.search(owner, one.facility, log_reading.Filters(**filters)).listing.rows
        ]

    assert found(words="HIGH well") == [14, 5]
    assert found(words="eclair") == [10]
    assert found(words="pump", kind="equipment") == [15, 6]
    assert len(found(person=log_reading.log(owner, one.facility).entries[0].author)) == 18
    assert found(person=999) == []
    assert found(first=TOMORROW, last=TOMORROW) == list(range(18, 9, -1))
    assert found(last=TODAY) == list(range(9, 0, -1))
    assert found(words="%") == []


def test_a_day_a_week_and_a_shift_are_printed_with_the_head_of_the_chain(portal):
    one = plant(portal)
    a_shift(one)
    second = a_shift(one, hours=24, name="Other")
    owner = later(one.owner, days=2)
    day = log_reading.printed(owner, one.facility, TODAY, 1)
    assert [each.designation for each in day.shifts] == ["Day"]
    assert day.head.number == 18
    assert len(log_reading.printed(owner, one.facility, TODAY + timedelta(days=6), 7).shifts) == 2
    (only,) = log_reading.printed(owner, one.facility, shift=second).shifts
    assert only.designation == "Other"
    with pytest.raises(Refused, match="no such shift"):
        log_reading.printed(owner, one.facility, shift=2)
    with pytest.raises(Refused, match="At most 62 days"):
        log_reading.log(owner, one.facility, TODAY, 63)


def test_where_the_log_is_is_recorded_and_what_stood_before_ends(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "accessible", "The old hall", date(2026, 1, 1))
    log_settings.set_place(one.owner, one.facility, "accessible", "The control room", TODAY)
    places = log_reading.log(one.owner, one.facility).setup.places
    assert [(each.place, each.span.start, each.span.end) for each in places] == [
        ("The old hall", date(2026, 1, 1), TODAY), ("The control room", TODAY, None),
    ]  # fmt: skip
    log_settings.end_place(one.owner, places[1].id, TODAY)
    with pytest.raises(Refused, match="Enter where the log is"):
        log_settings.set_place(one.owner, one.facility, "provided", "", TODAY)
    with pytest.raises(NotAllowed):
        log_settings.set_place(one.chief, one.facility, "provided", "Here", TODAY)


def test_duties_stand_once_said_of_every_shift_and_never_by_somebody_else(portal):
    one = plant(portal)
    shift = a_shift(one)

    def duties():
        found = log_reading.log(later(one.owner, hours=9), one.facility, TODAY, 1)
        return [each.finding.verdict for each in found.duties]

    assert duties() == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.MET, Verdict.MET]
    with pytest.raises(Refused, match="Only whoever was operator-in-charge"):
        shift_logs.say_duty(one.owner, one.facility, shift, Kind.SAFE, True)
    with pytest.raises(Refused, match="the log itself speaks"):
        shift_logs.say_duty(one.chief, one.facility, shift, Kind.STATUS, True)
    with pytest.raises(Refused, match="speak of duties, by the buttons"):
        shift_logs.write(one.chief, one.facility, shift, Kind.SAFE, Content(text=YES))
    shift_logs.say_duty(one.chief, one.facility, shift, Kind.SAFE, True)
    shift_logs.say_duty(one.chief, one.facility, shift, Kind.MONITORED, False)
    assert duties() == [Verdict.MET, Verdict.NOT_MET, Verdict.MET, Verdict.MET]


@pytest.mark.parametrize("statement", ["update log_entry set id = id", "delete from log_entry"])
def test_the_database_itself_refuses_to_change_an_entry(portal, statement):
    one = plant(portal)
    shift_logs.begin_shift(one.chief, one.facility, "Day")
    with pytest.raises(Exception, match="never changed or deleted"), portal.database.engine.begin() as connection:
        connection.execute(text(statement))
