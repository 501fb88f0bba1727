"""Profiles for tests, made through the services as people make them."""

from dataclasses import replace
from datetime import date

from core.availability import ALL_SLOTS
from core.entries import AvailabilityEntry, FacilityEntry
from core.licences import LicenceType
from core.roles import Role
from db.gate import Asker, Portal
from db.services import operators, owners, verification
from db.verification.queue_listing import ProfileRow
from tests.db.people import signed_in
from tests.remembered import remembered

EXPIRY = date(2028, 3, 12)
AVAILABILITY = AvailabilityEntry(True, ALL_SLOTS, "North Bay", 46.31, -79.46, 100)
FACILITY = FacilityEntry("2200-A", "North Bay WPCP", "wastewater_treatment", "III", "North Bay", 46.31, -79.46)


@remembered
def add_certificate(
    asker: Asker,
    number: str = "12345",
    licence_type: str = LicenceType.WASTEWATER_TREATMENT,
    licence_class: str | None = "II",
    expiry: date | None = EXPIRY,
    valid_for: str = "",
) -> int:
    """Adds a certificate to the profile as it stands."""
    version = operators.my_profile(asker).version
    return operators.add_certificate(asker, number, licence_type, licence_class, expiry, valid_for, version)


@remembered
def submitted_operator(
    portal: Portal, operator_id: str = "90012345", number: str = "12345", **person: str
) -> Asker:
    """An operator whose profile with one certificate waits for the office."""
    asker = signed_in(portal, Role.OPERATOR, **person)
    operators.save_operator_id(asker, operator_id, operators.my_profile(asker).version)
    add_certificate(asker, number)
    operators.submit(asker, operators.my_profile(asker).version)
    return asker


@remembered
def active_operator(portal: Portal, operator_id: str = "90012345", number: str = "12345", **person: str) -> Asker:
    """An operator whose profile the office has approved."""
    asker = submitted_operator(portal, operator_id, number, **person)
    approve_all(portal)
    return asker


@remembered
def available_operator(portal: Portal, **person: str) -> Asker:
    """An active operator who can work on every shift around North Bay."""
    asker = active_operator(portal, **person)
    set_availability(asker)
    return asker


@remembered
def set_availability(asker: Asker, entry: AvailabilityEntry = AVAILABILITY, **changes: object) -> None:
    """Sets when and where an active operator works, as the profile stands."""
    version = operators.my_profile(asker).version
    operators.set_availability(asker, replace(entry, **changes), version)  # type: ignore[arg-type]


@remembered
def submitted_owner(portal: Portal, name: str = "City of North Bay", kind: str = "municipality",
                    facility: FacilityEntry = FACILITY) -> Asker:  # fmt: skip
    """An owner whose organization with one facility waits for the office."""
    asker = signed_in(portal, Role.OWNER)
    owners.save_organization(asker, name, kind, 0)
    add_facility(asker, facility)
    owners.submit(asker, owners.my_organization(asker).version)
    return asker


@remembered
def add_facility(asker: Asker, facility: FacilityEntry = FACILITY, **changes: object) -> int:
    """Adds a facility to the organization as it stands."""
    entry = replace(facility, **changes)  # type: ignore[arg-type]
    return owners.add_facility(asker, entry, owners.my_organization(asker).version)


@remembered
def active_owner(portal: Portal, name: str = "City of North Bay", facility: FacilityEntry = FACILITY) -> Asker:
    """An owner whose organization and facility the office has approved."""
    asker = submitted_owner(portal, name, facility=facility)
    approve_all(portal)
    return asker


@remembered
def approve_all(portal: Portal) -> Asker:
    """A new officer approves every profile that waits."""
    officer = signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")
    for row in verification.queue(officer).rows:
        if isinstance(row, ProfileRow):
            approve(officer, row.submission_id)
    return officer


@remembered
def approve(officer: Asker, submission_id: int, **decision: object) -> None:
    """Approves a submission as the officer sees it now."""
    version = verification.item(officer, submission_id).version
    verification.approve(officer, submission_id, version, **decision)  # type: ignore[arg-type]


@remembered
def waiting_id(officer: Asker, index: int = 0) -> int:
    """The id of a submission that waits; the oldest unless told."""
    return verification.queue(officer).rows[index].submission_id
