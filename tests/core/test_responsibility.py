"""What the law asks of a facility's people on a day, all of it, from what is recorded of them."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span, add_years
from core.designations import Absence, Basis, Designation, Responsible, overall_responsible
from core.employment import Capacity, Displayed, Spell, Worker
from core.facilities import FacilityType
from core.findings import NOT_YET, Decision, Finding, Verdict
from core.in_charge import Exercised, Functions
from core.legislation import law
from core.licences import Licence, LicenceClass, LicenceRecord, LicenceType
from core.reliance import stand_in_ledger, within_engineer_days
from core.responsibility import About, InCharge, Recorded, findings_on, may_be_in_charge, since, unlicensed
from core.works import Works

PLANT = Works(FacilityType.WASTEWATER_TREATMENT, "2200A", ((Span(date(2000, 1, 1)), LicenceClass.III),))
OLD_DAY = date(2003, 9, 1)
SINCE = date(2003, 1, 1)


def worker(licence_class: str = "III", capacity: Capacity = Capacity.OPERATOR, issued: date = SINCE) -> Worker:
    licence = Licence(
        "1", LicenceType.WASTEWATER_TREATMENT, LicenceClass(licence_class), issued.replace(year=2030)
    )
    record = LicenceRecord("90012345", licence, issued, None, (), NOT_YET, NOT_YET)
    return Worker((record,), date.min, (Spell(Span(SINCE), capacity),))


def recorded(*designations: Designation, **more) -> Recorded:
    workers = {1: worker("III"), 2: worker("II"), 3: worker("II", Capacity.OTHER)}
    return Recorded(PLANT, Responsible(workers, designations), **more)


def of_whom(found: Recorded, about: About, regulation: str = "435/93", day: date = OLD_DAY) -> dict:
    every = findings_on(found, law(regulation, day))
    return {one.person: one.finding for one in every if one.about is about}


# --- O. Reg. 435/93: whoever has the functions --------------------------------------------------------------


def does(person: int, **functions: bool) -> Exercised:
    nothing = Functions(runs_facility=False, sets_parameters=False, directs_operators=False)
    return Exercised(person, Span(SINCE), replace(nothing, **functions))


def test_under_435_93_whoever_has_a_function_is_in_charge_without_a_designation() -> None:
    found = recorded(exercised=(does(1), does(2, sets_parameters=True)))
    assert {who: one.verdict for who, one in of_whom(found, About.IN_CHARGE).items()} == {2: Verdict.MET}
    assert set(of_whom(found, About.TIME)) == {2}
    assert "s. 1" in str(of_whom(found, About.IN_CHARGE)[2].citation)


def test_under_435_93_what_nobody_has_said_of_an_operators_functions_is_a_question() -> None:
    found = of_whom(recorded(exercised=(does(1),)), About.IN_CHARGE)
    assert {who: one.verdict for who, one in found.items()} == {2: Verdict.UNKNOWN}
    assert {need.key for need in found[2].needs} == {"runs_facility", "sets_parameters", "directs_operators"}


def test_under_435_93_whoever_is_overall_responsible_is_in_charge() -> None:
    chief = Designation(1, Basis.LICENCE, Span(SINCE))
    found = of_whom(recorded(chief, exercised=(does(1), does(2))), About.IN_CHARGE)
    assert {who: one.verdict for who, one in found.items()} == {1: Verdict.MET}


def test_functions_of_later_days_answer_from_their_first_day() -> None:
    later = replace(does(1, directs_operators=True), span=Span(OLD_DAY + timedelta(days=5)))
    found = of_whom(recorded(exercised=(later, does(2))), About.IN_CHARGE)
    assert (found[1].verdict, found[1].until) == (Verdict.UNKNOWN, later.span.start)


def test_under_435_93_no_number_of_days_limits_being_in_charge() -> None:
    engineer = InCharge(1, Span(SINCE), as_engineer=True)
    found = recorded(in_charge=(engineer,), exercised=(does(1, runs_facility=True), does(2)))
    assert of_whom(found, About.IN_CHARGE)[1].verdict is Verdict.MET


def test_under_129_04_functions_put_nobody_in_charge() -> None:
    found = recorded(exercised=(does(1, runs_facility=True),))
    (whom,) = of_whom(found, About.IN_CHARGE, "129/04", date(2026, 1, 1)).items()
    assert (whom[0], whom[1].verdict) == (None, Verdict.UNKNOWN)


def test_of_several_in_charge_one_lawful_one_is_enough_and_time_is_asked_of_each() -> None:
    both = (InCharge(1, Span(SINCE)), InCharge(3, Span(SINCE)))
    entries = {1: frozenset({date(2026, 2, 1)})}
    workers = {1: worker(issued=date(2025, 1, 1)), 3: worker()}  # the other's licence expired in 2006
    found = Recorded(PLANT, Responsible(workers), in_charge=both, hours=entries)
    verdicts = {
        who: one.verdict for who, one in of_whom(found, About.IN_CHARGE, "129/04", date(2026, 2, 2)).items()
    }
    assert verdicts == {None: Verdict.MET, 1: Verdict.MET, 3: Verdict.NOT_MET}
    time = {who: one.verdict for who, one in of_whom(found, About.TIME, "129/04", date(2026, 2, 2)).items()}
    assert time == {1: Verdict.MET, 3: Verdict.UNKNOWN}


# --- O. Reg. 129/04: a designation falls with the end of the employment ---------------------------------------

FIRST = date(2026, 1, 10)


def until(last: date, person: int, *others: Spell) -> dict[int, Worker]:
    """Two operators, of whom one is employed until a last day, and again in later spells."""
    spells = (Spell(Span(SINCE, last + timedelta(days=1)), Capacity.OPERATOR), *others)
    both = {1: worker("III", issued=date(2025, 1, 1)), 2: worker("II", issued=date(2025, 1, 1))}
    return both | {person: replace(both[person], spells=spells)}


@pytest.mark.parametrize(("shift", "count", "who"), [(-1, 9, 2), (0, 10, 2), (1, 10, 1), (200, 10, 1)])
def test_whoever_is_employed_no_more_neither_acts_nor_spends_days(shift, count, who) -> None:
    last = FIRST + timedelta(days=9)
    made = (Designation(1, Basis.LICENCE, Span(SINCE)), Designation(2, Basis.STAND_IN, Span(FIRST)))
    away = (Absence(1, Span(FIRST, last + timedelta(days=1))),)
    found = Responsible(until(last, 2), made, away)
    day = last + timedelta(days=shift)
    on = law("129/04", day)
    assert found.acting(day).person == who
    assert stand_in_ledger(found.relied, (), on).count(day) == count
    assert overall_responsible(found, PLANT, on).verdict is Verdict.MET
    assert of_whom(Recorded(PLANT, found), About.NOTICE, "129/04", day)[None].verdict is Verdict.NOT_APPLICABLE


def test_where_the_only_one_designated_is_employed_no_more_the_duty_is_not_met() -> None:
    found = Responsible(until(FIRST, 1), (Designation(1, Basis.LICENCE, Span(SINCE)),))
    on = overall_responsible(found, PLANT, law("129/04", FIRST))
    assert (on.verdict, on.until) == (Verdict.MET, FIRST + timedelta(days=1))
    after = overall_responsible(found, PLANT, law("129/04", FIRST + timedelta(days=1)))
    assert (after.verdict, after.readings) == (Verdict.NOT_MET, ("R39",))


def test_an_engineer_who_left_spends_no_days_in_charge() -> None:
    workers = {person: replace(one, records=()) for person, one in until(FIRST, 1).items()}
    both = (InCharge(1, Span(FIRST - timedelta(days=5)), True), InCharge(2, Span(date(2026, 6, 1)), True))
    found = Recorded(PLANT, Responsible(workers), both)
    assert found.engineers_in_charge(law("129/04", FIRST)) == (
        Span(FIRST - timedelta(days=5), FIRST + timedelta(days=1)),
        Span(date(2026, 6, 1)),
    )


def licensed_later(licence_class: str) -> Recorded:
    """An engineer in charge without a licence for ten days, who then holds one for a year."""
    held_from, last = FIRST + timedelta(days=10), FIRST + timedelta(days=374)
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass(licence_class), last)
    record = LicenceRecord("90012345", licence, held_from, None, (), NOT_YET, NOT_YET)
    engineer = Worker((record,), date.min, (Spell(Span(SINCE), Capacity.ENGINEER),))
    return Recorded(PLANT, Responsible({1: engineer}), in_charge=(InCharge(1, Span(FIRST), True),))


def test_an_engineer_who_comes_to_hold_a_licence_is_in_charge_by_it_and_spends_no_more_days() -> None:
    found = licensed_later("I")
    days = [FIRST + timedelta(days=shift) for shift in (9, 10, 374, 375)]
    every = [of_whom(found, About.IN_CHARGE, "129/04", day)[1] for day in days]
    assert [one.verdict for one in every] == [Verdict.MET] * 4
    spent = found.engineers_in_charge(law("129/04", FIRST))
    assert spent == (Span(FIRST, days[1]), Span(days[3]))
    assert every[0].until == days[1]


def test_days_on_which_an_engineers_licence_is_not_clear_count_for_certain_neither_way() -> None:
    """A listing shows a licence from a day on, and nobody knows since when it is held (reading R28)."""
    listed_on = FIRST + timedelta(days=10)
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.I, FIRST + timedelta(days=374))
    record = LicenceRecord("90012345", licence, None, listed_on, (), NOT_YET, NOT_YET)
    engineer = Worker((record,), None, (Spell(Span(SINCE), Capacity.ENGINEER),))
    before = FIRST - timedelta(days=180)
    found = Recorded(PLANT, Responsible({1: engineer}), in_charge=(InCharge(1, Span(before), True),))
    on = law("129/04", listed_on)
    assert found.engineers_unclear(on) == (Span(before, listed_on),)
    assert all(before not in one and FIRST not in one for one in found.engineers_in_charge(on))
    verdicts = [
        within_engineer_days(
            found.engineers_in_charge(on), law("129/04", day), unclear=found.engineers_unclear(on)
        ).verdict
        for day in (FIRST - timedelta(days=1), FIRST)
    ]
    assert verdicts == [Verdict.MET, Verdict.UNKNOWN], "the 180th of them, and the 181st"


def test_an_engineer_who_comes_to_be_in_training_is_in_charge_no_more_and_the_days_go_on() -> None:
    found = licensed_later("OIT")
    verdicts = [
        of_whom(found, About.IN_CHARGE, "129/04", FIRST + timedelta(days=shift))[1].verdict for shift in (9, 10)
    ]
    assert verdicts == [Verdict.MET, Verdict.NOT_MET]
    assert found.engineers_in_charge(law("129/04", FIRST)) == (Span(FIRST),)


def test_a_new_designation_as_engineer_rests_on_having_no_licence_and_one_that_stands_on_the_licence() -> None:
    found, (made,) = licensed_later("I"), licensed_later("I").in_charge
    days = [law("129/04", FIRST + timedelta(days=shift)) for shift in (9, 10)]
    assert [may_be_in_charge(made, found, on).verdict for on in days] == [Verdict.MET, Verdict.MET]
    begins = [may_be_in_charge(made, found, on, begins=True).verdict for on in days]
    assert begins == [Verdict.MET, Verdict.NOT_MET]


@pytest.mark.parametrize(
    "unclear", [{"cancelled_on": None}, {"suspended": None}, {"issued_on": None}], ids=lambda one: next(iter(one))
)
@pytest.mark.parametrize("complete", [date.min, None])
def test_past_180_days_an_engineer_whose_licence_is_unclear_is_a_question(unclear, complete) -> None:
    found = licensed_later("I")
    record = replace(found.responsible.workers[1].records[0], **unclear)
    engineer = replace(found.responsible.workers[1], records=(record,), complete_from=complete)
    unclear_found = replace(found, responsible=Responsible({1: engineer}))
    on = of_whom(unclear_found, About.IN_CHARGE, "129/04", FIRST + timedelta(days=200))[1]
    assert on.verdict is Verdict.UNKNOWN
    assert on.needs


def test_the_days_of_engineers_are_worked_out_once(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr("core.responsibility._licensed_days", lambda *args: asked.append(args) or ([], []))
    found = licensed_later("I")
    for shift in range(9):
        of_whom(found, About.IN_CHARGE, "129/04", FIRST + timedelta(days=shift))
    assert len(asked) == 1


# --- one at a time --------------------------------------------------------------------------------------------


def acting(day: date, *made: Designation, away: tuple[Absence, ...] = ()) -> Finding:
    workers = until(date(2030, 1, 1), 2) | {3: Worker((), date.min, (Spell(Span(FIRST), Capacity.ENGINEER),))}
    return overall_responsible(Responsible(workers, made, away), PLANT, law("129/04", day))


@pytest.mark.parametrize(
    ("other", "away", "verdict"),
    [
        (None, (), Verdict.MET),
        (Designation(2, Basis.LICENCE, Span(FIRST)), (), Verdict.NOT_MET),
        (Designation(3, Basis.ENGINEER, Span(FIRST)), (), Verdict.NOT_MET),
        (Designation(3, Basis.ENGINEER, Span(FIRST)), (Absence(1, Span(FIRST), False),), Verdict.NOT_MET),
        (Designation(3, Basis.ENGINEER, Span(FIRST)), (Absence(1, Span(FIRST)),), Verdict.MET),
    ],
)
def test_one_serves_at_a_time_and_an_engineer_instead_of_an_operator(other, away, verdict) -> None:
    chief = Designation(1, Basis.LICENCE, Span(SINCE))
    made = [one for one in (chief, other) if one is not None]
    assert acting(FIRST, *made, away=away).verdict is verdict
    assert acting(FIRST - timedelta(days=1), *made, away=away).verdict is Verdict.MET


def test_two_who_stand_in_on_one_day_are_one_too_many() -> None:
    made = (Designation(2, Basis.STAND_IN, Span(FIRST)), Designation(3, Basis.ENGINEER, Span(FIRST)))
    assert acting(FIRST, *made).verdict is Verdict.NOT_MET


def test_one_person_designated_twice_is_one() -> None:
    twice = (Designation(1, Basis.LICENCE, Span(SINCE)), Designation(1, Basis.LICENCE, Span(FIRST)))
    assert acting(FIRST, *twice).verdict is Verdict.MET


@pytest.mark.parametrize(("shift", "verdict"), [(0, Verdict.MET), (1, Verdict.UNKNOWN), (2, Verdict.MET)])
def test_an_engineer_who_is_absent_is_a_question_where_nobody_else_acts(shift, verdict) -> None:
    day = FIRST + timedelta(days=1)
    away = (Absence(3, Span(day, day + timedelta(days=1))),)
    found = acting(FIRST + timedelta(days=shift), Designation(3, Basis.ENGINEER, Span(FIRST)), away=away)
    assert found.verdict is verdict
    assert ("stand_in" in {need.key for need in found.needs}) is (verdict is Verdict.UNKNOWN)


# --- no order of entering facts changes a finding -----------------------------------------------------------

days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
spans = st.tuples(days, st.integers(1, 300)).map(lambda one: Span(one[0], one[0] + timedelta(days=one[1])))
people = st.sampled_from((1, 2))
absences = st.lists(st.builds(Absence, people, spans, st.booleans()), max_size=4)


def facts_of(first: date, last: date) -> st.SearchStrategy:
    """Facts of each kind about two people, and a day."""
    days = st.dates(first, last)
    spans = st.tuples(days, st.integers(1, 300)).map(lambda one: Span(one[0], one[0] + timedelta(days=one[1])))
    a_class = st.sampled_from(tuple(LicenceClass)[1:])
    owner = st.sampled_from(("City of North Bay", "Town of Gravenhurst"))
    does = st.builds(Functions, *[st.sampled_from((None, True, False))] * 3)
    kinds = {
        "designations": st.builds(Designation, people, st.sampled_from(Basis), spans),
        "absences": st.builds(Absence, people, spans, st.booleans()),
        "in_charge": st.builds(InCharge, people, spans, st.booleans(), st.booleans()),
        "notices": days,
        "displays": st.builds(Displayed, spans, st.sampled_from(("", "1", "2"))),
        "spells": st.builds(Spell, spans, st.sampled_from(Capacity), st.booleans()),
        "spells_of_2": st.builds(Spell, spans, st.sampled_from(Capacity), st.booleans()),
        "classes": st.tuples(spans, a_class),
        "owners": st.tuples(spans, owner),
        "issues": st.tuples(days, a_class, st.just("") | owner),
        "directions": spans,
        "worked": days,
        "functions": st.builds(Exercised, people, spans, does),
    }
    return st.tuples(st.fixed_dictionaries({name: st.lists(one, max_size=4) for name, one in kinds.items()}), days)


@pytest.mark.parametrize(
    ("regulation", "first", "last"),
    [("129/04", date(2025, 1, 1), date(2026, 12, 31)), ("435/93", date(2003, 7, 1), date(2004, 5, 13))],
)
@given(data=st.data(), random=st.randoms())
@settings(max_examples=40)
def test_no_order_of_entering_facts_changes_a_finding(regulation, first, last, data, random) -> None:
    facts, day = data.draw(facts_of(first, last))
    on = law(regulation, day)
    citation = on.topic("stand_in_direction")

    def entered(order) -> Recorded:
        """The same facts, entered in another order. Two at a time that the portal refuses are left aside."""
        given = {name: order(_possible(name, several)) for name, several in facts.items()}
        lifted = [
            Decision(citation, True, "A. Director", one.start, "No way.", one) for one in given["directions"]
        ]
        records = tuple(_record(*one) for one in given["issues"])
        workers = {
            1: Worker(records, date.min, tuple(given["spells"])),
            2: replace(worker("II"), spells=tuple(given["spells_of_2"])),
        }
        return Recorded(
            Works(PLANT.facility_type, PLANT.number, tuple(given["classes"]), tuple(given["owners"])),
            Responsible(
                workers,
                tuple(given["designations"]),
                tuple(given["absences"]),
                directions=tuple(lifted),
            ),
            tuple(given["in_charge"]),
            tuple(given["notices"]),
            {1: tuple(given["displays"])},
            {1: frozenset(given["worked"])},
            tuple(given["functions"]),
        )

    def verdicts(found: Recorded) -> list[tuple]:
        said = ((one.about, one.person, one.finding.verdict, one.finding.until) for one in findings_on(found, on))
        return sorted(said, key=str)

    assert verdicts(entered(list)) == verdicts(entered(lambda several: random.sample(several, len(several))))


def _record(issued: date, licence_class: LicenceClass, valid_for: str) -> LicenceRecord:
    expiry = add_years(issued, 3)
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, licence_class, expiry, valid_for)
    return LicenceRecord("90012345", licence, issued, None, (), NOT_YET, NOT_YET)


def _possible(name: str, several: list) -> list:
    """Those that the portal takes: one employment, class, owner or function of somebody at a time."""
    if name == "issues":  # one issue of a licence a day
        return list({one[0]: one for one in several}.values())
    if name == "in_charge":  # one designation of a person at a time
        return list({one.person: one for one in several}.values())
    if name not in ("classes", "owners", "functions"):
        return several
    taken: list = []
    for one in several:
        alike = [other for other in taken if name != "functions" or other.person == one.person]
        if not any(_days_of(one).overlaps(_days_of(other)) for other in alike):
            taken.append(one)
    return taken


def _days_of(fact) -> Span:
    return fact[0] if isinstance(fact, tuple) else fact.span


@settings(max_examples=60)
@given(data=st.data())
def test_no_day_counts_on_which_nobody_who_stands_in_is_employed(data) -> None:
    facts, day = data.draw(facts_of(date(2025, 1, 1), date(2026, 12, 31)))
    workers = {1: Worker((), None, tuple(facts["spells"])), 2: Worker((), None, tuple(facts["spells_of_2"]))}
    found = Responsible(workers, tuple(facts["designations"]))
    on_day = law("129/04", day)
    in_charge = Recorded(PLANT, found, tuple(facts["in_charge"])).engineers_in_charge(on_day)

    def serves(person: int, span: Span, day: date) -> bool:
        spells = workers[person].spells
        return day in span and (not spells or any(day in one.span for one in spells))

    for shift in range(-400, 400, 7):
        on = day + timedelta(days=shift)
        stands_in = [one for one in found.designations if one.basis is Basis.STAND_IN]
        assert any(on in span for span in found.relied) is any(serves(x.person, x.span, on) for x in stands_in)
        engineers = [one for one in facts["in_charge"] if one.as_engineer]
        assert any(on in span for span in in_charge) is any(serves(x.person, x.span, on) for x in engineers)
        acts = found.acting(on)
        assert (acts is None) is not any(serves(x.person, x.span, on) for x in found.designations)


@pytest.mark.parametrize("day", [date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 1)])
def test_a_copy_that_moved_hangs_on_every_day(day: date) -> None:
    moved = (Displayed(Span(date(2025, 1, 1), date(2025, 3, 1))), Displayed(Span(date(2025, 3, 1)), "1"))
    found = of_whom(recorded(displayed={1: moved}), About.DISPLAYED, "129/04", day)
    assert (found[1].verdict, found[2].verdict) == (Verdict.MET, Verdict.UNKNOWN)


# --- since when ---------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(absences, st.lists(spans, max_size=3), st.integers(-60, 400), days)
def test_since_when_is_the_first_of_the_days_with_the_verdict(away, named, expires, on) -> None:
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, on + timedelta(days=expires))
    record = LicenceRecord("90012345", licence, date(2024, 6, 1), None, (), NOT_YET, NOT_YET)
    of_1 = Worker((record,), date.min, (Spell(Span(SINCE, date(2026, 10, 1)), Capacity.OPERATOR),))
    designated = tuple(Designation(1, Basis.LICENCE, span) for span in named[:1])
    found = Recorded(
        PLANT,
        Responsible({1: of_1, 2: worker("II")}, designated, tuple(away)),
        tuple(InCharge(1, span) for span in named),
    )

    @cache
    def verdicts(day: date) -> dict[tuple[About, int | None], Verdict]:
        every = findings_on(found, law("129/04", day))
        return {(one.about, one.person): one.finding.verdict for one in every}

    for one in findings_on(found, law("129/04", on)):
        day = on
        while verdicts(day - timedelta(days=1)).get((one.about, one.person)) is one.finding.verdict:
            day -= timedelta(days=1)
            if day == on - timedelta(days=500):
                break
        first = since(found, one, law("129/04", on), on)
        assert first == day or first < day == on - timedelta(days=500), one.about


# --- the days on which somebody works without a licence -------------------------------------------------------

LAPSED = date(2015, 6, 30)


def licensed_until(last: date, *spells: Spell) -> Worker:
    licence = Licence("1", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, last)
    record = LicenceRecord("90012345", licence, date(2012, 6, 30), None, (), NOT_YET, NOT_YET)
    return Worker((record,), date.min, spells)


def operator(first: date, end: date | None = None) -> Spell:
    return Spell(Span(first, end), Capacity.OPERATOR)


def test_every_day_worked_after_a_licence_expired_is_found() -> None:
    someone = licensed_until(LAPSED, operator(date(2015, 7, 7), date(2016, 7, 17)))
    (span,) = unlicensed(someone, PLANT, "129/04", Span(date(2004, 8, 1), date(2026, 1, 1)))
    assert (span.start, span.last, (span.end - span.start).days) == (date(2015, 7, 7), date(2016, 7, 16), 376)


def test_whoever_goes_on_working_is_unlicensed_from_the_day_after_the_licences_last() -> None:
    someone = licensed_until(LAPSED, operator(date(2012, 1, 1)))
    assert list(unlicensed(someone, PLANT, "129/04", Span(date(2012, 6, 30), date(2015, 7, 1)))) == []
    (span,) = unlicensed(someone, PLANT, "129/04", Span(date(2012, 6, 30), date(2015, 7, 2)))
    assert span == Span(date(2015, 7, 1), date(2015, 7, 2))


def test_an_engineer_is_unlicensed_from_the_day_of_six_months() -> None:
    engineer = Worker((), date.min, (Spell(Span(date(2025, 1, 1)), Capacity.ENGINEER),))
    (span,) = unlicensed(engineer, PLANT, "129/04", Span(date(2025, 1, 1), date(2025, 8, 1)))
    assert span == Span(date(2025, 7, 1), date(2025, 8, 1))


def test_where_nobody_knows_of_a_licence_no_day_is_called_unlicensed() -> None:
    someone = Worker((), None, (operator(SINCE),))
    assert list(unlicensed(someone, PLANT, "129/04", Span(date(2025, 1, 1), date(2025, 8, 1)))) == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 150), st.integers(1, 60)), max_size=3),
    st.integers(-40, 200),
    st.integers(0, 120),
)
def test_the_unlicensed_days_are_those_found_day_by_day(worked, expires, length) -> None:
    start = date(2015, 1, 1)
    spells, free = [], start
    for gap, days in worked:
        first = free + timedelta(days=gap)
        free = first + timedelta(days=days)
        spells.append(operator(first, free))
    someone = licensed_until(start + timedelta(days=expires), *spells)
    shown = Span(start, start + timedelta(days=length))
    found = {
        span.start + timedelta(days=shift)
        for span in unlicensed(someone, PLANT, "129/04", shown)
        for shift in range((span.end - span.start).days)
    }
    asked = {start + timedelta(days=shift) for shift in range(length)}
    on_day = {day: findings_on(Recorded(PLANT, Responsible({1: someone})), law("129/04", day)) for day in asked}
    assert found == {
        day
        for day, every in on_day.items()
        if any(one.about is About.LICENSED and one.finding.verdict is Verdict.NOT_MET for one in every)
    }
