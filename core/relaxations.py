"""What one condition less would ask for, where a search finds nobody or few: each single way to widen it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.availability import Shift, Weekday
from core.licences import LicenceClass
from core.search import DISTANCES, LATEST_DAYS, Criteria

FEW = 10  # a search that finds fewer says what would find more
_NEXT_DISTANCES = 2
_LATER_DAYS = (7, 14, 28)


class Loosened(StrEnum):
    """The condition that is relaxed."""

    DISTANCE = "distance"
    REGION = "region"
    WEEKDAY = "weekday"
    SHIFT = "shift"
    SLOTS = "slots"
    START = "start"
    CLASS = "class"


@dataclass(frozen=True)
class Relaxation:
    """One condition relaxed, all others kept. `to` is what it becomes, or the day or shift that is dropped."""

    loosened: Loosened
    to: int | str | date | Weekday | Shift | LicenceClass | None
    criteria: Criteria


def relaxations(
    criteria: Criteria, today: date, neighbours: Mapping[str, Collection[str]]
) -> tuple[Relaxation, ...]:
    """Every single way to relax the criteria. `neighbours` are the regions that touch each region."""
    return (
        *_farther(criteria),
        *_next_regions(criteria, neighbours),
        *_fewer_slots(criteria),
        *_later(criteria, today),
        *_lower(criteria),
    )


def _farther(criteria: Criteria) -> Iterator[Relaxation]:
    if criteria.regions:
        return
    larger = [km for km in DISTANCES if km > criteria.within_km]
    for km in larger[:_NEXT_DISTANCES]:
        yield Relaxation(Loosened.DISTANCE, km, replace(criteria, within_km=km))


def _next_regions(criteria: Criteria, neighbours: Mapping[str, Collection[str]]) -> Iterator[Relaxation]:
    touching = {other for code in criteria.regions for other in neighbours.get(code, ())}
    for code in sorted(touching - criteria.regions):
        yield Relaxation(Loosened.REGION, code, replace(criteria, regions=criteria.regions | {code}))


def _fewer_slots(criteria: Criteria) -> Iterator[Relaxation]:
    """Without each weekday, without each shift, and without any."""
    if not criteria.slots:
        return
    days = {slot.weekday for slot in criteria.slots}
    shifts = {slot.shift for slot in criteria.slots}
    for day in Weekday:
        if {day} < days:
            yield Relaxation(Loosened.WEEKDAY, day, _with_slots(criteria, days - {day}, shifts))
    for shift in Shift:
        if {shift} < shifts:
            yield Relaxation(Loosened.SHIFT, shift, _with_slots(criteria, days, shifts - {shift}))
    yield Relaxation(Loosened.SLOTS, None, replace(criteria, slots=frozenset()))


def _with_slots(criteria: Criteria, days: Collection[Weekday], shifts: Collection[Shift]) -> Criteria:
    kept = frozenset(slot for slot in criteria.slots if slot.weekday in days and slot.shift in shifts)
    return replace(criteria, slots=kept)


def _later(criteria: Criteria, today: date) -> Iterator[Relaxation]:
    """Later starts; the last day is kept unless the new start lies behind it."""
    for days in _LATER_DAYS:
        start = criteria.needed_from + timedelta(days=days)
        if (start - today).days <= LATEST_DAYS:
            until = max(criteria.needed_until, start)
            yield Relaxation(Loosened.START, start, replace(criteria, needed_from=start, needed_until=until))


def _lower(criteria: Criteria) -> Iterator[Relaxation]:
    """One class lower; where exactly one class is asked for, the higher ones too. Never operators-in-training."""
    asked = criteria.licence_class
    if asked is None or asked is LicenceClass.OPERATOR_IN_TRAINING:
        return
    if not criteria.or_higher and asked is not LicenceClass.IV:
        yield Relaxation(Loosened.CLASS, asked, replace(criteria, or_higher=True))
    if criteria.or_higher and asked is not LicenceClass.I:
        lower = tuple(LicenceClass)[asked.rank - 1]
        yield Relaxation(Loosened.CLASS, lower, replace(criteria, licence_class=lower))
