"""Holds the confirmed facilities against the standing list of facilities: after each import or withdrawal, every
night.

Where the list says otherwise than what is on file, an officer is asked: nothing of a facility is overwritten. Only
what differs from the differences on file is written, so a second pass changes nothing. Withdrawing a list undoes
what officers have followed in it, then asks what the list says that stands again.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select, update

from core.facilities import FacilityClass
from core.profiles import ClaimState
from db import kept_findings
from db.alignment.profiles import chunks
from db.gate import Work
from db.register_schema import ClaimOverride, Discrepancy, ListingImport
from db.schema import FacilityClaim, FacilityClassification, FacilityRelation, Organization
from db.verification import borne_out, facility_overrides, overrides
from db.verification.confirmed_facilities import OnFile, on_file
from db.verification.dated import stand_again
from db.verification.facts import held_by_another


def after_list(work: Work, listing: ListingImport, because: str) -> None:
    """What follows from a list that begins to stand ("import"), or is withdrawn ("withdrawal")."""
    if because == "withdrawal":
        facility_overrides.take_back(work, listing)
        _take_back(work, listing)
    hold_against_the_list(work)


def hold_against_the_list(work: Work, of: Collection[int] | None = None) -> None:
    """Holds all confirmed facilities, or those `of` these claims, against the list that stands."""
    work.session.flush()
    borne_out.hold_still(work)
    works, found = on_file(work, of)
    due = [one for one in found if one.is_due]
    if due and not work.portal.database.is_sqlite:  # which has one writer anyway: nobody decides on them meanwhile
        _lock(work, {one.organization_id for one in due})
        due = [one for one in on_file(work, of)[1] if one.is_due]
    if due:
        _write(work, works.import_id, due)


def _lock(work: Work, organization_ids: Collection[int]) -> None:
    for ids in chunks(organization_ids):
        these = select(Organization.id).where(Organization.id.in_(ids or ())).order_by(Organization.id)
        work.session.execute(these.with_for_update(key_share=True))


def _write(work: Work, import_id: int | None, due: list[OnFile]) -> None:
    """What an officer is asked of now is open, what the list says otherwise by now is so, the rest is gone."""
    changed = {"import_id": import_id, "changed_at": work.at, "changed_by": work.account_id}
    opened = [
        changed | {"facility_claim_id": one.claim_id, "listed": one.said, "found_at": work.at, "state": "open"}
        for one in due
        if one.discrepancy_id is None
    ]
    waiting = [(one, changed | {"id": one.discrepancy_id, "version": one.version + 1}) for one in due
               if one.discrepancy_id is not None]  # fmt: skip
    others = [values | {"listed": one.said} for one, values in waiting if one.asked]
    gone = [values | {"state": "gone"} for one, values in waiting if not one.asked]
    if opened:
        work.session.execute(insert(Discrepancy), opened)
    for values in (others, gone):
        if values:
            work.session.execute(update(Discrepancy), values)
    about: dict[str, Any] = {"opened": len(opened), "changed": len(others), "gone": len(gone)}
    work.record("facilities.compared", "listing_import", import_id, **about)


# --- a list is withdrawn ------------------------------------------------------------------------------------


def _take_back(work: Work, listing: ListingImport) -> None:
    """What officers have followed in a withdrawn list is undone, unless somebody has decided on it since; what
    they have kept stays so. The managers of the organizations are told."""
    undone = _to_undo(work, listing)
    if not undone:
        return
    for one, claim in undone:
        work.touch(one, one.version)
        one.state = "gone"
        work.record("discrepancy.undone", "discrepancy", one.id, facility_claim=claim.id)
    for organization in {claim.organization for _, claim in undone}:
        work.touch(organization, organization.version)
    again = [(one, claim) for one, claim in undone if claim.state == ClaimState.REFUSED]
    reclassified = [(one, claim) for one, claim in undone if claim.state == ClaimState.CONFIRMED]
    _confirm_again(work, again)
    _classify_as_before(work, reclassified)
    for one, claim in undone:
        claim.accepted = one.followed_by["accepted"] if one.followed_by else claim.accepted
    facility_overrides.tell(work, [claim for _, claim in again], "facility_believed_again")
    facility_overrides.tell(work, [claim for _, claim in reclassified], "facility_class_as_before")
    work.session.flush()


_Undone = list[tuple[Discrepancy, FacilityClaim]]


def _to_undo(work: Work, listing: ListingImport) -> _Undone:
    """What was followed in a list and is as that left it, with its facility, locked."""
    followed = work.session.scalars(
        select(Discrepancy)
        .where(
            Discrepancy.import_id == listing.id,
            Discrepancy.state == "followed",
            Discrepancy.followed_by.is_not(None),
        )
        .order_by(Discrepancy.id)
    ).all()
    by_claim = {one.facility_claim_id: one for one in followed}  # the last of each
    claims = facility_overrides.locked(work, [one for one in by_claim if one is not None]) if by_claim else []
    held = held_by_another(work, claims)
    return [
        (by_claim[claim.id], claim)
        for claim in claims
        if _as_it_was_left(by_claim[claim.id], claim) and claim.id not in held
    ]


def _as_it_was_left(followed: Discrepancy, claim: FacilityClaim) -> bool:
    left = followed.followed_by or {}
    if "because" in left:
        return claim.state == ClaimState.REFUSED and claim.refused_because == left["because"]
    return claim.state == ClaimState.CONFIRMED and claim.facility_class == left["class"]


def _confirm_again(work: Work, undone: _Undone) -> None:
    for _, claim in undone:
        claim.state, claim.refused_because = ClaimState.CONFIRMED, ""
    relations = _standing(work, FacilityRelation, _ids(undone, "relations"))
    stand_again(work, relations)
    kept_findings.retest(work, *(one.facility_id for one in relations))
    for override in _ended(work, _ids(undone, "overrides")):
        overrides.stand_again(work, override)


def _classify_as_before(work: Work, undone: _Undone) -> None:
    """The class that was taken over never was; where the Director has decided since, that stands."""
    written = _classified_by(work, [claim for one, claim in undone if "ended" in (one.followed_by or {})])
    for one, claim in undone:
        claim.facility_class = FacilityClass((one.on_file or {})["facility_class"])
    facilities = {one.facility_id for one in written}
    before = _standing(work, FacilityClassification, _ids(undone, "ended"))
    for row in written:
        row.superseded_at = work.at
        work.record("fact.superseded", row.__tablename__, row.id, by=None)
    stand_again(work, [row for row in before if row.facility_id in facilities])
    kept_findings.retest(work, *facilities)


def _classified_by(work: Work, claims: Collection[FacilityClaim]) -> list[FacilityClassification]:
    """The classes that stand as these claims have them."""
    classes = {claim.id: claim.facility_class for claim in claims}
    standing = select(FacilityClassification).where(
        FacilityClassification.claim_id.in_(classes),
        FacilityClassification.superseded_at.is_(None),
        FacilityClassification.valid_until.is_(None),
    )
    rows = work.session.scalars(standing.order_by(FacilityClassification.id)) if claims else ()
    return [one for one in rows if one.claim_id and one.facility_class == classes[one.claim_id]]


def _ids(undone: _Undone, what: str) -> list[int]:
    return [row_id for one, _ in undone for row_id in (one.followed_by or {}).get(what, ())]


def _standing(work: Work, table: type[Any], ids: Collection[int]) -> list[Any]:
    """Those of some rows that nothing has taken the place of since."""
    rows = select(table).where(table.id.in_(ids), table.superseded_at.is_(None)).order_by(table.id)
    return list(work.session.scalars(rows)) if ids else []


def _ended(work: Work, override_ids: Collection[int]) -> list[ClaimOverride]:
    ended = select(ClaimOverride).where(ClaimOverride.id.in_(override_ids), ClaimOverride.state == "ended")
    return list(work.session.scalars(ended.order_by(ClaimOverride.id))) if override_ids else []
