"""What in the office's queue is about certificates or works of a type."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from core.profiles import ClaimState, SubmissionState
from core.queue import Kind
from db.law_schema import ClassificationApplication
from db.register_schema import ClaimOverride, Discrepancy
from db.schema import CertificateClaim, Facility, FacilityClaim, Submission

_OVERRIDES = ((Kind.OVERRIDE, ClaimOverride), (Kind.REVIEW, ClaimOverride))
_WAITS = (ClaimState.WAITING, ClaimState.CONFIRMED)


def of(type_: str, *, waiting: bool = False) -> CompoundSelect[str, int]:
    """Kind and id of everything about the type, decided or not; of submissions only those that wait, if `waiting`.

    Licences and facilities share their types' names, so one type finds both.
    """
    certificates, works, facilities = CertificateClaim, FacilityClaim, Facility
    profile = Submission.operator_profile_id == certificates.profile_id
    organization = Submission.organization_id == works.organization_id
    on_certificates = certificates.licence_type == type_
    return union_all(
        _of(Kind.OPERATOR, Submission)
        .join(certificates, and_(profile, _claimed(certificates, waiting)))
        .where(on_certificates)
        .distinct(),
        _of(Kind.OWNER, Submission)
        .join(works, and_(organization, _claimed(works, waiting)))
        .where(works.facility_type == type_)
        .distinct(),
        _of(Kind.APPLICATION, ClassificationApplication)
        .join(facilities, facilities.id == ClassificationApplication.facility_id)
        .where(facilities.facility_type == type_),
        *(
            _of(kind, table).join(certificates, certificates.id == table.claim_id).where(on_certificates)
            for kind, table in (*_OVERRIDES, (Kind.DISCREPANCY, Discrepancy))
        ),
        *(
            _of(kind, table).join(works, works.id == table.facility_claim_id).where(works.facility_type == type_)
            for kind, table in _OVERRIDES
        ),
    )


def _of(kind: Kind, table: Any) -> Select[str, int]:
    return select(literal(kind.value).label("kind"), table.id.label("id")).select_from(table)


def _claimed(table: Any, waiting: bool) -> ColumnElement[bool]:
    """A claim that a submission handed in: what waits is in it, of a decided one what was entered before."""
    if waiting:
        return and_(Submission.state == SubmissionState.OPEN, table.state.in_(_WAITS))
    return and_(table.state != ClaimState.DRAFT, table.entered_at <= Submission.submitted_at)
