"""The search for operators: who fits, nearest first, without contact details."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, func, literal, select

from core.alignment import Basis, CheckedAgainst
from core.availability import Slot, from_bits, to_bits
from core.licences import Licence
from core.membership import Right
from core.places import Point, day_at, km_of_closeness
from core.problems import raise_if_any, refuse
from core.roles import ACTING, Role
from core.search import Criteria, can_start_on, problems
from db import finding, members, places
from db.finding import Searcher
from db.gate import Work, service
from db.listing import PAGE_SIZE
from db.schema import Credential, OperatorProfile, Organization, Person
from db.verification import borne_out
from db.verification.overrides import standing_until
from db.verification.profile_views import regions_of


@dataclass(frozen=True)
class Certificate:
    """A licence in force, and the day the office verified it. `override_until` is shown to the office alone: the
    day of review, where it is confirmed by an override."""

    licence: Licence
    checked_on: date
    override_until: date | None = None


@dataclass(frozen=True)
class Found:
    """An operator who fits. `slots` are those asked for, or all of the operator's where none was asked for;
    `certificates` are those that fit; `checked_on` is the day the office last verified one of them."""

    profile_id: int
    name: str
    base_place: str
    distance_km: float
    certificates: tuple[Certificate, ...]
    slots: tuple[Slot, ...]
    checked_on: date


@dataclass(frozen=True)
class Town:
    """How many of those found are based in one place. The point is the town's, never anybody's own."""

    name: str
    point: Point
    people: int


@dataclass(frozen=True)
class Results:
    """One page of those found, nearest first; `total` counts all of them. `towns` count also whom only the
    criterion of the base place leaves out, so that a map can lead from one town to the next."""

    people: tuple[Found, ...]
    total: int
    page: int
    towns: tuple[Town, ...]
    checked_against: CheckedAgainst

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Profile:
    """What a searcher sees of an operator, contact details apart: every certificate in force, when and where
    the operator works, and the distance from the place that was searched."""

    profile_id: int
    name: str
    base_place: str
    distance_km: float
    travel_km: int
    certificates: tuple[Certificate, ...]
    slots: tuple[Slot, ...]
    regions: tuple[str, ...]  # their names
    earliest_start: date | None  # None: at once
    notes: str  # in the operator's own words
    checked_against: CheckedAgainst


@dataclass(frozen=True)
class OwnPlace:
    """A facility of the searcher's organization, to search around: its name and place, and where it is."""

    name: str
    point: Point


@dataclass(frozen=True)
class SearchFor:
    """An organization for which the asker may search, and its facilities to search around: `only` around them,
    or anywhere."""

    organization_id: int
    name: str
    places: tuple[OwnPlace, ...]
    only: bool


_OFFICE = (Role.OFFICER, Role.MANAGER)


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def search(work: Work, criteria: Criteria, page: int = 1, organization_id: int | None = None) -> Results:
    """The operators who fit, nearest first. Raises Refused where a criterion makes no sense.

    organization_id: for which organization, where the asker may search for several.
    """
    raise_if_any(problems(criteria, day_at(work.at)))
    who = finding.searcher(work, *_OFFICE, organization_id=organization_id)
    finding.must_search_from_there(who, criteria.near)
    towns = _towns(work, finding.found(replace(criteria, base_place=""), who))
    total = sum(town.people for town in towns if criteria.base_place in ("", town.name))
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    people = _page(work, criteria, who, page)
    looked_for = _for_the_trail(criteria)
    work.record("operators.searched", "organization", who.organization_id, found=total, page=page, **looked_for)
    return Results(people, total, page, towns, _checked_against(work, criteria, who, people))


@service(*ACTING, *_OFFICE)
def searching_for(work: Work) -> tuple[SearchFor, ...]:
    """The organizations for which the asker may search, by name; none for the office.

    Raises SearchNotOpen for somebody to whom the search is not open.
    """
    if finding.searcher(work, *_OFFICE).organization_id is None:
        return ()
    return tuple(_search_for(work, one) for one in finding.searched_for(work))


@service(*ACTING, *_OFFICE, shows_personal_data=True)
def profile(work: Work, profile_id: int, criteria: Criteria, organization_id: int | None = None) -> Profile:
    """An operator's profile without contact details. Raises Refused when the operator cannot be found now."""
    who = finding.searcher(work, *_OFFICE, organization_id=organization_id)
    finding.must_search_from_there(who, criteria.near)
    today = day_at(work.at)
    in_force = finding.in_force(who, today, today)
    row = work.session.execute(
        select(OperatorProfile, finding.dot_product(criteria.near)).where(
            OperatorProfile.id == profile_id,
            finding.findable(),
            finding.comes_there(who),
            OperatorProfile.base_x.is_not(None),
        )
    ).one_or_none()
    certificates = _certificates(work, [row[0].person_id], in_force) if row else {}
    if not row or not certificates:
        raise refuse("This operator is no longer available, or holds no licence in force. Search again.")
    work.record("operator.opened", "operator_profile", profile_id, organization=who.organization_id)
    shown, dot = row
    return Profile(
        profile_id=shown.id,
        name=shown.person.name,
        base_place=shown.base_place,
        distance_km=km_of_closeness(dot),
        travel_km=shown.travel_km,
        certificates=certificates[shown.person_id],
        slots=from_bits(shown.slots),
        regions=tuple(places.regions()[code] for code in regions_of(work, shown)),
        earliest_start=None if can_start_on(shown.earliest_start, today) else shown.earliest_start,
        notes=shown.notes,
        checked_against=borne_out.checked_certificates(work, (Credential.person_id == shown.person_id) & in_force),
    )


