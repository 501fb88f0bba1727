"""Facilities and the organizations that own or operate them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.names import same_title
from core.places import Point, distance_km

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


def km_too_far(position: Point, places: Sequence[Point]) -> float | None:
    """How far a facility lies from the nearest of the places that bear the name of its own, where that is
    farther than FAR_KM; None where it is not, or no place of that name is known."""
    nearest = min((distance_km(position, place) for place in places), default=0.0)
    return nearest if nearest > FAR_KM else None
