"""What deciding on a difference from a listing is, of a certificate or of a facility."""

from typing import Any

from sqlalchemy import select

from core.problems import refuse
from db.gate import Work
from db.register_schema import Discrepancy
from db.schema import AuditEntry
from db.verification import handling


def to_decide(work: Work, discrepancy_id: int, version: int) -> Discrepancy:
    """The difference, locked after its holder: open, as it was seen, and no other officer's to decide."""
    found = work.for_update(Discrepancy, discrepancy_id)
    if found.state != "open" and found.version == version:
        raise refuse("This difference is decided already. The queue shows what still waits.")
    work.touch(found, version)
    handling.must_not_be_taken(work, found)
    return found


def decide(
    work: Work, found: Discrepancy, state: str, reasons: str, import_id: int | None, **about: int | None
) -> None:
    """Decides, and remembers which listing was looked at (None: none stands): it may be withdrawn."""
    found.import_id = import_id
    found.state, found.reasons = state, reasons
    found.decided_at, found.decided_by = work.at, work.account.id
    work.record(f"discrepancy.{state}", "discrepancy", found.id, **about)


def last_confirmed(work: Work, subject: str, ids: Any) -> AuditEntry | None:
    """The last time that one of these, ids of a table as the trail names it, was confirmed."""
    confirmed = select(AuditEntry).where(
        AuditEntry.subject == subject,
        AuditEntry.subject_id.in_(ids),
        AuditEntry.action == f"{subject}.confirmed",
    )
    return work.session.scalar(confirmed.order_by(AuditEntry.id.desc()).limit(1))
