"""What an inspection asks of a facility, answered from what is recorded: on a day, and over a period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.calendar import Span, add_years
from core.compliance import Answer, Stretch, Topic, over_time, topic_of
from core.findings import until_at_most
from core.legislation import Law
from core.places import day_at
from core.problems import refuse
from core.responsibility import Found, findings_on
from core.roles import ACTING, Role
from core.sentences import in_english
from db import facility_people, kept_findings, people_views
from db.facility_records import FacilityRecords
from db.gate import Work, service
from db.people_views import PeopleOfFacility
from db.schema import Facility
from db.services.facility_law import FacilityStanding, governing_law, seen_facility, standing_of

_OFFICE = (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)
MOST_YEARS = 3  # of one inspection: the period of a ministry's inspection is shorter


@dataclass(frozen=True)
class Inspected:
    """A facility on a day: every answer, and what is recorded of it. made_at: when it was asked."""

    facility_id: int
    facility: str
    ministry_number: str
    on: date
    made_at: datetime
    law: Law
    answers: tuple[Answer, ...]
    standing: FacilityStanding
    people: PeopleOfFacility


@dataclass(frozen=True)
class Inspection:
    """A facility over a period: what was found of its days, and how it stands on the last one."""

    period: Span
    stretches: tuple[Stretch, ...]
    last_day: Inspected


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def on_day(work: Work, facility_id: int, on: date | None = None) -> Inspected:
    """A facility on a day, today unless told: an owner's own, any for the office's staff."""
    facility = seen_facility(work, facility_id)
    day = on or day_at(work.at, facility.time_zone)
    work.record("facility.inspected", "facility", facility.id, on=day.isoformat())
    return _on_day(work, _Facts(work, facility), day)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def over_period(work: Work, facility_id: int, first: date, last: date) -> Inspection:
    """A facility from a first through a last day, of three years at most. Raises Refused for another period."""
    facility = seen_facility(work, facility_id)
    if last < first:
        raise refuse(
            "The last day, {last}, lies before the first, {first}. Choose the days anew.",
            field="last",
            first=in_english(first),
            last=in_english(last),
        )
    if last >= add_years(first, MOST_YEARS):
        raise refuse(
            "From {first} through {last} are more than {most} years. Choose a shorter period.",
            field="last",
            first=in_english(first),
            last=in_english(last),
            most=str(MOST_YEARS),
        )
    facts = _Facts(work, facility)
    period = Span(first, last + timedelta(days=1))
    stretches = over_time(period, lambda day: _answers(facts.standing(day), facts.findings(day)))
    work.record("facility.inspected", "facility", facility.id, on=last.isoformat(), since=first.isoformat())
    return Inspection(period, stretches, _on_day(work, facts, last))


class _Facts:
    """What is recorded of a facility, read once for all the days that are asked about."""

    def __init__(self, work: Work, facility: Facility) -> None:
        self.facility = facility
        self.people = facility_people.of_facility(work, facility)
        self._records = FacilityRecords(work, facility)

    def standing(self, day: date) -> FacilityStanding:
        """What section 4 asks on a day. Raises Refused where no law is on file."""
        return standing_of(self._records, self.facility, day)

    def findings(self, day: date) -> Iterator[tuple[Found, str]]:
        """What is found about its people on a day, each with the name of whom; nothing of a law not modelled."""
        law = kept_findings.law_of(self.facility, day)
        changes_on = self.people.recorded.next_change(day)
        for one in findings_on(self.people.recorded, law) if law else ():
            name = self.people.employees[one.person].name if one.person is not None else ""
            yield replace(one, finding=until_at_most(one.finding, changes_on)), name


def _on_day(work: Work, facts: _Facts, day: date) -> Inspected:
    facility, standing = facts.facility, facts.standing(day)
    return Inspected(
        facility_id=facility.id,
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        on=day,
        made_at=work.at,
        law=governing_law(facility, day),
        answers=tuple(_answers(standing, facts.findings(day))),
        standing=standing,
        people=people_views.view(work, facts.people, day),
    )


def _answers(standing: FacilityStanding, found: Iterable[tuple[Found, str]]) -> Iterator[Answer]:
    """Every finding of a day with the question that it answers."""
    for finding in standing.findings:
        yield Answer(Topic.CLASSIFIED, str(finding.citation), finding)
    for one, name in found:
        yield Answer(topic_of(one.about), one.about.value, one.finding, one.person, name)
