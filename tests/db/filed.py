"""Calculations and applications for tests, made through the services as people make them."""

from datetime import date
from typing import Any

from core.package_plants import PackagePlant
from core.roles import Role
from db.gate import Asker, Portal
from db.services import applications, calculations
from tests.core import oracle
from tests.db.people import signed_in
from tests.remembered import remembered

TODAY = date(2026, 11, 20)
CLASS_I: dict[str, Any] = oracle.nothing("129/04", "wastewater_treatment")
CLASS_II: dict[str, Any] = CLASS_I | {
    "design_flow_m3_per_day": 1200,
    "pretreatment.screening": True,
    "primary_treatment.clarifiers": True,
    "secondary_treatment.activated_sludge": True,
    "solids_handling.anaerobic_digestion": True,
    "disinfection.chlorination": True,
}  # 38 points
PACKAGE = PackagePlant(complete_unit=True, preassembled=True, modules=2, design_flow_m3_per_day=1200)


@remembered
def facility_of(owner: Asker) -> int:
    """The id of the owner's first facility by name."""
    return calculations.my_facilities(owner)[0].facility_id


@remembered
def saved(owner: Asker, answers: dict[str, Any] = CLASS_II, on: date = TODAY, regulation: str = "129/04") -> int:
    """A calculation that the owner keeps for its facility."""
    return calculations.save(owner, facility_of(owner), regulation, on, answers, "As built")


@remembered
def filed(owner: Asker, answers: dict[str, Any] = CLASS_II, reason: str = "first", **more: Any) -> int:
    """An application that waits for the office; its fee was paid today."""
    return applications.apply(owner, saved(owner, answers), reason, **{"fee_paid_on": TODAY} | more)


@remembered
def passed_on(portal: Portal, owner: Asker, *given: Any, **more: Any) -> int:
    """An application that waits for the Director."""
    application_id = filed(owner, *given, **more)
    officer = signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")
    applications.pass_on(officer, application_id, version(officer, application_id), TODAY, False, False)
    return application_id


def decide(director: Asker, application_id: int, facility_class: str = "II", **more: Any) -> int:
    """The Director decides today on an application as it stands."""
    given = {"certificate_number": "CC-1", "decided_on": TODAY, "reasons": "By the points."} | more
    return applications.decide(
        director, application_id, version(director, application_id), facility_class, **given
    )


@remembered
def director(portal: Portal) -> Asker:
    return signed_in(portal, Role.DIRECTOR, given_name="Dora", family_name="Decides")


def version(asker: Asker, application_id: int) -> int:
    return applications.application(asker, application_id).version
