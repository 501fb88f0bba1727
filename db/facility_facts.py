"""Facts about a facility's people: locked with their facility, ended, and taken back. Nothing is overwritten."""

from datetime import date
from typing import TypeVar

from sqlalchemy import select

from core.membership import Right
from core.problems import refuse
from db.facility_people import PeopleFact
from db.gate import NotAllowed, Work
from db.own_facilities import held
from db.people_schema import Employee, Employment, HoursInCharge
from db.schema import Facility

Dated = TypeVar("Dated", bound=PeopleFact | HoursInCharge)


def locked_fact(work: Work, right: Right, table: type[Dated], fact_id: int) -> tuple[Dated, Facility]:
    """A fact that stands, at a facility where whoever asks has a right; both locked."""
    found = work.session.get(table, fact_id)
    if found is None:
        raise NotAllowed
    facility = work.for_update(Facility, held(work, right, found.facility_id).facility.id)
    row = work.for_update(table, fact_id)
    if row.superseded_at is not None:
        raise refuse("This was changed since your page was drawn. Look at what stands now.")
    return row, facility


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


def name_of(work: Work, employee_id: int) -> str:
    """The name of an employee, as the organization entered it."""
    return work.session.get_one(Employee, employee_id).name


def end(work: Work, fact: Dated, day: date | None) -> Dated:
    """A fact ends on `day`: its row is superseded by one that says so, which is returned."""
    columns = {column.key: getattr(fact, column.key) for column in type(fact).__table__.columns}
    columns |= {"id": None, "valid_until": day, "recorded_at": work.at, "recorded_by": work.account.id}
    ended = type(fact)(**columns)
    work.session.add(ended)
    work.session.flush()
    supersede(work, fact, ended.id)
    return ended


def supersede(work: Work, fact: Dated, by: int | None) -> None:
    """A fact stands no more: another row takes its place, or none where it was entered by mistake."""
    fact.superseded_at, fact.superseded_by = work.at, by
