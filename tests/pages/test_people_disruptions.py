"""Strikes and emergencies on the page of a facility's people, for its owner and a reader."""

from datetime import timedelta

import pytest

from core.emergencies import Way
from core.membership import Grant, Right
from core.responsibility import About
from db.services import designations, disruptions, responsibility
from tests.db import members
from tests.db.employed import employ, led
from tests.db.filed import TODAY, facility_of
from tests.pages.drawn import drawn, press, texts
from tests.pages.test_applications import well
from tests.pages.test_people import fill, page

ASKED = "What is asked of an emergency is answered under"


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def verdict(owner, about):
    found = responsibility.people(owner, facility_of(owner))
    return next(
        one.finding.verdict.value for one, _ in found.findings if one.about is about and one.person is None
    )


def test_an_owner_answers_what_an_emergency_asks_and_the_questions_are_settled(portal):
    owner, _chief, _second = led(portal)
    facility, limited = facility_of(owner), employ(owner, "Limited", capacity="other")
    with page(owner) as test:
        assert "No strike, lock-out or emergency is on record." in texts(well(test))
        assert ASKED not in texts(test)
    designations.designate(owner, facility, limited, "emergency", TODAY, None, "A flood.")
    with page(owner) as test:
        assert ASKED in texts(well(test))
        press(test, "Record the emergency")
        assert "Choose whether an emergency was declared." in texts(well(test))
        fill(test, "emergency:", declared="yes", declared_by="The Province <b>", nature="A flood.", shortage="yes",
             necessary="yes", grounds="Two of three are ill.", first=TODAY)  # fmt: skip
        press(test, "Record the emergency")
        assert "It is recorded, and what rests on it is tested again." in texts(well(test))
        fill(test, "emergency-work", employee_id=str(limited), way=Way.PRACTITIONER, clear="yes",
             details="Limited licence 7.", first=TODAY)  # fmt: skip
        press(test, "Record who it is")
        well(test)
        assert verdict(owner, About.OVERALL) == "met"
        assert ASKED not in texts(test)
        fill(test, "submission", kind=f"emergency_notice:{TODAY}", sent_on=TODAY)
        assert "Draft, from what is recorded." in texts(test)
        (text,) = [one for one in test.text_area if "words-emergency_notice" in (one.key or "")]
        assert "First day of employment: 20 November 2026." in text.value
        text.set_value("We employ one person.").run()
        press(test, "Record that it was handed in")
        assert "That it was handed in is recorded." in texts(well(test))
        entry = f"emergency:{responsibility.people(owner, facility).disruptions.emergencies[0].fact_id}"
        assert "We employ one person." in texts(test)
        (ends,) = [one for one in test.selectbox if one.label.startswith("What ends")]
        assert [one for one in ends.options if "From" in one or "No end" in one] == []
        assert any("from 20 November 2026, no end named: " in one for one in ends.options)
        fill(test, "end-disruption", entry=entry, last=TODAY)
        press(test, "Record the end")
        assert "The end is recorded" in texts(well(test))
    assert verdict(owner, About.EMERGENCY_NOTICE) == "met"


def test_which_facts_are_asked_depends_on_who_it_is(portal):
    owner, _chief, second = led(portal)

    def labels(test):
        boxes = (*test.selectbox, *(one for one in test.text_input if one.key and one.key.endswith(".experience")))
        return {one.key.rpartition(".")[2] for one in boxes if (one.key or "").startswith("emergency-work")}

    with page(owner) as test:
        assert labels(well(test)) == {"employee_id", "way", "clear"}
        fill(test, "emergency-work", employee_id=str(second), way=Way.TECHNICIAN)
        assert labels(test) == {"employee_id", "way", "clear", "experience", "trained"}
        fill(test, "emergency-work", way=Way.STAFF)
        assert labels(test) == {"employee_id", "way", "clear", "experience", "trained", "fits", "only_there"}


@pytest.mark.parametrize(("months", "warns"), [(35, True), (36, False)])
def test_whoever_does_not_meet_the_paragraph_is_named_at_once(portal, months, warns):
    owner, _chief, _second = led(portal)
    facility, limited = facility_of(owner), employ(owner, "Limited", capacity="other")
    disruptions.record_emergency(
        owner, facility, True, "The Province", "A flood.", True, True, "Two are ill.", TODAY, None
    )
    with page(owner) as test:
        fill(test, "emergency-work", employee_id=str(limited), way=Way.TECHNICIAN)
        fill(test, "emergency-work", experience=str(months), trained="yes", clear="yes", details="As certified.",
             first=TODAY)  # fmt: skip
        press(test, "Record who it is")
        assert ("But Sam Limited may not serve as recorded: Months of experience" in texts(well(test))) is warns
        assert "It is recorded, and what rests on it is tested again." in texts(test)


def test_a_strike_its_plan_and_what_it_does_not_say(portal):
    owner, _chief, _second = led(portal)
    legal_date = TODAY + timedelta(days=20)
    with page(owner) as test:
        fill(test, "strike", first=legal_date)
        press(test, "Record the strike or lock-out")
        assert "It is recorded." in texts(well(test))
        fill(test, "submission", kind=f"strike_plan:{legal_date}", sent_on=TODAY, known="yes")
        (says,) = [one for one in test.multiselect if one.key.endswith(".contents")]
        says.set_value(["names", "positions"]).run()
        press(test, "Record that it was handed in")
        said = texts(well(test))
    assert "It does not say: each person" in said
    assert verdict(owner, About.STRIKE_PLAN) == "not met"


def test_a_reader_sees_what_is_recorded_and_no_form(portal):
    owner, _chief, _second = led(portal)
    facility = facility_of(owner)
    disruptions.record_strike(owner, facility, TODAY)
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    with drawn("people", reader, {"id": str(facility)}) as test:
        assert "Strikes and lock-outs" in texts(well(test))
        assert not [one for one in test.button if one.label == "Record the strike or lock-out"]


def test_what_was_recorded_by_mistake_is_taken_back(portal):
    owner, _chief, _second = led(portal)
    strike = disruptions.record_strike(owner, facility_of(owner), TODAY)
    with page(owner) as test:
        fill(well(test), "take-back", entry=f"strike:{strike}", reason="There is none.")
        press(test, "Take this entry back")
        assert "The entry is taken back" in texts(well(test))
        assert "No strike, lock-out or emergency is on record." in texts(test)
