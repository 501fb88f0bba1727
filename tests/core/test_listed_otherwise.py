"""What readers are told where the listing says otherwise of what counts by the office's word."""

from dataclasses import replace
from datetime import date

import pytest

from core.comparison import Outcome
from core.licences import Licence, LicenceClass, LicenceType
from core.listed_otherwise import ListedOtherwise
from core.listings import ListedLicence, ListedStatus

LISTED_ON = date(2026, 11, 15)
TWO = Licence("12345", LicenceType.WASTEWATER_TREATMENT, LicenceClass.II, date(2028, 3, 12))
SAYS, LOOKS = "The ministry’s listing of 15 November 2026", "the office looks at it."
KEEPS = "the office keeps it as it is on file."


def line(status=ListedStatus.IN_FORCE, **changes):
    return ListedLicence("90012345", "Fairwater", "Robin", replace(TWO, **changes), status, "North Bay")


def otherwise(listed, outcome=None):
    return ListedOtherwise(LISTED_ON, TWO, listed, looked_at=outcome is not None, outcome=outcome)


@pytest.mark.parametrize(
    ("found", "mark", "what", "said"),
    [
        (otherwise(line(ListedStatus.SUSPENDED), Outcome.LISTED_SUSPENDED), "listed as suspended",
         "Listed as suspended", f"{SAYS} says that it is suspended; {LOOKS}"),
        (otherwise(line(ListedStatus.CANCELLED)), "listed as cancelled", "Listed as cancelled",
         f"{SAYS} says that it is cancelled; {KEEPS}"),
        (otherwise(line(ListedStatus.EXPIRED), Outcome.DIFFERS), "listed as expired", "Listed as expired",
         f"{SAYS} says that it is expired; {LOOKS}"),
        (otherwise(line(expiry=date(2027, 3, 12)), Outcome.DIFFERS), "listing differs", "Expiry",
         f"{SAYS} says Wastewater treatment, Class II, until 12 March 2027; {LOOKS}"),
        (otherwise(line(expiry=date(2027, 3, 12), licence_class=LicenceClass.I)), "listing differs",
         "Class and expiry", f"{SAYS} says Wastewater treatment, Class I, until 12 March 2027; {KEEPS}"),
        (otherwise(None, Outcome.NUMBER_NOT_FOUND), "not in the listing", "Number not found",
         f"{SAYS} does not have it; {LOOKS}"),
        (otherwise(None, Outcome.ID_NOT_FOUND), "not in the listing", "Operator ID not found",
         f"{SAYS} does not have it; {LOOKS}"),
        (otherwise(None, Outcome.NOT_COMPARABLE), "not borne out by the listing", "Row cannot be read",
         f"{SAYS} has a row for it that could not be read; {LOOKS}"),
        (otherwise(None), "not borne out by the listing", "Not borne out by the listing",
         f"{SAYS} does not bear it out; {KEEPS}"),
    ],
)  # fmt: skip
def test_what_the_listing_says_otherwise_is_told_in_a_mark_in_few_words_and_in_a_sentence(found, mark, what, said):
    assert (found.mark, found.what, str(found.said)) == (mark, what, said)
