"""What findings about people rest on: what the office confirmed, and what the listing shows besides."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.findings import Verdict
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db.alignment.passes import align
from db.gate import unattended
from db.kept_findings import retest_all
from db.register_schema import ListingImport
from db.services import designations, licence_history, operators, own_account, responsibility
from tests.db import standing_listings
from tests.db.employed import employ, employ_confirmed
from tests.db.filed import TODAY, facility_of
from tests.db.people import NOON, PASSWORD, signed_in
from tests.db.profiles import (
    EXPIRY,
    active_operator,
    active_owner,
    add_certificate,
    approve_all,
    submitted_operator,
)
from tests.db.test_responsibility import finding, later, mails
from tests.remembered import remembered

ROW, SOMEBODY = standing_listings.ROW, standing_listings.ROW | {"operator_id": "90000009"}
COLLECTION = ROW | {"number": "777", "licence_type": "wastewater_collection", "licence_class": "III"}
FIRST, SECOND = date(2026, 11, 1), TODAY
NAME = "Sam Fairwater"


def stand(portal, *rows, listed_on, days=0):
    """A listing stands from now on, and all profiles are aligned with it, so many days from today."""
    standing_listings.stand(portal, *rows, listed_on=listed_on)
    with unattended(portal, NOON + timedelta(days=days)) as work:
        align(work, "night")
        retest_all(work)  # as an import does


def employed(portal):
    owner = active_owner(portal)
    return owner, employ_confirmed(portal, owner, "Fairwater", "90012345")


def employed_as(portal, registered):
    """Somebody who has a profile here, or whose Operator ID alone the office has confirmed."""
    if registered:
        active_operator(portal)
    return employed(portal)


def licensed(owner, day=None):
    return finding(owner, About.LICENSED, day, NAME)


def said(found):
    return [str(part.because) for part in found.walk()]


@remembered
def confirmed_operator(portal, valid_for=None):
    """An operator whose profile holds a certificate for collection, and one for treatment where it is for anybody
    or for an owner. The id of the latter."""
    operator = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(operator, "90012345", 0)
    add_certificate(operator, "777", "wastewater_collection", "III")
    certificate = None if valid_for is None else add_certificate(operator, valid_for=valid_for)
    operators.submit(operator, operators.my_profile(operator).version)
    approve_all(portal)
    return operator, certificate


def delete(operator, certificate):
    operators.withdraw(operator, operators.my_profile(operator).version)
    operators.delete_certificate(operator, certificate, operators.my_profile(operator).version)


# --- what alignment says counts no more -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        (SOMEBODY,),
        (SOMEBODY, ROW | {"status": "expired"}),
        (SOMEBODY, ROW | {"status": "suspended"}),
        (SOMEBODY, ROW | {"status": "cancelled"}),
    ],
    ids=["not listed", "expired", "suspended", "cancelled"],
)
@pytest.mark.parametrize("registered", [True, False])
def test_what_the_listing_has_in_force_no_more_licenses_nobody(portal, rows, registered):
    stand(portal, ROW, listed_on=FIRST)
    owner, employee = employed_as(portal, registered)
    assert licensed(owner).verdict is Verdict.MET
    stand(portal, *rows, listed_on=SECOND)
    found = licensed(owner)
    assert found.verdict is Verdict.NOT_MET
    status = rows[-1]["status"]
    cancelled = any("Cancellation by the Director: done" in one for one in said(found))
    assert cancelled == (status == "cancelled")
    assert str(found.because).startswith("Suspended from 20 November 2026") == (status == "suspended")
    with pytest.raises(Refused):
        designations.designate(
            owner, facility_of(owner), employee, "licence", TODAY + timedelta(days=2), None, "Runs it."
        )


def test_nobody_is_employed_by_a_certificate_that_counted_once(portal):
    stand(portal, ROW, listed_on=FIRST)
    active_operator(portal)
    owner = active_owner(portal)
    stand(portal, SOMEBODY, listed_on=SECOND)
    with pytest.raises(Refused, match="not on the ministry’s listing"):
        employ(owner, "Fairwater", "90012345")


def test_who_must_know_is_told_in_the_same_pass(portal):
    stand(portal, ROW, listed_on=FIRST)
    active_operator(portal)
    employed(portal)
    assert mails(portal) == []
    stand(portal, SOMEBODY, listed_on=SECOND)
    assert mails(portal)


def test_the_ministrys_records_of_an_issue_do_not_outlive_a_newer_listing_without_it(portal):
    stand(portal, ROW, listed_on=FIRST)
    active_operator(portal)
    owner, employee = employed(portal)
    officer = signed_in(portal, Role.OFFICER)
    issued = date(2025, 3, 12)
    licence_history.record_issue(officer, employee, "12345", "wastewater_treatment", "II", issued, EXPIRY, True)
    assert licensed(owner, date(2026, 6, 1)).verdict is Verdict.MET
    stand(portal, SOMEBODY, listed_on=SECOND)
    assert licensed(owner).verdict is Verdict.NOT_MET
    assert licensed(owner, date(2026, 6, 1)).verdict is Verdict.MET


def test_an_ended_row_is_no_cancellation(portal):
    stand(portal, ROW, listed_on=FIRST)
    active_operator(portal)
    owner, _employee = employed(portal)
    stand(portal, ROW | {"expiry": date(2029, 3, 12)}, listed_on=SECOND, days=1)
    found = licensed(later(owner, 1))
    assert found.verdict is Verdict.MET
    assert not any("Director: done" in one for one in said(found))
    stand(portal, SOMEBODY, listed_on=SECOND, days=2)
    found = licensed(later(owner, 2))
    assert str(found.because) == "What was on file of licence 12345 ended on 21 November 2026."
    assert not any("Director: done" in one for one in said(found))


# --- merged by number and type --------------------------------------------------------------------------------


def test_what_the_listing_shows_besides_counts(portal):
    stand(portal, ROW, COLLECTION, listed_on=FIRST)
    confirmed_operator(portal)
    owner, _employee = employed(portal)
    assert licensed(owner).verdict is Verdict.MET


def test_a_certificate_deleted_from_a_profile_is_still_shown_by_the_listing(portal):
    stand(portal, ROW, COLLECTION, listed_on=FIRST)
    operator, deleted = confirmed_operator(portal, "")
    owner, _employee = employed(portal)
    delete(operator, deleted)
    for days in (0, 1):
        assert licensed(later(owner, days)).verdict is Verdict.MET
    stand(portal, COLLECTION, listed_on=SECOND, days=1)
    assert licensed(later(owner, 1)).verdict is Verdict.NOT_MET


def test_a_conditional_certificate_stays_so_when_only_the_listing_shows_it(portal):
    stand(portal, ROW, COLLECTION, listed_on=FIRST)
    operator, deleted = confirmed_operator(portal, "Town of Timmins")
    owner, _employee = employed(portal)
    assert licensed(owner).verdict is Verdict.NOT_MET
    delete(operator, deleted)
    assert licensed(later(owner, 1)).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (ROW | {"status": "cancelled"}, Verdict.NOT_MET),
        (ROW | {"expiry": TODAY}, Verdict.NOT_MET),
        (ROW | {"expiry": date(2031, 3, 12)}, Verdict.MET),
        (ROW, Verdict.MET),
        (SOMEBODY, Verdict.NOT_MET),
    ],
    ids=["cancelled", "expires", "renewed", "the same", "gone"],
)
def test_after_an_account_is_closed_the_later_listings_count(portal, row, verdict):
    stand(portal, ROW, listed_on=FIRST)
    operator = active_operator(portal)
    owner, _employee = employed(portal)
    own_account.close_account(operator, PASSWORD)
    assert licensed(owner).verdict is Verdict.MET
    stand(portal, row, listed_on=SECOND, days=1)
    assert licensed(later(owner, 1)).verdict is verdict


def test_closing_an_account_has_what_rests_on_it_tested_again(portal):
    operator = active_operator(portal)  # before there was a listing
    owner, _employee = employed(portal)
    stand(portal, SOMEBODY, listed_on=SECOND + timedelta(days=1), days=1)
    assert licensed(later(owner, 1)).verdict is Verdict.MET, "the office's word stands until somebody looks"
    assert mails(portal) == []
    own_account.close_account(later(operator, 1), PASSWORD)
    assert licensed(later(owner, 1)).verdict is Verdict.NOT_MET
    assert mails(portal)


@pytest.mark.parametrize("registered", [True, False])
def test_a_listing_proves_a_licence_from_its_own_day(portal, registered):
    stand(portal, ROW, listed_on=FIRST)
    owner, _employee = employed_as(portal, registered)
    days = (FIRST - timedelta(days=1), FIRST, TODAY - timedelta(days=1), TODAY)
    assert [licensed(owner, day).verdict for day in days] == [Verdict.UNKNOWN, *[Verdict.MET] * 3]


def test_a_listing_that_was_withdrawn_proves_nothing(portal):
    stand(portal, ROW, listed_on=FIRST)
    active_operator(portal)
    owner, _employee = employed(portal)
    with portal.database.transaction(writes=True) as session:
        session.execute(update(ListingImport).values(state="withdrawn"))
    assert licensed(owner, TODAY - timedelta(days=1)).verdict is Verdict.UNKNOWN
    assert licensed(owner).verdict is Verdict.MET


# --- complete -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unread", "verdict"),
    [
        ({"operator_id": "90012345", "number": "778"}, Verdict.UNKNOWN),
        ({"operator_id": "90012345"}, Verdict.UNKNOWN),
        ({"number": "777"}, Verdict.UNKNOWN),
        ({"number": "778"}, Verdict.NOT_MET),
        ({"operator_id": "90000009", "number": "777"}, Verdict.NOT_MET),
        ({}, Verdict.NOT_MET),
    ],
)
def test_a_listing_with_a_row_that_could_not_be_read_may_not_show_all(portal, unread, verdict):
    stand(portal, COLLECTION, listed_on=FIRST)
    owner = active_owner(portal)
    employ_confirmed(portal, owner, "Fairwater", "90012345")
    assert licensed(owner).verdict is Verdict.NOT_MET
    with portal.database.transaction(writes=True) as session:
        bad = [{"line": 9, "because": [["No such class.", {}]], **unread}]
        session.execute(update(ListingImport).values(left_out=bad))
    with unattended(portal, NOON) as work:
        retest_all(work)
    assert licensed(owner).verdict is verdict


def test_a_claim_that_nobody_has_confirmed_hides_nothing(portal):
    stand(portal, ROW, listed_on=FIRST)
    owner, _employee = employed(portal)
    submitted_operator(portal)
    assert licensed(owner).verdict is Verdict.MET
    assert responsibility.people(owner, facility_of(owner)).unlicensed == ()


@pytest.mark.parametrize("row", [None, ROW | {"status": "suspended"}, ROW | {"expiry": date(2027, 3, 12)}])
def test_what_counts_by_the_offices_word_is_not_said_to_be_shown_by_a_listing(portal, row):
    active_operator(portal)
    owner, _ = employed(portal)
    stand(portal, *([row] if row else []), listed_on=TODAY)
    found = licensed(owner)
    assert found.verdict is Verdict.MET
    assert "Confirmed as in force by the office on 20 November 2026." in said(found)
    assert not any("Shown in force" in one or one == "It is not suspended." for one in said(found))


def test_a_suspension_that_was_imported_late_leaves_the_days_after_it_licensed(portal):
    standing_listings.stand(portal, ROW, listed_on=TODAY - timedelta(days=10))
    active_operator(portal)
    owner, _ = employed(portal)
    stand(portal, ROW | {"status": "suspended"}, listed_on=TODAY, days=5)
    stand(portal, ROW, listed_on=TODAY + timedelta(days=4), days=6)
    asker = later(owner, days=7)
    days = [TODAY + timedelta(days=days) for days in (0, 3, 4, 5)]
    assert [licensed(asker, day).verdict is Verdict.MET for day in days] == [False, False, True, True]
