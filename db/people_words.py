"""What is recorded of a facility's people, in words."""

from datetime import timedelta

from core.application import law_of_people
from core.calendar import Span, outside
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
    """On what basis, and of which of its days there is no employment: it counts for nothing before that begins,
    and falls with its end (reading R39)."""
    return "; ".join((on_basis(row), *(_uncounted(part, span(row)) for part in uncounted(row, found))))


def uncounted(row: Designation, found: FacilityPeople) -> tuple[Span, ...]:
    """The days of a designation on which its person is not employed, as far as employments are on record."""
    worker = found.recorded.responsible.workers[found.persons[row.employee_id]]
    return tuple(outside(span(row), worker.while_employed(span(row))))


def _uncounted(part: Span, whole: Span) -> str:
    """That a designation counts for nothing on some of its days."""
    if part == whole:
        return "counts for nothing, since the person is employed on none of its days"
    if part.start == whole.start and part.end is not None:
        return f"counts only from the employment, {in_english(part.end)}"
    if part.end == whole.end:
        return f"falls with the end of the employment, {in_english(part.start - timedelta(days=1))}"
    between = f"{in_english(part.start)} to {in_english(part.last)}" if part.last else in_english(part.start)
    return f"counts for nothing on the days between two employments, {between}"


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
