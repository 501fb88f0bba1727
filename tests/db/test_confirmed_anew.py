"""What was confirmed before and is verified anew, with another Operator ID or legal name: what an officer decides
against what the listing says stands, and takes effect; what the listing bears out stays on the listing."""

from datetime import timedelta

import pytest

from core.alignment import Basis
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.profiles import State
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import Discrepancy
from db.schema import CertificateClaim
from db.services import operators, overrides, verification
from tests.db.aligned import RENEWED, rows, standing
from tests.db.listed import imported, line
from tests.db.people import NOON
from tests.db.profiles import EXPIRY, active_operator, add_certificate, approve, submitted_operator
from tests.db.queued import REVIEW, changes_name

TODAY = NOON.date()
EARLIER, YESTERDAY, TOMORROW = TODAY - timedelta(days=3), TODAY - timedelta(days=1), TODAY + timedelta(days=1)
OTHER = "90099999"
WHY = "The ministry has told us by telephone that the suspension ended today."


def changes_id(asker, operator_id=OTHER):
    """The holder's Operator ID is another one, so that the whole profile is verified anew."""
    operators.withdraw(asker, operators.my_profile(asker).version)
    operators.save_operator_id(asker, operator_id, operators.my_profile(asker).version)
    operators.submit(asker, operators.my_profile(asker).version)


def night(portal, days=1):
    with unattended(portal, NOON + timedelta(days=days)) as work:
        return align(work, "night")


def rests_on(portal):
    return [(one.basis, one.confirmed_on) for one in rows(portal, CertificateClaim)]


def counts(portal):
    """The certificates that count now: number, class, expiry."""
    return [(number, rank, expiry) for number, rank, expiry, _, until in standing(portal) if until.year == 9999]


def differences(portal):
    return [one.state for one in rows(portal, Discrepancy)]


def needs(officer, submission_id):
    return {
        one.claim_id: WHY for one in verification.item(officer, submission_id).certificates if one.needs_reason
    }


@pytest.fixture
def listed_otherwise(portal, officer):
    """Confirmed by the listing; the listing has another class under the Operator ID that is claimed by now."""
    imported(portal, line(), line(OTHER, licence_class=LicenceClass.I), listed_on=EARLIER, at=NOON)
    asker = active_operator(portal)
    changes_id(asker)
    return asker


def test_a_decision_against_the_listing_is_dated_and_stands_every_night(portal, officer, listed_otherwise):
    assert rests_on(portal) == [(Basis.LISTING, EARLIER)]
    approve(officer, 2)
    assert rests_on(portal) == [(Basis.DECISION, TODAY)]
    assert night(portal) is None
    assert (counts(portal), differences(portal)) == ([("12345", "II", EXPIRY)], [])
    assert verification.item(officer, 2).certificates[0].basis is Basis.DECISION


def test_a_later_listing_that_differs_from_it_is_a_queue_item(portal, officer, listed_otherwise):
    approve(officer, 2)
    later = NOON + timedelta(days=2)
    imported(portal, line(OTHER, licence_class=LicenceClass.I), listed_on=TOMORROW, at=later)
    assert (counts(portal), differences(portal)) == ([("12345", "II", EXPIRY)], ["open"])


def test_an_earlier_listing_says_nothing_against_it(portal, officer, listed_otherwise):
    approve(officer, 2)
    imported(portal, line(OTHER, licence_class=LicenceClass.I), listed_on=YESTERDAY, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", "II", EXPIRY)], [])


def test_a_reason_against_a_suspension_takes_effect_and_stands_every_night(portal, officer):
    imported(portal, line(), line(OTHER, ListedStatus.SUSPENDED), listed_on=EARLIER, at=NOON)
    asker = active_operator(portal)
    changes_id(asker)
    approve(officer, 2, despite=needs(officer, 2))
    assert night(portal) is None
    assert operators.my_profile(asker).state is State.ACTIVE
    assert counts(portal) == [("12345", "II", EXPIRY)]


@pytest.fixture
def two(portal, officer):
    """Two certificates on the listing, of which the second is suspended by a later one; the name is another."""
    imported(portal, line(), line(number="777"), listed_on=EARLIER, at=NOON)
    asker = submitted_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "777")
    operators.submit(asker, operators.my_profile(asker).version)
    approve(officer, 2)
    imported(portal, line(), line(number="777", status=ListedStatus.SUSPENDED), listed_on=YESTERDAY, at=NOON)
    assert counts(portal) == [("12345", "II", EXPIRY)]
    changes_name(asker)
    return asker


