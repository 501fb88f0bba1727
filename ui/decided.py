"""One certificate or facility of a submission: what was decided on it then, and what stands of it now."""

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
    """What was decided on it, of a submission that is decided; nothing where it was returned undecided."""
    if item.decided is None:
        return
    state = ClaimState.CONFIRMED if one.confirmed_then else ClaimState.REFUSED
    if state is ClaimState.REFUSED and item.state is not SubmissionState.APPROVED and one.state is not state:
        return
    mark = CLAIM_MARKS[state]
    words.standing(mark, f"{mark.word} when it was decided, on {words.office_day(item.decided.at)}")


def now(item: Item, one: CertificateItem | FacilityItem) -> None:
    """What stands of it today, beside what was decided then; by itself while nothing is decided."""
    mark = _now(one)
    if item.decided:
        words.standing(mark, f"Today: {mark.word[:1].lower()}{mark.word[1:]}")
    elif one.state is ClaimState.CONFIRMED:
        words.standing(mark, f"Confirmed: {mark.word}")
    else:
        words.standing(mark)


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
