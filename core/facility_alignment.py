"""What the ministry's standing list of facilities leaves of a facility that the office has confirmed.

Unlike a certificate, nothing of a facility follows the list by itself: where the list says otherwise, an officer
is asked, once for each thing that it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.comparison import ClaimedFacility, Comparison, Outcome, class_label
from core.facilities import FacilityClass
from core.names import plain, same_title
from core.sentences import Sentence

Said = Mapping[str, str]
"""What a list says of a number where that is not what is on file: its line by name, type, class and owner; empty
where it does not have the number; why its row could not be read."""


def said_of(claim: ClaimedFacility, beside: Comparison) -> Said | None:
    """What the list says otherwise; None where it bears the facility out, or there is nothing to compare with.

    Accents, case and signs of names make no line another one; nor does the owner, of what an authority operates,
    or where the list names none.
    """
    if beside.unread:
        return {"unread": beside.unread}
    if beside.outcome.not_found:
        return {}
    row = beside.facility
    if beside.outcome is not Outcome.DIFFERS or row is None:
        return None
    line = {"name": plain(row.name), "type": row.facility_type.value, "class": row.facility_class or ""}
    return line if claim.owner is None or not row.owner else line | {"owner": plain(row.owner)}


def what_differs(claim: ClaimedFacility, said: Said) -> str:
    """What a list says otherwise of a facility on file, in the fewest words."""
    if "unread" in said:
        return "Row cannot be read"
    if not said:
        return Outcome.NUMBER_NOT_FOUND.label
    alike = {
        "name": same_title(claim.name, said["name"]),
        "type": claim.facility_type == said["type"],
        "class": claim.facility_class == said["class"],
        "owner": claim.is_owned_by(said.get("owner", "")),
    }
    return " and ".join(what for what, same in alike.items() if not same).capitalize()


def told_to_owners(beside: Comparison) -> tuple[Sentence, ...]:
    """What the list says otherwise, in the words for whoever owns or operates the facility: why a row cannot be
    read concerns those who make the list."""
    if not beside.unread:
        return beside.differences
    return (
        Sentence(
            "The list has a row that may be about this facility, and the portal cannot read it. The facility "
            "stays as it is on file; you need do nothing."
        ),
    )


def is_answered(kept: Said | None, said: Said | None, *, by_this_list: bool) -> bool:
    """Whether what an officer has seen a list say, and let stand, answers what a list says now: the same line.

    That a number is not found one officer lets stand against that very list alone: the next one is asked about
    anew, since only an override, which two officers agree on, believes it longer.
    """
    return kept is not None and kept == said and (by_this_list or said != {})


def is_asked(said: Said | None, *, believed: bool, answered: bool) -> bool:
    """Whether an officer is asked about it: the list says otherwise, and nobody in the office has answered.

    `believed`: an override stands, by which two officers believe that the number holds although the list does not
    have it. `answered` as of `is_answered`.
    """
    return said is not None and not answered and not (believed and said == {})


class Followed(StrEnum):
    """What becomes of a facility once an officer follows the list."""

    CLASS_TAKEN_OVER = "class taken over"
    CONFIRMED_NO_MORE = "confirmed no more"
    NOTHING = "nothing"


def if_followed(claim: ClaimedFacility, beside: Comparison) -> Followed:
    """The number, the type and the owner say which facility it is and whose: where the list has another, it is
    confirmed no more. Where these agree, the listed class is taken over. A name alone is never followed."""
    if beside.outcome.not_found:
        return Followed.CONFIRMED_NO_MORE
    row = beside.facility
    if row is None:
        return Followed.NOTHING
    if row.facility_type is not claim.facility_type or not claim.is_owned_by(row.owner):
        return Followed.CONFIRMED_NO_MORE
    if row.facility_class not in (None, claim.facility_class):
        return Followed.CLASS_TAKEN_OVER
    return Followed.NOTHING


def why_nothing(beside: Comparison) -> Sentence:
    """Why there is nothing to follow in what the list says."""
    if beside.unread:
        return Sentence(
            "The list’s row for it could not be read, so there is nothing to follow. Keep what is on file, or "
            "import a list in which the row can be read."
        )
    return Sentence(
        "The list has the same number and type, and no other owner or class, so there is nothing to follow. Keep "
        "what is on file; the organization may change the name itself."
    )


@dataclass(frozen=True)
class ClassStays:
    """The facility's own class does not change with what is claimed of it: the class that stands, and why."""

    stands: FacilityClass
    why: Sentence


def class_stays(
    stands: FacilityClass, claimed: FacilityClass, *, decided: bool, anothers: bool
) -> ClassStays | None:
    """Whether a facility of the class `stands` keeps it although another is claimed; None where the claimed class
    becomes its own. `decided`: by the Director. `anothers`: who claims it operates it for another that owns it."""
    of_class = {"stands": class_label(stands)}
    if decided:
        return ClassStays(
            stands, Sentence("The facility stays {stands}, as the Director has decided.", **of_class)
        )
    if stands is claimed:
        return ClassStays(stands, Sentence("The facility itself is {stands} already.", **of_class))
    if anothers:
        return ClassStays(
            stands, Sentence("The facility stays {stands}, as its owner’s entry has it.", **of_class)
        )
    return None


def what_follows(claim: ClaimedFacility, beside: Comparison, stays: ClassStays | None) -> Sentence:
    """What following the list would do to the facility, in words; `stays` where its own class does not change."""
    if if_followed(claim, beside) is Followed.CONFIRMED_NO_MORE:
        return Sentence("The facility is confirmed no more: it is the organization’s no longer from today on.")
    listed = beside.facility.facility_class if beside.facility else None
    classes = {"before": class_label(claim.facility_class), "listed": class_label(listed)}
    if stays is None:
        return Sentence("The facility becomes {listed}, as listed; it is {before} now.", **classes)
    return Sentence(
        "The organization’s entry becomes {listed}, as listed; it is {before} now. {why}", why=stays.why, **classes
    )
