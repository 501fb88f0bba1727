"""The demo's facilities: the real plants of `db/data`, with invented numbers, classes and owners, by rule."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta

from core.facilities import FacilityClass, FacilityType
from core.places import Point
from core.profiles import ClaimState
from db.places import DATA, nearest, within
from db.schema import FacilityClaim

FIRST_NATIONS = "First Nations Water Partnership"
_OF_FIRST_NATIONS = ("Wapekeka", "RFN ", "WFN ", "Biinjitiwaabik", "Moose Factory")
_OWNER_REACHES_KM = 80
_CLASS_UP_TO = ((3_000, FacilityClass.I), (15_000, FacilityClass.II), (100_000, FacilityClass.III))


def plants(at: datetime) -> Iterator[FacilityClaim]:
    """The real plants as claims; number and class are invented, the class by the people served."""
    with (DATA / "ontario_wastewater_plants.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = Point(float(row["latitude"]), float(row["longitude"]))
            people = int(row["population_served"])
            classes = [which for most, which in _CLASS_UP_TO if people < most]
            yield FacilityClaim(
                ministry_number=f"1100{row['waste_id']}",
                name=row["name"],
                facility_type=FacilityType.WASTEWATER_TREATMENT,
                facility_class=(classes or [FacilityClass.IV])[0],
                latitude=point.latitude,
                longitude=point.longitude,
                place=nearest(point).name,
                state=ClaimState.DRAFT,
                entered_at=at - timedelta(days=200),
            )


def owner_of(plant: FacilityClaim) -> str:
    """The name of the invented owner: of the largest place around."""
    if plant.name.startswith(_OF_FIRST_NATIONS):
        return FIRST_NATIONS
    point = Point(plant.latitude, plant.longitude)
    largest = max(within(point, _OWNER_REACHES_KM), key=lambda place: place.population, default=nearest(point))
    return f"Municipality of {largest.name}"
