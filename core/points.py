"""Point systems: what the tables of the Schedules say, as read from core/law/*/points/*.toml.

O. Reg. 129/04, Sched. 1.1 and 1.2; O. Reg. 435/93, Sched. 1; O. Reg. 128/04, Sched. 1.1 to 1.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from core.calendar import Span
from core.citations import Citation
from core.law_files import LAW, LawFileError, load, row

NONE = "none"  # the answer that no row of a group holds, where the group allows it


@dataclass(frozen=True)
class Measure:
    """What is measured at a facility; `includes` names a measure that is part of this one.

    A number beyond `at_most` is refused as a slip of the pen.
    """

    name: str
    label: str
    unit: str
    at_most: int
    whole: bool = False
    includes: str | None = None


@dataclass(frozen=True)
class Decides:
    """A measure makes an item true `above` a value and false `not_up_to` a value, both of the law."""

    measure: str
    above: int | None = None
    not_up_to: int | None = None

    def holds(self, value: Decimal) -> bool | None:
        """Whether the item is true at this value; None where the measure does not tell."""
        if self.above is not None and value > self.above:
            return True
        if self.not_up_to is not None and value <= self.not_up_to:
            return False
        return None


@dataclass(frozen=True)
class Item:
    """A row of a points table. `requires` and `excludes` are keys, "group.item".

    `expects` names a group of which some row is to be expected beside this one: a question, not an error.
    """

    id: str
    group: str
    points: int
    citation: Citation
    label: str
    requires: str | None = None
    excludes: tuple[str, ...] = ()
    expects: str | None = None
    decided_by: tuple[Decides, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.group}.{self.id}"


@dataclass(frozen=True)
class Band:
    """A row of a choose_one group by a measure: below a value, up to a value, or the rest."""

    item: str
    below: int | None = None
    up_to: int | None = None

    def holds(self, value: Decimal) -> bool:
        if self.below is not None:
            return value < self.below
        return self.up_to is None or value <= self.up_to


@dataclass(frozen=True)
class MeasuredBy:
    """The measure that may be given instead of the item it decides; any value agrees with `agrees_with`."""

    measure: str
    bands: tuple[Band, ...]
    agrees_with: tuple[str, ...] = ()

    def item_at(self, value: Decimal) -> str:
        return next(band.item for band in self.bands if band.holds(value))


@dataclass(frozen=True)
class Group:
    """A group of rows: each that is true counts, one is chosen, or only the greatest counts (by `rule`)."""

    name: str
    kind: Literal["each", "choose_one", "greatest"]
    label: str
    help: str
    items: tuple[Item, ...]
    none: bool = False
    rule: Citation | None = None
    readings: tuple[str, ...] = ()
    measured_by: MeasuredBy | None = None


@dataclass(frozen=True)
class Unit:
    """One point for every whole `per` of a measure, or of the `rest` that it leaves of the whole."""

    measure: str
    per: int
    rest: bool = False
    at_most: int | None = None


@dataclass(frozen=True)
class GreatestOf:
    """Points for whole units of the measure that gives most, at most so many."""

    name: str
    label: str
    help: str
    citation: Citation
    at_most: int
    units: tuple[Unit, ...]
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shares:
    """Points for whole units of one measure and of the rest of the whole, added up."""

    name: str
    label: str
    help: str
    citation: Citation
    whole: int
    units: tuple[Unit, ...]
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cap:
    """At most so many points for several groups together."""

    groups: tuple[str, ...]
    at_most: int
    citation: Citation


@dataclass(frozen=True, eq=False)
class PointSystem:
    """The points of one type of facility under one version of a regulation, read once and kept."""

    regulation: str
    facility_type: str
    sections: tuple[Citation, ...]  # what in the Schedules sends a facility of this type to its tables
    span: Span
    whole_units: tuple[GreatestOf | Shares, ...]
    caps: tuple[Cap, ...]
    groups: tuple[Group, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """The measures that this system reads, by name, in the order of the tables."""
        return {name: measures()[name] for name in self._measure_names()}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key that an answer may have, measures first."""
        chosen = [group.name for group in self.groups if group.kind == "choose_one"]
        items = [item.key for group in self.groups if group.kind != "choose_one" for item in group.items]
        return (*self.measures, *chosen, *items)

    def _measure_names(self) -> list[str]:
        names = [unit.measure for rule in self.whole_units for unit in rule.units]
        names += [group.measured_by.measure for group in self.groups if group.measured_by]
        return names + [decides.measure for item in self.items for decides in item.decided_by]


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by name."""
    path = LAW / "measures.toml"
    return {name: row(Measure, table, f"{path}: {name}", name=name) for name, table in load(path).items()}


def read_point_system(path: Path, regulation: str) -> PointSystem:
    """The point system in a file. Raises LawFileError for what the file may not say."""
    data = load(path)
    first_day: date = data.pop("first_day")
    last_day: date | None = data.pop("last_day", None)
    system = row(
        PointSystem,
        {"facility_type": data.pop("facility_type")},
        str(path),
        regulation=regulation,
        sections=tuple(Citation(regulation, section) for section in data.pop("sections")),
        span=Span(first_day, last_day and last_day + timedelta(days=1)),
        whole_units=(
            *(_whole_units(GreatestOf, table, regulation, path) for table in data.pop("greatest_of", [])),
            *(_whole_units(Shares, table, regulation, path) for table in data.pop("shares", [])),
        ),
        caps=tuple(_cited(Cap, table, regulation, path) for table in data.pop("cap", [])),
        groups=tuple(_group(table, regulation, path) for table in data.pop("group")),
    )
    if data:
        raise LawFileError(f"{path}: unknown {', '.join(sorted(data))}")
    _check_references(system, path)
    return system


def _cited(kind: type[Any], table: Mapping[str, Any], regulation: str, path: Path, **made: Any) -> Any:
    citation = Citation(regulation, table["citation"])
    return row(kind, table, f"{path}: {citation}", citation=citation, **made)


def _whole_units(kind: type[Any], table: Mapping[str, Any], regulation: str, path: Path) -> Any:
    units = tuple(row(Unit, unit, f"{path}: {table['name']}") for unit in table["units"])
    return _cited(kind, table, regulation, path, units=units)


def _group(table: Mapping[str, Any], regulation: str, path: Path) -> Group:
    where = f"{path}: {table['name']}"
    made: dict[str, Any] = {
        "items": tuple(_item(item, table["name"], regulation, path) for item in table["items"])
    }
    if "rule" in table:
        made["rule"] = Citation(regulation, table["rule"])
    if "measured_by" in table:
        bands = tuple(row(Band, band, where) for band in table["measured_by"]["bands"])
        made["measured_by"] = row(MeasuredBy, table["measured_by"], where, bands=bands)
    return row(Group, table, where, **made)


def _item(table: Mapping[str, Any], group: str, regulation: str, path: Path) -> Item:
    decided_by = tuple(row(Decides, each, f"{path}: {group}") for each in table.get("decided_by", []))
    made: dict[str, Any] = {"group": group, "decided_by": decided_by}
    if "requires" in table:
        made["requires"] = f"{group}.{table['requires']}"
    item: Item = _cited(Item, table, regulation, path, **made)
    return item


def _check_references(system: PointSystem, path: Path) -> None:
    """What a row names must exist: a slip of the pen would otherwise never contradict anything."""
    required = {item.requires for item in system.items if item.requires}
    excluded = {key for item in system.items for key in item.excludes}
    grouped = {name for cap in system.caps for name in cap.groups}
    grouped |= {item.expects for item in system.items if item.expects}
    strangers = (required | excluded | _measured_items(system)) - {item.key for item in system.items}
    strangers |= grouped - {group.name for group in system.groups}
    strangers |= set(system._measure_names()) - measures().keys()
    if strangers:
        raise LawFileError(f"{path}: names what it does not have: {', '.join(sorted(strangers))}")
    # So that a contradiction is always between two answers and can be told in words.
    chained = {item.key for item in system.items if item.requires or item.excludes} | excluded
    if both := required & chained:
        raise LawFileError(f"{path}: required by a row and itself bound to others: {', '.join(sorted(both))}")


def _measured_items(system: PointSystem) -> set[str]:
    measured = [(group.name, group.measured_by) for group in system.groups if group.measured_by]
    keys = {f"{name}.{item}" for name, by in measured for item in by.agrees_with}
    return keys | {f"{name}.{band.item}" for name, by in measured for band in by.bands if band.item != NONE}
