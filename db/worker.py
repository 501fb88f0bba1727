"""The worker: sends the outbox, runs the nightly jobs and keeps what the search reads up to date. In the app's
process, or alone: `python -m db.worker`.

Any number may run; a lease lets one work, and another takes over within two minutes when it dies.
"""

import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import structlog

from db import lease, logs, nightly, search_entries
from db.gate import Portal, now
from db.mail import delivery
from db.settings import WrongSetting, load
from db.start import CannotStart, open_portal

log = structlog.get_logger()

_LEASE = "worker"
_LEASE_LASTS = timedelta(minutes=2)
_PAUSE = 5.0  # seconds between looks into the outbox


class Worker:
    """One worker of a portal. `run` works until `stop` is called, from any thread."""

    def __init__(self, portal: Portal, pause: float = _PAUSE) -> None:
        self._portal = portal
        self._pause = pause
        self._name = uuid4().hex
        self._stopped = threading.Event()

    def run(self) -> None:
        """Works, then pauses, until stopped. What goes wrong is logged, and tried again after the pause."""
        while not self._stopped.is_set():
            try:
                self.work()
            except Exception:
                log.exception("worker.failed")
            self._stopped.wait(self._pause)
        self._leave()

    def work(self) -> None:
        """What is due now, if no other worker is at it."""
        if not self._holds_lease():
            return
        nightly.run_if_due(self._portal, now())
        if self._portal.settings.smtp_host:
            delivery.send_due(self._portal, now, self._holds_lease)
        search_entries.refresh_all(self._portal.database, self._holds_lease)

    def stop(self) -> None:
        self._stopped.set()

    def _holds_lease(self) -> bool:
        return not self._stopped.is_set() and lease.take(
            self._portal.database, _LEASE, self._name, now(), _LEASE_LASTS
        )

    def _leave(self) -> None:
        try:
            lease.give_back(self._portal.database, _LEASE, self._name, now())
        except Exception:
            log.exception("worker.failed")


def start(portal: Portal, pause: float = _PAUSE) -> Callable[[], None]:
    """Starts a worker in a thread; what it returns stops it, after the mail that it is sending."""
    worker = Worker(portal, pause)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()

    def stop() -> None:
        worker.stop()
        thread.join(timeout=30)

    return stop


def main() -> None:
    """Works until the process is told to end."""
    try:
        settings = load()
        portal = open_portal(settings)
    except (WrongSetting, CannotStart) as error:
        sys.exit(str(error))
    logs.configure(settings.log_level)
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    stop = start(portal)
    signal.sigwait(ends)
    stop()
    portal.database.close()


if __name__ == "__main__":
    main()
