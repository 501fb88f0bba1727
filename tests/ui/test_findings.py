"""How findings and points are written."""

from datetime import date

import pytest

from core.calendar import Span
from core.classification import classified_as, classify
from core.findings import Citation, Decision, Finding, Question, Verdict, settle
from core.legislation import law
from core.sentences import Sentence
from ui import findings, points

CITATION = Citation("129/04", "s. 4 (3)")
NASTY = "<img onerror=alert(1)> {x} O'Brien"


@pytest.fixture
def written(monkeypatch):
    """What is drawn, as text."""
    drawn: list[str] = []
    monkeypatch.setattr("streamlit.html", drawn.append)
    return drawn


def test_a_finding_says_its_standing_its_sentence_and_its_citation(written):
    findings.draw(
        Finding(CITATION, Verdict.UNKNOWN, Sentence("Nobody knows."), needs=(Question("k", Sentence("Who?")),))
    )
    assert "Not known" in written[0]
    assert "Nobody knows." in written[0]
    assert f'href="{CITATION.link}"' in written[0]
    assert "Asked of the owner: Who?" in written[0]


def test_an_open_duty_says_by_when(written):
    findings.draw(Finding(CITATION, Verdict.MET, Sentence("Open."), due=date(2027, 3, 12)))
    assert "Due by 12 March 2027" in written[0]


def test_beside_a_citation_of_a_version_that_has_ended_stands_which_one_it_is(written):
    part = Finding(Citation("435/93", "s. 4 (2)"), Verdict.MET, Sentence("So."))
    whole = Finding(CITATION, Verdict.MET, Sentence("So."), (part,))
    ended, former = "</a> (as made)", "</a> (historical version of 30 June 2003)"
    findings.draw(whole)
    findings.draw(whole, on=date(2021, 12, 3))
    findings.draw(whole, on=date(2021, 12, 2))
    assert [(ended in text, former in text) for text in written] == [(False, True), (False, True), (True, True)]


def test_what_people_wrote_never_becomes_markup(written):
    open_ = Finding(CITATION, Verdict.DIRECTOR, Sentence("{x}", x=NASTY))
    decision = Decision(CITATION, True, NASTY, date(2026, 1, 1), NASTY, Span(date(2026, 1, 1)))
    findings.draw(settle(open_, [decision], date(2026, 2, 1)))
    assert "<img" not in written[0]
    assert "&lt;img onerror=alert(1)&gt; {x} O&#x27;Brien" in written[0]


def test_every_part_of_a_classification_can_be_opened(written):
    result = classify("wastewater_treatment", {"population_served": 50_000}, regulation="129/04")
    finding = classified_as(result, "II")
    findings.draw(finding)
    assert written[0].count("<details>") == sum(1 for _ in finding.walk())


@pytest.mark.parametrize(("people", "said"), [(9_999, "Class I"), (None, "Class I to IV")])
def test_the_class_is_said_in_few_words(people, said):
    nothing = dict.fromkeys(law("129/04").points("wastewater_collection").keys)
    if people is not None:
        no = {key: False for key in nothing if "." in key}
        nothing |= no | {"population_served": people, "combined_sewers": "none", "industrial_sewage": "none"}
    result = classify("wastewater_collection", nothing, regulation="129/04")
    assert points.class_in_words(result) == said


@pytest.mark.parametrize("regulation", ["129/04", "435/93", "128/04"])
def test_the_groups_of_the_bar_add_up_to_the_range(regulation):
    for facility_type in law(regulation).regulation.facility_types:
        result = classify(
            facility_type,
            {"population_served": 50_000} if "treatment" in facility_type else {},
            regulation=regulation,
        )
        groups = points.by_group(result)
        assert sum(group.lowest for group in groups) == result.lowest
        assert sum(group.highest for group in groups) == result.highest
        assert min(group.lowest for group in groups) >= 0


def test_a_question_is_not_said_twice(written):
    statement = Sentence("Conspicuous display.")
    asked = Question("k", Sentence("Is this so? {statement}", statement=statement))
    part = Finding(CITATION, Verdict.UNKNOWN, Sentence("Licence 7: Not known: {it}", it=statement), needs=(asked,))
    findings.draw(Finding(CITATION, Verdict.UNKNOWN, Sentence("Not all is known."), (part,), needs=(asked,)))
    (text,) = written
    assert text.count("Conspicuous display.") == 1
    assert text.count("Asked of the owner: Is this so?") == 1
    assert "Licence 7: Conspicuous display." in text


def test_a_provision_and_a_reading_that_several_parts_share_are_told_once(written):
    shared, own = Citation("129/04", "s. 19 (5)"), Citation("129/04", "s. 20 (1)")
    part = Finding(shared, Verdict.MET, Sentence("So."), readings=("R46",))
    shift = Finding(shared, Verdict.MET, Sentence("So."), (part, part), readings=("R46",))
    other = Finding(own, Verdict.MET, Sentence("So."), readings=("R45",))
    findings.draw(Finding(CITATION, Verdict.MET, Sentence("So."), (shift, shift, other)))
    (said,) = written
    assert [said.count(f"<strong>{one}</strong>, in our words") for one in (CITATION, shared, own)] == [1, 1, 1]
    assert [said.count(f"Reading {one}.") for one in ("R46", "R45")] == [1, 1]
    assert said.index(f"<strong>{shared}</strong>") < said.index("<details", said.index("<details") + 1)


def test_of_many_parts_by_one_provision_those_that_stand_are_folded_under_their_number(written):
    many = [Finding(CITATION, Verdict.MET, Sentence("Shift {n}.", n=n)) for n in range(12)]
    wrong = Finding(CITATION, Verdict.NOT_MET, Sentence("The thirteenth."))
    findings.draw(Finding(CITATION, Verdict.NOT_MET, Sentence("So."), (*many, wrong)))
    shown, folded = written[0].split("<summary>12 that stand</summary>")
    assert "The thirteenth." in shown
    assert "Shift 0." not in shown
    assert folded.count("Shift ") == 12


def test_a_provision_of_which_each_part_is_by_a_paragraph_is_told_once(written):
    parts = tuple(Finding(Citation("129/04", f"s. 19 (5), para. {n}"), Verdict.MET, Sentence("{n}.", n=n))
                  for n in range(1, 7))  # fmt: skip
    findings.draw(Finding(Citation("129/04", "s. 19 (5)"), Verdict.MET, Sentence("So."), parts))
    assert written[0].count("in our words") == 1
