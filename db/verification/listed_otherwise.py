"""Which confirmed certificates the standing operator listing says otherwise of, while they count by the office's
word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from core.alignment import Status, bears_out
from core.comparison import Outcome
from core.listed_otherwise import ListedOtherwise
from core.listings import ImportState, ListingKind
from db.gate import Work
from db.register_schema import Discrepancy, ListedLicence, ListingImport
from db.schema import CertificateClaim, Credential, Person
from db.search_entries import licence_of
from db.verification.borne_out import listed_licence


def listed_otherwise(work: Work, which: ColumnElement[bool]) -> Mapping[int, ListedOtherwise]:
    """What the listing that stands says otherwise of these credentials, by the claim; those that it bears out, or
    that do not count, are left out. One statement; `which` names them by an index, as by their people."""
    return _otherwise(work.session.execute(_compared(which)))


def listed_otherwise_of(work: Work, credentials: Sequence[int]) -> Mapping[int, ListedOtherwise]:
    """The same of credentials by their ids."""
    return _otherwise(work.session.execute(_THESE_COMPARED, {"credentials": credentials}))


def _otherwise(rows: Iterable[Any]) -> dict[int, ListedOtherwise]:
    found = dict[int, ListedOtherwise]()
    for claim_id, credential, listed_on, row, open_as in rows:
        licence, listed = licence_of(credential), listed_licence(row) if row else None
        if listed is None or not bears_out(listed, licence, listed_on):
            outcome = Outcome(open_as) if open_as else None
            found[claim_id] = ListedOtherwise(
                listed_on, licence, listed, looked_at=open_as is not None, outcome=outcome
            )
    return found


def _compared(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    line = ListedLicence
    return (
        select(CertificateClaim.id, Credential, ListingImport.listed_on, line, Discrepancy.outcome)
        .join(CertificateClaim, CertificateClaim.id == Credential.claim_id)
        .join(Person, Person.id == Credential.person_id)
        .join(
            ListingImport,
            and_(ListingImport.kind == ListingKind.OPERATORS, ListingImport.state == ImportState.STANDING),
        )
        .outerjoin(
            line,
            and_(
                line.import_id == ListingImport.id,
                line.operator_id == Person.operator_id,
                line.number == Credential.number,
                line.licence_type == Credential.licence_type,
            ),
        )
        .outerjoin(Discrepancy, and_(Discrepancy.claim_id == CertificateClaim.id, Discrepancy.state == "open"))
        .where(
            which,
            Credential.superseded_at.is_(None),
            Credential.valid_until.is_(None),
            Credential.status == Status.IN_FORCE,
        )
    )


# Made once: every search asks it.
_THESE_COMPARED = _compared(Credential.id.in_(bindparam("credentials", expanding=True)))
