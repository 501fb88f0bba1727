"""A decided submission says what was decided then, and what stands of it now."""

from datetime import date, timedelta

import pytest

from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.services import operators, owners, verification
from tests.db import standing_listings as listings
from tests.db.aligned import LATER, again_signed_in
from tests.db.people import NOON, signed_in
from tests.db.profiles import FACILITY, active_owner, add_certificate, approve, submitted_operator, submitted_owner
from tests.pages.drawn import drawn, texts

THEN = "Confirmed when it was decided, on 20 November 2026"


@pytest.fixture
def operator(portal, officer):
    """One whose certificate the listing bore out when it was confirmed."""
    asker = submitted_operator(portal)
    listings.stand(portal, listings.ROW)
    approve(officer, 1)
    return asker


def shown(asker, submission_id=1):
    with drawn("submission", asker, {"id": str(submission_id)}) as test:
        assert not test.exception, test.exception
        return texts(test)


def aligned_with(portal, *rows):
    listings.stand(portal, *rows, listed_on=date(2026, 11, 20))
    with unattended(portal, NOON) as work:
        align(work, "night")


def test_what_counts_still_says_so(officer, operator):
    said = shown(officer)
    assert THEN in said
    assert "Today: it counts" in said
    assert "It rests on the listing of 1 November 2026." in said


def test_one_that_the_listing_has_no_more_counts_no_more(portal, officer, operator):
    aligned_with(portal)
    said = shown(officer)
    assert THEN in said
    assert "Today: it counts no more, since the ministry’s listing does not bear it out" in said
    assert "It rests on" not in said


def test_one_that_has_expired_says_when(portal, operator):
    said = shown(signed_in(portal, Role.OFFICER, at=NOON + timedelta(days=600)))
    assert THEN in said
    assert "Today: it counts no more; it expired on 12 March 2028" in said
    assert "It rests on" not in said


def test_one_whose_expiry_was_taken_over_says_as_what_it_counts(portal, officer, operator):
    aligned_with(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    said = shown(officer)
    assert THEN in said
    assert "Today: it counts as Wastewater treatment, Class II, until 12 March 2027, not as handed in" in said


def test_one_that_its_holder_has_deleted_was_confirmed_all_the_same(portal, officer, operator):
    operator = again_signed_in(portal)
    mine = operators.my_profile(operator)
    operators.withdraw(operator, mine.version)
    operators.delete_certificate(operator, mine.certificates[0].claim_id, operators.my_profile(operator).version)
    said = shown(officer)
    assert THEN in said
    assert "Today: taken out of the profile, or replaced by a change" in said


def refused_then_confirmed(officer, operator):
    """A second certificate is refused in submission 2, and confirmed in submission 3."""
    operators.withdraw(operator, operators.my_profile(operator).version)
    added = add_certificate(operator, "777")
    operators.submit(operator, operators.my_profile(operator).version)
    listings.stand(officer.portal, listings.ROW, listings.ROW | {"number": "777"})
    approve(officer, 2, refused={added: "Not on the card."})
    operators.withdraw(operator, operators.my_profile(operator).version)
    licence = next(one.licence for one in operators.my_profile(operator).certificates if one.claim_id == added)
    operators.change_certificate(
        operator, added, licence.number, licence.licence_type, licence.licence_class, licence.expiry, "",
        operators.my_profile(operator).version,
    )  # fmt: skip
    operators.submit(operator, operators.my_profile(operator).version)
    approve(signed_in(officer.portal, Role.OFFICER, at=LATER), 3)


def test_one_that_was_refused_and_is_confirmed_by_now_says_both(officer, operator):
    refused_then_confirmed(officer, operator)
    with drawn("submission", officer, {"id": "2"}) as test:
        assert "Not confirmed when it was decided, on 20 November 2026" in texts(test)
        assert "Today: it counts" in texts(test)


def test_a_facility_says_whether_it_is_held(portal, officer):
    active_owner(portal)
    said = shown(officer)
    assert THEN in said
    assert "Today: the organization holds it" in said


def decide(officer, submission_id, how, *more):
    how(officer, submission_id, verification.item(officer, submission_id).version, *more)


def handed_in_again(operator, claim_id=1):
    """The certificate is edited in place and handed in once more."""
    licence = next(one.licence for one in operators.my_profile(operator).certificates if one.claim_id == claim_id)
    operators.change_certificate(
        operator, claim_id, licence.number, licence.licence_type, licence.licence_class, licence.expiry, "",
        operators.my_profile(operator).version,
    )  # fmt: skip
    operators.submit(operator, operators.my_profile(operator).version)


def test_one_returned_undecided_and_refused_later_was_not_decided_then(portal, officer):
    operator = submitted_operator(portal)
    decide(officer, 1, verification.return_, "Send the card.")
    handed_in_again(operator)
    decide(officer, 2, verification.refuse_one, 1, "It is not on the card.")
    decide(officer, 2, verification.return_, "See there.")
    said = shown(officer)
    assert "when it was decided" not in said
    assert "Today: not confirmed" in said
    assert "Why it is not confirmed: It is not on the card." in said
    said = shown(officer, 2)
    assert "Not confirmed when it was decided, on 20 November 2026" in said
    assert said.count("It is not on the card.") == 1


def test_one_refused_alone_and_returned_says_so_after_it_is_edited(portal, officer):
    operator = submitted_operator(portal)
    decide(officer, 1, verification.refuse_one, 1, "It is not on the card.")
    assert "Why it is not confirmed: It is not on the card." in shown(officer)
    decide(officer, 1, verification.return_, "See there.")
    handed_in_again(operator)
    decide(officer, 2, verification.refuse_one, 1, "It is a copy.")
    said = shown(officer)
    assert "Not confirmed when it was decided, on 20 November 2026" in said
    assert "Why it was not confirmed: It is not on the card." in said
    assert "Today: not confirmed" in said
    assert "Why it is not confirmed: It is a copy." in said


def test_one_refused_alone_before_it_was_taken_back_says_so(portal, officer):
    operator = submitted_operator(portal)
    decide(officer, 1, verification.refuse_one, 1, "It is not on the card.")
    operators.withdraw(operator, operators.my_profile(operator).version)
    handed_in_again(operator)
    said = shown(officer)
    assert "Not confirmed before it was taken back" in said
    assert "Why it was not confirmed: It is not on the card." in said
    assert "Today: " in said


def test_a_facility_returned_undecided_and_refused_later_was_not_decided_then(portal, officer):
    owner = submitted_owner(portal)
    decide(officer, 1, verification.return_, "Send the letter.")
    owners.change_facility(owner, 1, FACILITY, owners.my_organization(owner).version)
    owners.submit(owner, owners.my_organization(owner).version)
    decide(officer, 2, verification.refuse_one, 1, "It is another works.")
    decide(officer, 2, verification.return_, "See there.")
    assert "when it was decided" not in shown(officer)
    assert "Not confirmed when it was decided, on 20 November 2026" in shown(officer, 2)
