"""The states of a profile, an operator's or an owner's, and who may move it from one to the next."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _LABELS[self]


class Move(StrEnum):
    """What can be done to a profile."""

    EDIT = "edit"  # the holder changes what the office verifies
    SUBMIT = "submit"  # the holder hands it in
    WITHDRAW = "withdraw"  # the holder unticks the agreement to edit again
    APPROVE = "approve"
    RETURN = "return"
    SUSPEND = "suspend"
    RESTORE = "restore"
    REOPEN = "reopen"  # a changed Operator ID or legal name: the whole profile is verified anew
    CLOSE = "close"


AGREEMENT_VERSION = "2026-11"

_LABELS = {
    State.DRAFT: "Draft",
    State.PENDING: "Pending verification",
    State.ACTIVE: "Active",
    State.RETURNED: "Returned to you",
    State.SUSPENDED: "Suspended",
    State.CLOSED: "Closed",
}

# An active profile that is edited, submitted, approved or returned stays active: it is found on what is
# verified, and only the new or changed certificates wait.
_NEXT = {
    State.DRAFT: {Move.EDIT: State.DRAFT, Move.SUBMIT: State.PENDING},
    State.PENDING: {Move.WITHDRAW: State.DRAFT, Move.APPROVE: State.ACTIVE, Move.RETURN: State.RETURNED},
    State.RETURNED: {Move.EDIT: State.DRAFT, Move.SUBMIT: State.PENDING, Move.WITHDRAW: State.RETURNED},
    State.ACTIVE: {
        Move.EDIT: State.ACTIVE,
        Move.SUBMIT: State.ACTIVE,
        Move.WITHDRAW: State.ACTIVE,
        Move.APPROVE: State.ACTIVE,
        Move.RETURN: State.ACTIVE,
        Move.SUSPEND: State.SUSPENDED,
        Move.REOPEN: State.PENDING,
    },
    State.SUSPENDED: {Move.RESTORE: State.ACTIVE},
    State.CLOSED: {},
}


def after(state: State, move: Move) -> State | None:
    """The state that `move` leads to from `state`, or None where it is not possible."""
    if move is Move.CLOSE and state is not State.CLOSED:
        return State.CLOSED
    return _NEXT[state].get(move)
