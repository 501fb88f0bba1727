"""What a shift log refuses and what it shows of what is unusual: rights that have ended, times outside of their
shift, shifts left open or entered by mistake, what came late."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.duties import met_in, statements_of
from core.findings import Verdict
from core.log_chain import NO, YES, Content, Kind
from core.log_times import Typed
from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed
from db.people_schema import Employment
from db.services import log_reading, log_settings, shift_logs
from db.services.log_reading import Filters
from tests.db.filed import TODAY
from tests.db.logged import a_shift, in_charge, later, plant, works
from tests.db.people import NOON, signed_in
from tests.db.test_shift_logs import TOMORROW, note


def test_a_shift_that_nobody_ended_gives_a_right_through_the_day_after_it_began(portal):
    one = plant(portal)
    night = signed_in(portal, Role.OPERATOR, given_name="Nia", family_name="Night")
    in_charge(portal, one.owner, one.facility, night, TODAY, TOMORROW)
    shift = shift_logs.begin_shift(night, one.facility, "Night")
    note(later(night, hours=30), one.facility, shift)
    with pytest.raises(Refused, match="You may not write"):
        note(later(night, days=2), one.facility, shift)
    with pytest.raises(Refused, match="You may not write"):
        shift_logs.end_shift(later(night, days=200), one.facility, shift)
    shift_logs.end_shift(later(one.chief, days=200), one.facility, shift)


def leaves(portal, employee, until):
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Employment).where(Employment.employee_id == employee).values(valid_until=until))


def test_whoever_left_writes_no_more_and_is_not_authorized(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    employee = works(portal, one.owner, one.facility, other)
    log_settings.authorize(one.owner, one.facility, employee, TODAY, date(2099, 12, 31))
    leaves(portal, employee, TOMORROW)
    leaves(portal, one.employee, TOMORROW)
    night = shift_logs.begin_shift(later(one.chief, hours=7), one.facility, "Night")
    note(later(other, hours=18), one.facility, night, "The shift of the last day goes on.")
    shift_logs.end_shift(later(one.chief, hours=19), one.facility, night)
    for asker in (one.chief, other):
        with pytest.raises(Refused, match="You may not write"):
            shift_logs.begin_shift(later(asker, days=1), one.facility, "Day")
    with pytest.raises(Refused, match="Only the owner, or whoever is operator-in-charge"):
        log_settings.authorize(later(one.chief, days=1), one.facility, employee, TOMORROW, TOMORROW)
    for asker in (one.chief, other):
        with pytest.raises(NotAllowed):
            log_reading.log(later(asker, days=2), one.facility)
    (given,) = log_reading.log(later(one.owner, days=1), one.facility).setup.authorizations
    assert not given.employed
    with pytest.raises(Refused, match="Ana Lim is not employed here on 21 November 2026"):
        log_settings.authorize(later(one.owner, days=1), one.facility, employee, TOMORROW, TOMORROW)


def test_whoever_is_authorized_through_a_day_ends_the_night_shift_of_that_day(portal):
    one = plant(portal)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    employee = works(portal, one.owner, one.facility, other)
    given = log_settings.authorize(one.chief, one.facility, employee, TODAY, TODAY)
    shift = shift_logs.begin_shift(later(other, hours=7), one.facility, "Night")
    status = Content(text="All runs.")
    shift_logs.write(later(other, hours=18), one.facility, shift, Kind.STATUS, status)
    with pytest.raises(Refused, match="You may not write"):
        shift_logs.begin_shift(later(other, hours=18), one.facility, "Day")
    log_settings.revoke(later(one.chief, hours=18), given)
    with pytest.raises(Refused, match="You may not write"):
        shift_logs.end_shift(later(other, hours=19), one.facility, shift)


def test_a_beginning_is_not_corrected_away_under_the_entries_of_its_shift(portal):
    one = plant(portal)
    shift = a_shift(one)
    soon = later(one.chief, hours=9)
    mistake = (Kind.NOTE, Content(text="No such shift."), "By mistake.")
    with pytest.raises(Refused, match="its beginning cannot become a note"):
        shift_logs.correct(soon, one.facility, shift, *mistake)
    assert len(log_reading.log(soon, one.facility).shifts) == 1
    alone = shift_logs.begin_shift(soon, one.facility, "Evening")
    as_note = shift_logs.correct(soon, one.facility, alone, *mistake)
    found = log_reading.log(soon, one.facility)
    assert [[each.number for each in shifts] for shifts in (found.shifts, found.withdrawn)] == [[shift], [alone]]
    assert [each.withdrawn for each in log_reading.printed(soon, one.facility).shifts] == [False, True]
    assert log_reading.printed(soon, one.facility, shift=alone).shifts[0].withdrawn
    with pytest.raises(Refused, match="no such shift"):
        note(soon, one.facility, alone)
    back = (Kind.BEGAN, Content(text="Evening"), "It was one.")
    shift_logs.correct(soon, one.facility, as_note, *back)
    note(soon, one.facility, alone)
    assert len(log_reading.log(soon, one.facility).open) == 1


def test_a_time_outside_of_its_shift_is_refused_and_a_late_word_on_all_of_it_stands_at_its_end(portal):
    one = plant(portal)
    shift = a_shift(one, without=(Kind.DEPARTURE, Kind.STATUS))
    late = later(one.chief, hours=10)
    departure = (Kind.DEPARTURE, Content(text="Bypass."))
    for day, clock in ((date(2020, 1, 1), "12:30"), (TODAY, "11:59"), (TODAY, "20:30"), (None, "")):
        with pytest.raises(Refused, match=r"The shift (began|ended) on"):
            shift_logs.write(late, one.facility, shift, *departure, Typed(day, clock))
    shift_logs.write(late, one.facility, shift, *departure, Typed(TODAY, "12:00"))
    shift_logs.write(late, one.facility, shift, Kind.STATUS, Content(text="All runs."))
    (found,) = log_reading.log(late, one.facility).shifts
    assert found.of(Kind.STATUS)[0].happened_at == found.ended
    with pytest.raises(Refused, match="in the log already: it began on 20 November 2026 at 12:00"):
        shift_logs.begin_shift(late, one.facility, "day", Typed(TODAY, "12:00"))
    with pytest.raises(Refused, match="more than two days ago"):
        shift_logs.begin_shift(late, one.facility, "Day", Typed(date(1990, 1, 1), "12:00"))
    shift_logs.begin_shift(late, one.facility, "Day", Typed(date(1990, 1, 1), "12:00"), long_ago=True)


def departure(one, shift, clock, hours=10, text="Bypass."):
    """A departure of today at a time, written so many hours after noon."""
    at = later(one.chief, hours=hours)
    return shift_logs.write(at, one.facility, shift, Kind.DEPARTURE, Content(text=text), Typed(TODAY, clock))


def test_a_corrected_beginning_or_end_leaves_nothing_that_happened_outside_of_its_shift(portal):
    one = plant(portal)
    shift = a_shift(one, without=(Kind.DEPARTURE,))
    early, at_the_end = departure(one, shift, "12:20"), departure(one, shift, "19:30", text="Another.")
    late = later(one.chief, hours=11)
    ended = shift + 7
    began = (Kind.BEGAN, Content(text="Day"), "The clock was wrong.")
    with pytest.raises(Refused) as refused:
        shift_logs.correct(late, one.facility, shift, *began, Typed(TODAY, "12:30"))
    assert str(refused.value.problems[0].sentence) == (
        f"These would then lie outside of the shift: entry {early} of 20 November 2026 at 12:20. Correct their "
        "times first, or put a note in their place."
    )
    with pytest.raises(Refused, match=rf"entry {at_the_end} of 20 November 2026 at 19:30\. Correct"):
        shift_logs.correct(late, one.facility, ended, Kind.ENDED, Content(), "Too late.", Typed(TODAY, "15:10"))
    moved = (Kind.DEPARTURE, Content(text="Bypass."), "The clock was wrong.", Typed(TODAY, "13:20"))
    shift_logs.correct(late, one.facility, early, *moved)
    shift_logs.correct(late, one.facility, shift, *began, Typed(TODAY, "12:30"))
    (found,) = log_reading.log(late, one.facility).shifts
    assert f"{found.began:%H:%M}" == "17:30"


def test_an_end_that_is_typed_is_not_before_what_happened_in_the_shift(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    number = departure(one, shift, "15:30", hours=5)
    quiet = later(one.chief, hours=6)
    shift_logs.write(quiet, one.facility, shift, Kind.ADJUSTMENT, Content(nothing=True))
    shift_logs.write(quiet, one.facility, shift, Kind.STATUS, Content(text="All runs."))
    with pytest.raises(Refused, match=f"outside of the shift: entry {number} of"):
        shift_logs.end_shift(quiet, one.facility, shift, Typed(TODAY, "15:00"))
    shift_logs.end_shift(quiet, one.facility, shift, Typed(TODAY, "15:30"))  # what is said of all of it is late
    (found,) = log_reading.log(quiet, one.facility).shifts
    assert [found.is_late(each) for each in found.of(Kind.STATUS)] == [True]


def test_a_note_that_becomes_what_it_was_comes_back_into_the_shift(portal):
    one = plant(portal)
    shift = a_shift(one, without=(Kind.DEPARTURE,))
    late = later(one.chief, hours=11)
    as_note = (Kind.NOTE, Content(text="Of the shift before."), "By mistake.", Typed(TODAY, "11:00"))
    note_of_it = shift_logs.correct(late, one.facility, departure(one, shift, "12:20"), *as_note)
    again = (Kind.DEPARTURE, Content(text="Bypass."), "It was one.")
    with pytest.raises(Refused, match="The shift began on"):
        shift_logs.correct(late, one.facility, note_of_it, *again)
    shift_logs.correct(late, one.facility, note_of_it, *again, Typed(TODAY, "12:20"))


def test_a_shift_that_was_not_ended_is_shown_with_every_later_day_and_printed(portal):
    one = plant(portal)
    shift = shift_logs.begin_shift(one.chief, one.facility, "Day")
    much_later = later(one.chief, days=400)
    found = log_reading.log(much_later, one.facility)
    assert [each.number for each in found.shifts] == [shift]
    assert {each.shift.number for each in found.found} == {shift}
    assert [each.number for each in log_reading.printed(much_later, one.facility).shifts] == [shift]
    assert log_reading.log(much_later, one.facility, TODAY - timedelta(days=9), 2).shifts == ()


def test_the_log_is_the_only_one_through_the_last_day_of_that(portal):
    one = plant(portal)
    log_settings.set_place(one.owner, one.facility, "only", "", date(2026, 1, 1))
    log_settings.add_pattern(one.owner, one.facility, "Night", "19:00", "7:00", range(7), date(2026, 1, 1), None)
    (place,) = log_reading.log(one.owner, one.facility).setup.places
    log_settings.end_place(one.owner, place.id, TODAY)
    found = log_reading.log(later(one.owner, days=9), one.facility, TOMORROW, 2).found
    assert [each.finding.verdict for each in found] == [Verdict.NOT_MET, Verdict.UNKNOWN]


def test_the_search_says_what_came_late(portal):
    one = plant(portal)
    shift = a_shift(one)
    late = later(one.chief, hours=10)
    number = note(late, one.facility, shift, "Forgotten.")
    shift_logs.correct(late, one.facility, shift + 7, Kind.STATUS, Content(text="All runs."), "Repaired.")
    for found in (log_reading.search(late, one.facility), log_reading.exported(late, one.facility)):
        assert found.late == {number}
    ended = (Kind.ENDED, Content(), "It lasted longer.", Typed(TODAY, "22:00"))
    shift_logs.correct(later(late, hours=11), one.facility, shift + 8, *ended)
    only = Filters(words="Forgotten")
    assert log_reading.search(late, one.facility, only).late == set()
    assert log_reading.exported(late, one.facility, only).late == set()


def test_who_said_how_a_duty_was_met_and_when_stands_in_the_log(portal):
    one = plant(portal)
    shift = a_shift(one)
    shift_logs.say_duty(later(one.chief, hours=9), one.facility, shift, Kind.SAFE, False)
    number = shift_logs.say_duty(
        later(one.chief, days=20), one.facility, shift, Kind.SAFE, True, "I had mistaken the day."
    )
    (found,) = log_reading.log(one.owner, one.facility, TODAY, 1).shifts
    (said,) = statements_of(found, Kind.SAFE)
    assert (said.number, said.content.text, said.author_name) == (number, YES, "Sam Chief")
    assert (said.corrects, said.reason) == (number - 1, "I had mistaken the day.")
    assert (said.happened_at, said.made_at) == (found.ended, NOON + timedelta(days=20))
    assert found.is_late(said)


def test_of_a_duty_speaks_whoever_was_in_charge_and_may_still_write(portal):
    one = plant(portal)
    night = signed_in(portal, Role.OPERATOR, given_name="Nia", family_name="Night")
    in_charge(portal, one.owner, one.facility, night, TODAY, TOMORROW)
    other = signed_in(portal, Role.OPERATOR, given_name="Ana", family_name="Lim")
    in_charge(portal, one.owner, one.facility, other, TOMORROW)
    shift = shift_logs.begin_shift(night, one.facility, "Night")
    with pytest.raises(Refused, match="You may not write"):
        shift_logs.say_duty(later(night, days=9), one.facility, shift, Kind.SAFE, True)
    number = shift_logs.say_duty(night, one.facility, shift, Kind.SAFE, True)
    others = (later(other, days=1), one.facility)
    with pytest.raises(Refused, match="Only whoever was operator-in-charge on 20 November 2026"):
        shift_logs.say_duty(*others, shift, Kind.SAFE, False)
    for kind, content in ((Kind.SAFE, Content(text=NO)), (Kind.NOTE, Content(text="No."))):
        with pytest.raises(Refused, match="Only whoever was operator-in-charge on 20 November 2026"):
            shift_logs.correct(*others, number, kind, content, "Not so.")
    with pytest.raises(Refused, match="Choose yes or no"):
        shift_logs.correct(night, one.facility, number, Kind.SAFE, Content(text="Perhaps"), "Not sure.")
    shift_logs.correct(night, one.facility, number, Kind.SAFE, Content(text=NO), "It was not.")


def test_of_a_duty_each_speaks_for_themselves_and_a_no_is_never_silenced(portal):
    one = plant(portal)
    night = signed_in(portal, Role.OPERATOR, given_name="Nia", family_name="Night")
    in_charge(portal, one.owner, one.facility, night, TODAY)
    shift = a_shift(one)
    chief, nia = later(one.chief, hours=9), later(night, hours=9)
    no = shift_logs.say_duty(chief, one.facility, shift, Kind.SAFE, False)
    shift_logs.say_duty(nia, one.facility, shift, Kind.SAFE, True)

    def said():
        found = log_reading.log(later(one.owner, hours=9), one.facility, TODAY, 1)
        (its,) = found.shifts
        each = [(entry.author_name, entry.content.text) for entry in statements_of(its, Kind.SAFE)]
        return each, met_in(its, Kind.SAFE), found.duties[0].finding.verdict

    assert said() == ([("Sam Chief", NO), ("Nia Night", YES)], False, Verdict.NOT_MET)
    for kind, content in ((Kind.SAFE, Content(text=YES)), (Kind.NOTE, Content(text="No."))):
        with pytest.raises(Refused, match=f"Entry {no} is what Sam Chief has said"):
            shift_logs.correct(nia, one.facility, no, kind, content, "Not so.")
    with pytest.raises(Refused, match="You have said this of the shift already"):
        shift_logs.say_duty(later(chief, hours=1), one.facility, shift, Kind.SAFE, False)
    with pytest.raises(Refused, match="reason"):
        shift_logs.say_duty(chief, one.facility, shift, Kind.SAFE, True)
    shift_logs.say_duty(chief, one.facility, shift, Kind.SAFE, True, "The alarm was a test.")
    assert said() == ([("Nia Night", YES), ("Sam Chief", YES)], True, Verdict.MET)
