"""The ministry's public listings: what a line of one says, and how two listings differ."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.facilities import FacilityClass, FacilityType
from core.formulas import opens_a_formula
from core.licences import Licence, LicenceType
from core.places import Point
from core.problems import Problem
from core.sentences import Sentence, in_english

_PERCENT = 100


class ListingKind(StrEnum):
    """What a listing lists."""

    OPERATORS = "operators"
    FACILITIES = "facilities"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.capitalize()

    def counted(self, lines: int) -> str:
        """So many of its lines, in words: "1 licence", "12 facilities"."""
        one, many = ("licence", "licences") if self is ListingKind.OPERATORS else ("facility", "facilities")
        return f"{in_english(lines)} {one if lines == 1 else many}"


class ImportState(StrEnum):
    """What has become of an import. Only the standing one is compared with; each kind has at most one."""

    WAITING = "waiting"  # for a second officer
    STANDING = "standing"
    FORMER = "former"  # a newer one followed
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"  # by the second officer, or taken back


class ListedStatus(StrEnum):
    """What the ministry says of a licence on its listing."""

    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ListedLicence:
    """A line of an operator listing: one licence or certificate of one person."""

    operator_id: str
    last_name: str
    first_name: str  # "" for a person of one name
    licence: Licence
    status: ListedStatus
    municipality: str

    @property
    def key(self) -> tuple[str, str, LicenceType]:
        """What it is matched by: Operator ID, number and type, never the name."""
        return self.operator_id, self.licence.number, self.licence.licence_type

    @property
    def begins_like_a_formula(self) -> bool:
        """Whether a spreadsheet would take one of its names for a formula."""
        return any(map(opens_a_formula, (self.last_name, self.first_name, self.municipality)))


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A line of a list of facilities."""

    facility_number: str
    name: str
    facility_type: FacilityType
    facility_class: FacilityClass | None  # None: not classified
    owner: str
    municipality: str
    point: Point | None

    @property
    def key(self) -> str:
        """What it is matched by."""
        return self.facility_number

    @property
    def begins_like_a_formula(self) -> bool:
        """Whether a spreadsheet would take one of its names for a formula."""
        return any(map(opens_a_formula, (self.name, self.owner, self.municipality)))


ListedRow = ListedLicence | ListedFacility


@dataclass(frozen=True)
class Difference:
    """How many lines of a listing are new, changed, gone and unchanged against the one before, and of how many of
    that one it is not known, since a row that may be about them cannot be read."""

    new: int
    changed: int
    gone: int
    unchanged: int
    unread: int = 0


def many_vanish(gone: int, former: int, percent: Decimal) -> bool:
    """Whether more than `percent` of the `former` lines would be gone: a second officer then looks first."""
    return gone * _PERCENT > percent * former


def listing_day(listed_on: date | None, standing: date | None, day: date) -> list[Problem]:
    """What is wrong with a listing's own date, given on `day`; `standing` is the present listing's."""
    if listed_on is None:
        return [_problem("Enter the date of the listing. The ministry prints it on the listing itself.")]
    if listed_on > day:
        return [_problem("{listed_on} is still to come, so no listing bears that date. Correct the date.",
                         listed_on=listed_on)]  # fmt: skip
    if standing and listed_on < standing:
        return [
            _problem(
                "The listing of {listed_on} is older than that of {standing}, which stands. Import the newest, or "
                "correct the date.",
                listed_on=listed_on,
                standing=standing,
            )
        ]
    return []


def _problem(template: str, **values: object) -> Problem:
    return Problem("listed_on", Sentence(template, **values))
