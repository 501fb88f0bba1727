"""The ledgers of reliance against brute force, and findings over time."""

from bisect import bisect_left
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span, add_months
from core.designations import Absence, Basis, Designation, Responsible, overall_responsible
from core.employment import Capacity, Spell, Worker, licensed
from core.facilities import FacilityType
from core.findings import NOT_YET, Decision, Verdict
from core.in_charge import Hours, added_up
from core.legislation import law
from core.licences import Licence, LicenceClass, LicenceRecord, LicenceType
from core.reliance import Ledger, ledger, notice_given, within_engineer_days, within_stand_in_days
from core.timeline import joined, outlook, stretches
from core.works import Works

FIRST, LAST = date(2022, 1, 1), date(2024, 12, 31)
some_days = st.dates(FIRST, LAST)
some_spans = st.lists(
    st.tuples(some_days, st.integers(1, 120)).map(lambda one: Span(one[0], one[0] + timedelta(days=one[1]))),
    max_size=6,
)
PLANT = Works(FacilityType.WASTEWATER_TREATMENT, "2200A", ((Span(date(2004, 8, 1)), LicenceClass.III),))


def every_day(spans: list[Span]) -> set[date]:
    return {one.start + timedelta(days=n) for one in spans if one.end for n in range((one.end - one.start).days)}


@cache
def periods_that_hold(on: date, months: int) -> tuple[date, ...]:
    """The first day of every period of so many months that holds a day."""
    starts = (on - timedelta(days=shift) for shift in range(months * 31 + 1))
    return tuple(start for start in starts if on < add_months(start, months))


def brute_force(days: set[date], months: int, on: date) -> int:
    """The most days, none after `on`, in any period of so many months that holds `on`."""
    recent = sorted(day for day in days if day <= on)
    return max(len(recent) - bisect_left(recent, start) for start in periods_that_hold(on, months))


@given(some_spans, some_days, st.sampled_from((12, 24)))
@settings(max_examples=60)
def test_a_ledger_counts_as_brute_force_does(spans: list[Span], on: date, months: int) -> None:
    days = every_day(spans)
    counted = ledger(spans, months, on)
    assert counted.count(on) == brute_force(days, months, on)
    window = counted.window(on)
    assert (window is None) == (counted.count(on) == 0)
    assert window is None or counted.count(on) == sum(day in window for day in days if day <= on)


@given(some_spans, some_days)
@settings(max_examples=40)
def test_the_verdict_of_a_day_is_that_of_counting(spans: list[Span], on: date) -> None:
    count = brute_force(every_day(spans), 12, on)
    met = within_stand_in_days(spans, (), law("129/04", on)).verdict is Verdict.MET
    assert met == (count <= 150)


@given(some_spans, st.randoms())
@settings(max_examples=40)
def test_no_order_of_entering_spells_changes_a_finding(spans: list[Span], random) -> None:
    shuffled = random.sample(spans, len(spans))
    for rule in (
        lambda relied, on: within_stand_in_days(relied, (), on),
        lambda relied, on: notice_given(relied, (), on),
        within_engineer_days,
    ):
        on = law("129/04", LAST)
        assert rule(spans, on) == rule(shuffled, on)


@given(some_spans)
@settings(max_examples=25)
def test_the_sixtieth_days_are_those_on_which_the_count_comes_to_sixty(spans: list[Span]) -> None:
    days = every_day(spans)
    counted = Ledger(tuple(sorted(days)), 12)
    expected, before = [], 0
    for shift in range((LAST - FIRST).days + 130):
        day = FIRST + timedelta(days=shift)
        now = counted.count(day)
        if before < 60 <= now:
            expected.append(day)
        before = now
    assert list(counted.reaches(60)) == expected


