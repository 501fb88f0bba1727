"""Entries of logs as rows and back, exactly as they were hashed, and the words by which they are searched."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from core.log_chain import Content, Entry, Kind, Standing
from core.names import plain
from db.gate import Work
from db.log_schema import LogEntry


def entry_of(row: LogEntry | Row[Any]) -> Entry:
    """An entry as the rules know it."""
    return Entry(
        facility=row.facility_id,
        number=row.number,
        made_at=row.made_at,
        happened_at=row.happened_at,
        author=row.author_id,
        author_name=row.author_name,
        standing=Standing(row.standing),
        authorization=row.authorization_id,
        shift=row.shift,
        kind=Kind(row.kind),
        content=Content(
            row.text, row.is_nothing, row.given_by, row.action, row.conclusions, tuple(map(str, row.operators))
        ),
        corrects=row.corrects,
        reason=row.reason,
        previous=row.previous_hash,
        hash=row.hash,
    )


def row_of(entry: Entry) -> LogEntry:
    """The row of an entry that was sealed."""
    content = entry.content
    return LogEntry(
        facility_id=entry.facility,
        number=entry.number,
        made_at=entry.made_at,
        happened_at=entry.happened_at,
        author_id=entry.author,
        author_name=entry.author_name,
        standing=entry.standing.value,
        authorization_id=entry.authorization,
        shift=entry.shift,
        kind=entry.kind.value,
        text=content.text,
        is_nothing=content.nothing,
        given_by=content.by,
        action=content.action,
        conclusions=content.conclusions,
        operators=list(content.operators),
        corrects=entry.corrects,
        reason=entry.reason,
        previous_hash=entry.previous,
        hash=entry.hash,
        plain_words=plain_words(entry),
    )


def plain_words(entry: Entry) -> str:
    """All that is searched of an entry, without accents, capitals and signs."""
    content = entry.content
    said = (content.text, content.by, content.action, content.conclusions, *content.operators, entry.reason)
    return plain(" ".join((*said, entry.author_name, entry.kind.label)))


def of_shifts(work: Work, facility_id: int, numbers: Collection[int]) -> tuple[Entry, ...]:
    """Every entry of some shifts, in their order."""
    return _entries(work, LogEntry.facility_id == facility_id, LogEntry.shift.in_(numbers))


def ends_of_shifts(work: Work, facility_id: int, numbers: Collection[int]) -> tuple[Entry, ...]:
    """Of some shifts how they begin and end, with every correction and what it corrects: by these it is known
    whether another of their entries is late (core.shifts.Shift.is_late)."""
    of_them = (LogEntry.facility_id == facility_id, LogEntry.shift.in_(numbers))
    corrected = select(LogEntry.corrects).where(*of_them, LogEntry.corrects.is_not(None))
    bounds = LogEntry.kind.in_((Kind.BEGAN.value, Kind.ENDED.value))
    return _entries(work, *of_them, or_(bounds, LogEntry.corrects.is_not(None), LogEntry.number.in_(corrected)))


def one(work: Work, facility_id: int, number: int) -> Entry | None:
    """An entry by its number; None where there is none."""
    found = _entries(work, LogEntry.facility_id == facility_id, LogEntry.number == number)
    return found[0] if found else None


def every(session: Session, facility_id: int) -> Iterable[LogEntry]:
    """All rows of a facility, in the order in which they are kept."""
    rows = select(LogEntry).where(LogEntry.facility_id == facility_id).order_by(LogEntry.id)
    return session.scalars(rows.execution_options(yield_per=1000))


def _entries(work: Work, *conditions: ColumnElement[bool]) -> tuple[Entry, ...]:
    # Rows without their objects: an entry never changes, and a log has many.
    rows = work.session.execute(select(*LogEntry.__table__.columns).where(*conditions).order_by(LogEntry.number))
    return tuple(map(entry_of, rows))
