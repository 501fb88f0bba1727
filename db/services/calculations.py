"""Calculations of points that an owner keeps for a facility: saved as they were made, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from core import entries
from core.answers import Answer
from core.classification import Classification, classify
from core.facilities import FacilityClass, FacilityType
from core.legislation import FOLDERS, NotOnFile
from core.membership import Right
from core.places import day_at
from core.problems import Problem, Refused, raise_if_any, refuse
from core.roles import ACTING
from db import members
from db.gate import NotAllowed, Work, service
from db.law_schema import Calculation
from db.listing import Listing, one_page
from db.own_facilities import class_stands, facilities_where, held
from db.saved_calculations import SavedCalculation, saved
from db.schema import Facility, FacilityClassification, FacilityRelation

NOTE_LENGTH = 200


@dataclass(frozen=True)
class OwnFacility:
    """A facility that an organization of the asker owns or operates, with its class on record today."""

    facility_id: int
    name: str
    ministry_number: str  # "" where it has none
    facility_type: FacilityType
    facility_class: FacilityClass | None
    time_zone: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.ministry_number})" if self.ministry_number else self.name


@service(*ACTING)
def my_facilities(work: Work, right: Right = Right.READ) -> tuple[OwnFacility, ...]:
    """The facilities at which whoever asks has a right, by name."""
    today = day_at(work.at)
    classified = and_(FacilityClassification.facility_id == Facility.id, class_stands(today))
    there = select(FacilityRelation.facility_id).where(facilities_where(work, right))
    rows = work.session.execute(
        select(Facility, FacilityClassification.facility_class)
        .outerjoin(FacilityClassification, classified)
        .where(Facility.id.in_(there))
        .order_by(Facility.name, Facility.id, FacilityClassification.id)
    )
    found = {facility.id: _own(facility, facility_class) for facility, facility_class in rows}
    return tuple(found.values())


@service(*ACTING, writes=True)
def save(
    work: Work, facility_id: int, regulation: str, on: date, answers: Mapping[str, Answer], note: str = ""
) -> int:
    """Keeps a calculation for one's own facility: answers under a regulation on a day. Returns its id.

    Answers may have gaps; contradictory ones are refused, each in its words.
    """
    there = held(work, Right.RECORD, facility_id)
    facility = there.facility
    given = {key: answer for key, answer in answers.items() if answer is not None}
    raise_if_any(entries.text("note", "the note", note, NOTE_LENGTH, required=False))
    found = _classified(facility, given, regulation, on)
    row = Calculation(
        facility_id=facility.id,
        organization_id=there.organization_id,
        facility_type=facility.facility_type,
        regulation=regulation,
        on=on,
        law_version=found.law.version.name,
        answers=given,
        lowest=found.lowest,
        highest=found.highest,
        facility_class=found.facility_class,
        note=entries.clean(note),
        saved_at=work.at,
        saved_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("calculation.saved", "facility", facility.id, calculation=row.id)
    return row.id


@service(*ACTING)
def history(work: Work, facility_id: int, page: int = 1) -> Listing[SavedCalculation]:
    """What the asker's organization has kept for a facility, the newest first, 50 a page."""
    there = held(work, Right.READ, facility_id)
    kept = (
        select(Calculation)
        .where(Calculation.facility_id == facility_id, Calculation.organization_id == there.organization_id)
        .order_by(Calculation.id.desc())
    )
    rows, total, page = one_page(work, kept, page)
    return Listing(tuple(saved(row) for (row,) in rows), total, page)


@service(*ACTING)
def calculation(work: Work, calculation_id: int) -> SavedCalculation:
    """One calculation of the asker's organization, with its answers, to be read or gone on with."""
    row = work.session.get(Calculation, calculation_id)
    if row is None or not members.may(work, Right.READ, row.organization_id, row.facility_id):
        raise NotAllowed
    return saved(row)


def _classified(facility: Facility, answers: Mapping[str, Answer], regulation: str, on: date) -> Classification:
    if regulation not in FOLDERS:
        raise refuse("Choose the regulation under which you calculate.", field="regulation")
    try:
        found = classify(facility.facility_type, answers, regulation=regulation, on=on)
    except NotOnFile as missing:
        raise Refused(Problem("on", missing.sentence)) from missing
    except ValueError as wrong:
        raise refuse(
            "This cannot be calculated under O. Reg. {regulation}: {why}.",
            field="regulation",
            regulation=regulation,
            why=str(wrong),
        ) from wrong
    raise_if_any([Problem("answers", error) for error in found.errors])
    return found


def _own(facility: Facility, facility_class: str | None) -> OwnFacility:
    return OwnFacility(
        facility_id=facility.id,
        name=facility.name,
        ministry_number=facility.ministry_number or "",
        facility_type=FacilityType(facility.facility_type),
        facility_class=FacilityClass(facility_class) if facility_class else None,
        time_zone=facility.time_zone,
    )
