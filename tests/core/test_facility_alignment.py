"""What a list of facilities leaves of a confirmed facility: whether an officer is asked, what following does."""

from dataclasses import replace

import pytest

from core.comparison import ClaimedFacility, Comparison, Outcome, compare_facility
from core.facilities import FacilityClass, FacilityType
from core.facility_alignment import (
    Followed,
    class_stays,
    if_followed,
    is_answered,
    is_asked,
    said_of,
    what_follows,
    why_nothing,
)
from core.listings import ListedFacility

TREATMENT, COLLECTION = FacilityType.WASTEWATER_TREATMENT, FacilityType.WASTEWATER_COLLECTION
LINE = ListedFacility("2200A", "North Bay WPCP", TREATMENT, FacilityClass.III, "City of North Bay", "", None)
OWNER = ClaimedFacility("2200A", "North-Bay W.P.C.P.", TREATMENT, FacilityClass.III, "CITY OF NORTH BAY")
AUTHORITY = replace(OWNER, owner=None)
NO_LIST, MISSING = None, []
UNREAD = "the row cannot be read"


def line(**changes):
    return [replace(LINE, **changes)]


def beside(claim, rows):
    if rows == UNREAD:
        return Comparison(Outcome.NOT_COMPARABLE, unread="Class V is not known.")
    return compare_facility(claim, rows)


OF_CLASS_IV, OF_OTHER_TYPE = line(facility_class=FacilityClass.IV), line(facility_type=COLLECTION)
OF_OTHER_OWNER, OF_OTHER_NAME = line(owner="Town of Cobalt"), line(name="Sudbury WPCP")
WITHOUT_A_CLASS = line(facility_class=None)
WITHOUT_AN_OWNER = line(owner="")
CLASS_AND_NO_OWNER = line(owner="", facility_class=FacilityClass.IV)
NAME_AND_CLASS = line(name="Sudbury WPCP", facility_class=FacilityClass.IV)
OWNER_AND_CLASS = line(owner="Town of Cobalt", facility_class=FacilityClass.IV)
ENDS, TAKEN, NOTHING = Followed.CONFIRMED_NO_MORE, Followed.CLASS_TAKEN_OVER, Followed.NOTHING

# claimed by, the list, an override stands: whether an officer is asked, and what following the list would do
CASES = [
    (OWNER, line(), False, False, NOTHING),
    (OWNER, line(name="NORTH BAY WPCP", owner="City of North-Bay"), False, False, NOTHING),
    (OWNER, line(municipality="Cobalt"), False, False, NOTHING),
    (OWNER, NO_LIST, False, False, NOTHING),
    (OWNER, UNREAD, False, True, NOTHING),
    (OWNER, UNREAD, True, True, NOTHING),
    (OWNER, MISSING, False, True, ENDS),
    (OWNER, MISSING, True, False, ENDS),
    (OWNER, OF_CLASS_IV, False, True, TAKEN),
    (OWNER, OF_CLASS_IV, True, True, TAKEN),
    (OWNER, WITHOUT_A_CLASS, False, True, NOTHING),
    (OWNER, OF_OTHER_TYPE, False, True, ENDS),
    (OWNER, OF_OTHER_OWNER, False, True, ENDS),
    (OWNER, WITHOUT_AN_OWNER, False, False, NOTHING),
    (OWNER, CLASS_AND_NO_OWNER, False, True, TAKEN),
    (OWNER, OF_OTHER_NAME, False, True, NOTHING),
    (OWNER, NAME_AND_CLASS, False, True, TAKEN),
    (OWNER, OWNER_AND_CLASS, False, True, ENDS),
    (AUTHORITY, OF_OTHER_OWNER, False, False, NOTHING),
    (AUTHORITY, OWNER_AND_CLASS, False, True, TAKEN),
    (AUTHORITY, MISSING, False, True, ENDS),
    (replace(OWNER, number=""), line(), False, False, NOTHING),
]


