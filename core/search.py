"""Who fits a search: the criteria, and the rule by which one operator is found or not."""

from dataclasses import dataclass
from datetime import date

from core.availability import Slot
from core.held_licences import included_licences
from core.legislation import law
from core.licences import Licence, LicenceClass, LicenceType
from core.names import owner_key
from core.places import Point, closeness, in_ontario, unit_vector
from core.problems import Problem
from core.profiles import State
from core.sentences import Sentence

FARTHEST_KM = 2000  # Ontario is about 1 700 km long
LATEST_DAYS = 366  # how far ahead "until" may lie: a licence's renewal cannot be foreseen
DISTANCES = (10, 25, 50, 100, 150, 200, 300, 500, 1000, FARTHEST_KM)  # km, those offered


@dataclass(frozen=True)
class Criteria:
    """What is looked for: a licence in force from `needed_from` through `needed_until`, near a place.

    `licence_class` is None exactly where the type has no classes. `slots` must all be among the operator's
    (empty: any). `regions` are census divisions in which operators are based: where any are named they stand
    instead of the distance. `base_place`, where it is named, keeps only operators based there.
    """

    licence_type: LicenceType
    licence_class: LicenceClass | None
    near: Point
    within_km: int
    needed_from: date
    needed_until: date
    slots: frozenset[Slot] = frozenset()
    or_higher: bool = True
    base_place: str = ""
    regions: frozenset[str] = frozenset()

    @property
    def classes(self) -> tuple[LicenceClass, ...]:
        """The classes that fit; empty where the type has none. Operators-in-training only when asked for."""
        if self.licence_class is None:
            return ()
        return self.licence_class.or_higher() if self.or_higher else (self.licence_class,)

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks that fit, as credentials keep them: -1 for a type without classes."""
        return tuple(one.rank for one in self.classes) or (-1,)


def problems(criteria: Criteria, today: date) -> list[Problem]:
    """What is wrong with the criteria, on the day of asking."""
    wrong = []
    has_classes = bool(criteria.licence_type.classes)
    if has_classes and criteria.licence_class is None:
        wrong.append(Problem("licence_class", Sentence("Choose the class that is needed.")))
    if not has_classes and criteria.licence_class is not None:
        sentence = Sentence("{type} has no classes. Search without one.", type=criteria.licence_type.label)
        wrong.append(Problem("licence_class", sentence))
    if not in_ontario(criteria.near):
        wrong.append(Problem("near", Sentence("This place is not in Ontario. Choose another.")))
    if not 0 <= criteria.within_km <= FARTHEST_KM:
        sentence = Sentence(
            "{km} km is no distance to search within. Give one from 0 to {most} km.",
            km=criteria.within_km,
            most=FARTHEST_KM,
        )
        wrong.append(Problem("within_km", sentence))
    return wrong + _problems_with_days(criteria, today)


def _problems_with_days(criteria: Criteria, today: date) -> list[Problem]:
    start, end = criteria.needed_from, criteria.needed_until
    if start < today:
        sentence = Sentence("{start} has passed. Needed from today or a later day.", start=start)
        return [Problem("needed_from", sentence)]
    if end < start:
        sentence = Sentence("{end} lies before {start}. Choose the same day or a later one.", end=end, start=start)
        return [Problem("needed_until", sentence)]
    if (end - today).days > LATEST_DAYS:
        sentence = Sentence("{end} is more than a year ahead. Choose an earlier day.", end=end)
        return [Problem("needed_until", sentence)]
    return []


@dataclass(frozen=True)
class Held:
    """A credential: the licence, the days it is held true (`valid_until` is the first day no longer), whether
    the register has it in force, and whether a correction has replaced it."""

    licence: Licence
    valid_from: date | None = None
    valid_until: date | None = None
    superseded: bool = False
    in_force: bool = True


@dataclass(frozen=True)
class Candidate:
    """What decides whether an operator is found."""

    state: State
    available: bool
    base: Point | None
    travel_km: int
    slots: frozenset[Slot]
    held: tuple[Held, ...]
    base_place: str = ""
    base_region: str = ""
    regions: frozenset[str] = frozenset()
    earliest_start: date | None = None


def can_start_on(earliest_start: date | None, day: date) -> bool:
    """Whether whoever has an earliest start, or none, can begin on a day."""
    return earliest_start is None or earliest_start <= day


def fits(candidate: Candidate, criteria: Criteria, searching_for: str, region: str) -> bool:
    """Whether an operator is found. `searching_for` is the searching organization's name, empty for the office;
    `region` is the code of the region in which the place of the criteria lies.

    The plain rule, one operator at a time; the database answers for all of them at once, and tests hold the
    two against each other.
    """
    return (
        candidate.state is State.ACTIVE
        and candidate.available
        and criteria.base_place in ("", candidate.base_place)
        and criteria.slots <= candidate.slots
        and can_start_on(candidate.earliest_start, criteria.needed_from)
        and _within_reach(candidate, criteria, region)
        and any(_counts(held, criteria, owner_key(searching_for)) for held in candidate.held)
    )


def _within_reach(candidate: Candidate, criteria: Criteria, region: str) -> bool:
    """Straight-line: within the searcher's distance or regions, and within the operator's own distance or in a
    region that the operator has chosen."""
    if candidate.base is None:
        return False
    one, other = unit_vector(candidate.base), unit_vector(criteria.near)
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    comes = dot >= closeness(candidate.travel_km) or region in candidate.regions
    if criteria.regions:
        return comes and candidate.base_region in criteria.regions
    return comes and dot >= closeness(criteria.within_km)


def deemed(licence: Licence) -> tuple[Licence, ...]:
    """What whoever holds a licence is deemed to hold too, and loses with it (O. Reg. 129/04, s. 10)."""
    return included_licences(licence, law("129/04"))


def _counts(held: Held, criteria: Criteria, searching_key: str) -> bool:
    """Whether a credential, or what it is deemed to include, is of the type and class, in force on all days,
    and, where it is conditional, names the organization that searches."""
    days_fit = (
        not held.superseded
        and held.in_force
        and (held.valid_from is None or held.valid_from <= criteria.needed_from)
        and (held.valid_until is None or criteria.needed_until < held.valid_until)
    )
    licences = (held.licence, *deemed(held.licence))
    return days_fit and any(_is_looked_for(licence, criteria, searching_key) for licence in licences)


def _is_looked_for(licence: Licence, criteria: Criteria, searching_key: str) -> bool:
    return (
        licence.licence_type is criteria.licence_type
        and (licence.licence_class in criteria.classes if criteria.classes else licence.licence_class is None)
        and licence.in_force_on(criteria.needed_until)
        and licence.owner_key in ("", searching_key)
    )
