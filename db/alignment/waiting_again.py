"""Differences that waited before a listing stood wait again as they did, once that listing is withdrawn."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from db.gate import Work
from db.register_schema import Discrepancy, ListingImport


def waited_before(listing: ListingImport, over: Iterable[Discrepancy], of: Any) -> Mapping[int, Discrepancy]:
    """Those of the differences that were over by a listing which had waited before it stood, by the certificate or
    facility: `of` is the column of the one or the other."""
    since = listing.confirmed_at or listing.imported_at
    return {getattr(one, of.key): one for one in over if one.found_at < since}


def wait_again(work: Work, listing: ListingImport, again: Collection[Discrepancy], of: Any) -> None:
    """They wait since when they did, and with who took them. What was decided keeps its decision, so another row
    waits. Whether it is a difference still, the next pass says."""
    found_since = Discrepancy.state == "open", of.in_([getattr(one, of.key) for one in again])
    for one in work.session.scalars(select(Discrepancy).where(*found_since)).all() if again else ():
        become(work, one, "gone")
    waiting = [one if one.decided_at is None else _undecided(work, one) for one in again]
    work.session.add_all(waiting)
    work.session.flush()  # at most one of a certificate or facility is open
    for one in waiting:
        one.import_id = listing.follows_id
        become(work, one, "open")
        work.record("discrepancy.waits_again", "discrepancy", one.id, **{_NAMES[of.key]: getattr(one, of.key)})
    work.session.flush()


def become(work: Work, one: Discrepancy, state: str) -> None:
    """A difference is open, or gone."""
    work.touch(one, one.version)
    one.state = state


_NAMES = {"claim_id": "claim", "facility_claim_id": "facility_claim"}
_KEPT = ("profile_id", "claim_id", "facility_claim_id", "found_at", "outcome", "taken_by", "taken_at")


def _undecided(work: Work, decided: Discrepancy) -> Discrepancy:
    """The difference as it was before an officer decided."""
    return Discrepancy(**{name: getattr(decided, name) for name in _KEPT}, state="gone", changed_at=work.at)
