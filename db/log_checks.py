"""Whether a log is as it was written: its chain, held against the audit trail, which keeps each hash beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.log_chain import Break, BreakKind, Entry, Head, breaks
from core.membership import Right
from core.places import day_at
from core.roles import Role
from db import log_rows, members
from db.gate import Portal, Work, unattended
from db.log_schema import LogCheck, LogHead
from db.own_facilities import relation_stands
from db.schema import Account, AccountRole, AuditEntry, Facility, FacilityRelation

_MOST_FAULTS = 20  # that are named: of a log written anew every entry is one


@dataclass(frozen=True)
class Checked:
    """What a check found: up to which entry, and what is wrong."""

    head: Head
    faults: tuple[str, ...]


def look(portal: Portal, facility_id: int) -> Checked:
    """Reads a facility's whole log at one moment; nobody who writes has to wait meanwhile."""
    with portal.database.snapshot() as session:
        return _look(session, facility_id)


def _look(session: Session, facility_id: int) -> Checked:
    kept = session.get_one(LogHead, facility_id)
    written = _written(session, facility_id)
    rows = list(log_rows.every(session, facility_id))
    every = [log_rows.entry_of(row) for row in rows]
    head = Head(kept.number, kept.hash)
    newest = max(written, default=0)
    end = head if newest <= head.number else Head(newest, written[newest])
    found = {*breaks(every, end), *_not_as_in_the_trail(every, written)}
    found |= {
        Break(BreakKind.ALTERED, row.number)
        for row, one in zip(rows, every, strict=True)
        if row.plain_words != log_rows.plain_words(one)
    }
    faults = _sentences(found)
    if newest != head.number:
        template = f"The log says that entry {head.number} is its last; the audit trail says entry {newest}."
        faults = (template, *faults)
    return Checked(head, faults)


def check_all(portal: Portal, at: datetime) -> None:
    """Checks every log, once a night, each by itself."""
    with portal.database.transaction(writes=False) as session:
        ids = session.scalars(
            select(LogHead.facility_id).where(LogHead.number > 0).order_by(LogHead.facility_id)
        ).all()
    for facility_id in ids:
        checked = look(portal, facility_id)
        with unattended(portal, at) as work:
            keep(work, facility_id, checked)


def _written(session: Session, facility_id: int) -> dict[int, str]:
    """The hash of each entry, by its number, as the audit trail has it."""
    rows = session.scalars(
        select(AuditEntry.details).where(
            AuditEntry.subject == "shift_log",
            AuditEntry.subject_id == facility_id,
            AuditEntry.action == "log.written",
        )
    )
    return {int(one["number"]): str(one["hash"]) for one in rows}


def _not_as_in_the_trail(every: Iterable[Entry], written: dict[int, str]) -> set[Break]:
    """Entries whose hash is another one than when they were written: sealed anew, with all that follow."""
    return {
        Break(BreakKind.ALTERED if one.number in written else BreakKind.INSERTED, one.number)
        for one in every
        if written.get(one.number) != one.hash
    }


def _sentences(found: Iterable[Break]) -> tuple[str, ...]:
    """What is wrong, the first first: an entry that was put in at another's number is said once."""
    said = list(dict.fromkeys(str(one.sentence) for one in sorted(found, key=lambda one: (one.number, one.kind))))
    more = len(said) - _MOST_FAULTS
    return (*said[:_MOST_FAULTS], *([f"Further breaks: {more}."] if more > 0 else []))


def keep(work: Work, facility_id: int, checked: Checked) -> None:
    """Keeps what a check found, and tells the owner and the managers what is new of it."""
    row = work.session.get(LogCheck, facility_id)
    before = tuple(map(str, row.faults)) if row else ()
    if row is None:
        row = LogCheck(facility_id=facility_id)
        work.session.add(row)
    row.checked_at, row.number, row.hash = work.at, checked.head.number, checked.head.hash
    row.faults, row.broken = list(checked.faults), bool(checked.faults)
    if not checked.faults or checked.faults == before:
        return
    work.record("log.broken", "shift_log", facility_id, faults=len(checked.faults))
    facility = work.session.get_one(Facility, facility_id)
    values = {"facility": facility.name, "faults": [[one] for one in checked.faults]}
    work.mail_all("log_broken", dict.fromkeys(_readers(work, facility_id), values))


def _readers(work: Work, facility_id: int) -> list[Account]:
    """Whoever records for the facility, and the managers."""
    holding = select(FacilityRelation.organization_id).where(
        FacilityRelation.facility_id == facility_id, relation_stands(day_at(work.at))
    )
    of_it = [
        account
        for one in sorted(set(work.session.scalars(holding)))
        for account in members.holders(work, Right.RECORD, one, facility_id)
    ]
    manages = select(AccountRole.account_id).where(
        AccountRole.role == Role.MANAGER, AccountRole.ended_at.is_(None)
    )
    managers = select(Account).where(Account.id.in_(manages), Account.state == "active").order_by(Account.id)
    return list(dict.fromkeys((*of_it, *work.session.scalars(managers))))
