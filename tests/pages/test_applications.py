"""The page of applications for classification, drawn for owner, officer and director."""

from datetime import date
from decimal import Decimal

import pytest

from core.certificate_applications import ApplicationReason, ApplicationState
from core.facilities import FacilityClass
from core.package_plants import PackagePlant
from core.roles import Role
from db.services import applications, decisions
from tests.db import filed
from tests.db.filed import PACKAGE, TODAY
from tests.db.people import signed_in
from tests.db.profiles import active_owner
from tests.pages.drawn import drawn, press, texts


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def well(test):
    assert not test.exception, test.exception
    return test


def fill(test, **fields):
    """Fills fields by the names that the service knows, whatever kind they are."""
    for field, value in fields.items():
        boxes = (
            *test.text_input,
            *test.text_area,
            *test.selectbox,
            *test.checkbox,
        )
        (box,) = [box for box in boxes if box.key.endswith(f".{field}")]
        box.set_value(
            value.isoformat() if isinstance(value, date) else str(value) if type(value) is int else value
        )
        test.run()
    return test


def test_an_owner_hands_in_a_kept_calculation(portal, owner):
    one = filed.saved(owner)
    with drawn("applications", owner, {"calculation": str(one)}) as test:
        assert "North Bay WPCP: 38 points, Class II." in texts(well(test))
        press(test, "Hand in the application")
        assert "Choose why you apply." in texts(well(test))
        fill(test, reason=ApplicationReason.FIRST, fee_paid_on=date(2026, 11, 19))
        well(press(test, "Hand in the application"))
    (row,) = applications.mine(owner).rows
    found = applications.application(owner, row.application_id)
    assert (found.state, found.fee_paid_on) == (ApplicationState.OPEN, date(2026, 11, 19))


def test_an_alteration_and_a_package_plant_ask_for_more(portal, owner):
    one = filed.saved(owner)
    with drawn("applications", owner, {"calculation": str(one)}) as test:
        fill(well(test), reason=ApplicationReason.ALTERATION, package=True)
        fill(test, approval_applied_on=TODAY, complete_unit="yes", preassembled="yes")
        fill(test, modules=2, design_flow="1200")
        well(press(test, "Hand in the application"))
    found = applications.application(owner, applications.mine(owner).rows[0].application_id)
    assert (found.approval_applied_on, found.package) == (TODAY, PACKAGE)


def test_of_a_package_plant_what_nobody_is_sure_of_stays_unknown_and_a_flow_keeps_its_digits(portal, owner):
    one = filed.saved(owner)
    with drawn("applications", owner, {"calculation": str(one)}) as test:
        fill(well(test), reason=ApplicationReason.FIRST, package=True)
        fill(test, complete_unit="no", preassembled="not sure", design_flow="1 299.90000000000000001")
        well(press(test, "Hand in the application"))
    found = applications.application(owner, applications.mine(owner).rows[0].application_id)
    assert found.package == PackagePlant(False, None, None, Decimal("1299.90000000000000001"))
    with drawn("applications", owner, {"id": str(found.application_id)}) as test:
        said = texts(well(test))
        assert "The plant was preassembled." in said
        assert "Modules delivered is at most 4 modules." in said
        assert "Asked of the owner: Is this so?" in said
        assert "1\u202f299.90000000000000001 m3/day; at most 1\u202f300" in said


@pytest.mark.parametrize("flow", ["many", "-1", "1,299", "1e3", "1000000.1"])
def test_a_flow_that_is_no_number_is_refused_at_its_field_and_kept(portal, owner, flow):
    one = filed.saved(owner)
    with drawn("applications", owner, {"calculation": str(one)}) as test:
        fill(well(test), reason=ApplicationReason.FIRST, package=True)
        press(fill(test, design_flow=flow), "Hand in the application")
        assert f"“{flow}” is no number from 0 to 1\u202f000\u202f000." in texts(well(test))
        (box,) = [box for box in test.text_input if box.key.endswith(".design_flow")]
        assert box.value == flow
    assert not applications.mine(owner).rows


def test_an_officer_checks_and_passes_on(portal, owner):
    one = filed.filed(owner)
    officer = signed_in(portal, Role.OFFICER)
    with drawn("applications", officer, {"id": str(one)}) as test:
        assert "Class on record when filed" in texts(well(test))
        well(press(test, "Complete: pass it on to the Director"))
    assert applications.application(owner, one).fee_received_on == TODAY


def test_an_officer_returns_with_reasons_that_the_owner_reads(portal, owner):
    one = filed.filed(owner)
    officer = signed_in(portal, Role.OFFICER)
    with drawn("applications", officer, {"id": str(one)}) as test:
        press(well(test), "Return with reasons")
        assert "Write the reason for the return" in texts(well(test))
        fill(test, reasons="<b>The fee</b> is missing.")
        well(press(test, "Return with reasons"))
        assert f"Application {one}, North Bay WPCP of City of North Bay, is returned." in texts(test)
    with drawn("applications", owner, {"id": str(one)}) as test:
        assert "<b>The fee</b> is missing." in [str(text.value) for text in well(test).text]


def test_the_director_decides_and_the_owner_sees_it(portal, owner):
    one = filed.passed_on(portal, owner, package=PACKAGE)
    decider = filed.director(portal)
    with drawn("applications", decider) as test:
        assert "One waits for your decision." in texts(well(test))
    with drawn("applications", decider, {"id": str(one)}) as test:
        fill(well(test), facility_class=FacilityClass.I)
        assert "The points of the calculation come to Class II. Say in the reasons why not." in texts(test)
        fill(test, reduce=True)
        fill(
            test,
            certificate_number="cc-7",
            decided_on=TODAY,
            reduction_points=8,
            reduction_reasons="It runs alone.",
        )
        next(box for box in test.text_area if box.key == f"decision:{one}.reasons").set_value("By the points.")
        well(press(test, "Record the decision"))
    with drawn("applications", owner, {"id": str(one)}) as test:
        assert "North Bay WPCP is classified, by certificate CC7." in texts(well(test))
        assert "Fewer points for a package plant" in texts(test)
    assert len(decisions.of_facility(decider, filed.facility_of(owner))) == 2


def test_an_owner_withdraws_and_sees_no_decision_form(portal, owner):
    one = filed.filed(owner)
    with drawn("applications", owner, {"id": str(one)}) as test:
        assert [button.label for button in well(test).button] == ["Withdraw the application"]
        well(press(test, "Withdraw the application"))
    assert applications.application(owner, one).state is ApplicationState.WITHDRAWN
    with drawn("applications", owner) as test:
        assert "Handed in by your organization: 1." in texts(well(test))


@pytest.mark.parametrize("query", [{"id": "99"}, {"calculation": "99"}])
def test_what_is_not_there_or_not_ones_own_is_said_in_words(portal, owner, query):
    with drawn("applications", owner, query) as test:
        assert "Nothing is shown here." in texts(well(test))


def test_the_queue_leads_to_the_application(portal, owner):
    one = filed.filed(owner)
    with drawn("queue", signed_in(portal, Role.OFFICER)) as test:
        assert f"/applications?id={one}" in texts(well(test))
        assert "First classification; 38 points, Class II" in texts(test)
