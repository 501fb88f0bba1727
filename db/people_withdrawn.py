"""What was taken back of a facility's people, in words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.calendar import Span
from db import disruption_views, namesakes, people_words
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.facility_people import FacilityPeople
from db.gate import Work
from db.people_facts import span
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employee,
    Employment,
    FunctionsInCharge,
    HoursInCharge,
    LicenceDisplay,
    WithdrawnEntry,
)


@dataclass(frozen=True)
class Withdrawn:
    """An entry that was taken back: whose and what it was, on which days, why, by whom and when."""

    name: str
    what: str
    span: Span
    reason: str
    withdrawn_at: datetime
    withdrawn_by: str


def rows_of(work: Work, found: FacilityPeople) -> list[WithdrawnEntry]:
    """What was taken back at a facility, the latest first."""
    rows = select(WithdrawnEntry).where(WithdrawnEntry.facility_id == found.facility.id)
    return list(work.session.scalars(rows.order_by(WithdrawnEntry.id.desc())))


def in_words(
    work: Work, rows: list[WithdrawnEntry], names: Mapping[int, str], recorders: Mapping[int, str]
) -> Iterator[Withdrawn]:
    """What was taken back, the latest first, in words."""
    taken_back = {}
    for table, what in _IN_WORDS.items():
        ids = [one.entry_id for one in rows if one.entry == table.__tablename__]
        for entry, name in _with_names(work, table, ids, names) if ids else ():
            taken_back[table.__tablename__, entry.id] = (name, what(entry), _days_of(entry))
    for row in rows:
        name, said, days = taken_back[row.entry, row.entry_id]
        yield Withdrawn(name, said, days, row.reason, row.recorded_at, recorders[row.recorded_by])


def _with_names(work: Work, table: Any, ids: list[int], names: Mapping[int, str]) -> Iterable[tuple[Any, str]]:
    if table not in _OF_EMPLOYEES:
        return [(row, "") for row in work.session.scalars(select(table).where(table.id.in_(ids)))]
    rows = work.session.execute(
        select(table, Employee).join(Employee, Employee.id == table.employee_id).where(table.id.in_(ids))
    )
    return [(row, names.get(employee.id, employee.name)) for row, employee in rows]


def _days_of(row: Any) -> Span:
    sent_on = row.sent_on if isinstance(row, DirectorNotice | DirectorSubmission) else None
    return span(row) if sent_on is None else Span(sent_on, sent_on + timedelta(days=1))


_IN_WORDS: dict[Any, Callable[[Any], str]] = {
    Absence: people_words.absent,
    Designation: people_words.on_basis,
    DirectorNotice: people_words.noticed,
    Employment: namesakes.employed,
    FunctionsInCharge: people_words.does,
    HoursInCharge: people_words.hours_of,
    LicenceDisplay: people_words.displayed,
    **disruption_views.IN_WORDS,
    EmergencyWork: lambda _: "Employed in an emergency",
}
_OF_EMPLOYEES = _IN_WORDS.keys() - {DirectorNotice, DirectorSubmission, Emergency, Strike}
