"""Reading the logs of facilities: which there are, one on some days, search, print, export, and the check of the
chain. Each look is recorded: logs name people.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from core import entries, people_entries
from core.calendar import Span
from core.log_chain import Entry, Head, Kind
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.shifts import Shift, shifts, with_withdrawn
from db import log_checks, log_rows, log_views
from db.gate import Asker, NotAllowed, Work, in_steps, service
from db.listing import Listing, one_page
from db.log_checks import Checked
from db.log_rights import OFFICE, READERS, WRITERS, read, readable, writer
from db.log_schema import LogCheck, LogEntry, LogHead
from db.log_views import LogOfFacility
from db.names import holds, numbered
from db.schema import Facility

_MOST_DAYS = 62  # shown at once
_AT_ONCE = 500  # shifts whose entries are read in one statement
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What is searched for in a log: words, a kind, a person by id, and the days on which it happened."""

    words: str = ""
    kind: str = ""
    person: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class LogRow:
    """A facility's log in a list: when the last entry was made, and how many faults the last check found."""

    facility_id: int
    facility: str
    last_made_at: datetime | None
    entries: int
    faults: int


@dataclass(frozen=True)
class Found:
    """What a search found: entries, the newest first, of a facility in its zone, with the numbers of those that
    were corrected and of those that came late; who writes in the log, by id."""

    facility: str
    zone: str
    listing: Listing[Entry]
    corrected: frozenset[int]
    late: frozenset[int]
    authors: dict[int, str]


@dataclass(frozen=True)
class Printed:
    """Entries to be printed: of some days or of one shift, with the chain's head at that moment."""

    facility: str
    zone: str
    days: Span
    shifts: tuple[Shift, ...]
    head: Head
    made_at: datetime


@service(*READERS)
def logs(work: Work, words: str = "", page: int = 1) -> Listing[LogRow]:
    """The facilities whose logs whoever asks may read, 50 a page: broken ones first, then those in which something
    was written, then by name; for the office's staff no others than those."""
    found = (
        select(Facility, LogHead, LogCheck)
        .outerjoin(LogHead, LogHead.facility_id == Facility.id)
        .outerjoin(LogCheck, LogCheck.facility_id == Facility.id)
        .where(readable(work))
    )
    if entries.clean(words):
        found = found.where(or_(holds(Facility.plain_name, words), numbered(Facility.ministry_number, words)))
    if not work.roles.isdisjoint(OFFICE):
        found = found.where(LogHead.number > 0)
    broken = func.coalesce(LogCheck.broken, false())
    written = case((LogHead.number > 0, 0), else_=1)
    ordered = found.order_by(broken.desc(), written, Facility.name, Facility.id)
    rows, total, page = one_page(work, ordered, page)
    shown = (_row(facility, head, checked) for facility, head, checked in rows)
    return Listing(tuple(shown), total, page)


@service(*READERS)
def may_read(work: Work, facility_id: int) -> bool:
    """Whether there is a facility of this id whose log whoever asks may read."""
    try:
        read(work, facility_id)
    except NotAllowed:
        return False
    return True


@service(*READERS, shows_personal_data=True)
def log(work: Work, facility_id: int, last: date | None = None, count: int = 2) -> LogOfFacility:
    """A facility's log on so many days through a last one, today unless told."""
    facility = read(work, facility_id)
    days = _days(work, facility, last, count)
    work.record("log.shown", "facility", facility.id, first=days.start.isoformat(), last=str(days.last))
    asking = None if work.roles.isdisjoint(WRITERS) else writer(work, facility.id)
    return log_views.view(work, facility, days, asking)


@service(*READERS, shows_personal_data=True)
def search(work: Work, facility_id: int, filters: Filters = Filters(), page: int = 1) -> Found:
    """Entries of a facility's log, the newest first, 50 a page. Raises Refused where the last day lies before the
    first."""
    facility = read(work, facility_id)
    work.record("log.searched", "facility", facility.id)
    rows, total, page = one_page(work, _matching(facility, filters), page)
    shown = tuple(log_rows.entry_of(row) for (row,) in rows)
    return Found(
        facility.name,
        facility.time_zone,
        Listing(shown, total, page),
        _corrected(work, facility.id, [one.number for one in shown]),
        _late(work, facility.id, shown),
        _authors(work, facility.id),
    )


@service(*READERS, shows_personal_data=True)
def exported(work: Work, facility_id: int, filters: Filters = Filters()) -> Found:
    """Every entry that a search finds, to be taken along. Raises Refused as `search` does."""
    facility = read(work, facility_id)
    work.record("log.exported", "facility", facility.id)
    rows = work.session.scalars(_matching(facility, filters))
    shown = tuple(map(log_rows.entry_of, rows))
    corrected = _corrected(work, facility.id, [one.number for one in shown])
    late = _late(work, facility.id, shown)
    return Found(facility.name, facility.time_zone, Listing(shown, len(shown), 1), corrected, late, {})


