"""A facility on a day and its inspection pack, drawn for its owner, and read back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from core.calendar import Span
from core.citations import Citation
from core.compliance import Place, Topic, placed
from core.findings import Verdict
from core.log_chain import Kind
from core.problems import Refused
from core.roles import Role
from core.sentences import in_english
from db import evidence
from db.gate import NotAllowed
from db.schema import AuditEntry
from db.services import compliance, designations, log_settings, training
from tests.db import logged
from tests.db.employed import EMPLOYED_SINCE, employ_confirmed, led, listed
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_owner
from tests.pages.drawn import drawn, press, texts
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
        said, folds = texts(well(test)), [one.label for one in test.expander]
    found = compliance.on_day(owner, facility_id)
    for place, heading in (
        (Place.UNKNOWN, "What is not known"),
        (Place.STANDS, "What stands"),
    ):
        many = len(placed(found.answers, found.on)[place])
        assert f"{heading} ({many})" in (folds if place is Place.STANDS else said)
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
        "Law from 1 January 2026: O. Reg. 129/04",
        "Its version: ",
        "Overall responsible operator on the last day: Sam Chief",
        "In charge on the last day: ",
        "2. Was an overall responsible operator designated, licensed for the class of the facility?",
        "1 January 2026 to 19 November 2026",
        "O. Reg. 129/04, s. 15 (1)",
        "Evidence: what is recorded",
        chief.name,
    ):
        assert expected in text, expected
    headings = [text.index(f"{n}. {topic.value[:20]}") for n, topic in enumerate(Topic, start=1)]
    assert headings == sorted(headings), "in the order of an inspector's questions"
    book = load_workbook(BytesIO(paper.excel(document)))
    rows = [[cell.value for cell in row] for row in book["2 Overall"].iter_rows()]
    assert (
        rows[0][0] == "2. Was an overall responsible operator designated, licensed for the class of the facility?"
    )
    assert rows[1] == ["Of whom", "Days", "Standing", "Answer", "Citation"]
    assert [row[1] for row in rows[2:]] == [
        "1 January 2026 to 19 November 2026",
        "20 November 2026",
    ]


def test_a_period_names_a_stand_in_and_a_replacement_of_the_same_class(portal):
    owner, chief, second = led(portal)
    facility_id, day = facility_of(owner), timedelta(days=1)
    listed(portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"), ("90000004", "Third", "III"))
    third = employ_confirmed(portal, owner, "Third", "90000004")
    away, back, other = TODAY + 10 * day, TODAY + 13 * day, TODAY + 20 * day
    designations.record_absence(owner, facility_id, chief, away, back - day, "Ill.")
    designations.designate(owner, facility_id, second, "stand_in", away, back - day, "Stands in.")
    of_facility = compliance.on_day(owner, facility_id).people.designations
    of_chief = next(one for one in of_facility if one.employee_id == chief)
    designations.end_designation(owner, of_chief.fact_id, other - day)
    designations.designate(owner, facility_id, third, "licence", other, None, "Runs it.")
    inspection = compliance.over_period(owner, facility_id, TODAY, other + 9 * day)
    overall = [one for one in inspection.stretches if one.answer.about == "overall_responsible"]
    by_person = {one.employee_id: one.person for one in of_facility}
    assert [(one.span.start, one.answer.finding.citation.provision, one.answer.of) for one in overall] == [
        (TODAY, "s. 15 (1)", by_person[chief]),
        (away, "s. 15 (2)", by_person[second]),
        (back, "s. 15 (1)", by_person[chief]),
        (other, "s. 15 (1)", overall[-1].answer.of),
    ]
    assert len({one.answer.of for one in overall}) == len({chief, second, third})


def test_whoever_is_in_charge_and_away_is_said_to_be(portal):
    owner, _, second = led(portal)
    facility_id, tomorrow = facility_of(owner), TODAY + timedelta(days=1)
    designations.designate_in_charge(owner, facility_id, second, TODAY, None)
    designations.record_absence(owner, facility_id, second, tomorrow, tomorrow, "Ill.")
    told = [
        inspected.in_short(compliance.on_day(owner, facility_id, day))["In charge"] for day in (TODAY, tomorrow)
    ]
    assert told == ["Sam Second", "Sam Second (absent)"]


def test_a_sentence_that_counts_names_the_day_on_which_it_did(owner):
    inspection = compliance.over_period(owner, facility_of(owner), EMPLOYED_SINCE, TODAY)
    counted = [one for one in inspection.stretches if one.counted]
    assert counted, "hours of training are missing, each day as many as are due by then"
    rows = {row for table in pack.of(inspection, TODAY).tables for row in table.rows}
    said = {str(row[3]) for row in rows if len(row) == 5}
    for one in counted:
        assert any(words.startswith(f"On {in_english(one.span.last)}: ") for words in said)


def test_a_question_that_nothing_answers_is_asked_all_the_same(owner):
    before = date(2024, 3, 1)
    document = pack.of(compliance.over_period(owner, facility_of(owner), before, before), TODAY)
    asked = {one.heading: one.rows for one in document.tables}
    for number, topic in enumerate(Topic, start=1):
        assert asked[f"{number}. {topic.value}"]
    (nothing,) = asked[f"5. {Topic.LICENSED.value}"]
    assert nothing[3] == "Nothing is recorded that answers this."


def test_a_pack_across_a_change_of_the_law_names_each_version_with_its_first_day(owner):
    first, last = date(2021, 12, 1), date(2021, 12, 5)
    facts = dict(pack.of(compliance.over_period(owner, facility_of(owner), first, last), TODAY).facts)
    assert [name for name in facts if name.startswith("Law from")] == [
        "Law from 1 December 2021",
        "Law from 3 December 2021",
    ]


def test_evidence_is_what_was_so_in_the_period(owner):
    facility_id = facility_of(owner)
    chief = next(one for one in compliance.on_day(owner, facility_id).people.employees if one.name == "Sam Chief")
    ahead = TODAY + timedelta(days=5)
    designations.record_absence(owner, facility_id, chief.employee_id, ahead, ahead, "Away.")
    for last, shown in ((TODAY, False), (ahead, True)):
        document = pack.of(compliance.over_period(owner, facility_id, TODAY, last), TODAY)
        (evidence,) = (one for one in document.tables if one.name == "Evidence")
        assert any("bsent" in what for _, what in evidence.rows) is shown
        day = compliance.on_day(owner, facility_id, last)
        told = [fact for answer in day.answers for fact in inspected.evidence(day, answer)]
        assert any("bsent" in what for what in told) is shown


def test_the_pack_says_what_was_recorded_after_its_last_day(owner):
    last = TODAY - timedelta(days=30)
    inspection = compliance.over_period(owner, facility_of(owner), last, last)
    _, text = read_pdf(paper.pdf(pack.of(inspection, TODAY)))
    assert "Recorded after the last day, or taken back" in text
    assert "8 h: Pumps" not in text
    facility = facility_of(owner)
    chief = next(one for one in inspection.last_day.people.employees if one.name == "Sam Chief").employee_id
    training.record(owner, facility, [(last, Decimal(8))], "Pumps", "technical", {chief: ""})
    (later,) = (one for one in pack.of(compliance.over_period(owner, facility, last, last), TODAY).tables
                if one.name == "Recorded later")  # fmt: skip
    assert any("8 h: Pumps" in what for _, what, _ in later.rows)
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


def test_a_pack_from_before_any_law_on_file_says_so_and_has_no_buttons(owner):
    asked = {"id": str(facility_of(owner)), "from": "1990-06-01", "to": "1991-06-01"}
    with drawn("compliance", owner, asked) as test:
        assert "is not on file" in texts(well(test)) or "on file for" in texts(well(test))
        assert not test.get("download_button")


def test_a_day_before_the_law_keeps_the_facility_and_its_links_and_says_from_when_law_is_on_file(owner):
    facility = facility_of(owner)
    with drawn("compliance", owner, {"id": str(facility), "day": "1991-03-01"}) as test:
        said = texts(well(test))
        assert "This day of North Bay WPCP cannot be answered." in said
        assert "is not on file for 1 March 1991. Nearest on file: from 30 June 2003." in said
        assert_today_is_shown_by_its_button(test)


def assert_today_is_shown_by_its_button(test):
    press(test, "Its compliance today")
    assert "day" not in test.query_params
    assert "id" in test.query_params
    assert "cannot be answered" not in texts(well(test))
    assert "This day is to come" not in texts(test)


def test_what_falls_due_stays_in_the_order_of_its_days(owner, monkeypatch):
    found = compliance.on_day(owner, facility_of(owner))
    met = next(one for one in found.answers if one.finding.verdict is Verdict.MET)
    asked = ((Topic.TRAINED, 3), (Topic.MANUALS, 5), (Topic.TRAINED, 9))
    answers = tuple(
        replace(met, topic=topic, about=f"a{days}", finding=replace(met.finding, due=TODAY + timedelta(days=days)))
        for topic, days in asked
    )
    said = written(monkeypatch, replace(found, answers=answers), Place.DUE)
    days = [said.index(f"Due by {in_english(TODAY + timedelta(days=days))}") for _, days in asked]
    assert days == sorted(days)
    assert said.count(Topic.TRAINED.value) == 2


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1989-12-31"])
def test_a_day_too_far_away_is_said(owner, day):
    with drawn("compliance", owner, {"id": str(facility_of(owner)), "day": day}) as test:
        said = texts(well(test))
        assert f"The address asks about {day}" in said
        assert "from 1 January 1990 through 31 December 2099." in said
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


def test_what_the_director_decides_says_who_is_asked(owner, monkeypatch):
    said = written(monkeypatch, inspected_with(owner, verdict=Verdict.DIRECTOR, needs=()), Place.UNKNOWN)
    assert "Director decides" in said
    assert "Asked of the Director: a decision." in said


def test_the_cover_of_a_pack_says_what_did_not_stand_and_on_which_days(owner):
    found = compliance.over_period(owner, facility_of(owner), TODAY, TODAY + timedelta(days=29))
    one = found.stretches[0]

    def said(*wrong, verdict=Verdict.NOT_MET):
        finding = replace(one.answer.finding, citation=Citation("129/04", "s. 15 (5)"), verdict=verdict)
        spans = [Span(TODAY + timedelta(days=first), TODAY + timedelta(days=end)) for first, end in wrong]
        stretches = tuple(replace(one, span=span, answer=replace(one.answer, finding=finding)) for span in spans)
        facts = dict(pack.of(replace(found, stretches=stretches), TODAY).facts)
        return facts["In the period"].replace("\u00a0", " ")

    nothing = "On no day of the period is anything found that did not stand"
    assert said((0, 30), verdict=Verdict.MET) == f"{nothing}."
    assert said((0, 30), verdict=Verdict.UNKNOWN) == f"{nothing}; what is not known is said under its question."
    whose = "O. Reg. 129/04, s. 15 (5) did not stand"
    assert said((0, 10)) == f"{whose} from 20 November 2026 to 29 November 2026."
    assert said((0, 10), (5, 10), (12, 13)) == (
        f"{whose} from 20 November 2026 to 29 November 2026, and on 2 December 2026."
    ), "of several people together"
    assert said(*((n, n + 1) for n in range(0, 12, 2))) == (
        f"{whose} on 6 days from 20 November 2026 to 30 November 2026."
    )


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


def test_the_pack_names_whose_entries_are_evidence_of_adjustments_and_complete_logs(portal, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 1)
    plant = logged.plant(portal)
    for day in range(3):
        logged.a_shift(plant, hours=24 * day)
    owner = logged.later(plant.owner, hours=60)
    last = TODAY + timedelta(days=20)
    sam = next(one for one in compliance.on_day(owner, plant.facility).people.employees if one.name == "Sam Chief")
    hours = [(TODAY, Decimal(8))]
    training.record(owner, plant.facility, hours, "Pumps", "technical", {sam.employee_id: ""})
    document = pack.of(compliance.over_period(owner, plant.facility, TODAY, last), last)
    (rows,) = (one.rows for one in document.tables if one.name == "Evidence")
    said = [what for _, what in rows]
    of_logs, of_training = (
        [place for place, what in enumerate(said) if word in what] for word in ("entries of all kinds", "Pumps")
    )
    assert max(of_logs) < min(of_training), "in the order of an inspector's questions"
    shift = "Shift Day of 22 November 2026 at 12:00: "
    assert any(f"{shift}adjustment to a process: nothing to report (number 25)" in one for one in said)
    assert any(f"{shift}9 entries of all kinds (number 19 to 27)" in one for one in said)
    assert any("Sam Chief, operator-in-charge" in one for one in said)
    assert "And 2 earlier lines of its shift log, of 20 November 2026 through 21 November 2026." in said
    with drawn("compliance", owner, {"id": str(plant.facility)}) as test:
        page = texts(well(test))
    there = f'href="/log-search?id={plant.facility}&amp;first=2026-11-20&amp;last=2026-11-21"'
    assert there in page


def test_a_day_to_come_tells_what_its_log_lacks_today_with_the_way_there(portal):
    plant = logged.plant(portal)
    log_settings.set_place(plant.owner, plant.facility, "only", "", date(2026, 1, 1))
    logged.a_shift(plant, without=(Kind.OPERATORS, Kind.STATUS))
    owner = logged.later(plant.owner, hours=48)
    today = compliance.on_day(owner, plant.facility)
    wrong = [
        one for one in placed(today.answers, today.on)[Place.WRONG] if one.topic in (Topic.ADJUSTMENTS, Topic.LOGS)
    ]
    assert wrong, "the shift has ended, and its log is not complete"
    asked = {"id": str(plant.facility)}
    with drawn("compliance", owner, asked | {"day": today.on.isoformat()}) as test:
        assert "as it is today" not in texts(well(test))
    with drawn("compliance", owner, asked | {"day": (today.on + timedelta(days=1)).isoformat()}) as test:
        assert f"In the log as it is today {len(wrong)} of what is asked do" in texts(well(test))
        looks = looked(portal)
        test.run()
        assert looked(portal) == looks, "redrawing a page is no look"
        assert_today_is_shown_by_its_button(test)


def looked(portal) -> int:
    """How many looks at a facility as an inspection asks are on record."""
    with portal.database.transaction(writes=False) as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == "facility.inspected"))
