"""What an inspection asks, and where each answer stands."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import records, responsibility
from core.calendar import Span
from core.citations import Citation
from core.compliance import Answer, Place, Topic, over_time, place_of, placed, topic_of
from core.findings import Finding, Verdict, all_of, any_of
from core.sentences import Sentence

ON = date(2026, 11, 30)
CITED = Citation("129/04", "s. 15 (1)")


def finding(verdict, until=None, due=None):
    return Finding(CITED, verdict, Sentence("So it is."), until=until, due=due)


def answer(
    verdict=Verdict.MET, topic=Topic.OVERALL, until=None, due=None, about="overall_responsible", person=None
):
    return Answer(topic, about, finding(verdict, until, due), person)


def in_days(number):
    return ON + timedelta(days=number)


@pytest.mark.parametrize(
    ("verdict", "until", "due", "place"),
    [
        # verdict, may change in (days), is due in (days), where it stands
        (Verdict.NOT_MET, None, None, Place.WRONG),
        (Verdict.NOT_MET, 10, None, Place.WRONG),
        (Verdict.UNKNOWN, 10, None, Place.UNKNOWN),
        (Verdict.DIRECTOR, None, None, Place.UNKNOWN),
        (Verdict.NOT_APPLICABLE, 10, None, Place.NOT_APPLICABLE),
        (Verdict.MET, None, None, Place.STANDS),
        (Verdict.MET, 89, None, Place.DUE),
        (Verdict.MET, 90, None, Place.DUE),
        (Verdict.MET, 91, None, Place.STANDS),
        (Verdict.MET, None, 90, Place.DUE),
        (Verdict.MET, None, 91, Place.STANDS),
        (Verdict.MET, None, 0, Place.DUE),
        (Verdict.MET, None, -1, Place.STANDS),
        (Verdict.MET, -1, None, Place.STANDS),
    ],
)
def test_where_an_answer_stands(verdict, until, due, place):
    days = [None if one is None else in_days(one) for one in (until, due)]
    assert place_of(answer(verdict, until=days[0], due=days[1]), ON) is place


def test_what_falls_due_is_in_the_order_of_its_days_and_the_rest_in_that_of_the_questions():
    late = answer(topic=Topic.CLASSIFIED, due=in_days(60))
    soon = answer(topic=Topic.TRAINED, until=in_days(3))
    wrong = [answer(Verdict.NOT_MET, topic) for topic in (Topic.TRAINED, Topic.OVERALL)]
    found = placed([late, soon, *wrong], ON)
    assert found[Place.DUE] == (soon, late)
    assert [one.topic for one in found[Place.WRONG]] == [Topic.OVERALL, Topic.TRAINED]
    assert sum(map(len, found.values())) == 4, "every answer stands in one place"


@pytest.mark.parametrize("about", [*responsibility.About, *records.About])
def test_every_kind_of_finding_answers_a_question(about):
    assert topic_of(about) in Topic


def test_no_two_kinds_of_finding_share_a_name():
    names = [*map(str, responsibility.About), *map(str, records.About)]
    assert len(set(names)) == len(names)


DAYS = 30
VERDICTS = st.lists(st.sampled_from([Verdict.MET, Verdict.NOT_MET, None]), min_size=DAYS, max_size=DAYS)


@given(people=st.lists(VERDICTS, min_size=1, max_size=3))
def test_stretches_say_of_every_day_what_that_day_says(people):
    """None: nothing is found of that person on that day."""

    def ask(day):
        number = (day - ON).days
        for person, verdicts in enumerate(people):
            changes = next((n for n in range(number + 1, DAYS) if verdicts[n] != verdicts[number]), None)
            # Of somebody of whom nothing is found nobody says when that changes: the facility's answer does.
            if verdicts[number] is not None:
                until = None if changes is None else in_days(changes)
                yield answer(verdicts[number], until=until, person=person)
        edges = [n for n in range(number + 1, DAYS) for one in people if one[n] != one[n - 1]]
        yield answer(Verdict.MET, until=in_days(min(edges)) if edges else None)

    found = over_time(Span(ON, in_days(DAYS)), ask)
    for number in range(DAYS):
        said = {one.answer.key: one.answer.finding.verdict for one in found if in_days(number) in one.span}
        assert said == {one.key: one.finding.verdict for one in ask(in_days(number))}
    for one, other in pairwise(found):
        if one.answer.key == other.answer.key and one.span.end == other.span.start:
            assert one.answer.finding.verdict is not other.answer.finding.verdict, "days of one verdict are one"


def test_a_stretch_says_what_its_last_day_says():
    def ask(day):
        said = Sentence("Days that count: {count}.", count=(day - ON).days)
        yield Answer(Topic.STAND_IN, "notice", Finding(CITED, Verdict.MET, said))
        yield answer()

    overall, counting = over_time(Span(ON, in_days(DAYS)), ask)
    assert str(counting.answer.finding.because) == "Days that count: 29."
    assert counting.counted
    assert not overall.counted


BY_STAND_IN = Citation("129/04", "s. 15 (2)")
PART = finding(Verdict.MET)


@pytest.mark.parametrize(
    "later",
    [
        Answer(Topic.OVERALL, "overall_responsible", Finding(BY_STAND_IN, Verdict.MET, Sentence("So it is."))),
        Answer(Topic.OVERALL, "overall_responsible", replace(PART, parts=(PART,))),
        replace(answer(), of=2),
    ],
    ids=["by another provision", "on other parts", "by another person"],
)
def test_a_stretch_ends_where_the_same_verdict_rests_on_something_else(later):
    def ask(day):
        yield later if day >= in_days(5) else replace(answer(until=in_days(5)), of=later.of and 1)

    found = over_time(Span(ON, in_days(DAYS)), ask)
    assert [one.span for one in found] == [Span(ON, in_days(5)), Span(in_days(5), in_days(DAYS))]


@pytest.mark.parametrize(
    ("combined", "decides", "beside", "rows"),
    [
        (any_of, Verdict.MET, (Verdict.UNKNOWN, Verdict.NOT_MET), 1),
        (all_of, Verdict.NOT_MET, (Verdict.UNKNOWN, Verdict.MET), 1),
        (all_of, Verdict.NOT_MET, (Verdict.MET, Verdict.NOT_MET), 2),
    ],
    ids=["another way beside one that is met", "another part beside one that fails", "another part fails too"],
)
def test_only_a_part_that_decides_splits_a_row(combined, decides, beside, rows):
    def ask(day):
        parts = finding(decides, until=in_days(5)), finding(beside[day >= in_days(5)])
        yield replace(answer(), finding=combined(CITED, *parts))

    assert len(over_time(Span(ON, in_days(DAYS)), ask)) == rows


def test_a_period_without_end_is_refused():
    with pytest.raises(ValueError, match="last day"):
        over_time(Span(ON), lambda day: [])
