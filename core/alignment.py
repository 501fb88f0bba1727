"""What the ministry's listing leaves of a certificate that the office has confirmed.

A plain answer from four things: the confirmation, what the standing listing says of it, the listing's date, and
the day. Nothing of the past enters, so that any sequence of listings ends where the last one alone would.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from core.comparison import Outcome
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
        return {"decision": "an officer’s decision", "listing": "the listing", "override": "an override"}[self]


class Status(StrEnum):
    """What is on file of a confirmed certificate. Only one in force counts, through its last day."""

    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # the listing says so before the printed day; otherwise the day itself tells
    NOT_LISTED = "not listed"


class Change(StrEnum):
    """What a pass of alignment changes."""

    TAKEN_OVER = "taken over"  # the listing's class or expiry
    COUNTS_NO_MORE = "counts no more"
    COUNTS_AGAIN = "counts again"
    EXPIRED = "expired"  # by its own date; said where the profile is suspended for it
    SUSPENDED = "suspended"  # the profile: nothing of it counts
    RESTORED = "restored"


LISTING_OLD_AFTER_DAYS = 7  # the portal's own: an older listing is still compared with, and readers are warned


@dataclass(frozen=True)
class CheckedAgainst:
    """The listing that the profiles were last compared with, and how many of those shown it does not bear out.

    `listed_on` is None while there was none; `what` are those that were compared, such as "certificates".
    """

    listed_on: date | None
    old: bool
    what: str = ""
    compared: int = 0
    missing: int = 0

    @property
    def said(self) -> Sentence:
        """Which listing, what it does not bear out, and that it is old where it is."""
        if self.listed_on is None:
            return Sentence("Not compared with a listing of the ministry yet.")
        template = "Checked against the ministry’s listing of {day}"
        if not self.compared:
            template = "Compared with the ministry’s listing of {day}"
        if self.missing:
            template = "The ministry’s listing of {day} does not bear out {missing} of {compared} {what} here"
            if self.missing == self.compared:
                template = "The ministry’s listing of {day} bears out none of the {what} here"
        old = f", {'and' if self.missing else 'which'} is more than {{days}} days old" if self.old else ""
        return Sentence(
            f"{template}{old}.",
            day=self.listed_on,
            days=LISTING_OLD_AFTER_DAYS,
            what=self.what,
            compared=self.compared,
            missing=self.missing,
        )


def checked_against(
    listed_on: date | None, today: date, what: str = "", borne_out: Collection[bool] = ()
) -> CheckedAgainst:
    """What readers are told of the standing listing, dated `listed_on`, on a day; `borne_out` says of each of
    those compared, named by `what`, whether that very listing bears it out."""
    old = listed_on is not None and (today - listed_on).days > LISTING_OLD_AFTER_DAYS
    return CheckedAgainst(listed_on, old, what, len(borne_out), sum(not one for one in borne_out))


@dataclass(frozen=True)
class Held:
    """What the portal holds true of a certificate: what is written on it, and whether it is in force."""

    licence: Licence
    status: Status = Status.IN_FORCE

    @property
    def counts(self) -> bool:
        """Whether it counts, up to its last day."""
        return self.status is Status.IN_FORCE


@dataclass(frozen=True)
class Confirmed:
    """A certificate as the office confirmed it.

    `confirmed_on` is the day of the evidence: of a decision or an override the day it was made, of what a listing
    bore out that listing's own date, whenever an officer clicked. What rests on the listing follows whichever
    stands: one that bore it out and is of a later day than that was withdrawn, so its word is void. `review_on`:
    from this day an override prevails no more. `kept`: an officer has decided that it stands against this very
    listing or its very line, or while none is on file. `compared`: a listing could be compared with when it was
    decided, and was not withdrawn since. A decision that was made without is asked about once a listing says
    otherwise, of whatever day.
    """

    licence: Licence
    basis: Basis
    confirmed_on: date
    review_on: date | None = None
    kept: bool = False
    compared: bool = True

    def prevails(self, today: date) -> bool:
        """Whether the office's own word stands against what the listing says."""
        if self.basis is Basis.OVERRIDE:
            return self.review_on is not None and today < self.review_on
        return self.basis is Basis.DECISION

    def resting_on_the_listing(self, listed_on: date) -> "Confirmed":
        """The same once an officer has followed the listing of a day."""
        return Confirmed(self.licence, Basis.LISTING, listed_on)


@dataclass(frozen=True)
class Line:
    """What a listing has of a certificate: its date (None: no listing is on file), and its line, if any.

    `unread` says why a row that may be about the certificate could not be read: then the listing says nothing.
    `knows_id`: it has lines of the Operator ID.
    """

    listed_on: date | None
    listed: ListedLicence | None = None
    unread: str = ""
    knows_id: bool = True

    @property
    def outcome(self) -> Outcome:
        """How the listing bears out a certificate that it does not bear out exactly."""
        if self.listed is not None:
            withdrawn = self.listed.status in (ListedStatus.SUSPENDED, ListedStatus.CANCELLED)
            return Outcome.LISTED_SUSPENDED if withdrawn else Outcome.DIFFERS
        if self.listed_on is None or self.unread:
            return Outcome.NOT_COMPARABLE
        return Outcome.NUMBER_NOT_FOUND if self.knows_id else Outcome.ID_NOT_FOUND


@dataclass(frozen=True)
class Aligned:
    """What stands of a confirmed certificate, why, and on what it rests.

    differs: the listing says otherwise or cannot be read, or none is on file and nothing else bears it out, and an
    officer has to look; until then what was decided stands.
    """

    held: Held
    why: Sentence
    rests_on: Basis
    differs: bool = False

    @property
    def licence(self) -> Licence | None:
        """The licence where it counts, else None."""
        return self.held.licence if self.held.counts else None


