"""What the ministry's listing leaves of a certificate that the office has confirmed.

A plain answer from four things: the confirmation, what the standing listing says of it, the listing's date, and
the day. Nothing of the past enters, so that any sequence of listings ends where the last one alone would.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.licences import Licence
from core.listings import ListedLicence, ListedStatus
from core.sentences import Sentence


class Basis(StrEnum):
    """On what a confirmation rests."""

    LISTING = "listing"  # the standing listing bore it out
    DECISION = "decision"  # an officer's word, against the listing or before there was one
    OVERRIDE = "override"  # two officers' word that it holds although the listing does not have it

    @property
    def label(self) -> str:
        """Its name for people."""
        return {"decision": "an officer's decision", "listing": "the listing", "override": "an override"}[self]


class Change(StrEnum):
    """What a pass of alignment changes."""

    TAKEN_OVER = "taken over"  # the listing's class or expiry
    COUNTS_NO_MORE = "counts no more"
    COUNTS_AGAIN = "counts again"
    SUSPENDED = "suspended"  # the profile: nothing of it counts
    RESTORED = "restored"


LISTING_OLD_AFTER_DAYS = 7  # the portal's own: an older listing is still compared with, and readers are warned


@dataclass(frozen=True)
class CheckedAgainst:
    """The listing that the profiles were last compared with; `listed_on` is None while there was none."""

    listed_on: date | None
    old: bool

    @property
    def said(self) -> Sentence:
        """Which listing, and that it is old where it is."""
        if self.listed_on is None:
            return Sentence("Not compared with a listing of the ministry yet.")
        template = "Checked against the ministry's listing of {day}."
        if self.old:
            template = "Checked against the ministry's listing of {day}, which is more than {days} days old."
        return Sentence(template, day=self.listed_on, days=LISTING_OLD_AFTER_DAYS)


def checked_against(listed_on: date | None, today: date) -> CheckedAgainst:
    """What readers are told of the standing listing, dated `listed_on`, on a day."""
    return CheckedAgainst(listed_on, listed_on is not None and (today - listed_on).days > LISTING_OLD_AFTER_DAYS)


@dataclass(frozen=True)
class Confirmed:
    """A certificate as the office confirmed it.

    `review_on`: from this day an override prevails no more. `kept`: an officer has decided that it stands against
    this very listing.
    """

    licence: Licence
    basis: Basis
    confirmed_on: date
    review_on: date | None = None
    kept: bool = False


@dataclass(frozen=True)
class Aligned:
    """What stands of a confirmed certificate: the licence, or None where it counts no more, and why.

    differs: the listing says otherwise, and an officer has to look; until then what was decided stands.
    """

    licence: Licence | None
    why: Sentence
    differs: bool = False


def aligned(confirmed: Confirmed, listed: ListedLicence | None, listed_on: date | None, today: date) -> Aligned:
    """What stands of a certificate by the listing of `listed_on` (None: no listing is on file) on a day.

    `listed` is the line with the person's Operator ID and the certificate's number and type. Expiry is another
    question: what stands counts through its last day.
    """
    licence = confirmed.licence
    if listed_on is None:
        return Aligned(licence, Sentence("There is no listing to compare with yet."))
    if listed is not None and _bears_out(listed, licence):
        return Aligned(licence, Sentence("The listing of {day} bears it out.", day=listed_on))
    if confirmed.basis is not Basis.OVERRIDE and confirmed.confirmed_on > listed_on:
        return Aligned(
            licence,
            Sentence(
                "The office confirmed it on {confirmed}, after the listing of {day}.",
                confirmed=confirmed.confirmed_on,
                day=listed_on,
            ),
        )
    if confirmed.kept:
        return Aligned(licence, Sentence("The office keeps it against the listing of {day}.", day=listed_on))
    said = _what_is_said(listed, licence, listed_on)
    if confirmed.basis is Basis.DECISION:
        return Aligned(licence, said, differs=True)
    if confirmed.review_on is not None and today < confirmed.review_on:
        return Aligned(licence, said, differs=listed is not None)
    if listed is None or listed.status not in _MAY_COUNT:
        return Aligned(None, said)
    return Aligned(
        replace(licence, licence_class=listed.licence.licence_class, expiry=listed.licence.expiry), said
    )


# An expired licence is one whose expiry has passed: its date says so, and says until when it counted.
_MAY_COUNT = (ListedStatus.IN_FORCE, ListedStatus.EXPIRED)


def _bears_out(listed: ListedLicence, licence: Licence) -> bool:
    same = (listed.licence.licence_class, listed.licence.expiry) == (licence.licence_class, licence.expiry)
    return same and listed.status in _MAY_COUNT


def _what_is_said(listed: ListedLicence | None, licence: Licence, listed_on: date) -> Sentence:
    if listed is None:
        return Sentence("The listing of {day} does not have it.", day=listed_on)
    if listed.status not in _MAY_COUNT:
        return Sentence(
            "The listing of {day} says that it is {status}.", day=listed_on, status=listed.status.value
        )
    return Sentence(
        "The listing of {day} says {listed}, until {listed_expiry}; confirmed was {confirmed}, until {expiry}.",
        day=listed_on,
        listed=listed.licence.label,
        listed_expiry=listed.licence.expiry,
        confirmed=licence.label,
        expiry=licence.expiry,
    )
