"""Takes back what followed from a withdrawn listing, so that what stood before stands again."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from core.profiles import ClaimState
from db.alignment.believed_again import believe_again, ended_by
from db.alignment.profiles import chunks, lock
from db.alignment.telling import NOT_NEEDED, WAITS
from db.alignment.waiting_again import wait_again, waited_before
from db.alignment.writing import columns_of
from db.gate import Work
from db.register_schema import AlignmentChange, AlignmentRun, ClaimOverride, Discrepancy, ListingImport
from db.schema import CertificateClaim, Credential
from db.verification import overrides


def take_back(work: Work, listing: ListingImport) -> frozenset[int]:
    """Undoes what the passes under a withdrawn listing wrote, and what officers made of its differences. The
    profiles that are concerned."""
    runs = work.session.scalars(
        select(AlignmentRun).where(AlignmentRun.import_id == listing.id, AlignmentRun.undone_at.is_(None))
    ).all()
    decided = work.session.scalars(
        select(Discrepancy)
        .where(Discrepancy.import_id == listing.id, Discrepancy.state.in_(("kept", "followed")))
        .order_by(Discrepancy.id.desc())
    ).all()
    gone = work.session.scalars(
        select(Discrepancy).where(
            Discrepancy.import_id == listing.id, Discrepancy.state == "gone", Discrepancy.decided_at.is_(None)
        )
    ).all()
    ids = [run.id for run in runs]
    of_runs = select(AlignmentChange.profile_id).where(AlignmentChange.run_id.in_(ids))
    believed = ended_by(work, listing)
    profiles = {*work.session.scalars(of_runs), *_profiles(decided), *(one.profile_id for one in believed)}
    lock(work, profiles.union(_profiles(gone)))
    for run in runs:
        work.touch(run, run.version)
        run.undone_at = work.at
    for one in decided:
        _undo(work, one)
    believe_again(work, listing, believed)
    _wait_again(work, listing, [*decided, *gone])
    _restore(work, ids)
    waiting = update(AlignmentChange).where(AlignmentChange.run_id.in_(ids), AlignmentChange.mail == WAITS)
    work.session.execute(waiting.values(mail=NOT_NEEDED))
    work.record("alignment.taken_back", "listing_import", listing.id, runs=ids)
    return frozenset(profiles)


def _profiles(of: Iterable[Discrepancy]) -> set[int]:
    return {one.profile_id for one in of if one.profile_id is not None}


def _undo(work: Work, decided: Discrepancy) -> None:
    """An officer's decision on a difference from this listing is void: the certificate rests on what it rested on
    before. Whether there is a difference still, the next pass says."""
    claim = work.session.get_one(CertificateClaim, decided.claim_id, populate_existing=True)
    if decided.former_basis and claim.state == ClaimState.CONFIRMED:
        claim.basis, claim.confirmed_on = decided.former_basis, decided.former_confirmed_on
        claim.compared_import_id = decided.former_import_id
        _stand_again(work, decided.former_override_id)
    decided.former_basis, decided.former_confirmed_on = "", None
    decided.former_import_id, decided.former_override_id = None, None
    work.touch(decided, decided.version)
    decided.state = "gone"
    work.record("discrepancy.undone", "discrepancy", decided.id, claim=decided.claim_id)
    work.session.flush()


def _stand_again(work: Work, override_id: int | None) -> None:
    if override_id is None:
        return
    override = work.for_update(ClaimOverride, override_id)
    if override.state == "ended":
        overrides.stand_again(work, override)


def _wait_again(work: Work, listing: ListingImport, over: Iterable[Discrepancy]) -> None:
    waited = waited_before(listing, over, Discrepancy.claim_id)
    confirmed = CertificateClaim.id.in_(waited), CertificateClaim.state == ClaimState.CONFIRMED
    again = [waited[one] for one in work.session.scalars(select(CertificateClaim.id).where(*confirmed))]
    wait_again(work, listing, again, Discrepancy.claim_id)


# --- credentials --------------------------------------------------------------------------------------------


def _restore(work: Work, run_ids: list[int]) -> None:
    """What stood before these runs stands again, up to the day on which somebody ended it meanwhile."""
    written = select(Credential.id).where(Credential.run_id.in_(run_ids))
    before = _by_claim(
        work.session.scalars(
            select(Credential).where(
                Credential.superseded_by.in_(written),
                Credential.run_id.is_(None) | Credential.run_id.not_in(run_ids),
            )
        )
    )
    ended = _by_claim(work.session.scalars(_ended_by_people(run_ids)))
    _supersede(work, run_ids, [row.id for rows in ended.values() for row in rows])
    for claim_id, rows in before.items():
        later = [row.id for row in rows[1:]]
        for row, next_id in zip(rows, [*later, None], strict=True):
            _restore_one(work, row, _end_between(ended[claim_id], row.id, next_id))


def _ended_by_people(run_ids: list[int]) -> Any:
    """The rows with which somebody ended what these runs had written: the holder, or an officer."""
    of_run = aliased(Credential)
    return (
        select(Credential)
        .join(of_run, of_run.superseded_by == Credential.id)
        .where(
            of_run.run_id.in_(run_ids),
            Credential.run_id.is_(None),
            Credential.superseded_at.is_(None),
        )
    )


def _by_claim(rows: Iterable[Credential]) -> defaultdict[int | None, list[Credential]]:
    """Credentials by their certificate, in the order of writing."""
    found = defaultdict[int | None, list[Credential]](list)
    for row in sorted(rows, key=lambda row: row.id):
        found[row.claim_id].append(row)
    return found


def _supersede(work: Work, run_ids: list[int], ended_ids: list[int]) -> None:
    """What these runs wrote, and what people ended of it, was never so."""
    stands = update(Credential).where(Credential.superseded_at.is_(None))
    work.session.execute(stands.where(Credential.run_id.in_(run_ids)).values(superseded_at=work.at))
    for ids in chunks(ended_ids):
        work.session.execute(stands.where(Credential.id.in_(ids or ())).values(superseded_at=work.at))


def _end_between(ended: list[Credential], after: int, before: int | None) -> Credential | None:
    return next((row for row in ended if row.id > after and (before is None or row.id < before)), None)


def _restore_one(work: Work, row: Credential, ended: Credential | None) -> None:
    """Writes a credential anew; where somebody ended it, a second row in its place has the end, as it would have
    been without the listing: the run that the first came of may be taken back too."""
    recorded = {"recorded_at": work.at, "recorded_by": work.account_id}
    again = Credential(**columns_of(row) | recorded)
    work.session.add(again)
    if ended is None:
        return
    end = Credential(
        **columns_of(row) | {"recorded_at": work.at, "recorded_by": ended.recorded_by, "run_id": None,
                             "valid_until": ended.valid_until}
    )  # fmt: skip
    work.session.add(end)
    work.session.flush()
    again.superseded_at, again.superseded_by = work.at, end.id
