"""What in the office's queue is about certificates or works of a type."""

from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, column, exists, func, literal, select, true, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from core.profiles import SubmissionState
from core.queue import Kind
from db.gate import Work
from db.law_schema import ClassificationApplication
from db.register_schema import ClaimOverride, Discrepancy
from db.schema import CertificateClaim, Facility, FacilityClaim, Submission

_OF_CLAIMS: tuple[tuple[Kind, Any], ...] = (
    (Kind.OVERRIDE, ClaimOverride), (Kind.REVIEW, ClaimOverride), (Kind.DISCREPANCY, Discrepancy),
)  # fmt: skip


def of(work: Work, type_: str, *, waiting: bool = False) -> CompoundSelect[str, int]:
    """Kind and id of everything about the type, decided or not; of submissions only those that wait, if `waiting`.

    Licences and facilities share their types' names, so one type finds both. Submissions are found by what they
    handed in, whatever else their profiles have.
    """
    certificates, works, facilities = CertificateClaim, FacilityClaim, Facility
    on_certificates = certificates.licence_type == type_
    wanted = Submission.state == SubmissionState.OPEN if waiting else true()
    operators, owners = Submission.operator_profile_id.is_not(None), Submission.organization_id.is_not(None)
    return union_all(
        _of(Kind.OPERATOR, Submission).where(operators, wanted, _handed_in(work, "licence_type", type_)),
        _of(Kind.OWNER, Submission).where(owners, wanted, _handed_in(work, "facility_type", type_)),
        _of(Kind.APPLICATION, ClassificationApplication)
        .join(facilities, facilities.id == ClassificationApplication.facility_id)
        .where(facilities.facility_type == type_),
        *(
            _of(kind, table).join(certificates, certificates.id == table.claim_id).where(on_certificates)
            for kind, table in _OF_CLAIMS
        ),
        *(
            _of(kind, table).join(works, works.id == table.facility_claim_id).where(works.facility_type == type_)
            for kind, table in _OF_CLAIMS
        ),
    )


def _of(kind: Kind, table: Any) -> Select[str, int]:
    return select(literal(kind.value).label("kind"), table.id.label("id")).select_from(table)


def _handed_in(work: Work, what: str, type_: str) -> ColumnElement[bool]:
    """A submission that handed in a claim of the type; `what` is the type's name in it."""
    each = func.json_each if work.portal.database.is_sqlite else func.json_array_elements
    claim = each(Submission.claimed["claims"]).table_valued(column("value", JSON))
    of_type = claim.c.value[what].as_string() == type_
    return exists(select(literal(1)).select_from(claim).where(of_type).correlate(Submission))
