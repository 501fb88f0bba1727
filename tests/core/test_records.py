"""What the law asks of a facility's records, all of it, and what may be entered."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core import record_entries
from core.calendar import Span
from core.employment import Capacity, Spell, Worker
from core.findings import Verdict
from core.legislation import law
from core.log_chain import DUTIES, MAY_BE_NOTHING, NO, YES, Content, Kind
from core.manuals import Contents
from core.records import About, Log, Manual, Recorded, Request, duties_in_charge, findings_on, shifts_on
from core.shifts import Expected, Pattern, expected_shifts, shifts
from core.training import Training
from core.training_sessions import Attendee, Given, Session, TrainingKind
from tests.core.test_shifts import BEGAN, ENDED, EVERY_DAY, NIGHT, TORONTO, WHAT, chain, entry

DAY = date(2025, 3, 10)
ALWAYS = (Span(date(2000, 1, 1)),)
HIRED = Worker(spells=(Spell(Span(date(2020, 1, 1)), Capacity.OPERATOR),))
SHORT = Worker(spells=(Spell(Span(date(2024, 12, 1)), Capacity.OPERATOR),))
ENTRIES = tuple(chain(*(entry(kind, ENDED if kind is Kind.ENDED else BEGAN) for kind in WHAT)))
LOG = Log(TORONTO, ENTRIES, (NIGHT,), ALWAYS, ALWAYS, (Span(date(2025, 1, 1)),))
RECORDED = Recorded(
    {1: HIRED, 2: SHORT},
    {1: Training((Given(date(2024, 5, 1), 2400),), date.min)},
    LOG,
    Contents(*[True] * 6),
    (Manual(4, (date(2024, 1, 1),), (date(2024, 2, 1),)),),
    requests=(Request(date(2025, 3, 1), None, date(2025, 3, 2)),),
)


def test_everything_the_law_asks_of_the_records_of_a_day_is_found() -> None:
    found = findings_on(RECORDED, law("129/04", DAY))
    said = {(one.about, one.id, one.year): one.finding.verdict for one in found}
    assert said[About.TRAINING, 1, 2024] is Verdict.MET
    assert said[About.TRAINING, 1, 2023] is Verdict.NOT_MET
    assert said[About.TRAINING, 1, 2025] is Verdict.MET
    assert said[About.TRAINING, 2, 2024] is Verdict.NOT_APPLICABLE
    assert said[About.EXEMPTION, 2, 2024] is Verdict.NOT_MET
    assert said[About.REVIEWED, 4, None] is Verdict.MET
    for about in (About.REQUEST, About.LOG, About.ORDER, About.ACCESSIBLE, About.MANUALS):
        assert said[about, None, None] is Verdict.MET


def test_what_is_told_of_an_exempt_year_is_told() -> None:
    told = replace(RECORDED, told={(2, 2024): (date(2025, 1, 2),)})
    (notice,) = [
        one for one in findings_on(told, law("129/04", DAY)) if one.about is About.EXEMPTION and one.id == 2
        and one.year == 2024
    ]  # fmt: skip
    assert notice.finding.verdict is Verdict.MET


def test_435_93_knows_no_exemption_and_answers_from_2003_on() -> None:
    found = findings_on(RECORDED, law("435/93", date(2004, 3, 1)))
    assert {one.year for one in found if one.about is About.TRAINING} == {2003, 2004}
    assert not [one for one in found if one.about is About.EXEMPTION]


def test_what_nobody_has_recorded_is_a_question_or_open() -> None:
    nothing = Recorded({1: HIRED}, {}, Log(TORONTO))
    for one in findings_on(nothing, law("129/04", DAY)):
        assert one.finding.verdict is not Verdict.NOT_MET


def test_shifts_are_found_in_order_with_those_that_have_no_record() -> None:
    found = shifts_on(LOG, Span(date(2025, 2, 28), date(2025, 3, 3)), law("129/04", DAY))
    assert [(one.about, one.finding.verdict) for one in found] == [
        (About.SHIFT, Verdict.NOT_MET),
        (About.SHIFT, Verdict.MET),
        (About.ADJUSTMENTS, Verdict.NOT_MET),
        (About.STATUS, Verdict.NOT_MET),
        (About.SHIFT, Verdict.NOT_MET),
    ]
    assert isinstance(found[0].shift, Expected)


def test_before_the_log_is_the_only_one_what_is_missing_may_stand_elsewhere() -> None:
    earlier = Span(date(2024, 12, 31), date(2025, 1, 2))
    found = shifts_on(LOG, earlier, law("129/04", DAY))
    assert [one.finding.verdict for one in found] == [Verdict.UNKNOWN, Verdict.NOT_MET]


def test_after_the_log_was_the_only_one_what_is_missing_may_stand_elsewhere() -> None:
    ended = replace(LOG, only=(Span(date(2025, 1, 1), date(2025, 2, 1)),))
    found = shifts_on(ended, Span(date(2025, 1, 31), date(2025, 2, 2)), law("129/04", DAY))
    assert [one.finding.verdict for one in found] == [Verdict.NOT_MET, Verdict.UNKNOWN]


@pytest.mark.parametrize(("starts", "minutes"), [(time(0), -5), (time(23, 30), 40)])
def test_a_shift_that_began_on_the_other_side_of_midnight_is_the_one_that_was_expected(starts, minutes) -> None:
    pattern = Pattern("Night", starts, time(8), EVERY_DAY, Span(date(2020, 1, 1)))
    (expected,) = expected_shifts([pattern], Span(date(2025, 3, 2), date(2025, 3, 3)), TORONTO)
    began = expected.begins + timedelta(minutes=minutes)
    kept = replace(LOG, patterns=(pattern,), entries=tuple(chain(entry(Kind.BEGAN, began))))
    found = shifts_on(kept, Span(date(2025, 3, 2), date(2025, 3, 3)), law("129/04", DAY))
    assert not [one for one in found if isinstance(one.shift, Expected)]


def test_a_shift_that_nobody_ended_is_a_finding_of_every_later_day() -> None:
    open_ = replace(LOG, patterns=(), entries=ENTRIES[:1])
    found = shifts_on(open_, Span(date(2026, 3, 9), date(2026, 3, 11)), law("129/04", date(2026, 3, 10)))
    assert {one.finding.verdict for one in found} == {Verdict.NOT_MET}


def test_an_entry_moved_to_another_shift_stands_in_that_one() -> None:
    of_other = [replace(entry(kind, ENDED), shift=8) for kind in (Kind.BEGAN, Kind.CONDITION)]
    moved = replace(of_other[1], corrects=5)
    first, second = shifts(chain(*ENTRIES, of_other[0], moved))
    assert [one.kind for one in first.standing].count(Kind.CONDITION) == 0
    assert [one.kind for one in second.standing] == [Kind.BEGAN, Kind.CONDITION]


def test_the_duties_that_no_record_proves_are_asked_of_whoever_is_in_charge() -> None:
    days = Span(date(2025, 3, 1), date(2025, 3, 2))
    said = replace(entry(Kind.SAFE, ENDED), content=Content(YES))
    kept = replace(LOG, entries=tuple(chain(*ENTRIES, said)))
    safe, monitored = duties_in_charge(kept, days, law("129/04", DAY))
    assert (safe.finding.verdict, monitored.finding.verdict) == (Verdict.MET, Verdict.UNKNOWN)
    assert monitored.finding.needs[0].asked_of == "operator"
    assert "departures from procedures: 1, special instructions: 1" in str(safe.finding.because)
    assert str(safe.finding.citation) == "O. Reg. 129/04, s. 18 (2) (a)"
    denied = replace(entry(Kind.SAFE, ENDED), content=Content(NO))
    kept = replace(kept, entries=tuple(chain(*ENTRIES, said, denied)))
    assert duties_in_charge(kept, days, law("129/04", DAY))[0].finding.verdict is Verdict.NOT_MET


# --- what may be entered ------------------------------------------------------------------------------------

FULL = Content("Pump 2", by="B. Chief", action="Pump 3 on", conclusions="Worn", operators=("A. Operator",))


@pytest.mark.parametrize("kind", Kind)
def test_an_entry_says_what_its_kind_asks_for(kind: Kind) -> None:
    full = replace(FULL, text=YES) if kind in DUTIES else FULL
    assert not record_entries.log_entry(kind, full, BEGAN, BEGAN)
    for field in record_entries.fields_of(kind):
        lacking = replace(full, **{field: () if field == "operators" else "  "})
        (problem,) = record_entries.log_entry(kind, lacking, BEGAN, BEGAN)
        assert problem.field == field


@pytest.mark.parametrize("kind", Kind)
def test_nothing_to_report_is_said_only_where_there_may_be_nothing(kind: Kind) -> None:
    problems = record_entries.log_entry(kind, Content(nothing=True), BEGAN, BEGAN)
    assert [one.field for one in problems] == ([] if kind in MAY_BE_NOTHING else ["nothing"])


def test_nothing_and_something_at_once_is_refused() -> None:
    both = Content("Pump 2", nothing=True)
    assert [one.field for one in record_entries.log_entry(Kind.DEPARTURE, both, BEGAN, BEGAN)] == ["nothing"]


def test_what_is_still_to_come_is_not_entered() -> None:
    later = BEGAN + timedelta(minutes=1)
    assert [one.field for one in record_entries.log_entry(Kind.NOTE, FULL, later, BEGAN)] == ["happened_at"]


def test_a_shift_ends_after_it_began_and_once() -> None:
    (shift,) = shifts(ENTRIES)
    running = replace(shift, ended=None)
    assert not record_entries.shift_ended(running, ENDED, TORONTO)
    (early,) = record_entries.shift_ended(running, BEGAN, TORONTO)
    assert "began on 1 March 2025 at 19:00" in str(early)
    (twice,) = record_entries.shift_ended(shift, ENDED, TORONTO)
    assert "ended on 2 March 2025 at 07:00" in str(twice)


def test_what_an_entry_tells_of_happened_in_its_shift() -> None:
    (shift,) = shifts(ENTRIES)
    half_a_minute_later = replace(shift, began=BEGAN + timedelta(seconds=30))
    for happened in (BEGAN, ENDED):
        assert not record_entries.within_shift(Kind.DEPARTURE, happened, half_a_minute_later, TORONTO)
    for happened in (BEGAN - timedelta(minutes=1), ENDED + timedelta(minutes=1)):
        (problem,) = record_entries.within_shift(Kind.DEPARTURE, happened, shift, TORONTO)
        assert "Enter" in str(problem)
        assert not record_entries.within_shift(Kind.NOTE, happened, shift, TORONTO)


def test_a_shift_does_not_begin_within_one_of_its_name_nor_long_ago_by_a_slip() -> None:
    (shift,) = shifts(ENTRIES)

    def wrong(name, began, long_ago=False):
        problems = record_entries.shift_began(name, began, ENDED, [shift], TORONTO, long_ago=long_ago)
        return [one.field for one in problems]

    assert wrong(" NIGHT ", BEGAN) == ["happened_at"]
    assert wrong("Night", ENDED) == []
    assert wrong("Day", BEGAN) == []
    assert wrong("Day", ENDED - timedelta(days=2)) == []
    assert wrong("Day", ENDED - timedelta(days=2, minutes=1)) == ["long_ago"]
    assert wrong("Day", ENDED - timedelta(days=900), long_ago=True) == []


def test_the_beginning_of_a_shift_with_entries_never_becomes_a_note_and_a_note_becomes_what_it_was() -> None:
    (problem,) = record_entries.kind_of_correction(Kind.NOTE, ENTRIES[0], ENTRIES)
    assert "such as entry 7" in str(problem)
    alone = chain(entry(Kind.BEGAN), entry(Kind.NOTE, corrects=1))
    assert not record_entries.kind_of_correction(Kind.NOTE, alone[0], alone[:1])
    assert not record_entries.kind_of_correction(Kind.BEGAN, alone[1], alone)
    (problem,) = record_entries.kind_of_correction(Kind.ENDED, alone[1], alone)
    assert "the same kind" in str(problem)
    ended = chain(entry(Kind.BEGAN), entry(Kind.ENDED), entry(Kind.NOTE, corrects=2), entry(Kind.ENDED))
    (problem,) = record_entries.kind_of_correction(Kind.ENDED, ended[2], ended)
    assert "Entry 4 says this already" in str(problem)


def test_the_designation_of_a_shift_is_short_in_a_correction_too() -> None:
    assert record_entries.log_entry(Kind.BEGAN, Content("N" * 1900), BEGAN, BEGAN)


def test_a_correction_names_an_entry_that_stands_and_says_why() -> None:
    assert not record_entries.correction(ENTRIES[2], {1}, "wrong pump")
    assert [one.field for one in record_entries.correction(ENTRIES[2], {3}, " ")] == ["reason", "corrects"]
    assert [one.field for one in record_entries.correction(None, (), "wrong pump")] == ["corrects"]


SESSION = Session(
    (Given(DAY, 90),), "Chlorine", TrainingKind.SAFETY, (Attendee(1, "A. Operator", "Shift operator"),)
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"held": ()}, "held"),
        ({"held": (Given(DAY + timedelta(days=1), 90),)}, "day_1"),
        ({"held": (Given(DAY, 0),)}, "hours_1"),
        ({"held": (Given(DAY, 1440),)}, None),
        ({"held": (Given(DAY, 1441),)}, "hours_1"),
        ({"held": (Given(DAY, 60), Given(DAY, 60))}, "day_2"),
        ({"subjects": " "}, "subjects"),
        ({"attended": ()}, "attended"),
        ({"attended": (Attendee(1, "A. Operator", ""),)}, None),  # asked for by the days that are right
        ({"attended": (Attendee(1, "A. Operator", "x" * 201),)}, "attended"),
        ({"attended": SESSION.attended * 2}, "attended"),
    ],
)
def test_a_session_is_entered_whole(changed: dict, field: str | None) -> None:
    assert [one.field for one in record_entries.session(replace(SESSION, **changed), DAY)] == (
        [field] if field else []
    )


def test_a_position_that_is_not_known_is_asked_for_by_name() -> None:
    (problem,) = record_entries.positions([Attendee(1, "A. Operator", ""), Attendee(2, "B. Operator", "Chief")])
    assert "In what position did A. Operator attend?" in str(problem.sentence)


def test_a_manual_names_its_place_and_both_days() -> None:
    assert not record_entries.manual("Plant manual", "Control room", DAY, DAY, DAY)
    problems = record_entries.manual("", "", None, DAY + timedelta(days=1), DAY)
    assert [one.field for one in problems] == ["name", "place", "reviewed", "updated"]


def test_one_shift_of_a_name_begins_on_a_day() -> None:
    again = Pattern("night", time(23), time(7), frozenset({0}), Span(date(2026, 1, 1)))
    assert [one.field for one in record_entries.pattern(again, [NIGHT])] == ["designation"]
    assert not record_entries.pattern(again, [replace(NIGHT, weekdays=EVERY_DAY - {0})])
    assert not record_entries.pattern(again, [replace(NIGHT, span=Span(date(2020, 1, 1), date(2026, 1, 1)))])
    empty = record_entries.pattern(replace(again, weekdays=frozenset()), [])
    assert [one.field for one in empty] == ["weekdays"]


def test_an_authorization_says_until_when_and_its_giver_is_in_charge() -> None:
    assert not record_entries.authorization(Span(DAY, DAY + timedelta(days=9)), None)
    assert [one.field for one in record_entries.authorization(Span(DAY), False)] == ["last", "given_by"]
