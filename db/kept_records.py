"""Findings about training and manuals as they are kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from core.places import day_at
from core.records import About, Found, findings_on
from db import facility_training
from db.facility_training import OF_MANUALS, OF_TRAINING, FacilityTraining
from db.gate import Work
from db.kept_rows import Part, Tested, no_longer_holds, since_its_day
from db.province_schema import KeptFinding

ABOUT = frozenset(one.value for one in OF_TRAINING | OF_MANUALS)
OF_WORKERS = frozenset({About.TRAINING.value, About.EXEMPTION.value})


def test(work: Work, recorded: FacilityTraining, of: Collection[int] | None) -> Part:
    """The findings of today; of: of which employees the training is tested, where not of everybody."""
    facility = recorded.facility
    today = day_at(work.at, facility.time_zone)
    if of is not None:
        of = _entries_of(recorded, of)

    def replaces(row: KeptFinding) -> bool:
        return row.about in ABOUT and (of is None or row.about not in OF_WORKERS or row.of_id in of)

    return Part(facility, today, list(_tested(recorded, today, of)), replaces, _is_worse, since_its_day(today))


def found_on(
    recorded: FacilityTraining, day: date, of: Collection[int] | None = None
) -> Iterator[tuple[Found, int | None]]:
    """What a day's law finds of training and manuals, each with the id of whom or what it is of."""
    law = facility_training.law_today(recorded.facility.facility_type, day)
    asked = recorded.recorded
    if of is not None:
        asked = replace(asked, workers={one: worker for one, worker in asked.workers.items() if one in of})
    requests = iter(recorded.requests)
    for found in findings_on(asked, law) if law is not None else ():
        if found.about in OF_TRAINING | OF_MANUALS:
            yield found, next(requests).id if found.about is About.REQUEST else found.id


def name_of(recorded: FacilityTraining, about: str, of_id: int | None) -> str:
    """Of whom or of which manual a finding is; "" for the facility, and for a request."""
    if of_id is None or about == About.REQUEST:
        return ""
    if about == About.REVIEWED:
        return recorded.names_of_manuals[of_id]
    return recorded.people.names[of_id]


def _tested(recorded: FacilityTraining, today: date, of: Collection[int] | None) -> Iterator[Tested]:
    new_year = date(today.year + 1, 1, 1)  # another year of training is in view then
    spells: dict[int, list[int]] = defaultdict(list)  # the ids of each one's employments
    for row in recorded.people.employments:
        spells[recorded.people.persons[row.employee_id]].append(row.id)
    for found, of_id in found_on(recorded, today, of):
        yield Tested(
            found.about.value,
            found.finding,
            _facts(recorded, found, of_id, spells),
            of_id,
            found.year,
            until=min(found.finding.until or new_year, new_year),
            called=name_of(recorded, found.about, of_id),
        )


def _entries_of(recorded: FacilityTraining, of: Collection[int]) -> set[int]:
    """All entries of the same people: they are counted under one of them."""
    counted = {recorded.people.persons[one] for one in of}
    return {one for one, counted_as in recorded.people.persons.items() if counted_as in counted}


def _is_worse(before: KeptFinding | None, tested: Tested) -> bool:
    """What was met or open no longer holds or is not known any more; or a notice to the Director is due."""
    if before is not None and tested.about == About.EXEMPTION and tested.finding.due is not None:
        return before.due is None
    return no_longer_holds(before, tested.finding)


def _facts(
    recorded: FacilityTraining, found: Found, of_id: int | None, spells: Mapping[int, list[int]]
) -> list[list[str | int]]:
    """The ids of the facts that a finding rests on."""
    if found.about is About.REQUEST:
        return [["training_request", of_id or 0]]
    if found.about in OF_TRAINING:
        sessions = dict.fromkeys(one.session_id for one in recorded.attended.get(of_id or 0, ()))
        return [*_ids("employment", spells.get(of_id or 0, ())), *_ids("training_session", sessions)]
    manuals = [one for one in recorded.manuals.of_facility if of_id in (None, one.row.id)]
    versions = [one.id for manual in manuals for one in manual.versions]
    reviews = [one.id for manual in manuals for one in manual.reviews]
    return [*_ids("manual_version", versions), *_ids("manual_review", reviews)]


def _ids(table: str, ids: Iterable[int]) -> list[list[str | int]]:
    return [[table, one] for one in ids]
