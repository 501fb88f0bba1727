"""The pages of operators, owners and officers, drawn and pressed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import streamlit as st
from sqlalchemy import update

from core.alignment import Basis
from core.profiles import State
from core.roles import Role
from db.schema import CertificateClaim, Credential
from db.services import discrepancies, drafts, files, operators, owners, verification
from tests.db import listed_facilities
from tests.db.listed import imported
from tests.db.people import NOON, signed_in
from tests.db.profiles import (
    AVAILABILITY,
    FACILITY,
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    available_operator,
    set_availability,
    submitted_operator,
    submitted_owner,
)
from tests.pages.drawn import drawn, press, texts, type_in

NASTY = "O'Brien `${1}` <img onerror=alert(1)>"


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


WAYS = ["Previous in the queue", "Next in the queue"]


def labels(test):
    return [button.label for button in test.button]


def well(test):
    assert not test.exception, test.exception
    return test


# --- my profile -------------------------------------------------------------------------------------------


def test_an_operator_enters_the_id_sees_why_a_wrong_one_is_wrong_and_loses_nothing(portal):
    asker = signed_in(portal, Role.OPERATOR)
    with drawn("my_profile", asker) as test:
        assert "Your profile is a draft" in texts(well(test))
        assert "You have not added a certificate yet." in texts(test)
        type_in(test, "operator-id", operator_id="12345678").run()
        press(test, "Save Operator ID")
        assert "is not an Operator ID" in texts(well(test))
        assert [box.value for box in test.text_input] == ["12345678"]
        type_in(test, "operator-id", operator_id="90012345").run()
        press(test, "Save Operator ID")
        assert "Your Operator ID is saved." in texts(well(test))
    assert operators.my_profile(asker).claimed_operator_id == "90012345"


def test_a_typed_operator_id_survives_a_reload(portal):
    asker = signed_in(portal, Role.OPERATOR)
    with drawn("my_profile", asker) as test:
        type_in(test, "operator-id", operator_id="9001").run()
        well(test)
    assert drafts.load(asker, "", "operator-id").values == {"operator_id": "9001"}
    with drawn("my_profile", asker) as test:
        assert [box.value for box in test.text_input] == ["9001"]


DISCARD = "Discard what I typed"


def test_my_facilities_say_what_the_list_does_not_bear_out_and_that_it_is_looked_at(portal):
    owner, officer = active_owner(portal), signed_in(portal, Role.OFFICER)
    listed_facilities.imported(portal, listed_facilities.OF_CLASS_IV)
    with drawn("my_facilities", owner) as test:
        said = texts(well(test))
        assert "bears out none of the facilities here" in said
        assert "Not borne out by the ministry’s list; a difference is being looked at" in said
        assert "Class: on file Class III, listed Class IV" in said
    found = listed_facilities.waits(portal)
    discrepancies.keep(officer, found.id, found.version, "The certificate says III.")
    with drawn("my_facilities", owner) as test:
        said = texts(well(test))
        assert "Not borne out by the ministry’s list; the office keeps it as it is on file" in said


def test_what_was_typed_at_an_earlier_visit_is_said_not_to_be_saved_and_can_be_discarded(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    with drawn("my_profile", asker) as test:
        assert DISCARD not in labels(type_in(test, "operator-id", operator_id="90099999").run())
    with drawn("my_profile", asker) as test:
        said = texts(well(test))
        assert "Not saved yet: below is what you typed on 20 November 2026, 12:00." in said
        assert "On file: 90012345" in said
        assert [box.value for box in test.text_input] == ["90099999"]
        press(test, DISCARD)
        assert [box.value for box in well(test).text_input] == ["90012345"]
        assert "Not saved yet" not in texts(test)
        assert DISCARD not in labels(test)
    assert drafts.load(asker, "", "operator-id").values == {}
    with drawn("my_profile", asker) as test:
        assert "Not saved yet" not in texts(well(test))


def test_a_draft_that_says_what_is_on_file_is_none(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    with drawn("my_profile", asker) as test:
        type_in(test, "operator-id", operator_id="90099999").run()
        type_in(test, "operator-id", operator_id="90012345").run()
    with drawn("my_profile", asker) as test:
        assert "Not saved yet" not in texts(well(test))


def travel_km(test):
    (box,) = [box for box in test.text_input if box.key.endswith(".travel_km")]
    return box


def test_a_number_that_was_taken_out_again_is_none(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        travel_km(test).set_value("").run()
        press(test, "Save changes")
        assert travel_km(test).value == ""
        assert "One thing needs your attention" in texts(test)
    assert operators.my_profile(asker).travel_km == 100


def test_what_was_typed_in_a_save_that_was_refused_is_said_not_to_be_saved(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        travel_km(test).set_value("5000").run()
        monday = next(box.key for box in test.checkbox if box.label == "Monday day")
        test.checkbox(key=monday).uncheck().run()
        press(test, "Save changes")
        said = texts(well(test))
        assert "Not saved yet: below is what you typed on 20 November 2026, 12:00." in said
        assert "On file: 100" in said
        assert "On file: ticked" in said
        press(test, DISCARD)
        assert [travel_km(test).value, test.checkbox(key=monday).value] == ["100", True]
        assert "needs your attention" not in texts(test)


def test_after_a_refusal_as_stale_what_stands_now_is_under_what_was_typed_and_nothing_else_is_overwritten(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        test.text_area(key="availability.notes").set_value("Nights only.").run()
        set_availability(asker, notes="From another tab.", travel_km=90)
        press(test, "Save changes")
        said = texts(well(test))
        assert "This was changed by" in said
        assert "On file: From another tab." in said
        assert test.text_area(key="availability.notes").value == "Nights only."
        assert travel_km(test).value == "90"  # nobody typed into it here
        press(test, "Save changes")
        assert "Not saved yet" not in texts(well(test))
    mine = operators.my_profile(asker)
    assert (mine.notes, mine.travel_km) == ("Nights only.", 90)


def test_a_suggestion_is_not_said_to_be_on_file(portal):
    asker = active_operator(portal)
    with drawn("overview", asker) as test:
        travel_km(test).set_value("7").run()
    with drawn("overview", asker) as test:
        assert "Not saved yet: below is what you typed" in texts(well(test))
        assert "On file" not in texts(test)


def test_submitting_needs_the_agreement_and_leads_to_pending(portal):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, valid_for=NASTY)
    with drawn("my_profile", asker) as test:
        assert labels(well(test)) == ["Save Operator ID", "Edit", "Delete", "Add", "Submit for verification"]
        press(test, "Submit for verification")
        assert "Tick the agreement first" in texts(test)
        test.checkbox[0].check().run()
        press(test, "Submit for verification")
        assert "Pending verification" in texts(well(test))
        assert labels(test) == []
        test.checkbox[0].uncheck().run()
        assert "taken back from the office" in texts(test)
        press(test, "Open my profile for changes")
        assert "Edit" in labels(well(test))
    assert operators.my_profile(asker).state is State.DRAFT


def test_a_click_on_a_stale_profile_is_refused_with_who_changed_it(portal):
    asker = signed_in(portal, Role.OPERATOR, given_name="Ann", family_name="Two Tabs")
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker)
    with drawn("my_profile", asker) as test:
        test.checkbox[0].check()
        add_certificate(asker, "777")
        press(test, "Submit for verification")
        assert "This was changed by you, in another window, on" in texts(well(test))
        assert "777" in texts(test)
        assert operators.my_profile(asker).state is State.DRAFT
        press(test, "Submit for verification")
        assert operators.my_profile(asker).state is State.PENDING


def test_submitting_on_a_page_that_another_tab_has_overtaken_says_so(portal):
    asker = signed_in(portal, Role.OPERATOR, given_name="Ann", family_name="Two Tabs")
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker)
    with drawn("my_profile", asker) as test:
        test.checkbox[0].check()
        operators.submit(asker, operators.my_profile(asker).version)
        press(test, "Submit for verification")
        assert "This was changed by you, in another window, on" in texts(well(test))
        test.checkbox[0].uncheck().run()
        operators.withdraw(asker, operators.my_profile(asker).version)
        press(test, "Open my profile for changes")
        assert "This was changed by you, in another window, on" in texts(well(test))


def test_refused_and_expired_certificates_say_so_in_words(portal, officer):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "1")
    wrong = add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    verification.approve(officer, 1, 1, {wrong: NASTY})
    with drawn("my_profile", asker) as test:
        assert "Not confirmed" in texts(well(test))
        assert NASTY in [box.value.removeprefix("Why it is not confirmed: ") for box in test.text]


# --- account overview -------------------------------------------------------------------------------------


def test_the_overview_of_a_pending_and_of_a_returned_operator(portal, officer):
    asker = submitted_operator(portal)
    with drawn("overview", asker) as test:
        assert "Pending verification" in texts(well(test))
        assert "once your profile is active" in texts(test)
        assert "Nobody has looked" in texts(test)
    verification.return_(officer, 1, 1, NASTY)
    with drawn("overview", asker) as test:
        assert NASTY in [box.value for box in well(test).text]
        assert "Mend my profile" in texts(test)


def test_an_active_operator_saves_days_place_and_distance_and_switches_off_and_on(portal):
    asker = active_operator(portal)
    with drawn("overview", asker) as test:
        assert "Owners do not find you yet" in texts(well(test))
        press(test, "Save changes")
        assert "Choose at least one shift" in texts(well(test))
        by_label = {box.label: box for box in test.checkbox}
        assert len(by_label) == 14
        by_label["Monday day"].check()
        by_label["Friday night"].check()
        next(box for box in test.selectbox if box.label.startswith("Base place")).set_value("North Bay")
        travel_km(test).set_value("80")
        test.run()
        press(test, "Save changes")
        assert "Available: owners can find you" in texts(well(test))
        press(test, "Switch availability off")
        assert "owners do not find you" in texts(well(test))
    mine = operators.my_profile(asker)
    assert (mine.available, mine.base_place, mine.travel_km) == (False, "North Bay", 80)
    assert [slot.label for slot in mine.slots] == ["Monday day", "Friday night"]


def test_a_suspended_operator_switches_off_and_reads_what_holds_once_active_again(portal):
    asker = available_operator(portal)
    verification.suspend(signed_in(portal, Role.OFFICER), 1, operators.my_profile(asker).version, "Why.")
    with drawn("overview", asker) as test:
        assert "Available: owners find you again as soon as your profile is active" in texts(well(test))
        press(test, "Switch availability off")
        assert "Not available: switch it on once your profile is active" in texts(well(test))
        assert [one.label for one in test.button if "Switch availability" in one.label] == []
    assert not operators.my_profile(asker).available


def test_regions_earliest_start_and_notes_are_saved_and_shown_again(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        regions = well(test).multiselect(key="availability.regions")
        assert len(regions.options) == 49
        assert "within your travel distance or in one of these regions" in regions.label
        regions.set_value(["3520", "3557"])
        test.text_input(key="availability.earliest_start").set_value("2027-01-04")
        test.text_area(key="availability.notes").set_value(NASTY)
        test.run()
        press(test, "Save changes")
        assert "Saved. Owners can find you." in texts(well(test))
        assert test.multiselect(key="availability.regions").value == ["3557", "3520"]
        assert test.text_area(key="availability.notes").value == NASTY
    mine = operators.my_profile(asker)
    assert (mine.regions, mine.earliest_start, mine.notes) == (("3557", "3520"), date(2027, 1, 4), NASTY)


def test_regions_and_notes_that_were_typed_survive_a_refusal_and_a_reload(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        well(test).multiselect(key="availability.regions").set_value(["3557"]).run()
        test.text_area(key="availability.notes").set_value("x" * 1001).run()
        test.text_input(key="availability.earliest_start").set_value("in spring").run()
        press(test, "Save changes")
        assert "“in spring” is no day." in texts(well(test))
        test.text_input(key="availability.earliest_start").set_value("2099-01-01").run()
        press(test, "Save changes")
        assert "is more than 2 years ahead" in texts(well(test))
        assert "is too long for the notes for owners" in texts(test)
    with drawn("overview", asker) as test:
        assert well(test).multiselect(key="availability.regions").value == ["3557"]
        assert test.text_area(key="availability.notes").value == "x" * 1001
    assert operators.my_profile(asker).regions == ()


def test_regions_saved_in_another_tab_are_said_and_those_chosen_here_are_kept(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        well(test).multiselect(key="availability.regions").set_value(["3557"]).run()
        set_availability(asker, regions=("3520",))
        press(test, "Save changes")
        assert "This was changed by" in texts(well(test))
        assert test.multiselect(key="availability.regions").value == ["3557"]
        press(test, "Save changes")
        assert operators.my_profile(asker).regions == ("3557",)


def test_a_click_on_the_map_adds_a_region_to_the_list_and_another_takes_it_out(portal, monkeypatch):
    asker = available_operator(portal)

    def click_on_algoma(_key, chosen, toggle):
        st.button(f"Algoma {list(chosen)}", on_click=toggle, args=("3557",))

    monkeypatch.setattr("ui.map.pick_regions", click_on_algoma)
    with drawn("overview", asker) as test:
        well(test).multiselect(key="availability.regions").set_value(["3520"]).run()
        press(test, "Algoma ['3520']")
        assert well(test).multiselect(key="availability.regions").value == ["3520", "3557"]
        press(test, "Save changes")
        assert operators.my_profile(asker).regions == ("3557", "3520")
        press(test, "Algoma ['3557', '3520']")
        assert well(test).multiselect(key="availability.regions").value == ["3520"]
    with drawn("overview", asker) as test:
        assert well(test).multiselect(key="availability.regions").value == ["3520"]  # kept as a draft


def test_what_expires_when_is_one_table_the_next_first(portal):
    asker = active_operator(portal)
    with drawn("overview", signed_in(portal, Role.OPERATOR)) as test:
        assert "The office has confirmed no certificate of yours yet." in texts(well(test))
        assert not test.get("download_button")
    with drawn("overview", asker) as test:
        said = texts(well(test))
        assert "Wastewater treatment, Class II is next: it counts through 12 March 2028." in said
        assert "478 days</td>" in said
        assert [button.proto.label for button in test.get("download_button")] == [
            "Download for my calendar (.ics)"
        ]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("suspended", "Suspended"),
        ("cancelled", "Cancelled"),
        ("expired", "Listed as expired"),
        ("not listed", "Not in the listing"),
    ],
)
def test_a_certificate_that_does_not_count_is_in_the_table_and_says_why(portal, status, said):
    asker = active_operator(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Credential).values(status=status))
    with drawn("overview", asker) as test:
        shown = texts(well(test))
        assert f'<span aria-hidden="true">■</span> {said}</span>' in shown
        assert "Nothing that the office has confirmed counts now; the table says why." in shown


def test_switching_on_a_page_that_another_tab_has_overtaken_says_so_and_switches_nothing(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        operators.switch_availability(asker, False, operators.my_profile(asker).version)
        press(test, "Switch availability off")
        assert "This was changed by" in texts(well(test))
        assert not operators.my_profile(asker).available
        press(test, "Switch availability on")
        assert operators.my_profile(asker).available


def test_switching_off_does_not_make_what_one_typed_oneself_stale(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        test.text_area(key="availability.notes").set_value("Nights only in winter.").run()
        press(test, "Switch availability off")
        press(well(test), "Save changes")
        assert "Saved. Your availability is off" in texts(well(test))
    mine = operators.my_profile(asker)
    assert (mine.available, mine.notes) == (False, "Nights only in winter.")


def test_what_another_tab_has_overtaken_stays_so_after_an_own_act(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        test.text_area(key="availability.notes").set_value("Nights only.").run()
        mine = operators.my_profile(asker)
        operators.set_availability(asker, replace(AVAILABILITY, notes="From another tab."), mine.version)
        test.run()
        press(test, "Switch availability off")
        press(test, "Save changes")
        assert "This was changed by" in texts(well(test))
    assert operators.my_profile(asker).notes == "From another tab."


def test_days_saved_in_another_tab_are_said_and_what_was_typed_is_kept(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        travel_km(test).set_value("80").run()
        mine = operators.my_profile(asker)
        operators.set_availability(asker, replace(AVAILABILITY, slots=mine.slots[:1], travel_km=90), mine.version)
        press(test, "Save changes")
        assert "This was changed by" in texts(well(test))
        assert travel_km(test).value == "80"


def test_the_overview_of_an_owner_leads_to_the_search(portal):
    with drawn("overview", submitted_owner(portal, NASTY)) as test:
        assert "Pending verification" in texts(well(test))
    with drawn("overview", active_owner(portal, facility=replace(FACILITY, ministry_number="7"))) as test:
        assert "Find operators" in texts(well(test))


# --- my facilities ----------------------------------------------------------------------------------------


def test_an_owner_enters_the_organization_and_submits(portal):
    asker = signed_in(portal, Role.OWNER)
    with drawn("my_facilities", asker) as test:
        assert "Facilities belong to an organization." in texts(well(test))
        press(test, "Save organization")
        assert "2 things need your attention" in texts(well(test))
        type_in(test, "organization", name=NASTY, kind="first_nation").run()
        press(test, "Save organization")
        assert "You have not added a facility yet." in texts(well(test))
        press(test, "Submit for verification")
        test.checkbox[0].check().run()
        press(test, "Submit for verification")
        assert "no new or changed facility" in texts(well(test))
    assert owners.my_organization(asker).name == NASTY


def test_a_submitted_organization_is_shown_and_not_editable(portal):
    with drawn("my_facilities", submitted_owner(portal, NASTY)) as test:
        assert labels(well(test)) == []
        assert "North Bay WPCP" in texts(test)


# --- the office -------------------------------------------------------------------------------------------


def test_the_queue_says_how_things_stand_filters_and_links(portal, officer):
    with drawn("queue", officer) as test:
        assert "Nothing waits." in texts(well(test))
        assert "Nobody has submitted anything" in texts(test)
    submitted_operator(portal, number="777", given_name=NASTY)
    submitted_operator(portal, "90055555", "777", family_name="Second")
    submitted_owner(portal)
    with drawn("queue", officer) as test:
        assert "3 wait; the oldest since 20 November 2026." in texts(well(test))
        assert "The same number and type is also claimed by" in texts(test)
        assert "/submission?id=1" in texts(test)
        test.text_input[0].set_value("second").run()
        assert ">Open submission 1</a>" not in texts(well(test))
        assert "/submission?id=2" in texts(test)
        test.text_input[0].set_value("nobody").run()
        assert "Nothing that waits matches." in texts(well(test))


@pytest.mark.parametrize("query", [{}, {"id": "x"}, {"id": "99999999999999"}])
def test_an_address_without_a_number_says_so(officer, query):
    with drawn("submission", officer, query) as test:
        assert "names no submission" in texts(well(test))


def test_a_number_that_no_submission_has_says_so(officer):
    with drawn("submission", officer, {"id": "77"}) as test:
        assert "There is no submission 77." in texts(well(test))


def test_an_officer_approves_and_refuses_with_a_reason(portal, officer):
    asker = signed_in(portal, Role.OPERATOR, given_name=NASTY)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "1")
    wrong = add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "waits for a decision" in texts(well(test))
        next(box for box in test.checkbox if box.key.endswith(f"refuse-{wrong}")).check().run()
        press(test, "Approve, apart from what is refused")
        assert "Write the reason" in texts(well(test))
        next(box for box in test.text_area if box.label.startswith("Reason *")).set_value("Not on file.").run()
        press(test, "Approve, apart from what is refused")
        assert "Approved by Olga Office" in texts(well(test))
        assert "Why it was not confirmed: Not on file." in texts(test)
    assert operators.my_profile(asker).state is State.ACTIVE


def test_an_officer_returns_with_reasons_and_the_next_one_sees_them(portal, officer):
    asker = submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        press(test, "Return with reasons")
        assert "Write the reason" in texts(well(test))
        reasons(test).set_value("Number is not on file.").run()
        press(test, "Return with reasons")
        assert "Returned by Olga Office" in texts(well(test))
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", officer, {"id": "2"}) as test:
        assert "Earlier submissions" in texts(well(test))
        assert "Number is not on file." in texts(test)


def reasons(test):
    return next(box for box in test.text_area if box.label.startswith("Reasons for a return"))


def test_whoever_was_second_is_told_who_was_first_and_keeps_what_was_typed(portal, officer):
    submitted_operator(portal)
    second = signed_in(portal, Role.OFFICER)
    with drawn("submission", second, {"id": "1"}) as test:
        reasons(test).set_value("A long reason, typed with care.").run()
        verification.approve(officer, 1, 1)
        press(test, "Return with reasons")
        assert "Approved by Olga Office on 20 November 2026, 12:00." in texts(well(test))
        assert "It was decided after your page was drawn" in texts(test)
        assert "A long reason, typed with care." in texts(test)
    with drawn("submission", second, {"id": "1"}) as test:
        assert "A long reason, typed with care." in texts(well(test))
        press(test, "Discard what I typed")
        assert labels(well(test)) == [*WAYS, "Suspend"]


def test_nobody_is_offered_a_decision_on_their_own_claim(portal):
    asker = signed_in(portal, Role.OPERATOR, Role.OFFICER)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker)
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", asker, {"id": "1"}) as test:
        assert "It is your own" in texts(well(test))
        assert labels(test) == WAYS


def test_a_facility_changes_hands_only_when_the_officer_says_so(portal, officer):
    active_owner(portal, "City One")
    second = submitted_owner(portal, "City Two")
    with drawn("submission", officer, {"id": "2"}) as test:
        assert "“City One” holds this facility today as its owner." in texts(well(test))
        press(test, "Approve")
        assert "is held by another organization" in texts(well(test))
        next(box for box in test.checkbox if "passes" in box.label).check().run()
        press(test, "Approve")
        assert "Approved by Olga Office" in texts(well(test))
    assert owners.my_organization(second).state is State.ACTIVE


def test_a_suspension_on_a_page_that_was_overtaken_is_refused(portal, officer):
    asker = available_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        operators.switch_availability(asker, False, operators.my_profile(asker).version)
        test.text_area[0].set_value("The register shows a suspension.").run()
        press(test, "Suspend")
        assert "This was changed by" in texts(well(test))
    assert operators.my_profile(asker).state is State.ACTIVE


def test_the_scanned_letter_is_a_link_that_asks_who_opens_it(portal, officer):
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, "First Nation", "first_nation", 0)
    letter = files.upload(asker, "letter.pdf", b"%PDF-1.7\na letter\n%%EOF\n")
    add_facility(
        asker, ministry_number="", letter_date=date(2026, 1, 2), letter_reference="A 1", letter_file_id=letter
    )
    owners.submit(asker, owners.my_organization(asker).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert f"/documents/{letter}" in texts(well(test))


def test_an_officer_suspends_and_restores(portal, officer):
    asker = available_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        test.text_area[0].set_value("The register shows a suspension.").run()
        press(test, "Suspend")
        assert "is suspended" in texts(well(test))
        assert operators.my_profile(asker).state is State.SUSPENDED
        assert "by Olga Office, on" in texts(test)
        assert "The register shows a suspension." in texts(test)
        press(test, "End the suspension")
        assert operators.my_profile(asker).state is State.ACTIVE
    with drawn("overview", asker) as test:
        well(test)


def test_an_officer_suspends_what_alignment_has_suspended_and_ends_the_own_suspension_alone(portal, officer):
    asker = active_operator(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(CertificateClaim).values(basis=Basis.LISTING))
    imported(portal, listed_on=NOON.date() + timedelta(days=1), at=NOON)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "by alignment, on" in texts(well(test))
        assert "End the suspension" not in [button.label for button in test.button]
        press(test, "Suspend")
        assert "Write the reason for the suspension" in texts(well(test))
        next(box for box in test.text_area if "suspension" in box.label).set_value("A complaint.").run()
        press(test, "Suspend")
        assert "by Olga Office, on" in texts(well(test))
        assert operators.my_profile(asker).suspended_because == "A complaint."
        press(test, "End the suspension")
        assert "The office’s suspension has ended." in texts(well(test))
        assert "by alignment, on" in texts(test)
    assert operators.my_profile(asker).state is State.SUSPENDED


def test_a_reason_that_was_typed_while_a_colleague_suspended_the_profile_stays_in_sight(portal, officer):
    asker = available_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        test.text_area[0].set_value("The register shows a suspension.").run()
        colleague = signed_in(portal, Role.OFFICER)
        verification.suspend(colleague, 1, operators.my_profile(asker).version, "A complaint.")
        press(test, "Suspend")
        shown = texts(well(test))
        assert "Reason for the suspension (typed, not handed in):" in shown
        assert "The register shows a suspension." in shown
        assert "A complaint." in shown


def test_an_officer_suspends_an_owner_who_reads_why(portal, officer):
    owner = active_owner(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        test.text_area[0].set_value("It is dissolved.").run()
        press(test, "Suspend")
        assert "is suspended" in texts(well(test))
    for page in ("overview", "my_facilities"):
        with drawn(page, owner) as test:
            assert "It is dissolved." in texts(well(test))
    with drawn("search", owner) as test:
        assert "has suspended your organization" in texts(well(test))
    with drawn("submission", officer, {"id": "1"}) as test:
        press(test, "End the suspension")
        assert owners.my_organization(owner).state is State.ACTIVE


def test_the_officer_chooses_the_facility_on_file_that_a_claim_without_a_number_means(portal, officer):
    active_owner(portal)
    second = signed_in(portal, Role.OWNER)
    owners.save_organization(second, "First Nation", "first_nation", 0)
    letter = files.upload(second, "letter.pdf", b"%PDF-1.7\na letter\n%%EOF\n")
    add_facility(
        second, ministry_number="", letter_date=date(2026, 1, 2), letter_reference="A 1", letter_file_id=letter
    )
    owners.submit(second, owners.my_organization(second).version)
    with drawn("submission", officer, {"id": "2"}) as test:
        assert "It may be “North Bay WPCP” in North Bay, which is on file" in texts(well(test))
        next(box for box in test.selectbox if box.label.startswith("It is this")).set_value("1").run()
        next(box for box in test.checkbox if "passes" in box.label).check().run()
        press(test, "Approve")
        assert "Approved by Olga Office" in texts(well(test))
    assert [one.held for one in owners.my_organization(second).facilities] == [True]


def test_a_distance_with_decimals_is_refused_in_words_and_never_cut_off(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        assert "Whole kilometres" in travel_km(test).label
        travel_km(test).set_value("80.5").run()
        press(test, "Save changes")
        said = texts(well(test))
        assert "“80.5” is not a whole number. Enter one from 0 to 2\u202f500, without decimals." in said
        assert "On file: 100" in said
        assert travel_km(test).value == "80.5"
    assert operators.my_profile(asker).travel_km == 100


def test_a_distance_outside_its_limits_is_said_kept_and_not_saved(portal):
    asker = available_operator(portal)
    with drawn("overview", asker) as test:
        travel_km(test).set_value("5000").run()
        press(test, "Save changes")
        assert "5000 is not from 0 to 2\u202f500. Enter a number between them." in texts(test)
        assert travel_km(test).value == "5000"
    assert operators.my_profile(asker).travel_km == 100
