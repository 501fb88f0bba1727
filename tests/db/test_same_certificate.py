"""One certificate that two persons claim is confirmed for the second with a written reason alone; on both
databases."""

import pytest

from core.problems import Refused
from core.queue import Filters
from core.roles import Role
from db.services import bulk_approval, operators, overrides, own_account, verification
from tests.db import standing_listings as listings
from tests.db.people import PASSWORD, signed_in
from tests.db.profiles import add_certificate, approve, submitted_operator
from tests.db.queued import REVIEW, only
from tests.db.together import together

WHY = "The ministry has given the number twice, by mistake."


@pytest.fixture
def two(portal, officer):
    """Two operators who claim certificate 12345; the first has it confirmed."""
    first = submitted_operator(portal)
    second = submitted_operator(portal, "90012346", family_name="Stillwater")
    approve(officer, 1)
    return first, second


def test_the_second_person_has_it_with_a_reason_alone(two, officer):
    one = only(officer, 2)
    assert one.needs_reason
    for reason in ("", " \n "):
        with pytest.raises(
            Refused, match=r"is confirmed for another person already\. Write the reason"
        ) as refused:
            approve(officer, 2, despite={one.claim_id: reason})
        assert [problem.field for problem in refused.value.problems] == [f"despite-{one.claim_id}"]
    with pytest.raises(Refused, match="is confirmed for another person already"):
        verification.confirm_one(officer, 2, verification.item(officer, 2).version, one.claim_id)
    approve(officer, 2, despite={one.claim_id: WHY})
    assert (only(officer, 2).despite, only(officer, 2).needs_reason) == (WHY, False)


def test_the_first_person_needs_none(portal, officer):
    submitted_operator(portal)
    submitted_operator(portal, "90012346")
    assert not only(officer, 1).needs_reason
    approve(officer, 1)
    assert only(officer, 2).needs_reason


def test_the_same_number_of_another_type_needs_none(portal, two, officer):
    third = signed_in(portal, Role.OPERATOR)
    operators.save_operator_id(third, "90012347", 0)
    add_certificate(third, "12345", "water_treatment", "I")
    operators.submit(third, operators.my_profile(third).version)
    assert not only(officer, 3).needs_reason
    approve(officer, 3)


def test_whoever_has_closed_the_account_does_not_stand_against_it(two, officer):
    assert [str(flag.sentence) for flag in only(officer, 2).flags] == [
        "The same number and type is confirmed for Robin Fairwater already."
    ]
    own_account.close_account(two[0], PASSWORD)
    assert not only(officer, 2).needs_reason
    assert only(officer, 2).flags == ()
    approve(officer, 2)


def test_it_is_left_out_where_all_exact_matches_are_approved(portal, two, officer):
    listings.stand(portal, listings.ROW | {"operator_id": "90012346", "last_name": "Stillwater"})
    preview = bulk_approval.exact_matches(officer)
    assert not preview.ready
    assert [str(one.why_not) for one in preview.left_out] == [
        "The same number and type is confirmed for Robin Fairwater already."
    ]
    with pytest.raises(Refused, match="There is something to know"):
        bulk_approval.approve_if_exact(officer, 2, only_version(officer, 2))


def proposed(officer, submission_id):
    """The id of an override that waits, of a submission's certificate."""
    item = verification.item(officer, submission_id)
    return overrides.propose(
        officer, submission_id, item.version, item.claims[0].claim_id, "I have seen the card.", REVIEW
    )


def test_a_second_officer_who_agrees_to_an_override_needs_the_reason_too(portal, two, officer, colleague):
    listings.stand(portal, listings.ROW)
    override_id = proposed(officer, 2)
    for reason in ("", " \n "):
        with pytest.raises(
            Refused, match=r"is confirmed for another person already\. Write the reason why"
        ) as refused:
            overrides.agree(colleague, override_id, 1, reason=reason)
        assert [problem.field for problem in refused.value.problems] == [f"despite-{only(officer, 2).claim_id}"]
    assert only(officer, 2).state == "waiting"
    overrides.agree(colleague, override_id, 1, reason=WHY)
    one = only(officer, 2)
    assert (one.state, one.despite, one.needs_reason, one.alike) == ("confirmed", WHY, False, True)
    approve(officer, 2)
    assert only(officer, 2).despite == WHY


def test_one_that_is_listed_as_suspended_too_names_both(portal, two, officer):
    row = {"operator_id": "90012346", "last_name": "Stillwater", "status": "suspended"}
    listings.stand(portal, listings.ROW | row)
    with pytest.raises(Refused) as refused:
        approve(officer, 2)
    (problem,) = refused.value.problems
    assert str(problem.sentence).startswith(
        "The listing shows Wastewater treatment, Class II (12345) as suspended. Wastewater treatment, Class II "
        "(12345) is confirmed for another person already. Write the reason"
    )
    approve(officer, 2, despite={only(officer, 2).claim_id: WHY})
    assert (only(officer, 2).despite, only(officer, 2).alike) == (WHY, True)


def only_version(officer, submission_id):
    return verification.item(officer, submission_id).version


def test_two_officers_in_one_moment_do_not_confirm_it_for_both(portal, officer, colleague):
    for number in range(6):
        submitted_operator(portal, f"900{number}0001", f"n{number}")
        submitted_operator(portal, f"900{number}0002", f"n{number}")
        first, second = 2 * number + 1, 2 * number + 2
        answers = together(lambda one=first: approve(officer, one), lambda one=second: approve(colleague, one))
        assert sorted(str(one) == "done" for one in answers) == [False, True], answers


def test_an_override_agreed_to_in_the_same_moment_does_not_confirm_it_for_both(portal, officer, colleague):
    pairs = range(6)
    listings.stand(
        portal, *(listings.ROW | {"operator_id": f"900{number}0001", "number": f"n{number}"} for number in pairs)
    )
    for number in pairs:
        submitted_operator(portal, f"900{number}0001", f"n{number}")
        submitted_operator(portal, f"900{number}0002", f"n{number}")
        first, override_id = 2 * number + 1, proposed(officer, 2 * number + 2)
        answers = together(
            lambda one=first: approve(officer, one), lambda one=override_id: overrides.agree(colleague, one, 1)
        )
        assert sorted(str(one) == "done" for one in answers) == [False, True], answers
        (refused,) = (one for one in answers if one != "done")
        assert "is confirmed for another person already" in str(refused)


def test_a_number_that_a_change_replaces_is_claimed_by_its_holder_no_more(portal, two, officer):
    first = two[0]
    operators.withdraw(first, operators.my_profile(first).version)
    mine = operators.my_profile(first)
    one = mine.certificates[0]
    operators.change_certificate(
        first, one.claim_id, "777", one.licence.licence_type, one.licence.licence_class, one.licence.expiry, "",
        mine.version,
    )  # fmt: skip
    operators.submit(first, operators.my_profile(first).version)
    rows = verification.queue(officer, Filters()).rows
    assert [row.same for row in rows] == [(), ()]
