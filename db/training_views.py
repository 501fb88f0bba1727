"""A facility's training as its owner and the office see it, and a person's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import Span
from core.findings import Verdict
from core.legislation import Law, NotOnFile
from core.places import day_at
from core.records import About, Found, training_on
from core.sentences import Sentence, in_english
from core.training import Training, TrainingYear, exempt_from_training, year_of_training
from db import facility_training
from db.facility_people import span
from db.facility_training import FacilityTraining
from db.gate import Work
from db.schema_training import ExemptNotice
from db.training_session_views import recorders

NOT_EMPLOYED = "not employed here then"  # in place of a position


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
        """The minutes missing for the year and its three years (reading R80); none where that is not known."""
        return self.year.missing if self.year.known else 0

    @property
    def by(self) -> date | None:
        """The last day for the missing hours; it may have passed."""
        return self.year.by if self.missing else None


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
    """A notice that was recorded as sent; because: why its ground has gone since, None where it stands."""

    notice_id: int
    name: str
    year: int
    told_on: date
    because: Sentence | None


@dataclass(frozen=True)
class Requested:
    """A request of the Director: for which years, by which day, when and how it was answered.

    asked_by: in the Director's name, "" where nobody has said; recorded_by and sent_by: who recorded it, and the
    sending. sent_sha256: the hash of the copy that is kept, "" where none is.
    """

    request_id: int
    requested_on: date
    asked_by: str
    recorded_by: str
    due_on: date | None
    first_year: int
    last_year: int
    sent_on: date | None
    sent_as: str
    sent_by: str
    sent_sha256: str


@dataclass(frozen=True)
class FacilityYear:
    """A facility's training in a year, as the law stands today.

    not_on_file: why nothing can be said of the year, None where something can. findings: those of today about
    its training, with whose they are. names: everybody employed there at any time, by employee; positions: each
    one's last. employed: who is today. missing_by: the missing minutes of all, by the last day for them, which may
    have passed; not_known: of how many people they are not known.
    """

    facility_id: int
    facility: str
    year: int
    on: date
    regulation: str
    not_on_file: Sentence | None
    people: tuple[PersonsYear, ...]
    missing_by: Mapping[date, int]
    not_known: int
    findings: tuple[tuple[Found, str], ...]
    names: Mapping[int, str]
    employed: frozenset[int]
    positions: Mapping[int, str]
    complete_from: date | None
    notices_due: tuple[NoticeDue, ...]
    notices: tuple[NoticeSent, ...]
    requests: tuple[Requested, ...]


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
    law_today = facility_training.law_today(facility.facility_type, today)
    employed = {one.employee_id for one in found.people.employments}
    names = {id: one.name for id, one in found.people.employees.items() if id in employed}
    every = training_on(found.recorded, law_today) if law_today else ()
    findings = tuple((one, names.get(one.id or 0, "")) for one in every)
    return FacilityYear(
        facility_id=facility.id,
        facility=facility.name,
        year=year,
        on=today,
        regulation=law.regulation.number if law else "",
        not_on_file=missing_file,
        people=people,
        missing_by=missing_by(people),
        not_known=sum(not one.year.known for one in people),
        findings=findings,
        names=names,
        employed=frozenset(one for one, worker in found.recorded.workers.items() if worker.spell_on(today)),
        positions={one: found.jobs[one][-1].position for one in names},
        complete_from=found.complete_from,
        notices_due=_notices_due(found, findings, law_today) if law_today else (),
        notices=tuple(
            NoticeSent(
                one.id, names.get(one.employee_id, ""), one.year, one.told_on, _ground_gone(found, one, today)
            )
            for one in found.notices
        ),
        requests=_requests(work, found),
    )


def missing_by(people: Iterable[PersonsYear]) -> dict[date, int]:
    """The missing minutes of all, by the last day for them."""
    found: dict[date, int] = {}
    for one in people:
        if one.by is not None:
            found[one.by] = found.get(one.by, 0) + one.missing
    return dict(sorted(found.items()))


def position_in(found: FacilityTraining, employee_id: int, year: int, on: date) -> str:
    """The position of an employee in a year, as of a day: the last that was held in it by then."""
    until = min(on, date(year, 12, 31))
    shown = Span(date(year, 1, 1), until + timedelta(days=1))
    held = [one.position for one in found.jobs[employee_id] if span(one).overlaps(shown)]
    return held[-1] if held else NOT_EMPLOYED


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
            found.people.names[person],
            position_in(found, person, year, law.on),
            sum(
                one.given.minutes for one in found.attended[person] if one.given.day.year == year and not one.here
            ),
            of_year,
        )
        for person, of_year in years.items()
        if of_year.days or of_year.minutes
    ]
    return tuple(sorted(rows, key=lambda row: (-row.missing, row.name, row.employee_id)))


def notice_words(found: FacilityTraining, employee_id: int, year: int, law: Law) -> str:
    """The notice to the Director of an exempt year, from the records."""
    exempt = exempt_from_training(year, found.recorded.workers[found.people.persons[employee_id]], law)
    lines = [
        Sentence(
            "To the Director, {provision}: at {facility} ({number}), the hours of training of {name} are not owed "
            "for {year}. {because}",
            provision=law.topic("exemption_notice"),
            facility=found.facility.name,
            number=found.facility.ministry_number or "without a number",
            name=found.people.names[employee_id],
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
            for one in found.jobs[employee_id]
        ),
    ]
    return "\n".join(map(str, lines))


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


def _notices_due(
    found: FacilityTraining, findings: Iterable[tuple[Found, str]], law: Law
) -> tuple[NoticeDue, ...]:
    due = []
    for one, name in findings:
        if is_notice_due(one):
            assert one.id is not None  # noqa: S101 - of a person
            assert one.year is not None  # noqa: S101 - and a year
            words = notice_words(found, one.id, one.year, law)
            due.append(NoticeDue(one.id, name, one.year, one.finding.due, words))
    return tuple(due)


def _ground_gone(found: FacilityTraining, notice: ExemptNotice, today: date) -> Sentence | None:
    """Why a year of which the Director was told is exempt no more; None where it is, or that cannot be said."""
    law = facility_training.law_for(found.facility.facility_type, notice.year, today)
    worker = found.recorded.workers.get(found.people.persons.get(notice.employee_id, 0))
    if law is None or worker is None:
        return None
    try:
        exempt = exempt_from_training(notice.year, worker, law)
    except NotOnFile:
        return None
    return None if exempt.verdict is Verdict.MET else exempt.because


def is_notice_due(found: Found) -> bool:
    """Whether the notice of an exempt year waits to be sent (reading R43)."""
    finding = found.finding
    is_open = finding.verdict is Verdict.MET and finding.due is not None
    return found.about is About.EXEMPTION and (finding.verdict is Verdict.NOT_MET or is_open)


def _requests(work: Work, found: FacilityTraining) -> tuple[Requested, ...]:
    """The Director's requests, the latest first."""
    accounts = [id for one in found.requests for id in (one.recorded_by, one.sent_recorded_by) if id is not None]
    by = recorders(work, accounts)
    return tuple(
        Requested(
            one.id,
            one.requested_on,
            one.asked_by,
            by[one.recorded_by],
            one.due_on,
            one.first_year,
            one.last_year,
            one.sent_on,
            one.sent_as,
            by.get(one.sent_recorded_by or 0, ""),
            one.sent_sha256,
        )
        for one in reversed(found.requests)
    )
