"""All facilities of the province: how many stand, where, of which type, class and owner; the worst first; what
comes near; month by month. For the office's staff, without personal data.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from core.facilities import FacilityType
from core.places import Point, day_at
from core.roles import Role
from core.standings import Standing
from db import province_summary
from db.gate import Work, service
from db.listing import Listing, one_page
from db.paper import Document
from db.places import middle_of, regions
from db.province import NONE, Behind, By, Counts, Near, Query, Trained, Wanted, counts_of
from db.province_schema import FacilityStanding, StandingCount, SummarySubscriber
from db.schema import Facility, Organization

_WHO = (Role.MANAGER, Role.OFFICER, Role.DIRECTOR)
MOST_EXPORTED = 20_000
MOST_ON_MAP = 1_000
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Group:
    """The facilities of a region, type, class or owner by standing. key: as Wanted takes it."""

    key: str
    name: str
    counts: Counts


@dataclass(frozen=True)
class RegionMark:
    """A region on the map: its facilities by standing, and the middle of its places."""

    code: str
    name: str
    middle: Point
    counts: Counts


@dataclass(frozen=True)
class FacilityPoint:
    """A facility on the map."""

    facility_id: int
    name: str
    point: Point
    standing: Standing


@dataclass(frozen=True)
class FacilityRow:
    """A facility in the list.

    changes_on: the first day on which its standing may be another. not_met: how many findings do not stand.
    qualified: how many employees may be its overall responsible operator by their licence, None: not counted;
    lapses_on: of the only one, when that may end.
    """

    facility_id: int
    name: str
    ministry_number: str
    facility_type: FacilityType
    facility_class: str
    owner: str
    region: str
    standing: Standing
    not_met: int
    changes_on: date | None
    qualified: int | None
    lapses_on: date | None


@dataclass(frozen=True)
class Month:
    """How many facilities stood so when they were last counted in a month."""

    month: date
    counted_on: date
    counts: Counts


@service(*_WHO)
def counts(work: Work, wanted: Wanted = Wanted()) -> Counts:  # noqa: B008 - it is frozen
    """The facilities wanted, by standing; that standing alone is left out of what is wanted."""
    return _query(work).counted(work.session, replace(wanted, standing=""))


@service(*_WHO)
def groups(work: Work, by: By, wanted: Wanted = Wanted(), page: int = 1) -> Listing[Group]:  # noqa: B008
    """The facilities wanted by region, type, class or owner, each by standing, 50 groups a page: those with most
    that do not stand first. The standing wanted narrows nothing here."""
    rows, total, page = one_page(work, _query(work).counted_by(by, replace(wanted, standing="")), page)
    names = _names(work, by, [one.key for one in rows])
    shown = tuple(
        Group(
            NONE if one.key is None else str(one.key),
            names[one.key],
            counts_of(one._mapping),
        )
        for one in rows
    )
    return Listing(shown, total, page)


@service(*_WHO)
def on_map(work: Work, wanted: Wanted = Wanted()) -> tuple[RegionMark, ...]:  # noqa: B008
    """The regions that have facilities that are wanted."""
    region, standing = FacilityStanding.region, FacilityStanding.standing
    found = _query(work).of(select(region, standing, func.count()), wanted).group_by(region, standing)
    of_each: dict[str, dict[str, int]] = {}
    for code, kept, many in work.session.execute(found):
        of_each.setdefault(code, {})[kept] = many
    return tuple(
        RegionMark(code, regions()[code], middle_of(code), counts_of(numbers))
        for code, numbers in sorted(of_each.items())
    )


@service(*_WHO)
def points(work: Work, wanted: Wanted) -> tuple[FacilityPoint, ...]:
    """The places of the facilities wanted, MOST_ON_MAP at most, the worst first."""
    query = _query(work)
    columns = (Facility.id, Facility.name, Facility.latitude, Facility.longitude, FacilityStanding.standing)
    found = _with_facilities(query.of(select(*columns), wanted))
    found = found.order_by(*query.worst_first()).limit(MOST_ON_MAP)
    return tuple(
        FacilityPoint(id, name, Point(latitude, longitude), Standing(standing))
        for id, name, latitude, longitude, standing in work.session.execute(found)
    )


@service(*_WHO)
def facilities(work: Work, wanted: Wanted = Wanted(), page: int = 1) -> Listing[FacilityRow]:  # noqa: B008
    """The facilities wanted, the worst first and of those the one that changes first, 50 a page."""
    query = _query(work)
    # By their ids first: the class and the owner are looked up for those that are shown alone.
    found, total, page = one_page(work, _ids(query, wanted), page)
    shown = _list(query, Wanted()).where(Facility.id.in_([id for (id,) in found]))
    return Listing(_rows(work, list(work.session.execute(shown))), total, page)


@service(*_WHO, writes=True)
def export(work: Work, wanted: Wanted) -> tuple[FacilityRow, ...]:
    """The same list to be kept as a file: the first MOST_EXPORTED."""
    rows = work.session.execute(_list(_query(work), wanted).limit(MOST_EXPORTED)).all()
    said = {name: str(value) for name, value in vars(wanted).items() if value and name != "words"}
    work.record("province.exported", "facility", None, rows=len(rows), **said)
    return _rows(work, list(rows))


@service(*_WHO)
def near(work: Work, wanted: Wanted = Wanted()) -> Mapping[Near, int]:  # noqa: B008
    """How many of the facilities wanted are one departure, or one expiry soon, from having no qualified overall
    responsible operator."""
    return _query(work).near(work.session, wanted)


@service(*_WHO)
def training(work: Work, wanted: Wanted = Wanted()) -> Mapping[Behind, Trained]:  # noqa: B008
    """At how many of the facilities wanted, and of how many operators there, training is behind, is due within
    90 days, or is not known; an operator of two facilities counts at each."""
    return _query(work).training(work.session, wanted)


@service(*_WHO)
def expiries(work: Work, wanted: Wanted = Wanted()) -> Mapping[date, int]:  # noqa: B008
    """How many licences of people employed at the facilities wanted expire in each of the next 12 months, this one
    from today on, by the month's first day."""
    return _query(work).expiring(work.session, wanted, MONTHS_AHEAD)


