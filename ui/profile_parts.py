"""What the pages of operators' and owners' profiles share: marks, the version a page was drawn with, the
agreement, and what happens next."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

import streamlit as st

from core.alignment import Basis, CheckedAgainst
from core.problems import Refused
from core.profiles import AGREEMENT, ClaimState, State
from core.sentences import in_english
from db.gate import NotSignedIn, Unavailable
from db.verification.profile_views import Certificate, Progress
from ui import links, mailed, words
from ui.forms import attempt
from ui.words import Mark

Mine = TypeVar("Mine")  # the asker's own profile, of either kind
What = TypeVar("What")

CLAIM_MARKS: Mapping[ClaimState, Mark] = {
    ClaimState.DRAFT: Mark("○", ClaimState.DRAFT.label, "none"),
    ClaimState.WAITING: Mark("?", ClaimState.WAITING.label, "unknown"),
    ClaimState.CONFIRMED: Mark("●", ClaimState.CONFIRMED.label, "stands"),
    ClaimState.REFUSED: Mark("■", ClaimState.REFUSED.label, "wrong"),
    ClaimState.WITHDRAWN: Mark("–", ClaimState.WITHDRAWN.label, "none"),
}
OPERATOR_FORMS = ("operator-id", "availability")  # about an operator's profile, on whatever page
OWNER_FORMS = ("organization",)
_SUBMIT, _OPEN_AGAIN = "submit-for-verification", "open-for-changes"
EXPIRED = Mark("■", "Expired", "wrong")
LOOKED_AT = Mark("▲", "Not borne out by the ministry’s list; a difference is being looked at", "due")
KEPT_AS_IT_IS = Mark("▲", "Not borne out by the ministry’s list; the office keeps it as it is on file", "due")
_COUNTS_MEANWHILE = "Meanwhile it counts as it is on file. "
_WHAT_TO_DO = (
    "If the listing is wrong, have it put right by the ministry’s "
    "certification office (owwco.ca); if it is right, enter the certificate as it is now and submit it. Or "
    "telephone the office."
)
COUNTS_NO_MORE = Mark("■", "Counts no more: the ministry’s listing does not bear it out", "wrong")


def last_read(name: str, read: Callable[[], Mine]) -> Mine:
    """What is on file now; while the database does not answer, what was when it was last read: the form in which
    somebody types stays."""
    try:
        st.session_state[name] = read()
    except Unavailable:
        if name not in st.session_state:
            raise
    mine: Mine = st.session_state[name]
    return mine


def rests_on(basis: Basis, since: date, *, withdrawn: bool) -> str:
    """On what a confirmation rests, and of which day; that the listing was `withdrawn`, where it was."""
    void = ", which was withdrawn" if withdrawn else ""
    return f"{basis.label} of {in_english(since)}{void}"


def overridden(until: date) -> str:
    """What is said wherever a certificate is confirmed by an override: until its day of review."""
    return f"Confirmed by override until {in_english(until)}"


def checked_against(found: CheckedAgainst) -> None:
    """Which listing the office has compared with, and a warning where that listing is old."""
    if found.old:
        words.warning(found.said)
        return
    st.text(str(found.said))


def listed_otherwise(mine: Progress, certificates: Collection[Certificate]) -> None:
    """What the ministry's listing says otherwise of these certificates, what the office does about it, and what
    their holder can do."""
    found = [one.otherwise for one in certificates if one.otherwise]
    counts = mine.state is State.ACTIVE and not any(one.expired for one in certificates if one.otherwise)
    for one in found:
        words.standing(LOOKED_AT if one.looked_at else KEPT_AS_IT_IS)
        st.text(f"{one.licence.label} ({one.licence.number}): {one.said}")
    if found:
        st.text(f"{_COUNTS_MEANWHILE if counts else ''}{_WHAT_TO_DO}")


def seen(page: str, what: What) -> What:
    """The version, or what else the page showed when it was last drawn: what a click on it was about.

    A click reads everything anew, so without this a stale page would go unnoticed.
    """
    key = f"seen-{page}"
    before: What = st.session_state.get(key, what)
    st.session_state[key] = what
    return before


def forget_seen(page: str) -> None:
    """What comes next is this person's own doing: nothing on the page is stale."""
    st.session_state.pop(f"seen-{page}", None)


