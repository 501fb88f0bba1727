"""What is left of a withdrawn listing: nothing, but what people did meanwhile, and the decisions it made needful
are void. And what officers keep, follow, and cannot read."""

from datetime import date, timedelta

import pytest

from core.alignment import Basis
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.problems import Refused
from core.profiles import State
from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import ClaimOverride, Discrepancy
from db.schema import CertificateClaim
from db.services import discrepancies, listings, operators
from tests.db import uploaded
from tests.db.aligned import (
    LATER,
    LISTED_ON,
    RENEWED,
    TODAY,
    again_signed_in,
    history,
    profile_of,
    rest_on,
    rows,
    standing,
    waiting,
)
from tests.db.listed import imported, line, withdrawn
from tests.db.people import signed_in
from tests.db.profiles import EXPIRY, active_operator, approve

SUSPENDED = line(status=ListedStatus.SUSPENDED)
DELETED = LATER + timedelta(days=1)
REVIEW = LATER.date() + timedelta(days=60)


@pytest.fixture
def operator(portal):
    asker = active_operator(portal)
    rest_on(portal, Basis.LISTING)
    return asker


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, at=LATER)


def the(portal, table):
    (row,) = rows(portal, table)
    return row


def rests_on(portal):
    claim = the(portal, CertificateClaim)
    return claim.basis, claim.confirmed_on


# --- what people did meanwhile ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines", [(line(),), (line(expiry=RENEWED),), (line(licence_class=LicenceClass.III),), (SUSPENDED,), ()]
)
@pytest.mark.parametrize("listings_before", [0, 1])
def test_a_certificate_deleted_meanwhile_counted_until_then_whatever_the_listing_said(
    portal, operator, lines, listings_before
):
    for _ in range(listings_before):
        imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    asker, claim = again_signed_in(portal, DELETED), the(portal, CertificateClaim)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, claim.id, operators.my_profile(asker).version)
    withdrawn(portal, DELETED + timedelta(days=1))
    past = [(claim.id, TODAY, DELETED.date(), "12345", "II", EXPIRY, "in force", "decision")]
    assert history(portal) == past
    for _ in range(listings_before):
        withdrawn(portal, DELETED + timedelta(days=2))
    assert history(portal) == past


def test_a_certificate_replaced_meanwhile_counted_until_then_and_the_new_one_counts_on(portal, operator, officer):
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    asker, claim = again_signed_in(portal), the(portal, CertificateClaim)
    operators.withdraw(asker, operators.my_profile(asker).version)
    renewed = (claim.id, "12345", "wastewater_treatment", "II", RENEWED, "")
    operators.change_certificate(asker, *renewed, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 2)
    withdrawn(portal, DELETED)
    today = LATER.date()
    assert standing(portal) == [
        ("12345", "II", EXPIRY, TODAY, today),
        ("12345", "II", RENEWED, today, date.max),
    ]
    assert profile_of(portal).state == State.ACTIVE


def test_listings_are_withdrawn_one_after_the_other_though_a_certificate_was_deleted_under_the_last(
    portal, operator
):
    imported(portal, line(licence_class=LicenceClass.III), listed_on=LISTED_ON, at=LATER)
    with_three = history(portal)[-1]
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    asker, claim = again_signed_in(portal, DELETED), the(portal, CertificateClaim)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, claim.id, operators.my_profile(asker).version)
    withdrawn(portal, DELETED)
    assert history(portal)[-1] == (*with_three[:2], DELETED.date(), *with_three[3:])
    withdrawn(portal, DELETED)
    assert history(portal) == [(claim.id, TODAY, DELETED.date(), "12345", "II", EXPIRY, "in force", "decision")]


# --- what officers decided on the listing's word ---------------------------------------------------------------


def test_an_override_stands_again_when_the_listing_that_was_followed_against_it_is_withdrawn(
    portal, operator, officer
):
    rest_on(portal, Basis.OVERRIDE, review_on=REVIEW)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    before = history(portal)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    discrepancies.follow(officer, found.id, found.version)
    assert profile_of(portal).state == State.SUSPENDED
    assert the(portal, ClaimOverride).state == "ended"
    withdrawn(portal, LATER)
    assert (profile_of(portal).state, history(portal)) == (State.ACTIVE, before)
    assert (rests_on(portal), the(portal, ClaimOverride).state) == ((Basis.OVERRIDE, TODAY), "standing")
    assert the(portal, Discrepancy).state == "gone"
    assert [what for what, _ in waiting(portal)] == ["counts again", "restored"]  # who was told is told again


