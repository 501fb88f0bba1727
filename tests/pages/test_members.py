"""The pages of an organization's people, of whom one acts for, and what they leave to rights."""

from dataclasses import replace

import pytest

from core.membership import MANAGER, Grant, Right
from core.roles import Role
from db.services import accounts, calculations, employees, facilities, members, search
from tests.db import filed
from tests.db.employed import employ
from tests.db.filed import facility_of
from tests.db.mailbox import key_mailed_to
from tests.db.members import acting, offers, row_of
from tests.db.people import signed_in, visitor
from tests.db.profiles import FACILITY, active_owner, submitted_owner
from tests.pages.drawn import drawn, press, texts, type_in
from tests.pages.test_own_calculations import PLANT


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def well(test):
    assert not test.exception, test.exception
    return test


def choose(test, form, right, *options):
    (box,) = [one for one in test.multiselect if one.key == f"{form}.{right}"]
    box.set_value(list(options))
    return test


def test_a_manager_invites_somebody_to_find_operators_at_one_facility(portal, owner):
    facility = filed.facility_of(owner)
    with drawn("members", owner) as test:
        assert "City of North Bay: One person acts for it or is invited." in texts(well(test))
        type_in(test, "invite-member", email="at home")
        press(test, "Invite")
        assert "“at home” is not an e-mail address" in texts(well(test))
        assert "Choose what this person may do" in texts(test)
        type_in(test, "invite-member", email="del@example.ca")
        press(choose(test, "invite-member", "find", str(facility)), "Invite")
        assert "del@example.ca is invited. No mail server is set" in texts(well(test))
        assert list(test.dataframe[0].value["Name"]) == ["Robin Fairwater (you)", "Has not accepted yet"]
        assert list(test.dataframe[0].value["May do"])[1] == "Finds operators: North Bay WPCP (2200A)"
    assert row_of(owner, "del@example.ca").grants == {Grant(Right.FIND, facility)}
    with drawn("invitation", visitor(portal), {"key": key_mailed_to(portal, "del@example.ca")}) as test:
        assert "You are invited as: Member of City of North Bay." in texts(well(test))


def test_a_manager_changes_what_somebody_may_do_and_ends_it(portal, owner):
    acting(portal, owner, Grant(Right.READ), given_name="Dele", family_name="Gate")
    row = row_of(owner, "del@example.ca")
    with drawn("members", owner, {"member": str(row.membership_id)}) as test:
        form = f"member:{row.membership_id}"
        assert "Dele Gate" in texts(well(test))
        press(choose(choose(test, form, "read"), form, "record", "all"), "Save what this person may do")
        assert "It takes effect from the next click on." in texts(well(test))
        assert row_of(owner, "del@example.ca").grants == {Grant(Right.RECORD)}
        type_in(test, form, manager=True).run()
        press(test, "Save what this person may do")
        assert row_of(owner, "del@example.ca").grants == MANAGER


def test_a_page_that_another_manager_has_overtaken_says_so(portal, owner):
    acting(portal, owner, Grant(Right.READ))
    row = row_of(owner, "del@example.ca")
    with drawn("members", owner, {"member": str(row.membership_id)}) as test:
        form = f"member:{row.membership_id}"
        choose(well(test), form, "record", "all").run()
        members.change(owner, row.membership_id, [Grant(Right.FIND)], row.version)
        press(test, "Save what this person may do")
        assert "This was changed by" in texts(well(test))
    assert row_of(owner, "del@example.ca").grants == {Grant(Right.FIND)}


def test_who_manages_nothing_and_who_is_not_verified_are_told(portal):
    with drawn("members", signed_in(portal, Role.OWNER)) as test:
        assert "You manage no organization." in texts(well(test))
    with drawn("members", submitted_owner(portal)) as test:
        assert "once the office has verified your organization" in texts(well(test))


def test_an_invitation_is_accepted_on_the_page_of_whom_one_acts_for(portal, owner):
    somebody = signed_in(portal, Role.OPERATOR, email="known@example.ca")
    with drawn("acting_for", somebody) as test:
        assert "You act for no organization." in texts(well(test))
    members.invite(owner, "known@example.ca", [Grant(Right.FIND)])
    with drawn("home", somebody) as test:
        assert "City of North Bay invites you to act for it." in texts(well(test))
    with drawn("acting_for", somebody) as test:
        assert "One invitation waits." in texts(well(test))
        press(test, "Accept")
        assert "You act for one organization, in your own name." in texts(well(test))
        assert "At all its facilities" in texts(test)
    assert accounts.me(somebody).roles == {Role.OPERATOR, Role.DELEGATE}


