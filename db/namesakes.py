"""The names of a facility's people as pages and mails say them: namesakes are told apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from core.employment import Capacity
from core.sentences import in_english
from db.people_schema import Employee, Employment


def told_apart(employees: Mapping[int, Employee], employments: Iterable[Employment]) -> dict[int, str]:
    """The name of each employee by id; those of one name with their Operator IDs, or else their employments."""
    many = Counter(one.name for one in employees.values())
    first = _first_jobs(employments)
    return {
        id: f"{one.name} ({one.claimed_operator_id or _job(first.get(id))})" if many[one.name] > 1 else one.name
        for id, one in employees.items()
    }


def employed(row: Employment) -> str:
    """In which position, as what, full or part time."""
    return f"{row.position}: {Capacity(row.capacity).label}, {'full' if row.full_time else 'part'} time"


def _first_jobs(employments: Iterable[Employment]) -> dict[int, Employment]:
    by_day = sorted(employments, key=lambda one: (one.valid_from or date.min, one.id), reverse=True)
    return {one.employee_id: one for one in by_day}


def _job(first: Employment | None) -> str:
    if first is None:
        return "no Operator ID"
    return f"{employed(first)}, from {in_english(first.valid_from)}" if first.valid_from else employed(first)
