"""Licences and certificates: their types, their classes, and when one is in force."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LicenceType(StrEnum):
    """Wastewater licences (O. Reg. 129/04, s. 6) and drinking water certificates (O. Reg. 128/04)."""

    WASTEWATER_TREATMENT = "wastewater_treatment"
    WASTEWATER_COLLECTION = "wastewater_collection"
    WATER_TREATMENT = "water_treatment"
    WATER_DISTRIBUTION = "water_distribution"
    WATER_DISTRIBUTION_AND_SUPPLY = "water_distribution_and_supply"
    LIMITED_GROUNDWATER = "limited_groundwater"
    LIMITED_SURFACE_WATER = "limited_surface_water"
    WATER_QUALITY_ANALYST = "water_quality_analyst"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _TYPE_LABELS[self]

    @property
    def classes(self) -> tuple["LicenceClass", ...]:
        """The classes this type comes in, lowest first; empty where it has none."""
        return () if self in _WITHOUT_CLASS else tuple(LicenceClass)


class LicenceClass(StrEnum):
    """Operator-in-training and Classes I to IV, lowest first."""

    OPERATOR_IN_TRAINING = "OIT"
    I = "I"  # noqa: E741 - the class's name in the regulations
    II = "II"
    III = "III"
    IV = "IV"

    @property
    def rank(self) -> int:
        """0 for operator-in-training, 1 to 4 for Classes I to IV."""
        return tuple(LicenceClass).index(self)

    @property
    def label(self) -> str:
        """Its name for people."""
        return "Operator-in-training" if self is LicenceClass.OPERATOR_IN_TRAINING else f"Class {self}"

    def or_higher(self) -> tuple["LicenceClass", ...]:
        """This class and those above it. Operator-in-training stands alone: it is no class below Class I."""
        if self is LicenceClass.OPERATOR_IN_TRAINING:
            return (self,)
        return tuple(other for other in LicenceClass if other.rank >= self.rank)


_TYPE_LABELS = {
    LicenceType.WASTEWATER_TREATMENT: "Wastewater treatment",
    LicenceType.WASTEWATER_COLLECTION: "Wastewater collection",
    LicenceType.WATER_TREATMENT: "Water treatment",
    LicenceType.WATER_DISTRIBUTION: "Water distribution",
    LicenceType.WATER_DISTRIBUTION_AND_SUPPLY: "Water distribution and supply",
    LicenceType.LIMITED_GROUNDWATER: "Limited groundwater",
    LicenceType.LIMITED_SURFACE_WATER: "Limited surface water",
    LicenceType.WATER_QUALITY_ANALYST: "Water quality analyst",
}
_WITHOUT_CLASS = frozenset(
    {LicenceType.LIMITED_GROUNDWATER, LicenceType.LIMITED_SURFACE_WATER, LicenceType.WATER_QUALITY_ANALYST}
)


@dataclass(frozen=True)
class Licence:
    """A licence or certificate as it is written: number, type, class, the last day it is valid.

    `valid_for` names the owner of a conditional licence; empty for an ordinary one.
    """

    number: str
    licence_type: LicenceType
    licence_class: LicenceClass | None
    expiry: date
    valid_for: str = ""

    @property
    def owner_key(self) -> str:
        """`owner_key` of the owner it is valid for; empty for an ordinary one."""
        return owner_key(self.valid_for)

    @property
    def label(self) -> str:
        """ "Wastewater treatment, Class III"."""
        parts = [self.licence_type.label]
        if self.licence_class:
            parts.append(self.licence_class.label)
        return ", ".join(parts)

    def in_force_on(self, day: date) -> bool:
        """Valid through the printed expiry (O. Reg. 129/04, s. 7 (4); reading R4)."""
        return day <= self.expiry


def owner_key(name: str) -> str:
    """An owner's name as it is compared: upper and lower case, and how it is spaced, make no difference."""
    return "".join(name.split()).casefold()
