"""A facility's log as pages show it: the shifts of some days with what the law asks of them, and who may write."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from core.calendar import Span, next_edge
from core.facilities import FacilityType
from core.findings import Finding, all_of, until_at_most
from core.legislation import Law
from core.log_chain import Entry, Head, Kind, Standing
from core.logs import chronological, days_of_right, log_accessible, log_provided
from core.places import day_at
from core.records import About, Found, Log, duties_in_charge, shifts_on
from core.shifts import Shift, shifts, with_withdrawn
from db import log_rows
from db.facility_training import law_today
from db.gate import Work
from db.log_rights import Writer
from db.log_schema import LogCheck, LogEntry, LogHead
from db.log_setup import PatternRow, PlaceRow, Setup, patterns_of, places_of, setup_of
from db.schema import Facility

_Other = aliased(LogEntry)
_ONE_DAY = timedelta(days=1)
OF_THE_LOG = (About.LOG, About.ORDER, About.ACCESSIBLE)  # what LogOfFacility.of_the_log is about, in its order


@dataclass(frozen=True)
class CheckRow:
    """What the last check of the chain found, and when."""

    checked_at: datetime
    head: Head
    faults: tuple[str, ...]


@dataclass(frozen=True)
class LogOfFacility:
    """A facility's log on some days.

    right: on what whoever looks may write now; None: not at all. charged_on: the days on which they are in charge;
    author: who they are in entries, None where they only read.
    law: of the day asked about, None where it is not modelled. shifts: those seen on the days (core.shifts), in
    the order of entering; withdrawn: those entered by mistake. open: those that have not ended, whenever they
    began.
    """

    facility_id: int
    facility: str
    facility_type: FacilityType
    zone: str
    today: date
    days: Span
    right: Standing | None
    charged_on: tuple[Span, ...]
    author: int | None
    law: Law | None
    shifts: tuple[Shift, ...]
    withdrawn: tuple[Shift, ...]
    open: tuple[Shift, ...]
    found: tuple[Found, ...]
    duties: tuple[Found, ...]
    of_the_log: tuple[Finding, ...]
    setup: Setup
    head: Head | None
    check: CheckRow | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry of the shifts shown, in the order of the log."""
        return _in_order(self.shifts)


@dataclass(frozen=True)
class Said:
    """What a log says of some days, by the law of one day; None where that is not modelled."""

    zone: str
    law: Law | None
    shifts: tuple[Shift, ...]
    withdrawn: tuple[Shift, ...]
    found: tuple[Found, ...]
    duties: tuple[Found, ...]
    of_the_log: tuple[Finding, ...]


def view(
    work: Work, facility: Facility, days: Span, asking: Writer | None, on: date | None = None
) -> LogOfFacility:
    """The log on some days; asking: what whoever looks may rest an entry on, None where they only read; on: the
    day of whose law and knowledge the findings are, today unless told."""
    today = day_at(work.at, facility.time_zone)
    setup, head = setup_of(work, facility.id), work.session.get(LogHead, facility.id)
    log = _wide(work, facility, log_with(facility, setup.places, setup.patterns), days)
    said = _said(work, facility, log, days, head, on or today)
    open_ = _not_ended(log.entries)
    return LogOfFacility(
        facility_id=facility.id,
        facility=facility.name,
        facility_type=FacilityType(facility.facility_type),
        zone=facility.time_zone,
        today=today,
        days=days,
        right=_right(work, facility, asking, open_),
        charged_on=asking.in_charge if asking else (),
        author=work.account.person_id if asking else None,
        law=said.law,
        shifts=said.shifts,
        withdrawn=said.withdrawn,
        open=open_,
        found=said.found,
        duties=said.duties,
        of_the_log=said.of_the_log,
        setup=setup,
        head=Head(head.number, head.hash) if head and head.number else None,
        check=check_of(work, facility.id),
    )


