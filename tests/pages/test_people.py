"""The page on a facility's people, drawn for its owner, its clerk, an officer and a director."""

from datetime import timedelta

import pytest

from core.designations import Basis
from core.employment import Capacity
from core.membership import Grant, Right
from core.roles import Role
from db.services import designations, responsibility
from tests.db import employed, filed, members
from tests.db.employed import TOMORROW, crew, led
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import active_owner
from tests.pages.drawn import drawn, press, texts
from tests.pages.test_applications import well


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def fill(test, form, **fields):
    """Fills the fields of one form."""
    for field, value in fields.items():
        boxes = (*test.text_input, *test.text_area, *test.selectbox, *test.checkbox)
        (box,) = [one for one in boxes if (one.key or "").startswith(form) and one.key.endswith(f".{field}")]
        box.set_value(value.isoformat() if hasattr(value, "isoformat") else value)
        test.run()
    return test


def page(owner, **query):
    return drawn("people", owner, {"id": str(facility_of(owner))} | query)


def test_an_empty_facility_says_what_to_do_and_the_first_employee_is_recorded(portal):
    owner = active_owner(portal)
    with page(owner) as test:
        assert "nobody on record" in texts(well(test))
        assert "Nobody is recorded as employed here." in texts(test)
        fill(test, "employ", given_name="Sam", family_name="O'Brien ${1}<b>", position="Operator",
             capacity=Capacity.ENGINEER, first=TODAY)  # fmt: skip
        press(test, "Record the employment")
        assert "The employment is recorded." in texts(well(test))
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert one.name == "Sam O'Brien ${1}<b>"


def test_an_owner_designates_and_sees_until_when(portal):
    owner, chief, second = crew(portal)
    with page(owner) as test:
        press(test, "Ask what the law says")
        assert "Enter the first day." in texts(well(test))
        fill(test, "designate", employee_id=str(chief), basis=Basis.LICENCE, first=TODAY, reason="Runs it.")
        press(test, "Designate the overall responsible operator")
        assert "On its first day to come: Stands. From 13 March 2028: Does not stand." in texts(well(test))
        assert "overall responsible operator on 20 November 2026: Sam Chief." in texts(test)
        fill(test, "designate", employee_id=str(second), basis=Basis.STAND_IN, first=TOMORROW)
        fill(test, "absence", employee_id=str(chief), first=TODAY, reason="Leave.")
        press(test, "Record the absence")
        press(test, "Ask what the law says")
        assert "is the first day over the limit" in texts(well(test))
        assert not responsibility.people(owner, facility_of(owner)).stand_ins.ledger.days
        press(test, "Designate the overall responsible operator")
        assert "As planned, 20 April 2027 is the first day over the limit." in texts(well(test))


def test_a_plan_that_the_law_refuses_keeps_what_was_typed(portal):
    owner, _chief, second = crew(portal)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(second), basis=Basis.LICENCE, first=TOMORROW, reason="Try.")
        press(test, "Designate the overall responsible operator")
        assert "s. 15 (1) does not allow this for days to come" in texts(well(test))
        (reason,) = [box for box in test.text_area if box.key.startswith("designate")]
        assert reason.value == "Try."


def test_the_notice_is_drafted_and_recorded(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    first = TODAY - timedelta(days=70)
    designations.record_absence(owner, facility, chief, first, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    with page(owner) as test:
        assert "Notify the Director without delay: due since 9 November 2026." in texts(well(test))
        assert "Sam Second: from 11 September 2026" in texts(test)
        fill(test, "notice", sent_on=TODAY)
        press(test, "Record that the notice was sent")
        assert "Notify the Director" not in texts(well(test))
    decider = filed.director(portal)
    with drawn("people", decider) as test:
        assert "due on 9 November 2026, sent on 20 November 2026" in texts(well(test))


def test_a_clerk_records_and_does_not_designate_and_a_reader_only_asks(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility))
    with drawn("people", clerk, {"id": str(facility)}) as test:
        labels = {button.label for button in well(test).button}
        assert "Record the absence" in labels
        assert "Designate the overall responsible operator" not in labels
        fill(test, "hours", employee_id=str(chief), day=TODAY, hours="7.5")
        press(test, "Record the hours")
        fill(test, "licence-display", employee_id=str(chief), since=TODAY, place="Hall")
        press(test, "Record the display of the licence")
        fill(test, "in-charge", employee_id=str(chief), first=TODAY)
        press(test, "Designate an operator-in-charge")
        assert "The operator-in-charge is designated." in texts(well(test))
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    with drawn("people", reader, {"id": str(facility)}) as test:
        labels = {button.label for button in well(test).button}
        assert "Ask what the law says" in labels
        assert "Record the absence" not in labels


def test_an_employment_and_a_designation_end_by_their_last_day(portal):
    owner, _chief, _second = led(portal)
    with page(owner) as test:
        row = responsibility.people(owner, facility_of(owner)).designations[0]
        fill(well(test), "end-designations", fact_id=str(row.fact_id), last=TODAY)
        press(test, "Record the end: Designations")
        assert "The end is recorded" in texts(well(test))
    with page(owner, people_day=TOMORROW.isoformat()) as test:
        assert "operator on 21 November 2026: nobody on record" in texts(well(test))


def test_an_officer_confirms_an_operator_id_and_notes_that_an_employment_starts_anew(portal):
    owner = active_owner(portal)
    employed.listed(portal, ("90000003", "Chief", "III"))
    employed.employ(owner, "Chief", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    with drawn("people", officer) as test:
        assert "90000003" in texts(well(test))
        press(test, "Confirm this Operator ID")
        assert "The Operator ID is confirmed" in texts(well(test))
    with drawn("people", officer, {"id": str(facility_of(owner))}) as test:
        row = responsibility.people(owner, facility_of(owner)).employments[0]
        fill(well(test), "starts-anew", employment_id=str(row.fact_id), note="Another plant in between.")
        press(test, "Record the note")
        assert "The note is recorded." in texts(well(test))


def test_an_employee_is_invited(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "invite-employee", employee_id=str(chief), email="sam@example.ca")
        press(test, "Invite")
        assert "The invitation is in the outgoing mail." in texts(well(test))


def test_anothers_facility_is_not_shown(portal):
    owner, _chief, _second = crew(portal)
    other = signed_in(portal, Role.OWNER)
    with drawn("people", other, {"id": str(facility_of(owner))}) as test:
        assert "There is no such facility, or it is not yours." in texts(well(test))
    with drawn("people", other) as test:
        assert "The office has confirmed no facility of yours yet." in texts(well(test))


def test_a_direction_of_the_director_names_its_period(portal):
    owner, _chief, _second = crew(portal)
    with drawn("facility", filed.director(portal), {"id": str(facility_of(owner))}) as test:
        fill(well(test), "facility-decision",
             kind="stand_in_direction", decided_on=TODAY, reasons="No other way.")  # fmt: skip
        press(test, "Record the decision")
        assert "Enter the last day for which the Director decided." in texts(well(test))
        fill(test, "facility-decision", valid_until=TODAY + timedelta(days=30))
        press(test, "Record the decision")
        assert "The limit on days of standing in does not apply for a time" in texts(well(test))
