"""Who is found, as conditions of SQL: `core.search.fits` for all operators at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import CTE, ColumnElement, Row, Select, and_, case, exists, func, literal, not_, or_, select, true
from sqlalchemy.orm import Session

from core.availability import to_bits
from core.licences import owner_key
from core.membership import Right
from core.places import Point, box_around, closeness, unit_vector
from core.problems import Problem, Refused, refuse
from core.profiles import State
from core.roles import Role
from core.search import Criteria
from core.sentences import Sentence
from db import members
from db.gate import Work
from db.own_facilities import facilities_where
from db.places import region_of
from db.register_schema import OperatorRegion
from db.schema import Credential, Facility, FacilityRelation, OperatorProfile, Organization
from db.search_entries import bits, findable, standing
from db.search_entries import licence_of as licence_of  # asked of this module by those that list what was found
from db.search_schema import SearchEntry, SearchPlace

_LINES_FOR_ONE = 20  # looked through at first for each person who is asked for
_ANY_PROFILE = 2**31 - 1
_ANY_CLOSENESS = -2.0


@dataclass(frozen=True)
class Searcher:
    """For whom is searched: an organization with a verified facility, or the office (no organization).

    `around` are the only points to search from: those of the facilities at which the asker may. None: any point.
    """

    organization_id: int | None
    owner_key: str  # core.licences.owner_key of its name; "" for the office
    around: tuple[Point, ...] | None = None


class SearchNotOpen(Refused):
    """Whoever asks may find operators for no organization that the office has verified.

    `manages`: it is the asker's own organization that has to be verified, or that the office has `suspended`.
    """

    def __init__(self, *, manages: bool, suspended: bool = False) -> None:
        self.manages = manages
        own = (
            "The search opens once the office has verified your organization and one of its facilities. "
            "My facilities shows how they stand."
        )
        closed = (
            "The office has suspended your organization, so the search is closed to it. Account overview shows "
            "why; telephone the office if you think that this is wrong."
        )
        others = (
            "No organization that the office has verified lets you find operators now. Whom I act for shows what "
            "you may do; a manager of the organization can give you the right."
        )
        super().__init__(Problem("", Sentence(closed if suspended else own if manages else others)))


def searcher(work: Work, *office: Role, organization_id: int | None = None) -> Searcher:
    """For whom the asker searches: for the office, who has a role in `office`; else for an organization that
    lets the asker find operators, the first by name unless told. Raises SearchNotOpen where there is none."""
    if not work.roles.isdisjoint(office):
        return Searcher(None, "")
    for one in searched_for(work):
        if organization_id in (None, one.id):
            return Searcher(one.id, owner_key(one.name), _around(work, one.id))
    managed = work.session.get(Organization, members.managed_id(work) or 0)
    suspended = managed is not None and managed.state == State.SUSPENDED
    raise SearchNotOpen(manages=_is_an_owner_alone(work), suspended=suspended)


def searched_for(work: Work) -> list[Organization]:
    """The verified organizations for which the asker may find operators, by name."""
    at_a_facility = exists().where(
        FacilityRelation.organization_id == Organization.id, facilities_where(work, Right.FIND)
    )
    active = select(Organization).where(Organization.state == State.ACTIVE, at_a_facility)
    return list(work.session.scalars(active.order_by(Organization.name, Organization.id)))


def facilities_to_search_from(work: Work, organization_id: int) -> list[Facility]:
    """The facilities of an organization at which the asker may find operators today, by name."""
    rows = (
        select(Facility)
        .join(FacilityRelation, FacilityRelation.facility_id == Facility.id)
        .where(FacilityRelation.organization_id == organization_id, facilities_where(work, Right.FIND))
        .distinct()
        .order_by(Facility.name, Facility.id)
    )
    return list(work.session.scalars(rows))


def must_search_from_there(who: Searcher, point: Point) -> None:
    """Raises Refused for a point from which the searcher may not search."""
    if who.around is not None and point not in who.around:
        raise refuse(
            "You may find operators around the facilities that the organization has named to you, and this place "
            "is another. Choose one of them.",
            field="near",
        )


def _around(work: Work, organization_id: int) -> tuple[Point, ...] | None:
    if work.session.scalar(select(members.everywhere(work, Right.FIND, literal(organization_id)))):
        return None
    there = facilities_to_search_from(work, organization_id)
    return tuple(Point(one.latitude, one.longitude) for one in there)


def _is_an_owner_alone(work: Work) -> bool:
    """Whether the asker's way to the search is an organization of the own, entered or not."""
    return Role.OWNER in work.roles and (Role.DELEGATE not in work.roles or members.managed_id(work) is not None)


def in_force(searcher: Searcher, first: date, last: date) -> ColumnElement[bool]:
    """A credential that counts on all days from `first` through `last`, for this searcher."""
    return and_(standing(), *_on_days(Credential, searcher, first, last))


def findable_on(searcher: Searcher, day: date) -> ColumnElement[bool]:
    """A profile that can be found on a day, by a licence that counts then for this searcher, and whose holder
    comes to a point from which the searcher may search."""
    counts = exists().where(Credential.person_id == OperatorProfile.person_id, in_force(searcher, day, day))
    comes = true() if searcher.around is None else or_(*map(_comes_to, searcher.around))
    return and_(findable(), OperatorProfile.base_x.is_not(None), counts, comes)


def dot_product(point: Point) -> ColumnElement[float]:
    """How close a profile's base is to a point: core.places.closeness of the distance."""
    x, y, z = unit_vector(point)
    dot = OperatorProfile.base_x * x + OperatorProfile.base_y * y + OperatorProfile.base_z * z
    return cast(ColumnElement[float], dot)  # null without a base, which `findable_on` does not let pass


