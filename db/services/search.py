"""The search for operators: who fits, nearest first, and what would find more; without contact details."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, literal, select

from core.alignment import CheckedAgainst
from core.availability import Slot, from_bits, to_bits
from core.membership import Right
from core.places import Point, day_at, km_of_closeness
from core.problems import Problem, raise_if_any, refuse
from core.relaxations import FEW, Relaxation, relaxations
from core.roles import ACTING, Role
from core.search import Criteria, can_start_on, problems
from core.sentences import Sentence
from db import finding, members, places, search_entries
from db.finding import Searcher
from db.found_certificates import Certificate, certificates_of
from db.gate import Asker, Work, in_steps, service
from db.listing import PAGE_SIZE
from db.schema import Credential, OperatorProfile, Organization
from db.verification import borne_out
from db.verification.profile_views import regions_of


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
class Widened:
    """One condition relaxed, and how many more operators it finds."""

    relaxation: Relaxation
    more: int


@dataclass(frozen=True)
class Results:
    """One page of those found, nearest first; `total` counts all of them. `towns` count also whom only the
    criterion of the base place leaves out, so that a map can lead from one town to the next. `widened` says, where
    few are found, what finds more."""

    people: tuple[Found, ...]
    total: int
    page: int
    towns: tuple[Town, ...]
    checked_against: CheckedAgainst
    widened: tuple[Widened, ...] = ()

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

    facility_id: int
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
MOST_EXPORTED = 1000  # rows of one file


@in_steps(*ACTING, *_OFFICE, shows_personal_data=True)
def search(asker: Asker, criteria: Criteria, page: int = 1, organization_id: int | None = None) -> Results:
    """The operators who fit, nearest first. Raises Refused where a criterion makes no sense.

    organization_id: for which organization, where the asker may search for several. It is looked for without a
    lock; then the look is recorded, and only then is it shown.
    """
    who, results = _up_to_date(asker, lambda: _search(asker, criteria, page, organization_id))
    _record(asker, "searched", who, criteria, {"found": results.total, "page": results.page})
    return results


@in_steps(*ACTING, *_OFFICE, shows_personal_data=True)
def export(asker: Asker, criteria: Criteria, organization_id: int | None = None) -> tuple[Found, ...]:
    """The nearest MOST_EXPORTED of those who fit, to be kept as a file. Raises Refused as `search` does."""
    who, people = _up_to_date(asker, lambda: _export(asker, criteria, organization_id))
    _record(asker, "exported", who, criteria, {"rows": len(people)})
    return people


Looked = TypeVar("Looked")  # what was found, and for whom


def _up_to_date(asker: Asker, look: Callable[[], Looked | None]) -> Looked:
    """What is found once nobody's lines are to be made anew."""
    while (found := look()) is None:
        _refresh(asker)
    return found


@service(*ACTING, *_OFFICE, writes=True)
def _refresh(work: Work) -> None:
    search_entries.refresh(work.session)


@service(*ACTING, *_OFFICE, writes=True)
def _record(work: Work, done: str, who: Searcher, criteria: Criteria, counts: Mapping[str, int]) -> None:
    work.record(f"operators.{done}", "organization", who.organization_id, **counts, **_for_the_trail(criteria))


@service(*ACTING, *_OFFICE)
def _search(
    work: Work, criteria: Criteria, page: int, organization_id: int | None
) -> tuple[Searcher, Results] | None:
    who = _searcher(work, criteria, organization_id)
    if search_entries.are_stale(work.session):
        return None
    towns = _towns(work, replace(criteria, base_place=""), who)
    total = sum(town.people for town in towns if criteria.base_place in ("", town.name))
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    skipped = (page - 1) * PAGE_SIZE
    people, credentials = _nearest(work, criteria, who, min(PAGE_SIZE, total - skipped), skipped)
    widened = _widened(work, criteria, who, total) if total < FEW else ()
    return who, Results(people, total, page, towns, borne_out.checked_operators(work, credentials), widened)


@service(*ACTING, *_OFFICE)
def _export(
    work: Work, criteria: Criteria, organization_id: int | None
) -> tuple[Searcher, tuple[Found, ...]] | None:
    who = _searcher(work, criteria, organization_id)
    if search_entries.are_stale(work.session):
        return None
    people, _credentials = _nearest(work, criteria, who, MOST_EXPORTED)
    return who, people


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
            OperatorProfile.id == profile_id, finding.findable_on(who, today)
        )
    ).one_or_none()
    if not row:
        raise refuse("This operator is no longer available, or holds no licence in force. Search again.")
    work.record("operator.opened", "operator_profile", profile_id, organization=who.organization_id)
    shown, dot = row
    return Profile(
        profile_id=shown.id,
        name=shown.person.name,
        base_place=shown.base_place,
        distance_km=km_of_closeness(dot),
        travel_km=shown.travel_km,
        certificates=_in_force(work, shown.person_id, in_force),
        slots=from_bits(shown.slots),
        regions=tuple(places.regions()[code] for code in regions_of(work, shown)),
        earliest_start=None if can_start_on(shown.earliest_start, today) else shown.earliest_start,
        notes=shown.notes,
        checked_against=borne_out.checked_certificates(work, (Credential.person_id == shown.person_id) & in_force),
    )


