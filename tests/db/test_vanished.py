"""A confirmed certificate that the listing does not have any more counts again once two officers believe it; on
both databases."""

from datetime import timedelta

import pytest

from core.alignment import Basis, Status
from core.problems import Refused
from core.profiles import State
from db.alignment.passes import align
from db.gate import Stale, unattended
from db.register_schema import ClaimOverride
from db.schema import CertificateClaim, Credential
from db.services import operators, overrides, verification
from tests.db.aligned import rows, waiting
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON
from tests.db.profiles import active_operator, approve, submitted_operator
from tests.db.queued import REVIEW, changes_name, only

TODAY = NOON.date()
WHY = "The ministry left it out by mistake; its letter was seen."


@pytest.fixture
def vanished(portal):
    """An operator whose one certificate the listing had, and has no more."""
    imported(portal, line(), listed_on=TODAY - timedelta(days=2), at=NOON)
    asker = active_operator(portal)
    imported(portal, line("90099999"), listed_on=TODAY, at=NOON)
    assert operators.my_profile(asker).state is State.SUSPENDED
    return asker


def proposed(officer):
    return overrides.propose(officer, 1, verification.item(officer, 1).version, 1, WHY, REVIEW)


def night(portal, at=NOON + timedelta(days=1)):
    with unattended(portal, at) as work:
        return align(work, "night")


def open_status(portal):
    return [one.status for one in rows(portal, Credential) if one.superseded_at is None and not one.valid_until]


def test_two_officers_make_it_count_again(portal, officer, colleague, vanished):
    item = verification.item(officer, 1)
    assert only(officer).needs_override
    override_id = overrides.propose(officer, 1, item.version, 1, WHY, REVIEW)
    assert (open_status(portal), only(colleague).override.state) == ([Status.NOT_LISTED], "waiting")
    with pytest.raises(Refused, match="another officer has to agree"):
        overrides.agree(officer, override_id, 1)
    overrides.agree(colleague, override_id, 1)
    mine = operators.my_profile(vanished)
    assert (mine.state, mine.certificates[0].override_until) == (State.ACTIVE, REVIEW)
    assert open_status(portal) == [Status.IN_FORCE]
    assert rows(portal, CertificateClaim)[0].basis == Basis.OVERRIDE
    assert waiting(portal) == []  # what its holder was not told is as it was
    assert not only(officer).needs_override
    assert night(portal) is None


def test_from_its_review_on_it_follows_the_listing(portal, officer, colleague, vanished):
    overrides.agree(colleague, proposed(officer), 1)
    with unattended(portal, NOON + (REVIEW - TODAY)) as work:
        align(work, "night")
    assert open_status(portal) == [Status.NOT_LISTED]


def test_it_is_proposed_once_and_on_a_page_that_is_not_stale(portal, officer, colleague, vanished):
    seen = verification.item(colleague, 1).version
    proposed(officer)
    with pytest.raises(Stale):
        overrides.propose(colleague, 1, seen, 1, WHY, REVIEW)
    with pytest.raises(Refused, match="waits for its second officer already"):
        proposed(colleague)


def test_what_counts_is_decided_already(portal, officer):
    imported(portal, line(), listed_on=TODAY, at=NOON)
    active_operator(portal)
    assert not only(officer).needs_override
    with pytest.raises(Refused, match="decided already"):
        proposed(officer)


def test_what_the_listing_has_again_needs_no_override(portal, officer, colleague, vanished):
    override_id = proposed(officer)
    imported(portal, line(), listed_on=TODAY, at=NOON)
    with pytest.raises(Refused, match="needs no override any more, since the listing has it"):
        overrides.agree(colleague, override_id, 1)
    overrides.refuse_(colleague, override_id, 1, "It is listed again.")
    assert [one.state for one in rows(portal, ClaimOverride)] == ["refused"]


@pytest.fixture
def believed_before(portal, officer, colleague):
    """Believed by override, then verified anew while a listing had it exactly, on which it rests."""
    imported(portal, line("90099999"), listed_on=TODAY - timedelta(days=2), at=NOON)
    asker = submitted_operator(portal)
    overrides.agree(colleague, overrides.propose(officer, 1, 1, 1, WHY, REVIEW), 1)
    verification.return_(officer, 1, verification.item(officer, 1).version, "Add your base.")
    imported(portal, line(), listed_on=TODAY, at=NOON)
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 2)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["ended"]
    assert rows(portal, CertificateClaim)[0].basis == Basis.LISTING
    return asker


def test_with_the_listing_withdrawn_the_override_that_it_ended_stands_again(portal, believed_before):
    withdrawn(portal, NOON)
    (claim,) = rows(portal, CertificateClaim)
    assert (claim.basis, claim.confirmed_on, claim.compared_import_id) == (Basis.OVERRIDE, TODAY, 1)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["standing"]
    mine = operators.my_profile(believed_before)
    assert (mine.state, mine.certificates[0].override_until) == (State.ACTIVE, REVIEW)
    assert night(portal) is None


def test_under_another_name_it_does_not(portal, officer, believed_before):
    changes_name(believed_before)
    approve(officer, 3)
    withdrawn(portal, NOON)
    assert [one.state for one in rows(portal, ClaimOverride)] == ["ended"]
    assert operators.my_profile(believed_before).state is State.SUSPENDED


def test_who_ends_a_suspension_is_told_of_the_way(portal, officer, vanished):
    item = verification.item(officer, 1)
    with pytest.raises(Refused, match="propose an override of one that the listing does not have, on the page"):
        verification.restore(officer, item.profile_id, item.profile_version)
