"""The names of a facility's people as pages and mails say them: namesakes are told apart."""

from collections import Counter

from core.employment import Capacity
from core.sentences import in_english
from db.facility_people import FacilityPeople, span
from db.people_schema import Employment


def names(people: FacilityPeople) -> dict[int, str]:
    """The name of each employee by id; those of one name with their Operator IDs, or else their employments."""
    many = Counter(one.name for one in people.employees.values())
    return {
        id: f"{one.name} ({one.claimed_operator_id or _job(people, id)})" if many[one.name] > 1 else one.name
        for id, one in people.employees.items()
    }


def name(people: FacilityPeople, employee_id: int) -> str:
    """The name of one of them."""
    return names(people)[employee_id]


def employed(row: Employment) -> str:
    """In which position, as what, full or part time."""
    return f"{row.position}: {Capacity(row.capacity).label}, {'full' if row.full_time else 'part'} time"


def _job(people: FacilityPeople, employee_id: int) -> str:
    """The first employment of somebody in words."""
    own = [one for one in people.employments if one.employee_id == employee_id]
    if not own:
        return "no Operator ID"
    first = min(own, key=lambda one: (span(one).start, one.id))
    return f"{employed(first)}, from {in_english(span(first).start)}"
