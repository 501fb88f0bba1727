"""The names of a facility's people as pages and mails say them: namesakes are told apart, in few words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from core.employment import Capacity
from core.sentences import in_english
from db.people_schema import Employee, Employment

_NO_NUMBER = "no Operator ID"


def told_apart(employees: Mapping[int, Employee], employments: Iterable[Employment]) -> dict[int, str]:
    """The name of each employee by id; those of one name with their Operator IDs, or else with as little of their
    employments as tells most of them apart: the position, the first day, both, or all of it."""
    first = _first_jobs(employments)
    of_name: dict[str, list[int]] = defaultdict(list)
    for id, one in employees.items():
        of_name[one.name].append(id)
    found = {id: one.name for id, one in employees.items()}
    for name, ids in of_name.items():
        if len(ids) == 1:
            continue
        without = [id for id in ids if not employees[id].claimed_operator_id]
        said = dict(zip(without, _shortest([first.get(id) for id in without]), strict=True))
        for id in ids:
            found[id] = f"{name} ({said.get(id) or employees[id].claimed_operator_id})"
    return found


def employed(row: Employment) -> str:
    """In which position, as what, full or part time."""
    return f"{row.position}: {Capacity(row.capacity).label}, {'full' if row.full_time else 'part'} time"


def _first_jobs(employments: Iterable[Employment]) -> dict[int, Employment]:
    by_day = sorted(employments, key=lambda one: (one.valid_from or date.min, one.id), reverse=True)
    return {one.employee_id: one for one in by_day}


def _shortest(jobs: list[Employment | None]) -> list[str]:
    """The first employments in the fewest words that tell as many of them apart as any do."""
    ways = zip(*map(_ways, jobs), strict=True)
    return list(max(ways, key=lambda said: len(set(said)), default=()))


def _ways(job: Employment | None) -> tuple[str, ...]:
    """Each way of saying a first employment, the shortest first."""
    if job is None:
        return (_NO_NUMBER,) * 4
    since = f"from {in_english(job.valid_from)}" if job.valid_from else ""
    return (
        job.position,
        since or job.position,
        ", ".join(filter(None, (job.position, since))),
        ", ".join(filter(None, (employed(job), since))),
    )
