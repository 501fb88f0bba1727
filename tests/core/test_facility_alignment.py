"""What a list of facilities leaves of a confirmed facility: whether an officer is asked, what following does."""

from dataclasses import replace

import pytest

from core.comparison import ClaimedFacility, Comparison, Outcome, compare_facility
from core.facilities import FacilityClass, FacilityType
from core.facility_alignment import Followed, if_followed, is_asked, said_of, what_follows, why_nothing
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
    assert is_asked(said_of(claim, found), believed=believed, accepted=()) == asked
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


@pytest.mark.parametrize(("claim", "accepted", "later", "asked"), LATER)
def test_what_was_accepted_is_asked_again_only_of_another_line(claim, accepted, later, asked):
    kept = said_of(claim, beside(claim, accepted))
    assert is_asked(said_of(claim, beside(claim, later)), believed=False, accepted=[kept]) == asked


@pytest.mark.parametrize(
    ("rows", "by_the_director", "said"),
    [
        (MISSING, False, "The facility is confirmed no more"),
        (OF_CLASS_IV, False, "The facility becomes Class IV, as listed; it is Class III now."),
        (OF_CLASS_IV, True, "stays as the Director has decided it"),
    ],
)
def test_what_follows_in_words(rows, by_the_director, said):
    assert said in str(what_follows(OWNER, beside(OWNER, rows), by_the_director=by_the_director))


def test_why_there_is_nothing_to_follow():
    assert "could not be read" in str(why_nothing(beside(OWNER, UNREAD)))
    assert "no other class" in str(why_nothing(beside(OWNER, OF_OTHER_NAME)))
