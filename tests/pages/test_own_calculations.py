"""An owner saves a calculation, goes on with it later, and compares it with the class on record."""

from datetime import timedelta

import pytest

from core.roles import Role
from db.services import calculations, owners
from tests.db.filed import CLASS_I, CLASS_II, TODAY, decide, director, facility_of, passed_on, saved
from tests.db.people import signed_in, visitor
from tests.db.profiles import active_owner, add_facility, approve_all
from tests.pages.drawn import drawn, press, texts, type_in
from ui import worksheet

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
        assert "No facility of this type is chosen." in texts(test)


# --- the class on record ------------------------------------------------------------------------------------


def pick(test, key, value):
    (box,) = [one for one in (*test.selectbox, *test.radio, *test.date_input) if one.key == key]
    box.set_value(value).run()
    assert not test.exception, test.exception
    return texts(test)


def test_a_saved_calculation_is_compared_with_the_class_on_record_and_says_when_to_apply(sqlite_portal, owner):
    decide(director(sqlite_portal), passed_on(sqlite_portal, owner), "II")
    smaller, same = saved(owner, CLASS_I), saved(owner, CLASS_II)
    with drawn("calculator", owner, PLANT) as test:
        assert "after the alteration Class" not in texts(test)
        said = pick(test, "alteration", smaller)
        assert "Class II on record; after the alteration Class I." in said
        assert "Approval of the alteration has been applied for." in said
        assert "Asked of the owner: Is this so?" in said
        assert "Due when approval of the alteration is applied for." in pick(test, "approval", "Not yet")
        pick(test, "approval", "Yes")
        assert "Due by 20 November 2026" in pick(test, "approval_on", TODAY)
        late = pick(test, "approval_on", TODAY - timedelta(days=1))
        assert "Application for reclassification: not done, and was due by 19 November 2026." in late
        assert "The class stays the same; nothing is due." in pick(test, "alteration", same)


def test_of_a_class_from_before_the_portal_nothing_is_taken_for_granted(owner):
    one = saved(owner, CLASS_I)
    with drawn("calculator", owner, PLANT) as test:
        said = pick(test, "alteration", one)
        assert "Asked of the officer" in said
        assert "on record; after the alteration" not in said


# --- the worksheet ------------------------------------------------------------------------------------------


def sheets(monkeypatch):
    """The worksheets that a page makes."""
    made = []
    of = worksheet.of
    monkeypatch.setattr(worksheet, "of", lambda *given: made.append(of(*given)) or made[-1])
    return made


def test_the_worksheet_names_the_facility_of_its_owner(owner, monkeypatch):
    made = sheets(monkeypatch)
    with drawn("calculator", owner, PLANT) as test:
        assert not test.exception
    assert ("Facility", "North Bay WPCP (2200A)") in made[-1].facts


def test_of_several_facilities_none_is_named_until_one_is_chosen(sqlite_portal, owner, monkeypatch):
    owners.withdraw(owner, owners.my_organization(owner).version)
    add_facility(owner, ministry_number="9", name="Second plant")
    owners.submit(owner, owners.my_organization(owner).version)
    approve_all(sqlite_portal)
    made = sheets(monkeypatch)
    with drawn("calculator", owner, PLANT) as test:
        assert "Facility" not in dict(made[-1].facts)
        (second,) = [one for one in calculations.my_facilities(owner) if one.name == "Second plant"]
        pick(test, "own_wastewater_treatment", second.facility_id)
        assert dict(made[-1].facts)["Facility"] == "Second plant (9)"


def test_a_visitors_worksheet_names_no_facility(sqlite_portal, monkeypatch):
    made = sheets(monkeypatch)
    with drawn("calculator", visitor(sqlite_portal), PLANT):
        assert "Facility" not in dict(made[-1].facts)


def test_only_owners_are_offered_to_save(sqlite_portal):
    with drawn("calculator", signed_in(sqlite_portal, Role.OFFICER), PLANT) as test:
        assert "Save and apply" not in [tab.label for tab in test.tabs]
