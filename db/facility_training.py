"""What is recorded of training and manuals, as the rules ask for it (core.records).

Read in as many statements for many facilities and people as for few. Hours are a person's, whoever gave them
(reading R22): what another facility recorded of the same person counts too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import ColumnElement, select

from core.application import governing
from core.employment import Worker
from core.findings import NOT_YET
from core.legislation import Law, NotOnFile
from core.legislation import law as law_on
from core.places import day_at
from core.records import About, Log, Recorded, Request
from core.training import Training
from core.training_sessions import Given
from db import manual_records
from db.facility_people import FacilityPeople, span
from db.gate import Work
from db.holders import holders_of, is_one_of
from db.office_days import holidays_of
from db.people_schema import Employee, Employment
from db.schema import Facility
from db.schema_training import (
    ExemptNotice,
    TrainingAttendance,
    TrainingComplete,
    TrainingDay,
    TrainingRequest,
    TrainingSession,
)

OF_TRAINING = frozenset({About.TRAINING, About.EXEMPTION, About.REQUEST})
OF_MANUALS = frozenset({About.MANUALS, About.REVIEWED})


@dataclass(frozen=True)
class Attended:
    """One day of a session that an employee of a facility attended, under that entry or another one of the same
    person; here: this facility recorded it."""

    session_id: int
    employee_id: int
    given: Given
    subjects: str
    here: bool


@dataclass(frozen=True)
class FacilityTraining:
    """What is recorded of a facility's training: what the rules read, and the rows that it comes from.

    attended: by employee.
    """

    people: FacilityPeople
    recorded: Recorded
    attended: Mapping[int, tuple[Attended, ...]]
    complete_from: date | None
    notices: tuple[ExemptNotice, ...]
    requests: tuple[TrainingRequest, ...]
    manuals: manual_records.FacilityManuals

    @property
    def facility(self) -> Facility:
        return self.people.facility

    @cached_property
    def jobs(self) -> Mapping[int, list[Employment]]:
        """The employments of every employee: all of the person's who that is, by their first day."""
        of_persons: dict[int, list[Employment]] = defaultdict(list)
        for one in sorted(self.people.employments, key=lambda row: (span(row).start, row.id)):
            of_persons[self.people.persons[one.employee_id]].append(one)
        return {employee: of_persons[person] for employee, person in self.people.persons.items()}

    @cached_property
    def names_of_manuals(self) -> Mapping[int, str]:
        """The name of each manual, by its id."""
        return {one.row.id: one.row.name for one in self.manuals.of_facility}

    def who(self, employee_id: int) -> int | tuple[str, int]:
        """Who an employee is, the same at every employer where it is known."""
        return _who(employee_id, {employee_id: self.people.holders[employee_id].person_id})


def standing() -> ColumnElement[bool]:
    """A session that stands: neither corrected nor withdrawn."""
    return TrainingSession.superseded_at.is_(None) & TrainingSession.withdrawn_at.is_(None)


def of_facilities(work: Work, people: Mapping[int, FacilityPeople]) -> dict[int, FacilityTraining]:
    """What is recorded of each facility's training and manuals, from its people as they are on record."""
    ids = list(people)
    attended = attended_by(work, [employee for one in people.values() for employee in one.employees.values()])
    manuals = manual_records.of_facilities(work, ids)
    complete = _complete_from(work, ids)
    notices: dict[int, list[ExemptNotice]] = defaultdict(list)
    for notice in work.session.scalars(
        select(ExemptNotice)
        .where(ExemptNotice.facility_id.in_(ids), ExemptNotice.withdrawn_at.is_(None))
        .order_by(ExemptNotice.id)
    ):
        notices[notice.facility_id].append(notice)
    requests: dict[int, list[TrainingRequest]] = defaultdict(list)
    for request in work.session.scalars(
        select(TrainingRequest)
        .where(TrainingRequest.facility_id.in_(ids), TrainingRequest.withdrawn_at.is_(None))
        .order_by(TrainingRequest.id)
    ):
        requests[request.facility_id].append(request)
    today = day_at(work.at)
    holidays = holidays_of(range(today.year - 3, today.year + 2))
    found = {}
    for id, of_one in people.items():
        here = {employee: tuple(_here(attended.get(employee, ()), id)) for employee in of_one.employees}
        found[id] = FacilityTraining(
            people=of_one,
            recorded=Recorded(
                workers=_employed(of_one),
                training={
                    employee: Training(tuple(one.given for one in rows), complete.get(id))
                    for employee, rows in here.items()
                },
                log=Log(of_one.facility.time_zone),
                contents=manuals[id].contents,
                manuals=manuals[id].manuals,
                told=_told(notices[id], of_one.persons),
                requests=tuple(_request(one) for one in requests[id]),
                holidays=holidays,
            ),
            attended=here,
            complete_from=complete.get(id),
            notices=tuple(notices[id]),
            requests=tuple(requests[id]),
            manuals=manuals[id],
        )
    return found


