"""Findings about training and manuals as they are kept: tested again with those about the facility's people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from core.findings import Finding, Verdict
from core.places import day_at
from core.records import OF_SHIFTS, About, Found, findings_on
from db import facility_training, kept_whole
from db.facility_people import FacilityPeople
from db.facility_training import OF_MANUALS, OF_TRAINING, FacilityTraining
from db.gate import Work
from db.schema import Facility
from db.schema_training import KeptRecordFinding

_OF_WORKERS = frozenset({About.TRAINING.value, About.EXEMPTION.value})
Worse = tuple[Facility, str, Finding, date]  # at which facility, of whom or what, what no longer holds, since when


def test(
    work: Work,
    people: Mapping[int, FacilityPeople],
    fingerprint: str,
    of: Mapping[int, Collection[int]] | None,
) -> list[Worse]:
    """Keeps the findings of today in place of those before; answers what no longer holds, or falls due.

    of: of which employees of each facility the training is tested, where not of everybody.
    """
    if not people:
        return []
    kept: dict[int, dict[str, KeptRecordFinding]] = defaultdict(dict)
    of_them = KeptRecordFinding.facility_id.in_(people), KeptRecordFinding.about.not_in(OF_SHIFTS)
    for row in work.session.scalars(select(KeptRecordFinding).where(*of_them)):
        kept[row.facility_id][row.place] = row
    recorded = facility_training.of_facilities(work, people)
    return [
        worse
        for id in people
        for worse in _keep(work, recorded[id], kept[id], fingerprint, of[id] if of else None)
    ]


def _keep(
    work: Work,
    recorded: FacilityTraining,
    kept: dict[str, KeptRecordFinding],
    fingerprint: str,
    of: Collection[int] | None,
) -> Iterator[Worse]:
    facility = recorded.facility
    today = day_at(work.at, facility.time_zone)
    law = facility_training.law_today(facility.facility_type, today)
    asked = recorded.recorded
    if of is not None:
        of = _entries_of(recorded, of)
        asked = replace(asked, workers={one: worker for one, worker in asked.workers.items() if one in of})
        kept = {place: row for place, row in kept.items() if row.about not in _OF_WORKERS or row.of_id in of}
    every = findings_on(asked, law) if law is not None else ()
    requests = iter(recorded.requests)
    found = {}
    for one in every:
        if one.about in OF_TRAINING | OF_MANUALS:
            of_id = next(requests).id if one.about is About.REQUEST else one.id
            found[place_of(one, of_id)] = (one, of_id)
    for place in kept.keys() - found.keys():
        work.session.delete(kept[place])
    spells: dict[int, list[int]] = defaultdict(list)
    for row in recorded.people.employments:
        spells[recorded.people.persons[row.employee_id]].append(row.id)
    for place, (one, of_id) in found.items():
        made = _values(recorded, one, of_id, today, spells)
        made |= {"place": place, "fingerprint": fingerprint, "tested_at": work.at}
        before = kept.get(place)
        if before is None:
            work.session.add(KeptRecordFinding(**made))
            continue
        if _is_worse(before, one):
            work.record("finding.lapsed", "facility", facility.id, about=one.about, of=of_id, year=one.year)
            made["since"] = before.until if before.until and before.until <= today else today
            yield facility, name_of(recorded, one), one.finding, made["since"]
        if before.verdict == made["verdict"]:
            made["since"] = before.since
        for name, value in made.items():
            if getattr(before, name) != value:
                setattr(before, name, value)


def _entries_of(recorded: FacilityTraining, of: Collection[int]) -> set[int]:
    """All entries of the same people: they are counted under one of them."""
    counted = {recorded.people.persons[one] for one in of}
    return {one for one, counted_as in recorded.people.persons.items() if counted_as in counted}


def place_of(found: Found, of_id: int | None) -> str:
    """What tells a finding about a facility's records from its others."""
    return f"{found.about}:{of_id or ''}:{found.year or ''}"


def _is_worse(before: KeptRecordFinding, found: Found) -> bool:
    """What was met or open no longer holds or is not known any more; or a notice to the Director is due."""
    finding = found.finding
    if finding.verdict is Verdict.NOT_MET:
        return before.verdict != Verdict.NOT_MET.value
    if found.about is About.EXEMPTION and finding.due is not None:
        return before.due is None
    return before.verdict == Verdict.MET.value and finding.verdict in (Verdict.UNKNOWN, Verdict.DIRECTOR)


def _values(
    recorded: FacilityTraining, found: Found, of_id: int | None, today: date, spells: Mapping[int, list[int]]
) -> dict[str, Any]:
    """A kept finding by its columns; spells: the ids of each employee's employments."""
    finding = found.finding
    new_year = date(today.year + 1, 1, 1)  # another year of training is in view then
    return {
        "facility_id": recorded.facility.id,
        "about": found.about.value,
        "of_id": of_id,
        "year": found.year,
        "regulation": finding.citation.regulation,
        "provision": finding.citation.provision,
        "verdict": finding.verdict.value,
        "because": str(finding.because),
        "whole": kept_whole.to_values(finding),
        "rests_on": _facts(recorded, found, of_id, spells),
        "since": today,
        "until": min(finding.until or new_year, new_year),
        "due": finding.due,
        "tested_on": today,
    }


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


def name_of(recorded: FacilityTraining, found: Found) -> str:
    """Of whom or of which manual a finding is; "" for the facility."""
    if found.id is None:
        return ""
    if found.about is About.REVIEWED:
        return recorded.names_of_manuals[found.id]
    return recorded.people.names[found.id]
