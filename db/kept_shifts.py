"""Findings about shifts as they are kept: what does not hold of those of the last days, looked at every night, so
that whoever must know is told once in the mail of what no longer holds.

A shift's record is open through the day on which it ends (R46), so that only a night makes it worse; writing in a
log tests nothing again.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import or_, select

from core.calendar import Span
from core.findings import Finding, Verdict
from core.places import day_at
from core.records import OF_SHIFTS, Found
from core.sentences import Sentence
from core.shifts import Expected
from db import log_views
from db.facility_training import law_today
from db.gate import Work
from db.log_schema import LogHead, ShiftPattern
from db.schema import Facility
from db.schema_training import KeptRecordFinding

Worse = tuple[Facility, str, Finding, date]  # at which facility, of which shift, what no longer holds, since when

_DAYS = timedelta(days=7)


@dataclass
class Tested:
    """What is new of what does not hold, and at which facilities it is another than was kept."""

    worse: list[Worse] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)


def test(work: Work, fingerprint: str) -> Tested:
    """Keeps what does not hold of the shifts of the last days, at every facility with a log or usual shifts."""
    of_logs = select(LogHead.facility_id).where(LogHead.number > 0)
    of_patterns = select(ShiftPattern.facility_id).where(ShiftPattern.superseded_at.is_(None))
    there = select(Facility).where(or_(Facility.id.in_(of_logs), Facility.id.in_(of_patterns)))
    facilities = work.session.scalars(there.order_by(Facility.id)).all()
    tested = Tested()
    for facility in facilities:
        _keep(work, facility, fingerprint, tested)
    return tested


def _keep(work: Work, facility: Facility, fingerprint: str, tested: Tested) -> None:
    today = day_at(work.at, facility.time_zone)
    law = law_today(facility.facility_type, today)
    every = log_views.findings_of(work, facility, Span(today - _DAYS, today), law) if law else ()
    found = {_place(one): one for one in every if one.finding.verdict is Verdict.NOT_MET}
    rows = select(KeptRecordFinding).where(
        KeptRecordFinding.facility_id == facility.id, KeptRecordFinding.about.in_(OF_SHIFTS)
    )
    kept = {row.place: row for row in work.session.scalars(rows)}
    for place in kept.keys() - found.keys():  # it holds now, or is not of the last days any more
        work.session.delete(kept[place])
    for place in kept.keys() & found.keys():
        kept[place].tested_on, kept[place].tested_at, kept[place].fingerprint = today, work.at, fingerprint
    for place, one in found.items():
        if place not in kept:
            work.session.add(_row(work, facility, one, today, fingerprint))
            work.record("finding.lapsed", "facility", facility.id, about=one.about, of=place)
            tested.worse.append((facility, _name(one, facility.time_zone), one.finding, today))
    if kept.keys() != found.keys():
        tested.changed.append(facility.id)


def _place(found: Found) -> str:
    """What tells a finding about a shift from the others of its facility."""
    shift = found.shift
    if isinstance(shift, Expected):
        return f"{found.about}:{shift.designation}:{shift.begins.isoformat()}"
    return f"{found.about}:{shift.number if shift else ''}"


def _name(found: Found, zone: str) -> str:
    shift = found.shift
    if shift is None:
        return ""
    began = shift.begins if isinstance(shift, Expected) else shift.began
    return str(Sentence("shift {name} of {day}", name=shift.designation, day=day_at(began, zone)))


def _row(work: Work, facility: Facility, found: Found, today: date, fingerprint: str) -> KeptRecordFinding:
    finding, shift = found.finding, found.shift
    entries = () if shift is None or isinstance(shift, Expected) else shift.entries
    return KeptRecordFinding(
        facility_id=facility.id,
        about=found.about.value,
        of_id=None if shift is None or isinstance(shift, Expected) else shift.number,
        year=None,
        place=_place(found),
        regulation=finding.citation.regulation,
        provision=finding.citation.provision,
        verdict=finding.verdict.value,
        because=str(finding.because),
        rests_on=[["log_entry", one.number] for one in entries],
        since=today,
        until=finding.until,
        due=finding.due,
        tested_on=today,
        tested_at=work.at,
        fingerprint=fingerprint,
    )
