"""A calculation that an organization keeps, as people see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.answers import Answer
from core.facilities import FacilityClass, FacilityType
from db.law_schema import Calculation


@dataclass(frozen=True)
class SavedCalculation:
    """A calculation as it was saved: what the points came to under the version of the law of its day.

    facility_class is None while the points span two classes.
    """

    calculation_id: int
    facility_id: int
    facility_name: str
    facility_type: FacilityType
    regulation: str
    on: date
    law_version: str
    lowest: int
    highest: int
    facility_class: FacilityClass | None
    note: str
    saved_at: datetime
    saved_by: str
    answers: Mapping[str, Answer] = field(repr=False)


def saved(row: Calculation) -> SavedCalculation:
    """A kept calculation as people see it."""
    return SavedCalculation(
        calculation_id=row.id,
        facility_id=row.facility_id,
        facility_name=row.facility.name,
        facility_type=FacilityType(row.facility_type),
        regulation=row.regulation,
        on=row.on,
        law_version=row.law_version,
        lowest=row.lowest,
        highest=row.highest,
        facility_class=FacilityClass(row.facility_class) if row.facility_class else None,
        note=row.note,
        saved_at=row.saved_at,
        saved_by=row.by.person.name,
        answers=row.answers,
    )