def _search_for(work: Work, organization: Organization) -> SearchFor:
    facilities = finding.facilities_to_search_from(work, organization.id)
    return SearchFor(
        organization_id=organization.id,
        name=organization.name,
        places=tuple(
            OwnPlace(row.id, f"{row.name}, {row.place}", Point(row.latitude, row.longitude)) for row in facilities
        ),
        only=not work.session.scalar(select(members.everywhere(work, Right.FIND, literal(organization.id)))),
    )


def _searcher(work: Work, criteria: Criteria, organization_id: int | None) -> Searcher:
    """For whom is searched, once the criteria make sense."""
    wrong = problems(criteria, day_at(work.at))
    unknown = sorted(criteria.regions - set(places.regions()))
    if unknown:
        sentence = Sentence("{region} is no census division of Ontario. Choose from the list.", region=unknown[0])
        wrong.append(Problem("regions", sentence))
    raise_if_any(wrong)
    who = finding.searcher(work, *_OFFICE, organization_id=organization_id)
    finding.must_search_from_there(who, criteria.near)
    return who


def _towns(work: Work, criteria: Criteria, who: Searcher) -> tuple[Town, ...]:
    rows = finding.in_towns(work.session, criteria, who)
    return tuple(Town(name, _point_of(name, Point(*point)), people) for name, *point, people in rows)


def _widened(work: Work, criteria: Criteria, who: Searcher, total: int) -> tuple[Widened, ...]:
    """Each single relaxation that finds more, all counted in one statement."""
    every_town = replace(criteria, base_place="")
    ways = relaxations(every_town, day_at(work.at), places.neighbours())
    if criteria.base_place or not ways:
        return ()
    asked = [way.criteria for way in ways]
    found = finding.how_many(work.session, asked, who)
    return tuple(Widened(way, n - total) for way, n in zip(ways, found, strict=True) if n > total)


def _point_of(town: str, base: Point) -> Point:
    """The point of the town, so that the map shows where nobody lives; where none of its name is on file, of the
    nearest that is."""
    return (places.find(town) or places.nearest(base)).point


def _nearest(
    work: Work, criteria: Criteria, who: Searcher, most: int, skipped: int = 0
) -> tuple[tuple[Found, ...], list[int]]:
    """The people, nearest first, and the ids of the credentials by which they are found."""
    if not most:
        return (), []
    nearest = finding.nearest(work.session, criteria, who, most, skipped)
    rows = finding.lines_of(work.session, criteria, who, [row.person_id for row in nearest])
    certificates = certificates_of(work, rows, tells_overrides=_tells(work))
    lines: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        lines[row.person_id].append(row)
    people = (
        _found(criteria, lines[person_id], closeness, certificates)
        for _, person_id, closeness in nearest
        if person_id in lines  # and not whoever a search beside this one has just found to fit no more
    )
    return tuple(people), [row.id for row in rows]


def _found(
    criteria: Criteria,
    lines: Sequence[Any],
    closeness: float,
    certificates: Mapping[int, tuple[Certificate, ...]],
) -> Found:
    """Somebody, of the lines by which the search finds them: the highest class first, the deemed ones last."""
    one = lines[0]
    fitting = tuple(
        certificate
        for line in lines
        for certificate in certificates[line.id]
        if line.deemed is (certificate.deemed_by is not None)
        and certificate.licence.licence_type is criteria.licence_type
    )
    return Found(
        profile_id=one.profile_id,
        name=one.name,
        base_place=one.base_place,
        distance_km=km_of_closeness(closeness),
        certificates=fitting,
        slots=tuple(slot for slot in from_bits(one.slots) if not criteria.slots or slot in criteria.slots),
        checked_on=max(certificate.checked_on for certificate in fitting),
    )


def _in_force(work: Work, person_id: int, in_force: ColumnElement[bool]) -> tuple[Certificate, ...]:
    """Every licence of a person that is in force, each followed by those it includes."""
    rows = work.session.scalars(
        select(Credential)
        .where(Credential.person_id == person_id, in_force)
        .order_by(Credential.licence_type, Credential.rank.desc(), Credential.id)
    ).all()
    certificates = certificates_of(work, rows, tells_overrides=_tells(work))
    return tuple(one for row in rows for one in certificates[row.id])


def _tells(work: Work) -> bool:
    """Whether the asker is told of overrides: the office alone is."""
    return not work.roles.isdisjoint(_OFFICE)


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
        "regions": sorted(criteria.regions),
    }
