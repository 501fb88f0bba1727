"""Keeps the lines that the search reads (SearchEntry) true to profiles, licences and accounts.

Triggers of the database mark every person of whom something changed, whoever changed it and how. Each search makes
the lines of those marked anew before it reads, so that it never finds by what was so a moment ago.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import floor
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, text
from sqlalchemy.orm import Session, lazyload

from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point
from core.profiles import State
from core.roles import Role
from core.search import deemed
from db.people_schema import LicenceIssue
from db.places import region_of
from db.register_schema import OperatorRegion
from db.schema import Account, AccountRole, Credential, OperatorProfile
from db.search_schema import SearchEntry, search_stale

_BANDS_A_DEGREE = 4
_FIRST_REGION = 3501
_AT_ONCE = 500  # people
_LOCK = 0x6F776D71  # any number that no other lock of the portal uses
_IN_FORCE = "in force"


def band(latitude: float) -> int:
    """The band of latitude, a quarter of a degree wide."""
    return floor(latitude * _BANDS_A_DEGREE)


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


def refresh(session: Session) -> None:
    """Makes the lines of everybody anew who is marked. The transaction must be one that writes."""
    if session.scalar(select(search_stale.c.person_id).limit(1)) is None:
        return
    if session.get_bind().dialect.name == "postgresql":  # two searches at once would both write the same lines
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    marked = session.scalars(delete(search_stale).returning(search_stale.c.person_id))
    for people in _batches(sorted(set(marked))):
        session.execute(delete(SearchEntry).where(SearchEntry.person_id.in_(people)))
        lines = list(_lines(session, people))
        if lines:
            session.execute(insert(SearchEntry), lines)


def _batches(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + _AT_ONCE] for start in range(0, len(people), _AT_ONCE))


def _lines(session: Session, people: Sequence[int]) -> Iterator[dict[str, Any]]:
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
        yield common | _of_licence(licence, deemed=False)
        yield from (common | _of_licence(one, deemed=True) for one in deemed(licence))


def _common(profile: OperatorProfile, credential: Credential) -> dict[str, Any]:
    """What all lines of one credential share."""
    latitude, longitude = profile.base_latitude or 0.0, profile.base_longitude or 0.0
    return {
        "band": band(latitude),
        "longitude": longitude,
        "profile_id": profile.id,
        "credential_id": credential.id,
        "x": profile.base_x,
        "y": profile.base_y,
        "z": profile.base_z,
        "travel_closeness": profile.travel_closeness,
        "slots": profile.slots,
        "earliest_start": profile.earliest_start,
        "valid_from": credential.valid_from,
        "valid_until": credential.valid_until,
        "base_region": region_of(Point(latitude, longitude)),
        "base_place": profile.base_place,
        "person_id": profile.person_id,
    }


def _of_licence(licence: Licence, *, deemed: bool) -> dict[str, Any]:
    return {
        "licence_type": licence.licence_type.value,
        "rank": licence.licence_class.rank if licence.licence_class else -1,
        "expiry": licence.expiry,
        "valid_for_key": licence.owner_key,
        "deemed": deemed,
    }


def licence_of(credential: Credential | LicenceIssue) -> Licence:
    """The licence that a credential holds true, or that was issued."""
    return Licence(
        number=credential.number,
        licence_type=LicenceType(credential.licence_type),
        licence_class=LicenceClass(credential.licence_class) if credential.licence_class else None,
        expiry=credential.expiry,
        valid_for=credential.valid_for,
    )
