"""A decided submission says what was decided then, and what stands of it now."""

from datetime import date, timedelta

import pytest

from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.services import operators
from tests.db import standing_listings as listings
from tests.db.aligned import LATER, again_signed_in
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_owner, add_certificate, approve, submitted_operator
from tests.pages.drawn import drawn, texts

THEN = "Confirmed when it was decided, on 20 November 2026"


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def operator(portal, officer):
    """One whose certificate the listing bore out when it was confirmed."""
    asker = submitted_operator(portal)
    listings.stand(portal, listings.ROW)
    approve(officer, 1)
    return asker


def shown(asker):
    with drawn("submission", asker, {"id": "1"}) as test:
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
