"""Facilities and the organizations that own or operate them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import floor

from core.names import plain, same_title
from core.places import Point, degrees_around, distance_km

SAME_WORKS_KM = 1.0  # the portal's own limit: works of one type within it may be the same, whatever their names
FAR_KM = 50  # the portal's own limit: farther than this from the place it names, a position is doubted


class FacilityType(StrEnum):
    """The works that the points systems know (O. Reg. 129/04, s. 3; O. Reg. 128/04, s. 2)."""

    WASTEWATER_COLLECTION = "wastewater_collection"
    WASTEWATER_TREATMENT = "wastewater_treatment"
    WATER_DISTRIBUTION = "water_distribution"
    WATER_DISTRIBUTION_AND_SUPPLY = "water_distribution_and_supply"
    WATER_TREATMENT = "water_treatment"

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.value.replace("_", " ").capitalize()


class FacilityClass(StrEnum):
    """Classes I to IV, by the points of the works, lowest first."""

    I = "I"  # noqa: E741 - the class's name in the regulations
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def label(self) -> str:
        """Its name for people."""
        return f"Class {self}"


class OrganizationKind(StrEnum):
    """What kind of organization owns or operates facilities."""

    MUNICIPALITY = "municipality"
    FIRST_NATION = "first_nation"
    FEDERAL = "federal"
    PRIVATE = "private"
    OPERATING_AUTHORITY = "operating_authority"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _KIND_LABELS[self]

    @property
    def may_lack_number(self) -> bool:
        """Works that Ontario does not regulate may have no ministry number; a letter verifies them."""
        return self in (OrganizationKind.FIRST_NATION, OrganizationKind.FEDERAL)

    @property
    def facility_role(self) -> str:
        """How it stands to its facilities: their owner, or their operating authority."""
        return "operating_authority" if self is OrganizationKind.OPERATING_AUTHORITY else "owner"


_KIND_LABELS = {
    OrganizationKind.MUNICIPALITY: "Municipality",
    OrganizationKind.FIRST_NATION: "First Nation",
    OrganizationKind.FEDERAL: "Federal",
    OrganizationKind.PRIVATE: "Private owner",
    OrganizationKind.OPERATING_AUTHORITY: "Operating authority",
}


@dataclass(frozen=True)
class Likeness:
    """Why works of one type may be the same works: they bear the same name, or lie `km` apart."""

    same_name: bool
    km: float


def likeness(name: str, point: Point, other_name: str, other_point: Point) -> Likeness | None:
    """Why two works of one type may be the same, where no number tells them apart; None where nothing says so."""
    found = Likeness(same_title(name, other_name), distance_km(point, other_point))
    return found if found.same_name or found.km <= SAME_WORKS_KM else None


@dataclass(frozen=True)
class ClaimedWorks:
    """Works as a submission claims them; `numbered` where a number tells them from all others."""

    submission: int
    facility_type: str
    name: str
    point: Point
    numbered: bool


def perhaps_the_same(claimed: Collection[ClaimedWorks]) -> Iterator[tuple[object, int]]:
    """What submissions share where `likeness` says that works of one type may be the same, and a number does not
    tell the two apart: pairs of what is shared and the submission, as core.queue.groups takes them."""
    named: dict[tuple[str, str], list[ClaimedWorks]] = defaultdict(list)
    there: dict[tuple[str, Point], list[ClaimedWorks]] = defaultdict(list)
    for one in claimed:
        named[one.facility_type, plain(one.name).replace(" ", "")].append(one)
        there[one.facility_type, one.point].append(one)
    for what, same in named.items():
        if not all(one.numbered for one in same):
            yield from (((*what, "named"), one.submission) for one in same)
    squares: dict[object, list[tuple[str, Point]]] = defaultdict(list)
    for place in there:
        squares[place[0], *_square(place[1])].append(place)
    for place, works in there.items():
        if not all(one.numbered for one in works):
            for near in _near(place, squares):
                yield from (((place, near), one.submission) for one in (*works, *there[near]))


def _near(
    place: tuple[str, Point], squares: Mapping[object, list[tuple[str, Point]]]
) -> Iterator[tuple[str, Point]]:
    """The places of works of the same type that lie so near to a place that they may be the same, itself too."""
    facility_type, point = place
    north, east = _square(point)
    for square in product((facility_type,), range(north - 1, north + 2), range(east - 1, east + 2)):
        yield from (one for one in squares.get(square, ()) if distance_km(point, one[1]) <= SAME_WORKS_KM)


def _square(point: Point) -> tuple[int, int]:
    """A square of which the neighbours hold every point that is near enough."""
    north, east = degrees_around(SAME_WORKS_KM)
    return floor(point.latitude / north), floor(point.longitude / east)


def km_too_far(position: Point, places: Sequence[Point]) -> float | None:
    """How far a facility lies from the nearest of the places that bear the name of its own, where that is
    farther than FAR_KM; None where it is not, or no place of that name is known."""
    nearest = min((distance_km(position, place) for place in places), default=0.0)
    return nearest if nearest > FAR_KM else None
