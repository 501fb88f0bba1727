"""The week as fourteen bits."""

import pytest

from core.availability import ALL_SLOTS, Shift, Slot, Weekday, from_bits, to_bits


def test_fourteen_slots_from_monday_day_to_sunday_night():
    assert [slot.bit for slot in ALL_SLOTS] == [1 << n for n in range(14)]
    assert (ALL_SLOTS[0].label, ALL_SLOTS[13].label) == ("Monday day", "Sunday night")


@pytest.mark.parametrize("bits", [0, 1, 1 << 13, (1 << 14) - 1, 0b10_0110_0001_1010])
def test_bits_and_slots_say_the_same(bits):
    assert to_bits(from_bits(bits)) == bits


def test_a_slot_said_twice_counts_once():
    monday = Slot(Weekday.MONDAY, Shift.DAY)
    assert to_bits([monday, monday]) == 1
