"""Where things are: distances over the sphere, and the day and time zone of a place in Ontario."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import acos, asin, cos, degrees, pi, radians, sin
from zoneinfo import ZoneInfo

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
_EDGE = 1e-5  # degrees, about a metre: more than rounding can lose
_ROUNDING = 1e-15  # what a dot product may lose: a point must stay within 0 km of itself


@dataclass(frozen=True)
class Point:
    """WGS 84 decimal degrees, north and east positive."""

    latitude: float
    longitude: float


def unit_vector(point: Point) -> tuple[float, float, float]:
    """The point on a sphere of radius 1, so that the dot product of two is the cosine of their angle."""
    latitude, longitude = radians(point.latitude), radians(point.longitude)
    return (cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))


def closeness(km: float) -> float:
    """The cosine of the angle of `km` over the surface: two points are within `km` where their dot product
    is at least this. Anything beyond half the earth's girth is -1, which every point reaches.

    Rounding is allowed for: it adds 0.3 m to a distance of 0 km and nothing that can
    be measured to one of 1 km or more.
    """
    return cos(min(km / EARTH_RADIUS_KM, pi)) - _ROUNDING


def distance_km(one: Point, other: Point) -> float:
    """Straight-line (great circle) kilometres between two points."""
    dot = sum(a * b for a, b in zip(unit_vector(one), unit_vector(other), strict=True))
    return km_of_closeness(dot)


@dataclass(frozen=True)
class Box:
    """A rectangle of degrees, its edges included."""

    south: float
    north: float
    west: float
    east: float


def box_around(centre: Point, km: float) -> Box:
    """The smallest rectangle of degrees that holds every point within `km` of another, and a little more: for a
    first choice by an index."""
    angle = min(km / EARTH_RADIUS_KM, pi)
    north, across = degrees(angle), 180.0
    if angle + abs(radians(centre.latitude)) < pi / 2:  # else it holds a pole, and so every longitude
        across = degrees(asin(sin(angle) / cos(radians(centre.latitude))))
    north, across = north + _EDGE, across + _EDGE
    return Box(
        centre.latitude - north, centre.latitude + north, centre.longitude - across, centre.longitude + across
    )


def degrees_around(km: float) -> tuple[float, float]:
    """Degrees of latitude and of longitude within which every point of Ontario lies that is `km` away, and some
    that are farther: for a first, coarse choice."""
    north = degrees(km / EARTH_RADIUS_KM)
    return north, north / cos(radians(_NORTH))


def km_of_closeness(dot: float) -> float:
    """The kilometres whose closeness is `dot`."""
    return EARTH_RADIUS_KM * acos(max(-1.0, min(1.0, dot)))


_SOUTH, _NORTH = 41.6, 56.9  # Middle Island; the shore of Hudson Bay
_WEST, _EAST = -95.2, -74.3  # the Manitoba border; where the St. Lawrence leaves Ontario


def in_ontario(point: Point) -> bool:
    """Whether a point lies in the rectangle around Ontario, its edges included."""
    return _SOUTH <= point.latitude <= _NORTH and _WEST <= point.longitude <= _EAST


OFFICE_TIME_ZONE = "America/Toronto"


TIME_ZONES = {
    "America/Toronto": "Eastern",
    "America/Thunder_Bay": "Eastern, Thunder Bay",
    "America/Atikokan": "Eastern Standard all year, as in Atikokan",
    "America/Winnipeg": "Central",
}  # those kept in Ontario, by their IANA names


def day_at(moment: datetime, time_zone: str = OFFICE_TIME_ZONE) -> date:
    """The day that it is at a moment, in a time zone; the office's where none is named."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def local(moment: datetime, time_zone: str) -> datetime:
    """A moment by the clocks of a time zone."""
    return moment.astimezone(ZoneInfo(time_zone))


def start_of(day: date) -> datetime:
    """The moment at which a day begins at the office."""
    return datetime.combine(day, time(), ZoneInfo(OFFICE_TIME_ZONE)).astimezone(UTC)


_NO_SUMMER_TIME = (Point(48.7586, -91.6217), Point(51.4667, -90.2000))  # Atikokan, Pickle Lake
_NO_SUMMER_TIME_WITHIN_KM = 30.0
_CENTRAL_WEST_OF = -90.0


def time_zone_at(point: Point) -> str:
    """The IANA time zone kept around a point in Ontario; a facility's is corrected by hand.

    Eastern Standard all year around Atikokan and Pickle Lake; Central west of 90 degrees west
    (Time Act, R.S.O. 1990, c. T.9); Eastern elsewhere.
    """
    if any(distance_km(point, town) <= _NO_SUMMER_TIME_WITHIN_KM for town in _NO_SUMMER_TIME):
        return "America/Atikokan"
    if point.longitude < _CENTRAL_WEST_OF:
        return "America/Winnipeg"
    return "America/Toronto"