def said_on(work: Work, facility: Facility, head: LogHead | None, days: Span, day: date) -> Said:
    """What a log says of some days by the law and the knowledge of a day; without a head nothing is recorded of
    it, and nothing is read."""
    if head is None:
        return _said(work, facility, log_with(facility), days, None, day)
    log = log_with(facility, places_of(work, facility.id), patterns_of(work, facility.id))
    return _said(work, facility, _wide(work, facility, log, days), days, head, day)


def _said(work: Work, facility: Facility, log: Log, days: Span, head: LogHead | None, day: date) -> Said:
    law = law_today(facility.facility_type, day)
    every = [one for one in with_withdrawn(log.entries) if one.is_seen_on(days, log.zone)]
    shown = tuple(one for one in every if not one.withdrawn)
    found = shifts_on(log, days, law) if law else ()
    return Said(
        zone=log.zone,
        law=law,
        shifts=shown,
        withdrawn=tuple(one for one in every if one.withdrawn),
        found=found,
        duties=_duties(duties_in_charge(log, days, law), found) if law else (),
        of_the_log=_of_the_log(log, _in_order(shown), _last_entry(work, log, head, law.on), law) if law else (),
    )


def open_shifts(work: Work, facility_id: int) -> tuple[Shift, ...]:
    """The shifts that have begun and not ended, in order of time, with no entries but those of how they began."""
    return _not_ended(log_rows.ends_of_shifts(work, facility_id, _open(work, facility_id)))


def check_of(work: Work, facility_id: int) -> CheckRow | None:
    """What the last check of a log found; None where there was none."""
    row = work.session.get(LogCheck, facility_id)
    if row is None:
        return None
    return CheckRow(row.checked_at, Head(row.number, row.hash), tuple(map(str, row.faults)))


def begins(day: date, zone: str) -> datetime:
    """The moment at which a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def shifts_of(work: Work, facility: Facility, days: Span) -> tuple[Shift, ...]:
    """The shifts seen on some days, in the order in which they were entered, those entered by mistake too."""
    found = with_withdrawn(_of_days(work, facility, days))
    return tuple(one for one in found if one.is_seen_on(days, facility.time_zone))


def shifts_around(work: Work, facility_id: int, moment: datetime) -> tuple[Shift, ...]:
    """The shifts that began in the two days before a moment, with no entries but those of how they began and
    ended."""
    near = _begun(work, facility_id, moment - 2 * _ONE_DAY, moment + timedelta(seconds=1))
    return shifts(log_rows.ends_of_shifts(work, facility_id, near))


# --- what the view is made of -----------------------------------------------------------------------------


def _wide(work: Work, facility: Facility, log: Log, days: Span) -> Log:
    """A log with the entries of some days, and of a day before and after them (core.records.shifts_on)."""
    wide = Span(days.start - _ONE_DAY, (days.end or days.start) + _ONE_DAY)
    return replace(log, entries=_of_days(work, facility, wide))


def log_with(facility: Facility, places: Iterable[PlaceRow] = (), patterns: Iterable[PatternRow] = ()) -> Log:
    """A log as the rules know it, without its entries: what is recorded about it."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for one in places:
        spans[one.about].append(one.span)
    provided, accessible, only = (tuple(spans[about]) or None for about in ("provided", "accessible", "only"))
    return Log(
        zone=facility.time_zone,
        patterns=tuple(one.pattern for one in patterns),
        provided=provided,
        accessible=accessible,
        only=only,
    )


def _of_days(work: Work, facility: Facility, days: Span) -> tuple[Entry, ...]:
    """The entries of the shifts that begin on some days, as they were entered or as they were corrected, and of
    those that have not ended."""
    zone = facility.time_zone
    begun = _begun(work, facility.id, begins(days.start, zone), begins(days.end or days.start, zone))
    return log_rows.of_shifts(work, facility.id, begun | _open(work, facility.id))


def _begun(work: Work, facility_id: int, first: datetime, end: datetime) -> set[int]:
    """The numbers of the shifts that begin from a moment on and before another."""
    begun = select(LogEntry.shift).where(
        LogEntry.facility_id == facility_id,
        LogEntry.kind == Kind.BEGAN.value,
        LogEntry.happened_at >= first,
        LogEntry.happened_at < end,
    )
    return {one for one in work.session.scalars(begun) if one is not None}


