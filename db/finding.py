"""Who is found, as conditions of SQL: `core.search.fits` for all operators at once."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, true

from core.alignment import Status
from core.availability import to_bits
from core.licences import Licence, LicenceClass, LicenceType, owner_key
from core.membership import Right
from core.places import Point, closeness, unit_vector
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
from db.schema import Account, AccountRole, Credential, Facility, FacilityRelation, OperatorProfile, Organization


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


def comes_there(who: Searcher) -> ColumnElement[bool]:
    """A profile whose holder comes to a point from which the searcher may search."""
    if who.around is None:
        return true()
    return or_(*map(_comes_to, who.around))


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
    return and_(
        Credential.superseded_at.is_(None),
        Credential.status == Status.IN_FORCE,
        Credential.expiry >= last,
        or_(Credential.valid_from.is_(None), Credential.valid_from <= first),
        or_(Credential.valid_until.is_(None), Credential.valid_until > last),
        Credential.valid_for_key.in_({"", searcher.owner_key}),
    )


def of_type_and_class(criteria: Criteria) -> ColumnElement[bool]:
    """A credential of the type and the class that are looked for."""
    return and_(Credential.licence_type == criteria.licence_type.value, Credential.rank.between(*criteria.ranks))


def findable() -> ColumnElement[bool]:
    """A profile that is verified and switched on, of an account that is in use and holds the operator's role."""
    operators = (
        select(Account.person_id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(Account.state == "active", AccountRole.role == Role.OPERATOR, AccountRole.ended_at.is_(None))
    )
    return and_(
        OperatorProfile.state == State.ACTIVE.value,
        OperatorProfile.available,
        OperatorProfile.person_id.in_(operators),
    )


def dot_product(point: Point) -> ColumnElement[float]:
    """How close a profile's base is to a point: core.places.closeness of the distance. No trigonometry in SQL."""
    x, y, z = unit_vector(point)
    dot = OperatorProfile.base_x * x + OperatorProfile.base_y * y + OperatorProfile.base_z * z
    return cast(ColumnElement[float], dot)  # null without a base, which no condition below lets pass


def found(criteria: Criteria, searcher: Searcher) -> ColumnElement[bool]:
    """A profile that the search finds."""
    dot, slots = dot_product(criteria.near), to_bits(criteria.slots)
    conditions = [
        findable(),
        dot >= closeness(criteria.within_km),
        _comes_to(criteria.near),
        or_(OperatorProfile.earliest_start.is_(None), OperatorProfile.earliest_start <= criteria.needed_from),
        OperatorProfile.person_id.in_(
            select(Credential.person_id).where(
                of_type_and_class(criteria), in_force(searcher, criteria.needed_from, criteria.needed_until)
            )
        ),
    ]
    if slots:
        conditions.append(OperatorProfile.slots.op("&")(slots) == slots)
    if criteria.base_place:
        conditions.append(OperatorProfile.base_place == criteria.base_place)
    return and_(*conditions)


def _comes_to(point: Point) -> ColumnElement[bool]:
    """A profile whose holder travels as far as a point, or has chosen the region in which it lies."""
    of_region = select(OperatorRegion.profile_id).where(OperatorRegion.code == region_of(point))
    return or_(dot_product(point) >= OperatorProfile.travel_closeness, OperatorProfile.id.in_(of_region))


def licence_of(credential: Credential) -> Licence:
    """The licence that a credential holds true."""
    return Licence(
        number=credential.number,
        licence_type=LicenceType(credential.licence_type),
        licence_class=LicenceClass(credential.licence_class) if credential.licence_class else None,
        expiry=credential.expiry,
        valid_for=credential.valid_for,
    )
