"""What the listing does not show in force is confirmed with a written reason alone, which is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.entries import REASON_LENGTH
from core.problems import Refused
from core.profiles import ClaimState, State
from core.roles import Role
from db.accounts import erasure
from db.alignment.passes import align
from db.gate import unattended
from db.schema import Account, Submission
from db.services import bulk_approval, operators, own_account, verification
from tests.db import standing_listings as listings
from tests.db.people import NOON, PASSWORD, signed_in
from tests.db.profiles import add_certificate, approve, submitted_operator

WHY = "The ministry has told us by telephone that the suspension ended today."
SUSPENDED = listings.ROW | {"status": "suspended"}


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def operator(portal):
    """One whose only certificate waits and is listed as suspended."""
    asker = submitted_operator(portal)
    listings.stand(portal, SUSPENDED)
    return asker


def only(officer, submission_id=1):
    return verification.item(officer, submission_id).certificates[0]


def two(portal, first="in force", second="cancelled"):
    """Two certificates of one person that wait in submission 2, listed so."""
    asker = submitted_operator(portal)
    operators.withdraw(asker, operators.my_profile(asker).version)
    add_certificate(asker, "777")
    operators.submit(asker, operators.my_profile(asker).version)
    rows = (listings.ROW | {"status": first}, listings.ROW | {"number": "777", "status": second})
    listings.stand(portal, *rows)
    return [one.claim_id for one in operators.my_profile(asker).certificates]


@pytest.mark.parametrize("status", ["suspended", "cancelled", "expired"])
@pytest.mark.parametrize("reason", ["", "  \n "])
def test_without_a_reason_it_is_not_confirmed(portal, officer, status, reason):
    submitted_operator(portal)
    listings.stand(portal, listings.ROW | {"status": status})
    one = only(officer)
    assert one.needs_reason
    with pytest.raises(Refused, match=f"The listing shows .*12345.* as {status}. Write the reason") as refused:
        approve(officer, 1, despite={one.claim_id: reason})
    assert [problem.field for problem in refused.value.problems] == [f"despite-{one.claim_id}"]
    with pytest.raises(Refused, match=f"as {status}. Write the reason"):
        approve(officer, 1)
    assert only(officer).state is ClaimState.WAITING


def test_a_reason_too_long_is_refused(officer, operator):
    with pytest.raises(Refused, match="is too long for the reason why it is confirmed"):
        approve(officer, 1, despite={only(officer).claim_id: "x" * (REASON_LENGTH + 1)})


def test_with_a_reason_it_is_an_officer_s_decision_and_the_reason_stays_with_what_it_was_made_on(
    portal, officer, operator
):
    approve(officer, 1, despite={only(officer).claim_id: f" {WHY}\r\n"})
    assert operators.my_profile(operator).state is State.ACTIVE
    listings.stand(portal, listings.ROW)
    one = only(officer)
    assert (one.despite, one.comparison.outcome, one.needs_reason) == (WHY, "listed suspended", False)
    assert one.comparison.licence.status == "suspended"


def test_each_such_one_takes_its_own_reason(portal, officer):
    first, second = two(portal, "suspended", "cancelled")
    with pytest.raises(Refused) as refused:
        approve(officer, 2, despite={first: WHY})
    assert [problem.field for problem in refused.value.problems] == [f"despite-{second}"]
    approve(officer, 2, despite={first: WHY}, refused={second: "It is cancelled."})
    assert [one.despite for one in verification.item(officer, 2).certificates] == [WHY, ""]


def test_what_is_listed_in_force_takes_none_and_keeps_none(portal, officer):
    first, second = two(portal)
    assert [one.needs_reason for one in verification.item(officer, 2).certificates] == [False, True]
    approve(officer, 2, despite={first: "Nobody asked.", second: WHY})
    assert [one.despite for one in verification.item(officer, 2).certificates] == ["", WHY]


def test_one_alone_takes_a_reason_and_the_rest_is_approved_without_another(portal, officer):
    _first, second = two(portal)

    def confirm(despite=""):
        version = verification.item(officer, 2).version
        verification.confirm_one(officer, 2, version, second, despite=despite)

    with pytest.raises(Refused, match="as cancelled"):
        confirm()
    confirm(WHY)
    assert [one.needs_reason for one in verification.item(officer, 2).certificates] == [False, False]
    approve(officer, 2)
    assert [one.despite for one in verification.item(officer, 2).certificates] == ["", WHY]


def test_what_was_refused_alone_takes_a_reason_to_be_confirmed_after_all(portal, officer):
    _first, second = two(portal)
    verification.refuse_one(officer, 2, verification.item(officer, 2).version, second, "It is cancelled.")
    with pytest.raises(Refused, match="as cancelled"):
        verification.confirm_one(officer, 2, verification.item(officer, 2).version, second)
    verification.confirm_one(officer, 2, verification.item(officer, 2).version, second, despite=WHY)
    assert verification.item(officer, 2).certificates[1].despite == WHY


def test_what_was_confirmed_before_takes_a_reason_where_all_is_verified_anew(portal, officer):
    asker = submitted_operator(portal)
    approve(officer, 1)
    own_account.change_details(
        asker, own_account.own_account(asker).version,
        given_name="Robin", family_name="Riverton", telephone="705 555 0100", municipality="Timmins",
        language="en",
    )  # fmt: skip
    listings.stand(portal, SUSPENDED)
    with pytest.raises(Refused, match="as suspended"):
        approve(officer, 2)
    approve(officer, 2, despite={only(officer, 2).claim_id: WHY})
    assert only(officer, 2).despite == WHY
    with unattended(portal, NOON + timedelta(days=1)) as work:
        assert align(work, "night") is None
    mine = operators.my_profile(asker)
    assert (mine.state, mine.certificates[0].counts_as is None) == (State.ACTIVE, False)


def test_all_exact_matches_never_include_it(officer, operator):
    preview = bulk_approval.exact_matches(officer)
    assert (preview.ready, preview.left_out) == ((), ())
    with pytest.raises(Refused, match="does not bear it out exactly"):
        bulk_approval.approve_if_exact(officer, 1, verification.item(officer, 1).version)


def test_what_was_written_is_erased_with_the_person(portal, officer, operator):
    approve(officer, 1, despite={only(officer).claim_id: WHY})
    own_account.close_account(operator, PASSWORD)
    with portal.database.transaction(writes=True) as session:
        account_id = session.scalars(select(Account.id).where(Account.state == "closed")).one()
        erasure.erase(session, NOON + timedelta(days=31), account_id)
    with portal.database.transaction(writes=False) as session:
        (written,) = session.scalars(select(Submission.compared)).one().values()
    assert (written["outcome"], written["despite"]) == ("listed suspended", "")
    assert only(officer).despite == ""


def test_why_something_was_refused_is_erased_with_the_person(portal, officer, operator):
    verification.refuse_one(officer, 1, verification.item(officer, 1).version, 1, "Robin’s card is a copy.")
    own_account.close_account(operator, PASSWORD)
    with portal.database.transaction(writes=True) as session:
        account_id = session.scalars(select(Account.id).where(Account.state == "closed")).one()
        erasure.erase(session, NOON + timedelta(days=31), account_id)
    assert (only(officer).decided_then, only(officer).refused_then) == (ClaimState.REFUSED, "")


def test_a_decision_that_was_kept_before_reasons_were_is_still_read(portal, officer, operator):
    approve(officer, 1, despite={only(officer).claim_id: WHY})
    later = ("despite", "alike", "decided", "because")
    with portal.database.transaction(writes=True) as session:
        decided = session.scalars(select(Submission)).one()
        decided.compared = {
            one: {name: value for name, value in written.items() if name not in later}
            for one, written in decided.compared.items()
        }
    one = only(officer)
    assert (one.despite, one.alike, one.decided_then) == ("", False, ClaimState.CONFIRMED)


def test_such_a_confirmation_counts_until_a_later_listing_differs(portal, officer, operator):
    approve(officer, 1, despite={only(officer).claim_id: WHY})
    with unattended(portal, NOON) as work:
        assert align(work, "night") is None
    assert operators.my_profile(operator).certificates[0].counts_as is not None
