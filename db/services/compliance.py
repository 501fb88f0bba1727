"""What an inspection asks of a facility, answered from what is recorded: on a day, and over a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import inspection_period
from core.calendar import Span
from core.compliance import Answer, Stretch, Topic, over_time
from core.legislation import Law
from core.places import day_at
from core.roles import ACTING, Role
from db import day_answers, evidence, facility_people, facility_training, kept_findings
from db.evidence import Earlier, Evidence
from db.facility_records import FacilityRecords
from db.facility_standings import FacilityStanding, governing_law, seen_facility, standing_of
from db.gate import Work, service
from db.log_answers import LogAnswers
from db.people_shown import shown_of
from db.people_views import PeopleOfFacility
from db.schema import Facility

_ONE_DAY = timedelta(days=1)
_OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)


@dataclass(frozen=True)
class Inspected:
    """A facility on a day: every answer, and what is recorded of it. made_at: when it was asked.

    records: what answers about training, manuals and the log rest on, by what they are about; earlier: how much
    more of the log.
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
    earlier: Mapping[str, Earlier]


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
    as_kept = False
    if day == day_at(work.at, facility.time_zone):
        work.for_update(Facility, facility.id)  # facts and findings of one moment: nobody writes between the two
        as_kept = kept_findings.are_of_today(work, facility)  # before the facts: a test may come first
    return _on_day(work, _Facts(work, facility), day, as_kept=as_kept)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def over_period(work: Work, facility_id: int, first: date, last: date) -> Inspection:
    """A facility from a first through a last day, of three years at most, each with law on file. Raises
    Refused for another period."""
    facility = seen_facility(work, facility_id)
    inspection_period.check(facility.facility_type, first, last)
    facts = _Facts(work, facility)
    period = Span(first, last + _ONE_DAY)
    stretches = (*over_time(period, facts.answers), *facts.log.over(period))
    work.record("facility.inspected", "facility", facility.id, on=last.isoformat(), since=first.isoformat())
    return Inspection(period, stretches, _on_day(work, facts, last, period))


class _Facts:
    """What is recorded of a facility, read once for all the days that are asked about."""

    def __init__(self, work: Work, facility: Facility) -> None:
        self.facility = facility
        self.people = facility_people.of_facility(work, facility)
        self.training = facility_training.of_facilities(work, {facility.id: self.people})[facility.id]
        self._work, self._records = work, FacilityRecords(work, facility)
        self.log = LogAnswers(work, facility)

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


def _on_day(
    work: Work, facts: _Facts, day: date, period: Span | None = None, *, as_kept: bool = False
) -> Inspected:
    """period: the days of whose shifts the evidence is, where it is not of those that are asked about."""
    facility, standing = facts.facility, facts.standing(day)
    log = facts.log.shown(period or Span(day, day + _ONE_DAY))
    of_log = evidence.of_log(log.shifts if log else (), facility.time_zone)
    return Inspected(
        facility_id=facility.id,
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        on=day,
        made_at=work.at,
        law=governing_law(facility, day),
        answers=(*facts.answers_with(standing, as_kept=as_kept), *(one.answer for one in facts.log.of_day(day))),
        standing=standing,
        people=shown_of(work, facts.people, day),
        records={
            **evidence.of_records(work, facts.training),
            **evidence.of_places(work, facility.id),
            **of_log.shown,
        },
        earlier=of_log.earlier,
    )
