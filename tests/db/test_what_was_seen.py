"""A decision is made on what the officer's page showed: what there is to know since is named first; on both
databases."""

from dataclasses import replace
from datetime import date

import pytest

from core.problems import Refused
from core.profiles import State
from db.services import operators, verification
from tests.db import standing_listings as listings
from tests.db.profiles import approve, submitted_operator, submitted_owner
from tests.db.queued import two_certificates

NEW = "This is new since your page was drawn, so nothing was done"


def approve_as_seen(officer, item, **decision):
    verification.approve(officer, item.submission_id, item.version, seen=item.noted, **decision)


def test_what_was_seen_is_decided(portal, officer):
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    first = submitted_operator(portal)
    submitted_operator(portal, "90022222", "12345", given_name="Bo", family_name="Two")
    item = verification.item(officer, 1)
    assert {str(said) for _, said in item.noted} == {
        "Expiry: claimed 12 March 2028, listed 12 March 2027",
        "The same number and type is also claimed by “Bo Two”.",
    }
    approve_as_seen(officer, item)
    assert operators.my_profile(first).state is State.ACTIVE


def test_a_number_that_is_claimed_by_somebody_else_meanwhile_is_named(portal, officer):
    asker = submitted_operator(portal)
    item = verification.item(officer, 1)
    submitted_operator(portal, "90022222", "12345", given_name="Bo", family_name="Two")
    with pytest.raises(Refused) as refused:
        approve_as_seen(officer, item)
    said = "Class II (12345): The same number and type is also claimed by “Bo Two”. " + NEW
    assert said in str(refused.value)
    assert operators.my_profile(asker).state is State.PENDING
    approve_as_seen(officer, verification.item(officer, 1))


def test_an_operator_id_that_another_person_has_by_now_is_named(portal, officer):
    submitted_operator(portal)
    item = verification.item(officer, 1)
    submitted_operator(portal, "90012345", "5", given_name="Bo", family_name="Two")
    with pytest.raises(Refused, match="^Operator ID 90012345 is also claimed by “Bo Two”. " + NEW):
        approve_as_seen(officer, item)


def test_what_a_listing_says_since_is_named(portal, officer):
    submitted_operator(portal)
    listings.stand(portal, listings.ROW)
    item = verification.item(officer, 1)
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    with pytest.raises(Refused, match="Expiry: claimed 12 March 2028, listed 12 March 2027. " + NEW):
        approve_as_seen(officer, item)


def test_a_facility_that_another_organization_claims_or_holds_since_is_named(portal, officer):
    submitted_owner(portal)
    item = verification.item(officer, 1)
    submitted_owner(portal, "City Two")
    with pytest.raises(Refused, match="North Bay WPCP: This facility is also claimed by “City Two”. " + NEW):
        approve_as_seen(officer, item)
    item = verification.item(officer, 1)
    approve(officer, 2)
    with pytest.raises(Refused, match="“City Two” holds this facility today as its owner. " + NEW):
        approve_as_seen(officer, item)


def test_what_is_gone_since_stops_nobody(portal, officer):
    submitted_operator(portal)
    other = submitted_operator(portal, "90022222", "12345", given_name="Bo", family_name="Two")
    item = verification.item(officer, 1)
    operators.withdraw(other, operators.my_profile(other).version)
    approve_as_seen(officer, item)


def test_of_what_is_refused_or_not_decided_now_nothing_needs_to_have_been_seen(portal, officer):
    two_certificates(portal)
    item = verification.item(officer, 1)
    submitted_operator(portal, "90022222", "2", given_name="Bo", family_name="Two")
    verification.confirm_one(officer, 1, item.version, 1, seen=item.noted)
    item = replace(verification.item(officer, 1), certificates=item.certificates)
    with pytest.raises(Refused, match=NEW):
        verification.confirm_one(officer, 1, item.version, 2, seen=item.noted)
    approve_as_seen(officer, item, refused={2: "Of somebody else."})
