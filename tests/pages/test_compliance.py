"""A facility on a day and its inspection pack, drawn for its owner, and read back."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.compliance import Place, Topic, placed
from core.findings import Verdict
from core.problems import Refused
from core.roles import Role
from db.gate import NotAllowed
from db.services import compliance
from tests.db.employed import EMPLOYED_SINCE, led
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_owner
from tests.pages.drawn import drawn, texts
from tests.pages.test_applications import well
from tests.ui.test_worksheet import read_pdf
from ui import inspected, pack, paper


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def owner(portal):
    return led(portal)[0]


def test_an_owner_sees_first_what_is_wrong_then_what_is_due_and_not_known(owner):
    facility_id = facility_of(owner)
    with drawn("compliance", owner, {"id": str(facility_id)}) as test:
        said = texts(well(test))
    found = compliance.on_day(owner, facility_id)
    for place, heading in (
        (Place.UNKNOWN, "What is not known"),
        (Place.STANDS, "What stands"),
    ):
        many = len(placed(found.answers, found.on)[place])
        assert f"{heading} ({many})" in said
    assert said.index("What is not known") < said.index("What stands")
    assert "Sam Chief" in said
    assert "Asked of the owner:" in said
    assert f'href="/people?id={facility_id}"' in said, "each gap leads to what closes it"
    assert "Recorded 20 November 2026" in said, "each opens to its facts, with who recorded them when"


def test_a_day_before_anybody_was_designated_says_so(owner):
    with drawn("compliance", owner, {"id": str(facility_of(owner)), "day": "2026-03-02"}) as test:
        said = texts(well(test))
    assert "on 2 March 2026" in said
    assert "Overall responsible operator</dt><dd>Nobody on record" in said


def test_an_address_with_a_name_that_is_markup_shows_it_as_text(portal):
    owner = active_owner(portal, "Town")
    with drawn("compliance", owner, {"id": "<script>"}) as test:
        assert "Choose a facility" in texts(well(test))


def test_anothers_facility_is_not_shown(portal, owner):
    other = signed_in(portal, Role.OWNER)
    with pytest.raises(NotAllowed):
        compliance.on_day(other, facility_of(owner))
    with drawn("compliance", other, {"id": str(facility_of(owner))}) as test:
        assert "There is no such facility, or it is not yours." in texts(well(test))


def test_the_pack_of_a_period_says_of_every_question_how_it_stood_and_when(owner):
    facility_id = facility_of(owner)
    chief = next(one for one in compliance.on_day(owner, facility_id).people.employees if one.name == "Sam Chief")
    inspection = compliance.over_period(owner, facility_id, EMPLOYED_SINCE, TODAY)
    overall = [one for one in inspection.stretches if one.answer.topic is Topic.OVERALL]
    assert [(one.span.start, one.span.end, one.answer.finding.verdict) for one in overall] == [
        (EMPLOYED_SINCE, TODAY, Verdict.UNKNOWN),
        (TODAY, TODAY + timedelta(days=1), Verdict.MET),
    ]
    document = pack.of(inspection, TODAY)
    _, text = read_pdf(paper.pdf(document))
    for expected in (
        "Inspection pack: North Bay WPCP",
        "Made on 20 November 2026",
        "First day: 1 January 2026",
        "Version: ",
        "2. Was an overall responsible operator designated, licensed for the class of the facility?",
        "1 January 2026 to 19 November 2026",
        "O. Reg. 129/04, s. 15 (1)",
        "Evidence: what is recorded",
        chief.name,
    ):
        assert expected in text, expected
    headings = [text.index(f"{n}. ") for n in (1, 2, 4, 5)]
    assert headings == sorted(headings), "in the order of an inspector's questions"
    book = load_workbook(BytesIO(paper.excel(document)))
    rows = [[cell.value for cell in row] for row in book["2 Overall"].iter_rows()]
    assert rows[0] == ["Of whom", "Days", "Standing", "Answer", "Citation"]
    assert [row[1] for row in rows[1:]] == [
        "1 January 2026 to 19 November 2026",
        "20 November 2026 to 20 November 2026",
    ]


def test_the_pack_says_what_was_recorded_after_its_last_day(owner):
    last = TODAY - timedelta(days=30)
    inspection = compliance.over_period(owner, facility_of(owner), last, last)
    _, text = read_pdf(paper.pdf(pack.of(inspection, TODAY)))
    assert "Recorded after the last day, or taken back" in text
    assert "Every day" in text


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (TODAY, TODAY - timedelta(days=1), "lies before the first"),
        (date(2023, 11, 20), TODAY, "more than 3 years"),
        (date(1980, 1, 1), date(1980, 1, 2), "on file"),
    ],
)
def test_a_period_that_cannot_be_answered_is_refused_in_a_sentence(owner, first, last, said):
    with pytest.raises(Refused) as refused:
        compliance.over_period(owner, facility_of(owner), first, last)
    assert said in str(refused.value.problems[0].sentence)


def test_three_years_are_answered(owner):
    inspection = compliance.over_period(owner, facility_of(owner), date(2023, 11, 21), TODAY)
    assert inspection.stretches


def test_the_answers_of_a_period_are_those_of_each_of_its_days(owner):
    facility_id = facility_of(owner)
    first = TODAY - timedelta(days=3)
    inspection = compliance.over_period(owner, facility_id, first, TODAY + timedelta(days=3))
    for number in range(7):
        day = first + timedelta(days=number)
        said = [one.answer for one in inspection.stretches if day in one.span]
        assert verdicts(said) == verdicts(compliance.on_day(owner, facility_id, day).answers), day


def verdicts(answers):
    """What is answered, but for shifts: they are asked about over several days."""
    of_shifts = {Topic.LOGS, Topic.ADJUSTMENTS}
    return {(one.key, one.finding.verdict) for one in answers if one.topic not in of_shifts}


def test_a_water_facility_is_not_assessed_and_says_which_regulation_follows(portal):
    owner = active_owner(portal, "Town", replace(FACILITY, facility_type="water_treatment"))
    facility_id = facility_of(owner)
    with drawn("compliance", owner, {"id": str(facility_id)}) as test:
        said = texts(well(test))
    assert "Not assessed: the law of this day on a facility’s people is not modelled here." in said
    assert "128/04" in said
    inspection = compliance.over_period(owner, facility_id, TODAY, TODAY)
    assert "Inspection pack" in read_pdf(paper.pdf(pack.of(inspection, TODAY)))[1]


def test_a_name_with_signs_stands_as_text(portal):
    name = "O'Brien <b>&</b> ${1}"
    owner = active_owner(portal, "Town", replace(FACILITY, name=name))
    with drawn("compliance", owner, {"id": str(facility_of(owner))}) as test:
        assert "O&#x27;Brien &lt;b&gt;&amp;&lt;/b&gt; ${1}" in texts(well(test))


def test_a_pack_of_a_period_that_is_too_long_says_so_and_has_no_buttons(owner):
    asked = {"id": str(facility_of(owner)), "from": "2020-01-01", "to": "2026-11-20"}
    with drawn("compliance", owner, asked) as test:
        assert "are more than 3 years. Choose a shorter period." in texts(well(test))
        assert not test.get("download_button")
    with drawn("compliance", owner, asked | {"from": "2026-11-21"}) as test:
        assert "lies before the first" in texts(well(test))
        assert not test.get("download_button")
    with drawn("compliance", owner, asked | {"from": "2023-11-21"}) as test:
        assert len(well(test).get("download_button")) == 2


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1989-12-31"])
def test_a_day_too_far_away_is_said(owner, day):
    with drawn("compliance", owner, {"id": str(facility_of(owner)), "day": day}) as test:
        said = texts(well(test))
        assert f"The address asks about {day}" in said
        assert "on 20 November 2026" in said


def inspected_with(owner, **changes):
    """What is found today, of one answer alone, that is changed."""
    found = compliance.on_day(owner, facility_of(owner))
    met = next(one for one in found.answers if one.finding.verdict is Verdict.MET)
    return replace(
        found, answers=(replace(met, finding=replace(met.finding, **{"due": None, "until": None} | changes)),)
    )


def written(monkeypatch, found, place):
    drawn_as = []
    monkeypatch.setattr("streamlit.html", drawn_as.append)
    inspected.answers(found, place)
    return "".join(drawn_as)


def test_what_may_end_stands_through_the_day_before(owner, monkeypatch):
    said = written(monkeypatch, inspected_with(owner, until=TODAY + timedelta(days=10)), Place.DUE)
    assert "▲</span> Stands through 29 November 2026" in said.replace("\u00a0", " ")
    assert "May be otherwise from 30 November 2026." in said.replace("\u00a0", " ")
    assert "By " not in said


def test_by_is_said_of_what_is_due_alone(owner, monkeypatch):
    near, far = TODAY + timedelta(days=10), TODAY + timedelta(days=400)
    said = written(monkeypatch, inspected_with(owner, due=near), Place.DUE)
    assert "▲</span> Due by 30 November 2026" in said.replace("\u00a0", " ")
    said = written(monkeypatch, inspected_with(owner, due=far), Place.STANDS)
    summary = said.split("</summary>")[0]
    assert "●</span> Stands" in summary
    assert "▲" not in summary
    assert "Due by 25 December 2027." in said.replace("\u00a0", " ")