@pytest.mark.parametrize("act", ["keep", "follow"])
def test_a_decision_is_what_it_was_when_the_listing_it_was_about_is_withdrawn(portal, operator, officer, act):
    rest_on(portal, Basis.DECISION)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    before = history(portal)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    {"keep": discrepancies.keep, "follow": discrepancies.follow}[act](
        officer, found.id, found.version, "So it is."
    )
    withdrawn(portal, LATER)
    assert (rests_on(portal), history(portal)) == ((Basis.DECISION, TODAY), before)
    assert the(portal, Discrepancy).state == "gone"
    imported(portal, listed_on=LISTED_ON, at=LATER)
    assert [one.state for one in rows(portal, Discrepancy)] == ["gone", "open"]


def test_a_difference_that_the_former_listing_has_too_is_asked_about_again(portal, operator, officer):
    rest_on(portal, Basis.DECISION)
    for _ in range(2):
        imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    discrepancies.follow(officer, found.id, found.version)
    withdrawn(portal, LATER)
    assert [one.state for one in rows(portal, Discrepancy)] == ["gone", "open"]
    assert profile_of(portal).state == State.ACTIVE


def test_what_was_confirmed_anew_never_goes_back(portal, operator, officer):
    rest_on(portal, Basis.DECISION)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    discrepancies.follow(officer, found.id, found.version)
    asker, claim = again_signed_in(portal), the(portal, CertificateClaim)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, claim.id, operators.my_profile(asker).version)
    withdrawn(portal, LATER)
    assert rests_on(portal) == ("", None)


# --- keeping ----------------------------------------------------------------------------------------------------


def test_one_officer_who_keeps_an_override_prolongs_nothing(portal, operator, officer):
    rest_on(portal, Basis.OVERRIDE, review_on=REVIEW)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    discrepancies.keep(officer, found.id, found.version, "I know the operator.")
    override = the(portal, ClaimOverride)
    assert (rests_on(portal), override.state, override.review_on) == ((Basis.OVERRIDE, TODAY), "standing", REVIEW)
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    assert [one.state for one in rows(portal, Discrepancy)] == ["kept", "open"]
    with unattended(portal, LATER + timedelta(days=60)) as work:
        align(work, "night")
    assert profile_of(portal).state == State.SUSPENDED


# --- rows that cannot be read ----------------------------------------------------------------------------------


def row(**changes):
    """The operator's row of a file."""
    return uploaded.licence(
        1, operator_id="90012345", last_name="Fairwater", first_name="Robin", certificate_number="12345",
        **{"class": "II", "expiry_date": "2028-03-12"} | changes,
    )  # fmt: skip


BAD = row(expiry_date="03/04/2028")
OTHER = uploaded.licence(2)


@pytest.mark.parametrize("basis", [Basis.LISTING, Basis.DECISION])
@pytest.mark.parametrize(
    "bad", [BAD, BAD | {"certificate_number": ""}, BAD | {"operator_id": "900"}], ids=["both", "id", "number"]
)
def test_a_certificate_whose_row_cannot_be_read_counts_and_an_officer_looks(portal, operator, officer, basis, bad):
    rest_on(portal, basis)
    before = history(portal)
    uploaded.imported(officer, uploaded.listing(bad, OTHER), LISTED_ON)
    assert (profile_of(portal).state, history(portal), waiting(portal)) == (State.ACTIVE, before, [])
    view = discrepancies.discrepancy(officer, the(portal, Discrepancy).id)
    (said,) = view.comparison.differences
    assert str(said).startswith("The listing of 21 November 2026 has a row for it that could not be read: ")
    assert view.unread
    with pytest.raises(Refused, match="there is nothing to follow"):
        discrepancies.follow(officer, view.discrepancy_id, view.version)
    discrepancies.keep(officer, view.discrepancy_id, view.version, "Telephoned the ministry.")
    assert rests_on(portal)[0] == basis
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None
    withdrawn(portal, LATER)
    assert rests_on(portal) == (basis, TODAY)


def test_what_does_not_count_does_not_come_back_by_a_row_that_cannot_be_read(portal, operator, officer):
    others = [uploaded.licence(number) for number in range(2, 102)]
    for one in (row(status="Suspended"), BAD):
        uploaded.standing(officer, uploaded.listing(one, *others), LISTED_ON)
        assert profile_of(portal).state == State.SUSPENDED
    uploaded.standing(officer, uploaded.listing(row(), *others), LISTED_ON)
    assert profile_of(portal).state == State.ACTIVE
    assert [one.state for one in rows(portal, Discrepancy)] == ["gone"]


def test_a_row_of_which_nothing_can_be_read_says_nothing_of_anybody(portal, operator, officer):
    bad = BAD | {"operator_id": "", "certificate_number": ""}
    uploaded.imported(officer, uploaded.listing(bad, OTHER), LISTED_ON)
    assert profile_of(portal).state == State.SUSPENDED
    assert len(listings.bad_rows(officer, 1)) == 1