def _open(work: Work, facility_id: int) -> set[int]:
    """The numbers of the shifts that have begun and not ended."""
    corrected = exists().where(_Other.facility_id == facility_id, _Other.corrects == LogEntry.number)
    ended = select(LogEntry.shift).where(
        LogEntry.facility_id == facility_id, LogEntry.kind == Kind.ENDED.value, ~corrected
    )
    begun = select(LogEntry.shift).where(
        LogEntry.facility_id == facility_id,
        LogEntry.kind == Kind.BEGAN.value,
        ~corrected,
        LogEntry.shift.not_in(ended),
    )
    return {one for one in work.session.scalars(begun) if one is not None}


def _not_ended(entries: Iterable[Entry]) -> tuple[Shift, ...]:
    """Those shifts of entries that have not ended, in order of time."""
    return tuple(sorted((one for one in shifts(entries) if one.ended is None), key=lambda one: one.began))


def _in_order(shown: Iterable[Shift]) -> tuple[Entry, ...]:
    return tuple(sorted((one for shift in shown for one in shift.entries), key=lambda one: one.number))


def _right(work: Work, facility: Facility, asking: Writer | None, open_: Iterable[Shift]) -> Standing | None:
    """On what whoever looks may begin a shift, or write in one that lasts."""
    if asking is None:
        return None
    began = [None, *(one.began for one in open_)]
    days = (days_of_right(work.at, one, None, facility.time_zone) for one in began)
    found = [right.standing for one in days if (right := asking.right_on(one))]
    return min(found, key=list(Standing).index, default=None)


def _duties(said: tuple[Found, ...], found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The four duties of s. 18 (2): those of which somebody has to say, and those that every shift's log shows."""
    of_each = {about: [one for one in found if one.about is about] for about in (About.ADJUSTMENTS, About.STATUS)}
    shown = (
        Found(about, all_of(rows[0].finding.citation, *(one.finding for one in rows)))
        for about, rows in of_each.items()
        if rows
    )
    return (*said, *shown)


def _of_the_log(log: Log, shown: Iterable[Entry], last: date | None, law: Law) -> tuple[Finding, ...]:
    """That there is a log, the order of the entries shown, and that all of it is at hand. last: the day of its
    last entry; None before the first, when nothing is known of any."""
    made = [one.made_at for one in shown if day_at(one.made_at, log.zone) <= law.on]
    provided, accessible = of_itself(log, [last] if last else (), law)
    return provided, chronological(made if last else None, law), accessible


def of_itself(log: Log, entered: Collection[date], law: Law) -> tuple[Finding, Finding]:
    """That there is a log, and that all of it is at hand; entered: days of entries. Before the first of them, and
    before the first day on which it is said to be somewhere, nothing is known."""
    first = min(entered, default=None)
    known = entered if first and first <= law.on else None
    provided = log_provided(_said_by(log.provided, law.on), law)
    accessible = log_accessible(known, _said_by(log.accessible, law.on), law)
    accessible = until_at_most(accessible, next_edge(log.accessible or (), law.on))
    return (
        until_at_most(provided, next_edge(log.provided or (), law.on)),
        until_at_most(accessible, first if known is None else None),
    )


def _said_by(spans: tuple[Span, ...] | None, on: date) -> tuple[Span, ...] | None:
    """The days on which something is so; None before the first of them: of earlier days nobody has said."""
    return spans if spans and min(one.start for one in spans) <= on else None


def _last_entry(work: Work, log: Log, head: LogHead | None, on: date) -> date | None:
    """The day of the last entry made by the end of a day."""
    made = head.made_at if head else None
    if head and made and day_at(made, log.zone) > on:
        of_log = LogEntry.facility_id == head.facility_id, LogEntry.made_at < begins(on + _ONE_DAY, log.zone)
        made = work.session.scalar(select(func.max(LogEntry.made_at)).where(*of_log))
    return day_at(made, log.zone) if made else None