@service(*READERS, shows_personal_data=True)
def printed(
    work: Work, facility_id: int, last: date | None = None, count: int = 2, shift: int | None = None
) -> Printed:
    """The shifts that begin on some days, or one shift, to be printed with the chain's head."""
    facility = read(work, facility_id)
    work.record("log.printed", "facility", facility.id, shift=shift)
    days = _days(work, facility, last, count)
    if shift is None:
        shown = log_views.shifts_of(work, facility, days)
    else:
        shown = with_withdrawn(log_rows.of_shifts(work, facility.id, [shift]))
        if not shown:
            raise refuse("There is no such shift in this log. Look at what stands now.")
        day = day_at(shown[0].began, facility.time_zone)
        days = Span(day, day + _ONE_DAY)
    head = work.session.get(LogHead, facility.id)
    end = Head(head.number, head.hash) if head else Head(0, "")
    return Printed(facility.name, facility.time_zone, days, shown, end, work.at)


@in_steps(*READERS, writes=True)
def check(asker: Asker, facility_id: int) -> Checked:
    """Reads a facility's whole log now, and says what is not as it was written. Meanwhile others write on."""
    _begin_check(asker, facility_id)
    checked = log_checks.look(asker.portal, facility_id)
    _keep_check(asker, facility_id, checked)
    return checked


@service(*READERS, writes=True)
def _begin_check(work: Work, facility_id: int) -> None:
    facility = read(work, facility_id)
    head = work.session.get(LogHead, facility.id)
    if head is None or head.number == 0:
        raise refuse("This log has no entry yet, so there is nothing to check.")
    work.record("log.checked", "shift_log", facility.id)


@service(*READERS, writes=True)
def _keep_check(work: Work, facility_id: int, checked: Checked) -> None:
    log_checks.keep(work, read(work, facility_id).id, checked)


# --- what they share ----------------------------------------------------------------------------------------


def _row(facility: Facility, head: LogHead | None, checked: LogCheck | None) -> LogRow:
    return LogRow(
        facility.id,
        facility.name,
        head.made_at if head else None,
        head.number if head else 0,
        len(checked.faults) if checked else 0,
    )


def _days(work: Work, facility: Facility, last: date | None, count: int) -> Span:
    end = (last or day_at(work.at, facility.time_zone)) + _ONE_DAY
    if not 1 <= count <= _MOST_DAYS:
        raise refuse("At most {most} days are shown at once. Choose fewer, or search.", most=_MOST_DAYS)
    return Span(end - count * _ONE_DAY, end)


def _matching(facility: Facility, filters: Filters) -> Select[LogEntry]:
    if filters.first and filters.last:
        raise_if_any(people_entries.days(filters.first, filters.last))
    found = select(LogEntry).where(LogEntry.facility_id == facility.id, *_conditions(facility, filters))
    return found.order_by(LogEntry.number.desc())


def _conditions(facility: Facility, filters: Filters) -> list[ColumnElement[bool]]:
    conditions = []
    if entries.clean(filters.words):
        conditions.append(holds(LogEntry.plain_words, filters.words))
    if filters.kind in tuple(Kind):
        conditions.append(LogEntry.kind == filters.kind)
    if filters.person is not None:
        conditions.append(LogEntry.author_id == filters.person)
    if filters.first is not None:
        conditions.append(LogEntry.happened_at >= log_views.begins(filters.first, facility.time_zone))
    if filters.last is not None:
        after = log_views.begins(filters.last + _ONE_DAY, facility.time_zone)
        conditions.append(LogEntry.happened_at < after)
    return conditions


def _corrected(work: Work, facility_id: int, numbers: list[int]) -> frozenset[int]:
    """Those of some entries that a later one corrects."""
    if not numbers:
        return frozenset()
    between = and_(LogEntry.corrects >= min(numbers), LogEntry.corrects <= max(numbers))
    rows = work.session.scalars(select(LogEntry.corrects).where(LogEntry.facility_id == facility_id, between))
    return frozenset(one for one in rows if one is not None)


def _late(work: Work, facility_id: int, shown: tuple[Entry, ...]) -> frozenset[int]:
    """Those of some entries that were written after their shift had ended."""
    of_shift: dict[int, list[Entry]] = defaultdict(list)
    for one in shown:
        if one.shift is not None:
            of_shift[one.shift].append(one)
    numbers, found = sorted(of_shift), set[int]()
    for some in range(0, len(numbers), _AT_ONCE):
        these = numbers[some : some + _AT_ONCE]
        every = [*log_rows.ends_of_shifts(work, facility_id, these), *(one for n in these for one in of_shift[n])]
        known = {one.number: one for one in every}
        for shift in shifts(known[number] for number in sorted(known)):
            found |= {one.number for one in shift.entries if shift.is_late(one)}
    return frozenset(found)


def _authors(work: Work, facility_id: int) -> dict[int, str]:
    """Who has written in a log, by name; of one who was called otherwise before, the last name."""
    rows = work.session.execute(
        select(LogEntry.author_id, LogEntry.author_name)
        .where(LogEntry.facility_id == facility_id)
        .group_by(LogEntry.author_id, LogEntry.author_name)
    )
    return dict(sorted(((id, name) for id, name in rows), key=lambda one: one[1]))
