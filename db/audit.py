"""The audit trail: append-only, each entry chained to the one before by a hash."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from db.schema import AuditEntry, AuditHead

FIRST_HASH = "0" * 64

# Made once, and of the tables themselves, because every service that writes ends with them.
_ENTRIES, _HEAD = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
_LAST = select(_HEAD.c.last_id, _HEAD.c.last_hash).where(_HEAD.c.id == 1).with_for_update()
_ADD = insert(_ENTRIES)
_LEAD_TO = (
    update(_HEAD).where(_HEAD.c.id == 1).values(last_id=bindparam("number"), last_hash=bindparam("its_hash"))
)


@dataclass(frozen=True)
class Entry:
    """What is to be recorded: an action on a subject. `details` holds no personal data."""

    action: str
    subject: str
    subject_id: int | None
    details: dict[str, Any]


def append(session: Session, at: datetime, account_id: int | None, entries: Iterable[Entry]) -> None:
    """Adds entries to the trail, in the transaction of `session`; the head row keeps two from adding at once."""
    session.flush()  # before the head is locked, for which others wait
    rows: list[dict[str, Any]] = []
    last_id, last_hash = session.execute(_LAST).one()
    for entry in entries:
        last_id += 1
        row = vars(entry) | {"id": last_id, "at": at, "account_id": account_id, "previous_hash": last_hash}
        last_hash = _hash_of(row)
        rows.append(row | {"hash": last_hash})
    if rows:
        session.execute(_ADD, rows)
        session.execute(_LEAD_TO, {"number": last_id, "its_hash": last_hash})


@dataclass(frozen=True)
class End:
    """An entry of the trail and its hash: kept elsewhere, it proves later that all up to it is unchanged."""

    number: int
    hash: str


@dataclass(frozen=True)
class Verification:
    """The last entry that was read, and what is wrong, one sentence each; empty when the chain is whole."""

    end: End
    faults: tuple[str, ...]

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return self.end.number


def verify(session: Session, expected: End | None = None) -> Verification:
    """Reads the whole trail and names every entry that was altered, removed, inserted or reordered.

    The chain alone cannot show that its end was cut off together with the head, or that all of it was written
    anew: that shows by an `expected` entry, whose hash was kept elsewhere. Give it a session of one moment
    (Database.snapshot), so that what is written meanwhile is no fault.
    """
    head = _head(session)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    last_id, last_hash, faults = 0, FIRST_HASH, list[str]()
    for row in entries:
        faults.extend(_faults(row, last_id, last_hash))
        last_id, last_hash = row.id, row.hash
        if expected and row.id == expected.number and row.hash != expected.hash:
            faults.append(f"Entry {row.id} is another one than when its hash was kept elsewhere.")
    if (last_id, last_hash) != (head.last_id, head.last_hash):
        faults.append(f"The trail ends at entry {last_id}, but entry {head.last_id} was the last one written.")
    if expected and expected.number > last_id:
        faults.append(f"Entry {expected.number} is missing: it was on file when its hash was kept elsewhere.")
    return Verification(End(last_id, last_hash), tuple(faults))


def _head(session: Session) -> AuditHead:
    return session.execute(select(AuditHead).where(AuditHead.id == 1)).scalar_one()


def _faults(row: AuditEntry, last_id: int, last_hash: str) -> Iterator[str]:
    if row.id != last_id + 1:
        yield f"Entry {last_id + 1} is missing: entry {row.id} follows entry {last_id}."
    if row.previous_hash != last_hash:
        yield f"Entry {row.id} does not follow from entry {last_id}."
    if row.hash != _hash(row):
        yield f"Entry {row.id} was altered."


_HASHED = ("account_id", "action", "subject", "subject_id", "details", "previous_hash")


def _hash(row: AuditEntry) -> str:
    return _hash_of({name: getattr(row, name) for name in ("id", "at", *_HASHED)})


def _hash_of(row: Mapping[str, Any]) -> str:
    content = [row["id"], row["at"].isoformat(timespec="microseconds"), *(row[name] for name in _HASHED)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
