"""What is recorded of a facility's people, in words."""

from datetime import timedelta

from core.application import law_of_people
from core.designations import Basis
from core.in_charge import doubt
from core.sentences import in_english
from db.facility_people import IN_CHARGE, FacilityPeople, PeopleFact, span
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employment,
    FunctionsInCharge,
    HoursInCharge,
    LicenceDisplay,
)

_MINUTES = 60


def reason(row: PeopleFact | HoursInCharge) -> str:
    """Why: the officer's note on an employment, the reason of an absence or a designation."""
    if isinstance(row, Employment):
        return row.note
    return row.reason if isinstance(row, Absence | Designation) else ""


def absent(row: Absence) -> str:
    """Absent, or present."""
    return "Absent or unable to act" if row.away else "Present"


def on_basis(row: Designation) -> str:
    """On what a designation rests."""
    if row.role == IN_CHARGE:
        is_engineer = row.basis == Basis.ENGINEER
        return "Operator-in-charge, as an engineer without a licence" if is_engineer else "Operator-in-charge"
    return Basis(row.basis).label


def designated(row: Designation, found: FacilityPeople) -> str:
    """On what basis, and that it falls before its last day, where the employment ends (reading R39)."""
    worker = found.recorded.responsible.workers[found.persons[row.employee_id]]
    ends = [part.end for part in worker.while_employed(span(row))]
    if not ends or ends[-1] in (None, span(row).end):
        return on_basis(row)
    return f"{on_basis(row)}; falls with the end of the employment, {in_english(ends[-1] - timedelta(days=1))}"


def does(row: FunctionsInCharge) -> str:
    """Which functions of O. Reg. 435/93, s. 1 somebody has."""
    functions = (
        (row.runs_facility, "is responsible for the overall operation"),
        (row.sets_parameters, "sets operational parameters"),
        (row.directs_operators, "directs or supervises operators"),
    )
    said = ", ".join(words for does, words in functions if does)
    return f"In charge: {said}" if said else "Not in charge: none of the functions"


def displayed(row: LicenceDisplay) -> str:
    """Where a copy hangs, and of which licence."""
    return f"{row.place}: licence {row.number}" if row.number else row.place


def hours_of(row: HoursInCharge, found: FacilityPeople | None = None) -> str:
    """In words; of a facility's people with what is not on record for the day."""
    hours, minutes = divmod(row.minutes, _MINUTES)
    said = f"{hours}:{minutes:02} hours in charge{', in training' if row.in_training else ''}"
    if found is None:
        return said
    day, person, recorded = span(row).start, found.persons[row.employee_id], found.recorded
    employed = [spell.span for spell in recorded.responsible.workers[person].spells]
    designated = [one.span for one in recorded.in_charge if one.person == person]
    law = law_of_people(found.facility.facility_type, day)
    lacks = doubt(day, employed, designated, law, in_training=row.in_training)
    return f"{said}; {lacks}" if lacks is not None else said


def noticed(row: DirectorNotice) -> str:
    """Of which days the Director was notified."""
    return f"Notice to the Director of the days reached on {in_english(row.reached_on)}"
