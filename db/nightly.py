"""What is done once a night, at 3:00 in Toronto; a missed night is made up at the next start."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from db import audit, erasure
from db.engine import Database
from db.schema import Lease

log = structlog.get_logger()

_OFFICE = ZoneInfo("America/Toronto")
_HOUR = time(3, 0)
_NAME = "nightly"


def erase_closed_accounts(session: Session, at: datetime) -> None:
    """Erases the contact data of accounts that were closed 30 days ago."""
    if erased := erasure.erase_closed(session, at):
        audit.append(session, at, None, [audit.Entry("accounts.erased", "account", None, {"count": erased})])


JOBS: tuple[Callable[[Session, datetime], None], ...] = (erase_closed_accounts, erasure.forget_stale)


def run_if_due(database: Database, at: datetime) -> bool:
    """Runs the jobs, each in its own transaction, unless they have run since the last 3:00. The lease is held."""
    if not _due(database, at):
        return False
    for job in JOBS:
        try:
            with database.transaction(writes=True) as session:
                job(session, at)
        except Exception:
            log.exception("nightly.failed", job=job.__name__)
    with database.transaction(writes=True) as session:
        session.merge(Lease(name=_NAME, holder="", until=at, last_done=at))
    log.info("nightly.done")
    return True


def _due(database: Database, at: datetime) -> bool:
    with database.transaction(writes=False) as session:
        lease = session.get(Lease, _NAME)
    return lease is None or lease.last_done is None or lease.last_done < _last_night(at)


def _last_night(at: datetime) -> datetime:
    """The last 3:00 of the office's clock at `at`."""
    here = at.astimezone(_OFFICE)
    tonight = datetime.combine(here.date(), _HOUR, _OFFICE)
    return tonight if tonight <= here else datetime.combine(here.date() - timedelta(days=1), _HOUR, _OFFICE)
