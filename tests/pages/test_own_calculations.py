"""An owner saves a calculation, and goes on with it later."""

import pytest

from core.roles import Role
from db.services import calculations
from tests.db.filed import CLASS_II, facility_of, saved
from tests.db.people import signed_in
from tests.db.profiles import active_owner
from tests.pages.drawn import drawn, press, texts, type_in

NASTY = "`${1}` <img onerror=alert(1)>"
PLANT = {"facility_type": "Wastewater treatment"}


@pytest.fixture
def owner(sqlite_portal):
    return active_owner(sqlite_portal)


def test_answers_are_saved_to_ones_facility_with_a_note(owner):
    facility = facility_of(owner)
    with drawn("calculator", owner, PLANT | {"population_served": "42000"}) as test:
        type_in(test, f"calculation:{facility}", note=NASTY)
        press(test, "Save to this facility")
        assert not test.exception, test.exception
        assert "The calculation is saved." in texts(test)
        assert "&lt;img onerror=alert(1)&gt;" in texts(test)
    (kept,) = calculations.history(owner, facility).rows
    assert (dict(kept.answers), kept.note) == ({"population_served": 42_000}, NASTY)


def test_a_saved_calculation_is_gone_on_with(owner):
    one = saved(owner)
    with drawn("calculator", owner, PLANT) as test:
        press(test, f"Go on with calculation {one}")
        assert not test.exception, test.exception
        assert "38 points: the tables give Class II." in texts(test)
        given = {box.key: box.value for box in (*test.radio, *test.number_input)}
    assert given["design_flow_m3_per_day"] == CLASS_II["design_flow_m3_per_day"]
    assert given["disinfection.chlorination"] == "yes"


def test_a_saved_calculation_leads_to_its_application(owner):
    one = saved(owner)
    with drawn("calculator", owner, PLANT) as test:
        assert f"/applications?calculation={one}" in texts(test)


def test_without_a_facility_of_the_type_the_page_says_what_to_do(owner):
    with drawn("calculator", owner, {"facility_type": "Water treatment"}) as test:
        assert "You have no facility of this type." in texts(test)


def test_only_owners_are_offered_to_save(sqlite_portal):
    with drawn("calculator", signed_in(sqlite_portal, Role.OFFICER), PLANT) as test:
        assert "Save and apply" not in [tab.label for tab in test.tabs]