@pytest.mark.parametrize(("claim", "rows", "believed", "asked", "followed"), CASES)
def test_whether_an_officer_is_asked_and_what_following_does(claim, rows, believed, asked, followed):
    found = beside(claim, rows)
    assert is_asked(said_of(claim, found), believed=believed, answered=False) == asked
    assert if_followed(claim, found) is followed


# by which owner, what was accepted, what a later list says: whether an officer is asked again
LATER = [
    (OWNER, OF_CLASS_IV, OF_CLASS_IV, False),
    (OWNER, OF_CLASS_IV, line(facility_class=FacilityClass.IV, municipality="Cobalt"), False),
    (OWNER, OF_CLASS_IV, line(facility_class=FacilityClass.IV, owner="City of North-Bay"), False),
    (OWNER, OF_CLASS_IV, line(facility_class=FacilityClass.II), True),
    (OWNER, OF_CLASS_IV, NAME_AND_CLASS, True),
    (OWNER, OF_CLASS_IV, MISSING, True),
    (OWNER, OF_CLASS_IV, line(), False),
    (OWNER, MISSING, MISSING, False),
    (OWNER, MISSING, OF_OTHER_OWNER, True),
    (OWNER, UNREAD, UNREAD, False),
    (OWNER, UNREAD, MISSING, True),
    (AUTHORITY, OF_CLASS_IV, OWNER_AND_CLASS, False),
]


@pytest.mark.parametrize("by_this_list", [True, False])
@pytest.mark.parametrize(("claim", "kept", "later", "asked"), LATER)
def test_what_was_kept_is_asked_again_of_another_line_and_a_missing_number_of_another_list(
    claim, kept, later, asked, by_this_list
):
    before, now = said_of(claim, beside(claim, kept)), said_of(claim, beside(claim, later))
    answered = is_answered(before, now, by_this_list=by_this_list)
    missing_again = kept == later == MISSING and not by_this_list
    assert is_asked(now, believed=False, answered=answered) == (asked or missing_again)


II, III, IV = FacilityClass.II, FacilityClass.III, FacilityClass.IV

# the class that stands, the claimed one, decided by the Director, another owns it: why it stays, or None
STAYS = [
    (III, IV, False, False, None),
    (III, IV, True, False, "The facility stays Class III, as the Director has decided."),
    (III, IV, True, True, "The facility stays Class III, as the Director has decided."),
    (IV, IV, True, False, "The facility stays Class IV, as the Director has decided."),
    (III, IV, False, True, "The facility stays Class III, as its owner’s entry has it."),
    (IV, IV, False, True, "The facility itself is Class IV already."),
    (IV, IV, False, False, "The facility itself is Class IV already."),
]


@pytest.mark.parametrize(("stands", "claimed", "decided", "anothers", "why"), STAYS)
def test_whether_a_facility_keeps_its_own_class_and_why(stands, claimed, decided, anothers, why):
    found = class_stays(stands, claimed, decided=decided, anothers=anothers)
    assert (found and str(found.why)) == why


def test_what_follows_in_words():
    ends = what_follows(OWNER, beside(OWNER, MISSING), None)
    assert "The facility is confirmed no more" in str(ends)
    becomes = what_follows(OWNER, beside(OWNER, OF_CLASS_IV), None)
    assert str(becomes) == "The facility becomes Class IV, as listed; it is Class III now."
    stays = class_stays(II, IV, decided=True, anothers=False)
    entry = what_follows(OWNER, beside(OWNER, OF_CLASS_IV), stays)
    assert str(entry) == (
        "The organization’s entry becomes Class IV, as listed; it is Class III now. The facility stays Class II, "
        "as the Director has decided."
    )


def test_why_there_is_nothing_to_follow():
    assert "could not be read" in str(why_nothing(beside(OWNER, UNREAD)))
    assert "no other owner or class" in str(why_nothing(beside(OWNER, OF_OTHER_NAME)))
