"""The facility that rules are asked about: its type, and its class and owner from day to day."""

from dataclasses import dataclass
from datetime import date

from core.calendar import Span, next_edge
from core.facilities import FacilityType
from core.held_licences import Place
from core.licences import LicenceClass


@dataclass(frozen=True)
class Works:
    """A facility: its number, its classes and its owners, each with its days.

    A day that none covers is not known.
    """

    facility_type: FacilityType
    number: str | None = None
    classes: tuple[tuple[Span, LicenceClass], ...] = ()
    owners: tuple[tuple[Span, str], ...] = ()

    def class_on(self, day: date) -> LicenceClass | None:
        """The class on a day; None where it is not known."""
        return next((one for span, one in reversed(self.classes) if day in span), None)

    def place_on(self, day: date) -> Place:
        """The facility as licences name it."""
        owner = next((name for span, name in reversed(self.owners) if day in span), None)
        return Place(self.number, owner)

    def next_change(self, day: date) -> date | None:
        """The next day on which another class or owner may be known."""
        return next_edge([span for span, _ in (*self.classes, *self.owners)], day)
