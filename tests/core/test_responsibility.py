"""What the law asks of a facility's people on a day, all of it, from what is recorded of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Span
from core.designations import Absence, Basis, Designation, Responsible
from core.employment import Capacity, Spell, Worker
from core.facilities import FacilityType
from core.findings import NOT_YET, Verdict
from core.in_charge import Exercised, Functions
from core.legislation import law
from core.licences import Licence, LicenceClass, LicenceRecord, LicenceType
from core.responsibility import About, InCharge, Recorded, findings_on
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
    assert of_whom(found, About.IN_CHARGE, "129/04", date(2026, 1, 1)) == {}


# --- no order of entering facts changes a finding -----------------------------------------------------------

days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
spans = st.tuples(days, st.integers(1, 300)).map(lambda one: Span(one[0], one[0] + timedelta(days=one[1])))
people = st.sampled_from((1, 2))
designations = st.lists(st.builds(Designation, people, st.sampled_from(Basis), spans), max_size=5)
absences = st.lists(st.builds(Absence, people, spans, st.booleans()), max_size=4)
in_charge = st.lists(st.builds(InCharge, people, spans, st.booleans(), st.booleans()), max_size=4)
notices = st.lists(days, max_size=3)
displays = st.lists(spans, max_size=3)


@given(designations, absences, in_charge, notices, displays, days, st.randoms())
@settings(deadline=None, max_examples=60)
def test_no_order_of_entering_facts_changes_a_finding(named, away, charged, notified, hung, day, random) -> None:
    def entered(order):
        """The same facts, entered in another order. Two at a time that the portal refuses are left aside."""
        responsible = Responsible(
            {1: worker("III"), 2: worker("II")}, tuple(order(_apart(named))), tuple(order(away))
        )
        return Recorded(PLANT, responsible, tuple(order(charged)), tuple(order(notified)), {1: tuple(order(hung))})

    def verdicts(found):
        said = ((one.about, one.person, one.finding.verdict, one.finding.until) for one in found)
        return sorted(said, key=str)

    on = law("129/04", day)
    shuffled = entered(lambda facts: random.sample(facts, len(facts)))
    assert verdicts(findings_on(entered(list), on)) == verdicts(findings_on(shuffled, on))


def _apart(named: list[Designation]) -> list[Designation]:
    """Those that the portal takes: one at a time of those under s. 15 (1), and of the others (reading R27)."""
    taken: list[Designation] = []
    for one in named:
        alike = [other for other in taken if (other.basis is Basis.LICENCE) == (one.basis is Basis.LICENCE)]
        if not any(one.span.overlaps(other.span) for other in alike):
            taken.append(one)
    return taken


@pytest.mark.parametrize("day", [date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 1)])
def test_a_copy_that_moved_hangs_on_every_day(day: date) -> None:
    moved = (Span(date(2025, 1, 1), date(2025, 3, 1)), Span(date(2025, 3, 1)))
    found = of_whom(recorded(displayed={1: moved}), About.DISPLAYED, "129/04", day)
    assert (found[1].verdict, found[2].verdict) == (Verdict.MET, Verdict.UNKNOWN)
