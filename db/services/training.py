"""Training: what was given to whom, recorded once for many; each person's year, and one's own at all facilities.

O. Reg. 129/04, s. 21; O. Reg. 435/93, s. 17. Whoever may record for a facility sees the hours of its people, also
those that others gave them (reading R22), but not what those were about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from core import entries, record_entries
from core.legislation import NotOnFile
from core.membership import Right
from core.places import day_at
from core.problems import Problem, raise_if_any, refuse
from core.roles import ACTING, Role
from core.sentences import Sentence
from core.training import Training, year_of_training
from core.training_rows import minutes_of, nobody_employed, position_in
from core.training_sessions import Attendee, Counted, Given, Session, TrainingKind, first_day_with_law
from db import (
    facility_people,
    facility_training,
    holders,
    kept_findings,
    training_entries,
    training_session_views,
    training_views,
)
from db.gate import Work, service
from db.listing import Listing, one_page
from db.own_facilities import OFFICE, facilities_where, held, seen
from db.people_schema import Employee, Employment
from db.schema import Facility, FacilityRelation
from db.schema_training import TrainingAttendance, TrainingDay, TrainingSession
from db.training_session_views import FallenSession, SessionRow
from db.training_views import FacilityYear, OwnYear

FIRST_YEAR = 1990  # of training, in which the first of the two regulations is not made yet
OWN_YEARS = 3  # of one's own training in view


@dataclass(frozen=True)
class FacilityHours:
    """How the training of a facility's people stands this year: minutes missing, by the last day for them.

    people: how many are employed there this year.
    """

    facility_id: int
    facility: str
    people: int
    missing_by: Mapping[date, int]


@dataclass(frozen=True)
class Overview:
    """All facilities where somebody may record, those with most missing first.

    missing_by: of all of them together; an hour counts at each facility of whoever is given it, and once here.
    """

    facilities: tuple[FacilityHours, ...]
    missing_by: Mapping[date, int]


@dataclass(frozen=True)
class OwnTraining:
    """A person's own training: by facility and year, and every session attended, the latest first."""

    years: tuple[OwnYear, ...]
    sessions: tuple[SessionRow, ...]


# --- looking --------------------------------------------------------------------------------------------------


@service(*ACTING, *OFFICE, shows_personal_data=True)
def of_facility(work: Work, facility_id: int, year: int | None = None) -> FacilityYear:
    """A facility's training in a year, this one unless told: for whoever records there, and the office's staff."""
    facility = seen(work, Right.RECORD, facility_id)
    today = day_at(work.at, facility.time_zone)
    asked = today.year if year is None else year
    earlier = training_entries.years_before(work, facility.id, FIRST_YEAR)
    if not FIRST_YEAR <= asked <= today.year and asked not in earlier:
        raise refuse("{year} is no year of training on record. Choose one from {first} to {last}.",
                     year=str(asked), first=str(FIRST_YEAR), last=str(today.year))  # fmt: skip
    work.record("training.shown", "facility", facility.id, year=asked)
    people = {facility.id: facility_people.of_facility(work, facility)}
    return training_views.view(work, facility_training.of_facilities(work, people)[facility.id], asked)


@service(*ACTING, *OFFICE)
def years(work: Work, facility_id: int) -> tuple[int, ...]:
    """The years of a facility's training to choose from, this one first: those with law on file, and earlier ones
    of which a session is on record."""
    facility = seen(work, Right.RECORD, facility_id)
    first = first_day_with_law().year
    usual = range(day_at(work.at, facility.time_zone).year, first - 1, -1)
    return (*usual, *training_entries.years_before(work, facility.id, first))


@service(*ACTING, *OFFICE, shows_personal_data=True)
def sessions(work: Work, facility_id: int, page: int = 1, year: int | None = None) -> Listing[SessionRow]:
    """The sessions that a facility has on record, of a year or of all, the latest first, 50 a page."""
    facility = seen(work, Right.RECORD, facility_id)
    work.record("training_sessions.shown", "facility", facility.id)
    of_facility = select(TrainingSession).where(
        TrainingSession.facility_id == facility.id, facility_training.standing()
    )
    if year is not None:
        of_facility = of_facility.where(TrainingSession.id.in_(training_entries.sessions_in(year, year)))
    first = select(func.min(TrainingDay.day)).where(TrainingDay.session_id == TrainingSession.id).scalar_subquery()
    rows, total, page = one_page(work, of_facility.order_by(first.desc(), TrainingSession.id.desc()), page)
    shown = training_session_views.sessions(work, [(row.TrainingSession, facility.name) for row in rows])
    return Listing(shown, total, page)