@given(some_spans, some_days, st.integers(1, 180))
@settings(max_examples=40)
def test_the_day_of_breach_is_the_first_over_the_limit(spans: list[Span], start: date, limit: int) -> None:
    past = {day for day in every_day(spans) if day < start}
    counted = Ledger(tuple(sorted(past)), 12)
    breach = counted.over_if_it_goes_on(limit, start)
    going_on = lambda last: past | {start + timedelta(days=n) for n in range((last - start).days + 1)}  # noqa: E731
    assert brute_force(going_on(breach), 12, breach) > limit
    if breach > start:
        eve = breach - timedelta(days=1)
        assert brute_force(going_on(eve), 12, eve) <= limit


def test_150_days_in_a_row_and_the_breach_on_the_151st() -> None:
    assert ledger((), 12, FIRST).over_if_it_goes_on(150, date(2025, 3, 1)) == date(2025, 7, 29)


@given(some_spans, some_days, st.integers(1, 180))
@settings(max_examples=40)
def test_since_when_the_limit_is_passed_is_the_first_of_the_days_over_it(spans, on: date, limit: int) -> None:
    days = every_day(spans)
    counted, first = Ledger(tuple(sorted(days)), 12), on
    if brute_force(days, 12, on) <= limit:
        assert counted.over_since(limit, on) is None
        return
    while brute_force(days, 12, first - timedelta(days=1)) > limit:
        first -= timedelta(days=1)
    assert counted.over_since(limit, on) == first


LIFTED = Span(date(2025, 4, 1), date(2025, 7, 1))


@pytest.mark.parametrize(
    ("directed", "start", "breach"),
    [
        ((), date(2025, 3, 1), date(2025, 7, 29)),
        ((LIFTED,), date(2025, 3, 1), date(2025, 10, 28)),  # 91 days are not counted
        ((LIFTED,), date(2025, 7, 1), date(2025, 11, 28)),
        ((LIFTED,), date(2025, 6, 30), date(2025, 11, 28)),
        ((Span(date(2025, 4, 1)),), date(2025, 3, 1), None),
        # The 31 days before count no more once it has ended.
        ((Span(date(2025, 4, 1), date(2026, 6, 1)),), date(2025, 3, 1), date(2026, 10, 29)),
    ],
)
def test_days_under_a_direction_bring_no_breach_nearer(directed, start: date, breach: date | None) -> None:
    assert ledger((), 12, FIRST, without=directed).over_if_it_goes_on(150, start) == breach


@given(some_spans, some_days, st.integers(1, 150), st.tuples(some_days, st.integers(1, 500)))
@settings(max_examples=40)
def test_the_day_of_breach_passes_over_the_days_of_a_direction(spans, start: date, limit: int, directed) -> None:
    lifted = Span(directed[0], directed[0] + timedelta(days=directed[1]))
    past = [one for one in (span.within(Span(date.min, start)) for span in spans) if one is not None]
    counted = ledger(past, 12, start, without=[lifted])
    days, day = {one for one in every_day(past) if one not in lifted}, start
    while True:
        days |= set() if day in lifted else {day}
        if day not in lifted and brute_force(days, 12, day) > limit:
            break
        day += timedelta(days=1)
    assert counted.over_if_it_goes_on(limit, start) == day
    assert set(counted.left_out) == {one for one in every_day(past) if one in lifted}


# --- people and plans ---------------------------------------------------------------------------------------


def holder(licence_class: str = "III", issued: date = date(2024, 3, 12), **more) -> LicenceRecord:
    expiry = more.pop("expiry", add_months(issued, 36))
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass(licence_class), expiry)
    return LicenceRecord("90012345", licence, issued, None, (), NOT_YET, NOT_YET)


def worker(*records: LicenceRecord, since: date = date(2012, 1, 1), until: date | None = None) -> Worker:
    return Worker(records, date.min, (Spell(Span(since, until), Capacity.OPERATOR),))


def test_each_day_worked_after_a_licence_expired_is_shown_as_unlicensed() -> None:
    """A licence that expired on 2015-06-30, and work from 2015-07-07 to 2016-07-16."""
    worked = Span(date(2015, 7, 7), date(2016, 7, 17))
    somebody = worker(holder(issued=date(2012, 6, 30)), since=worked.start, until=worked.end)
    found = joined(stretches(worked, lambda day: licensed(somebody, PLANT, law("129/04", day))))
    assert [(one.span, one.finding.verdict) for one in found] == [(worked, Verdict.NOT_MET)]
    assert (worked.end - worked.start).days == 376
    assert "30 June 2015" in str(found[0].finding.because)


