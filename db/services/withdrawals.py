"""Taking back what was recorded of a facility's people by mistake, by whoever may record it.

Nothing is deleted: the entry stays on record with who took it back, when and why, and stands no more. What it took
the place of stands again, and whatever rests on either is tested in the same transaction.
"""

from typing import Any

from sqlalchemy import select

from core import entries
from core.calendar import Span
from core.designations import Basis, excludes
from core.membership import Right
from core.people_entries import days_to_come
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.roles import ACTING, Role
from db import kept_findings
from db.disruption_schema import DirectorSubmission, Emergency, EmergencyWork, Strike
from db.facility_facts import former_of, locked_fact, must_be_the_owners, name_of, standing, take_back
from db.facility_people import IN_CHARGE, OVERALL, span
from db.gate import NotAllowed, Work, service
from db.left_behind import LeftBehind, left_behind
from db.own_facilities import held
from db.people_schema import (
    Absence,
    Designation,
    DirectorNotice,
    Employment,
    FunctionsInCharge,
    HoursInCharge,
    LicenceDisplay,
    LicenceIssue,
    LicencesComplete,
)
from db.plans import must_be_allowed_again
from db.schema import Facility

_OF_FACILITIES: dict[str, Any] = {
    table.__tablename__: table
    for table in (
        Absence,
        Designation,
        DirectorNotice,
        DirectorSubmission,
        Emergency,
        EmergencyWork,
        Employment,
        FunctionsInCharge,
        HoursInCharge,
        LicenceDisplay,
        Strike,
    )
}
_OF_PEOPLE: dict[str, Any] = {table.__tablename__: table for table in (LicenceIssue, LicencesComplete)}


@service(*ACTING, writes=True)
def withdraw(work: Work, entry: str, entry_id: int, reason: str) -> tuple[LeftBehind, ...]:
    """Takes back an entry of one's own facility: `entry` is its table. A designation that only the owner makes
    only the owner takes back. Of an employment, the designations that are left without one."""
    raise_if_any(entries.reason("reason", reason, what="why it is taken back"))
    if entry not in _OF_FACILITIES:
        raise NotAllowed
    row, facility = locked_fact(work, Right.RECORD, _OF_FACILITIES[entry], entry_id)
    if isinstance(row, Designation) and (row.role == OVERALL or row.basis == Basis.ENGINEER):
        held(work, Right.MANAGE, facility.id)
        must_be_the_owners(work, facility)
    if isinstance(row, Employment) and _is_noted(work, row):
        raise refuse("The office has noted that this employment starts anew. Ask it to take its note back first.")
    _take_back(work, row, facility, reason)
    for one in _ended_for(work, row):
        _take_back(work, one, facility, reason)
    if not isinstance(row, Employment):
        return ()
    return left_behind(work, facility, row.employee_id, span(row).start)


@service(Role.OFFICER, writes=True)
def withdraw_note(work: Work, employment_id: int, reason: str) -> None:
    """Takes back the office's note that an employment starts anew."""
    raise_if_any(entries.reason("reason", reason, what="why it is taken back"))
    found = work.session.get(Employment, employment_id)
    if found is None:
        raise NotAllowed
    facility = work.for_update(Facility, found.facility_id)
    row = standing(work, Employment, employment_id)
    if not _is_noted(work, row):
        raise refuse("There is no note to take back: something else of this employment was recorded last.")
    _take_back(work, row, facility, reason)


@service(Role.OFFICER, writes=True)
def withdraw_of_person(work: Work, entry: str, entry_id: int, reason: str) -> None:
    """Takes back what the office recorded of somebody's past licences: `entry` is its table."""
    raise_if_any(entries.reason("reason", reason, what="why it is taken back"))
    if entry not in _OF_PEOPLE:
        raise NotAllowed
    row = standing(work, _OF_PEOPLE[entry], entry_id)
    take_back(work, row, entries.clean_reason(reason))
    kept_findings.retest_people(work, [row.person_id])


def _take_back(work: Work, row: Any, facility: Facility, reason: str) -> None:
    again = take_back(work, row, entries.clean_reason(reason))
    if isinstance(again, Employment | Designation):
        _must_have_room(work, facility, again)
    if isinstance(again, Designation):
        must_be_allowed_again(work, facility, again)
    kept_findings.retest(work, facility.id)


def _is_noted(work: Work, row: Employment) -> bool:
    """Whether the last that was recorded of an employment is the office's note."""
    before = former_of(work, row)
    return row.starts_anew and before is not None and not before.starts_anew


def _ended_for(work: Work, row: Any) -> list[LicenceDisplay]:
    """The places of display that ended because this one was recorded."""
    if not isinstance(row, LicenceDisplay):
        return []
    ended = select(LicenceDisplay).where(
        LicenceDisplay.facility_id == row.facility_id,
        LicenceDisplay.employee_id == row.employee_id,
        LicenceDisplay.superseded_at.is_(None),
        LicenceDisplay.valid_until == row.valid_from,
        LicenceDisplay.recorded_at == row.recorded_at,
    )
    return list(work.session.scalars(ended))


def _must_have_room(work: Work, facility: Facility, again: Employment | Designation) -> None:
    """Raises Refused where what would stand again has no room beside what was recorded since; an overall
    responsible operator on days to come, since of days that have come whatever was so is recorded."""
    table: Any = type(again)
    days: Span | None = span(again)
    if isinstance(again, Designation) and again.role == OVERALL:
        days = days_to_come(span(again), day_at(work.at, facility.time_zone))
    if days is None:
        return
    others = select(table).where(
        table.facility_id == again.facility_id, table.id != again.id, table.superseded_at.is_(None)
    )
    for other in work.session.scalars(others):
        if _excludes(again, other) and days.overlaps(span(other)):
            raise refuse(
                "What it took the place of would stand again, from {start}, and what is recorded of {name} from "
                "{from_} stands on some of its days. Take that back or end it first.",
                start=again.valid_from,
                name=name_of(work, other.employee_id),
                from_=other.valid_from,
            )


def _excludes(one: Employment | Designation, other: Employment | Designation) -> bool:
    """Whether two cannot stand on one day: two employments of somebody, or two designations of a kind."""
    if isinstance(one, Employment) or isinstance(other, Employment) or one.role == other.role == IN_CHARGE:
        return one.employee_id == other.employee_id
    return one.role == other.role and excludes(Basis(one.basis), Basis(other.basis))
