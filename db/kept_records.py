"""Findings about training and manuals as they are kept: tested again with those about the facility's people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from core.findings import Finding, Verdict
from core.places import day_at
from core.records import OF_SHIFTS, About, Found, findings_on
from db import facility_training
from db.facility_people import FacilityPeople
from db.facility_training import OF_MANUALS, OF_TRAINING, FacilityTraining
from db.gate import Work
from db.schema import Facility
from db.schema_training import KeptRecordFinding

Worse = tuple[Facility, str, Finding, date]  # at which facility, of whom or what, what no longer holds, since when


def test(work: Work, people: Mapping[int, FacilityPeople], fingerprint: str) -> list[Worse]:
    """Keeps the findings of today in place of those before; answers what no longer holds, or falls due."""
    kept: dict[int, dict[str, KeptRecordFinding]] = defaultdict(dict)
    of_them = KeptRecordFinding.facility_id.in_(people), KeptRecordFinding.about.not_in(OF_SHIFTS)
    for row in work.session.scalars(select(KeptRecordFinding).where(*of_them)):
        kept[row.facility_id][row.place] = row
    recorded = facility_training.of_facilities(work, people)
    return [worse for id in people for worse in _keep(work, recorded[id], kept[id], fingerprint)]


def is_due(today: date, fingerprint: str) -> ColumnElement[bool]:
    """Its day has come, or the rules are others."""
    return or_(KeptRecordFinding.until <= today, KeptRecordFinding.fingerprint != fingerprint)


def _keep(
    work: Work, recorded: FacilityTraining, kept: dict[str, KeptRecordFinding], fingerprint: str
) -> Iterator[Worse]:
    facility = recorded.facility
    today = day_at(work.at, facility.time_zone)
    law = facility_training.law_today(facility.facility_type, today)
    every = findings_on(recorded.recorded, law) if law is not None else ()
    requests = iter(recorded.requests)
    found = {}
    for one in every:
        if one.about in OF_TRAINING | OF_MANUALS:
            of_id = next(requests).id if one.about is About.REQUEST else one.id
            found[place_of(one, of_id)] = (one, of_id)
    for place in kept.keys() - found.keys():
        work.session.delete(kept[place])
    for place, (one, of_id) in found.items():
        made = _row(recorded, one, of_id, today)
        made.place, made.fingerprint, made.tested_at = place, fingerprint, work.at
        before = kept.get(place)
        if before is None:
            work.session.add(made)
            continue
        if _is_worse(before, one):
            work.record("finding.lapsed", "facility", facility.id, about=one.about, of=of_id, year=one.year)
            made.since = before.until if before.until and before.until <= today else today
            yield facility, name_of(recorded, one), one.finding, made.since
        if before.verdict == made.verdict:
            made.since = before.since
        for column in KeptRecordFinding.__table__.columns:
            if column.key != "id" and getattr(before, column.key) != getattr(made, column.key):
                setattr(before, column.key, getattr(made, column.key))


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


def _row(recorded: FacilityTraining, found: Found, of_id: int | None, today: date) -> KeptRecordFinding:
    finding = found.finding
    new_year = date(today.year + 1, 1, 1)  # another year of training is in view then
    return KeptRecordFinding(
        facility_id=recorded.facility.id,
        about=found.about.value,
        of_id=of_id,
        year=found.year,
        regulation=finding.citation.regulation,
        provision=finding.citation.provision,
        verdict=finding.verdict.value,
        because=str(finding.because),
        rests_on=_facts(recorded, found, of_id),
        since=today,
        until=min(finding.until or new_year, new_year),
        due=finding.due,
        tested_on=today,
    )


def _facts(recorded: FacilityTraining, found: Found, of_id: int | None) -> list[list[str | int]]:
    """The ids of the facts that a finding rests on."""
    if found.about is About.REQUEST:
        return [["training_request", of_id or 0]]
    if found.about in OF_TRAINING:
        spells = [one.id for one in recorded.people.employments if recorded.same[one.employee_id] == of_id]
        sessions = dict.fromkeys(one.session_id for one in recorded.attended.get(of_id or 0, ()))
        return [*_ids("employment", spells), *_ids("training_session", sessions)]
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
        return next(one.row.name for one in recorded.manuals.of_facility if one.row.id == found.id)
    return recorded.people.employees[found.id].name
