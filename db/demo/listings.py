"""The demo's listings, by rule: they bear out most of what the invented people claim, and not all of it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core.facilities import FacilityClass, FacilityType
from core.licences import Licence, LicenceClass
from core.listings import ImportState, ListedFacility, ListedLicence, ListedRow, ListedStatus, ListingKind
from core.places import Point
from db.demo.people import DemoOperator
from db.ministry_listings import rows
from db.ministry_listings.files import unwatched
from db.register_schema import ListingImport
from db.schema import FacilityClaim

# By the operators' numbers. The first of each wait for the office, so that its queue shows every outcome.
_EXPIRES_LATER = frozenset({2, 40, 160})
_OF_ANOTHER_CLASS = frozenset({3, 41})
_OF_ANOTHER_NAME = frozenset({4, 42})
_OF_ANOTHER_NUMBER = frozenset({5})
_NOT_LISTED = frozenset({6, 43})
_SUSPENDED = frozenset({7, 44})


def licences(people: Iterable[DemoOperator], listed_on: date) -> Iterator[ListedLicence]:
    """What the invented ministry lists of these operators."""
    for who in people:
        if who.number in _NOT_LISTED or _lost(who):
            continue
        for position, licence in enumerate(who.licences):
            told = _told(who, licence) if position == 0 else licence
            yield ListedLicence(
                operator_id=who.operator_id,
                last_name="Fairwater" if who.number in _OF_ANOTHER_NAME else who.family_name,
                first_name=who.given_name,
                licence=replace(told, valid_for=""),
                status=_status(who, told, listed_on),
                municipality=who.base.name,
            )


def _lost(who: DemoOperator) -> bool:
    """Whom the office has suspended because no listing shows a licence any more."""
    return who.number % 75 == 20


def _told(who: DemoOperator, licence: Licence) -> Licence:
    if who.number in _EXPIRES_LATER:
        return replace(licence, expiry=licence.expiry + timedelta(days=365))
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
    """Makes these rows the listing that stands, as if the account `by` had imported them at `at`."""
    numbered: Mapping[int, ListedRow] = dict(enumerate(listed, start=2))
    row = ListingImport(
        kind=kind,
        listed_on=listed_on,
        file_name=f"invented-{kind}.csv",
        file_sha256=hashlib.sha256(repr(listed).encode()).hexdigest(),
        rows=len(numbered),
        new=len(numbered),
        changed=0,
        gone=0,
        left_out=[],
        state=ImportState.STANDING,
        imported_at=at,
        imported_by=by,
        changed_at=at,
        changed_by=by,
    )
    session.add(row)
    session.flush()
    rows.save(session, kind, row.id, numbered, unwatched)
