"""Takes back what the passes under a withdrawn listing wrote, so that what stood before stands again."""

from collections.abc import Iterable

from sqlalchemy import insert, select, update

from core.profiles import ClaimState
from db.alignment.writing import columns_of
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun, ListingImport
from db.schema import CertificateClaim, Credential


def take_back(work: Work, listing: ListingImport) -> frozenset[int]:
    """Undoes what the passes under a withdrawn listing wrote. The profiles whose holders were never told."""
    runs = list(
        work.session.scalars(
            select(AlignmentRun).where(AlignmentRun.import_id == listing.id, AlignmentRun.undone_at.is_(None))
        )
    )
    ids = [run.id for run in runs]
    for run in runs:
        work.touch(run, run.version)
        run.undone_at = work.at
    _restore(work, _superseded_by_runs(work, ids))
    work.session.execute(
        update(Credential)
        .where(Credential.run_id.in_(ids), Credential.superseded_at.is_(None))
        .values(superseded_at=work.at)
    )
    changes = work.session.execute(
        select(AlignmentChange.profile_id, AlignmentChange.mail).where(AlignmentChange.run_id.in_(ids))
    ).all()
    work.session.execute(
        update(AlignmentChange)
        .where(AlignmentChange.run_id.in_(ids), AlignmentChange.mail == "waits")
        .values(mail="not needed")
    )
    work.record("alignment.taken_back", "listing_import", listing.id, runs=ids)
    return frozenset(one for one, _ in changes) - {one for one, mail in changes if mail == "sent"}


def _superseded_by_runs(work: Work, run_ids: list[int]) -> Iterable[Credential]:
    """The credentials that stood before these runs, of certificates that are confirmed still."""
    written = select(Credential.id).where(Credential.run_id.in_(run_ids))
    return work.session.scalars(
        select(Credential)
        .join(CertificateClaim, CertificateClaim.id == Credential.claim_id)
        .where(
            Credential.superseded_by.in_(written),
            Credential.run_id.is_(None) | Credential.run_id.not_in(run_ids),
            CertificateClaim.state == ClaimState.CONFIRMED,
        )
    ).all()


def _restore(work: Work, credentials: Iterable[Credential]) -> None:
    recorded = {"recorded_at": work.at, "recorded_by": work.account_id}
    rows = [columns_of(one) | recorded for one in credentials]
    if rows:
        work.session.execute(insert(Credential), rows)
