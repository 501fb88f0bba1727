"""What one officer confirmed with nothing to compare with is compared as soon as a listing can be: what differs
then comes to the queue, whatever the day of that listing."""

from datetime import timedelta

import pytest

from core.alignment import Basis
from core.listings import ListedStatus, ListingKind
from core.problems import Refused
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import Discrepancy
from db.schema import CertificateClaim
from db.services import discrepancies, listings, operators
from tests.db import standing_listings
from tests.db.aligned import RENEWED, rows, standing
from tests.db.listed import imported, line, withdrawn
from tests.db.people import NOON
from tests.db.profiles import EXPIRY, approve, submitted_operator
from tests.db.queued import changes_name, left_out
from tests.db.uploaded import imported as uploaded
from tests.db.uploaded import licences

TODAY = NOON.date()
EARLIER, YESTERDAY = TODAY - timedelta(days=3), TODAY - timedelta(days=1)
ELSE = line("90099999")


def differences(portal):
    return [one.state for one in rows(portal, Discrepancy)]


def counts(portal):
    return [(number, expiry) for number, _, expiry, _, until in standing(portal) if until.year == 9999]


def rests_on(portal):
    (one,) = rows(portal, CertificateClaim)
    return one.basis, one.confirmed_on


def night(portal, days=1):
    with unattended(portal, NOON + timedelta(days=days)) as work:
        return align(work, "night")


def test_withdrawing_the_listing_is_no_way_around_a_second_officer(portal, officer):
    without_it = licences(1, 2)
    stands = uploaded(officer, without_it, on=YESTERDAY).standing
    submitted_operator(portal)
    with pytest.raises(Refused, match="propose an override"):
        approve(officer, 1)
    listings.withdraw(officer, stands.id, stands.version, "The wrong file.")
    approve(officer, 1)
    assert differences(portal) == []
    uploaded(officer, without_it, on=YESTERDAY)
    assert listings.stands(officer)[ListingKind.OPERATORS].standing.listed_on == YESTERDAY
    assert differences(portal) == ["open"]


def test_nor_is_confirming_it_by_a_listing_and_withdrawing_that(portal, officer, colleague):
    imported(portal, ELSE, listed_on=YESTERDAY, at=NOON)
    imported(portal, line(expiry=RENEWED), listed_on=TODAY, at=NOON)  # the wrong file
    submitted_operator(portal)
    approve(officer, 1)
    withdrawn(portal, NOON)
    assert (rests_on(portal), differences(portal)) == ((Basis.DECISION, TODAY), ["open"])
    assert night(portal) is None
    with pytest.raises(Refused, match="another officer has to decide whether it stands"):
        discrepancies.keep(officer, 1, 1, "The card was seen.")
    discrepancies.keep(colleague, 1, 1, "The card was seen.")
    assert (counts(portal), differences(portal), night(portal)) == ([("12345", EXPIRY)], ["kept"], None)


def test_nor_where_none_stands_after_it(portal, officer):
    imported(portal, line(expiry=RENEWED), listed_on=TODAY, at=NOON)
    submitted_operator(portal)
    approve(officer, 1)
    withdrawn(portal, NOON)
    assert differences(portal) == []
    imported(portal, ELSE, listed_on=YESTERDAY, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], ["open"])


@pytest.mark.parametrize(
    "lines", [[ELSE], [line(expiry=RENEWED)], [line(status=ListedStatus.SUSPENDED)]], ids=["gone", "other", "susp"]
)
def test_the_first_listing_that_differs_is_a_queue_item_though_older(portal, officer, lines):
    submitted_operator(portal)
    approve(officer, 1)
    assert night(portal) is None
    imported(portal, *lines, listed_on=EARLIER, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], ["open"])
    assert night(portal) is None


def test_what_it_bears_out_is_nothing_to_ask_about(portal, officer):
    submitted_operator(portal)
    approve(officer, 1)
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], [])


def test_kept_it_has_been_compared_and_prevails_over_what_is_older(portal, officer, colleague):
    submitted_operator(portal)
    approve(officer, 1)
    imported(portal, ELSE, listed_on=EARLIER, at=NOON)
    discrepancies.keep(colleague, 1, 1, "The card was seen.")
    assert night(portal) is None
    imported(portal, ELSE, line(status=ListedStatus.SUSPENDED), listed_on=YESTERDAY, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], ["kept"])


def test_kept_against_a_listing_that_is_withdrawn_it_has_not_been_compared(portal, officer, colleague):
    submitted_operator(portal)
    approve(officer, 1)
    imported(portal, ELSE, listed_on=EARLIER, at=NOON)
    discrepancies.keep(colleague, 1, 1, "The card was seen.")
    withdrawn(portal, NOON)
    assert differences(portal) == ["gone"]
    imported(portal, ELSE, listed_on=EARLIER, at=NOON)
    assert differences(portal) == ["gone", "open"]


@pytest.fixture
def unread(portal, officer):
    """Confirmed by one officer while the row for it could not be read."""
    standing_listings.stand(portal, standing_listings.ROW | {"operator_id": "90099999"}, listed_on=EARLIER)
    left_out(portal, number="12345")
    asker = submitted_operator(portal)
    approve(officer, 1)
    return asker


def test_what_could_not_be_read_is_asked_about_once_it_can(portal, officer, unread):
    assert rests_on(portal) == (Basis.DECISION, TODAY)
    assert night(portal) is None  # an officer has looked, and there is nothing to compare with still
    imported(portal, ELSE, listed_on=YESTERDAY, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], ["open"])


def test_kept_against_a_row_that_cannot_be_read_it_is_as_old_as_before(portal, officer):
    imported(portal, line(expiry=RENEWED), listed_on=EARLIER, at=NOON)
    submitted_operator(portal)
    approve(officer, 1)
    later = NOON + timedelta(days=5)
    standing_listings.stand(portal, standing_listings.ROW | {"operator_id": "90099999"},
                            listed_on=TODAY + timedelta(days=1))  # fmt: skip
    left_out(portal, number="12345")
    with unattended(portal, later) as work:
        align(work, "night")
    assert differences(portal) == ["open"]
    discrepancies.keep(officer, 1, 1, "The card was seen.")
    assert rests_on(portal) == (Basis.DECISION, TODAY)
    imported(portal, ELSE, listed_on=TODAY + timedelta(days=2), at=later)
    assert differences(portal) == ["kept", "open"]


def test_what_was_compared_and_is_decided_anew_without_a_listing_is_compared_again(portal, officer):
    imported(portal, line(expiry=RENEWED), listed_on=EARLIER, at=NOON)
    asker = submitted_operator(portal)
    approve(officer, 1)
    withdrawn(portal, NOON)
    changes_name(asker)
    approve(officer, 2)
    imported(portal, line(expiry=RENEWED), listed_on=EARLIER, at=NOON)
    assert (counts(portal), differences(portal)) == ([("12345", EXPIRY)], ["open"])


def test_what_rests_on_a_listing_goes_on_so_while_there_is_none(portal, officer):
    imported(portal, line(), listed_on=EARLIER, at=NOON)
    asker = submitted_operator(portal)
    approve(officer, 1)
    withdrawn(portal, NOON)
    changes_name(asker)
    approve(officer, 2)
    assert rests_on(portal) == (Basis.LISTING, EARLIER)
    imported(portal, line(expiry=RENEWED), listed_on=EARLIER, at=NOON)
    assert counts(portal) == [("12345", RENEWED)]
    assert operators.my_profile(asker).certificates[0].counts_as is not None