def around(*asked: Criteria) -> CTE:
    """The places among which all lie that any of these criteria looks in, each with its closeness. The criteria
    are one search and what it is relaxed to: of one type, around one point. No trigonometry in SQL."""
    first, ranks = asked[0], {rank for one in asked for rank in one.ranks}
    x, y, z = unit_vector(first.near)
    dot = SearchPlace.x * x + SearchPlace.y * y + SearchPlace.z * z
    places = select(SearchPlace, dot.label("closeness")).where(
        SearchPlace.licence_type == first.licence_type.value, SearchPlace.rank.in_(sorted(ranks))
    )
    if first.base_place:
        places = places.where(SearchPlace.base_place == first.base_place)
    if first.regions:
        regions = {code for one in asked for code in one.regions}
        return places.where(SearchPlace.base_region.in_(sorted(regions))).cte("around")
    farthest = max(one.within_km for one in asked)
    box = box_around(first.near, farthest)
    return places.where(
        SearchPlace.latitude.between(box.south, box.north),
        SearchPlace.longitude.between(box.west, box.east),
        dot >= closeness(farthest),
    ).cte("around")


def lies_in(criteria: Criteria, places: CTE) -> ColumnElement[bool]:
    """A place, of those around, in which these criteria look."""
    looked_for = places.c.rank.in_(criteria.ranks)
    if criteria.regions:
        return and_(looked_for, places.c.base_region.in_(sorted(criteria.regions)))
    return and_(looked_for, places.c.closeness >= closeness(criteria.within_km))


def fits(criteria: Criteria, searcher: Searcher, places: CTE) -> ColumnElement[bool]:
    """A line by which somebody is found, of those at `places`, in which the criteria look."""
    slots, region = to_bits(criteria.slots), bits([region_of(criteria.near)])
    return and_(
        SearchEntry.slots.op("&")(slots) == slots,
        or_(
            places.c.closeness >= SearchEntry.travel_closeness,
            SearchEntry.chosen_regions.op("&")(region) != 0,
        ),
        or_(SearchEntry.earliest_start.is_(None), SearchEntry.earliest_start <= criteria.needed_from),
        *_on_days(SearchEntry, searcher, criteria.needed_from, criteria.needed_until),
    )


def people(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many people have lines that meet the conditions; only who has several lines of a type is compared."""
    alone = func.count(case((and_(SearchEntry.alone, *conditions), 1)))
    others = case((and_(not_(SearchEntry.alone), *conditions), SearchEntry.profile_id))
    return alone + func.count(others.distinct())


def nearest(
    session: Session, criteria: Criteria, searcher: Searcher, most: int, skipped: int = 0
) -> Sequence[Row[int, float]]:
    """The profiles that the search finds, nearest first, each with its closeness: `most` of them, after others
    that are skipped. They are looked for among the nearest lines first, and only then among all."""
    through = (most + skipped) * _LINES_FOR_ONE
    few = session.execute(_nearest(criteria, searcher, most, skipped, through)).all()
    if len(few) == most:
        return few
    return session.execute(_nearest(criteria, searcher, most, skipped, None)).all()


def _nearest(
    criteria: Criteria, searcher: Searcher, most: int, skipped: int, through: int | None
) -> Select[int, float]:
    """Among the nearest places that have so many lines together; of each place no more people than are asked for,
    in the order in which its lines lie."""
    places = around(criteria)
    last = (
        select(SearchEntry.profile_id)
        .where(SearchEntry.place_id == places.c.id, fits(criteria, searcher, places))
        .correlate(places)
        .distinct()
        .order_by(SearchEntry.profile_id)
        .offset(most + skipped - 1)
        .limit(1)
        .scalar_subquery()
    )
    looked_in = select(places.c.id, places.c.closeness, func.coalesce(last, _ANY_PROFILE).label("last"))
    if through is not None:
        looked_in = looked_in.where(places.c.closeness >= _edge(places, through))
    nearby = looked_in.cte("nearby").prefix_with("MATERIALIZED")
    return (
        select(SearchEntry.profile_id, nearby.c.closeness)
        .join(nearby, nearby.c.id == SearchEntry.place_id)
        .where(fits(criteria, searcher, nearby), SearchEntry.profile_id <= nearby.c.last)
        .distinct()
        .order_by(nearby.c.closeness.desc(), SearchEntry.profile_id)
        .limit(most)
        .offset(skipped)
    )


def _edge(places: CTE, through: int) -> ColumnElement[float]:
    """The closeness of the nearest place up to which so many lines lie; of any place, where there are fewer."""
    so_far = select(
        places.c.closeness, func.sum(places.c.lines).over(order_by=places.c.closeness.desc()).label("lines")
    ).subquery()
    edge = select(func.max(so_far.c.closeness)).where(so_far.c.lines >= through).scalar_subquery()
    return func.coalesce(edge, _ANY_CLOSENESS)


def _on_days(
    table: type[Credential] | type[SearchEntry], searcher: Searcher, first: date, last: date
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.expiry >= last,
        table.valid_for_key.in_(sorted({"", searcher.owner_key})),
        or_(table.valid_from.is_(None), table.valid_from <= first),
        or_(table.valid_until.is_(None), table.valid_until > last),
    )


def _comes_to(point: Point) -> ColumnElement[bool]:
    """A profile whose holder travels as far as a point, or has chosen the region in which it lies."""
    of_region = select(OperatorRegion.profile_id).where(OperatorRegion.code == region_of(point))
    return or_(dot_product(point) >= OperatorProfile.travel_closeness, OperatorProfile.id.in_(of_region))
