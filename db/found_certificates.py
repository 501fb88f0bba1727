"""The licences of whoever is found, with what is said beside each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.alignment import Basis
from core.licences import Licence
from core.listed_otherwise import ListedOtherwise
from core.places import day_at
from core.search import deemed
from db.gate import Work
from db.search_entries import licence_of
from db.verification.listed_otherwise import listed_otherwise_of
from db.verification.overrides import standing_until


@dataclass(frozen=True)
class Certificate:
    """A licence in force, and the day the office verified it. `deemed_by` is the one that includes it, where it is
    not held itself. `override_until` is shown to the office alone: the day of review, where it is confirmed by an
    override. `otherwise` is what the standing listing says of it, where that is not what is on file."""

    licence: Licence
    checked_on: date
    override_until: date | None = None
    otherwise: ListedOtherwise | None = None
    deemed_by: Licence | None = None


def certificates_of(
    work: Work, credentials: Sequence[Any], *, tells_overrides: bool
) -> Mapping[int, tuple[Certificate, ...]]:
    """Each licence, then those it includes, by the credential's id. Two statements at most, none for nothing.

    credentials: each a Credential, or a row with its columns (db.finding.LINE).
    """
    if not credentials:
        return {}
    overridden = [one.claim_id for one in credentials if one.source == Basis.OVERRIDE and one.claim_id]
    until = standing_until(work, overridden) if tells_overrides and overridden else {}
    otherwise = listed_otherwise_of(work, [one.id for one in credentials])
    return {one.id: _with_deemed(one, until, otherwise) for one in credentials}


def _with_deemed(
    credential: Any, until: Mapping[int, date], otherwise: Mapping[int, ListedOtherwise]
) -> tuple[Certificate, ...]:
    claim_id = credential.claim_id or 0
    itself = Certificate(
        licence_of(credential), day_at(credential.recorded_at), until.get(claim_id), otherwise.get(claim_id)
    )
    return itself, *(replace(itself, licence=one, deemed_by=itself.licence) for one in deemed(itself.licence))
