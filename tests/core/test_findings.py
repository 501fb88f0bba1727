"""Verdicts, their order, and the Director's decisions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Span
from core.citations import Citation
from core.facts import done
from core.findings import (
    NOT_YET,
    Day,
    Decision,
    Finding,
    Question,
    Verdict,
    all_of,
    any_of,
    deciding,
    not_,
    settle,
    until_at_most,
)
from core.legislation import law
from core.sentences import Sentence

HERE = Citation("129/04", "s. 4 (1)")
ALL_OF = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.MET)
ANY_OF = (Verdict.MET, Verdict.UNKNOWN, Verdict.DIRECTOR, Verdict.NOT_MET)

verdicts = st.sampled_from(Verdict)
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))


def finding(verdict: Verdict, until: date | None = None, due: date | None = None) -> Finding:
    asks = (Question(verdict.name, Sentence("What?")),) if verdict is Verdict.UNKNOWN else ()
    return Finding(HERE, verdict, Sentence("{verdict}", verdict=verdict.value), (), asks, ("R1",), until, due)


findings = st.builds(finding, verdicts, st.none() | days, st.none() | days)
trees = st.recursive(
    findings,
    lambda children: st.one_of(
        st.lists(children, max_size=4).map(lambda parts: all_of(HERE, *parts)),
        st.lists(children, max_size=4).map(lambda parts: any_of(HERE, *parts)),
        children.map(not_),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_finding_is_neither_true_nor_false(verdict: Verdict) -> None:
    with pytest.raises(TypeError, match="verdict"):
        bool(finding(verdict))


@given(st.lists(trees, max_size=6))
def test_all_of_and_any_of_obey_their_order(parts: list[Finding]) -> None:
    applicable = [part.verdict for part in parts if part.verdict is not Verdict.NOT_APPLICABLE]
    expected_all = next((verdict for verdict in ALL_OF if verdict in applicable), Verdict.NOT_APPLICABLE)
    expected_any = next((verdict for verdict in ANY_OF if verdict in applicable), Verdict.NOT_APPLICABLE)
    assert all_of(HERE, *parts).verdict is expected_all
    assert any_of(HERE, *parts).verdict is expected_any


@given(st.lists(trees, max_size=6))
def test_every_part_is_kept_and_the_earliest_horizon_prevails(parts: list[Finding]) -> None:
    for combined in (all_of(HERE, *parts), any_of(HERE, *parts)):
        assert combined.parts == tuple(parts)
        assert combined.until == min((part.until for part in parts if part.until), default=None)


@given(st.lists(trees, max_size=6), st.randoms())
def test_the_order_of_parts_does_not_matter(parts: list[Finding], chance) -> None:
    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert all_of(HERE, *parts).verdict is all_of(HERE, *shuffled).verdict
    assert any_of(HERE, *parts).verdict is any_of(HERE, *shuffled).verdict


@given(trees)
def test_not_turns_met_and_not_met_and_keeps_the_rest(one: Finding) -> None:
    turned = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}
    assert not_(one).verdict is turned.get(one.verdict, one.verdict)
    assert not_(not_(one)).verdict is one.verdict


@given(st.lists(verdicts, min_size=1, max_size=6), st.data())
def test_taking_a_fact_away_never_turns_met_into_not_met_or_back(
    known: list[Verdict], data: st.DataObject
) -> None:
    hidden = data.draw(st.integers(0, len(known) - 1))
    less = [Verdict.UNKNOWN if place == hidden else verdict for place, verdict in enumerate(known)]
    for combine in (all_of, any_of):
        before = combine(HERE, *map(finding, known)).verdict
        after = combine(HERE, *map(finding, less)).verdict
        if known[hidden] is not Verdict.NOT_APPLICABLE:
            assert {before, after} != {Verdict.MET, Verdict.NOT_MET}


def test_the_part_that_decides_names_the_provision() -> None:
    there = Citation("129/04", "s. 4 (2)")
    parts = [finding(Verdict.MET), replace(finding(Verdict.NOT_MET), citation=there)]
    assert deciding(all_of(HERE, *parts)) == there
    assert deciding(finding(Verdict.NOT_MET)) == HERE


def test_what_is_unknown_asks_and_what_is_settled_does_not() -> None:
    unknown, met, not_met = map(finding, (Verdict.UNKNOWN, Verdict.MET, Verdict.NOT_MET))
    assert all_of(HERE, met, unknown).needs == unknown.needs
    assert all_of(HERE, not_met, unknown).needs == ()


def test_the_earliest_duty_is_due_when_all_must_be_met_and_the_latest_when_one_suffices() -> None:
    soon = finding(Verdict.MET, due=date(2022, 1, 1))
    late = finding(Verdict.MET, due=date(2023, 1, 1))
    assert all_of(HERE, soon, late).due == date(2022, 1, 1)
    assert any_of(HERE, soon, late).due == date(2023, 1, 1)
    assert any_of(HERE, soon, finding(Verdict.MET)).due is None


def decision(granted: bool, start: date, end: date | None, decided_on: date = date(2022, 1, 1)) -> Decision:
    return Decision(HERE, granted, "A. Director", decided_on, "good reasons", Span(start, end))


OPEN = finding(Verdict.DIRECTOR)


def test_a_decision_settles_for_its_period_and_says_when_it_ends() -> None:
    granted = decision(True, date(2022, 1, 1), date(2023, 1, 1))
    settled = settle(OPEN, [granted], date(2022, 12, 31))
    assert (settled.verdict, settled.until, settled.decision) == (Verdict.MET, date(2023, 1, 1), granted)
    assert "A. Director" in str(settled.because)
    assert "good reasons" in str(settled.because)
    assert settle(OPEN, [granted], date(2023, 1, 1)).verdict is Verdict.DIRECTOR


def test_a_decision_to_come_settles_nothing_yet_but_sets_the_horizon() -> None:
    undecided = settle(OPEN, [decision(True, date(2022, 6, 1), None)], date(2022, 1, 1))
    assert (undecided.verdict, undecided.until) == (Verdict.DIRECTOR, date(2022, 6, 1))


def test_the_latest_decision_prevails() -> None:
    first = decision(True, date(2022, 1, 1), None, date(2022, 1, 1))
    second = decision(False, date(2022, 1, 1), None, date(2022, 2, 1))
    assert settle(OPEN, [second, first], date(2022, 3, 1)).verdict is Verdict.NOT_MET


def test_a_decision_on_another_provision_settles_nothing() -> None:
    other = replace(decision(True, date(2022, 1, 1), None), citation=Citation("129/04", "s. 4 (2)"))
    assert settle(OPEN, [other], date(2022, 3, 1)).verdict is Verdict.DIRECTOR


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.DIRECTOR])
def test_the_director_settles_only_what_the_law_leaves_to_the_director(verdict: Verdict) -> None:
    one = finding(verdict)
    assert settle(one, [decision(True, date(2022, 1, 1), None)], date(2022, 3, 1)) is one


@pytest.mark.parametrize(("by", "reasons"), [("", "good"), ("A. Director", " ")])
def test_a_decision_without_name_or_reasons_is_refused(by: str, reasons: str) -> None:
    with pytest.raises(ValueError, match="reasons"):
        Decision(HERE, True, by, date(2022, 1, 1), reasons, Span(date(2022, 1, 1)))


duty_days = st.dates(date(2022, 1, 1), date(2022, 3, 1))


@given(st.one_of(st.none(), st.just(NOT_YET), duty_days), st.none() | duty_days, duty_days, st.integers(1, 90))
def test_no_duty_changes_before_its_until(day: Day, by: date | None, on: date, later: int) -> None:
    def ask(when: date) -> Finding:
        return done(law("129/04", when), HERE, "filed", "Filing", day, by=by)

    now, then = ask(on), ask(on + timedelta(days=later))
    if now.until is None or on + timedelta(days=later) < now.until:
        assert then.verdict is now.verdict


def test_a_duty_is_open_through_its_last_day_and_missed_on_the_next() -> None:
    last = date(2022, 2, 1)
    due = done(law("129/04", last), HERE, "filed", "Filing", NOT_YET, by=last)
    assert (due.verdict, due.due, due.until) == (Verdict.MET, last, date(2022, 2, 2))
    missed = done(law("129/04", date(2022, 2, 2)), HERE, "filed", "Filing", NOT_YET, by=last)
    assert (missed.verdict, missed.due) == (Verdict.NOT_MET, None)
    assert str(missed.because) == "Filing: not done, and was due by 1 February 2022."
    never = done(law("129/04", last), HERE, "filed", "Filing", NOT_YET)
    assert str(never.because) == "Filing: not done."


@given(trees, days)
def test_a_finding_made_to_end_ends_by_that_day_in_every_part_and_never_later_than_before(
    found: Finding, day: date
) -> None:
    for before, after in zip(found.walk(), until_at_most(found, day).walk(), strict=True):
        assert after.until == min(day, before.until or day)
        assert after.verdict is before.verdict
