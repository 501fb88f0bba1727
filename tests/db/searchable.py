"""Operators who can be found, and owners who may search, straight in the database."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.availability import ALL_SLOTS, to_bits
from core.licences import Licence, LicenceClass, LicenceType
from core.places import Point, closeness, day_at, unit_vector
from core.profiles import ClaimState, State
from core.roles import Role
from core.search import Candidate, Criteria, Held
from db.gate import Asker, Portal
from db.memberships import first_manager
from db.register_schema import OperatorRegion
from db.schema import (
    Account,
    AccountRole,
    CertificateClaim,
    Credential,
    Facility,
    FacilityRelation,
    LoginSession,
    OperatorProfile,
    Organization,
    Person,
)
from tests.db.people import NOON, signed_in
from tests.remembered import remembered

TODAY = day_at(NOON)
TIMMINS = Point(48.47686, -81.33333)
AT_HOME = Point(48.47999, -81.32999)  # near Timmins' point, and not it
SUDBURY = Point(46.49, -81.00998)  # 222 km from Timmins
CLASS_III = Licence("T3", LicenceType.WASTEWATER_TREATMENT, LicenceClass.III, date(2028, 5, 1))

_numbers = itertools.count(1)


def candidate(*held: Held, **changes: object) -> Candidate:
    """Somebody who is found around Timmins, but for `changes`; with a Class III licence where none is given."""
    usual: dict[str, object] = {
        "state": State.ACTIVE,
        "available": True,
        "base": AT_HOME,
        "travel_km": 100,
        "slots": frozenset(ALL_SLOTS),
        "held": held or (Held(CLASS_III),),
        "base_place": "Timmins",
    }
    return Candidate(**(usual | changes))  # type: ignore[arg-type]


def criteria(**changes: object) -> Criteria:
    """Class I or higher in wastewater treatment within 100 km of Timmins today, but for `changes`."""
    usual: dict[str, object] = {
        "licence_type": LicenceType.WASTEWATER_TREATMENT,
        "licence_class": LicenceClass.I,
        "near": TIMMINS,
        "within_km": 100,
        "needed_from": TODAY,
        "needed_until": TODAY,
    }
    return Criteria(**(usual | changes))  # type: ignore[arg-type]


def add_operator(portal: Portal, who: Candidate, name: str = "Alex Rivers") -> int:
    """The profile's id of a new operator, with an account."""
    with portal.database.transaction(writes=True) as session:
        return _operator(session, who, name)


def add_operators(portal: Portal, people: Iterable[Candidate]) -> list[int]:
    """The profiles' ids of new operators, in order."""
    with portal.database.transaction(writes=True) as session:
        return [_operator(session, who, "Alex Rivers") for who in people]


def disable(portal: Portal, profile_id: int) -> None:
    """The operator's account can be used no more."""
    with portal.database.transaction(writes=True) as session:
        _account_of(session, profile_id).state = "disabled"


def end_role(portal: Portal, profile_id: int) -> None:
    """The operator's account holds the operator's role no more."""
    with portal.database.transaction(writes=True) as session:
        _account_of(session, profile_id).roles[0].ended_at = NOON


def _account_of(session: Session, profile_id: int) -> Account:
    person_id = session.get_one(OperatorProfile, profile_id).person_id
    return session.scalars(select(Account).where(Account.person_id == person_id)).one()


@remembered
def owner(portal: Portal, name: str = "Town of Timmins", *, verified: bool = True, at: datetime = NOON) -> Asker:
    """A member of an active organization, with a verified facility or without."""
    asker = signed_in(portal, Role.OWNER, at=at)
    with portal.database.transaction(writes=True) as session:
        account = session.query(LoginSession).order_by(LoginSession.id.desc()).first().account_id
        organization = Organization(name=name, kind="municipality", state=State.ACTIVE, changed_at=at)
        session.add(organization)
        session.flush()
        session.add(first_manager(account, organization.id, at))
        if verified:
            _facility(session, organization.id, at)
    return asker


def _operator(session: Session, who: Candidate, name: str) -> int:
    given, family = name.split(" ", 1)
    person = Person(given_name=given, family_name=family, created_at=NOON)
    session.add(person)
    session.flush()
    number = next(_numbers)
    account = Account(
        person_id=person.id, email=f"operator{number}@example.ca", state="active", telephone="+17055550100",
        municipality="Timmins", language="en", created_at=NOON, changed_at=NOON,
        roles=[AccountRole(role=Role.OPERATOR, granted_at=NOON)],
    )  # fmt: skip
    x, y, z = unit_vector(who.base) if who.base else (None, None, None)
    profile = OperatorProfile(
        person_id=person.id, state=who.state, claimed_operator_id="", available=who.available,
        slots=to_bits(who.slots), base_place=who.base_place, base_x=x, base_y=y, base_z=z,
        base_latitude=who.base and who.base.latitude, base_longitude=who.base and who.base.longitude,
        travel_km=who.travel_km, travel_closeness=closeness(who.travel_km), earliest_start=who.earliest_start,
        changed_at=NOON,
    )  # fmt: skip
    session.add_all([account, profile])
    session.flush()
    session.add_all(OperatorRegion(profile_id=profile.id, code=code) for code in who.regions)
    claims = [_claim(profile.id, held) for held in who.held]
    session.add_all(claims)
    session.flush()
    session.add_all(_credential(person.id, held, claim.id) for held, claim in zip(who.held, claims, strict=True))
    session.flush()
    return profile.id


def _credential(person_id: int, held: Held, claim_id: int) -> Credential:
    licence = held.licence
    return Credential(
        person_id=person_id, number=licence.number, licence_type=licence.licence_type,
        licence_class=licence.licence_class, rank=licence.licence_class.rank if licence.licence_class else -1,
        expiry=licence.expiry, valid_for=licence.valid_for, source="decision", valid_from=held.valid_from,
        valid_until=held.valid_until, recorded_at=NOON, claim_id=claim_id,
        superseded_at=NOON if held.superseded else None, status="in force" if held.in_force else "suspended",
    )  # fmt: skip


def _claim(profile_id: int, held: Held) -> CertificateClaim:
    """What its holder claims and the office has confirmed; of a past credential, no more."""
    licence = held.licence
    stands = held.valid_until is None and not held.superseded
    return CertificateClaim(
        profile_id=profile_id, number=licence.number, licence_type=licence.licence_type,
        licence_class=licence.licence_class, expiry=licence.expiry, valid_for=licence.valid_for, entered_at=NOON,
        state=ClaimState.CONFIRMED if stands else ClaimState.WITHDRAWN, basis="decision" if stands else "",
        confirmed_on=TODAY if stands else None,
    )  # fmt: skip


def _facility(session: Session, organization_id: int, at: datetime) -> None:
    facility = Facility(
        name="Works", facility_type="wastewater_treatment", latitude=48.4, longitude=-81.3, place="Timmins",
        time_zone="America/Toronto", changed_at=at,
    )  # fmt: skip
    session.add(facility)
    session.flush()
    session.add(
        FacilityRelation(
            facility_id=facility.id,
            organization_id=organization_id,
            role="owner",
            valid_from=day_at(at),
            recorded_at=at,
        )
    )
