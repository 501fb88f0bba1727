"""The rows of the office's queue and the ways between its items: what they say is so."""

from datetime import date, timedelta

import pytest

from core.queue import Filters, Place, Subject
from core.roles import Role
from db.services import assignments, overrides, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import approve, submitted_operator, submitted_owner
from tests.pages.drawn import drawn, press, texts


def shown(page, asker, **query):
    with drawn(page, asker, query) as test:
        assert not test.exception, test.exception
        return texts(test)


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "0 working days so far"), (3, "1 working day ago"), (4, "2 working days")]
)
def test_what_is_handed_in_before_days_without_work_says_so(portal, days, said):
    submitted_operator(portal)  # on a Friday
    then = signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=days))
    assert f"({said}" in shown("queue", then)


@pytest.mark.parametrize("submitted", [submitted_operator, submitted_owner])
def test_an_override_that_was_agreed_to_is_seen_on_the_row_of_its_profile(portal, officer, colleague, submitted):
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    listings.stand(portal, listings.WORKS | {"facility_number": "2200B"}, kind="facilities")
    submitted(portal)
    until = date(2027, 5, 20)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, "I have seen it.", until), 1)
    assert "Confirmed by override until 20 May 2027" in shown("queue", officer)
    (row,) = verification.queue(officer, Filters()).rows
    assert (row.override_waits, row.override_until) == (False, until)


def test_what_was_decided_without_a_listing_is_not_called_not_yet_comparable(portal, officer):
    submitted_operator(portal)
    assert "Not yet comparable" in shown("queue", officer)
    approve(officer, 1)
    assert "Not yet comparable" not in shown("queue", officer, stage="decided")
    said = shown("submission", officer, id="1")
    assert "Not yet comparable" not in said
    assert "When it was decided, no listing was on file to compare with." in said


def test_a_decided_row_says_how_the_listing_bore_it_out(portal, officer):
    submitted_operator(portal)
    listings.stand(portal)
    verification.return_(officer, 1, verification.item(officer, 1).version, "Which number?")
    assert "ID not found" in shown("queue", officer, stage="decided")


def test_an_item_is_titled_by_its_holder(portal, officer):
    submitted_operator(portal, given_name="*Robin*")
    said = shown("submission", officer, id="1")
    assert '<h1 class="title-of">*Robin* Fairwater</h1>' in said
    assert "Submission 1.</p>" in said


def test_who_gave_an_item_is_said(portal, officer, colleague):
    submitted_operator(portal)
    place = Place(Subject.SUBMISSION, 1)
    bo = next(one.account_id for one in assignments.officers(officer) if not one.is_asker)
    assignments.give_to(officer, place, verification.item(officer, 1).version, bo)
    assert "You were given it by Olga Office: 20 November 2026" in shown("submission", colleague, id="1")
    assert "Bo Chan was given it by Olga Office" in shown("submission", officer, id="1")
    assignments.give_back(colleague, place, verification.item(colleague, 1).version)
    assignments.take(colleague, place, verification.item(colleague, 1).version)
    assert "You have taken it" in shown("submission", colleague, id="1")


def test_whoever_goes_on_from_the_last_is_told_that_the_first_follows(portal, officer):
    submitted_operator(portal)
    submitted_operator(portal, "90012346", "777")
    with drawn("submission", officer, {"id": "2"}) as test:
        press(test, "Next in the queue")
        test.query_params["id"] = "1"  # where the page leads
        test.session_state["went-on-in-the-queue"] = True
        test.run()
        assert [one.value for one in test.toast] == ["That was the last; this is the first again."]
        test.run()
        assert not test.toast


def test_a_second_claim_of_a_confirmed_certificate_asks_for_the_reason(portal, officer):
    submitted_operator(portal)
    submitted_operator(portal, "90012346", family_name="Stillwater")
    approve(officer, 1)
    with drawn("submission", officer, {"id": "2"}) as test:
        press(test, "Approve")
        assert "is confirmed for another person already. Write the reason" in texts(test)
        why = next(
            box for box in test.text_area if box.label.startswith("Why it is confirmed for this person too")
        )
        why.set_value("The ministry gave it twice.").run()
        press(test, "Approve")
        assert not test.exception
        assert "Why it is confirmed for this person too: The ministry gave it twice." in texts(test)


def test_where_no_mail_server_is_set_nobody_is_said_to_be_told(portal, officer):
    submitted_operator(portal)
    with drawn("submission", officer, {"id": "1"}) as test:
        press(test, "Approve")
        said = texts(test)
        assert (
            "Submission 1 of Robin Fairwater is approved. No mail server is set, so the mail is kept and not sent."
            in said
        )
        assert "told by mail" not in said
