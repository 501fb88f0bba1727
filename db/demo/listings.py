"""The demo's listings, by rule: they bear out most of what the invented people claim, and not all of it.

A former listing bore out what the office has confirmed since, but for what it DECIDED; the one that stands differs
from both here and there.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facilities import FacilityClass, FacilityType
from core.licences import Licence, LicenceClass
from core.listing_differences import differences
from core.listings import ImportState, ListedFacility, ListedLicence, ListedRow, ListedStatus, ListingKind
from core.places import Point
from db.demo.people import DemoOperator
from db.ministry_listings import rows
from db.ministry_listings.files import unwatched
from db.register_schema import ListingImport
from db.schema import FacilityClaim

# By the operators' numbers. The first of each wait for the office, so that its queue shows every outcome.
_EXPIRES_LATER = frozenset({2, 40, 160})
_EXPIRES_SOONER = frozenset({139})
_OF_ANOTHER_CLASS = frozenset({3, 41, 398})
_OF_ANOTHER_NAME = frozenset({4, 42})
_OF_ANOTHER_NUMBER = frozenset({5})
_NOT_LISTED = frozenset({6, 43, 591})
_SUSPENDED = frozenset({7, 44, 562})
DECIDED = frozenset({139, 398, 562, 591})  # an officer confirmed what the former listing had with another expiry
_A_YEAR = timedelta(days=365)


def former_licences(people: Iterable[DemoOperator]) -> Iterator[ListedLicence]:
    """What the invented ministry listed of these operators before the office verified them."""
    for who in people:
        for licence in who.licences:
            expiry = licence.expiry - _A_YEAR if who.number in DECIDED else licence.expiry
            listed = replace(licence, valid_for="", expiry=expiry)
            yield _line(who, who.family_name, listed, ListedStatus.IN_FORCE)


def licences(people: Iterable[DemoOperator], listed_on: date) -> Iterator[ListedLicence]:
    """What the invented ministry lists of these operators."""
    for who in people:
        if who.number in _NOT_LISTED or _lost(who):
            continue
        for position, licence in enumerate(who.licences):
            told = _told(who, licence) if position == 0 else licence
            name = "Fairwater" if who.number in _OF_ANOTHER_NAME else who.family_name
            yield _line(who, name, replace(told, valid_for=""), _status(who, told, listed_on))


def _line(who: DemoOperator, last_name: str, licence: Licence, status: ListedStatus) -> ListedLicence:
    return ListedLicence(who.operator_id, last_name, who.given_name, licence, status, who.base.name)


def _lost(who: DemoOperator) -> bool:
    """Whose licences no listing shows any more."""
    return who.number % 75 == 20


def _told(who: DemoOperator, licence: Licence) -> Licence:
    if who.number in _EXPIRES_LATER:
        return replace(licence, expiry=licence.expiry + _A_YEAR)
    if who.number in _EXPIRES_SOONER:
        return replace(licence, expiry=licence.expiry - _A_YEAR)
    if who.number in _OF_ANOTHER_CLASS and licence.licence_class:
        other = LicenceClass.II if licence.licence_class is not LicenceClass.II else LicenceClass.I
        return replace(licence, licence_class=other)
    if who.number in _OF_ANOTHER_NUMBER:
        return replace(licence, number=licence.number[:-2] + licence.number[:-3:-1])  # two digits changed places
    return licence


def _status(who: DemoOperator, licence: Licence, listed_on: date) -> ListedStatus:
    if who.number in _SUSPENDED:
        return ListedStatus.SUSPENDED
    return ListedStatus.IN_FORCE if licence.in_force_on(listed_on) else ListedStatus.EXPIRED


def facilities(plants: Sequence[tuple[FacilityClaim, str]]) -> Iterator[ListedFacility]:
    """What the invented ministry lists of these plants, each with its owner: a few differ in class or name."""
    for number, (plant, owner) in enumerate(plants):
        yield ListedFacility(
            facility_number=plant.ministry_number,
            name=f"{plant.name} (old works)" if number % 40 == 7 else plant.name,
            facility_type=FacilityType(plant.facility_type),
            facility_class=FacilityClass.II if number % 40 == 9 else FacilityClass(plant.facility_class),
            owner=owner,
            municipality=plant.place,
            point=Point(plant.latitude, plant.longitude),
        )


def let_stand(
    session: Session, kind: ListingKind, listed: Sequence[ListedRow], listed_on: date, at: datetime, by: int
) -> None:
    """Makes these rows the listing that stands, as if the account `by` had imported them at `at`; what stood is a
    former one."""
    numbered: Mapping[int, ListedRow] = dict(enumerate(listed, start=2))
    stood = session.scalar(
        select(ListingImport).where(ListingImport.kind == kind, ListingImport.state == ImportState.STANDING)
    )
    before = rows.saved(session, kind, stood.id if stood else None)
    found = differences(kind, before, rows.by_key(kind, listed), lambda _: False).counted
    if stood:
        stood.state = ImportState.FORMER
        session.flush()
    row = ListingImport(
        kind=kind,
        listed_on=listed_on,
        file_name=f"invented-{kind}.csv",
        file_sha256=hashlib.sha256(repr(listed).encode()).hexdigest(),
        rows=len(numbered),
        new=found.new,
        changed=found.changed,
        gone=found.gone,
        left_out=[],
        state=ImportState.STANDING,
        imported_at=at,
        imported_by=by,
        follows_id=stood.id if stood else None,
        changed_at=at,
        changed_by=by,
    )
    session.add(row)
    session.flush()
    rows.save(session, kind, row.id, numbered, unwatched)