def aligned(confirmed: Confirmed, line: Line, today: date, held: Held | None = None) -> Aligned:
    """What stands of a certificate by the standing listing on a day.

    `line` is that of the person's Operator ID and the certificate's number and type. `held` is what is on file
    now: it is left as it is where the listing's row could not be read, and asked about nowhere else. Expiry is
    another question: what stands counts through its last day.
    """
    as_confirmed, day = Held(confirmed.licence), line.listed_on
    if day is None:
        return _without_a_listing(confirmed, today)
    if line.listed is not None and bears_out(line.listed, confirmed.licence, day):
        return Aligned(as_confirmed, Sentence("The listing of {day} bears it out.", day=day), Basis.LISTING)
    if confirmed.basis is Basis.DECISION and confirmed.compared and confirmed.confirmed_on > day:
        return Aligned(as_confirmed, _newer(confirmed, day), confirmed.basis)
    unread = line.listed is None and bool(line.unread)
    said = _what_is_said(line, confirmed.licence, day)
    if confirmed.prevails(today):
        # that the listing does not have it is what an override is for
        differs = confirmed.basis is Basis.DECISION or line.listed is not None or unread
        return _looked_at(confirmed, Aligned(as_confirmed, said, confirmed.basis, differs), day)
    if unread:
        return _looked_at(confirmed, Aligned(held or as_confirmed, said, confirmed.basis, differs=True), day)
    if line.listed is None:
        return Aligned(Held(confirmed.licence, Status.NOT_LISTED), said, Basis.LISTING)
    return Aligned(_follows(line.listed, confirmed.licence, day), said, Basis.LISTING)


def _without_a_listing(confirmed: Confirmed, today: date) -> Aligned:
    """What was confirmed stands; an officer looks where neither the office's word nor a listing bears it out."""
    differs = not confirmed.prevails(today)
    return _looked_at(
        confirmed, Aligned(Held(confirmed.licence), _alone(confirmed, today), confirmed.basis, differs)
    )


def _alone(confirmed: Confirmed, today: date) -> Sentence:
    if confirmed.prevails(today):
        return Sentence("No listing is on file to compare with.")
    if confirmed.basis is Basis.OVERRIDE:
        return Sentence("Its override prevails no more, and no listing is on file to compare with.")
    return Sentence(
        "The listing of {confirmed}, which bore it out, was withdrawn, and no other is on file.",
        confirmed=confirmed.confirmed_on,
    )


def _looked_at(confirmed: Confirmed, found: Aligned, day: date | None = None) -> Aligned:
    """The same, where an officer has looked at this very listing (None: that none is on file) and keeps what
    stands."""
    if not (confirmed.kept and found.differs):
        return found
    why = Sentence("The office keeps it while no listing is on file.")
    if day is not None:
        why = Sentence("The office keeps it against the listing of {day}.", day=day)
    return replace(found, why=why, differs=False)


def answers(then: ListedLicence | None, now: ListedLicence | None) -> bool:
    """Whether what an officer kept against the line `then` answers the line `now` of a later listing: it says the
    same. That a licence is missing or not in force is asked about anew with each listing."""
    if then is None or now is None or now.status is not ListedStatus.IN_FORCE:
        return False
    return (then.licence, then.status) == (now.licence, now.status)


def bears_out(listed: ListedLicence, licence: Licence, listed_on: date) -> bool:
    """Whether the line of a listing of a day has a certificate as it is, so that following it changes nothing."""
    return _follows(listed, licence, listed_on) == Held(licence)


def _follows(listed: ListedLicence, licence: Licence, listed_on: date) -> Held:
    """What the line of a listing makes of a certificate."""
    written = replace(licence, licence_class=listed.licence.licence_class, expiry=listed.licence.expiry)
    return Held(written, status_listed(listed, listed_on))


def status_listed(listed: ListedLicence, listed_on: date) -> Status:
    """What the line of a listing of a day says of a licence."""
    return status_of(listed.status, listed.licence.expiry, listed_on)


def status_of(listed: ListedStatus, expiry: date, listed_on: date) -> Status:
    """What the status in a listing of a day makes of a licence. One listed as expired counted until its printed
    day; where that is still to come, it counts no more."""
    if listed is ListedStatus.EXPIRED and expiry <= listed_on:
        return Status.IN_FORCE
    return Status(listed.value)


def _newer(confirmed: Confirmed, listed_on: date) -> Sentence:
    return Sentence(
        "The office confirmed it on {confirmed}, after the listing of {day}.",
        confirmed=confirmed.confirmed_on,
        day=listed_on,
    )


def unreadable(listed_on: date, reason: str) -> Sentence:
    """That a listing has a row for a certificate that could not be read."""
    return Sentence(
        "The listing of {day} has a row for it that could not be read: {reason}", day=listed_on, reason=reason
    )


def _what_is_said(line: Line, licence: Licence, listed_on: date) -> Sentence:
    listed = line.listed
    if listed is None:
        if line.unread:
            return unreadable(listed_on, line.unread)
        return Sentence("The listing of {day} does not have it.", day=listed_on)
    status = status_listed(listed, listed_on)
    if status is not Status.IN_FORCE:
        return Sentence("The listing of {day} says that it is {status}.", day=listed_on, status=status.value)
    return Sentence(
        "The listing of {day} says {listed}, until {listed_expiry}; confirmed was {confirmed}, until {expiry}.",
        day=listed_on,
        listed=listed.licence.label,
        listed_expiry=listed.licence.expiry,
        confirmed=licence.label,
        expiry=licence.expiry,
    )
