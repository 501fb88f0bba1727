"""Who is found, as conditions of SQL: `core.search.fits` for all operators at once."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, true

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
from db.search_entries import band, bits, findable, standing
from db.search_entries import licence_of as licence_of  # asked of this module by those that list what was found
from db.search_schema import SearchEntry


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


def closeness_to(point: Point) -> ColumnElement[float]:
    """The same of a line of the search. No trigonometry in SQL."""
    x, y, z = unit_vector(point)
    return SearchEntry.x * x + SearchEntry.y * y + SearchEntry.z * z


def found(criteria: Criteria, searcher: Searcher) -> ColumnElement[bool]:
    """A line of the search by which somebody is found."""
    return and_(looked_through(criteria), fits(criteria, searcher))


def nearest(criteria: Criteria, searcher: Searcher) -> Select[int, float]:
    """The profiles that the search finds, nearest first, each with its closeness."""
    dot = closeness_to(criteria.near).label("closeness")
    return (
        select(SearchEntry.profile_id, dot)
        .where(found(criteria, searcher))
        .distinct()
        .order_by(dot.desc(), SearchEntry.profile_id)
    )


def looked_through(*asked: Criteria) -> ColumnElement[bool]:
    """The lines among which all lie that any of these criteria finds, as an index gives them. The criteria are
    one search and what it is relaxed to: of one type, around one point."""
    ranks = {rank for one in asked for rank in one.ranks}
    lines = and_(SearchEntry.licence_type == asked[0].licence_type.value, SearchEntry.rank.in_(sorted(ranks)))
    if asked[0].regions:
        regions = {code for one in asked for code in one.regions}
        return and_(lines, SearchEntry.base_region.in_(sorted(regions)))
    box = box_around(asked[0].near, max(one.within_km for one in asked))
    bands = range(band(box.south), band(box.north) + 1)
    return and_(lines, SearchEntry.band.in_(bands), SearchEntry.longitude.between(box.west, box.east))


def fits(criteria: Criteria, searcher: Searcher) -> ColumnElement[bool]:
    """A line that meets every condition, whichever lines are looked through."""
    dot, slots = closeness_to(criteria.near), to_bits(criteria.slots)
    conditions = [
        SearchEntry.licence_type == criteria.licence_type.value,
        SearchEntry.rank.in_(criteria.ranks),
        SearchEntry.base_region.in_(sorted(criteria.regions))
        if criteria.regions
        else dot >= closeness(criteria.within_km),
        SearchEntry.slots.op("&")(slots) == slots,
        or_(
            dot >= SearchEntry.travel_closeness,
            SearchEntry.chosen_regions.op("&")(bits([region_of(criteria.near)])) != 0,
        ),
        or_(SearchEntry.earliest_start.is_(None), SearchEntry.earliest_start <= criteria.needed_from),
        *_on_days(SearchEntry, searcher, criteria.needed_from, criteria.needed_until),
    ]
    if criteria.base_place:
        conditions.append(SearchEntry.base_place == criteria.base_place)
    return and_(*conditions)


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
