"""Findings about shifts as they are kept: what does not hold of those of the last days, looked at in the night in
which that may be another, so that whoever must know is told once in the mail of what no longer holds.

A shift's record is open through the day on which it ends (R46), so that only a night makes it worse; writing in a
log tests nothing again, and has the log looked at in the next night.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select, union, update
from sqlalchemy.dialects import postgresql, sqlite

from core.calendar import Span
from core.findings import Finding, Verdict
from core.places import day_at
from core.records import OF_SHIFTS, Found
from core.sentences import Sentence
from core.shifts import Expected, Shift, next_expected
from db import log_views, standings
from db.facility_training import law_today
from db.gate import Work
from db.log_schema import LogHead
from db.province_schema import FacilityStanding
from db.schema import Facility
from db.schema_training import KeptRecordFinding

Worse = tuple[Facility, str, Finding, date]  # at which facility, of which shift, what no longer holds, since when

_DAYS, _ONE_DAY = timedelta(days=7), timedelta(days=1)


@dataclass
class Tested:
    """What is new of what does not hold, and at which facilities it is another than was kept; of each that was
    looked at the last entry then, and the next night in which to look."""

    worse: list[Worse] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    days: dict[int, tuple[int, date | None]] = field(default_factory=dict)

    def keep_days(self, work: Work) -> None:
        """Keeps when to look next, where nobody has written meanwhile: a log is not locked while it is read."""
        for facility_id, (number, day) in self.days.items():
            as_read = LogHead.facility_id == facility_id, LogHead.number == number
            work.session.execute(update(LogHead).where(*as_read).values(test_on=day))


def look_again(work: Work, facility: Facility) -> LogHead:
    """Has a facility's shifts looked at when this day is over, which a new entry, or what is recorded of its log,
    may change. Its head, locked; made where there was none."""
    insert = sqlite.insert if work.portal.database.is_sqlite else postgresql.insert
    first = insert(LogHead).values(facility_id=facility.id, number=0, hash="")
    work.session.execute(first.on_conflict_do_nothing(index_elements=["facility_id"]))
    head = work.for_update(LogHead, facility.id)
    over = day_at(work.at, facility.time_zone) + _ONE_DAY
    head.test_on = min(head.test_on or over, over)
    return head


def test(work: Work, fingerprint: str) -> Tested:
    """Keeps what does not hold of the shifts of the last days, at every facility where a night may tell more."""
    ids = select(LogHead.facility_id)
    of_it = FacilityStanding.facility_id == LogHead.facility_id
    due = union(
        ids.where(LogHead.test_on <= day_at(work.at)),
        *(ids.join(FacilityStanding, of_it).where(one) for one in standings.of_other_rules(fingerprint)),
    )
    there = select(Facility, LogHead).join(LogHead, LogHead.facility_id == Facility.id)
    tested = Tested()
    for facility, head in work.session.execute(there.where(Facility.id.in_(due)).order_by(Facility.id)).all():
        _keep(work, facility, head, fingerprint, tested)
    return tested


def _keep(work: Work, facility: Facility, head: LogHead, fingerprint: str, tested: Tested) -> None:
    today = day_at(work.at, facility.time_zone)
    law = law_today(facility.facility_type, today)
    every = log_views.findings_of(work, facility, Span(today - _DAYS, today), law) if law else ()
    found = {place_of(one): one for one in every if one.finding.verdict is Verdict.NOT_MET}
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
    days = _next_days(work, facility, head, every, found.values(), today)
    tested.days[facility.id] = (head.number, min(days, default=None))


def _next_days(
    work: Work, facility: Facility, head: LogHead, every: Iterable[Found], kept: Iterable[Found], today: date
) -> Iterator[date]:
    """The days to come on which the shifts of the last days, asked about again, may be others: a finding's own; on
    which one that is kept lies too far back; after the next usual shift; and after the last entry."""
    zone = facility.time_zone
    days = [one.finding.until for one in every]
    days += [_day(one.shift, zone) + _DAYS + _ONE_DAY for one in kept if one.shift]
    usual = (next_expected(one.pattern, today) for one in log_views.patterns_of(work, facility.id))
    days += [one + _ONE_DAY for one in (*usual, head.made_at and day_at(head.made_at, zone)) if one]
    return (one for one in days if one is not None and one > today)


def place_of(found: Found) -> str:
    """What tells a finding about a shift from the others of its facility."""
    shift = found.shift
    if isinstance(shift, Expected):
        return f"{found.about}:{shift.designation}:{shift.begins.isoformat()}"
    return f"{found.about}:{shift.number if shift else ''}"


def _name(found: Found, zone: str) -> str:
    shift = found.shift
    if shift is None:
        return ""
    return str(Sentence("shift {name} of {day}", name=shift.designation, day=_day(shift, zone)))


def _day(shift: Shift | Expected, zone: str) -> date:
    """The day on which a shift begins."""
    return day_at(shift.begins if isinstance(shift, Expected) else shift.began, zone)


def _row(work: Work, facility: Facility, found: Found, today: date, fingerprint: str) -> KeptRecordFinding:
    finding, shift = found.finding, found.shift
    entries = () if shift is None or isinstance(shift, Expected) else shift.entries
    return KeptRecordFinding(
        facility_id=facility.id,
        about=found.about.value,
        of_id=None if shift is None or isinstance(shift, Expected) else shift.number,
        year=None,
        place=place_of(found),
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
