"""Who is found, as conditions of SQL: `core.search.fits` for all operators at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Double,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from core.availability import to_bits
from core.membership import Right
from core.names import owner_key
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
from db.schema import Credential, Facility, FacilityRelation, OperatorProfile, Organization, Person
from db.search_entries import bits, findable, standing
from db.search_schema import SearchEntry, SearchPlace

_made_once = lru_cache(maxsize=64)  # those asked last; all that could be asked are hundreds
_LINES_FOR_ONE = 20  # looked through at first for each person who is asked for
_ANY_PROFILE = 2**31 - 1
_ANY_CLOSENESS = -2.0
_ANY_NUMBER = 2**62


@dataclass(frozen=True)
class Searcher:
    """For whom is searched: an organization with a verified facility, or the office (no organization).

    `around` are the only points to search from: those of the facilities at which the asker may. None: any point.
    """

    organization_id: int | None
    owner_key: str  # core.names.owner_key of its name; "" for the office
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
    return and_(standing(), *_on_days(Credential, sorted({"", searcher.owner_key}), first, last))


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


def _comes_to(point: Point) -> ColumnElement[bool]:
    """A profile whose holder travels as far as a point, or has chosen the region in which it lies."""
    of_region = select(OperatorRegion.profile_id).where(OperatorRegion.code == region_of(point))
    return or_(dot_product(point) >= OperatorProfile.travel_closeness, OperatorProfile.id.in_(of_region))


def _on_days(
    table: type[Credential] | type[SearchEntry],
    owners: Collection[str | BindParameter[str]],
    first: date | BindParameter[Any],
    last: date | BindParameter[Any],
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.expiry >= last,
        table.valid_for_key.in_(owners),
        or_(table.valid_from.is_(None), table.valid_from <= first),
        or_(table.valid_until.is_(None), table.valid_until > last),
    )


# --- statements: made once for each form, and filled in for each search -----------------------------------
#
# A list that is as long in every search of a form is a name for each of its values: to fit a statement's text to a
# list that it does not know takes longer than many a search.


def in_towns(session: Session, criteria: Criteria, searcher: Searcher) -> Sequence[Row[str, float, float, int]]:
    """How many people the search finds in each base place, by name, with a latitude and a longitude there."""
    return session.execute(_in_towns(_form(criteria)), _values(criteria, searcher)).all()


def nearest(
    session: Session, criteria: Criteria, searcher: Searcher, most: int, skipped: int = 0
) -> Sequence[Row[int, int, float]]:
    """The profiles that the search finds, nearest first, each with its person and closeness: `most` of them, after
    others that are skipped. They are looked for among the nearest lines first, and only then among all."""
    form, upto = _form(criteria), most + skipped
    values = _values(criteria, searcher) | {"most": most, "skipped": skipped, "last": upto - 1}
    few = session.execute(_nearest(form), values | {"enough": upto * _LINES_FOR_ONE}).all()
    if len(few) == most:
        return few
    return session.execute(_nearest(form), values | {"enough": _ANY_NUMBER}).all()


def how_many(session: Session, asked: Sequence[Criteria], searcher: Searcher) -> list[int]:
    """How many people each of these criteria finds, in one statement. They are one search and what it is relaxed
    to: of one type, around one point."""
    values = _values(asked[0], searcher, *asked[1:])
    for n, one in enumerate(asked):
        values |= _values_of_one(one, str(n)) | {f"ranks{n}": one.ranks, f"regions{n}": sorted(one.regions)}
    return list(session.execute(_how_many(_form(*asked), len(asked)), values).one())


def lines_of(
    session: Session, criteria: Criteria, searcher: Searcher, people: Collection[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is shown of these persons: a row for each credential by which one is found, with the columns of LINE.
    The highest class of each comes first, what is deemed last."""
    values = _values(criteria, searcher) | {"people": list(people)}
    return session.execute(_lines_of(_form(criteria)), values).all()


@dataclass(frozen=True)
class _Form:
    """What makes one search's statements another's: how many ranks fit, how many regions are named, and whether a
    base place is."""

    ranks: int
    regions: int
    in_town: bool


