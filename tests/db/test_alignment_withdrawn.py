"""What is left of a withdrawn listing: nothing, but what people did meanwhile, and the decisions it made needful
are void. And what officers keep, follow, and cannot read."""

from datetime import date, timedelta

import pytest

from core.alignment import Basis
from core.comparison import Outcome
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.problems import Refused
from core.profiles import State
from core.queue import Place, Subject
from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import ClaimOverride, Discrepancy
from db.schema import CertificateClaim, Credential
from db.services import assignments, bulk_approval, discrepancies, listings, operators, overrides, verification
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
from tests.db.profiles import EXPIRY, active_operator, approve, submitted_operator

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


# --- what was confirmed under it ---------------------------------------------------------------------------------


def confirmed_by(portal, officer, *lines):
    """The operator, confirmed by a listing of these lines that follows one without the operator."""
    imported(portal, line("90077777"), listed_on=LISTED_ON - timedelta(days=9), at=LATER)
    imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    submitted_operator(portal)
    bulk_approval.approve_all_exact(officer, bulk_approval.exact_matches(officer).ready)
    return verification.item(officer, 1).certificates[0]


def test_what_a_withdrawn_listing_bore_out_follows_the_one_that_stands_again_and_each_later_one(portal, officer):
    assert confirmed_by(portal, officer, line()).basis is Basis.LISTING
    assert profile_of(portal).state == State.ACTIVE
    withdrawn(portal, LATER)
    assert profile_of(portal).state == State.SUSPENDED
    imported(portal, SUSPENDED, listed_on=LISTED_ON - timedelta(days=5), at=LATER)
    assert [one.status for one in rows(portal, Credential) if one.superseded_at is None][-1] == "suspended"
    imported(portal, line(), listed_on=LISTED_ON - timedelta(days=3), at=LATER)
    assert (profile_of(portal).state, rows(portal, Discrepancy)) == (State.ACTIVE, [])
    assert verification.item(officer, 1).certificates[0].rests_on_withdrawn


def test_what_no_listing_bears_out_any_more_waits_for_an_officer_until_one_does(portal, officer):
    imported(portal, line(), listed_on=LISTED_ON, at=LATER)
    submitted_operator(portal)
    verification.approve(officer, 1, verification.item(officer, 1).version)
    withdrawn(portal, LATER)
    view = discrepancies.discrepancy(officer, the(portal, Discrepancy).id)
    assert (view.listed_on, view.following, view.basis, view.rests_on_withdrawn) == (
        None,
        None,
        Basis.LISTING,
        True,
    )
    assert (view.comparison.outcome, profile_of(portal).state) == (Outcome.NOT_COMPARABLE, State.ACTIVE)
    with pytest.raises(Refused, match="there is nothing to follow"):
        discrepancies.follow(officer, view.discrepancy_id, view.version)
    discrepancies.keep(officer, view.discrepancy_id, view.version, "Telephoned the ministry.")
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None
    decided = discrepancies.discrepancy(officer, view.discrepancy_id)
    assert (decided.state, decided.listed_on, decided.reasons) == ("kept", None, "Telephoned the ministry.")
    imported(portal, line("90077777"), listed_on=LISTED_ON, at=LATER)
    assert profile_of(portal).state == State.SUSPENDED
    withdrawn(portal, LATER)
    assert (profile_of(portal).state, the(portal, Discrepancy).state) == (State.ACTIVE, "kept")


@pytest.mark.parametrize("lines", [(SUSPENDED,), (line(licence_class=LicenceClass.III),)])
def test_what_an_officer_decides_against_the_listing_of_the_day_is_asked_about_of_the_next_one(
    portal, officer, lines
):
    imported(portal, *lines, listed_on=LATER.date(), at=LATER)
    submitted_operator(portal)
    item = verification.item(officer, 1)
    despite = {one.claim_id: "It was issued anew." for one in item.certificates if one.needs_reason}
    verification.approve(officer, 1, item.version, despite=despite)
    with unattended(portal, LATER + timedelta(days=1)) as work:
        assert align(work, "night") is None
    assert rows(portal, Discrepancy) == []
    imported(portal, *lines, listed_on=LATER.date(), at=LATER)
    assert the(portal, Discrepancy).state == "open"
    withdrawn(portal, LATER)
    assert the(portal, Discrepancy).state == "gone"