def responsible(*designations: Designation, absences: tuple[Absence, ...] = ()) -> Responsible:
    workers = {1: worker(holder("III")), 2: worker(holder("II"))}
    return Responsible(workers, designations, absences)


def found(recorded: Responsible, day: date) -> Verdict:
    return overall_responsible(recorded, PLANT, law("129/04", day)).verdict


CHIEF = Designation(1, Basis.LICENCE, Span(date(2024, 6, 1)))


def test_a_lower_class_stands_in_only_while_the_designated_one_is_away() -> None:
    away = Span(date(2025, 3, 1), date(2025, 4, 1))
    stand_in = Designation(2, Basis.STAND_IN, away)
    assert found(responsible(CHIEF, stand_in, absences=(Absence(1, away),)), away.start) is Verdict.MET
    assert found(responsible(CHIEF, stand_in), away.start) is Verdict.UNKNOWN
    assert found(responsible(CHIEF, stand_in, absences=(Absence(1, away, False),)), away.start) is Verdict.NOT_MET


def test_nobody_on_record_is_a_question_and_not_a_breach() -> None:
    finding = overall_responsible(responsible(), PLANT, law("129/04", date(2025, 3, 1)))
    assert finding.verdict is Verdict.UNKNOWN
    assert [need.key for need in finding.needs] == ["designation"]


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2025, 3, 9), Verdict.UNKNOWN),  # employed, and nobody has said whether absent
        (date(2025, 3, 10), Verdict.UNKNOWN),  # the last day of the employment
        (date(2025, 3, 11), Verdict.MET),  # the designation goes on, of somebody who has left
        (date(2025, 3, 31), Verdict.MET),
        (date(2025, 4, 1), Verdict.UNKNOWN),  # back
    ],
)
def test_whoever_has_left_leaves_a_vacancy_though_the_designation_has_no_end(day: date, verdict: Verdict) -> None:
    chief = Worker(
        (holder("III"),),
        date.min,
        (
            Spell(Span(date(2012, 1, 1), date(2025, 3, 11)), Capacity.OPERATOR),
            Spell(Span(date(2025, 4, 1)), Capacity.OPERATOR),
        ),
    )
    stand_in = Designation(2, Basis.STAND_IN, Span(date(2025, 3, 5)))
    recorded = Responsible({1: chief, 2: worker(holder("II"))}, (CHIEF, stand_in))
    finding = overall_responsible(recorded, PLANT, law("129/04", day))
    assert finding.verdict is verdict
    assert ("R21" in finding.readings) == (verdict is Verdict.MET)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_plan_that_goes_on_too_long_says_from_which_day(order: tuple[int, int]) -> None:
    both = (CHIEF, Designation(2, Basis.STAND_IN, Span(date(2025, 3, 1))))
    recorded = responsible(*(both[n] for n in order), absences=(Absence(1, Span(date(2025, 3, 1))),))
    plan = outlook(
        Span(date(2025, 3, 1)),
        lambda day: overall_responsible(recorded, PLANT, law("129/04", day)),
        date(2027, 1, 1),
    )
    assert (plan.first.verdict, plan.changes_on) == (Verdict.MET, date(2025, 7, 29))
    assert plan.then is not None
    assert plan.then.verdict is Verdict.NOT_MET


