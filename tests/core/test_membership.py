"""Rights of members: which includes which, and the fewest grants that say the same."""

import pytest

from core.membership import MANAGER, Grant, Right, problems, settled

FIND, RECORD, READ, MANAGE = Right.FIND, Right.RECORD, Right.READ, Right.MANAGE


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([Grant(MANAGE), Grant(FIND, 1)], MANAGER),
        ([Grant(MANAGE, 1)], MANAGER),
        ([Grant(FIND), Grant(FIND, 1)], {Grant(FIND)}),
        ([Grant(FIND, 1), Grant(FIND, 2)], {Grant(FIND, 1), Grant(FIND, 2)}),
        ([Grant(RECORD, 1), Grant(READ, 1), Grant(READ, 2)], {Grant(RECORD, 1), Grant(READ, 2)}),
        ([Grant(RECORD), Grant(READ)], {Grant(RECORD)}),
        ([Grant(RECORD, 1), Grant(READ)], {Grant(RECORD, 1), Grant(READ)}),
        ([], set()),
    ],
)
def test_rights_are_kept_in_the_fewest_grants(given, kept):
    assert settled(given) == kept


def test_a_manager_may_everything_and_finding_gives_no_more_than_finding():
    assert all(MANAGE in right.given_by for right in Right)
    assert {right for right in Right if FIND in right.given_by} == {FIND}
    assert {right for right in Right if RECORD in right.given_by} == {RECORD, READ}


def test_somebody_without_any_right_is_no_member():
    assert [str(one) for one in problems([])] == [
        "Choose what this person may do: everything, or some of the rights below."
    ]
    assert problems([Grant(READ)]) == []
