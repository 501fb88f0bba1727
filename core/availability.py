"""When an operator can work: each day of the week by day and night shift, as one set of fourteen bits."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"


class Shift(StrEnum):
    """The half of a day that an operator works."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, order=True)
class Slot:
    """One shift of one day of the week."""

    weekday: Weekday
    shift: Shift

    @property
    def bit(self) -> int:
        """Its bit in a set of slots: Monday day is the lowest, Sunday night the highest of fourteen."""
        return 1 << (2 * tuple(Weekday).index(self.weekday) + tuple(Shift).index(self.shift))

    @property
    def label(self) -> str:
        """ "Monday day"."""
        return f"{self.weekday} {self.shift}"


ALL_SLOTS = tuple(Slot(weekday, shift) for weekday in Weekday for shift in Shift)


def to_bits(slots: Iterable[Slot]) -> int:
    """The slots as one integer, bit 0 Monday day to bit 13 Sunday night."""
    bits = 0
    for slot in slots:
        bits |= slot.bit
    return bits


@cache  # there are 16 384
def from_bits(bits: int) -> tuple[Slot, ...]:
    """The slots of an integer made by `to_bits`, in the order of the week."""
    return tuple(slot for slot in ALL_SLOTS if slot.bit & bits)
