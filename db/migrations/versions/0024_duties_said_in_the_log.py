"""What was said of duties goes into the chain of its log: entries of the day of migration, with their own time."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.log_chain import Content, Entry, Head, Kind, Standing, head_of, not_before, sealed
from core.names import plain

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_HEAD = sa.table(
    "log_head", sa.column("facility_id"), sa.column("number"), sa.column("hash"), sa.column("made_at", _MOMENT)
)
_ENTRY = sa.table(
    "log_entry",
    *map(sa.column, ("facility_id", "number", "author_id", "author_name", "standing", "shift", "kind", "text")),
    *map(sa.column, ("is_nothing", "given_by", "action", "conclusions", "reason", "previous_hash", "hash")),
    sa.column("plain_words"),
    sa.column("operators", sa.JSON),
    *(sa.column(name, _MOMENT) for name in ("made_at", "happened_at")),
)
_TRAIL = sa.table(
    "audit_entry",
    *map(sa.column, ("id", "action", "subject", "subject_id", "previous_hash", "hash")),
    sa.column("at", _MOMENT),
    sa.column("details", sa.JSON),
)
_TRAIL_HEAD = sa.table("audit_head", sa.column("last_id"), sa.column("last_hash"))
_SAID = sa.text(
    "select duty_statement.*, person.id as person_id, "
    "trim(person.given_name || ' ' || person.family_name) as name "
    "from duty_statement join account on account.id = said_by join person on person.id = account.person_id "
    "order by duty_statement.id"
).columns(said=sa.Boolean, said_at=_MOMENT)
_REASON = "It was said at this time, before the log had entries for such words, and was brought into it later."


def upgrade() -> None:
    now = datetime.now(UTC)
    for said in op.get_bind().execute(_SAID).all():
        _write(said, now)
    op.drop_table("duty_statement")


def _write(said: Any, now: datetime) -> None:
    """One statement as the last entry of its log, and in the audit trail."""
    bind = op.get_bind()
    last = bind.execute(sa.select(_HEAD).where(_HEAD.c.facility_id == said.facility_id)).one()
    entry = sealed(
        Entry(
            facility=said.facility_id,
            number=0,
            made_at=not_before(now, _aware(last.made_at)),
            happened_at=_aware(said.said_at),
            author=said.person_id,
            author_name=said.name,
            standing=Standing.IN_CHARGE,
            authorization=None,
            shift=said.shift,
            kind=Kind(said.about),
            content=Content(text="Yes" if said.said else "No"),
            reason=_REASON,
        ),
        Head(last.number, last.hash),
    )
    content = entry.content
    bind.execute(
        sa.insert(_ENTRY).values(
            facility_id=entry.facility,
            number=entry.number,
            made_at=entry.made_at,
            happened_at=entry.happened_at,
            author_id=entry.author,
            author_name=entry.author_name,
            standing=entry.standing.value,
            shift=entry.shift,
            kind=entry.kind.value,
            text=content.text,
            is_nothing=False,
            given_by="",
            action="",
            conclusions="",
            operators=[],
            reason=entry.reason,
            previous_hash=entry.previous,
            hash=entry.hash,
            plain_words=plain(f"{content.text} {entry.reason} {entry.author_name} {entry.kind.label}"),
        )
    )
    head = head_of(entry)
    changed = {"number": head.number, "hash": head.hash, "made_at": entry.made_at}
    bind.execute(sa.update(_HEAD).where(_HEAD.c.facility_id == entry.facility).values(changed))
    _record(entry)


def _record(entry: Entry) -> None:
    """The entry in the audit trail, chained as db.audit does."""
    bind = op.get_bind()
    last = bind.execute(sa.select(_TRAIL_HEAD)).one()
    details = {"number": entry.number, "hash": entry.hash, "kind": entry.kind.value}
    number, at, named = last.last_id + 1, entry.made_at, ("log.written", "shift_log", entry.facility)
    written = [number, at.isoformat(timespec="microseconds"), None, *named, details, last.last_hash]
    made = sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
    action, subject, subject_id = named
    bind.execute(
        sa.insert(_TRAIL).values(
            id=number, at=at, action=action, subject=subject, subject_id=subject_id, details=details,
            previous_hash=last.last_hash, hash=made,
        )
    )  # fmt: skip
    bind.execute(sa.update(_TRAIL_HEAD).values(last_id=number, last_hash=made))


def _aware(moment: datetime) -> datetime:
    """A moment as SQLite and PostgreSQL give it, in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
