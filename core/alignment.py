"""On what a confirmed certificate rests."""

from enum import StrEnum


class Basis(StrEnum):
    """Why the portal holds a certificate true."""

    DECISION = "decision"  # an officer's, where the listing did not bear it out exactly or none was on file
    LISTING = "listing"  # the standing listing bore it out exactly when it was decided
    OVERRIDE = "override"  # two officers', although the listing does not have it, until a day of review

    @property
    def label(self) -> str:
        """Its name for people."""
        return {"decision": "an officer's decision", "listing": "the listing", "override": "an override"}[self]