def attended_by(work: Work, employees: Collection[Employee]) -> dict[int, tuple[tuple[int, Attended], ...]]:
    """What each employee attended, with the facility that recorded it: also as somebody else's employee."""
    person_of = {one: holder.person_id for one, holder in holders_of(work, employees).items()}
    persons = sorted({one for one in person_of.values() if one is not None})
    # First who they are: within the next statement PostgreSQL takes them for many, and reads every attendance.
    same = work.session.scalars(select(Employee.id).where(is_one_of(persons, person_of))).all()
    rows = work.session.execute(
        select(
            TrainingAttendance.employee_id,
            TrainingSession.id,
            TrainingSession.facility_id,
            TrainingSession.subjects,
            TrainingDay.day,
            TrainingDay.minutes,
        )
        .join(TrainingSession, TrainingSession.id == TrainingAttendance.session_id)
        .join(TrainingDay, TrainingDay.session_id == TrainingSession.id)
        .where(standing(), TrainingAttendance.employee_id.in_(same))
        .order_by(TrainingDay.day, TrainingSession.id)
    ).all()
    others = work.session.scalars(
        select(Employee).where(Employee.id.in_({row.employee_id for row in rows} - person_of.keys()))
    ).all()
    person_of |= {one: holder.person_id for one, holder in holders_of(work, others).items()}
    of_one: dict[int | tuple[str, int], dict[tuple[int, date], tuple[int, Attended]]] = defaultdict(dict)
    for row in rows:
        who = _who(row.employee_id, person_of)
        attended = Attended(row.id, row.employee_id, Given(row.day, row.minutes), row.subjects, here=False)
        of_one[who][row.id, row.day] = (row.facility_id, attended)  # once, also where somebody is named twice
    return {one.id: tuple(of_one[_who(one.id, person_of)].values()) for one in employees}


def law_today(facility_type: str, day: date) -> Law | None:
    """The law on a facility's records on a day; None where none is on file, or it is not modelled yet (128/04)."""
    try:
        law = governing(facility_type, day)
    except NotOnFile:
        return None
    return law if law.has("training") else None


def law_for(facility_type: str, year: int, today: date) -> Law | None:
    """The law that answers today for a year of training: of a regulation that has ended, its last day on file.

    None where none is on file for that year, or it says nothing of training (O. Reg. 128/04).
    """
    then = law_today(facility_type, min(date(year, 12, 31), today))
    if then is None:
        return None
    return law_on(then.regulation.number, min(today, then.regulation.newest.last_day or today))


def _who(employee: int, person_of: Mapping[int, int | None]) -> int | tuple[str, int]:
    person = person_of.get(employee)
    return employee if person is None else ("person", person)


def _here(rows: Iterable[tuple[int, Attended]], facility_id: int) -> Iterable[Attended]:
    return (replace(one, here=of == facility_id) for of, one in rows)


def _employed(people: FacilityPeople) -> dict[int, Worker]:
    """Those with an employment on record: only of them is it known whether they are owed training."""
    return {one: worker for one, worker in people.recorded.responsible.workers.items() if worker.spells}


def _complete_from(work: Work, ids: list[int]) -> dict[int, date]:
    rows = select(TrainingComplete.facility_id, TrainingComplete.complete_from).where(
        TrainingComplete.facility_id.in_(ids), TrainingComplete.superseded_at.is_(None)
    )
    found = work.session.execute(rows.order_by(TrainingComplete.id))
    return {row.facility_id: row.complete_from for row in found}


def _told(notices: Iterable[ExemptNotice], persons: Mapping[int, int]) -> dict[tuple[int, int], tuple[date, ...]]:
    found: dict[tuple[int, int], tuple[date, ...]] = {}
    for one in notices:
        key = (persons.get(one.employee_id, one.employee_id), one.year)
        found[key] = (*found.get(key, ()), one.told_on)
    return found


def _request(row: TrainingRequest) -> Request:
    return Request(row.requested_on, row.due_on, row.sent_on or NOT_YET)
