"""What the law of a day asks of a facility's people, training and manuals, each finding as an answer: for today as
it is kept, for any day by the rules.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from core import records, responsibility
from core.compliance import Answer, topic_of
from core.findings import Finding, until_at_most
from core.records import OF_SHIFTS, Found
from db import facility_training, kept_findings, kept_records, kept_whole
from db.facility_people import FacilityPeople
from db.facility_training import OF_MANUALS, OF_TRAINING, FacilityTraining
from db.gate import Work
from db.people_schema import KeptFinding
from db.schema_training import KeptRecordFinding

_People, _Records = list(responsibility.About), list(records.About)


def by_rules(training: FacilityTraining, day: date) -> Iterator[Answer]:
    """The answers of a day, asked of the rules."""
    people, facility = training.people, training.facility
    law = kept_findings.law_of(facility, day)
    for one in responsibility.findings_on(people.recorded, law) if law else ():
        yield _of_people(people, one, day)
    law = facility_training.law_today(facility.facility_type, day)
    requests = iter(training.requests)
    for found in records.findings_on(training.recorded, law) if law else ():
        if found.about in OF_TRAINING | OF_MANUALS:
            of_id = next(requests).id if found.about is records.About.REQUEST else found.id
            yield _of_records(training, found, of_id)


def as_kept(work: Work, training: FacilityTraining, today: date) -> Iterator[Answer]:
    """The answers of today as they are kept (kept_findings.are_of_today), in the order of the rules."""
    facility = training.facility
    of_people = select(KeptFinding).where(KeptFinding.facility_id == facility.id)
    for row in sorted(work.session.scalars(of_people), key=_order_of_people):
        about = responsibility.About(row.about)
        found = responsibility.Found(about, row.employee_id, kept_whole.from_values(row.whole))
        yield _of_people(training.people, found, today)
    of_records = select(KeptRecordFinding).where(
        KeptRecordFinding.facility_id == facility.id, KeptRecordFinding.about.not_in(OF_SHIFTS)
    )
    for one in sorted(work.session.scalars(of_records), key=_order_of_records):
        of = None if one.about == records.About.REQUEST else one.of_id
        kept = Found(records.About(one.about), kept_whole.from_values(one.whole), of, one.year)
        yield _of_records(training, kept, one.of_id)


def _of_people(people: FacilityPeople, one: responsibility.Found, day: date) -> Answer:
    """The finding no longer than to the next day on which another fact is known; of the facility as a whole with
    who is overall responsible on the day."""
    finding: Finding = until_at_most(one.finding, people.recorded.next_change(day))
    acting = people.recorded.responsible.acting(day) if one.about is responsibility.About.OVERALL else None
    name = people.names[one.person] if one.person is not None else ""
    return Answer(
        topic_of(one.about), one.about.value, finding, one.person, name, acting.person if acting else None
    )


def _of_records(training: FacilityTraining, found: Found, of_id: int | None) -> Answer:
    name = kept_records.name_of(training, found)
    named = f"{name}, {found.year}" if found.year else name
    return Answer(topic_of(found.about), kept_records.place_of(found, of_id), found.finding, name=named)


def _order_of_people(row: KeptFinding) -> tuple[bool, int, int]:
    """The facility's first, then each person's."""
    return row.employee_id is not None, row.employee_id or 0, _People.index(responsibility.About(row.about))


def _order_of_records(row: KeptRecordFinding) -> tuple[bool, bool, int, int, int]:
    """Those of training by person and year, then what the Director asked for, then the manuals."""
    about = records.About(row.about)
    requested, of_manuals = about is records.About.REQUEST, about in OF_MANUALS
    by_kind = _Records.index(about)
    if of_manuals or requested:
        return of_manuals, requested, by_kind, row.of_id or 0, 0
    return False, False, row.of_id or 0, row.year or 0, by_kind
