"""The office's queue and its items beside the listing, drawn and pressed."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.profiles import State
from core.queue import Place, Subject
from core.roles import Role
from core.sentences import in_english
from db.alignment.passes import align
from db.gate import unattended
from db.schema import Person
from db.services import (
    assignments,
    discrepancies,
    operators,
    overrides,
    owners,
    questions,
    reason_templates,
    verification,
)
from tests.db import listed_facilities
from tests.db import standing_listings as listings
from tests.db.filed import filed
from tests.db.people import NOON, signed_in
from tests.db.profiles import (
    FACILITY,
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    approve,
    submitted_operator,
    submitted_owner,
)
from tests.pages.drawn import drawn, press, texts

NASTY = "O'Brien `${1}` <img onerror=alert(1)>"


def well(test):
    assert not test.exception, test.exception
    return test


def area(test, begins):
    return next(box for box in test.text_area if box.label.startswith(begins))


def test_filters_come_from_the_address_and_go_into_it(portal, officer):
    submitted_operator(portal, given_name=NASTY)
    submitted_owner(portal)
    with drawn("queue", officer, {"kind": "owner", "region": "nonsense"}) as test:
        assert "Matching: 1." in texts(well(test))
        assert "/submission?id=2&amp;kind=owner" in texts(test)
        assert "region" not in test.query_params
        assert "The address asks for “nonsense” under Region, which is not known, so it is left out." in texts(
            test
        )
        press(test, "Profiles of operators: 1")
        assert test.query_params["kind"] == "operator"
        assert "/submission?id=1&amp;kind=operator" in texts(well(test))
        next(box for box in test.selectbox if box.label == "State").set_value("decided").run()
        assert "Nothing matches." in texts(well(test))
        press(test, "Show everything")
        assert "Matching: 2." in texts(well(test))


def test_an_item_shows_differences_in_words_beside_the_listing(portal, officer):
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        shown = texts(well(test))
        assert "Expiry: claimed 12 March 2028, listed 12 March 2027" in shown
        assert "Listing of 1 November 2026" in shown
        assert "Differs from the listing" in shown


@pytest.mark.parametrize("listed", [True, False])
def test_a_facility_is_compared_by_its_facility_number(portal, officer, listed):
    if listed:
        listings.stand(portal, listings.WORKS, kind="facilities")
    submitted_owner(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert '<th scope="row">Facility number</th>' in texts(well(test))
        assert "Certificate number" not in texts(test)


def test_an_override_takes_a_second_officer(portal, officer, colleague):
    listings.stand(portal, listings.ROW | {"number": "12354"})
    asker = submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "Distance 1: Operator ID: the same; Number: 12354, two neighbouring signs transposed" in texts(
            well(test)
        )
        press(test, "Approve")
        assert "propose an override" in texts(well(test))
        area(test, "Why it is believed").set_value("I have seen the card.").run()
        press(test, "Propose the override")
        assert "is no day" not in texts(well(test))
        assert "Enter the day on which the override is reviewed." in texts(test)
        next(box for box in test.text_input if box.label.startswith("Reviewed on")).set_value("2027-05-20").run()
        press(test, "Propose the override")
        assert "another officer has to agree to it" in texts(well(test))
    with drawn("queue", colleague) as test:
        assert "Open override 1" in texts(well(test))
        assert texts(test).count("An override waits for a second officer") == 1  # on the row of the profile
    with drawn("submission", colleague, {"id": "1"}) as test:
        press(well(test), "Agree, and confirm the certificate")
        assert "Confirmed by override until 20 May 2027" in texts(well(test))
        press(test, "Approve")
        assert "Approved by Bo Chan" in texts(well(test))
        assert "It rests on an override of" in texts(test)
    assert operators.my_profile(asker).state is State.ACTIVE
    with drawn("my_profile", asker) as test:
        assert "Confirmed by override until 20 May 2027" in texts(well(test))


def test_an_override_of_a_facility_takes_a_second_officer(portal, officer, colleague):
    listings.stand(portal, listings.WORKS | {"facility_number": "2200B"}, kind="facilities")
    asker = submitted_owner(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(well(test), "Why it is believed").set_value(NASTY).run()
        next(box for box in test.text_input if box.label.startswith("Reviewed on")).set_value("2027-05-20").run()
        press(test, "Propose the override")
        assert "another officer has to agree to it" in texts(well(test))
    with drawn("queue", colleague, {"kind": "override"}) as test:
        assert "City of North Bay: North Bay WPCP 2200A" in texts(well(test))
    with drawn("submission", colleague, {"id": "1"}) as test:
        press(well(test), "Agree, and confirm the facility")
        assert "Confirmed by override until 20 May 2027" in texts(well(test))
        press(test, "Approve")
    with drawn("my_facilities", asker) as test:
        assert "Confirmed by override until 20 May 2027" in texts(well(test))


def test_what_becomes_of_a_facility_is_said_before_its_override_ends(portal, officer, colleague):
    listings.stand(portal, listings.WORKS | {"facility_number": "2200B"}, kind="facilities")
    asker = submitted_owner(portal)
    override_id = overrides.propose(officer, 1, 1, 1, "It opened.", NOON.date() + timedelta(days=10))
    overrides.agree(colleague, override_id, 1)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "The list of facilities does not have it. Once the override ends" in texts(well(test))
        press(test, "Let the override end today")
        shown = texts(well(test))
        assert "The override has ended" in shown
        assert "Why it is not confirmed: Two officers believed it for a while" in shown
    assert not owners.my_organization(asker).facilities[0].held


@pytest.mark.parametrize(("kind", "said"), [("operating_authority", True), ("municipality", False)])
def test_another_owner_s_name_is_explained_where_it_makes_no_difference(portal, officer, kind, said):
    listings.stand(portal, listings.WORKS | {"owner": "Township of Bonfield"}, kind="facilities")
    submitted_owner(portal, "Clear Operations Inc.", kind)
    with drawn("submission", officer, {"id": "1"}) as test:
        shown = texts(well(test))
        assert ("Exactly as listed" in shown) is said
        assert (
            "The listing names Township of Bonfield as the owner. Clear Operations Inc. is the" in shown
        ) is said


def test_a_second_officer_who_does_not_agree_says_why(portal, officer, colleague):
    listings.stand(portal)
    submitted_operator(portal)
    overrides.propose(officer, 1, 1, 1, NASTY, date(2027, 5, 20))
    with drawn("submission", colleague, {"id": "1"}) as test:
        area(well(test), "Why you do not agree").set_value("It is a copy.").run()
        press(test, "Refuse the override")
        assert "The second officer did not agree" in texts(well(test))


def test_a_question_is_asked_on_the_item_and_answered_on_the_overview(portal, officer):
    asker = submitted_owner(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(well(test), "Question").set_value(NASTY).run()
        press(test, "Ask the holder")
        assert "Not yet" in texts(well(test))
        assert "Questions without an answer: 1. A decision ends them." in texts(test)
    with drawn("overview", asker) as test:
        assert NASTY in [box.value for box in well(test).text]
        press(test, "Answer")
        assert "Write the answer" in texts(well(test))
        area(test, "Your answer").set_value("It is the lagoon.").run()
        press(test, "Answer")
        assert "The office has your answer." in texts(well(test))
        assert "<dt>Answered</dt><dd>It is the lagoon.</dd>" in texts(test)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "It is the lagoon." in texts(well(test))
        assert "Questions without an answer" not in texts(test)
    assert questions.to_me(asker) == ()


@pytest.mark.parametrize(
    ("page", "submitted"), [("my_profile", submitted_operator), ("my_facilities", submitted_owner)]
)
def test_a_question_is_answered_on_the_profile_that_it_is_about(portal, officer, page, submitted):
    asker = submitted(portal)
    questions.ask(officer, 1, 1, 1, NASTY)
    with drawn(page, asker) as test:
        assert NASTY in [box.value for box in well(test).text]
        area(test, "Your answer").set_value("It is on my card.").run()
        press(test, "Answer")
        assert "The office has your answer." in texts(well(test))
    assert questions.to_me(asker) == ()


def test_only_what_waits_is_counted_on_top_of_the_queue(portal, officer):
    submitted_operator(portal)
    with drawn("queue", officer) as test:
        counts = [label for label in labels(well(test)) if re.search(r": \d", label)]
        assert counts
        assert not [label for label in counts if label.endswith(": 0")]


def test_what_is_typed_about_a_certificate_never_shows_at_a_facility_of_the_same_number(portal, officer):
    submitted_operator(portal)
    submitted_owner(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(well(test), "Question").set_value("Robin, is it yours?").run()
    with drawn("submission", officer, {"id": "2"}) as test:
        assert area(well(test), "Question").value == ""
    with drawn("submission", officer, {"id": "1"}) as test:
        assert area(well(test), "Question").value == "Robin, is it yours?"


def test_a_decided_item_shows_what_it_was_decided_against(portal, officer):
    listings.stand(portal, listings.ROW | {"number": "12354"})
    submitted_operator(portal)
    verification.return_(officer, 1, 1, "Which number is it?")
    listings.stand(portal, listings.ROW, listed_on=date(2026, 11, 15))
    with drawn("submission", officer, {"id": "1"}) as test:
        shown = texts(well(test))
        assert "When it was decided, it was compared with the listing of 1 November 2026:" in shown
        assert "Number not found" in shown
        assert "Number: 12354, two neighbouring signs transposed" in shown
        assert "15 November" not in shown


def box_of(test, key):
    return next(box for box in (*test.text_area, *test.checkbox, *test.text_input) if box.key == key)


def labels(test):
    return {button.label for button in test.button}


def test_a_submission_decided_in_another_tab_asks_for_no_decision_and_keeps_what_was_typed(
    portal, officer, colleague
):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    listings.stand(portal)
    third = signed_in(portal, Role.OFFICER)
    overrides.agree(third, overrides.propose(colleague, 1, 1, 1, "Seen.", date(2027, 5, 20)), 1)
    typed = {
        "question:1-1.question-1": "Whose is it?",
        "override:1-2.reason": "I have seen the other card.",
        "approval:1.claim-2": "Not on the card.",
        "return:1.reasons": NASTY,
    }
    with drawn("submission", officer, {"id": "1"}) as test:
        box_of(well(test), "approval:1.refuse-2").check().run()
        for key, value in typed.items():
            box_of(test, key).set_value(value).run()
        verification.approve(colleague, 1, verification.item(colleague, 1).version, {2: "Nobody knows it."})
        press(test, "Return with reasons")
        shown = texts(well(test))
        assert "Approved by Bo Chan on" in shown
        assert "It was decided after your page was drawn, so nothing more was done here." in shown
        for value in ("Whose is it?", "I have seen the other card.", "Not on the card.", NASTY):
            assert value in shown
        assert "Shift+A" not in str([box.label for box in test.toggle])
        assert not labels(test) & {"Approve", "Return with reasons", "Propose the override", "Ask the holder"}
        assert [box.label for box in test.text_area] == ["Reason for the suspension *"]
    with drawn("submission", officer, {"id": "1"}) as test:  # in another tab
        shown = texts(well(test))
        assert "Approved by Bo Chan on" in shown
        assert "Whose is it?" in shown
        assert "after your page was drawn" not in shown
        for button in [button.key for button in test.button if button.label == "Discard what I typed"]:
            next(one for one in test.button if one.key == button).click().run()
        assert "Whose is it?" not in texts(well(test))
        assert "Discard what I typed" not in labels(test)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "typed, not handed in" not in texts(well(test))


@pytest.mark.parametrize("read", ["lately", "long ago"])
def test_a_submission_that_its_holder_took_back_says_so_to_who_was_typing(portal, officer, read):
    asker = submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(well(test), "Reasons for a return").set_value("Which number?").run()
        operators.withdraw(asker, operators.my_profile(asker).version)
        if read == "long ago":
            del test.session_state["fresh"]
        press(test, "Approve")
        shown = texts(well(test))
        assert "It was taken back after your page was drawn, so nothing more was done here." in shown
        assert "Which number?" in shown
        assert "Approve" not in labels(test)


def test_what_was_typed_for_an_override_is_kept_when_a_colleague_proposes_or_decides_first(
    portal, officer, colleague
):
    listings.stand(portal)
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(well(test), "Why it is believed").set_value("I have seen the card.").run()
        box_of(test, "override:1-1.review_on").set_value("2027-04-01").run()
        overrides.propose(colleague, 1, 1, 1, "Me too.", date(2027, 5, 20))
        press(test, "Propose the override")
        shown = texts(well(test))
        assert "This was changed by Bo Chan" in shown
        assert {"I have seen the card.", "2027-04-01"} <= set(shown.splitlines())
        assert "Propose the override" not in labels(test)
        area(test, "Why you do not agree").set_value("It is a copy.").run()
        third = signed_in(portal, Role.OFFICER, given_name="Cy", family_name="Third")
        overrides.agree(third, 1, 1)
        press(test, "Refuse the override")
        shown = texts(well(test))
        assert "It is a copy." in shown
        assert "This was changed by Cy Third" in shown


def test_what_was_typed_against_a_certificate_is_kept_when_a_colleague_refuses_it_first(
    portal, officer, colleague
):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        box_of(well(test), "approval:1.refuse-2").check().run()
        box_of(test, "approval:1.claim-2").set_value("Not on the card.").run()
        verification.refuse_one(colleague, 1, 1, 2, "Nobody knows it.")
        press(test, "Refuse certificate 2 now")
        shown = texts(well(test))
        assert "Why it is not confirmed: Nobody knows it." in shown
        assert "Not on the card." in shown
        assert "This was changed by Bo Chan" in shown


def test_an_override_of_another_certificate_is_shown_on_a_later_item(portal, officer, colleague):
    listings.stand(portal)
    asker = submitted_operator(portal)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, NASTY, date(2027, 5, 20)), 1)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", officer, {"id": "2"}) as test:
        shown = texts(well(test))
        assert "Confirmed by override until 20 May 2027" in shown
        assert "Wastewater treatment, Class II, number 12345" in shown


def test_of_two_certificates_each_is_decided_by_itself(portal, officer):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        press(well(test), "Confirm certificate 12345 now")
        assert "It rests on an officer’s decision of 20 November 2026." in texts(well(test))
        next(box for box in test.checkbox if box.key == "approval:1.refuse-2").check().run()
        press(well(test), "Refuse certificate 2 now")
        assert "Write the reason" in texts(well(test))
        area(test, "Reason").set_value("Not on the card.").run()
        press(test, "Refuse certificate 2 now")
        assert "Why it is not confirmed: Not on the card." in texts(well(test))
        press(test, "Approve")
    assert [one.state for one in operators.my_profile(asker).certificates] == ["confirmed", "refused"]


def test_taking_giving_back_and_giving_to_somebody(portal, officer, colleague):
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        press(well(test), "Take it")
        assert "You have taken it" in texts(well(test))
    with drawn("submission", colleague, {"id": "1"}) as test:
        assert "Olga Office has taken it" in texts(well(test))
        assert "Opened by Olga Office just now." in texts(test)
        press(test, "Approve")
        assert "Olga Office has taken this submission" in texts(well(test))
        next(box for box in test.selectbox if box.label == "Give it to").select_index(0).run()
        press(test, "Give it")
        said = texts(well(test))
        assert "Bo Chan" in said
        assert "Olga Office has taken this submission" not in said, "What is settled is said no more."
        press(test, "Give it back")
        press(test, "Approve")
        assert "Approved by Bo Chan" in texts(well(test))


def test_a_reason_that_is_chosen_fills_the_field_and_stays_editable(portal, officer):
    submitted_operator(portal)
    reason_templates.add(officer, NASTY, "The number is not on file.")
    with drawn("submission", officer, {"id": "1"}) as test:
        next(box for box in well(test).selectbox if box.label == "Reasons to choose from").select(NASTY).run()
        reasons = area(well(test), "Reasons for a return")
        assert reasons.value == "The number is not on file."
        reasons.set_value(f"{reasons.value} Look again.").run()
        press(test, "Return with reasons")
        assert "Returned by Olga Office" in texts(well(test))
        assert "The number is not on file. Look again." in texts(test)


def test_templates_are_added_and_ended(portal, officer):
    with drawn("reason_templates", officer) as test:
        assert "No reason is kept yet." in texts(well(test))
        next(box for box in test.text_input if box.label.startswith("Title")).set_value(NASTY)
        area(test, "Words").set_value("Not on file.").run()
        press(test, "Add")
        assert "The words are kept. From now on officers can choose them" in texts(well(test))
        press(test, "Offer it no more")
        assert "No reason is kept yet." in texts(well(test))


def test_exact_matches_are_previewed_then_approved(portal, officer):
    listings.stand(portal, listings.ROW)
    asker = submitted_operator(portal, given_name="Robin")
    submitted_operator(portal, "90055555", "5")
    with drawn("exact_matches", officer) as test:
        assert "1 can be approved at once; 0 match too" in texts(well(test))
        assert '<a href="/submission?id=1" target="_self">Submission 1</a>' in texts(test)
        press(test, "Approve this one")
        assert "tick that you have, then approve" in texts(well(test))
        test.checkbox(key="looked-through").check()
        press(test, "Approve this one")
        assert "The profile of Robin Fairwater is approved" in texts(well(test))
    assert operators.my_profile(asker).state is State.ACTIVE
    assert verification.queue(officer).waiting == 1


def test_what_there_is_to_know_since_the_page_was_drawn_is_shown_before_it_is_approved(portal, officer):
    asker = submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        submitted_operator(portal, "90022222", "12345", given_name="Bo", family_name="Two")
        press(test, "Approve")
        shown = texts(well(test))
        assert "also claimed by “Bo Two”. This is new since your page was drawn, so nothing was done." in shown
        assert operators.my_profile(asker).state is State.PENDING
        press(test, "Approve")
        well(test)
    assert operators.my_profile(asker).state is State.ACTIVE


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (2, "The profiles of Ann 1 and Ann 2 are approved."),
        (6, "The profiles of Ann 1, Ann 2, Ann 3, Ann 4, Ann 5 and Ann 6 are approved."),
        (7, "The profiles of Ann 1, Ann 2, Ann 3, Ann 4, Ann 5 and 2 more are approved."),
    ],
)
def test_an_approval_of_all_names_whose_profiles_are_approved(portal, officer, count, said):
    numbers = range(1, count + 1)
    named = [
        {"operator_id": f"9001234{n}", "number": str(n), "first_name": "Ann", "last_name": str(n)} for n in numbers
    ]
    listings.stand(portal, *(listings.ROW | one for one in named))
    for one in named:
        submitted_operator(
            portal, one["operator_id"], one["number"], given_name="Ann", family_name=one["last_name"]
        )
    with drawn("exact_matches", officer) as test:
        test.checkbox(key="looked-through").check()
        press(test, f"Approve these {count}")
        assert said in texts(well(test))


def test_an_approval_of_all_that_was_overtaken_says_what_was_wrong_and_boasts_of_nothing(
    portal, officer, colleague
):
    listings.stand(portal, listings.ROW)
    submitted_operator(portal)
    with drawn("exact_matches", officer) as test:
        verification.return_(colleague, 1, 1, "Not so fast.")
        test.checkbox(key="looked-through").check()
        press(test, "Approve this one")
        shown = texts(well(test))
        assert "Nothing was approved." in shown
        assert "Not approved: submission 1 (Robin Fairwater). This was changed by Bo Chan" in shown
        assert "Approved: 0" not in shown


def test_a_difference_is_shown_with_both_sides_and_followed(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    with drawn("queue", officer) as test:
        assert f"/discrepancy?id={found}" in texts(well(test))
        assert "<dt>What differs</dt><dd>Expiry</dd>" in texts(test)
    with drawn("discrepancy", officer, {"id": str(found)}) as test:
        assert "Expiry: on file 12 March 2028, listed 12 March 2027" in texts(well(test))
        for said in (
            "becomes Wastewater treatment, Class II, until 12 March 2027",
            "stays active",
            "mail at once",
        ):
            assert said in texts(test)
        press(test, "Keep what is on file")
        assert "Write the reason" in texts(well(test))
        press(test, "Follow the listing")
        assert "Olga Office followed the listing on" in texts(well(test))
        assert "Expiry: on file 12 March 2028, listed 12 March 2027" in texts(test)
        assert "When it was decided, it was compared with the listing of" in texts(test)
        assert f"Difference {found}, Robin Fairwater, Wastewater treatment, Class II (12345): it follows" in texts(
            test
        )
    with drawn("discrepancy", officer, {"id": "77"}) as test:
        assert "There is no difference 77" in texts(well(test))


def test_a_difference_of_a_facility_is_shown_with_both_sides_and_followed(portal, officer, colleague):
    owner = active_owner(portal)
    listed_facilities.imported(portal, listed_facilities.OF_CLASS_IV)
    found = listed_facilities.waits(portal).id
    with drawn("queue", officer) as test:
        assert f"/discrepancy?id={found}" in texts(well(test))
    with drawn("discrepancy", officer, {"id": str(found)}) as test:
        shown = texts(well(test))
        for said in (
            "City of North Bay: the listing says otherwise than what is on file.",
            "Class: on file Class III, listed Class IV",
            "The facility becomes Class IV, as listed; it is Class III now.",
            "The managers of the organization are told by mail at once",
            "not asked about again while the list says the same",
        ):
            assert said in shown
        press(test, "Keep what is on file")
        assert "Write the reason" in texts(well(test))
        press(test, "Follow the listing")
        assert "Olga Office followed the listing on" in texts(well(test))
        done = f"Difference {found}, City of North Bay, North Bay WPCP (2200A): it follows the listing now"
        assert done in texts(test)
    assert owners.my_organization(owner).facilities[0].facility_class == "IV"
    with drawn("discrepancy", colleague, {"id": str(found)}) as test:
        assert "Class: on file Class III, listed Class IV" in texts(well(test))


def test_a_difference_of_a_name_alone_is_only_kept_and_what_is_gone_says_why(portal, officer, colleague):
    active_owner(portal)
    listed_facilities.imported(portal, listed_facilities.OF_ANOTHER_NAME)
    found = listed_facilities.waits(portal).id
    with drawn("discrepancy", officer, {"id": str(found)}) as test:
        assert "so there is nothing to follow" in texts(well(test))
        assert "Follow the listing" not in [button.label for button in test.button]
    listed_facilities.withdrawn(officer)
    with drawn("discrepancy", colleague, {"id": str(found)}) as test:
        said = texts(well(test))
        assert "There is nothing to decide any more. No list is on file to compare with." in said
        assert "The listing agrees again" not in said


def test_a_difference_is_worked_by_keys_and_its_page_says_which(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    with drawn("discrepancy", officer, {"id": str(found)}) as test:
        (keys,) = [box.label for box in well(test).toggle if box.label.startswith("Keys")]
        assert "Shift+K keep what is on file, Shift+F follow the listing" in keys
        pressed = {button.label: button.proto.shortcut for button in test.button}
        assert pressed["Keep what is on file"].lower() == "shift+k"
        assert pressed["Follow the listing"].lower() == "shift+f"


@pytest.mark.parametrize("act", ["Keep what is on file", "Follow the listing"])
def test_whoever_comes_second_to_a_difference_reads_who_was_first_and_keeps_the_typed(
    portal, officer, colleague, act
):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    with drawn("discrepancy", officer, {"id": str(found)}) as test:
        well(test).text_area[0].set_value("The card says so.").run()
        discrepancies.keep(colleague, found, 1, "Telephoned.")
        press(test, act)
        said = texts(well(test))
        assert said.count("after your page was drawn, so nothing more was done here.") == 1
        assert "Bo Chan decided on" in said
        assert "The card says so." in said
        assert "Discard what I typed" in [button.label for button in test.button]


def test_a_difference_and_an_application_are_taken_and_lead_on(portal, officer, colleague):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    application = filed(active_owner(portal))
    for page, number in (("discrepancy", found), ("applications", application)):
        with drawn(page, officer, {"id": str(number), "type": "wastewater_treatment"}) as test:
            assert "Keys: N next, P previous" in str([box.label for box in well(test).toggle])
            assert {box.label for box in test.button} >= {"Take it"}
            assert any(box.label in ("Next in the queue", "Previous in the queue") for box in test.button)
            press(test, "Take it")
            assert "You have taken it" in texts(well(test))
        with drawn(page, colleague, {"id": str(number)}) as test:
            assert "Opened by Olga Office just now." in texts(well(test))
            assert "Olga Office has taken it" in texts(test)
    with drawn("queue", colleague, {"stage": "others"}) as test:
        assert texts(well(test)).count("<dt>Taken by</dt><dd>Olga Office</dd>") == 2
        assert f"/applications?id={application}&amp;stage=others" in texts(test)
        assert f"/discrepancy?id={found}&amp;stage=others" in texts(test)
        next(box for box in test.selectbox if box.label == "Type").set_value("water_treatment").run()
        assert test.query_params["type"] == "water_treatment"
        assert "Nothing that waits matches." in texts(well(test))


def test_before_the_first_and_after_the_last_of_the_queue_there_is_none_and_it_says_so(portal, officer):
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        press(well(test), "Previous in the queue")
        assert [one.value for one in well(test).toast] == [
            "This is the first in the queue: nothing comes before it."
        ]
        press(test, "Next in the queue")
        assert [one.value for one in well(test).toast] == ["Nothing else waits in the queue."]


def test_nobody_gives_to_himself_what_he_has_taken(portal, officer, colleague):
    submitted_operator(portal)

    def offered(test):
        return next(box for box in well(test).selectbox if box.label == "Give it to").options

    with drawn("submission", officer, {"id": "1"}) as test:
        assert offered(test) == ["Bo Chan", "Olga Office (you)"]
        press(test, "Take it")
        assert offered(test) == ["Bo Chan"]
    with drawn("submission", colleague, {"id": "1"}) as test:
        assert "Bo Chan (you)" in offered(test)


def test_what_two_organizations_claim_stands_side_by_side(portal, officer):
    submitted_owner(portal, "City One")
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, NASTY, "municipality", 0)
    add_facility(asker, replace(FACILITY, name="The same works"))
    owners.submit(asker, owners.my_organization(asker).version)
    with drawn("submission", officer, {"id": "1"}) as test:
        shown = texts(well(test))
        assert "Also claimed, submission 2" in shown
        assert "/submission?id=2" in shown
    with drawn("queue", officer) as test:
        assert texts(well(test)).count("Comes together with its neighbour") == 2
    with drawn("queue", officer, {"words": "City One"}) as test:
        assert "Comes together with its neighbour" not in texts(well(test))
        assert "Another submission claims the same." in texts(test)
        assert "/submission?id=2&amp;words=City+One" in texts(test)


@pytest.mark.parametrize(("days", "old"), [(7, False), (8, True)])
def test_an_item_and_the_operator_s_overview_name_the_listing_and_warn_of_an_old_one(portal, officer, days, old):
    asker = active_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999")
    operators.submit(asker, operators.my_profile(asker).version)
    listings.stand(portal, listed_on=NOON.date() - timedelta(days=days))
    for page, who, query in (("submission", officer, {"id": "2"}), ("overview", asker, {})):
        with drawn(page, who, query) as test:
            assert f"listing of {in_english(NOON.date() - timedelta(days=days))}" in texts(well(test))
            assert ("is more than 7 days old" in texts(test)) is old


def test_an_owner_s_item_and_pages_name_the_list_that_facilities_are_compared_with(portal, officer):
    asker = active_owner(portal)
    add_facility_later(asker)
    listings.stand(portal, listings.WORKS, kind="facilities", listed_on=NOON.date() - timedelta(days=3))
    for page, who, query in (("submission", officer, {"id": "2"}), ("overview", asker, {}),
                             ("my_facilities", asker, {})):  # fmt: skip
        with drawn(page, who, query) as test:
            assert f"listing of {in_english(NOON.date() - timedelta(days=3))}" in texts(well(test))


def add_facility_later(asker):
    owners.withdraw(asker, owners.my_organization(asker).version)
    add_facility(asker, replace(FACILITY, ministry_number="2200-B", name="The lagoon"))
    owners.submit(asker, owners.my_organization(asker).version)


def test_a_suspended_operator_reads_what_counts_no_more_and_may_enter_another_certificate(portal, officer):
    asker = active_operator(portal)
    discrepancies.follow(officer, listings.differ(portal, operators.my_profile(asker), status="cancelled"), 1)
    with drawn("my_profile", asker) as test:
        assert "You can still enter and submit renewed or changed certificates" in texts(well(test))
        assert "Counts no more: the ministry" in texts(test)
        test.checkbox[0].uncheck().run()
        press(test, "Open my profile for changes")
    assert operators.my_profile(asker).editable


def test_a_certificate_that_the_listing_dropped_is_overridden_where_the_officer_stands(portal, officer, colleague):
    listings.stand(portal, listings.ROW)
    asker = active_operator(portal)
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    with unattended(portal, NOON) as work:
        align(work, "night")
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "counts again once a second officer agrees to an override of it" in texts(well(test))
        area(test, "Why it is believed").set_value("The ministry left it out.").run()
        next(box for box in test.text_input if box.label.startswith("Reviewed on")).set_value("2027-05-20").run()
        press(test, "Propose the override")
        assert "another officer has to agree to it" in texts(well(test))
    with drawn("submission", colleague, {"id": "1"}) as test:
        press(well(test), "Agree, and confirm the certificate")
        assert "Confirmed by override until 20 May 2027" in texts(well(test))
    assert operators.my_profile(asker).state is State.ACTIVE


def test_an_override_that_is_due_for_review_is_proposed_anew_and_agreed_to_on_its_page(portal, officer):
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    submitted_operator(portal)
    colleague = signed_in(portal, Role.OFFICER, given_name="Bo", family_name="Chan")
    review = NOON.date() + timedelta(days=10)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "Seen.", review), 1)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    with drawn("queue", officer) as test:
        assert "Override due for review" in texts(well(test))
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "This override is due for review." in texts(well(test))
        press(test, "Propose the override anew")
        assert "Enter the day on which the override is reviewed." in texts(well(test))
    overrides.propose_again(officer, 1, 2, "Seen anew.", NOON.date() + timedelta(days=90))
    with drawn("submission", colleague, {"id": "1"}) as test:
        press(test, "Agree, and confirm the certificate")
        assert "The certificate is confirmed by override." in texts(well(test))


def test_what_is_listed_as_suspended_is_approved_with_a_reason_which_is_kept_and_shown(portal, officer, colleague):
    asker = submitted_operator(portal)
    listings.stand(portal, listings.ROW | {"status": "suspended"})
    place, why = Place(Subject.SUBMISSION, 1), "Why it is confirmed although"
    with drawn("submission", officer, {"id": "1"}) as test:
        press(test, "Approve")
        assert "The listing shows Wastewater treatment, Class II (12345) as suspended." in texts(well(test))
        area(test, why).set_value("The ministry has told us so.").run()
        assignments.take(colleague, place, verification.item(colleague, 1).version)
        assignments.give_back(colleague, place, verification.item(colleague, 1).version)
        press(test, "Approve")
        assert "This was changed by Bo Chan" in texts(well(test))
        assert area(test, why).value == "The ministry has told us so."
        press(test, "Approve")
        well(test)
    assert operators.my_profile(asker).state is State.ACTIVE
    with drawn("submission", officer, {"id": "1"}) as test:
        shown = "Why it is confirmed although the listing does not show it in force: "
        assert shown + "The ministry has told us so." in texts(test)


@pytest.fixture
def for_another(portal, officer):
    """Certificate 12345 is confirmed for one person, and claimed by a second."""
    submitted_operator(portal)
    approve(officer, 1)
    return submitted_operator(portal, "90012346", family_name="Stillwater")


def test_a_second_officer_says_why_what_another_person_has_is_confirmed(portal, officer, colleague, for_another):
    listings.stand(portal, listings.ROW)
    version, why = verification.item(officer, 2).version, "Why it is confirmed for this person too"
    overrides.propose(officer, 2, version, 2, "I have seen it.", date(2027, 5, 20))
    with drawn("submission", colleague, {"id": "2"}) as test:
        press(test, "Agree, and confirm the certificate")
        assert "is confirmed for another person already. Write the reason" in texts(well(test))
        area(test, why).set_value("The number was given twice.").run()
        press(test, "Agree, and confirm the certificate")
        assert "The certificate is confirmed by override." in texts(well(test))
        assert f"{why}: The number was given twice." in texts(test)
        press(test, "Approve")
        well(test)
    with drawn("submission", colleague, {"id": "2"}) as test:
        assert f"{why}: The number was given twice." in texts(well(test))
        assert "typed, not handed in" not in texts(test)


def test_what_is_listed_as_suspended_and_another_person_has_names_both(portal, officer, for_another):
    listings.stand(portal, listings.ROW | {"operator_id": "90012346", "status": "suspended"})
    why = "Why it is confirmed for this person too, although the listing does not show it in force"
    with drawn("submission", officer, {"id": "2"}) as test:
        area(test, why).set_value("The ministry has told us so.").run()
        press(test, "Approve")
        well(test)
    with drawn("submission", officer, {"id": "2"}) as test:
        assert f"{why}: The ministry has told us so." in texts(well(test))


def test_one_that_was_refused_alone_and_is_listed_as_cancelled_is_confirmed_after_all_with_a_reason(
    portal, officer
):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, "12345"), add_certificate(asker, "2")
    operators.submit(asker, operators.my_profile(asker).version)
    listings.stand(portal, listings.ROW, listings.ROW | {"number": "2", "status": "cancelled"})
    verification.refuse_one(officer, 1, verification.item(officer, 1).version, 2, "It is cancelled.")
    with drawn("submission", officer, {"id": "1"}) as test:
        press(well(test), "Confirm certificate 2 now")
        assert "The listing shows Wastewater treatment, Class II (2) as cancelled." in texts(test)
        area(test, "Why it is confirmed although").set_value("It was a slip of the ministry’s.").run()
        press(test, "Confirm certificate 2 now")
        assert "Why it is confirmed although" in texts(well(test))
        press(test, "Approve")
        well(test)
    assert [one.state for one in operators.my_profile(asker).certificates] == ["confirmed", "confirmed"]


def test_an_operator_id_of_another_name_asks_why_the_two_are_one_person(portal, officer, colleague):
    with portal.database.transaction(writes=True) as session:
        held = {"given_name": "Sam", "family_name": "Employee", "operator_id": "90012345"}
        session.add(Person(**held, created_at=NOON))
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        assert "was confirmed for Sam Employee, who has no account. The names differ" in texts(well(test))
        press(test, "Approve")
        assert "Approve the whole profile and write why the two are one person; or return it." in texts(well(test))
        area(test, "Why the two are one person").set_value("A new name since 2025.").run()
        verification.return_(colleague, 1, verification.item(colleague, 1).version, "Not so fast.")
        press(test, "Approve")
        assert "Why the two are one person (typed, not handed in):\nA new name since 2025." in texts(well(test))


def test_why_two_names_are_one_person_is_shown_with_the_decision(portal, officer):
    with portal.database.transaction(writes=True) as session:
        held = {"given_name": "Sam", "family_name": "Employee", "operator_id": "90012345"}
        session.add(Person(**held, created_at=NOON))
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        area(test, "Why the two are one person").set_value("A new name since 2025.")
        press(test, "Approve")
    with drawn("submission", officer, {"id": "1"}) as test:
        said = "Reasons: One person with whoever had the Operator ID: A new name since 2025."
        assert said in texts(well(test))
