"""What an employment leaves behind that ends or is taken back: designations without it, and who acts then."""

from dataclasses import dataclass
from datetime import date

from core.calendar import Span
from db import facility_people
from db.facility_people import IN_CHARGE, OVERALL, FacilityPeople
from db.gate import Work
from db.schema import Facility


@dataclass(frozen=True)
class LeftBehind:
    """A designation of somebody beyond the employment, from a day on. role: as Designation has it. instead: who is
    designated so on that day besides, "" where nobody is."""

    name: str
    role: str
    on: date
    instead: str


def left_behind(work: Work, facility: Facility, employee_id: int, since: date) -> tuple[LeftBehind, ...]:
    """The designations of an employee of which days from `since` on are without an employment on record."""
    work.session.flush()
    people = facility_people.of_facility(work, facility)
    if employee_id not in people.persons:
        return ()
    found = (_first_day(people, employee_id, role, since) for role in (OVERALL, IN_CHARGE))
    return tuple(one for one in found if one is not None)


def _first_day(people: FacilityPeople, employee_id: int, role: str, since: date) -> LeftBehind | None:
    person = people.persons[employee_id]
    spells = people.recorded.responsible.workers[person].spells
    rows = [one for one in people.designations if one.role == role]
    own = [facility_people.span(one) for one in rows if people.persons[one.employee_id] == person]
    starts = {since, *(one.start for one in own), *(one.span.end for one in spells if one.span.end is not None)}
    for day in sorted(day for day in starts if day >= since):
        if any(day in one for one in own) and not any(day in one.span for one in spells):
            return LeftBehind(people.names[employee_id], role, day, _besides(people, person, role, day))
    return None


def _besides(people: FacilityPeople, person: int, role: str, day: date) -> str:
    """Who else is designated on a day, while employed."""
    responsible = people.recorded.responsible
    others: list[tuple[int, Span]] = [(one.person, one.span) for one in responsible.standing]
    if role == IN_CHARGE:
        others = [
            (one.person, days)
            for one in people.recorded.in_charge
            if one.person in responsible.workers
            for days in responsible.workers[one.person].while_employed(one.span)
        ]
    names = people.names
    return ", ".join(dict.fromkeys(names[one] for one, days in others if one != person and day in days))
