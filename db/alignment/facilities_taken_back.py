"""Takes back what officers have decided by a list of facilities that is withdrawn: what they followed is undone,
unless somebody has decided on it since, and what they kept against it is void. The managers of the organizations
are told."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import delete, select, update

from core.facilities import FacilityClass
from core.profiles import ClaimState, State
from db import kept_findings
from db.alignment.waiting_again import become, wait_again, waited_before
from db.gate import Work
from db.register_schema import ClaimOverride, Discrepancy, ListingAnswer, ListingImport
from db.schema import FacilityClaim, FacilityClassification, Organization
from db.verification import facility_overrides, overrides
from db.verification.confirmed_facilities import is_compared
from db.verification.dated import not_superseded, stand_again
from db.verification.facts import held_by_another


@dataclass(frozen=True)
class _Followed:
    """A difference in which an officer followed the list, with its facility, and what that left to undo."""

    found: Discrepancy
    claim: FacilityClaim

    @property
    def left(self) -> Mapping[str, Any]:
        return self.found.followed_by or {}

    @property
    def former_class(self) -> FacilityClass:
        return FacilityClass((self.found.on_file or {})["facility_class"])

    @property
    def ended(self) -> bool:
        """Whether the facility was confirmed no more; else the listed class was taken over."""
        return "because" in self.left


def void_with(work: Work, listing: ListingImport) -> int:
    """How many decisions of officers are void once a list is withdrawn, as things stand now."""
    decided = _decided(work, listing)
    claims = _claims(work, decided)
    return len(_kept(decided)) + sum(len(some) for some in _to_undo(work, decided, claims))


def take_back(work: Work, listing: ListingImport) -> None:
    """What officers have decided by a withdrawn list is void; what waited before it waits again."""
    decided = _decided(work, listing)
    kept = _kept(decided)
    by_list = Discrepancy.import_id == listing.id, Discrepancy.facility_claim_id.is_not(None)
    gone = work.session.scalars(
        select(Discrepancy).where(*by_list, Discrepancy.state == "gone", Discrepancy.decided_at.is_(None))
    ).all()
    claims = facility_overrides.locked(work, {_claim_id(one) for one in (*decided, *gone)})
    undone = _to_undo(work, decided, claims)
    for some in undone:
        _undo(work, some)
    void = [*kept, *(one.found for some in undone for one in some)]
    for one in void:
        become(work, one, "gone")
        work.record("discrepancy.undone", "discrepancy", one.id, facility_claim=one.facility_claim_id)
    for organization in {claim.organization for claim in claims if claim.id in {_claim_id(one) for one in void}}:
        work.touch(organization, organization.version)
    work.session.flush()
    _forget_answers(work, listing)
    _wait_again(work, listing, [*void, *gone])


def _decided(work: Work, listing: ListingImport) -> list[Discrepancy]:
    decided = select(Discrepancy).where(
        Discrepancy.import_id == listing.id,
        Discrepancy.facility_claim_id.is_not(None),
        Discrepancy.state.in_(("kept", "followed")),
    )
    return list(work.session.scalars(decided.order_by(Discrepancy.id)))


def _kept(decided: Collection[Discrepancy]) -> list[Discrepancy]:
    return [one for one in decided if one.state == "kept"]


def _claims(work: Work, of: Collection[Discrepancy]) -> list[FacilityClaim]:
    ids = {_claim_id(one) for one in of}
    return list(work.session.scalars(select(FacilityClaim).where(FacilityClaim.id.in_(ids)))) if ids else []


def _claim_id(one: Discrepancy) -> int:
    assert one.facility_claim_id is not None  # noqa: S101 - of a facility
    return one.facility_claim_id


def _forget_answers(work: Work, listing: ListingImport) -> None:
    """What officers let stand against the list is void; what they let stand before, and the list ended, holds."""
    work.session.execute(delete(ListingAnswer).where(ListingAnswer.import_id == listing.id))
    ended = update(ListingAnswer).where(ListingAnswer.ended_by == listing.id)
    work.session.execute(ended.values(ended_by=None))


def _wait_again(work: Work, listing: ListingImport, over: Collection[Discrepancy]) -> None:
    waited = waited_before(listing, over, Discrepancy.facility_claim_id)
    held = (
        select(FacilityClaim.id)
        .join(Organization, Organization.id == FacilityClaim.organization_id)
        .where(FacilityClaim.id.in_(waited), is_compared())
        .order_by(FacilityClaim.id)
    )
    again = [waited[one] for one in work.session.scalars(held)] if waited else []
    wait_again(work, listing, again, Discrepancy.facility_claim_id)


# --- what is undone -----------------------------------------------------------------------------------------


def _to_undo(
    work: Work, decided: Collection[Discrepancy], claims: Collection[FacilityClaim]
) -> list[list[_Followed]]:
    """What was followed and is as that left it, in the order in which it is undone: the last of each facility,
    then the ones before. Not what an organization has that is closed since, nor what another holds by now."""
    held = held_by_another(work, claims)
    followed: dict[int, list[Discrepancy]] = defaultdict(list)
    for one in decided:
        if one.state == "followed" and one.followed_by is not None:
            followed[_claim_id(one)].append(one)
    each = [
        list(_as_it_was_left(claim, followed[claim.id]))
        for claim in claims
        if claim.id not in held and claim.organization.state != State.CLOSED
    ]
    return [[one for one in some if one is not None] for some in zip_longest(*each)]


def _as_it_was_left(claim: FacilityClaim, followed: list[Discrepancy]) -> Iterator[_Followed]:
    """The last that was followed, while the facility is as that left it, and those before it in turn."""
    now: tuple[str, str] = claim.state, claim.facility_class
    if claim.state == ClaimState.REFUSED:
        now = claim.state, claim.refused_because
    for found in reversed(followed):
        one = _Followed(found, claim)
        left = (
            (ClaimState.REFUSED, one.left["because"]) if one.ended else (ClaimState.CONFIRMED, one.left["class"])
        )
        if now != left:
            return
        yield one
        now = ClaimState.CONFIRMED, one.former_class


def _undo(work: Work, followed: list[_Followed]) -> None:
    """Undoes what was followed, at most one of each facility."""
    ended = [one for one in followed if one.ended]
    reclassified = [one for one in followed if not one.ended]
    _confirm_again(work, ended)
    written = _classify_as_before(work, reclassified)
    facility_overrides.tell(work, [one.claim for one in ended], "facility_believed_again")
    whole = [one.claim for one in reclassified if one.claim.id in written]
    facility_overrides.tell(work, whole, "facility_class_as_before")
    for before in FacilityClass:
        entries = [one.claim for one in reclassified if one.former_class is before and one.claim not in whole]
        facility_overrides.tell(work, entries, "facility_entry_as_before", before=before.label)
    work.session.flush()


def _confirm_again(work: Work, ended: list[_Followed]) -> None:
    facility_overrides.confirm_again(work, [one.claim for one in ended], _ids(ended, "relations"))
    for override in _ended(work, _ids(ended, "overrides")):
        overrides.stand_again(work, override)
    for override in _ended(work, _ids(ended, "proposed")):
        overrides.wait_again(work, override)


def _classify_as_before(work: Work, followed: list[_Followed]) -> frozenset[int]:
    """The class that was taken over never was; where the Director has decided since, that stands. The claims by
    which a facility had another class of its own."""
    written = _classified_by(work, [one.claim for one in followed if "ended" in one.left])
    for one in followed:
        one.claim.facility_class = one.former_class
    facilities = frozenset(one.facility_id for one in written)
    before = not_superseded(work, FacilityClassification, _ids(followed, "ended"))
    for row in written:
        row.superseded_at = work.at
        work.record("fact.superseded", row.__tablename__, row.id, by=None)
    stand_again(work, [row for row in before if row.facility_id in facilities])
    kept_findings.retest(work, *facilities)
    return frozenset(row.claim_id for row in written if row.claim_id is not None)


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


def _ids(followed: list[_Followed], what: str) -> list[int]:
    return [row_id for one in followed for row_id in one.left.get(what, ())]


def _ended(work: Work, override_ids: Collection[int]) -> list[ClaimOverride]:
    ended = select(ClaimOverride).where(ClaimOverride.id.in_(override_ids), ClaimOverride.state == "ended")
    return list(work.session.scalars(ended.order_by(ClaimOverride.id))) if override_ids else []