@service(*ACTING, *OFFICE, shows_personal_data=True)
def fallen(work: Work, facility_id: int, page: int = 1) -> Listing[FallenSession]:
    """The sessions that were corrected or withdrawn, those recorded last first, 50 a page."""
    facility = seen(work, Right.RECORD, facility_id)
    work.record("training_sessions.fallen_shown", "facility", facility.id)
    statement = (
        select(TrainingSession)
        .where(TrainingSession.facility_id == facility.id, ~facility_training.standing())
        .order_by(TrainingSession.id.desc())
    )
    rows, total, page = one_page(work, statement, page)
    found = [row.TrainingSession for row in rows]
    shown = training_session_views.sessions(work, [(row, facility.name) for row in found])
    return Listing(tuple(training_session_views.fallen(work, found, shown)), total, page)


@service(*ACTING)
def overview(work: Work) -> Overview:
    """The hours missing at each facility where whoever asks may record, and at all of them together."""
    there = select(FacilityRelation.facility_id).where(facilities_where(work, Right.RECORD))
    facilities = work.session.scalars(select(Facility).where(Facility.id.in_(there)).order_by(Facility.name)).all()
    recorded = facility_training.of_facilities(work, facility_people.of_facilities(work, facilities))
    found = []
    most: dict[tuple[date, object], int] = {}  # of each person the most that is missing at one of the facilities
    for one in facilities:
        today = day_at(work.at, one.time_zone)
        law = facility_training.law_today(one.facility_type, today)
        people = training_views.people_in(recorded[one.id], today.year, law) if law else ()
        found.append(FacilityHours(one.id, one.name, len(people), training_views.missing_by(people)))
        for row in people:
            if row.by is not None:
                who = recorded[one.id].who(row.employee_id)
                most[row.by, who] = max(most.get((row.by, who), 0), row.missing)
    missing_by: dict[date, int] = {}
    for (by, _who), missing in most.items():
        missing_by[by] = missing_by.get(by, 0) + missing
    rows = sorted(found, key=lambda row: (-sum(row.missing_by.values()), row.facility, row.facility_id))
    return Overview(tuple(rows), dict(sorted(missing_by.items())))


@service(Role.OPERATOR, *ACTING)
def mine(work: Work) -> OwnTraining:
    """One's own training at all facilities where one is on record as employed."""
    me = select(Employee).where(holders.is_one_of([work.account.person_id]))
    employees = {one.id: one for one in work.session.scalars(me)}
    jobs = select(Employment).where(Employment.employee_id.in_(employees), Employment.superseded_at.is_(None))
    facility_ids = sorted({one.facility_id for one in work.session.scalars(jobs)})
    facilities = work.session.scalars(
        select(Facility).where(Facility.id.in_(facility_ids)).order_by(Facility.name, Facility.id)
    ).all()
    recorded = facility_training.of_facilities(work, facility_people.of_facilities(work, facilities))
    years = [
        year
        for facility in facilities
        for employee in employees
        for year in _own_years(work, facility, employee, recorded[facility.id])
    ]
    attended = (
        select(TrainingSession, Facility.name)
        .join(Facility, Facility.id == TrainingSession.facility_id)
        .where(
            facility_training.standing(),
            TrainingSession.id.in_(
                select(TrainingAttendance.session_id).where(TrainingAttendance.employee_id.in_(employees))
            ),
        )
        .order_by(TrainingSession.id.desc())
    )
    rows = training_session_views.sessions(
        work, [(row.TrainingSession, row.name) for row in work.session.execute(attended)]
    )
    return OwnTraining(tuple(years), tuple(training_session_views.of_one(row, employees) for row in rows))


def _own_years(
    work: Work, facility: Facility, employee: int, found: facility_training.FacilityTraining
) -> list[OwnYear]:
    today = day_at(work.at, facility.time_zone)
    worker = found.recorded.workers.get(employee)
    years = []
    for year in range(today.year, today.year - OWN_YEARS, -1):
        law = facility_training.law_for(facility.facility_type, year, today)
        if worker is None or law is None:
            continue
        try:
            own = year_of_training(year, worker, found.recorded.training.get(employee, Training()), law)
        except NotOnFile:  # the text does not answer for so early a year
            continue
        if own.days:
            years.append(OwnYear(facility.id, facility.name, own))
    return years


