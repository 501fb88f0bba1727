"""Where the listing says otherwise of a certificate while the office's word stands, everybody who relies on it is
told of that very certificate; on both databases."""

from datetime import date, timedelta

import pytest

from core.sentences import in_english
from db.alignment.passes import align
from db.gate import unattended
from db.services import discrepancies, operators, search
from tests.db import standing_listings as listings
from tests.db.people import NOON
from tests.db.profiles import active_owner, add_certificate, approve_all, available_operator
from tests.db.queued import left_out
from tests.db.test_checked_against import criteria

LOOKS, KEEPS = "the office looks at it.", "the office keeps it as it is on file."


def told(asker, owner):
    """What the holder, and an owner in the list, in the file and beside it, are told of the first certificate."""
    mine = operators.my_profile(asker).certificates[0].otherwise
    (found,) = search.search(owner, criteria()).people
    (exported,) = search.export(owner, criteria())
    profile = search.profile(owner, found.profile_id, criteria())
    everywhere = {one.certificates[0].otherwise for one in (found, exported, profile)} | {mine}
    (same,) = everywhere
    return same


@pytest.mark.parametrize(
    ("changes", "mark", "said"),
    [
        ({"status": "suspended"}, "listed as suspended", "says that it is suspended"),
        ({"status": "cancelled"}, "listed as cancelled", "says that it is cancelled"),
        ({"status": "expired"}, "listed as expired", "says that it is expired"),
        ({"expiry": date(2027, 3, 12)}, "listing differs", "says {type}, Class II, until 12 March 2027"),
        ({"licence_class": "III"}, "listing differs", "says {type}, Class III, until 12 March 2028"),
        ({"number": "777"}, "not in the listing", "does not have it"),
        ({"operator_id": "90099999"}, "not in the listing", "does not have it"),
    ],
)  # fmt: skip
def test_an_open_difference_and_one_that_is_kept_are_told_of_that_certificate(
    portal, officer, changes, mark, said
):
    asker = available_operator(portal)
    owner = active_owner(portal)
    difference = listings.differ(portal, operators.my_profile(asker), **changes)
    day, said = in_english(NOON.date()), said.format(type="Wastewater treatment")
    found = told(asker, owner)
    assert (found.mark, str(found.said)) == (mark, f"The ministry’s listing of {day} {said}; {LOOKS}")
    discrepancies.keep(officer, difference, 1, "Seen on paper.")
    kept = told(asker, owner)
    assert not kept.looked_at
    assert str(kept.said).endswith(KEEPS)


def test_nothing_is_said_of_what_the_listing_bears_out_or_where_none_stands(portal):
    asker = available_operator(portal)
    owner = active_owner(portal)
    assert told(asker, owner) is None
    listings.stand(portal, listings.row_of(operators.my_profile(asker)))
    assert told(asker, owner) is None


def test_nothing_is_said_of_what_counts_no_more(portal, officer):
    asker = available_operator(portal)
    discrepancies.follow(officer, listings.differ(portal, operators.my_profile(asker), status="suspended"), 1, "")
    (certificate,) = operators.my_profile(asker).certificates
    assert (certificate.counts_as, certificate.otherwise) == (None, None)


def test_a_row_that_cannot_be_read_is_said_so(portal):
    """Of what is absent nobody is told that it is: the row may be about it."""
    asker = available_operator(portal)
    owner = active_owner(portal)
    listings.stand(portal, listings.ROW | {"number": "777"}, listed_on=NOON.date())
    left_out(portal, number="12345", operator_id="90012345")
    with unattended(portal, NOON) as work:
        align(work, "night")
    assert " has a row for it that could not be read; the office looks at it." in str(told(asker, owner).said)


def test_of_several_certificates_only_the_one_that_differs_is_marked(portal):
    asker = available_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "999", licence_type="water_treatment")
    operators.submit(asker, operators.my_profile(asker).version)
    approve_all(portal)
    mine = operators.my_profile(asker)
    other = listings.row_of(mine, number="999", licence_type="water_treatment", status="suspended")
    listings.stand(portal, listings.row_of(mine), other, listed_on=NOON.date() + timedelta(days=1))
    with unattended(portal, NOON + timedelta(days=1)) as work:
        align(work, "night")
    marks = [one.otherwise and one.otherwise.mark for one in operators.my_profile(asker).certificates]
    assert marks == [None, "listed as suspended"]