@given(some_spans, st.lists(st.tuples(some_days, st.integers(1, 200), st.booleans()), max_size=4))
@settings(max_examples=15)
def test_a_kept_finding_answers_until_its_day(spans: list[Span], absences: list[tuple[date, int, bool]]) -> None:
    """From stretch to stretch, each asked about once, the verdicts are those of asking anew every day."""
    away = tuple(Absence(1, Span(day, day + timedelta(days=n)), gone) for day, n, gone in absences)
    stand_ins = tuple(Designation(2, Basis.STAND_IN, one) for one in spans)
    recorded = responsible(Designation(1, Basis.LICENCE, Span(date(2022, 6, 1))), *stand_ins, absences=away)
    for stretch in stretches(Span(FIRST, LAST), lambda day: ask(recorded, day)):
        assert stretch.span.end is not None
        days = (stretch.span.end - stretch.span.start).days
        for shift in {0, days // 2, days - 1}:
            assert found(recorded, stretch.span.start + timedelta(days=shift)) is stretch.finding.verdict


def ask(recorded: Responsible, day: date):
    return overall_responsible(recorded, PLANT, law("129/04", day))


def test_hours_in_charge_add_up_by_person_type_and_class_and_apart_in_training() -> None:
    kind = FacilityType.WASTEWATER_TREATMENT
    entries = [
        Hours(1, kind, LicenceClass.III, False, Decimal("7.5")),
        Hours(1, kind, LicenceClass.III, False, Decimal("0.5")),
        Hours(1, kind, LicenceClass.III, True, Decimal("4")),
        Hours(2, kind, LicenceClass.III, False, Decimal("1")),
    ]
    assert added_up(entries) == {
        (1, kind, LicenceClass.III, False): Decimal("8"),
        (1, kind, LicenceClass.III, True): Decimal("4"),
        (2, kind, LicenceClass.III, False): Decimal("1"),
    }


@pytest.mark.parametrize(
    ("decided", "said"), [(date(2025, 2, 28), "directed on"), (date(2025, 3, 2), "afterwards")]
)
def test_of_days_before_a_direction_was_decided_it_is_said_that_it_came_afterwards(decided, said) -> None:
    on = law("129/04", date(2025, 3, 1))
    topic = on.topic("stand_in_direction")
    period = Span(date(2025, 1, 1), date(2025, 4, 1))
    found = within_stand_in_days(
        (period,), (Decision(topic, True, "A. Director", decided, "No way.", period),), on
    )
    assert (found.verdict, said in str(found.because)) == (Verdict.NOT_APPLICABLE, True)


# Decisions of the Director on the limit, in days from the first: when each was decided, for which days; on which
# of the days 0, 9, 10, 19 and 20 the limit is lifted.
DIRECTED = {
    "directed for twenty days": ([(True, 0, 0, 20)], [0, 9, 10, 19]),
    "ended on the tenth day": ([(True, 0, 0, 20), (False, 10, 10, None)], [0, 9]),
    "the same, recorded the other way about": ([(False, 10, 10, None), (True, 0, 0, 20)], [0, 9]),
    "refused, then directed": ([(False, 0, 0, None), (True, 5, 5, 20)], [9, 10, 19]),
    "ended, then directed again": ([(True, 0, 0, 20), (False, 9, 9, None), (True, 15, 15, 20)], [0, 19]),
    "directed and refused on one day": ([(True, 0, 0, 20), (False, 0, 0, 20)], []),
}


@pytest.mark.parametrize(("decided", "lifted"), DIRECTED.values(), ids=DIRECTED)
def test_of_the_directors_decisions_on_the_limit_the_latest_prevails(decided, lifted) -> None:
    first = date(2025, 3, 1)

    def day(shift: int) -> date:
        return first + timedelta(days=shift)

    topic = law("129/04", first).topic("stand_in_direction")
    directions = [
        Decision(topic, granted, "A. Director", day(on), "No way.", Span(day(start), day(end) if end else None))
        for granted, on, start, end in decided
    ]
    relied = (Span(day(-200), day(30)),)
    days = (0, 9, 10, 19, 20)
    found = {shift: within_stand_in_days(relied, directions, law("129/04", day(shift))) for shift in days}
    assert [shift for shift, one in found.items() if one.verdict is Verdict.NOT_APPLICABLE] == lifted
    assert all("R64" in found[shift].readings for shift in lifted)
