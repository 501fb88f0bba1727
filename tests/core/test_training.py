"""Hours of training: the average by three readings, and every sum against a count by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span
from core.cases import Case
from core.employment import Capacity, Spell, Worker
from core.findings import Verdict
from core.legislation import NotOnFile, law
from core.training import Training, annual_training, averages, days_employed, exemption_notified, year_of_training
from core.training_sessions import Attendee, Given, Session, TrainingKind, in_hours, session_recorded
from core.working_days import next_open_day
from tests.core.record_rules import OTHER_READINGS, training, worker
from tests.core.tables import cases

ON = date(2025, 1, 1)
ALWAYS = Worker(spells=(Spell(Span(date(2015, 1, 1)), Capacity.OPERATOR),))


def hours(**of_years: float) -> Training:
    given = tuple(Given(date(int(year[1:]), 6, 1), int(one * 60)) for year, one in of_years.items())
    return Training(given, date.min)


@pytest.mark.parametrize(
    ("case", "reading"),
    [(case, reading) for case in cases("records.md") if "sliding" in case.cells for reading in OTHER_READINGS],
    ids=lambda one: one["case"] if isinstance(one, Case) else one,
)
def test_the_readings_not_taken_find_what_stands_beside_the_case(case: Case, reading: str) -> None:
    on = law(case["regulation"], date.fromisoformat(case["on"]))
    assert OTHER_READINGS[reading](dict(case.facts), on).verdict.value == case[reading]


@pytest.mark.parametrize("case", list(cases("missing_hours.md")), ids=lambda case: case["case"])
def test_what_is_missing_by_when_is_what_the_case_says(case: Case) -> None:
    facts = {"employed": "2000-01-01 on"} | dict(case.facts)
    on = law(case["regulation"], date.fromisoformat(case["on"]))
    found = year_of_training(facts["year"], worker(facts), training(facts), on)
    assert (in_hours(found.missing), found.by.isoformat() if found.by else "") == (case["missing"], case["by"])


def test_days_under_another_name_are_the_persons() -> None:
    spells = tuple(Spell(Span(date(2026, month, 1), date(2026, month, 1) + timedelta(41)), Capacity.OPERATOR)
                   for month in (1, 6))  # fmt: skip
    both, on = Worker(spells=spells), law("129/04", date(2026, 11, 30))
    assert days_employed(both, 2026) == 82
    assert year_of_training(2026, both, hours(), on).missing == 2400


@pytest.mark.parametrize(
    ("regulation", "year", "on"),
    [
        ("129/04", 2020, date(2026, 1, 1)),
        ("129/04", 2004, date(2026, 1, 1)),
        ("129/04", 2021, date(2021, 12, 2)),
        ("435/93", 2002, date(2004, 1, 1)),
    ],
)
def test_a_year_of_before_the_text_on_file_is_refused(regulation: str, year: int, on: date) -> None:
    with pytest.raises(NotOnFile, match="Nearest on file"):
        annual_training(year, ALWAYS, hours(), law(regulation, on))


def test_2021_is_the_first_year_that_129_04_answers_for() -> None:
    assert annual_training(2021, ALWAYS, hours(y2021=40), law("129/04", ON)).verdict is Verdict.MET


def test_what_is_missing_is_said_in_hours_with_the_last_day() -> None:
    found = annual_training(2025, ALWAYS, hours(y2025=12.5), law("129/04", date(2025, 7, 1)))
    assert (found.due, found.until) == (date(2025, 12, 31), date(2026, 1, 1))
    assert str(found.because).endswith("at least 40 h: 27 h 30 min missing by 31 December 2025.")


def test_an_open_block_says_what_is_missing_and_by_when() -> None:
    found = annual_training(2025, ALWAYS, hours(y2025=30), law("129/04", date(2026, 3, 1)))
    assert (found.verdict, found.due) == (Verdict.UNKNOWN, date(2027, 12, 31))
    assert "90 h more of training by 31 December 2027" in str(found.needs[0].asks)
    assert "R11" in found.readings


def test_a_persons_year_has_its_sums_and_the_three_readings_beside_one_another() -> None:
    year = year_of_training(2025, ALWAYS, hours(y2023=40, y2024=60, y2025=20), law("129/04", date(2026, 1, 1)))
    assert (year.days, year.minutes, year.missing, year.by) == (365, 1200, 6000, date(2027, 12, 31))
    assert year.averages is not None
    three = (year.averages.blocks, year.averages.sliding, year.averages.years_employed)
    assert [one.years for one in three] == [(2025, 2026, 2027), (2023, 2024, 2025), (2025, 2026, 2027)]
    assert [one.missing // 60 for one in three] == [100, 0, 100]
    assert [one.last.year for one in three] == [2027, 2025, 2027]


@pytest.mark.parametrize(
    ("year", "given", "averaged", "short"),
    [
        (2026, {"y2025": 40, "y2026": 10}, False, None),
        (2026, {"y2025": 10, "y2026": 10}, True, 2025),
        (2026, {"y2025": 100}, True, None),  # the three years lack less than the year
        (2021, {"y2021": 39}, False, None),  # before any average
    ],
)
def test_it_is_said_which_hours_bind_the_year_or_its_three_years_and_since_when(year, given, averaged, short):
    found = year_of_training(year, ALWAYS, hours(**given), law("129/04", date(2026, 11, 30)))
    assert (found.averaged, found.short) == (averaged, short)


def test_an_exempt_year_is_missing_nothing() -> None:
    short = Worker(spells=(Spell(Span(date(2025, 1, 1), date(2025, 2, 1)), Capacity.OPERATOR),))
    year = year_of_training(2025, short, hours(), law("129/04", date(2026, 1, 1)))
    assert (year.finding.verdict, year.missing) == (Verdict.NOT_APPLICABLE, 0)


def test_the_notice_of_an_exempt_year_waits_for_the_day_on_which_the_office_opens() -> None:
    short = Worker(spells=(Spell(Span(date(2026, 1, 1), date(2026, 2, 1)), Capacity.OPERATOR),))
    found = exemption_notified(2026, short, (), {date(2027, 1, 1)}, law("129/04", date(2026, 6, 1)))
    assert found.due == date(2027, 1, 4)
    assert next_open_day(date(2027, 1, 1), ()) == date(2027, 1, 1)


def test_training_of_another_owner_counts_and_the_same_session_counts_once() -> None:
    here = Session(
        (Given(date(2025, 3, 1), 480),), "Chlorine", TrainingKind.SAFETY, (Attendee(1, "A", "Operator"),) * 2
    )
    assert here.given_to(1) == (Given(date(2025, 3, 1), 480),)
    assert here.given_to(2) == ()


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"subjects": " "}, "subjects"),
        ({"attended": ()}, "names"),
        ({"attended": (Attendee(1, "A. Operator", ""),)}, "position"),
        ({"held": ()}, "days"),
        ({"held": (Given(date(2025, 3, 1), 0),)}, "duration"),
    ],
)
def test_a_session_whose_record_lacks_something_says_what(changed: dict, lacks: str) -> None:
    whole = {
        "held": (Given(date(2025, 3, 1), 90),),
        "subjects": "Chlorine",
        "kind": TrainingKind.SAFETY,
        "attended": (Attendee(1, "A. Operator", "Shift operator"),),
    }
    assert session_recorded(Session(**whole).record, law("129/04", ON)).verdict is Verdict.MET
    found = session_recorded(Session(**(whole | changed)).record, law("129/04", ON))
    assert found.verdict is Verdict.NOT_MET
    assert any(lacks in str(part.because) for part in found.parts if part.verdict is Verdict.NOT_MET)


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 h"), (59, "59 min"), (60, "1 h"), (2399, "39 h 59 min")])
def test_a_duration_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert in_hours(minutes) == said


# --- against a count by hand ------------------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
lengths = st.none() | st.integers(0, 900)
spans = st.tuples(days, lengths).map(
    lambda one: Span(one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
)
spells = st.lists(st.builds(Spell, spans, st.sampled_from(Capacity)), max_size=4)
trained = st.lists(st.builds(Given, days, st.integers(1, 4000)), max_size=12)


def employed_on(found: list[Spell], year: int) -> list[date]:
    every = [date(year, 1, 1) + timedelta(days=shift) for shift in range(366)]
    here = [day for day in every if day.year == year]
    return [day for day in here if any(day in one.span and one.capacity != "other" for one in found)]


def by_hand(years: tuple[int, ...], found: list[Spell], sessions: list[Given], on: date) -> Verdict:
    """The average of some years as s. 21 (1.1) and readings R11, R12 and R42 have it, day by day."""
    counted = {year: employed_on(found, year) for year in years}
    owed = [year for year in years if not 1 <= len(counted[year]) <= 59]
    if not owed:
        return Verdict.NOT_APPLICABLE
    if any(not counted[year] and on > date(year, 12, 31) for year in years):
        return Verdict.NOT_MET
    minutes = sum(one.minutes for one in sessions if one.day.year in owed and one.day <= on)
    begun = all(any(day <= on for day in counted[year]) for year in years)
    if begun and minutes >= 40 * 60 * len(owed):
        return Verdict.MET
    return Verdict.UNKNOWN if on <= date(years[-1], 12, 31) else Verdict.NOT_MET


@given(spells, trained, days, st.integers(0, 3))
@settings(max_examples=300)
def test_hours_and_blocks_are_those_counted_by_hand(found, sessions, on, back) -> None:
    year = max(on.year - back, 2021)
    on = max(on, date(2021, 12, 31))
    worker, training = Worker(spells=tuple(found)), Training(tuple(sessions), date.min)
    there = len(employed_on(found, year))
    assert days_employed(worker, year) == there
    minutes = sum(one.minutes for one in sessions if one.day.year == year and one.day <= on)
    verdict = annual_training(year, worker, training, law("129/04", on)).verdict
    block = tuple(range(year - (year - 2022) % 3, year - (year - 2022) % 3 + 3))
    if not found:
        expected = Verdict.UNKNOWN
    elif there < 60:
        expected = Verdict.NOT_APPLICABLE
    elif minutes >= 2400 or on <= date(year, 12, 31):
        expected = Verdict.MET
    else:
        expected = Verdict.NOT_MET if year < 2022 else by_hand(block, found, sessions, on)
    assert verdict is expected


@given(spells.filter(bool), trained, days, st.integers(0, 3))
@settings(max_examples=200)
def test_every_reading_of_the_average_is_the_one_counted_by_hand(found, sessions, on, back) -> None:
    on = max(on, date(2022, 1, 1))
    year = max(on.year - back, 2022)
    worker, training = Worker(spells=tuple(found)), Training(tuple(sessions), date.min)
    beside = averages(year, worker, training, law("129/04", on))
    assert (beside is None) is (not employed_on(found, year))
    for one in () if beside is None else (beside.blocks, beside.sliding, beside.years_employed):
        assert year in one.years
        assert one.finding.verdict is by_hand(one.years, found, sessions, on)
        assert one.missing == max(one.needed - one.minutes, 0)


@given(spells, trained, days, st.integers(0, 3))
@settings(max_examples=150)
def test_no_answer_changes_before_the_day_that_it_names(found, sessions, on, back) -> None:
    on = max(on, date(2021, 12, 3))
    year = max(on.year - back, 2021)
    worker, training = Worker(spells=tuple(found)), Training(tuple(sessions), date.min)
    first = annual_training(year, worker, training, law("129/04", on))
    tomorrow = annual_training(year, worker, training, law("129/04", on + timedelta(days=1)))
    assert first.verdict is tomorrow.verdict or first.until == on + timedelta(days=1)


@given(trained, st.randoms())
@settings(max_examples=50)
def test_the_order_of_sessions_changes_no_sum(sessions, random) -> None:
    shuffled = Training(tuple(random.sample(sessions, len(sessions))))
    assert shuffled.minutes(range(2020, 2031), date.max) == sum(one.minutes for one in sessions)


def test_hours_are_exact() -> None:
    ten_minutes = tuple(Given(date(2021, 6, 1), 10) for _ in range(240))
    assert Decimal(Training(ten_minutes).minutes([2021], date.max)) / 60 == 40
    assert exemption_notified(2021, ALWAYS, None, (), law("129/04", ON)).verdict is Verdict.NOT_APPLICABLE