@service(*_WHO)
def history(work: Work, region: str = "") -> tuple[Month, ...]:
    """The months that were counted, the oldest first, of a region or of all; empty before the first night."""
    one = StandingCount
    found = select(one.month, func.max(one.counted_on), one.standing, func.sum(one.facilities))
    found = found.where(one.region == region) if region else found
    months: dict[date, tuple[date, dict[str, int]]] = {}
    for month, counted_on, standing, many in work.session.execute(
        found.group_by(one.month, one.standing).order_by(one.month)
    ):
        months.setdefault(month, (counted_on, {}))[1][standing] = many
    return tuple(Month(month, on, counts_of(numbers)) for month, (on, numbers) in months.items())


@service(*_WHO)
def owners(work: Work) -> Mapping[str, str]:
    """The owners of facilities as Wanted names them, with their names in order; of two with the same name, each
    bears its number too."""
    found = work.session.execute(_query(work).owners()).all()
    many = Counter(one.name for one in found)
    return {str(one.id): one.name if many[one.name] == 1 else f"{one.name} ({one.id})" for one in found}


@service(*_WHO)
def is_subscribed(work: Work) -> bool:
    """Whether whoever asks gets the monthly summary by mail."""
    return work.session.get(SummarySubscriber, work.account.id) is not None


@service(*_WHO, writes=True)
def subscribe(work: Work, wants: bool) -> None:
    """Switches the monthly summary by mail on or off for whoever asks; the next month's is the first."""
    row = work.session.get(SummarySubscriber, work.account.id)
    if wants == (row is not None):
        return
    if row is not None:
        work.session.delete(row)
        work.record("summary.unsubscribed", "account", work.account.id)
        return
    month = day_at(work.at).replace(day=1)
    work.session.add(SummarySubscriber(account_id=work.account.id, since=work.at, sent_for=month))
    work.record("summary.subscribed", "account", work.account.id)


@service(*_WHO, writes=True)
def summary(work: Work) -> Document:
    """The summary as it would be sent now, to be downloaded."""
    work.record("summary.downloaded", "facility", None)
    return province_summary.made(work)


# --- what they share ----------------------------------------------------------------------------------------


def _query(work: Work) -> Query:
    return Query(day_at(work.at))


def _list(query: Query, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    owner = query.owner_id.label("owner_id")
    columns = select(Facility, FacilityStanding, query.facility_class.label("facility_class"), owner)
    return _with_facilities(query.of(columns, wanted)).order_by(*query.worst_first())


def _ids(query: Query, wanted: Wanted) -> Select[int]:
    found = query.of(select(FacilityStanding.facility_id), wanted)
    return found.order_by(*query.worst_first())


def _with_facilities(standings: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return standings.join(Facility, Facility.id == FacilityStanding.facility_id)


def _rows(work: Work, rows: list[Any]) -> tuple[FacilityRow, ...]:
    owners = _owners(work, [one.owner_id for one in rows])
    return tuple(_row(one[0], one[1], one.facility_class, owners.get(one.owner_id, "")) for one in rows)


def _row(
    facility: Facility,
    kept: FacilityStanding,
    facility_class: str | None,
    owner: str,
) -> FacilityRow:
    return FacilityRow(
        facility.id,
        facility.name,
        facility.ministry_number or "",
        FacilityType(facility.facility_type),
        facility_class or "",
        owner,
        regions()[kept.region],
        Standing(kept.standing),
        kept.not_met,
        kept.changes_on,
        kept.qualified,
        kept.lapses_on,
    )


def _names(work: Work, by: By, keys: list[Any]) -> Mapping[Any, str]:
    """What people call the groups of these keys."""
    if by is By.REGION:
        return {one: regions()[one] for one in keys}
    if by is By.TYPE:
        return {one: FacilityType(one).label for one in keys}
    if by is By.CLASS:
        return {one: f"Class {one}" if one else "No class on record" for one in keys}
    return {None: "No owner on record"} | _owners(work, keys)


def _owners(work: Work, ids: list[int | None]) -> dict[int | None, str]:
    found = select(Organization.id, Organization.name).where(Organization.id.in_(set(ids) - {None}))
    return {one.id: one.name for one in work.session.execute(found)}