def _form(*asked: Criteria) -> _Form:
    """The form of a search, and of others to which it is relaxed."""
    return _Form(len(_ranks(asked)), len(_regions(asked)), bool(asked[0].base_place))


def _ranks(asked: Sequence[Criteria]) -> list[int]:
    return sorted({rank for one in asked for rank in one.ranks})


def _regions(asked: Sequence[Criteria]) -> list[str]:
    return sorted({code for one in asked for code in one.regions})


def _each(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """The values of a list by the names that `_one_of` gives them."""
    return {f"{name}_{n}": value for n, value in enumerate(values)}


def _one_of(name: str, count: int) -> list[BindParameter[Any]]:
    return [bindparam(f"{name}_{n}") for n in range(count)]


def _values(criteria: Criteria, searcher: Searcher, *others: Criteria) -> dict[str, Any]:
    """What fills in a statement for criteria, and for others to which they are relaxed."""
    asked = (criteria, *others)
    farthest = max(one.within_km for one in asked)
    box = box_around(criteria.near, farthest)
    x, y, z = unit_vector(criteria.near)
    return (
        _values_of_one(criteria)
        | _each("rank", _ranks(asked))
        | _each("region", _regions(asked))
        | {
            "licence_type": criteria.licence_type.value,
            "within": closeness(farthest),
            "south": box.south,
            "north": box.north,
            "west": box.west,
            "east": box.east,
            "x": x,
            "y": y,
            "z": z,
            "base_place": criteria.base_place,
            "here": bits([region_of(criteria.near)]),
            "owner": searcher.owner_key,
        }
    )


def _values_of_one(criteria: Criteria, n: str = "") -> dict[str, Any]:
    """What is another for each of several criteria in one statement, its names with a number."""
    return {
        f"within{n}": closeness(criteria.within_km),
        f"slots{n}": to_bits(criteria.slots),
        f"first{n}": criteria.needed_from,
        f"until{n}": criteria.needed_until,
    }


def _places(form: _Form) -> CTE:
    """The places in which is looked, each with its closeness. No trigonometry in SQL."""
    dot = (
        SearchPlace.x * bindparam("x", type_=Double)
        + SearchPlace.y * bindparam("y", type_=Double)
        + SearchPlace.z * bindparam("z", type_=Double)
    )
    places = select(SearchPlace, dot.label("closeness")).where(
        SearchPlace.licence_type == bindparam("licence_type"),
        SearchPlace.rank.in_(_one_of("rank", form.ranks)),
    )
    if form.in_town:
        places = places.where(SearchPlace.base_place == bindparam("base_place"))
    if form.regions:
        return places.where(SearchPlace.base_region.in_(_one_of("region", form.regions))).cte("around")
    return places.where(
        SearchPlace.latitude.between(bindparam("south"), bindparam("north")),
        SearchPlace.longitude.between(bindparam("west"), bindparam("east")),
        dot >= bindparam("within", type_=Double),
    ).cte("around")


def _lies_in(form: _Form, places: CTE, n: str) -> ColumnElement[bool]:
    """A place, of those around, in which the criteria of this number look."""
    looked_for = places.c.rank.in_(bindparam(f"ranks{n}", expanding=True))
    if form.regions:
        return and_(looked_for, places.c.base_region.in_(bindparam(f"regions{n}", expanding=True)))
    return and_(looked_for, places.c.closeness >= bindparam(f"within{n}", type_=Double))


def _fits(places: CTE, n: str = "") -> ColumnElement[bool]:
    """A line by which somebody is found, of those at places in which the criteria look."""
    slots, here = bindparam(f"slots{n}", type_=Integer), bindparam("here", type_=BigInteger)
    first, until = bindparam(f"first{n}", type_=Date), bindparam(f"until{n}", type_=Date)
    return and_(
        SearchEntry.slots.op("&")(slots) == slots,
        or_(places.c.closeness >= SearchEntry.travel_closeness, SearchEntry.chosen_regions.op("&")(here) != 0),
        or_(SearchEntry.earliest_start.is_(None), SearchEntry.earliest_start <= first),
        *_on_days(SearchEntry, ("", bindparam("owner")), first, until),
    )


def _people(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many people have lines that meet the conditions; only who has several lines of a type is compared."""
    alone = func.count(case((and_(SearchEntry.alone, *conditions), 1)))
    others = case((and_(not_(SearchEntry.alone), *conditions), SearchEntry.profile_id))
    return alone + func.count(others.distinct())


@_made_once
def _in_towns(form: _Form) -> Select[str, float, float, int]:
    places = _places(form)
    name = places.c.base_place
    return (
        select(name, func.min(places.c.latitude), func.min(places.c.longitude), _people())
        .join(SearchEntry, SearchEntry.place_id == places.c.id)
        .where(_fits(places))
        .group_by(name)
        .order_by(name)
    )


@_made_once
def _nearest(form: _Form) -> Select[int, int, float]:
    """Among the nearest places that have lines enough together; of each place no more people than are asked for,
    in the order in which its lines lie."""
    places = _places(form)
    last = (
        select(SearchEntry.profile_id)
        .where(SearchEntry.place_id == places.c.id, _fits(places))
        .correlate(places)
        .distinct()
        .order_by(SearchEntry.profile_id)
        .offset(bindparam("last", type_=Integer))
        .limit(1)
        .scalar_subquery()
    )
    nearby = (
        select(places.c.id, places.c.closeness, func.coalesce(last, _ANY_PROFILE).label("last"))
        .where(places.c.closeness >= _edge(places))
        .cte("nearby")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(SearchEntry.profile_id, SearchEntry.person_id, nearby.c.closeness)
        .join(nearby, nearby.c.id == SearchEntry.place_id)
        .where(_fits(nearby), SearchEntry.profile_id <= nearby.c.last)
        .distinct()
        .order_by(nearby.c.closeness.desc(), SearchEntry.profile_id)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
    )


def _edge(places: CTE) -> ColumnElement[float]:
    """The closeness of the nearest place up to which lines enough lie; of any place, where there are fewer."""
    so_far = func.sum(places.c.lines).over(order_by=places.c.closeness.desc()).label("lines")
    summed = select(places.c.closeness, so_far).subquery()
    enough = bindparam("enough", type_=BigInteger)
    edge = select(func.max(summed.c.closeness)).where(summed.c.lines >= enough).scalar_subquery()
    return func.coalesce(edge, _ANY_CLOSENESS)


@_made_once
def _how_many(form: _Form, criteria: int) -> Select[*tuple[int, ...]]:
    places = _places(form)
    each = [_people(_lies_in(form, places, str(n)), _fits(places, str(n))) for n in range(criteria)]
    return select(*each).join_from(SearchEntry, places, SearchEntry.place_id == places.c.id)


# By what names a row of `lines_of` knows what it holds; those of a credential are its own.
LINE: tuple[Any, ...] = (
    SearchEntry.profile_id,
    SearchEntry.person_id,
    (Person.given_name + " " + Person.family_name).label("name"),
    OperatorProfile.base_place,
    OperatorProfile.slots,
    SearchEntry.deemed,
    *(
        getattr(Credential, name)
        for name in (
            "id", "claim_id", "source", "recorded_at", "number", "licence_type", "licence_class", "expiry",
            "valid_for",
        )
    ),
)  # fmt: skip


@_made_once
def _lines_of(form: _Form) -> Select[*tuple[Any, ...]]:
    """Of so few people each is looked up. By a sum a database cannot go the other way, from each place to all of
    its lines, as SQLite would."""
    places = _places(form)
    return (
        select(*LINE)
        .select_from(SearchEntry)
        .join(places, places.c.id == SearchEntry.place_id + 0)
        .join(OperatorProfile, OperatorProfile.id == SearchEntry.profile_id)
        .join(Person, Person.id == SearchEntry.person_id)
        .join(Credential, Credential.id == SearchEntry.credential_id)
        .where(SearchEntry.person_id.in_(bindparam("people", expanding=True)), _fits(places))
        .order_by(places.c.rank.desc(), SearchEntry.deemed, Credential.id)
    )
