"""What a later listing says otherwise is kept or followed; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.problems import Refused
from core.profiles import ClaimState, State
from core.queue import Filters, Kind, Stage
from db.alignment.passes import align
from db.gate import Stale, unattended
from db.register_schema import AlignmentRun, Discrepancy
from db.schema import CertificateClaim, Credential, OutgoingMail
from db.services import discrepancies, operators, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, at
from tests.db.profiles import active_operator
from tests.db.queued import rows


def test_a_decision_is_kept_against_a_later_listing_with_a_reason(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    (row,) = verification.queue(officer, Filters(kind=Kind.DISCREPANCY)).rows
    assert (row.id, row.name) == (found, "Robin Fairwater")
    view = discrepancies.discrepancy(officer, found)
    assert [str(one) for one in view.comparison.differences] == [
        "Expiry: on file 12 March 2028, listed 12 March 2027"
    ]
    with pytest.raises(Refused, match="Write the reason"):
        discrepancies.keep(officer, found, 1, "")
    later = at(officer, NOON + timedelta(minutes=20))
    discrepancies.keep(later, found, 1, "The card says 2028.")
    with pytest.raises(Stale, match="changed by you, in another window, on"):
        discrepancies.follow(later, found, 1)
    assert rows(portal, select(Discrepancy.state)) == ["kept"]
    with unattended(portal, NOON + timedelta(hours=12)) as work:
        assert align(work, "night") is None  # against this very listing it is decided
    assert verification.queue(officer).waiting == 0
    assert verification.queue(officer, Filters(kind=Kind.DISCREPANCY, stage=Stage.DECIDED)).found == 1


@pytest.mark.parametrize(
    ("said", "says", "asked"),
    [
        ({"expiry": date(2027, 3, 12)}, {"expiry": date(2027, 3, 12)}, False),
        ({"expiry": date(2027, 3, 12)}, {"expiry": date(2027, 3, 12), "last_name": "Roy"}, False),
        ({"expiry": date(2027, 3, 12)}, {"expiry": date(2027, 3, 13)}, True),
        ({"licence_class": "I"}, {"licence_class": "I"}, False),
        ({"licence_class": "I"}, {"licence_class": "III"}, True),
        ({"status": "suspended"}, {"status": "suspended"}, True),
        ({"expiry": date(2027, 3, 12)}, {"expiry": date(2027, 3, 12), "status": "cancelled"}, True),
        ({"expiry": date(2027, 3, 12)}, None, True),
    ],
)
def test_what_is_kept_is_asked_about_again_only_where_a_later_listing_says_something_else(
    portal, officer, said, says, asked
):
    """With each listing a licence that is missing or not in force is asked about again: it may be too late."""
    mine = operators.my_profile(active_operator(portal))
    discrepancies.keep(officer, listings.differ(portal, mine, **said), 1, "The card says so.")
    later = NOON + timedelta(days=7)
    listings.stand(portal, *([listings.row_of(mine, **says)] if says else []), listed_on=later.date())
    with unattended(portal, later) as work:
        align(work, "night")
    assert ("open" in rows(portal, select(Discrepancy.state))) is asked


def test_what_was_confirmed_against_a_line_is_asked_about_with_the_next_listing(portal, officer):
    """The profile was decided on; whether it stands against the listing is decided once, as a difference."""
    listings.stand(portal, listings.ROW | {"expiry": date(2027, 3, 12)})
    mine = operators.my_profile(active_operator(portal))
    listings.stand(portal, listings.row_of(mine, expiry=date(2027, 3, 12)), listed_on=NOON.date())
    with unattended(portal, NOON) as work:
        align(work, "night")
    assert rows(portal, select(Discrepancy.state)) == ["open"]


def test_a_decision_on_what_another_listing_says_otherwise_by_now_is_refused(portal, officer):
    mine = operators.my_profile(active_operator(portal))
    found = listings.differ(portal, mine)
    shown = discrepancies.discrepancy(officer, found)
    listings.stand(portal, listings.row_of(mine, status="suspended"), listed_on=NOON.date())
    with unattended(portal, NOON) as work:
        align(work, "night")
    for act in (discrepancies.keep, discrepancies.follow):
        with pytest.raises(Refused, match=r"Another listing stands by now .* suspended"):
            act(officer, found, shown.version, "The card says 2028.", shown.comparison)
    now = discrepancies.discrepancy(officer, found)
    discrepancies.keep(officer, found, now.version, "The suspension is lifted.", now.comparison)


def test_reasons_for_following_the_listing_need_not_be_given_but_are_checked(portal, officer):
    found = listings.differ(portal, operators.my_profile(active_operator(portal)))
    with pytest.raises(Refused, match="too long for the reasons"):
        discrepancies.follow(officer, found, 1, "x" * 50_001)
    with pytest.raises(Refused, match="signs that cannot be seen"):
        discrepancies.follow(officer, found, 1, "The \u202e listing.")
    discrepancies.follow(officer, found, 1, "")


@pytest.mark.parametrize("status", ["in force", "suspended"])
def test_the_listing_is_followed(portal, officer, status):
    asker = active_operator(portal)
    changes = {"expiry": date(2027, 3, 12), "status": status}
    discrepancies.follow(officer, listings.differ(portal, operators.my_profile(asker), **changes), 1)
    standing = select(Credential).where(
        Credential.superseded_at.is_(None), Credential.valid_until.is_(None), Credential.status == "in force"
    )
    (claim,) = rows(portal, select(CertificateClaim))
    assert (claim.state, claim.basis, claim.confirmed_on) == (ClaimState.CONFIRMED, "listing", NOON.date())
    mine = operators.my_profile(asker)
    if status == "in force":
        (credential,) = rows(portal, standing)
        assert (credential.expiry, credential.source) == (date(2027, 3, 12), "listing")
        assert (mine.state, mine.certificates[0].counts_as.expiry) == (State.ACTIVE, date(2027, 3, 12))
    else:
        assert rows(portal, standing) == []
        assert (mine.state, mine.certificates[0].counts_as) == (State.SUSPENDED, None)
    (mail,) = rows(portal, select(OutgoingMail).where(OutgoingMail.template == "profile_aligned"))
    assert "The listing of" in str(mail.values["changes"])
    assert rows(portal, select(AlignmentRun.because).order_by(AlignmentRun.id)) == ["night", "decision"]
    assert rows(portal, select(Discrepancy.state)) == ["followed"]
