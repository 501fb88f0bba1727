"""What following the listing would do is said before it is done, and is what is done; afterwards both sides are
shown as they were."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.alignment import Basis
from core.licences import LicenceClass
from core.listings import ListedStatus
from core.profiles import State
from core.roles import Role
from db.register_schema import Discrepancy
from db.schema import Account, CertificateClaim
from db.services import discrepancies, verification
from tests.db.aligned import LATER, LISTED_ON, RENEWED, mails, profile_of, rest_on, rows
from tests.db.listed import imported, line, withdrawn
from tests.db.people import signed_in
from tests.db.profiles import EXPIRY, active_operator

PAST = date(2026, 11, 1)


@pytest.fixture
def operator(portal):
    asker = active_operator(portal)
    rest_on(portal, Basis.DECISION)
    return asker


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, at=LATER)


def found(portal, officer, *lines):
    """The one difference from a listing of these lines, as an officer sees it."""
    imported(portal, *lines, listed_on=LISTED_ON, at=LATER)
    return discrepancies.discrepancy(officer, rows(portal, Discrepancy)[0].id)


def say(view):
    return [str(one) for one in view.following.said]


@pytest.mark.parametrize(
    ("lines", "certificate", "suspended"),
    [
        ((), "The certificate stops counting. The listing of 21 November 2026 does not have it.", True),
        ((line(status=ListedStatus.CANCELLED),), "The certificate stops counting.", True),
        ((line(expiry=PAST, status=ListedStatus.EXPIRED),), "expired on 1 November 2026, so it does not", True),
        ((line(licence_class=LicenceClass.III, expiry=RENEWED),), "becomes Wastewater treatment, Class III, "
         "until 12 March 2031, as listed; it is Wastewater treatment, Class II, until 12 March 2028 now.", False),
    ],
    ids=["not listed", "cancelled", "expired", "renewed"],
)  # fmt: skip
def test_what_following_would_do_is_what_it_does(portal, operator, officer, lines, certificate, suspended):
    view = found(portal, officer, *lines)
    said = say(view)
    assert certificate in said[0]
    assert ("suspended" in said[1], said[2]) == (
        suspended,
        "The operator is told by mail at once; no release is needed.",
    )
    discrepancies.follow(officer, view.discrepancy_id, view.version)
    assert (profile_of(portal).state == State.SUSPENDED) is suspended
    assert len(mails(portal)) == 1


def test_what_the_office_suspended_stays_so(portal, operator, officer):
    verification.suspend(officer, 1, profile_of(portal).version, "A complaint.")
    view = found(portal, officer, line(expiry=RENEWED))
    assert say(view)[1] == "The profile stays suspended, since the office has suspended it."


def test_of_several_certificates_another_keeps_the_profile_active(portal, operator, officer):
    _another_certificate(portal)
    imported(portal, listed_on=LISTED_ON, at=LATER)
    first, second = rows(portal, Discrepancy)
    assert say(discrepancies.discrepancy(officer, first.id))[1] == "The profile stays active."
    discrepancies.follow(officer, first.id, first.version)
    assert profile_of(portal).state == State.ACTIVE
    assert "so the profile is suspended" in say(discrepancies.discrepancy(officer, second.id))[1]


def test_whoever_has_no_account_in_use_is_mailed_nothing(portal, operator, officer):
    holder = Account.person_id == profile_of(portal).person_id
    with portal.database.transaction(writes=True) as session:
        session.execute(update(Account).where(holder).values(state="closed"))
    view = found(portal, officer, line(expiry=RENEWED))
    assert not view.following.mailed
    discrepancies.follow(officer, view.discrepancy_id, view.version)
    assert mails(portal) == []


def test_what_cannot_be_followed_says_nothing_of_it(portal, operator, officer):
    view = found(portal, officer, line(expiry=RENEWED))
    discrepancies.keep(officer, view.discrepancy_id, view.version, "So says the card.")
    assert discrepancies.discrepancy(officer, view.discrepancy_id).following is None


@pytest.mark.parametrize("act", ["keep", "follow", "follow and withdraw"])
def test_once_it_is_decided_both_sides_are_shown_as_they_were(portal, operator, officer, act):
    before = found(portal, officer, line(expiry=RENEWED))
    later = signed_in(portal, Role.OFFICER, at=LATER + timedelta(hours=1))
    how = discrepancies.keep if act == "keep" else discrepancies.follow
    how(later, before.discrepancy_id, before.version, "So says the card.")
    if act == "follow and withdraw":
        withdrawn(portal, LATER + timedelta(hours=2))
    imported(portal, line(expiry=EXPIRY), listed_on=LISTED_ON + timedelta(days=1), at=LATER + timedelta(hours=3))
    after = discrepancies.discrepancy(officer, before.discrepancy_id)
    shown = [(one.held, one.comparison, one.listed_on, one.basis, one.confirmed_on) for one in (before, after)]
    assert shown[0] == shown[1]
    assert after.decided_by


def _another_certificate(portal):
    with portal.database.transaction(writes=True) as session:
        first = session.query(CertificateClaim).one()
        names = [column.key for column in CertificateClaim.__table__.columns if column.key != "id"]
        changes = {"number": "777", "licence_type": "water_treatment"}
        session.add(CertificateClaim(**{name: getattr(first, name) for name in names} | changes))
