"""Keeps the lines that the search reads (SearchEntry) true to profiles, licences and accounts.

Triggers of the database mark every person of whom something changed, whoever changed it and how. The worker
makes the lines of those marked anew within seconds, and a search that meets a mark does so before it looks: it
never finds by what was so a moment ago.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, text, update
from sqlalchemy.orm import Session, lazyload

from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point, unit_vector
from core.profiles import State
from core.roles import Role
from core.search import deemed
from db.engine import Database
from db.people_schema import LicenceIssue
from db.places import region_of
from db.register_schema import OperatorRegion
from db.schema import Account, AccountRole, Credential, OperatorProfile
from db.search_schema import SearchEntry, SearchPlace, search_stale

_FIRST_REGION = 3501
_AT_ONCE = 200  # people
_LOCK = 0x6F776D71  # any number that no other lock of the portal uses
_IN_FORCE = "in force"


def bits(regions: Iterable[str]) -> int:
    """Census divisions as one integer, a bit for each: their codes run from 3501 to 3560."""
    return sum(1 << (int(code) - _FIRST_REGION) for code in set(regions))


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


def standing() -> ColumnElement[bool]:
    """A credential that the register has in force and no correction has replaced; its days are another matter."""
    return and_(Credential.superseded_at.is_(None), Credential.status == _IN_FORCE)


def are_stale(session: Session) -> bool:
    """Whether anybody's lines are to be made anew."""
    return session.scalar(select(search_stale.c.person_id).limit(1)) is not None


def refresh(session: Session) -> None:
    """Makes the lines of some of those anew who are marked, so few that nobody waits long for the lock. The
    transaction must be one that writes."""
    if session.get_bind().dialect.name == "postgresql":  # two at once would both write the same lines
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    marked = search_stale.c.person_id
    people = session.scalars(select(marked).distinct().order_by(marked).limit(_AT_ONCE)).all()
    session.execute(delete(search_stale).where(marked.in_(people)))
    _make_anew(session, people)


def refresh_all(database: Database, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Makes the lines of everybody anew who is marked, a few in each transaction, for as long as it `goes_on`.

    Between two transactions it leaves the lock to others for as long as it held it: SQLite keeps no queue.
    """
    while goes_on():
        with database.transaction(writes=False) as session:
            if not are_stale(session):
                return
        begun = time.monotonic()
        with database.transaction(writes=True) as session:
            refresh(session)
        time.sleep(time.monotonic() - begun)


@dataclass(frozen=True, order=True)
class _Place:
    """A type, a class and a base: what makes a SearchPlace another one."""

    licence_type: str
    rank: int
    latitude: float
    longitude: float
    base_place: str


def _make_anew(session: Session, people: Sequence[int]) -> None:
    removed = delete(SearchEntry).where(SearchEntry.person_id.in_(people)).returning(SearchEntry.place_id)
    before = Counter(session.scalars(removed))
    lines = list(_lines(session, people))
    ids = _ids(session, {place for place, _ in lines})
    if lines:
        written = insert(cast(Table, SearchEntry.__table__))  # without the ORM's care for each row
        session.execute(written, [line | {"place_id": ids[place]} for place, line in lines])
    after = Counter(ids[place] for place, _ in lines)
    _count(session, {id: after[id] - before[id] for id in after.keys() | before.keys()})


def _ids(session: Session, places: set[_Place]) -> dict[_Place, int]:
    """The id of each place; those that are new are written down, without lines yet."""
    names = {place.base_place for place in places}
    columns = (getattr(SearchPlace, name) for name in _Place.__dataclass_fields__)
    named = select(SearchPlace.id, *columns).where(SearchPlace.base_place.in_(sorted(names)))
    ids = {_Place(*place): id for id, *place in session.execute(named)}
    new = sorted(places - ids.keys())
    if new:
        written = insert(SearchPlace).returning(SearchPlace.id, sort_by_parameter_order=True)
        ids |= zip(new, session.scalars(written, list(map(_row, new))), strict=True)
    return ids


def _row(place: _Place) -> dict[str, Any]:
    point = Point(place.latitude, place.longitude)
    x, y, z = unit_vector(point)
    return vars(place) | {"x": x, "y": y, "z": z, "base_region": region_of(point), "lines": 0}


def _count(session: Session, changes: dict[int, int]) -> None:
    """Adds to the number of lines of each place; one without any is needed no more."""
    changed = [{"place": id, "change": change} for id, change in changes.items() if change]
    if not changed:
        return
    more = update(SearchPlace).values(lines=SearchPlace.lines + bindparam("change"))
    session.connection().execute(more.where(SearchPlace.id == bindparam("place")), changed)
    session.execute(delete(SearchPlace).where(SearchPlace.id.in_(sorted(changes)), SearchPlace.lines == 0))


def _lines(session: Session, people: Sequence[int]) -> Iterator[tuple[_Place, dict[str, Any]]]:
    lines = list(_all_lines(session, people))
    of_type = Counter((line["person_id"], place.licence_type) for place, line in lines)
    for place, line in lines:
        yield place, line | {"alone": of_type[line["person_id"], place.licence_type] == 1}


def _all_lines(session: Session, people: Sequence[int]) -> Iterator[tuple[_Place, dict[str, Any]]]:
    of_people = OperatorProfile.person_id.in_(people)
    chosen: dict[int, list[str]] = defaultdict(list)
    for profile_id, code in session.execute(
        select(OperatorRegion.profile_id, OperatorRegion.code).join(
            OperatorProfile, OperatorProfile.id == OperatorRegion.profile_id
        ).where(of_people)
    ):  # fmt: skip
        chosen[profile_id].append(code)
    held = (
        select(OperatorProfile, Credential)
        .join(Credential, Credential.person_id == OperatorProfile.person_id)
        .where(of_people, findable(), OperatorProfile.base_x.is_not(None), standing())
    )
    rows = held.options(lazyload("*")).execution_options(populate_existing=True)
    for profile, credential in session.execute(rows):
        licence = licence_of(credential)
        common = _common(profile, credential) | {"chosen_regions": bits(chosen[profile.id])}
        yield _line(profile, licence, common, deemed=False)
        yield from (_line(profile, one, common, deemed=True) for one in deemed(licence))


def _common(profile: OperatorProfile, credential: Credential) -> dict[str, Any]:
    """What all lines of one credential share."""
    return {
        "profile_id": profile.id,
        "credential_id": credential.id,
        "travel_closeness": profile.travel_closeness,
        "slots": profile.slots,
        "earliest_start": profile.earliest_start,
        "valid_from": credential.valid_from,
        "valid_until": credential.valid_until,
        "person_id": profile.person_id,
    }


def _line(
    profile: OperatorProfile, licence: Licence, common: dict[str, Any], *, deemed: bool
) -> tuple[_Place, dict[str, Any]]:
    place = _Place(
        licence_type=licence.licence_type.value,
        rank=licence.licence_class.rank if licence.licence_class else -1,
        latitude=profile.base_latitude or 0.0,
        longitude=profile.base_longitude or 0.0,
        base_place=profile.base_place,
    )
    return place, common | {"expiry": licence.expiry, "valid_for_key": licence.owner_key, "deemed": deemed}


def licence_of(credential: Credential | LicenceIssue) -> Licence:
    """The licence that a credential holds true, or that was issued."""
    return Licence(
        number=credential.number,
        licence_type=LicenceType(credential.licence_type),
        licence_class=LicenceClass(credential.licence_class) if credential.licence_class else None,
        expiry=credential.expiry,
        valid_for=credential.valid_for,
    )
