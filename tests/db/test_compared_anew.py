"""What waits is compared anew when alignment changes what stands of the very profile that waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.alignment import Basis
from core.roles import Role
from db import nightly
from db.alignment.passes import align
from db.gate import unattended
from db.register_schema import Discrepancy
from db.schema import Submission
from db.services import discrepancies, own_account, verification
from tests.db.aligned import LATER, LISTED_ON, RENEWED, again_signed_in, rest_on, rows
from tests.db.listed import imported, line
from tests.db.people import NOON, signed_in
from tests.db.profiles import EXPIRY, active_operator, submitted_operator

REVIEW = LATER.date() + timedelta(days=10)


def is_renamed(portal):
    """The whole profile is verified anew, so what was confirmed waits too."""
    asker = again_signed_in(portal)
    own_account.change_details(
        asker, own_account.own_account(asker).version,
        given_name="Robin", family_name="Fairwater-Ng", telephone="705 555 0100", municipality="Timmins",
        language="en",
    )  # fmt: skip


def waits(portal):
    """Of what waits: the expiry that is compared, and how it is borne out."""
    with portal.database.transaction(writes=False) as session:
        claimed, borne_out = session.execute(
            select(Submission.claimed, Submission.borne_out).where(Submission.state == "open")
        ).one()
    return claimed["claims"][0]["expiry"], borne_out


@pytest.fixture
def decided_otherwise(portal):
    """A profile that waits as a whole, of which a certificate rests on a decision that the listing contradicts."""
    active_operator(portal)
    rest_on(portal, Basis.DECISION)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    is_renamed(portal)
    assert waits(portal) == (EXPIRY.isoformat(), "differs")


def test_once_an_officer_follows_the_listing(portal, decided_otherwise):
    officer = signed_in(portal, Role.OFFICER, at=LATER)
    (found,) = rows(portal, Discrepancy)
    discrepancies.follow(officer, found.id, found.version)
    assert waits(portal)[0] == RENEWED.isoformat()
    said = [str(one) for one in verification.item(officer, 2).certificates[0].comparison.differences]
    assert not any(one.startswith("Expiry") for one in said)


def test_in_the_night_in_which_an_override_lapses(portal):
    active_operator(portal)
    rest_on(portal, Basis.OVERRIDE, review_on=REVIEW)
    imported(portal, line(expiry=RENEWED), listed_on=LISTED_ON, at=LATER)
    is_renamed(portal)
    assert waits(portal)[0] == EXPIRY.isoformat()
    assert nightly.run_if_due(portal, datetime(REVIEW.year, REVIEW.month, REVIEW.day, 12, tzinfo=UTC))
    assert waits(portal)[0] == RENEWED.isoformat()


def test_another_s_change_leaves_what_waits_alone(portal, decided_otherwise):
    """What waits of one whom the pass does not concern is not read again, let alone changed."""
    submitted_operator(portal, "90054321", "54321")
    with portal.database.transaction(writes=True) as session:
        other = session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()
        other.borne_out = "exact"  # as nothing says it
        number = other.id
    (found,) = rows(portal, Discrepancy)
    discrepancies.follow(signed_in(portal, Role.OFFICER, at=LATER), found.id, found.version)
    with portal.database.transaction(writes=False) as session:
        assert session.get(Submission, number).borne_out == "exact"


def test_a_night_that_changes_nothing_compares_nothing(portal):
    submitted_operator(portal)
    with portal.database.transaction(writes=True) as session:
        session.scalars(select(Submission)).one().borne_out = "exact"
    with unattended(portal, NOON) as work:
        assert align(work, "night") is None
    assert waits(portal)[1] == "exact"
