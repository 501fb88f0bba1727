"""The invented people of the demo, by rule from a seed: names, licences, and when and where they work."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from core.availability import ALL_SLOTS, Shift, Slot, Weekday
from core.licences import Licence, LicenceClass, LicenceType
from db.places import Place, places

OPERATORS = 600
SEED = 129

_Choice = TypeVar("_Choice")

_GIVEN = (
    "Aisha", "Alex", "Amélie", "Andrew", "Anika", "Benoît", "Bronwen", "Carlos", "Catherine", "Chantal",
    "Chidi", "Chloé", "Daniel", "David", "Derek", "Éloïse", "Emily", "Étienne", "Fatima", "Fiona", "François",
    "Geneviève", "Gurpreet", "Hannah", "Heather", "Hélène", "Ian", "Inès", "Jacob", "Jasmine", "Jean-Luc",
    "Joanne", "Josée", "Karim", "Kevin", "Laura", "Liam", "Linh", "Luc", "Maeve", "Malik", "Marco",
    "Marie-Ève", "Mei", "Michel", "Mikko", "Nadia", "Noah", "Oksana", "Olivia", "Omar", "Patrick",
    "Priya", "Rachel",
    "Raj", "René", "Robin", "Rosa", "Samuel", "Sean", "Siobhán", "Sofia", "Stéphane", "Susan", "Tariq",
    "Thérèse", "Tom", "Valérie", "Wei", "Yasmin", "Zoë",
)  # fmt: skip
_FAMILY = (
    "Ahmed", "Anderson", "Beaulieu", "Bélanger", "Bouchard", "Brown", "Campbell", "Chan", "Chen", "Clarke",
    "Cooper", "Côté", "D'Angelo", "D'Souza", "Dubois", "Dhillon", "Evans", "Fournier", "Fraser", "Gagné",
    "Garcia", "Gauthier", "Gill", "Graham", "Grewal", "Hansen", "Harris", "Ivanchuk", "Jokinen", "Kaur",
    "Kelly", "Khan", "Kim", "Korhonen", "Kowalski", "Lachance", "Lavoie", "Lefebvre", "Lévesque", "Li",
    "MacDonald", "MacLeod", "Mäkinen", "Martin", "McCarthy", "Mohammed", "Morin", "Müller", "Murray",
    "Nguyen", "Nowak", "O'Brien", "O'Connor", "O'Neill", "Okafor", "Ouellette", "Patel", "Pelletier",
    "Petrenko", "Quinn", "Reid", "Robertson", "Rossi", "Roy", "Santos", "Sharma", "Silva", "Singh", "Smith",
    "St-Pierre", "Stewart", "Tanaka", "Taylor", "Tremblay", "Van Dijk", "Walker", "Wilson", "Wong", "Young",
    "Zhang",
)  # fmt: skip

_TYPES = {
    LicenceType.WASTEWATER_TREATMENT: 30,
    LicenceType.WASTEWATER_COLLECTION: 20,
    LicenceType.WATER_TREATMENT: 18,
    LicenceType.WATER_DISTRIBUTION: 12,
    LicenceType.WATER_DISTRIBUTION_AND_SUPPLY: 10,
    LicenceType.WATER_QUALITY_ANALYST: 6,
    LicenceType.LIMITED_GROUNDWATER: 2,
    LicenceType.LIMITED_SURFACE_WATER: 2,
}
_CLASSES = {
    LicenceClass.OPERATOR_IN_TRAINING: 12,
    LicenceClass.I: 28,
    LicenceClass.II: 26,
    LicenceClass.III: 22,
    LicenceClass.IV: 12,
}
_LICENCES = {1: 68, 2: 24, 3: 8}  # 1.4 each
_WEEK = tuple(Weekday)
_PATTERNS: tuple[tuple[frozenset[Slot], int], ...] = (
    (frozenset(Slot(day, Shift.DAY) for day in _WEEK[:5]), 40),
    (frozenset(ALL_SLOTS), 15),
    (frozenset(Slot(day, Shift.DAY) for day in _WEEK), 12),
    (frozenset(Slot(day, shift) for day in _WEEK[5:] for shift in Shift), 12),
    (frozenset(Slot(day, Shift.NIGHT) for day in _WEEK[:5]), 9),
    (frozenset(Slot(day, Shift.DAY) for day in (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)), 12),
)
_TRAVEL_KM = {25: 8, 50: 22, 100: 34, 150: 18, 250: 12, 500: 6}


@dataclass(frozen=True)
class DemoOperator:
    """An invented operator, as entered and as verified `verified_days_ago`."""

    number: int  # from 0
    given_name: str
    family_name: str
    operator_id: str
    licences: tuple[Licence, ...]
    base: Place
    travel_km: int
    slots: frozenset[Slot]
    verified_days_ago: int

    @property
    def email(self) -> str:
        return f"operator{self.number + 1}@example.org"

    @property
    def telephone(self) -> str:
        return f"+1705555{100 + self.number % 100:04d}"  # 555-0100 to 0199 are kept for fiction


def operators(today: date, conditional_for: str, seed: int = SEED) -> Iterator[DemoOperator]:
    """The demo's operators, the same for the same day and seed. Every hundredth holds licences that are valid
    for one owner only."""
    chance = random.Random(seed)
    numbers = iter(range(20_001, 99_999, 7))
    towns, weights = places(), [place.population**0.6 for place in places()]  # flattened: the north is seen too
    for number in range(OPERATORS):
        verified = chance.randint(1, 300)
        valid_for = conditional_for if number % 100 == 50 else ""
        types = _some_types(chance)
        yield DemoOperator(
            number=number,
            given_name=chance.choice(_GIVEN),
            family_name=chance.choice(_FAMILY),
            operator_id=f"900{10_000 + number * 7}",
            licences=tuple(_licence(chance, kind, str(next(numbers)), today, valid_for) for kind in types),
            base=chance.choices(towns, weights)[0],
            travel_km=_weighted(chance, _TRAVEL_KM),
            slots=chance.choices([slots for slots, _ in _PATTERNS], [weight for _, weight in _PATTERNS])[0],
            verified_days_ago=verified,
        )


def _some_types(chance: random.Random) -> tuple[LicenceType, ...]:
    wanted, types = _weighted(chance, _LICENCES), dict[LicenceType, None]()
    while len(types) < wanted:
        types[_weighted(chance, _TYPES)] = None
    return tuple(types)


def _licence(chance: random.Random, kind: LicenceType, number: str, today: date, valid_for: str) -> Licence:
    licence_class = _weighted(chance, _CLASSES) if kind.classes else None
    return Licence(number, kind, licence_class, today + timedelta(days=chance.randint(20, 1000)), valid_for)


def _weighted(chance: random.Random, weights: dict[_Choice, int]) -> _Choice:
    return chance.choices(list(weights), list(weights.values()))[0]
