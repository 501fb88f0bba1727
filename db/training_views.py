"""A facility's training as its owner and the office see it, and a person's own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from core.findings import Verdict
from core.legislation import Law, NotOnFile
from core.places import day_at
from core.records import About, Found, findings_on
from core.sentences import Sentence, in_english
from core.training import (
    Attendee,
    Given,
    Session,
    Training,
    TrainingKind,
    TrainingYear,
    exempt_from_training,
    year_of_training,
)
from db import facility_training
from db.facility_people import FacilityPeople, span
from db.facility_training import OF_TRAINING, FacilityTraining
from db.gate import Work
from db.people_schema import Employee
from db.schema import Account, Person
from db.schema_training import TrainingAttendance, TrainingDay, TrainingRequest, TrainingSession


@dataclass(frozen=True)
class PersonsYear:
    """A person's year at a facility. elsewhere: minutes of it that others recorded."""

    employee_id: int
    name: str
    position: str
    elsewhere: int
    year: TrainingYear

    @property
    def missing(self) -> int:
        """The minutes still missing in the year itself; none where the law is met without them."""
        return 0 if self._is_settled else self.year.missing

    @property
    def by(self) -> date | None:
        """The last day for the missing hours of the year."""
        return date(self.year.year, 12, 31) if self.missing else None

    @property
    def _is_settled(self) -> bool:
        finding = self.year.finding
        return finding.verdict is Verdict.MET and finding.due is None


@dataclass(frozen=True)
class NoticeDue:
    """A notice to the Director of an exempt year that was not sent yet: whose, of which year, in our words."""

    employee_id: int
    name: str
    year: int
    due: date | None
    words: str


@dataclass(frozen=True)
class NoticeSent:
    """A notice that was recorded as sent."""

    notice_id: int
    name: str
    year: int
    told_on: date


@dataclass(frozen=True)
class Requested:
    """A request of the Director: for which years, by which day, when and how it was answered."""

    request_id: int
    requested_on: date
    due_on: date | None
    first_year: int
    last_year: int
    sent_on: date | None
    sent_as: str


@dataclass(frozen=True)
class FacilityYear:
    """A facility's training in a year, as the law stands today.

    not_on_file: why nothing can be said of the year, None where something can. findings: those of today about
    its training, with whose they are. names: everybody employed there at any time, by employee; positions: each
    one's last. employed: who is today. missing_by: the missing minutes of all, by the last day for them.
    """

    facility_id: int
    facility: str
    year: int
    on: date
    regulation: str
    not_on_file: Sentence | None
    people: tuple[PersonsYear, ...]
    missing_by: Mapping[date, int]
    findings: tuple[tuple[Found, str], ...]
    names: Mapping[int, str]
    employed: frozenset[int]
    positions: Mapping[int, str]
    complete_from: date | None
    notices_due: tuple[NoticeDue, ...]
    notices: tuple[NoticeSent, ...]
    requests: tuple[Requested, ...]


@dataclass(frozen=True)
class SessionRow:
    """A session on record: as entered, by whom and when; corrects: it took the place of another one."""

    session_id: int
    facility: str
    session: Session
    recorded_at: datetime
    recorded_by: str
    corrects: bool
    from_file: bool


@dataclass(frozen=True)
class OwnYear:
    """A person's own year at one facility."""

    facility_id: int
    facility: str
    year: TrainingYear


def view(work: Work, found: FacilityTraining, year: int) -> FacilityYear:
    """A facility's training in a year."""
    facility = found.facility
    today = day_at(work.at, facility.time_zone)
    law = facility_training.law_for(facility.facility_type, year, today)
    people, missing_file = _people(found, year, law) if law else ((), _not_modelled(year))
    names = {one: found.people.employees[one].name for one in found.recorded.workers}
    return FacilityYear(
        facility_id=facility.id,
        facility=facility.name,
        year=year,
        on=today,
        regulation=law.regulation.number if law else "",
        not_on_file=missing_file,
        people=people,
        missing_by=missing_by(people),
        findings=_findings(found, names, today),
        names=names,
        employed=frozenset(one for one, worker in found.recorded.workers.items() if worker.spell_on(today)),
        positions={one: position_of(found.people, one) for one in names},
        complete_from=found.complete_from,
        notices_due=_notices_due(found, names, today),
        notices=tuple(
            NoticeSent(one.id, names.get(one.employee_id, ""), one.year, one.told_on) for one in found.notices
        ),
        requests=tuple(_requested(one) for one in reversed(found.requests)),
    )


def missing_by(people: Iterable[PersonsYear]) -> dict[date, int]:
    """The missing minutes of all, by the last day for them."""
    found: dict[date, int] = {}
    for one in people:
        if one.by is not None:
            found[one.by] = found.get(one.by, 0) + one.missing
    return dict(sorted(found.items()))


def position_of(people: FacilityPeople, employee_id: int, on: date | None = None) -> str:
    """The position of an employee on a day; of another day, or without one, the last."""
    rows = sorted(
        (one for one in people.employments if one.employee_id == employee_id), key=lambda row: span(row).start
    )
    then = [one for one in rows if on is not None and on in span(one)]
    return (then or rows)[-1].position if rows else ""


