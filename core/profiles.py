"""The states of a profile, an operator's or an owner's, and who may move it from one to the next."""

from enum import StrEnum

from core.problems import refuse


class State(StrEnum):
    """Where a profile stands with the office."""

    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """Its name for people."""
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


class ClaimState(StrEnum):
    """Where one certificate or facility of a profile stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # deleted by its holder, or replaced by a newer one

    @property
    def label(self) -> str:
        """Its name for people."""
        return _CLAIM_LABELS[self]


class SubmissionState(StrEnum):
    """Where one item of the office's queue stands."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Its name for people."""
        return "Waiting" if self is SubmissionState.OPEN else self.value.capitalize()


AGREEMENT_VERSION = "2026-11"
AGREEMENT = (
    "What I have entered is true and complete. The certification office may compare it with the ministry’s "
    "records. System owners with a verified facility, and the office, may see what is verified; they may see "
    "contact details, and I am shown who looked at mine. Owners and operating authorities remain responsible "
    "for ensuring that the operators they take on are properly trained, experienced and competent. The "
    "Government of Ontario and the people working on its behalf are not responsible for loss or damage arising "
    "from the use of this portal."
)

_LABELS = {
    State.DRAFT: "Draft",
    State.PENDING: "Pending verification",
    State.ACTIVE: "Active",
    State.RETURNED: "Returned to you",
    State.SUSPENDED: "Suspended",
    State.CLOSED: "Closed",
}

_CLAIM_LABELS = {
    ClaimState.DRAFT: "Not submitted yet",
    ClaimState.WAITING: "Waits for verification",
    ClaimState.CONFIRMED: "Confirmed",
    ClaimState.REFUSED: "Not confirmed",
    ClaimState.WITHDRAWN: "Deleted",
}
_DONE = {
    Move.EDIT: "changed",
    Move.SUBMIT: "submitted",
    Move.WITHDRAW: "taken back",
    Move.APPROVE: "approved",
    Move.RETURN: "returned",
    Move.SUSPEND: "suspended",
    Move.RESTORE: "restored",
    Move.REOPEN: "verified anew",
    Move.CLOSE: "closed",
}

# An active profile that is edited, submitted, approved or returned stays active: it is found on what is
# verified, and only the new or changed certificates wait. A suspended one stays suspended likewise: its holder may
# enter a renewed certificate, and only the end of the suspension makes it active again. What alignment has
# suspended, the office may suspend too: then the listing alone does not bring it back.
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
    State.SUSPENDED: {
        Move.EDIT: State.SUSPENDED,
        Move.SUBMIT: State.SUSPENDED,
        Move.APPROVE: State.SUSPENDED,
        Move.SUSPEND: State.SUSPENDED,
        Move.RESTORE: State.ACTIVE,
        Move.WITHDRAW: State.SUSPENDED,
        Move.RETURN: State.SUSPENDED,
    },
    State.CLOSED: {},
}


def after(state: State, move: Move) -> State | None:
    """The state that `move` leads to from `state`, or None where it is not possible."""
    if move is Move.CLOSE and state is not State.CLOSED:
        return State.CLOSED
    return _NEXT[state].get(move)


def moved(state: State, move: Move) -> State:
    """The state that `move` leads to. Raises Refused with a sentence where it is not possible."""
    reached = after(state, move)
    if reached is None:
        raise refuse(
            "The profile is “{state}” and cannot be {done} now. Look at what stands on the page, then go on "
            "from there.",
            state=state.label,
            done=_DONE[move],
        )
    return reached


def must_not_be_suspended_by_the_office(state: State, *, by_alignment: bool) -> None:
    """Raises Refused where the office itself has suspended the profile: one suspension has one reason."""
    if state is State.SUSPENDED and not by_alignment:
        raise refuse(
            "The office has suspended this profile already; the page says who, when and why. For another reason "
            "end that suspension first, then suspend the profile anew."
        )


def must_be_open_for_editing(state: State, agreed: bool) -> None:
    """Raises Refused unless what the office verifies may be changed now: only while the agreement is unticked."""
    if agreed:
        raise refuse(
            "Your profile is submitted, so nothing in it can be changed. Untick the agreement first, then "
            "change it and submit it again."
        )
    moved(state, Move.EDIT)
