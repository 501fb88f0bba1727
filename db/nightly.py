"""What is done once a night, at 3:00 in Toronto; a missed night is made up at the next start."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from db import kept_findings, log_checks, province_summary, renewals, standings
from db.accounts import erasure
from db.alignment.facilities import hold_against_the_list
from db.alignment.passes import align
from db.engine import Database
from db.gate import Portal, Work, unattended
from db.schema import Lease
from db.verification import facility_overrides

log = structlog.get_logger()

_OFFICE = ZoneInfo("America/Toronto")
_HOUR = time(3, 0)
_NAME = "nightly"


_TRIED_AGAIN_AFTER = timedelta(minutes=10)


def run_if_due(portal: Portal, at: datetime) -> bool:
    """Does the work unless it was done since the last 3:00; whether it was due. The worker's lease is held.

    Where a part of it fails, all is tried again ten minutes later: what is done already is not done twice.
    """
    database = portal.database
    if not _due(database, at):
        return False
    done = _erase_closed_accounts(database, at)
    done = (
        _in_transaction(database, "former", lambda session: erasure.erase_former_employees(session, at)) and done
    )
    done = _unattended(portal, "align", at, lambda work: align(work, "night")) and done
    done = _unattended(portal, "end overrides", at, facility_overrides.end_lapsed) and done
    done = _unattended(portal, "facilities", at, hold_against_the_list) and done
    done = _unattended(portal, "remind", at, renewals.remind) and done
    done = _unattended(portal, "retest", at, kept_findings.retest_due) and done
    done = _unattended(portal, "count standings", at, standings.count_month) and done
    done = _unattended(portal, "summary", at, province_summary.send) and done
    done = _check_logs(portal, at) and done
    done = _in_transaction(database, "forget_stale", lambda session: erasure.forget_stale(session, at)) and done
    with database.transaction(writes=True) as session:
        lease = session.get(Lease, _NAME) or Lease(name=_NAME, holder="")
        lease.until = at if done else at + _TRIED_AGAIN_AFTER
        lease.last_done = at if done else lease.last_done
        session.add(lease)
    log.info("nightly.ended", done=done)
    return True


def _check_logs(portal: Portal, at: datetime) -> bool:
    """Checks the shift logs, each in transactions of its own."""
    try:
        log_checks.check_all(portal, at)
    except Exception:
        log.exception("nightly.failed", job="check logs")
        return False
    return True


def _erase_closed_accounts(database: Database, at: datetime) -> bool:
    """Erases each account in a transaction of its own, so that one that fails keeps no other."""
    due: list[int] = []
    found = _in_transaction(database, "find", lambda session: due.extend(erasure.to_be_erased(session, at)))
    erased = [
        _in_transaction(database, f"erase {account_id}", partial(erasure.erase, at=at, account_id=account_id))
        for account_id in due
    ]
    return found and all(erased)


def _in_transaction(database: Database, job: str, work: Callable[[Session], None]) -> bool:
    """Whether a piece of work was done."""
    try:
        with database.transaction(writes=True) as session:
            work(session)
    except Exception:
        log.exception("nightly.failed", job=job)
        return False
    return True


def _unattended(portal: Portal, job: str, at: datetime, act: Callable[[Work], object]) -> bool:
    """Whether a piece of work was done that leaves entries in the audit trail."""
    try:
        with unattended(portal, at) as work:
            act(work)
    except Exception:
        log.exception("nightly.failed", job=job)
        return False
    return True


def _due(database: Database, at: datetime) -> bool:
    """Not done since the last 3:00, and not tried in the last ten minutes."""
    with database.transaction(writes=False) as session:
        lease = session.get(Lease, _NAME)
    if lease is None:
        return True
    return at >= lease.until and (lease.last_done is None or lease.last_done < _last_night(at))


def _last_night(at: datetime) -> datetime:
    """The last 3:00 of the office's clock at `at`."""
    here = at.astimezone(_OFFICE)
    tonight = datetime.combine(here.date(), _HOUR, _OFFICE)
    return tonight if tonight <= here else datetime.combine(here.date() - timedelta(days=1), _HOUR, _OFFICE)