@pytest.mark.parametrize("how", ["lapsed", "ended"])
def test_an_override_that_prevails_no_more_waits_for_an_officer_where_no_listing_stands(
    portal, operator, officer, how
):
    rest_on(portal, Basis.OVERRIDE, review_on=LATER.date() + timedelta(days=3))
    with unattended(portal, LATER) as work:
        assert align(work, "night") is None
    if how == "ended":
        overrides.let_end(officer, the(portal, ClaimOverride).id, the(portal, ClaimOverride).version)
    else:
        with unattended(portal, LATER + timedelta(days=3)) as work:
            align(work, "night")
    found = the(portal, Discrepancy)
    assert (found.state, found.import_id, profile_of(portal).state) == ("open", None, State.ACTIVE)
    discrepancies.keep(officer, found.id, found.version, "It is on paper.")
    with unattended(portal, LATER + timedelta(days=4)) as work:
        assert align(work, "night") is None
    imported(portal, line("90077777"), listed_on=LATER.date(), at=LATER + timedelta(days=4))
    assert profile_of(portal).state == State.SUSPENDED


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


# --- differences that waited before ------------------------------------------------------------------------------


def waits(portal):
    """The differences that wait: found when, taken by whom."""
    return [(one.found_at, one.taken_by) for one in rows(portal, Discrepancy) if one.state == "open"]


def taken(portal, officer):
    """A difference that an officer has taken, under a listing that says suspended: what waits."""
    rest_on(portal, Basis.DECISION)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER)
    found = the(portal, Discrepancy)
    assignments.take(officer, Place(Subject.DISCREPANCY, found.id), found.version)
    return waits(portal)


def test_a_difference_that_was_gone_with_a_withdrawn_listing_waits_again_as_it_did(portal, operator, officer):
    before = taken(portal, officer)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER + timedelta(days=20))
    assert waits(portal) == []
    withdrawn(portal, LATER + timedelta(days=21))
    assert waits(portal) == before
    assert before[0][1] is not None
    found = the(portal, Discrepancy)
    discrepancies.keep(officer, found.id, found.version, "It holds.")


def test_one_that_was_found_anew_under_the_withdrawn_listing_gives_way_to_it(portal, operator, officer):
    before = taken(portal, officer)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER + timedelta(days=20))
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER + timedelta(days=21))
    withdrawn(portal, LATER + timedelta(days=22))
    assert waits(portal) == []
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER + timedelta(days=23))
    assert waits(portal) == [(LATER + timedelta(days=23), None)]
    for day in (24, 25):
        withdrawn(portal, LATER + timedelta(days=day))
    assert waits(portal) == before


@pytest.mark.parametrize("act", ["keep", "follow"])
def test_a_difference_that_was_decided_under_a_withdrawn_listing_waits_again_as_it_did(
    portal, operator, officer, act
):
    before = taken(portal, officer)
    imported(portal, SUSPENDED, listed_on=LISTED_ON, at=LATER + timedelta(days=20))
    found = the(portal, Discrepancy)
    {"keep": discrepancies.keep, "follow": discrepancies.follow}[act](
        officer, found.id, found.version, "So it is."
    )
    withdrawn(portal, LATER + timedelta(days=21))
    assert waits(portal) == before
    decided, _ = rows(portal, Discrepancy)
    assert (decided.state, decided.reasons) == ("gone", "So it is.")


def test_a_difference_of_a_certificate_that_was_deleted_meanwhile_waits_no_more(portal, operator, officer):
    taken(portal, officer)
    imported(portal, line(), listed_on=LISTED_ON, at=LATER + timedelta(days=20))
    asker, claim = again_signed_in(portal), the(portal, CertificateClaim)
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.delete_certificate(asker, claim.id, operators.my_profile(asker).version)
    withdrawn(portal, LATER + timedelta(days=21))
    assert waits(portal) == []
