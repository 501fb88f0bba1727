"""What the law of a day asks of a facility, each finding as an answer: for today as it is kept, for any day by the
rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import records, responsibility
from core.compliance import CLASSIFIED, Answer, topic_of
from core.findings import Finding, until_at_most
from db import (
    facility_people,
    facility_records,
    facility_training,
    kept_log,
    kept_people,
    kept_records,
    kept_whole,
)
from db.facility_people import FacilityPeople
from db.facility_records import FacilityRecords
from db.facility_standings import findings_of, governing_law
from db.facility_training import FacilityTraining
from db.gate import Work
from db.kept_rows import place_of
from db.log_answers import LogAnswers
from db.province_schema import KeptFinding
from db.schema import Facility

_ORDER = {one.value: number for number, one in enumerate(records.About)}


@dataclass(frozen=True)
class Facts:
    """What is recorded of a facility, read once for all the days that are asked about."""

    facility: Facility
    people: FacilityPeople
    training: FacilityTraining
    records: FacilityRecords
    log: LogAnswers


def facts_of(work: Work, *facilities: Facility) -> dict[int, Facts]:
    """What is recorded of each of some facilities."""
    people = facility_people.of_facilities(work, facilities)
    training = facility_training.of_facilities(work, people)
    recorded = facility_records.of_facilities(work, facilities)
    heads = kept_log.heads_of(work, facilities)
    return {
        id: Facts(one, people[id], training[id], recorded[id], LogAnswers(work, one, heads.get(id)))
        for id, one in ((one.id, one) for one in facilities)
    }


def by_rules(facts: Facts, day: date) -> Iterator[Answer]:
    """The answers of a day, asked of the rules, but those of the log. Raises Refused where no law is on file."""
    findings, _ = findings_of(facts.records, governing_law(facts.facility, day))
    for finding in findings:
        yield _of_section_4(finding)
    for one in kept_people.found_on(facts.people, day):
        yield _of_people(facts.people, one, day)
    for found, of_id in kept_records.found_on(facts.training, day):
        yield _of_records(facts.training, found.about.value, found.finding, of_id, found.year)


def as_kept(work: Work, facts: Facts, today: date) -> Iterator[Answer]:
    """The answers of today as they are kept (kept_findings.answer_for), in the order of the rules."""
    rows = work.session.scalars(select(KeptFinding).where(KeptFinding.facility_id == facts.facility.id))
    for row in sorted(rows, key=_in_order):
        if row.about in kept_people.ABOUT:
            yield _of_people(facts.people, kept_people.found_of(row), today)
            continue
        finding = kept_whole.from_values(row.whole)
        if row.about == CLASSIFIED:
            yield _of_section_4(finding)
        elif row.about in kept_log.ABOUT:
            yield Answer(topic_of(row.about), row.place, finding, name=row.name)
        else:
            yield _of_records(facts.training, row.about, finding, row.of_id, row.year)


def _of_section_4(finding: Finding) -> Answer:
    return Answer(topic_of(CLASSIFIED), str(finding.citation), finding)


def _of_people(people: FacilityPeople, one: responsibility.Found, day: date) -> Answer:
    """The finding no longer than to the next day on which another fact is known; of the facility as a whole with
    who is overall responsible on the day."""
    finding: Finding = until_at_most(one.finding, people.recorded.next_change(day))
    acting = people.recorded.responsible.acting(day) if one.about is responsibility.About.OVERALL else None
    name = people.names[one.person] if one.person is not None else ""
    return Answer(
        topic_of(one.about), one.about.value, finding, one.person, name, acting.person if acting else None
    )


def _of_records(
    training: FacilityTraining, about: str, finding: Finding, of_id: int | None, year: int | None
) -> Answer:
    name = kept_records.name_of(training, about, of_id)
    named = f"{name}, {year}" if year else name
    return Answer(topic_of(about), place_of(about, of_id, year), finding, name=named)


def _in_order(row: KeptFinding) -> tuple[object, ...]:
    """As the rules tell them: of section 4 in the order of the law; of people the facility's first, then each
    person's; of training each year of each; of the log last what is said of single shifts."""
    if row.about == CLASSIFIED:
        return 0, row.provision, int(row.place.rpartition(":")[2])
    if row.about in kept_people.ABOUT:
        return 1, *kept_people.in_order(row)
    kind = _ORDER[row.about]
    if row.about in kept_records.OF_WORKERS:
        return 2, row.of_id or 0, row.year or 0, kind
    if row.about in kept_records.ABOUT:
        return 3, kind, row.of_id or 0
    return 4, bool(row.name), kind, row.place
