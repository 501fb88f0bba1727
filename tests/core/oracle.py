"""The points of a facility computed plainly from points_tables.csv, to compare the calculator with.

Shares no code and no data with core: it reads the published tables and counts.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
NONE_ALLOWED = {"combined_sewers", "industrial_sewage", "effluent_sensitivity"}


def table_rows() -> list[dict[str, str]]:
    with (DATA / "points_tables.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def rows_of(regulation: str, facility_type: str) -> tuple[dict[str, str], ...]:
    here = (regulation, facility_type)
    return tuple(row for row in table_rows() if (row["regulation"], row["facility_type"]) == here)


def systems() -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["regulation"], row["facility_type"]) for row in table_rows()))


@cache
def choices(regulation: str, facility_type: str) -> Mapping[str, tuple[object, ...]]:
    """Every key but the measures, with its possible answers."""
    found: dict[str, list[object]] = defaultdict(list)
    for row in rows_of(regulation, facility_type):
        if row["kind"] == "choose_one":
            found[row["group"]].append(row["item"])
        elif row["kind"] in ("each", "greatest"):
            found[f"{row['group']}.{row['item']}"] = [False, True]
    return {key: (("none",) if key in NONE_ALLOWED else ()) + tuple(answers) for key, answers in found.items()}


@cache
def measures(regulation: str, facility_type: str) -> tuple[str, ...]:
    """The measures that give points by themselves."""
    by_group = {
        "population": ("population_served",),
        "flow": ("design_flow_m3_per_day", "peak_month_flow_m3_per_day"),
        "size": ("design_flow_m3_per_day", "peak_month_flow_m3_per_day", "watermain_km"),
        "piping": ("piping_under_600_mm_percent",),
    }
    groups = [row["group"] for row in rows_of(regulation, facility_type) if row["kind"] == "per_unit"]
    return tuple(measure for group in groups for measure in by_group[group])


def nothing(regulation: str, facility_type: str) -> dict[str, object]:
    """Complete answers of a facility that has as little as can be."""
    answers: dict[str, object] = {key: options[0] for key, options in choices(regulation, facility_type).items()}
    return answers | dict.fromkeys(measures(regulation, facility_type), 0)


def holds(row: Mapping[str, str], answers: Mapping[str, object]) -> bool:
    if row["kind"] == "choose_one":
        return answers[row["group"]] == row["item"]
    return answers[f"{row['group']}.{row['item']}"] is True


def consistent(regulation: str, facility_type: str, answers: Mapping[str, object]) -> bool:
    for row in rows_of(regulation, facility_type):
        if row["kind"] in ("per_unit", "cap") or not holds(row, answers):
            continue
        if row["requires"] and answers[f"{row['group']}.{row['requires']}"] is not True:
            return False
        if any(answers[key] is True for key in row["excludes"].split()):
            return False
    return True


def points(regulation: str, facility_type: str, answers: Mapping[str, object]) -> int:
    """The points of complete answers."""
    by_group: dict[str, list[int]] = defaultdict(list)
    greatest = set()
    for row in rows_of(regulation, facility_type):
        if row["kind"] == "per_unit":
            by_group[row["group"]].append(_whole_units(row["group"], answers))
        elif row["kind"] != "cap" and holds(row, answers):
            by_group[row["group"]].append(int(row["points"]))
            greatest |= {row["group"]} if row["kind"] == "greatest" else set()
    totals = {group: max(some) if group in greatest else sum(some) for group, some in by_group.items()}
    effluent = totals.pop("effluent_sensitivity", 0) + totals.pop("effluent_disposal", 0)
    return sum(totals.values()) + min(effluent, 6)


def _whole_units(group: str, answers: Mapping[str, object]) -> int:
    def units(measure: str, per: int) -> int:
        return int(Decimal(str(answers[measure])) // per)

    flows = ("design_flow_m3_per_day", "peak_month_flow_m3_per_day")
    if group == "population":
        return min(units("population_served", 10_000), 10)
    if group == "flow":
        return min(max(units(flow, 4_500) for flow in flows), 10)
    if group == "size":
        return min(max(*(units(flow, 4_500) for flow in flows), units("watermain_km", 100)), 10)
    small = Decimal(str(answers["piping_under_600_mm_percent"]))
    return min(int(small // 10), 5) + int((100 - small) // 10)