def next_step(mine: Progress, what: str) -> str:
    """One sentence that says how the profile stands; `what` is certificates or facilities."""
    if mine.state is State.PENDING:
        return f"Pending verification: the office compares it with its records. {_told_then()}"
    if mine.state is State.RETURNED:
        return "The office returned your profile. Read why, mend it and submit it again."
    if mine.state is State.SUSPENDED:
        return _suspended(mine, what)
    if mine.state is State.CLOSED:
        return "Your profile is closed."
    if mine.state is State.DRAFT:
        return "Your profile is a draft: complete it, tick the agreement and submit it for verification."
    if mine.waiting_since:
        return f"Your profile is active on what is confirmed; new or changed {what} wait for the office."
    if not mine.agreed:
        return (
            f"Your profile is active on what is confirmed, and open for changes. Submit new or changed {what} "
            "when done."
        )
    return f"Your profile is active. Checked by the office on {in_english(mine.checked_on)}."


def _told_then() -> str:
    """How a holder learns of the decision."""
    here = "This page shows what was decided."
    return f"You receive an e-mail then. {here}" if mailed.is_sent() else here


def _suspended(mine: Progress, what: str) -> str:
    if mine.waiting_since:
        return f"Your profile is suspended; new or changed {what} wait for the office."
    return (
        f"Your profile is suspended. Read why below. You can still enter and submit renewed or changed {what}; "
        "telephone the office if you think that the suspension is wrong."
    )


def returned(mine: Progress) -> None:
    """The reasons of the last return, until the profile is submitted again."""
    if mine.returned_because:
        words.warning("The office returned your profile. The reasons:")
        st.text(mine.returned_because)


def suspended(mine: Progress) -> None:
    """Why the profile is suspended."""
    if mine.suspended_because:
        words.warning("Your profile is suspended. The reason:")
        st.text(mine.suspended_because)


def submission(
    mine: Progress, what: str, submit: Callable[[int], object], withdraw: Callable[[int], object], version: int
) -> None:
    """Profile Submission: the agreement, ticked to submit and unticked to edit."""
    st.subheader("Profile submission", anchor=False)
    with st.container(border=True):
        st.text(AGREEMENT)
    ticked = st.checkbox(
        "I have read the user agreement and agree to it.", value=mine.agreed, key=f"agreed-{mine.agreed}"
    )
    if mine.agreed:
        if st.session_state.get(_SUBMIT):  # pressed on a page that another tab had overtaken: it says so
            _hand_in(submit, version)
        _open_again(mine, what, ticked, withdraw, version)
        return
    if st.session_state.get(_OPEN_AGAIN):  # likewise
        _withdraw(withdraw, version)
    if not st.button("Submit for verification", type="primary", key=_SUBMIT):
        return
    if not ticked:
        words.problem("Tick the agreement first, then submit.")
        return
    _hand_in(submit, version)


def _hand_in(submit: Callable[[int], object], version: int) -> None:
    try:
        submit(version)
    except NotSignedIn:
        raise
    except Refused as refused:
        words.problems(refused)
        return
    words.say_after_rerun(
        f"Your profile is submitted. The office compares it with its records, then decides. {_told_then()}"
    )
    links.go("overview")
    st.rerun()


def _open_again(mine: Progress, what: str, ticked: bool, withdraw: Callable[[int], object], version: int) -> None:
    if ticked:
        st.text("To change what you entered, untick the agreement.")
        return
    if mine.waiting_since:
        words.warning("What waits is taken back from the office, until you submit it again.")
    if mine.state is State.ACTIVE:
        st.text(f"Your confirmed {what} stay as they are while you edit.")
    if st.button("Open my profile for changes", key=_OPEN_AGAIN):
        _withdraw(withdraw, version)


def _withdraw(withdraw: Callable[[int], object], version: int) -> None:
    attempt(lambda: withdraw(version), "Your profile is open for changes. Submit it again when you are done.")


def standing(mine: Progress) -> None:
    """The state of the profile by shape, word and colour."""
    words.standing(words.PROFILE_MARKS[mine.state])


def link_to_mend(mine: Progress, page: str) -> None:
    """The way to the profile, as the main action where it is the holder's turn."""
    turn = mine.state in (State.DRAFT, State.RETURNED)
    links.to("Mend my profile" if mine.returned_because else "Open my profile", page, primary=turn)
