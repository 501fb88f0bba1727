"""Applications for classification as owners, the office and the Director see them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.certificate_applications import ApplicationReason, ApplicationState
from core.facilities import FacilityClass, FacilityType
from core.package_plants import PackagePlant
from core.places import day_at
from core.problems import Problem, Refused
from core.sentences import Sentence
from db import decisions, members
from db.decisions import RecordedDecision
from db.gate import Work
from db.law_schema import ClassificationApplication
from db.office_days import days_waited
from db.own_facilities import class_on
from db.saved_calculations import SavedCalculation, saved
from db.schema import DirectorDecision


@dataclass(frozen=True)
class ApplicationRow:
    """An application in a list. `days` it has waited, in the office's working days; points as a range."""

    application_id: int
    state: ApplicationState
    reason: ApplicationReason
    facility: str
    ministry_number: str  # "" where it has none
    facility_type: FacilityType
    organization: str
    lowest: int
    highest: int
    facility_class: FacilityClass | None  # what the points come to; None while they span two classes
    submitted_at: datetime
    days: int


@dataclass(frozen=True)
class ApplicationView:
    """One application with all that a decision needs.

    class_on_record: of the day it was filed. own: the asker's, for others to decide. returned_because: ""
    unless returned. class_reduced, class_listed: what the office says of the class on record (129/04, s. 4 (3)).
    """

    application_id: int
    version: int
    state: ApplicationState
    reason: ApplicationReason
    facility_id: int
    facility: str
    ministry_number: str
    facility_type: FacilityType
    organization: str
    calculation: SavedCalculation
    package: PackagePlant | None
    class_on_record: FacilityClass | None
    filed_on: date
    fee_paid_on: date | None
    fee_received_on: date | None
    approval_applied_on: date | None
    class_reduced: bool | None
    class_listed: bool | None
    submitted_at: datetime
    own: bool
    returned_because: str
    certificate_number: str  # "" until decided
    decisions: tuple[RecordedDecision, ...]
    next_id: int | None  # the application after this one that waits as it does


class Unknown(Refused):
    """There is no application of this number."""

    def __init__(self, application_id: int) -> None:
        super().__init__(
            Problem("", Sentence("There is no application {id}. Check the link.", id=str(application_id)))
        )


def is_own(work: Work, application: ClassificationApplication) -> bool:
    """Whether whoever asks handed it in, or acts for the organization that did."""
    return work.account.id == application.submitted_by or members.is_member(work, application.organization_id)


def row_of(application: ClassificationApplication, today: date) -> ApplicationRow:
    """An application as a line of a list; `today` at the office."""
    facility, calculation = application.facility, application.calculation
    return ApplicationRow(
        application_id=application.id,
        state=ApplicationState(application.state),
        reason=ApplicationReason(application.reason),
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        facility_type=FacilityType(facility.facility_type),
        organization=application.organization.name,
        lowest=calculation.lowest,
        highest=calculation.highest,
        facility_class=FacilityClass(calculation.facility_class) if calculation.facility_class else None,
        submitted_at=application.submitted_at,
        days=days_waited(day_at(application.submitted_at), today),
    )


def view_of(work: Work, application: ClassificationApplication) -> ApplicationView:
    """An application with its calculation and what has been decided on it."""
    facility = application.facility
    before = class_on(work, facility.id, application.filed_on)
    decided = _decided(work, application)
    number = next((one.terms["certificate_number"] for one in decided if "certificate_number" in one.terms), "")
    return ApplicationView(
        application_id=application.id,
        version=application.version,
        state=ApplicationState(application.state),
        reason=ApplicationReason(application.reason),
        facility_id=facility.id,
        facility=facility.name,
        ministry_number=facility.ministry_number or "",
        facility_type=FacilityType(facility.facility_type),
        organization=application.organization.name,
        calculation=saved(application.calculation),
        package=package_of(application),
        class_on_record=FacilityClass(before.facility_class) if before else None,
        filed_on=application.filed_on,
        fee_paid_on=application.fee_paid_on,
        fee_received_on=application.fee_received_on,
        approval_applied_on=application.approval_applied_on,
        class_reduced=application.class_reduced,
        class_listed=application.class_listed,
        submitted_at=application.submitted_at,
        own=is_own(work, application),
        returned_because=application.returned_because,
        certificate_number=number,
        decisions=tuple(decisions.view(one) for one in decided),
        next_id=_next(work, application),
    )


def kept_package(package: PackagePlant | None) -> dict[str, Any] | None:
    """The facts of a package plant as JSON: the flow as text, so that no digit is lost."""
    if package is None:
        return None
    flow = package.design_flow_m3_per_day
    return asdict(package) | {"design_flow_m3_per_day": None if flow is None else str(flow)}


def package_of(application: ClassificationApplication) -> PackagePlant | None:
    """The facts of a package plant that the owner claims; None where it claims none."""
    kept: Mapping[str, Any] | None = application.package
    if kept is None:
        return None
    flow = kept["design_flow_m3_per_day"]
    return PackagePlant(**{**kept, "design_flow_m3_per_day": None if flow is None else Decimal(flow)})


def _decided(work: Work, application: ClassificationApplication) -> list[DirectorDecision]:
    """The decision on the application, and after it those that were taken with it."""
    if application.decision_id is None:
        return []
    return [
        work.session.get_one(DirectorDecision, application.decision_id),
        *(
            one
            for one in decisions.standing(work, "facility", application.facility_id)
            if one.terms.get("with_decision") == application.decision_id
        ),
    ]


def _next(work: Work, application: ClassificationApplication) -> int | None:
    """The application after this one that waits for the same desk; after the last one, the first."""
    if not ApplicationState(application.state).waits:
        return None
    table, at = ClassificationApplication, application.submitted_at
    others = (
        select(table.id)
        .where(table.state == application.state, table.id != application.id)
        .order_by(table.submitted_at, table.id)
        .limit(1)
    )
    later = (table.submitted_at > at) | ((table.submitted_at == at) & (table.id > application.id))
    found = work.session.scalar(others.where(later))
    return found if found is not None else work.session.scalar(others)
