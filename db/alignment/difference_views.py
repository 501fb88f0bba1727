"""A difference from a listing as an officer sees it, of a certificate or of a facility."""

from dataclasses import dataclass
from datetime import date, datetime

from core.alignment import Basis
from core.comparison import Comparison
from core.entries import FacilityEntry
from core.licences import Licence
from core.sentences import Sentence


@dataclass(frozen=True)
class Following:
    """What becomes of it once the listing is followed, in words, and whether anybody is mailed at once."""

    said: tuple[Sentence, ...]
    mailed: bool


@dataclass(frozen=True)
class View:
    """A difference with both sides: what is held true here, and the line of the listing that stands.

    Both are of now while it is open, and once an officer has decided, as they were then. `comparison` has no line
    where the listing has none, and is "not comparable" where none stands any more, or the row could not be read.
    `following` is what following the listing would do, where an officer may choose that now. `gone_because` says
    why there is nothing to decide any more, where it is gone and nobody decided.
    """

    discrepancy_id: int
    version: int
    state: str
    name: str
    comparison: Comparison
    unread: bool  # the listing's row for it could not be read, so it cannot be followed
    listed_on: date | None
    found_at: datetime
    own: bool
    decided_by: str
    decided_at: datetime | None
    reasons: str
    following: Following | None
    gone_because: Sentence | None


@dataclass(frozen=True)
class CertificateView(View):
    """Of a certificate: what it rests on, or rested on before it was decided."""

    operator_id: str
    held: Licence
    confirmed_on: date | None
    basis: Basis | None
    rests_on_withdrawn: bool  # the listing that bore it out was withdrawn since


@dataclass(frozen=True)
class FacilityView(View):
    """Of a facility of the organization `name`."""

    facility: FacilityEntry
    operates: bool  # the organization operates it for the owner
    why_nothing_to_follow: Sentence | None