def people_in(found: FacilityTraining, year: int, law: Law) -> tuple[PersonsYear, ...]:
    """The year of everybody employed or trained in it, those with the most hours missing first.

    Raises NotOnFile where the text does not answer for so early a year.
    """
    recorded = found.recorded
    years = {
        person: year_of_training(year, worker, recorded.training.get(person, Training()), law)
        for person, worker in recorded.workers.items()
    }
    rows = [
        PersonsYear(
            person,
            found.people.employees[person].name,
            position_of(found.people, person, min(law.on, date(year, 12, 31))),
            sum(
                one.given.minutes for one in found.attended[person] if one.given.day.year == year and not one.here
            ),
            of_year,
        )
        for person, of_year in years.items()
        if of_year.days or of_year.minutes
    ]
    return tuple(sorted(rows, key=lambda row: (-row.missing, row.name, row.employee_id)))


def sessions(work: Work, rows: Iterable[tuple[TrainingSession, str]]) -> tuple[SessionRow, ...]:
    """Sessions, each with the name of its facility, as they are shown: in a few statements for all of them."""
    rows = tuple(rows)
    ids = [session.id for session, _ in rows]
    held: dict[int, list[Given]] = {one: [] for one in ids}
    days = select(TrainingDay).where(TrainingDay.session_id.in_(ids)).order_by(TrainingDay.day)
    for day in work.session.scalars(days):
        held[day.session_id].append(Given(day.day, day.minutes))
    attended: dict[int, list[Attendee]] = {one: [] for one in ids}
    named = (
        select(TrainingAttendance, Employee)
        .join(Employee, Employee.id == TrainingAttendance.employee_id)
        .where(TrainingAttendance.session_id.in_(ids))
        .order_by(Employee.family_name, Employee.given_name, Employee.id)
    )
    for one, employee in work.session.execute(named):
        attended[one.session_id].append(Attendee(employee.id, employee.name, one.position))
    recorders = select(Account.id, Person).join(Person, Person.id == Account.person_id)
    by = {
        account: person.name
        for account, person in work.session.execute(
            recorders.where(Account.id.in_({session.recorded_by for session, _ in rows}))
        )
    }
    corrected = set(
        work.session.scalars(select(TrainingSession.superseded_by).where(TrainingSession.superseded_by.in_(ids)))
    )
    return tuple(
        SessionRow(
            row.id,
            facility,
            Session(tuple(held[row.id]), row.subjects, TrainingKind(row.kind), tuple(attended[row.id])),
            row.recorded_at,
            by[row.recorded_by],
            row.id in corrected,
            row.import_id is not None,
        )
        for row, facility in rows
    )


def of_one(row: SessionRow, employees: Collection[int]) -> SessionRow:
    """A session as one who attended sees it: nobody else who did."""
    own = tuple(one for one in row.session.attended if one.person in employees)
    return replace(row, session=replace(row.session, attended=own))


def notice_words(found: FacilityTraining, employee_id: int, year: int, law: Law) -> str:
    """The notice to the Director of an exempt year, from the records."""
    exempt = exempt_from_training(year, found.recorded.workers[employee_id], law)
    rows = [one for one in found.people.employments if one.employee_id == employee_id]
    lines = [
        Sentence(
            "To the Director, {provision}: at {facility} ({number}), the hours of training of {name} are not owed "
            "for {year}. {because}",
            provision=law.topic("exemption_notice"),
            facility=found.facility.name,
            number=found.facility.ministry_number or "without a number",
            name=found.people.employees[employee_id].name,
            year=str(year),
            because=exempt.because,
        ),
        *(
            Sentence(
                "Employed as {position} from {first} through {last}.",
                position=one.position,
                first=span(one).start,
                last=in_english(last) if (last := span(one).last) else "no day named yet",
            )
            for one in sorted(rows, key=lambda row: (span(row).start, row.id))
        ),
    ]
    return "\n".join(map(str, lines))


def _elsewhere(found: FacilityTraining, person: int, year: int) -> int:
    rows = [one for one in found.attended[person] if not one.here]
    return sum(one.given.minutes for one in rows if one.given.day.year == year)


def _people(found: FacilityTraining, year: int, law: Law) -> tuple[tuple[PersonsYear, ...], Sentence | None]:
    try:
        return people_in(found, year, law), None
    except NotOnFile as missing:
        return (), missing.sentence


def _not_modelled(year: int) -> Sentence:
    return Sentence(
        "The law on training in {year} is not on file or not modelled here. For water facilities today O. Reg. "
        "128/04 governs.",
        year=str(year),
    )


def _findings(found: FacilityTraining, names: Mapping[int, str], today: date) -> tuple[tuple[Found, str], ...]:
    law = facility_training.law_today(found.facility.facility_type, today)
    every = findings_on(found.recorded, law) if law else ()
    return tuple((one, names.get(one.id or 0, "")) for one in every if one.about in OF_TRAINING)


def _notices_due(found: FacilityTraining, names: Mapping[int, str], today: date) -> tuple[NoticeDue, ...]:
    law = facility_training.law_today(found.facility.facility_type, today)
    if law is None or not law.has("exemption_notice"):
        return ()
    due = []
    for one, name in _findings(found, names, today):
        if is_notice_due(one):
            assert one.id is not None  # noqa: S101 - of a person
            assert one.year is not None  # noqa: S101 - and a year
            words = notice_words(found, one.id, one.year, law)
            due.append(NoticeDue(one.id, name, one.year, one.finding.due, words))
    return tuple(due)


def is_notice_due(found: Found) -> bool:
    """Whether the notice of an exempt year waits to be sent (reading R43)."""
    finding = found.finding
    is_open = finding.verdict is Verdict.MET and finding.due is not None
    return found.about is About.EXEMPTION and (finding.verdict is Verdict.NOT_MET or is_open)


def _requested(row: TrainingRequest) -> Requested:
    return Requested(row.id, row.requested_on, row.due_on, row.first_year, row.last_year, row.sent_on, row.sent_as)
