"""What the search is timed against: the same answers from DuckDB and pandas over the same lines."""

from typing import Any

import duckdb  # of bench/requirements.txt
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.availability import to_bits
from core.places import closeness, unit_vector
from core.search import Criteria
from db.places import region_of
from db.search_entries import bits
from db.search_schema import SearchEntry, SearchPlace

Towns = list[tuple[str, int]]


def lines(session: Session) -> pd.DataFrame:
    """Every line of the search with its place, one table."""
    place = (SearchPlace.licence_type, SearchPlace.rank, SearchPlace.base_place)
    vector = (SearchPlace.x, SearchPlace.y, SearchPlace.z)
    joined = select(SearchEntry, *place, *vector).join(SearchPlace, SearchPlace.id == SearchEntry.place_id)
    frame = pd.read_sql(joined, session.connection())
    for day in ("expiry", "earliest_start", "valid_from", "valid_until"):
        frame[day] = pd.to_datetime(frame[day])
    return frame


class InDuckDB:
    """DuckDB in memory, with as many threads as it takes by itself."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._duck = duckdb.connect()
        self._duck.register("frame", frame)
        self._duck.execute("create table entry as select * from frame")
        self._duck.unregister("frame")

    def nearest(self, one: Criteria, most: int) -> list[int]:
        rows = self._rows(
            f"select distinct profile_id, dot {_FOUND} order by dot desc, profile_id limit {most}", one
        )
        return [row[0] for row in rows]

    def towns(self, one: Criteria) -> Towns:
        people = "count(distinct profile_id)"
        return self._rows(f"select base_place, {people} {_FOUND} group by base_place order by base_place", one)

    def _rows(self, sql: str, one: Criteria) -> list[Any]:
        x, y, z = unit_vector(one.near)
        values = {
            "x": x, "y": y, "z": z, "type": one.licence_type.value, "lowest": one.ranks[0],
            "highest": one.ranks[-1], "until": one.needed_until, "first": one.needed_from,
            "slots": to_bits(one.slots), "within": closeness(one.within_km), "region": bits([region_of(one.near)]),
        }  # fmt: skip
        return list(self._duck.execute(sql, values).fetchall())


_FOUND = """
from (select *, x * $x + y * $y + z * $z as dot from entry)
where licence_type = $type and rank between $lowest and $highest and expiry >= $until and slots & $slots = $slots
and dot >= $within and (dot >= travel_closeness or chosen_regions & $region != 0)
and (earliest_start is null or earliest_start <= $first) and valid_for_key = ''
and (valid_from is null or valid_from <= $first) and (valid_until is null or valid_until > $until)
"""


class InPandas:
    """A DataFrame, with its types as categories."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame.assign(licence_type=frame["licence_type"].astype("category"))

    def nearest(self, one: Criteria, most: int) -> list[int]:
        found = self._found(one).drop_duplicates("profile_id")
        first = found.sort_values(["dot", "profile_id"], ascending=[False, True]).head(most)
        return [int(id) for id in first["profile_id"]]

    def towns(self, one: Criteria) -> Towns:
        counted = self._found(one).groupby("base_place")["profile_id"].nunique().sort_index()
        return [(str(name), int(people)) for name, people in counted.items()]

    def _found(self, one: Criteria) -> pd.DataFrame:
        x, y, z = unit_vector(one.near)
        slots, first, until = to_bits(one.slots), pd.Timestamp(one.needed_from), pd.Timestamp(one.needed_until)
        frame = self._frame
        held = frame[(frame["licence_type"] == one.licence_type.value) & frame["rank"].isin(one.ranks)]
        dot = held["x"] * x + held["y"] * y + held["z"] * z
        comes = (dot >= held["travel_closeness"]) | ((held["chosen_regions"] & bits([region_of(one.near)])) != 0)
        fits = (
            (dot >= closeness(one.within_km)) & comes & (held["expiry"] >= until)
            & ((held["slots"] & slots) == slots) & (held["valid_for_key"] == "")
            & (held["earliest_start"].isna() | (held["earliest_start"] <= first))
            & (held["valid_from"].isna() | (held["valid_from"] <= first))
            & (held["valid_until"].isna() | (held["valid_until"] > until))
        )  # fmt: skip
        return pd.DataFrame({
            "profile_id": held.loc[fits, "profile_id"], "base_place": held.loc[fits, "base_place"],
            "dot": dot[fits],
        })  # fmt: skip


Peers = tuple[InDuckDB, InPandas]
