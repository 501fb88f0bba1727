"""One certificate or facility of a submission: what was decided on it then, and what stands of it now."""

import streamlit as st

from core.profiles import ClaimState, SubmissionState
from core.sentences import in_english
from db.verification.office_queue import CertificateItem, FacilityItem, Item
from ui import words
from ui.profile_parts import CLAIM_MARKS
from ui.words import Mark

_COUNTS = Mark("●", "it counts", "stands")
_HELD = Mark("●", "the organization holds it", "stands")
_COUNTS_NO_MORE = Mark("■", "it counts no more, since the ministry’s listing does not bear it out", "wrong")
_HELD_NO_MORE = Mark("■", "the organization holds it no more", "wrong")
_TAKEN_OUT = Mark("–", "Taken out of the profile, or replaced by a change", "none")


def then(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What was decided on it in this submission, and why it was refused; nothing while the submission waits, and
    where it was returned or taken back undecided."""
    if item.state is SubmissionState.OPEN or one.decided_then is None:
        return
    mark, when = CLAIM_MARKS[one.decided_then], "before it was taken back"
    if item.decided:
        when = f"when it was decided, on {words.office_day(item.decided.at)}"
    words.standing(mark, f"{mark.word} {when}")
    if one.refused_then:
        st.text(f"Why it was not confirmed: {one.refused_then}")


def now(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What stands of it today, beside what was decided then; by itself while its submission waits."""
    mark = _now(one)
    if item.state is not SubmissionState.OPEN:
        words.standing(mark, f"Today: {mark.word[:1].lower()}{mark.word[1:]}")
    elif one.state is ClaimState.CONFIRMED:
        words.standing(mark, f"Confirmed: {mark.word}")
    else:
        words.standing(mark)


def why_not(item: Item, one: CertificateItem | FacilityItem) -> None:
    """Why it is not confirmed today, unless that is the reason of then, which stands above."""
    said = "" if item.state is SubmissionState.OPEN else one.refused_then
    if one.refused_because and one.refused_because != said:
        st.text(f"Why it is not confirmed: {one.refused_because}")


def _now(one: CertificateItem | FacilityItem) -> Mark:
    if one.state is ClaimState.WITHDRAWN:
        return _TAKEN_OUT
    if one.state is not ClaimState.CONFIRMED:
        return CLAIM_MARKS[one.state]
    if isinstance(one, FacilityItem):
        return _HELD if one.held else _HELD_NO_MORE
    if one.counts_as is None:
        return _COUNTS_NO_MORE
    if one.expired:
        return Mark("■", f"it counts no more; it expired on {in_english(one.counts_as.expiry)}", "wrong")
    if one.counts_as != one.licence:
        counts = one.counts_as
        return Mark(
            "▲", f"it counts as {counts.label}, until {in_english(counts.expiry)}, not as handed in", "due"
        )
    return _COUNTS


def counts(one: CertificateItem | FacilityItem) -> bool:
    """Whether a certificate counts today, so that there is something that it rests on."""
    return isinstance(one, CertificateItem) and one.counts_as is not None and not one.expired
