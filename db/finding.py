"""Who is found, as conditions of SQL: `core.search.fits` for all operators at once."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, or_, select

from core.availability import to_bits
from core.licences import Licence, LicenceClass, LicenceType, owner_key
from core.places import Point, closeness, day_at, unit_vector
from core.problems import Problem, Refused
from core.profiles import State
from core.roles import Role
from core.search import Criteria
from core.sentences import Sentence
from db.gate import Work
from db.places import region_of
from db.register_schema import OperatorRegion
from db.schema import Account, AccountRole, Credential, FacilityRelation, OperatorProfile, Organization
from db.verification.organizations import own_organization_id


@dataclass(frozen=True)
class Searcher:
    """For whom is searched: an organization with a verified facility, or the office (no organization)."""

    organization_id: int | None
    owner_key: str  # core.licences.owner_key of its name; "" for the office


class SearchNotOpen(Refused):
    """The office has not verified the owner who asks yet."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "",
                Sentence(
                    "The search opens once the office has verified your organization and one of its facilities. "
                    "My facilities shows how they stand."
                ),
            )
        )


def searcher(work: Work, *office: Role) -> Searcher:
    """For whom the asker searches: for the office, who has a role in `office`. Raises SearchNotOpen for an
    owner whom the office has not verified yet."""
    if not work.roles.isdisjoint(office):
        return Searcher(None, "")
    organization = work.session.scalar(
        select(Organization).where(Organization.id == own_organization_id(work), may_search(day_at(work.at)))
    )
    if organization is None:
        raise SearchNotOpen
    return Searcher(organization.id, owner_key(organization.name))


def may_search(day: date) -> ColumnElement[bool]:
    """An organization to which the search is open: active, with a facility that is verified on a day."""
    verified = exists().where(FacilityRelation.organization_id == Organization.id, relation_stands(day))
    return and_(Organization.state == State.ACTIVE, verified)


def relation_stands(day: date) -> ColumnElement[bool]:
    """A relation of an organization to a facility that is held true on a day."""
    return and_(
        FacilityRelation.superseded_at.is_(None),
        or_(FacilityRelation.valid_from.is_(None), FacilityRelation.valid_from <= day),
        or_(FacilityRelation.valid_until.is_(None), FacilityRelation.valid_until > day),
    )


def in_force(searcher: Searcher, first: date, last: date) -> ColumnElement[bool]:
    """A credential that counts on all days from `first` through `last`, for this searcher."""
    return and_(
        Credential.superseded_at.is_(None),
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
        or_(dot >= OperatorProfile.travel_closeness, _works_in(region_of(criteria.near))),
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


def _works_in(region: str) -> ColumnElement[bool]:
    """A profile whose operator has chosen a region."""
    return OperatorProfile.id.in_(select(OperatorRegion.profile_id).where(OperatorRegion.code == region))


def licence_of(credential: Credential) -> Licence:
    """The licence that a credential holds true."""
    return Licence(
        number=credential.number,
        licence_type=LicenceType(credential.licence_type),
        licence_class=LicenceClass(credential.licence_class) if credential.licence_class else None,
        expiry=credential.expiry,
        valid_for=credential.valid_for,
    )
