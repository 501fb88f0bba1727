"""The states of a profile: the whole table, what every move leads to and what is impossible."""

import pytest

from core.problems import Refused
from core.profiles import (
    Move,
    State,
    after,
    moved,
    must_be_open_for_editing,
    must_not_be_suspended_by_the_office,
)

_ = ""
TABLE = {
    # edit, submit, withdraw, approve, return, suspend, restore, reopen
    "draft":     ("draft",  "pending", _,          _,        _,          _,           _,        _),
    "pending":   (_,        _,         "draft",    "active", "returned", _,           _,        _),
    "active":    ("active", "active",  "active",   "active", "active",   "suspended", _,        "pending"),
    "returned":  ("draft",  "pending", "returned", _,        _,          _,           _,        _),
    "suspended": ("suspended", "suspended", "suspended", "suspended", "suspended", "suspended", "active", _),
    "closed":    (_,        _,         _,          _,        _,          _,           _,        _),
}  # fmt: skip
CASES = [
    (State(state), move, State(reached) if reached else None)
    for state, row in TABLE.items()
    for move, reached in zip([move for move in Move if move is not Move.CLOSE], row, strict=True)
]


@pytest.mark.parametrize(("state", "move", "reached"), CASES)
def test_every_move_from_every_state(state, move, reached):
    assert after(state, move) is reached
    if reached is not None:
        assert moved(state, move) is reached
        return
    with pytest.raises(Refused, match=f"“{state.label}” and cannot be"):
        moved(state, move)


@pytest.mark.parametrize("state", State)
def test_every_profile_but_a_closed_one_can_be_closed(state):
    assert after(state, Move.CLOSE) is (None if state is State.CLOSED else State.CLOSED)


@pytest.mark.parametrize("state", State)
def test_the_office_suspends_once(state):
    must_not_be_suspended_by_the_office(state, by_alignment=True)
    if state is not State.SUSPENDED:
        must_not_be_suspended_by_the_office(state, by_alignment=False)
        return
    with pytest.raises(Refused, match="has suspended this profile already"):
        must_not_be_suspended_by_the_office(state, by_alignment=False)


@pytest.mark.parametrize("state", State)
def test_editing_needs_an_unticked_agreement_and_a_state_that_allows_it(state):
    with pytest.raises(Refused, match="Untick the agreement"):
        must_be_open_for_editing(state, agreed=True)
    if state in (State.DRAFT, State.RETURNED, State.ACTIVE, State.SUSPENDED):
        must_be_open_for_editing(state, agreed=False)
        return
    with pytest.raises(Refused, match=state.label):
        must_be_open_for_editing(state, agreed=False)
