"""What an inspection asks of a facility, answered from what is recorded: on a day, and over a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import inspection_period
from core.calendar import Span
from core.compliance import Answer, Stretch, over_time
from core.legislation import Law
from core.places import day_at
from core.roles import ACTING, Role
from core.sentences import Sentence
from db import day_answers, evidence, kept_findings
from db.day_answers import Facts
from db.evidence import Earlier, Evidence
from db.facility_standings import FacilityOnRecord, findings_of, governing_law, on_record_of, seen_facility
from db.gate import Work, service
from db.people_shown import shown_of
from db.people_views import PeopleOfFacility

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
    on_record: FacilityOnRecord
    not_on_file: tuple[Sentence, ...]
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
    as_kept = kept_findings.answer_for(work, facility, day)  # before the facts: a test may come first
    facts = day_answers.facts_of(work, facility)[facility.id]
    return _on_day(work, facts, Span(day, day + _ONE_DAY), as_kept=as_kept)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def over_period(work: Work, facility_id: int, first: date, last: date) -> Inspection:
    """A facility from a first through a last day, of three years at most, each with law on file. Raises
    Refused for another period."""
    facility = seen_facility(work, facility_id)
    inspection_period.check(facility.facility_type, first, last)
    facts = day_answers.facts_of(work, facility)[facility.id]
    period = Span(first, last + _ONE_DAY)
    asked = over_time(period, lambda day: day_answers.by_rules(facts, day))
    stretches = (*asked, *facts.log.over(period))
    work.record("facility.inspected", "facility", facility.id, on=last.isoformat(), since=first.isoformat())
    return Inspection(period, stretches, _on_day(work, facts, period))


def _by_rules(facts: Facts, day: date) -> Iterator[Answer]:
    """The answers of a day, asked of the rules."""
    yield from day_answers.by_rules(facts, day)
    yield from (one.answer for one in facts.log.of_day(day))


def _on_day(work: Work, facts: Facts, period: Span, *, as_kept: bool = False) -> Inspected:
    """The last day of a period, with its answers; the evidence of the log is of the shifts of the period. Of
    today, of which what is kept is read, all law is on file."""
    facility, day = facts.facility, period.last or period.start
    log = facts.log.shown(period)
    of_log = evidence.of_log(log.shifts if log else (), facility.time_zone)
    return Inspected(
        facility_id=facility.id,
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        on=day,
        made_at=work.at,
        law=governing_law(facility, day),
        answers=tuple(day_answers.as_kept(work, facts, day) if as_kept else _by_rules(facts, day)),
        on_record=on_record_of(facts.records, facility, day),
        not_on_file=() if as_kept else findings_of(facts.records, governing_law(facility, day))[1],
        people=shown_of(work, facts.people, day, ()),
        records={
            **evidence.of_records(work, facts.training),
            **evidence.of_places(work, facility.id),
            **of_log.shown,
        },
        earlier=of_log.earlier,
    )
