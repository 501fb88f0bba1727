"""The rows in which a listing differs from the one before, in words."""

from datetime import date

from core.listings import ListingKind
from ui.listing_differences import _whose

ANALYST = ("90012345", "Rivers", "Alex", "777", "water_quality_analyst", None, date(2029, 4, 13), "in force", "")


def test_a_licence_of_a_type_without_classes_says_none():
    assert _whose(ListingKind.OPERATORS, ANALYST) == (
        "777",
        "Rivers, Alex (Operator ID 90012345)",
        "Water quality analyst, until 13 April 2029; in force",
    )
