"""The places of Ontario, from the data in `db/data` (its README names the sources and licences)."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, pairwise
from math import cos, radians
from pathlib import Path

from core.places import Point, closeness, unit_vector

DATA = Path(__file__).parent / "data"
GEO = DATA / "geo"  # the map's lines, served to browsers


@dataclass(frozen=True)
class Place:
    """A populated place. `name` is unique: of several of one name, all but the largest bear their division's."""

    geonameid: int
    name: str
    point: Point
    population: int


@cache
def places() -> tuple[Place, ...]:
    """Every place on file, by name."""
    with (DATA / "ontario_places.csv").open(encoding="utf-8", newline="") as file:
        read = [_place(row) for row in csv.DictReader(file)]
    read.sort(key=lambda place: -place.population)
    named: dict[str, Place] = {}
    for place in read:
        name = place.name if place.name not in named else f"{place.name} ({division_of(place.point)})"
        named[name] = Place(place.geonameid, name, place.point, place.population)
    return tuple(sorted(named.values(), key=lambda place: place.name.casefold()))


def find(name: str) -> Place | None:
    """The place of this name, upper or lower case, or None."""
    return _by_name().get(" ".join(name.split()).casefold())


def named(name: str) -> tuple[Place, ...]:
    """Every place of this name, upper or lower case: several may share it, and the one written with its
    division is that one only."""
    return _namesakes().get(" ".join(name.split()).casefold(), ())


def nearest(point: Point) -> Place:
    """The place nearest to a point."""
    return max(_with_closeness(point), key=lambda pair: pair[0])[1]


def within(point: Point, km: float) -> list[Place]:
    """The places within `km` of a point, straight-line, by name."""
    return [place for dot, place in _with_closeness(point) if dot >= closeness(km)]


def _with_closeness(point: Point) -> Iterator[tuple[float, Place]]:
    x, y, z = unit_vector(point)
    return ((x * a + y * b + z * c, place) for (a, b, c), place in _vectors())


@cache
def _vectors() -> tuple[tuple[tuple[float, float, float], Place], ...]:
    return tuple((unit_vector(place.point), place) for place in places())


def division_of(point: Point) -> str:
    """The name of the census division that holds a point, or of the nearest one: shores are generalized."""
    return regions()[region_of(point)]


@lru_cache(maxsize=4096)
def region_of(point: Point) -> str:
    """The code, 3501 to 3560, of the census division that holds a point, or of the nearest one."""
    x, y = point.longitude, point.latitude
    for division in _divisions():
        if division.may_hold(x, y) and any(_holds(rings, x, y) for rings in division.polygons):
            return division.code
    return min(_divisions(), key=lambda division: _squared_degrees_to(division, x, y)).code


@cache
def regions() -> Mapping[str, str]:
    """The names of the 49 census divisions by their codes, by name."""
    named = sorted(_divisions(), key=lambda division: division.name.casefold())
    return {division.code: division.name for division in named}


def middle_of(code: str) -> Point:
    """The middle of a region's places: where people live in it, and its facilities are."""
    return _middles()[code]


@cache
def _middles() -> Mapping[str, Point]:
    points: dict[str, list[Point]] = {}
    for place in places():
        points.setdefault(region_of(place.point), []).append(place.point)
    return {
        code: Point(sum(one.latitude for one in some) / len(some), sum(one.longitude for one in some) / len(some))
        for code, some in points.items()
    }


@cache
def neighbours() -> Mapping[str, frozenset[str]]:
    """The codes of the census divisions that touch each one: their outlines share a corner."""
    corners = {one.code: {corner for edge in one.edges() for corner in edge} for one in _divisions()}
    return {
        code: frozenset(other for other in corners if other != code and not own.isdisjoint(corners[other]))
        for code, own in corners.items()
    }


Ring = tuple[tuple[float, float], ...]  # longitude, latitude; the first point again at the end


@dataclass(frozen=True)
class _Division:
    code: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]  # each an outer ring, then its holes

    @cached_property
    def _box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        xs, ys = zip(*chain.from_iterable(rings[0] for rings in self.polygons), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def may_hold(self, x: float, y: float) -> bool:
        """Whether a point lies in the box around it."""
        west, south, east, north = self._box
        return west <= x <= east and south <= y <= north

    def edges(self) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        for rings in self.polygons:
            for ring in rings:
                yield from pairwise(ring)


def _place(row: dict[str, str]) -> Place:
    point = Point(float(row["latitude"]), float(row["longitude"]))
    return Place(int(row["geonameid"]), row["name"], point, int(row["population"]))


@cache
def _by_name() -> dict[str, Place]:
    return {place.name.casefold(): place for place in places()}


@cache
def _namesakes() -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    for place in places():
        alone = place.name.removesuffix(f" ({division_of(place.point)})")
        for name in {place.name.casefold(), alone.casefold()}:
            found[name] = (*found.get(name, ()), place)
    return found


@cache
def _divisions() -> tuple[_Division, ...]:
    collection = json.loads((GEO / "ontario_census_divisions.geojson").read_text(encoding="utf-8"))
    divisions = []
    for feature in collection["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in polygons)
        divisions.append(_Division(feature["properties"]["code"], feature["properties"]["name"], rings))
    return tuple(divisions)


def _holds(rings: tuple[Ring, ...], x: float, y: float) -> bool:
    """Whether a ray from the point crosses the rings an odd number of times."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def _squared_degrees_to(division: _Division, x: float, y: float) -> float:
    """The square of the distance to the nearest edge, in degrees of latitude, on a plane touching the point."""
    squeeze = cos(radians(y))
    nearest_squared = float("inf")
    for (x1, y1), (x2, y2) in division.edges():
        ax, ay, bx, by = (x1 - x) * squeeze, y1 - y, (x2 - x) * squeeze, y2 - y
        dx, dy = bx - ax, by - ay
        length_squared = dx * dx + dy * dy
        along = 0.0 if length_squared == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length_squared))
        nearest_squared = min(nearest_squared, (ax + along * dx) ** 2 + (ay + along * dy) ** 2)
    return nearest_squared