def test_whoever_bears_another_name_ticks_that_they_are_the_employee_invited(portal, owner):
    somebody = signed_in(portal, Role.OPERATOR, email="known@example.ca")
    employees.invite(owner, facility_of(owner), employ(owner, "<b>Chief"), "known@example.ca")
    with drawn("acting_for", somebody) as test:
        press(well(test), "Accept")
        assert "tick that you are the one invited" in texts(test)
        (box,) = test.checkbox
        box.check().run()
        press(test, "Accept")
        assert "You act for one organization" in texts(well(test))


def test_an_invitation_is_declined_there_too(portal, owner):
    somebody = signed_in(portal, Role.OPERATOR, email="known@example.ca")
    members.invite(owner, "known@example.ca", [Grant(Right.FIND)])
    with drawn("acting_for", somebody) as test:
        press(test, "Decline")
        assert "You have declined." in texts(well(test))
    assert offers(somebody) == []


def test_the_facilitys_page_offers_what_the_rights_give(portal, owner):
    facility = filed.facility_of(owner)
    reader = acting(portal, owner, Grant(Right.READ, facility), email="reads@example.ca")
    recorder = acting(portal, owner, Grant(Right.RECORD, facility), email="records@example.ca")
    with drawn("facility", reader, {"id": str(facility)}) as test:
        assert "No display is recorded." in texts(well(test))
        assert "Eastern (America/Toronto)" in texts(test)
        assert not test.button
    with drawn("facility", recorder, {"id": str(facility)}) as test:
        assert [one.label for one in well(test).button] == ["Record the display"]
    with drawn("facility", acting(portal, owner, Grant(Right.FIND), email="finds@example.ca")) as test:
        assert "There is no facility whose standing you may see." in texts(well(test))


def test_a_manager_of_the_owner_sets_the_time_zone(portal, owner):
    facility = filed.facility_of(owner)
    with drawn("facility", owner, {"id": str(facility)}) as test:
        type_in(well(test), f"time-zone:{facility}", time_zone="America/Winnipeg")
        press(test, "Save the time zone")
        assert "The time zone is saved." in texts(well(test))
    assert facilities.clock(owner, facility).time_zone == "America/Winnipeg"


def test_the_search_of_a_delegate_is_around_the_named_facilities(portal, owner):
    facility = filed.facility_of(owner)
    delegate = acting(portal, owner, Grant(Right.FIND, facility))
    with drawn("search", delegate) as test:
        assert "You search for City of North Bay around the facilities it has named to you" in texts(well(test))
        assert test.selectbox(key="place").options == ["North Bay WPCP, North Bay"]
    second = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    members.invite(second, "del@example.ca", [Grant(Right.FIND)])
    (offer,) = offers(delegate)
    members.accept(delegate, offer.membership_id, offer.version)
    with drawn("search", delegate) as test:
        assert test.selectbox(key="for").options == ["City of North Bay", "Town"]
        town = next(one.organization_id for one in search.searching_for(delegate) if one.name == "Town")
        test.selectbox(key="for").set_value(town).run()
        assert "You search for Town;" in texts(well(test))
        assert len(test.selectbox(key="place").options) > 100


def test_a_delegate_without_the_right_to_find_is_told_where_to_look(portal, owner):
    with drawn("search", acting(portal, owner, Grant(Right.READ))) as test:
        assert "No organization that the office has verified lets you find operators" in texts(well(test))


def test_the_calculator_saves_where_one_may_record(portal, owner):
    facility = filed.facility_of(owner)
    with drawn("calculator", acting(portal, owner, Grant(Right.READ)), PLANT) as test:
        assert "No facility of this type is chosen." in texts(well(test))
    recorder = acting(portal, owner, Grant(Right.RECORD), email="records@example.ca")
    with drawn("calculator", recorder, PLANT) as test:
        assert test.selectbox(key="own_wastewater_treatment").value == facility
    assert calculations.history(owner, facility).total == 0
