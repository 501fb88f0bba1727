"""Facts about a facility's people: locked with their facility, ended, and taken back. Nothing is overwritten."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from core import people_entries
from core.membership import Right
from core.problems import raise_if_any, refuse
from db.disruption_schema import DirectorSubmission
from db.disruptions import DisruptionFact
from db.facility_people import PeopleFact, next_day, span
from db.gate import NotAllowed, Work
from db.holders import is_one_of
from db.log_schema import LogPlace, ShiftPattern
from db.operator_ids import person_of
from db.own_facilities import held, is_owner
from db.people_schema import (
    DirectorNotice,
    Employee,
    Employment,
    HoursInCharge,
    LicenceIssue,
    LicencesComplete,
    WithdrawnEntry,
)
from db.schema import Facility

Sent = DirectorNotice | DirectorSubmission
Dated = TypeVar(
    "Dated",
    bound=PeopleFact | DisruptionFact | HoursInCharge | LicenceIssue | LicencesComplete | LogPlace | ShiftPattern,
)
Row = TypeVar(
    "Row",
    bound=PeopleFact
    | DisruptionFact
    | HoursInCharge
    | Sent
    | LicenceIssue
    | LicencesComplete
    | LogPlace
    | ShiftPattern,
)
OfDays = TypeVar("OfDays", bound=PeopleFact | DisruptionFact | LogPlace | ShiftPattern)
OfFacility = TypeVar(
    "OfFacility", bound=PeopleFact | DisruptionFact | HoursInCharge | Sent | LogPlace | ShiftPattern
)
Entry = PeopleFact | DisruptionFact | HoursInCharge | Sent | LicenceIssue | LicencesComplete


def locked_fact(work: Work, right: Right, table: type[OfFacility], fact_id: int) -> tuple[OfFacility, Facility]:
    """A fact that stands, at a facility where whoever asks has a right; both locked."""
    found = work.session.get(table, fact_id)
    if found is None:
        raise NotAllowed
    facility = work.for_update(Facility, held(work, right, found.facility_id).facility.id)
    return standing(work, table, fact_id), facility


def standing(work: Work, table: type[Row], fact_id: int) -> Row:
    """A fact that stands, locked. Raises Refused where another row took its place meanwhile."""
    row: Any = work.for_update(table, fact_id)
    if row.superseded_at is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    found: Row = row
    return found


def must_be_of(work: Work, right: Right, facility_id: int, employee_id: int) -> Facility:
    """The facility, locked, where whoever asks has a right and the employee is or was employed."""
    facility = work.for_update(Facility, held(work, right, facility_id).facility.id)
    employed = select(Employment.id).where(
        Employment.facility_id == facility_id,
        Employment.employee_id == employee_id,
        Employment.superseded_at.is_(None),
    )
    if work.session.scalar(employed.limit(1)) is None:
        raise NotAllowed
    return facility


def locked_employee(work: Work, employee_id: int) -> Employee:
    """An employee, locked after the facilities where the same person is employed: whoever changes both locks the
    facilities first, by their ids, as testing them again does, so that no two wait for each other."""
    one = work.session.get(Employee, employee_id)
    person = person_of(work, one) if one is not None else None
    same = is_one_of([person.id] if person else [], [employee_id])
    there = select(Employment.facility_id).join(Employee, Employee.id == Employment.employee_id).where(same)
    these = select(Facility.id).where(Facility.id.in_(there)).order_by(Facility.id)
    work.session.execute(these.with_for_update(key_share=True))
    return work.for_update(Employee, employee_id)


def is_the_owners(work: Work, facility: Facility) -> bool:
    """Whether whoever asks manages the facility's owner."""
    try:
        there = held(work, Right.MANAGE, facility.id)
    except NotAllowed:
        return False
    return is_owner(work, there.organization_id, facility.id)


def must_be_the_owners(work: Work, facility: Facility) -> None:
    """Raises Refused for whoever does not manage the facility's owner."""
    if not is_the_owners(work, facility):
        raise refuse("Only the owner of {facility} designates its overall responsible operator. Ask the owner.",
                     facility=facility.name)  # fmt: skip


def name_of(work: Work, employee_id: int) -> str:
    """The name of an employee, as the organization entered it."""
    return work.session.get_one(Employee, employee_id).name


def end(work: Work, fact: Dated, day: date | None) -> Dated:
    """A fact ends on `day`: its row is superseded by one that says so, which is returned."""
    ended = _anew(work, fact, valid_until=day)
    supersede(work, fact, ended.id)
    return ended


def end_through(work: Work, fact: OfDays, last: date | None) -> OfDays:
    """A fact ends with its last day, as whoever records it says. Raises Refused for a day on which it cannot."""
    raise_if_any(people_entries.ended(last, span(fact)))
    assert last is not None  # noqa: S101 - checked above
    return end(work, fact, next_day(last))


def give_way(work: Work, recorded: Iterable[OfDays], since: date, to: int) -> None:
    """What was recorded of the same thing gives way from a day on to another row."""
    for one in recorded:
        if one.valid_from == since:
            supersede(work, one, to)
        elif since in span(one):
            end(work, one, since)


def supersede(work: Work, fact: Dated, by: int) -> None:
    """A fact stands no more: another row takes its place."""
    fact.superseded_at, fact.superseded_by = work.at, by


def _anew(work: Work, fact: Dated, **changes: Any) -> Dated:
    """A fact as a new row, with these changes."""
    columns = {column.key: getattr(fact, column.key) for column in type(fact).__table__.columns}
    columns |= {"id": None, "superseded_at": None, "superseded_by": None}
    columns |= {"recorded_at": work.at, "recorded_by": work.account.id} | changes
    row = type(fact)(**columns)
    work.session.add(row)
    work.session.flush()
    return row


# --- taking back --------------------------------------------------------------------------------------------


def take_back(work: Work, entry: Entry, reason: str) -> Entry | None:
    """Takes back what was last recorded of a fact: it was a mistake. What it took the place of stands again, as a
    new row, which is returned. The entry stays on record, with who took it back, when, and why."""
    former = former_of(work, entry)
    again = None if former is None else _anew(work, former)
    entry.superseded_at = work.at
    work.session.add(
        WithdrawnEntry(
            facility_id=getattr(entry, "facility_id", None),
            entry=entry.__tablename__,
            entry_id=entry.id,
            former_id=former.id if former else None,
            restored_id=again.id if again else None,
            reason=reason,
            recorded_at=work.at,
            recorded_by=work.account.id,
        )
    )
    work.record("entry.withdrawn", entry.__tablename__, entry.id, restored=again.id if again else None)
    return again


def former_of(work: Work, entry: Entry) -> Any:
    """The row whose place an entry took; None where it was the first."""
    if isinstance(entry, Sent):
        return None
    table: Any = type(entry)
    return work.session.scalar(select(table).where(table.superseded_by == _first_written(work, entry)))


def _first_written(work: Work, entry: Entry) -> int:
    """The id of an entry; of one that stands again after another was taken back, that of the row it was first."""
    of_kind, first = WithdrawnEntry.entry == entry.__tablename__, entry.id
    while copied := work.session.scalar(
        select(WithdrawnEntry.former_id).where(of_kind, WithdrawnEntry.restored_id == first)
    ):
        first = copied
    return first