def _checked_against(work: Work, criteria: Criteria, who: Searcher, people: Collection[Found]) -> CheckedAgainst:
    """The listing, and how many of those shown it does not bear out by a certificate that fits."""
    of_them = select(OperatorProfile.person_id).where(OperatorProfile.id.in_([one.profile_id for one in people]))
    fitting = finding.in_force(who, criteria.needed_from, criteria.needed_until)
    return borne_out.checked_operators(
        work, Credential.person_id.in_(of_them) & finding.of_type_and_class(criteria) & fitting
    )


def _search_for(work: Work, organization: Organization) -> SearchFor:
    facilities = finding.facilities_to_search_from(work, organization.id)
    return SearchFor(
        organization_id=organization.id,
        name=organization.name,
        places=tuple(
            OwnPlace(f"{row.name}, {row.place}", Point(row.latitude, row.longitude)) for row in facilities
        ),
        only=not work.session.scalar(select(members.everywhere(work, Right.FIND, literal(organization.id)))),
    )


def _towns(work: Work, found: ColumnElement[bool]) -> tuple[Town, ...]:
    rows = work.session.execute(
        select(
            OperatorProfile.base_place,
            cast(ColumnElement[float], func.min(OperatorProfile.base_latitude)),
            cast(ColumnElement[float], func.min(OperatorProfile.base_longitude)),
            func.count(),
        )
        .where(found)
        .group_by(OperatorProfile.base_place)
        .order_by(OperatorProfile.base_place)
    )
    return tuple(Town(name, _point_of(name, latitude, longitude), n) for name, latitude, longitude, n in rows)


def _point_of(town: str, latitude: float, longitude: float) -> Point:
    """The point of the town, so that the map shows where nobody lives."""
    place = places.find(town) or places.nearest(Point(latitude, longitude))
    return place.point


def _page(work: Work, criteria: Criteria, who: Searcher, page: int) -> tuple[Found, ...]:
    dot = finding.dot_product(criteria.near)
    rows = work.session.execute(
        select(
            OperatorProfile.id,
            OperatorProfile.person_id,
            Person.given_name + " " + Person.family_name,
            OperatorProfile.base_place,
            OperatorProfile.slots,
            dot,
        )
        .join(Person, Person.id == OperatorProfile.person_id)
        .where(finding.found(criteria, who))
        .order_by(dot.desc(), OperatorProfile.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    fitting = finding.in_force(who, criteria.needed_from, criteria.needed_until)
    certificates = _certificates(
        work, [row.person_id for row in rows], finding.of_type_and_class(criteria) & fitting
    )
    return tuple(
        Found(
            profile_id=profile_id,
            name=name,
            base_place=base_place,
            distance_km=km_of_closeness(closeness),
            certificates=certificates[person_id],
            slots=tuple(slot for slot in from_bits(slots) if not criteria.slots or slot in criteria.slots),
            checked_on=max(certificate.checked_on for certificate in certificates[person_id]),
        )
        for profile_id, person_id, name, base_place, slots, closeness in rows
    )


def _certificates(
    work: Work, people: Collection[int], conditions: ColumnElement[bool]
) -> dict[int, tuple[Certificate, ...]]:
    """The credentials of these people that meet the conditions, by person: highest class first."""
    held: dict[int, list[Certificate]] = defaultdict(list)
    rows = work.session.scalars(
        select(Credential)
        .where(Credential.person_id.in_(people), conditions)
        .order_by(Credential.licence_type, Credential.rank.desc(), Credential.id)
    ).all()
    until = _overrides(work, rows) if not work.roles.isdisjoint(_OFFICE) else {}
    for row in rows:
        certificate = Certificate(finding.licence_of(row), day_at(row.recorded_at), until.get(row.claim_id or 0))
        held[row.person_id].append(certificate)
    return {person_id: tuple(certificates) for person_id, certificates in held.items()}


def _overrides(work: Work, rows: Collection[Credential]) -> Mapping[int, date]:
    """The day of review of each claim that is confirmed by an override."""
    return standing_until(work, [row.claim_id for row in rows if row.source == Basis.OVERRIDE and row.claim_id])


def _for_the_trail(criteria: Criteria) -> dict[str, Any]:
    """The criteria as the audit trail keeps them: what was looked for and where; no person is in them."""
    return {
        "licence_type": criteria.licence_type.value,
        "classes": [one.value for one in criteria.classes],
        "near": [round(criteria.near.latitude, 3), round(criteria.near.longitude, 3)],
        "within_km": criteria.within_km,
        "needed": [criteria.needed_from.isoformat(), criteria.needed_until.isoformat()],
        "slots": to_bits(criteria.slots),
        "base_place": criteria.base_place,
    }