def test_what_alignment_suspended_counts_again_once_it_is_confirmed_with_a_reason(portal, officer, two):
    approve(officer, 3, despite=needs(officer, 3))
    assert counts(portal) == [("12345", "II", EXPIRY), ("777", "II", EXPIRY)]
    assert night(portal) is None
    assert all(one.counts_as for one in operators.my_profile(two).certificates)


def test_what_differs_by_the_name_alone_stays_on_the_listing(portal, officer, two):
    approve(officer, 3, despite=needs(officer, 3))
    assert rests_on(portal) == [(Basis.LISTING, EARLIER), (Basis.DECISION, TODAY)]
    renewed = line(expiry=RENEWED), line(number="777")
    imported(portal, *renewed, listed_on=TOMORROW, at=NOON + timedelta(days=2))
    assert counts(portal) == [("12345", "II", RENEWED), ("777", "II", EXPIRY)]


def test_the_only_one_counts_again_too(portal, officer):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    asker = active_operator(portal)
    changes_name(asker)
    imported(portal, line(status=ListedStatus.SUSPENDED), listed_on=YESTERDAY, at=NOON)
    assert counts(portal) == []
    approve(officer, 2, despite=needs(officer, 2))
    assert night(portal) is None
    assert operators.my_profile(asker).state is State.ACTIVE
    assert counts(portal) == [("12345", "II", EXPIRY)]


def test_what_the_listing_has_under_the_new_id_alone_counts_again_on_the_listing(portal, officer):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    changes_id(active_operator(portal))
    imported(portal, line(OTHER), listed_on=YESTERDAY, at=NOON)
    assert counts(portal) == []
    approve(officer, 2)
    assert counts(portal) == [("12345", "II", EXPIRY)]
    assert rests_on(portal) == [(Basis.LISTING, EARLIER)]
    assert night(portal) is None


def test_it_is_confirmed_as_the_officer_sees_it_though_entered_otherwise(portal, officer):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    asker = active_operator(portal)
    imported(portal, line(expiry=RENEWED), line(OTHER, ListedStatus.SUSPENDED, expiry=RENEWED),
             listed_on=YESTERDAY, at=NOON)  # fmt: skip
    changes_id(asker)
    assert verification.item(officer, 2).certificates[0].licence.expiry == RENEWED
    approve(officer, 2, despite=needs(officer, 2))
    assert night(portal) is None
    assert counts(portal) == [("12345", "II", RENEWED)]


def test_what_two_officers_believe_goes_on_so(portal, officer, colleague):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    changes_id(active_operator(portal))
    version = verification.item(officer, 2).version
    override = overrides.propose(officer, 2, version, 1, "I have seen the card.", REVIEW)
    overrides.agree(colleague, override, 1)
    approve(officer, 2)
    assert rests_on(portal) == [(Basis.OVERRIDE, TODAY)]
    assert night(portal) is None


def test_an_override_of_another_id_ends_where_one_officer_decides_against_the_listing(
    portal, officer, colleague, not_found
):
    override = overrides.propose(officer, 1, 1, 1, "I have seen the card.", REVIEW)
    overrides.agree(colleague, override, 1)
    approve(officer, 1)
    imported(portal, line(OTHER, licence_class=LicenceClass.I), listed_on=EARLIER, at=NOON)
    changes_id(not_found)
    approve(officer, 2)
    assert rests_on(portal) == [(Basis.DECISION, TODAY)]
    assert verification.item(officer, 2).certificates[0].override.state == "ended"


def test_two_officers_too_confirm_it_as_they_see_it(portal, officer, colleague):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    asker = active_operator(portal)
    imported(portal, line(expiry=RENEWED), listed_on=YESTERDAY, at=NOON)
    changes_id(asker)
    version = verification.item(officer, 2).version
    overrides.agree(colleague, overrides.propose(officer, 2, version, 1, "I have seen the card.", REVIEW), 1)
    approve(officer, 2)
    assert counts(portal) == [("12345", "II", RENEWED)]
    assert night(portal) is None