# --- recording ------------------------------------------------------------------------------------------------


@service(*ACTING, writes=True)
def record(
    work: Work,
    facility_id: int,
    held_on: Sequence[tuple[date | None, Decimal | None]],
    subjects: str,
    kind: str | None,
    attended: Mapping[int, str],
) -> int:
    """Records a session for many: its days with their hours, and who attended, each with the position.

    A position that is empty is the one on record of the first of its days that has one; of whoever has none then,
    it is asked for. Returns the session's id.
    """
    facility = work.for_update(Facility, held(work, Right.RECORD, facility_id).facility.id)
    entered = _entered(work, facility, held_on, subjects, kind, attended)
    row = training_entries.add(work, facility.id, entered)
    work.record("training_session.recorded", "facility", facility.id, session=row.id)
    kept_findings.retest(work, *training_entries.facilities_of(work, attended))
    return row.id


@service(*ACTING, writes=True)
def correct(
    work: Work,
    session_id: int,
    held_on: Sequence[tuple[date | None, Decimal | None]],
    subjects: str,
    kind: str | None,
    attended: Mapping[int, str],
) -> int:
    """Corrects a session: another one takes its place, and both stay on record. Returns the id of the new one."""
    former, facility = training_entries.standing(work, TrainingSession, session_id)
    work.for_update(Facility, facility.id)
    entered = _entered(work, facility, held_on, subjects, kind, attended, former.id)
    row = training_entries.add(work, facility.id, entered, former.import_id)
    former.superseded_at, former.superseded_by = work.at, row.id
    work.record("training_session.corrected", "facility", facility.id, session=row.id, former=former.id)
    both = {*attended, *training_entries.who_attended(work, [former.id])}
    kept_findings.retest(work, *training_entries.facilities_of(work, both))
    return row.id


@service(*ACTING, writes=True)
def withdraw(work: Work, session_id: int, reason: str) -> None:
    """Withdraws a session that was recorded by mistake: it stays on record with the reason, and counts no more."""
    raise_if_any(entries.reason("reason", reason, what="why it is withdrawn"))
    row, facility = training_entries.standing(work, TrainingSession, session_id)
    training_entries.withdraw(work, row, reason)
    work.record("training_session.withdrawn", "facility", facility.id, session=row.id)
    attended = training_entries.who_attended(work, [row.id])
    kept_findings.retest(work, *training_entries.facilities_of(work, attended))


def _entered(
    work: Work,
    facility: Facility,
    held_on: Sequence[tuple[date | None, Decimal | None]],
    subjects: str,
    kind: str | None,
    attended: Mapping[int, str],
    corrects: int | None = None,
) -> Session:
    """What was entered as a session, checked. Raises Refused with all that is wrong with it, also what would count
    twice; corrects: the session whose place it takes."""
    today = day_at(work.at, facility.time_zone)
    typed = [(day, minutes_of(hours)) for day, hours in held_on]
    problems = record_entries.session_days(typed, today)
    if kind not in {str(one) for one in TrainingKind}:
        problems.append(Problem("kind", Sentence("Fill in “{label}”.", label="Kind")))
    people = training_entries.employed(work, facility.id)
    if unknown := attended.keys() - people.keys():
        raise refuse("{count} of those named are not on record as employed here. Choose from the list.",
                     field="attended", count=len(unknown))  # fmt: skip
    days = [day for day, _ in typed if day is not None]
    names = {} if corrects is None else training_entries.names_in(work, corrects)
    positions = {
        one: entries.clean(position) or position_in(one, people.values(), days)
        for one, position in attended.items()
    }
    named = tuple(Attendee(one, names.get(one, people[one].name), held) for one, held in positions.items())
    subjects = entries.clean_reason(subjects)
    raise_if_any(problems + record_entries.session_contents(subjects, named))
    assert kind is not None  # noqa: S101 - checked above
    given = tuple(Given(day, minutes) for day, minutes in typed if day is not None and minutes is not None)
    session = Session(given, subjects, TrainingKind(kind), named)
    raise_if_any(nobody_employed(session, people.values()) or record_entries.positions(named))
    same_as = {one: people[one].same_as for one in attended}
    before = training_entries.on_record(work, facility.id, {*same_as, *same_as.values()}, corrects)
    raise_if_any(Counted(before, same_as).problems(session))
    return session
