"""A certificate that is valid for one owner's facilities alone does not become an ordinary one unseen, since no
listing shows the condition; on both databases."""

import pytest

from core.problems import Refused
from core.roles import Role
from db.services import bulk_approval, operators, own_account, verification
from tests.db import standing_listings as listings
from tests.db.people import PASSWORD, signed_in
from tests.db.profiles import EXPIRY, add_certificate, approve
from tests.db.queued import changes_name
from tests.db.standing_listings import ROW

DROPPED = (
    "It was confirmed for facilities of Town of Timmins only, and is claimed without that condition now. "
    "No listing shows such a condition."
)


@pytest.fixture
def conditional(portal, officer):
    """An operator whose certificate is confirmed for one owner, exactly as listed otherwise."""
    listings.stand(portal, ROW, ROW | {"number": "777"})
    asker = claims(portal, "Town of Timmins")
    bulk_approval.approve_all_exact(officer, bulk_approval.exact_matches(officer).ready)
    return asker


def claims(portal, valid_for):
    asker = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(asker, "90012345", 0)
    add_certificate(asker, valid_for=valid_for)
    operators.submit(asker, operators.my_profile(asker).version)
    return asker


def hands_in(asker, valid_for, number="12345"):
    """The certificate changed to this, and handed in."""
    mine = operators.my_profile(asker)
    entered = (number, "wastewater_treatment", "II", EXPIRY, valid_for)
    operators.change_certificate(asker, mine.certificates[0].claim_id, *entered, mine.version)
    operators.submit(asker, operators.my_profile(asker).version)


def flags(officer, submission_id):
    return [
        str(flag.sentence) for claim in verification.item(officer, submission_id).claims for flag in claim.flags
    ]


def opened(asker):
    operators.withdraw(asker, operators.my_profile(asker).version)
    return asker


def test_the_first_time_there_is_nothing_to_know(officer, conditional):
    assert flags(officer, 1) == []


def test_without_its_condition_it_is_flagged_and_never_approved_at_once(officer, conditional):
    hands_in(opened(conditional), "")
    preview = bulk_approval.exact_matches(officer)
    assert (preview.ready, [str(one.why_not) for one in preview.left_out]) == ((), [DROPPED])
    with pytest.raises(Refused, match="There is something to know: It was confirmed for facilities of Town of"):
        bulk_approval.approve_if_exact(officer, 2, 1)
    approve(officer, 2)
    changes_name(conditional)
    assert flags(officer, 3) == []  # the office's last word


@pytest.mark.parametrize("number", ["12345", "777"])
def test_what_replaces_it_is_flagged_whatever_its_number(officer, conditional, number):
    hands_in(opened(conditional), "", number)
    assert flags(officer, 2) == [DROPPED]


def test_deleted_and_entered_anew_it_is_flagged(officer, conditional):
    opened(conditional)
    mine = operators.my_profile(conditional)
    operators.delete_certificate(conditional, mine.certificates[0].claim_id, mine.version)
    add_certificate(conditional)
    operators.submit(conditional, operators.my_profile(conditional).version)
    assert flags(officer, 2) == [DROPPED]


def test_entered_from_another_account_it_is_flagged(portal, officer, conditional):
    own_account.close_account(conditional, PASSWORD)
    claims(portal, "")
    assert flags(officer, 2) == [DROPPED]


def test_another_owner_is_flagged(officer, conditional):
    hands_in(opened(conditional), "City of North Bay")
    (said,) = flags(officer, 2)
    assert "and is claimed for those of City of North Bay now" in said


def test_another_spelling_of_the_owner_is_no_other(officer, conditional):
    hands_in(opened(conditional), "town of  TIMMINS")
    assert flags(officer, 2) == []


def test_a_condition_where_there_was_none_is_flagged(portal, officer):
    listings.stand(portal, ROW)
    asker = claims(portal, "")
    approve(officer, 1)
    hands_in(opened(asker), "Town of Timmins")
    (said,) = flags(officer, 2)
    assert said.startswith(
        "It was confirmed without a condition, and is claimed for facilities of Town of Timmins"
    )
