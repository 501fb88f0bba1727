"""The pages of the shift log, drawn for whoever writes in it, for the owner, an officer and a stranger."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text as sql

from core.log_chain import Content, Kind
from core.roles import Role
from db.services import log_reading, log_settings, shift_logs
from tests.db.filed import TODAY
from tests.db.logged import FULL, a_shift, in_charge, later, plant, then, works
from tests.db.people import NOON, signed_in
from tests.db.test_log_chain import unguarded
from tests.pages.drawn import drawn, press, texts
from tests.pages.test_applications import well
from tests.pages.test_people import fill


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def page(asker, facility, **query):
    return drawn("shift_log", asker, {"id": str(facility)} | query)


def labels(test):
    return [one.label for one in test.button]


def test_a_shift_is_begun_written_and_ended(portal):
    one = plant(portal)
    with page(one.chief, one.facility) as test:
        assert "no shift is open" in texts(well(test))
        assert "You write as: Operator-in-charge." in texts(test)
        press(test, "Begin the shift")
        assert "Enter the number or the designation of the shift." in texts(well(test))
        fill(test, "log-begin", text="Day", earlier=True)
        fill(test, "log-begin", clock="11:00")
        press(test, "Begin the shift")
        assert "shift Day has been open since 20 November 2026 at 11:00" in texts(well(test))
        press(test, "Nothing to report: departure from normal procedures")
        assert "Departure from normal procedures: nothing to report" in labels(well(test))
        press(test, "Unusual or abnormal condition: not said yet")
        fill(test, "log-entry", text="<b>${1} O'Brien`s pump</b>")
        press(test, "Write: unusual or abnormal condition")
        assert "Enter the action that was taken" in texts(well(test))
        fill(test, "log-entry", action="None.", conclusions="None.")
        press(test, "Write: unusual or abnormal condition")
        assert "Unusual or abnormal condition: in the log (1)" in labels(well(test))
        assert "&lt;b&gt;${1} O&#x27;Brien`s pump&lt;/b&gt;" in texts(test)
        assert "Not said yet: operators on duty; special instruction" in texts(test)
        press(test, "End the shift")
        assert "Say the status of the equipment first" in texts(well(test))
        fill(test, "log-end", without=True)
        press(test, "End the shift")
        assert "The shift has ended." in texts(well(test))
    (shift,) = log_reading.log(one.owner, one.facility).shifts
    assert shift.ended is not None


def test_empty_forms_of_a_shift_name_all_that_is_missing_each_at_its_field(portal):
    one = plant(portal)
    with page(one.chief, one.facility) as test:
        fill(test, "log-begin", earlier=True)
        press(test, "Begin the shift")
        said = texts(well(test))
        for field in ("text", "clock"):
            assert f'<div class="field-problem" id="log-begin:{one.facility}.{field}">' in said
        fill(test, "log-begin", text="Day", clock="11:00")
        press(test, "Begin the shift")
        press(test, "Unusual or abnormal condition: not said yet")
        fill(test, "log-entry", earlier=True)
        fill(test, "log-entry", clock="25:99")
        press(test, "Write: unusual or abnormal condition")
        said = texts(well(test))
        assert "4 things need your attention." in said
        assert "“25:99” is no time." in said
        press(test, "Back; what is typed is kept")
        fill(test, "log-end", earlier=True)
        press(test, "End the shift")
        said = texts(well(test))
        assert "2 things need your attention." in said
        assert "Say the status of the equipment first" in said
        fill(test, "log-correct", text="")
        press(test, "Correct entry 1")
        assert "2 things need your attention." in texts(well(test)), "the name, and why"


def test_an_end_before_entries_says_what_it_makes_late_before_it_is_saved(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    at_work = later(one.chief, hours=2)
    shift_logs.write(at_work, one.facility, shift, Kind.ADJUSTMENT, Content(nothing=True))
    shift_logs.write(at_work, one.facility, shift, Kind.STATUS, Content(text="All runs."))
    clock = f"{NOON.astimezone(ZoneInfo('America/Toronto')) + timedelta(hours=1):%H:%M}"
    with page(later(one.chief, hours=3), one.facility) as test:
        fill(test, "log-end", earlier=True)
        assert "would be late" not in texts(well(test))
        fill(test, "log-end", clock=clock)
        said = texts(well(test))
        assert f"Entries {shift + 1}, {shift + 2} were written after" in said
        assert "The status of the equipment would then have come too late for good." in said
        press(test, "End the shift")
        assert "The shift has ended." in texts(well(test))


def test_an_end_that_leaves_something_outside_says_so_before_it_is_saved(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    at_work = later(one.chief, hours=2)
    shift_logs.write(at_work, one.facility, shift, Kind.ADJUSTMENT, Content(text="More chlorine."))
    clock = f"{NOON.astimezone(ZoneInfo('America/Toronto')) + timedelta(hours=1):%H:%M}"
    with page(later(one.chief, hours=3), one.facility) as test:
        fill(test, "log-end", earlier=True)
        fill(test, "log-end", clock=clock)
        assert "These would then lie outside of the shift" in texts(well(test))


def test_empty_forms_of_a_usual_shift_and_of_where_the_log_is_name_all_that_is_missing(portal):
    one = plant(portal)
    with page(one.owner, one.facility) as test:
        press(test, "Record the usual shift")
        said = texts(well(test))
        for field in ("designation", "starts", "ends", "weekdays", "first"):
            assert f'<div class="field-problem" id="log-pattern:{one.facility}.{field}">' in said
        press(test, "Record it")
        assert "3 things need your attention." in texts(well(test))


def test_a_press_lands_in_the_shift_that_was_seen_though_others_begin_theirs(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Linh", family_name="Next")
    in_charge(portal, one.owner, one.facility, other)
    night = shift_logs.begin_shift(one.chief, one.facility, "Night X")
    with page(one.chief, one.facility) as test:
        assert test.query_params["shift"] in (str(night), [str(night)])
        press(test, "Departure from normal procedures: not said yet")
        fill(test, "log-entry", text="Half typed")
        day = shift_logs.begin_shift(later(other, minutes=1), one.facility, "Day X")
        test.run()
        press(test, "Back; what is typed is kept")
        press(test, "Nothing to report: adjustment to a process")
        press(test, "Departure from normal procedures: not said yet")
        press(test, "Write: departure from normal procedures")
        press(test, f"Write in shift {day}")
        press(test, "Nothing to report: special instruction")
    shifts = {shift.number: shift for shift in log_reading.log(one.owner, one.facility).shifts}
    (departure,) = shifts[night].of(Kind.DEPARTURE)
    assert departure.content.text == "Half typed"
    assert [each.kind for each in shifts[night].entries] == [Kind.BEGAN, Kind.ADJUSTMENT, Kind.DEPARTURE]
    assert [each.kind for each in shifts[day].entries] == [Kind.BEGAN, Kind.INSTRUCTION]


def test_a_shift_that_was_begun_is_written_in_though_it_began_before_another(portal):
    one = plant(portal)
    day = shift_logs.begin_shift(one.chief, one.facility, "Day X")
    with page(later(one.chief, minutes=5), one.facility) as test:
        fill(test, "log-begin", text="Graveyard", earlier=True)
        fill(test, "log-begin", clock="3:00")
        press(test, "Begin the shift")
        press(test, "Nothing to report: adjustment to a process")
    shifts = {shift.number: shift for shift in log_reading.log(one.owner, one.facility).shifts}
    assert [each.kind for each in shifts.pop(day).entries] == [Kind.BEGAN]
    (graveyard,) = shifts.values()
    assert [each.kind for each in graveyard.entries] == [Kind.BEGAN, Kind.ADJUSTMENT]


def test_of_several_shifts_one_is_chosen_and_one_that_is_not_shown_is_said(portal):
    one = plant(portal)
    shift_logs.begin_shift(one.chief, one.facility, "Night X")
    second = shift_logs.begin_shift(one.chief, one.facility, "Day X")
    with page(one.chief, one.facility) as test:
        assert "Write in this shift" not in texts(well(test))
        press(test, f"Write in shift {second}")
        assert "Write in this shift" in texts(well(test))
    with page(one.chief, one.facility, shift="99") as test:
        assert "is not among those shown" in texts(well(test))
        assert "Nothing to report: adjustment to a process" not in labels(test)


def test_of_a_quiet_shift_one_press_says_that_there_is_nothing_to_report(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    shift_logs.write(one.chief, one.facility, shift, Kind.CONDITION, FULL[Kind.CONDITION])
    with page(one.chief, one.facility) as test:
        named = (
            "departure from normal procedures; special instruction; equipment out of service; "
            "adjustment to a process"
        )
        assert f"each of which may be nothing: {named}." in texts(well(test))
        press(test, "Nothing to report of all 4")
        assert f"That there is nothing to report is in the log: {named}." in texts(well(test))
    (found,) = log_reading.log(one.owner, one.facility).shifts
    assert [each.content.nothing for each in found.entries] == [False, False, True, True, True, True]


def test_operators_on_duty_are_chosen_and_typed(portal):
    one = plant(portal)
    shift_logs.begin_shift(one.chief, one.facility, "Day")
    with page(one.chief, one.facility, kind="operators") as test:
        (box,) = test.multiselect
        box.set_value(["Sam Chief"]).run()
        fill(test, "log-entry", operators="Ana Lim\nBo Chan")
        press(test, "Write: operators on duty")
        assert "Sam Chief, Ana Lim, Bo Chan" in texts(well(test))


def test_a_time_that_the_clock_showed_twice_is_asked_about(portal):
    one = plant(portal)
    morning = then(one.chief, NOON.replace(month=11, day=1, hour=13))
    with page(morning, one.facility) as test:
        fill(test, "log-begin", text="Night", earlier=True)
        fill(test, "log-begin", clock="1:30")
        press(test, "Begin the shift")
        assert "Choose the first or the second." in texts(well(test))
        fill(test, "log-begin", which="second")
        press(test, "Begin the shift")
        assert "has been open since 1 November 2026 at 01:30 EST" in texts(well(test))


def test_what_is_typed_while_the_connection_is_lost_may_stand_at_the_time_of_its_form(portal):
    one = plant(portal)
    shift_logs.begin_shift(one.chief, one.facility, "Day")
    opened = int((NOON + timedelta(minutes=2)).timestamp()) // 60
    query = {"kind": "departure", "shift": "1", "opened": str(opened)}
    with page(later(one.chief, minutes=40), one.facility, **query) as test:
        fill(test, "log-entry", text="Bypass.", then=True)
        assert "It happened at 12:02, when this form was opened" in [box.label for box in test.checkbox]
        press(test, "Write: departure from normal procedures")
    (shift,) = log_reading.log(one.owner, one.facility).shifts
    assert shift.of(Kind.DEPARTURE)[0].happened_at == NOON + timedelta(minutes=2)


def test_a_late_departure_asks_for_its_time_and_takes_the_day_of_the_shift(portal):
    one = plant(portal)
    shift = a_shift(one, hours=8, without=(Kind.DEPARTURE,))  # 20:00 to 04:00
    with page(later(one.chief, hours=20), one.facility, kind="departure", shift=str(shift)) as test:
        fill(test, "log-entry", text="Bypass.")
        press(test, "Write: departure from normal procedures")
        assert "Enter when it happened, before that, or write a note." in texts(well(test))
        fill(test, "log-entry", clock="23:30")
        press(test, "Write: departure from normal procedures")
        assert "it is in the log." in texts(well(test))
    (found,) = log_reading.log(one.owner, one.facility).shifts
    assert found.of(Kind.DEPARTURE)[0].happened_at == NOON + timedelta(hours=11.5)


def test_a_shift_entered_by_mistake_is_shown_as_one_and_comes_back(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    shift_logs.correct(one.chief, one.facility, shift, Kind.NOTE, Content(text="None."), "By mistake.")
    with page(one.chief, one.facility) as test:
        assert "20 November 2026 at 12:00, entered by mistake" in texts(test).replace("\u2060\\", "")
        fill(test, "log-correct", as_began=True)
        fill(test, "log-correct", text="Day", reason="It was one.")
        press(test, "Correct entry 2")
        assert "Write in this shift" in texts(well(test))


def test_a_shift_of_long_ago_is_asked_about(portal):
    one = plant(portal)
    with page(one.chief, one.facility) as test:
        fill(test, "log-begin", text="Day", earlier=True)
        fill(test, "log-begin", clock="7:00", day=TODAY - timedelta(days=9))
        press(test, "Begin the shift")
        assert "more than two days ago. If that is right, say so" in texts(well(test))
        fill(test, "log-begin", long_ago=True)
        press(test, "Begin the shift")
        assert "The shift has begun." in texts(well(test))


def test_a_correction_stands_beside_the_old_entry_and_a_late_entry_says_so(portal):
    one = plant(portal)
    shift = a_shift(one)
    with page(later(one.chief, hours=9), one.facility) as test:
        (which,) = [box for box in test.selectbox if box.key == f"log-correct-which-{shift}"]
        which.set_value(8).run()
        fill(test, "log-correct", text="All runs.", reason="Pump 2 was back.")
        press(test, "Correct entry 8")
        assert "Corrects entry 8: Pump 2 was back." in texts(well(test))
        assert "Corrected by a later entry." in texts(test)
        assert "All that the law asks of its record is there." in texts(test)
        press(test, f"Add a late entry to shift {shift}")
        assert "what you write now is a late entry" in texts(well(test))
        press(test, "Note")
        fill(test, "log-entry", text="Forgotten.")
        press(test, "Write: note")
        assert "Late: written after the shift had ended." in texts(well(test))
        assert "Written at once" not in texts(test).split("Forgotten.")[1].split("</li>")[0]


def test_the_owner_reads_authorizes_records_places_and_usual_shifts(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    employee = works(portal, one.owner, one.facility, other)
    a_shift(one)
    owner = later(one.owner, hours=9)
    with page(owner, one.facility) as test:
        assert "Begin the shift" not in labels(well(test))
        fill(test, "log-authorize", employee_id=str(employee), first=TODAY, last=TODAY)
        press(test, "Authorize")
        assert "Ana Lim: from 20 November 2026 through 20 November 2026, authorized by" in texts(well(test))
        press(test, "Revoke: Ana Lim")
        assert "; revoked on 20 November 2026" in texts(well(test))
        fill(test, "log-place", about="accessible", place="The control room", since=TODAY)
        press(test, "Record it")
        assert "Accessible in the facility: The control room, from 20 November 2026." in texts(well(test))
        fill(test, "log-pattern", designation="Night", starts="19:00", ends="7:00", first=TODAY)
        press(test, "Record the usual shift")
        assert "Choose at least one day of the week." in texts(well(test))
        press(test, "Check the whole log now")
        assert "every entry is as it was written" in texts(well(test))


def test_shifts_of_which_all_is_there_are_folded_into_one_line_with_their_count(portal):
    one = plant(portal)
    for hours in (-24, -16, -8):
        a_shift(one, hours, f"Day {hours}")
    with page(later(one.chief, hours=1), one.facility) as test:
        folds = [fold.label for fold in well(test).expander]
        assert "2 more shifts, of each of which all is there that the law asks" in folds
    a_shift(one, 2, without=(Kind.STATUS,))
    with page(later(one.chief, hours=10.5), one.facility) as test:
        folds = [fold.label for fold in well(test).expander]
        assert "3 more shifts, of each of which all is there that the law asks" in folds


def test_whoever_is_in_charge_says_how_the_duties_were_met(portal):
    one = plant(portal)
    shift = a_shift(one)
    with page(later(one.chief, hours=9), one.facility) as test:
        fill(test, "log-duty", shift=str(shift), about="operated_safely", said="Yes")
        press(test, "Say so")
        assert "What you said is in the log of the shift." in texts(well(test))
        said = texts(test)
        assert "manuals: Yes. Written by Sam Chief (Operator-in-charge) on 20 November 2026" in said
        assert "Operated safely and efficiently, by the operations manuals: said for 1 of 1 shift." in said
        assert "Said of 1 duty, that it was met" in {one.label for one in test.expander}
        assert "Processes measured, monitored, sampled and tested: said for none of 1 shift." in said
        fill(test, "log-duty", shift=str(shift), about="operated_safely", said="No")
        assert "You have said of it: Yes (entry" in texts(well(test))
        press(test, "Say so")
        assert "Why you say otherwise now" in texts(well(test))
        fill(test, "log-duty", reason="A pump had stopped.")
        press(test, "Say so")
        assert "manuals: No. Written by Sam Chief" in texts(well(test))
        assert "A pump had stopped." in texts(well(test))


def test_a_usual_shift_is_begun_by_its_name(portal):
    one = plant(portal)
    log_settings.add_pattern(one.owner, one.facility, "Night", "19:00", "7:00", range(7), TODAY, None)
    with page(one.chief, one.facility) as test:
        press(test, "Usual shift: Night")
        press(test, "Begin the shift")
    (shift,) = log_reading.log(one.owner, one.facility).open
    assert shift.designation == "Night"


def test_an_address_that_names_no_facility_says_so(portal):
    one = plant(portal)
    with page(one.owner, "9" * 12) as test:
        assert "The address names no facility. Choose one from the list." in texts(well(test))


def test_a_broken_log_is_shown_to_the_owner_and_in_the_managers_list(portal):
    one = plant(portal)
    a_shift(one)
    unguarded(portal, sql("update log_entry set action = 'None.' where number = 5"))
    owner = later(one.owner, hours=9)
    with page(owner, one.facility) as test:
        press(test, "Check the whole log now")
        assert "Entry 5 is not as it was written." in texts(well(test))
    with drawn("shift_log", later(signed_in(portal, Role.MANAGER), hours=9)) as test:
        assert "One log. Not as they were written: 1." in texts(well(test))


def test_an_open_shift_that_began_on_another_day_is_not_said_to_have_begun_on_those_shown(portal):
    one = plant(portal)
    shift_logs.begin_shift(one.chief, one.facility, "Day")
    for day, said in (
        ("2026-11-20", "through 20 November 2026:"),
        ("2027-11-20", "2027, and those that are open:"),
    ):
        with drawn("shift_log", one.chief, {"id": str(one.facility), "log_day": day}) as test:
            assert said in texts(well(test))


def test_days_are_chosen_in_the_same_field_on_a_log_and_in_its_search(portal):
    one = plant(portal)
    fields = []
    for name in ("shift_log", "log_search"):
        with drawn(name, one.chief, {"id": str(one.facility)}) as test:
            fields += [(box.min, box.max, box.proto.format, box.value) for box in test.date_input]
    assert len(fields) == 3
    assert len(set(fields)) == 1


def test_a_search_stands_in_the_address_and_finds(portal):
    one = plant(portal)
    a_shift(one)
    query = {"id": str(one.facility), "words": "wet well", "kind": "condition", "first": "2026-11-20", "last": "x"}
    with drawn("log_search", later(one.owner, hours=9), query) as test:
        assert "one entry matches" in texts(well(test))
        assert "Float stuck." in texts(test)
        (box,) = [each for each in test.text_input if each.key == "find-words"]
        box.set_value("unicorn").run()
        assert "No entry matches." in texts(well(test))
        assert test.query_params["words"] in ("unicorn", ["unicorn"])
    with drawn("log_search", one.owner, query | {"first": "2026-11-21", "last": "2026-11-20"}) as test:
        assert "20 November 2026 is before the first day, 21 November 2026" in texts(well(test))
    with drawn("log_search", one.owner) as test:
        assert "Choose a log first." in texts(well(test))


def test_strangers_are_told_that_a_log_is_not_theirs(portal):
    one = plant(portal)
    for role in (Role.OPERATOR, Role.OWNER):
        stranger = signed_in(portal, role)
        for name in ("shift_log", "log_search"):
            with drawn(name, stranger, {"id": str(one.facility)}) as test:
                assert "not yours to read" in texts(well(test))
                assert not [*test.date_input, *test.selectbox, *test.text_input]
        with drawn("shift_log", stranger) as test:
            assert "There is no shift log that you may read." in texts(well(test))


def test_a_missing_usual_shift_and_the_law_are_shown(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    log_settings.add_pattern(one.owner, one.facility, "Night", "19:00", "7:00", range(7), TODAY, None)
    shift_logs.begin_shift(one.chief, one.facility, "Day")
    shift_logs.write(one.chief, one.facility, 1, Kind.NOTE, Content(text="Quiet."))
    with page(one.owner, one.facility, log_day="2026-11-20") as test:
        assert "Usual shifts without any record" not in texts(well(test))  # it begins in the evening
    with page(then(one.owner, NOON + timedelta(days=2)), one.facility, log_day="2026-11-20") as test:
        assert "Usual shifts without any record" in texts(well(test))
        assert "O. Reg. 435/93" in texts(test)
