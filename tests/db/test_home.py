"""What waits for each role, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.queue import Place, Subject
from core.roles import Role
from db.keys import fingerprint
from db.register_schema import ClaimOverride
from db.schema import AccountRole, LoginSession
from db.services import assignments, disruptions, home, operators, overrides, owners, questions, verification
from tests.db import standing_listings as listings
from tests.db import uploaded
from tests.db.aligned import again_signed_in
from tests.db.employed import led
from tests.db.filed import TODAY, facility_of
from tests.db.listed_facilities import OF_CLASS_IV, imported
from tests.db.people import NOON, make_account, signed_in
from tests.db.profiles import (
    active_operator,
    active_owner,
    add_certificate,
    add_facility,
    approve,
    available_operator,
    submitted_operator,
    submitted_owner,
)
from tests.db.queued import REVIEW


def told(asker):
    return [(one.page, str(one.sentence)) for one in home.waiting(asker)]


def test_an_operator_is_led_from_the_first_entry_to_being_found(portal):
    asker = signed_in(portal, Role.OPERATOR)
    assert told(asker) == [("my-profile", "Enter your Operator ID and your certificates.")]
    asker = submitted_operator(portal)
    assert told(asker) == [("overview", "Your profile is pending verification.")]
    verification.return_(signed_in(portal, Role.OFFICER), 1, 1, "No.")
    assert told(asker) == [("overview", "Your profile was returned to you. Read why, and mend it.")]
    found = available_operator(portal, operator_id="90055555", number="5")
    assert told(found) == [("overview", "Your contact details were looked at once: see by whom.")]  # by the office
    operators.switch_availability(found, False, operators.my_profile(found).version)
    assert told(found)[0][1].startswith("Your availability is off")
    operators.withdraw(found, operators.my_profile(found).version)
    assert told(found)[0] == ("my-profile", "Your profile is open for changes. Submit it when you are done.")


def test_an_owner_is_led_from_the_first_entry_to_the_search(portal):
    asker = signed_in(portal, Role.OWNER)
    assert told(asker)[0][0] == "my-facilities"
    asker = submitted_owner(portal)
    owners.withdraw(asker, owners.my_organization(asker).version)
    assert told(asker) == [("my-facilities", "Your profile is a draft. Submit it for verification.")]
    assert (
        told(
            active_owner(
                portal,
                "City Two",
            )
        )[-1][0]
        == "search"
    )


def test_an_officer_sees_how_many_wait_and_since_when(portal):
    officer = signed_in(portal, Role.OFFICER)
    assert told(officer) == [("queue", "No profile waits for verification.")]
    submitted_operator(portal)
    assert told(officer) == [("queue", "One profile waits for verification, since 20 November 2026.")]
    submitted_owner(portal)
    assert told(officer) == [("queue", "2 profiles wait for verification, the oldest since 20 November 2026.")]


def test_an_officer_s_own_profile_waits_for_another_officer(portal):
    own = "No profile waits for you: another officer verifies your own."
    operator, owner = submitted_operator(portal), submitted_owner(portal)
    for asker in (operator, owner):
        add_roles(portal, asker, Role.OFFICER)
    one = ("queue", "One profile waits for verification, since 20 November 2026.")
    assert (one in told(operator), one in told(owner)) == (True, True)
    officer = signed_in(portal, Role.OFFICER)
    asked = questions.ask(officer, 1, 1, 1, "Which owner is it for?")
    questions.answer(operator, asked, "North Bay.")
    answered = ("queue", "Profiles of which the office’s questions are answered: 1.")
    assert [answered in told(asker) for asker in (operator, owner, officer)] == [False, True, True]
    verification.return_(officer, 2, 1, "The letter is missing.")
    assert ("queue", own) in told(operator)
    assert ("queue", own) not in told(owner)
    assert one in told(owner)


def test_a_second_officer_sees_that_an_import_waits_and_who_made_it_does_not(portal):
    officer, second = signed_in(portal, Role.OFFICER), signed_in(portal, Role.OFFICER)
    uploaded.imported(officer, uploaded.licences(1))
    uploaded.imported(officer, uploaded.licences(2))
    sentence = "The listing of operators of 20 November 2026 waits for a second officer: much would vanish."
    assert told(second)[0] == ("listings", sentence)
    assert [page for page, _ in told(officer)] == ["queue"]


def test_an_operator_is_led_to_a_question_and_a_refused_certificate(portal, officer):
    asker = submitted_operator(portal)
    asked = questions.ask(officer, 1, 1, 1, "Which owner is it for?")
    assert ("overview", "The office asks you a question. Answer it.") in told(asker)
    assert home.waiting(asker)[0].urgent
    questions.answer(asker, asked, "North Bay.")
    assert "overview" not in [page for page, said in told(asker) if "asks you" in said]
    operators.withdraw(asker, operators.my_profile(asker).version)
    added = add_certificate(asker, "777")
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 2, refused={added: "Not on the card."})
    said = "The office did not confirm Wastewater treatment, Class II, number 777. Read why."
    assert ("my-profile", said) in told(asker)


def test_an_operator_is_led_to_what_expires_within_three_months_until_a_renewed_one_waits(portal, officer):
    asker = submitted_operator(portal)
    approve(officer, 1)
    said = ("my-profile", "Wastewater treatment, Class II expires on 12 March 2028. Enter the renewed one.")
    early, late = (again_signed_in(portal, datetime(2027, 12, day, 17, tzinfo=UTC)) for day in (11, 12))
    assert said not in told(early)
    assert said in told(late)
    operators.withdraw(asker, operators.my_profile(asker).version)
    mine = operators.my_profile(asker)
    (held,) = mine.certificates
    operators.change_certificate(
        asker, held.claim_id, held.licence.number, held.licence.licence_type, held.licence.licence_class,
        date(2031, 3, 12), "", mine.version,
    )  # fmt: skip
    operators.submit(asker, operators.my_profile(asker).version)
    assert said not in told(late)


def test_an_owner_is_led_to_a_question_and_a_refused_facility(portal, officer):
    asker = submitted_owner(portal)
    questions.ask(officer, 1, 1, 1, "Is it the lagoon?")
    assert ("overview", "The office asks you a question. Answer it.") in told(asker)
    owners.withdraw(asker, owners.my_organization(asker).version)
    added = add_facility(asker, ministry_number="2201B", name="Lagoon")
    owners.submit(asker, owners.my_organization(asker).version)
    approve(officer, 2, refused={added: "Nobody knows it."})
    assert ("my-facilities", "The office did not confirm Lagoon 2201B. Read why.") in told(asker)


def test_an_officer_is_led_to_answers_and_to_what_was_taken_or_given(portal, officer, colleague):
    asker = submitted_operator(portal)
    asked = questions.ask(officer, 1, 1, 1, "Which owner is it for?")
    questions.answer(asker, asked, "North Bay.")
    assert ("queue", "Profiles of which the office’s questions are answered: 1.") in told(officer)
    place = Place(Subject.SUBMISSION, 1)
    version = verification.item(officer, 1).version
    account_id = next(one.account_id for one in assignments.officers(officer) if not one.is_asker)
    assignments.give_to(officer, place, version, account_id)
    taken = ("queue", "Taken by you, or given to you, and not decided: 1.")
    assert taken in told(colleague)
    assert taken not in told(officer)
    assert {one.stage for one in home.waiting(colleague)} >= {"answered", "mine"}
    handling = assignments.around(colleague, place).handling
    assert (handling.taken_by_me, handling.given_by) == (True, "Olga Office")


def of_claims(asker):
    """What of overrides and differences an officer is led to."""
    return {sentence for page, sentence in told(asker) if "Overrides" in sentence or "otherwise" in sentence}


def test_an_officer_is_not_led_to_overrides_of_the_own_profile(portal, officer, colleague):
    listings.stand(portal, listings.ROW | {"operator_id": "90099999"})
    own = submitted_operator(portal)
    add_roles(portal, own, Role.OFFICER)
    override_id = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    waits = "Overrides that wait for you as second officer: 1."
    assert (of_claims(colleague), of_claims(own)) == ({waits}, set())
    overrides.agree(colleague, override_id, 1)
    approve(officer, 1)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ClaimOverride).values(review_on=NOON.date()))
    assert of_claims(colleague) == {"Overrides that are due for review: 1."}
    assert of_claims(own) == set()


def test_an_officer_is_not_led_to_overrides_of_the_own_organization(portal, officer, colleague):
    listings.stand(portal, listings.WORKS | {"facility_number": "9999"}, kind="facilities")
    own = submitted_owner(portal)
    add_roles(portal, own, Role.OFFICER)
    overrides.propose(officer, 1, 1, 1, "The contract is here.", REVIEW)
    assert of_claims(colleague) == {"Overrides that wait for you as second officer: 1."}
    assert of_claims(own) == set()


def test_an_officer_is_not_led_to_differences_of_what_is_own(portal, officer, colleague):
    operator, owner = active_operator(portal), active_owner(portal)
    listings.differ(portal, operators.my_profile(operator))
    imported(portal, OF_CLASS_IV)
    of_certificates = "Certificates of which a later listing says otherwise: 1."
    of_facilities = "Facilities of which the ministry’s list says otherwise: 1."
    assert of_claims(colleague) == {of_certificates, of_facilities}
    add_roles(portal, operator, Role.OFFICER)
    add_roles(portal, owner, Role.OFFICER)
    assert (of_claims(operator), of_claims(owner)) == ({of_facilities}, {of_certificates})


def add_roles(portal, asker, *roles):
    with portal.database.transaction(writes=True) as session:
        account_id = session.scalar(
            select(LoginSession.account_id).where(LoginSession.token_hash == fingerprint(asker.token))
        )
        session.add_all(AccountRole(account_id=account_id, role=role, granted_at=NOON) for role in roles)


def test_several_roles_add_up(portal):
    asker = signed_in(portal, Role.OPERATOR, Role.OFFICER)
    assert [page for page, _ in told(asker)] == ["my-profile", "queue"]


def test_an_admin_without_anything_waiting_sees_nothing(portal):
    assert told(signed_in(portal, Role.ADMIN)) == []
    make_account(portal, Role.MANAGER, state="invited")
    assert told(signed_in(portal, Role.ADMIN)) == [("accounts", "Invitations not yet accepted: 1.")]


@pytest.mark.parametrize(("ahead", "waits"), [(15, True), (13, True), (None, False)])
def test_an_owner_is_led_to_a_strike_plan_that_is_due_or_late(portal, ahead, waits):
    owner, _chief, _second = led(portal)
    facility, before = facility_of(owner), _of_facility(owner)
    if ahead is not None:
        disruptions.record_strike(owner, facility, TODAY + timedelta(days=ahead))
    found = _of_facility(owner)
    assert (found > before) is waits


def _of_facility(owner):
    """How many findings home counts for the owner, each led to the facility."""
    found = [one for one in home.waiting(owner) if one.page == "compliance"]
    assert all(one.urgent and one.facility_id == facility_of(owner) for one in found)
    return sum(one.count for one in found)
