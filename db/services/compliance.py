"""What an inspection asks of a facility, answered from what is recorded: on a day, and over a period."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import inspection_period
from core.calendar import Span
from core.compliance import Answer, Stretch, Topic, over_time, topic_of
from core.findings import Verdict, all_of
from core.legislation import Law
from core.places import day_at
from core.records import About
from core.roles import ACTING, Role
from core.sentences import in_english
from core.shifts import Expected
from core.training_sessions import in_hours
from db import day_answers, facility_people, facility_training, kept_findings, log_views
from db.facility_records import FacilityRecords
from db.facility_standings import FacilityStanding, governing_law, seen_facility, standing_of
from db.facility_training import FacilityTraining
from db.gate import Work, service
from db.names import of_accounts
from db.people_shown import shown_of
from db.people_views import PeopleOfFacility
from db.schema import Facility
from db.schema_training import ManualReview, ManualVersion, TrainingSession

_ONE_DAY, _DAYS_OF_SHIFTS = timedelta(days=1), timedelta(days=13)  # on a day, the shifts of two weeks up to it
_OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)


@dataclass(frozen=True)
class Evidence:
    """Something recorded that an answer rests on, in words, and of which day; when and by whom it was recorded."""

    what: str
    day: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Inspected:
    """A facility on a day: every answer, and what is recorded of it. made_at: when it was asked.

    records: what answers about training and manuals rest on, by what they are about.
    """

    facility_id: int
    facility: str
    ministry_number: str
    on: date
    made_at: datetime
    law: Law
    answers: tuple[Answer, ...]
    standing: FacilityStanding
    people: PeopleOfFacility
    records: Mapping[str, tuple[Evidence, ...]]


@dataclass(frozen=True)
class Inspection:
    """A facility over a period: what was found of its days, and how it stands on the last one."""

    period: Span
    stretches: tuple[Stretch, ...]
    last_day: Inspected


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def on_day(work: Work, facility_id: int, on: date | None = None) -> Inspected:
    """A facility on a day, today unless told: an owner's own, any for the office's staff. Of today what is kept is
    read; of other days the rules are asked."""
    facility = seen_facility(work, facility_id)
    day = on or day_at(work.at, facility.time_zone)
    work.record("facility.inspected", "facility", facility.id, on=day.isoformat())
    is_today = day == day_at(work.at, facility.time_zone)
    as_kept = is_today and kept_findings.are_of_today(work, facility)  # before the facts: a test may come first
    return _on_day(work, _Facts(work, facility), day, as_kept=as_kept)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def over_period(work: Work, facility_id: int, first: date, last: date) -> Inspection:
    """A facility from a first through a last day, of three years at most. Raises Refused for another period."""
    facility = seen_facility(work, facility_id)
    inspection_period.check(first, last)
    facts = _Facts(work, facility)
    period = Span(first, last + _ONE_DAY)
    stretches = (*over_time(period, facts.answers), *facts.of_shifts(period))
    work.record("facility.inspected", "facility", facility.id, on=last.isoformat(), since=first.isoformat())
    return Inspection(period, stretches, _on_day(work, facts, last))


class _Facts:
    """What is recorded of a facility, read once for all the days that are asked about."""

    def __init__(self, work: Work, facility: Facility) -> None:
        self.facility = facility
        self.people = facility_people.of_facility(work, facility)
        self.training = facility_training.of_facilities(work, {facility.id: self.people})[facility.id]
        self._work, self._records = work, FacilityRecords(work, facility)

    def standing(self, day: date) -> FacilityStanding:
        """What section 4 asks on a day. Raises Refused where no law is on file."""
        return standing_of(self._records, self.facility, day)

    def answers(self, day: date) -> Iterator[Answer]:
        """Every finding of a day with the question that it answers, but those about shifts."""
        return self.answers_with(self.standing(day))

    def answers_with(self, standing: FacilityStanding, *, as_kept: bool = False) -> Iterator[Answer]:
        """The same for who has asked already what section 4 says of the day. as_kept: of today, as it is kept."""
        for finding in standing.findings:
            yield Answer(Topic.CLASSIFIED, str(finding.citation), finding)
        if as_kept:
            yield from day_answers.as_kept(self._work, self.training, standing.on)
        else:
            yield from day_answers.by_rules(self.training, standing.on)

    def of_shifts(self, days: Span) -> Iterator[Stretch]:
        """What the log says of the shifts that begin on some days, as of the last of them: of all of them
        together, and of each that is not recorded as it must be, on its day. Nothing is asked of days ahead."""
        today = day_at(self._work.at, self.facility.time_zone)
        last = min(days.last or today, today)
        if last < days.start:
            return
        days = Span(days.start, last + _ONE_DAY)
        log = log_views.view(self._work, self.facility, days, None, last)
        for number, finding in enumerate(log.of_the_log):
            yield Stretch(days, Answer(Topic.LOGS, f"log:{number}", finding))
        for one in log.duties:
            yield Stretch(days, Answer(topic_of(one.about), one.about.value, one.finding))
        recorded = [one for one in log.found if one.about is About.SHIFT]
        if recorded:
            together = all_of(recorded[0].finding.citation, *(one.finding for one in recorded))
            yield Stretch(days, Answer(Topic.LOGS, About.SHIFT.value, together))
        for one in recorded:
            if one.shift is not None and one.finding.verdict is not Verdict.MET:
                began = one.shift.begins if isinstance(one.shift, Expected) else one.shift.began
                day = day_at(began, log.zone)
                name = f"{one.shift.designation}, {in_english(day)}"
                key = f"{one.about.value}:{began.isoformat()}:{one.shift.designation}"
                yield Stretch(Span(day, day + _ONE_DAY), Answer(Topic.LOGS, key, one.finding, name=name))


def _on_day(work: Work, facts: _Facts, day: date, *, as_kept: bool = False) -> Inspected:
    facility, standing = facts.facility, facts.standing(day)
    today = day_at(work.at, facility.time_zone)
    days = Span(day - _DAYS_OF_SHIFTS if day <= today else day, day + _ONE_DAY)
    return Inspected(
        facility_id=facility.id,
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        on=day,
        made_at=work.at,
        law=governing_law(facility, day),
        answers=(*facts.answers_with(standing, as_kept=as_kept), *(one.answer for one in facts.of_shifts(days))),
        standing=standing,
        people=shown_of(work, facts.people, day),
        records=_evidence(work, facts.training),
    )


def _evidence(work: Work, training: FacilityTraining) -> Mapping[str, tuple[Evidence, ...]]:
    """The sessions that each person attended here, by year, and the versions and reviews of each manual."""
    ids = {one.session_id for rows in training.attended.values() for one in rows if one.here}
    sessions = work.session.scalars(select(TrainingSession).where(TrainingSession.id.in_(ids))).all()
    manuals = training.manuals.of_facility
    versions = [one for manual in manuals for one in manual.versions]
    reviews = [one for manual in manuals for one in manual.reviews]
    entered: list[TrainingSession | ManualVersion | ManualReview] = [*sessions, *versions, *reviews]
    names = of_accounts(work.session, (one.recorded_by for one in entered))
    subjects = {one.id: one for one in sessions}
    found: dict[str, list[Evidence]] = defaultdict(list)

    def add(place: str, what: str, day: date, row: TrainingSession | ManualVersion | ManualReview) -> None:
        found[place].append(Evidence(what, day, row.recorded_at, names.get(row.recorded_by or 0, "")))

    for employee, rows in training.attended.items():
        for one in rows:
            if one.session_id in subjects:
                session, given = subjects[one.session_id], one.given
                what = f"Training on {in_english(given.day)}, {in_hours(given.minutes)}: {session.subjects}"
                add(f"{About.TRAINING}:{employee}:{given.day.year}", what, given.day, session)
    for manual in manuals:
        for version in manual.versions:
            what = f"{manual.row.name}, {version.label}, updated on {in_english(version.updated_on)}"
            for place in (f"{About.MANUALS}::", f"{About.REVIEWED}:{manual.row.id}:"):
                add(place, what, version.updated_on, version)
        for review in manual.reviews:
            what = f"{manual.row.name}, reviewed on {in_english(review.reviewed_on)} by {review.reviewed_by}"
            add(f"{About.REVIEWED}:{manual.row.id}:", what, review.reviewed_on, review)
    return {place: tuple(several) for place, several in found.items()}
