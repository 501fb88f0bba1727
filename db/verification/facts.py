"""Writes the dated facts that a decision makes true, and ends them. Nothing true once is overwritten:
what replaces or ends a fact is a new row, and the row before names it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.alignment import Basis
from core.facilities import OrganizationKind
from core.places import Point, day_at, time_zone_at
from core.problems import refuse
from core.profiles import ClaimState
from db import kept_findings, standings
from db.gate import Work
from db.register_schema import AlignmentChange, Discrepancy, ListingAnswer, ListingImport
from db.schema import (
    CertificateClaim,
    Credential,
    Facility,
    FacilityClaim,
    FacilityRelation,
    Organization,
)
from db.verification import borne_out, overrides
from db.verification.borne_out import OPERATORS
from db.verification.classifications import classify
from db.verification.dated import end, end_all
from db.verification.listed_works import STANDS
from db.verification.profile_views import licence_of

# --- credentials ------------------------------------------------------------------------------------------


def confirm_certificate(
    work: Work, claim: CertificateClaim, person_id: int, basis: Basis = Basis.DECISION
) -> None:
    """The certificate counts from today; one that it replaces counts until today, and so does what an earlier
    confirmation of its own made of it.

    `basis` is what the confirmation rests on. Where that is the standing listing, which bears it out, the date of
    that listing is the day of the evidence.
    """
    rested_on = {"confirmed_on": str(claim.confirmed_on), "compared": claim.compared_import_id}
    ended = _end_confirmation(work, claim) if claim.state == ClaimState.CONFIRMED else []
    claim.state = ClaimState.CONFIRMED
    claim.refused_because = ""
    _rest_on(work, claim, basis)
    licence = licence_of(claim)
    import_id = claim.compared_import_id if basis is Basis.LISTING else None
    credential = Credential(
        person_id=person_id,
        number=licence.number,
        licence_type=licence.licence_type,
        licence_class=licence.licence_class,
        rank=licence.licence_class.rank if licence.licence_class else -1,
        expiry=licence.expiry,
        valid_for=claim.valid_for,
        source=basis,
        import_id=import_id,
        claim_id=claim.id,
        valid_from=day_at(work.at),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(credential)
    work.session.flush()
    kept_findings.retest_people(work, [person_id])
    work.record(
        "credential.confirmed", "credential", credential.id, claim=claim.id, basis=basis, listing=import_id
    )
    for override_id in ended if import_id is not None else ():
        work.record("override.ended_by_listing", "claim_override", override_id, listing=import_id, **rested_on)
    if claim.replaces_id is None:
        return
    replaced = work.session.get_one(CertificateClaim, claim.replaces_id)
    replaced.state = ClaimState.WITHDRAWN
    end_credential(work, replaced)


def _rest_on(work: Work, claim: CertificateClaim, basis: Basis) -> None:
    """The confirmation rests on this from today; the listing that stands was looked at for it."""
    listing = borne_out.standing(work).get(OPERATORS)
    claim.basis, claim.confirmed_on = basis, day_at(work.at)
    claim.compared_import_id = listing.import_id if listing else None
    if listing and basis is Basis.LISTING:
        claim.confirmed_on = listing.listed_on


def end_credential(work: Work, claim: CertificateClaim) -> None:
    """The credential of a claim ends today: it is replaced, deleted by its holder, or confirmed no more."""
    _end_confirmation(work, claim)
    end_overrides(work, claim, ("waiting",))
    claim.confirmed_on, claim.basis, claim.compared_import_id = None, "", None


def _end_confirmation(work: Work, claim: CertificateClaim) -> list[int]:
    """What a confirmation made of a certificate ends today, with the override and the differences about it. The
    overrides that ended."""
    standing = select(Credential).where(
        Credential.claim_id == claim.id, Credential.superseded_at.is_(None), Credential.valid_until.is_(None)
    )
    for credential in work.session.scalars(standing).all():
        end(work, credential, day_at(work.at))
        kept_findings.retest_people(work, [credential.person_id])
    ended = end_overrides(work, claim)
    claim.told_status, claim.told_class, claim.told_expiry = "", None, None
    of_claim = AlignmentChange.claim_id == claim.id, AlignmentChange.mail == "waits"
    work.session.execute(update(AlignmentChange).where(*of_claim).values(mail="not needed"))
    _end_differences(work, Discrepancy.claim_id == claim.id)
    _forget_former(work, claim)
    return ended


def end_overrides(
    work: Work, claim: CertificateClaim | FacilityClaim, states: tuple[str, ...] = ("standing",)
) -> list[int]:
    """The claim needs no override any more. Those that ended."""
    return [override.id for override in overrides.end_of(work, [claim], states)]


def rest_on_override(work: Work, claim: CertificateClaim) -> None:
    """A confirmed certificate is believed by a new override, from today; a former one ends."""
    end_overrides(work, claim)
    _rest_on(work, claim, Basis.OVERRIDE)
    _forget_former(work, claim)


def _end_differences(work: Work, of: ColumnElement[bool]) -> None:
    """What a listing says of what is confirmed no more, or anew, is nothing to decide on."""
    found = select(Discrepancy).where(of, Discrepancy.state == "open").order_by(Discrepancy.id)
    locked = found.with_for_update(of=Discrepancy, key_share=True).execution_options(populate_existing=True)
    work.session.flush()
    for one in work.session.scalars(locked).all():
        work.touch(one, one.version)
        one.state = "gone"


def _forget_former(work: Work, claim: CertificateClaim) -> None:
    """The certificate never goes back to what it rested on before a listing was kept against, or followed."""
    former = update(Discrepancy).where(Discrepancy.claim_id == claim.id, Discrepancy.former_basis != "")
    nothing = {"former_confirmed_on": None, "former_import_id": None, "former_override_id": None}
    work.session.execute(former.values(former_basis="", **nothing))


# --- facilities -------------------------------------------------------------------------------------------


def _facility_of(work: Work, claim: FacilityClaim) -> Facility | None:
    """The facility that a claim speaks of: the one it was confirmed for, or the one of its number."""
    if claim.state == ClaimState.CONFIRMED and claim.facility_id is not None:
        return work.for_update(Facility, claim.facility_id)
    if claim.replaces_id is not None:
        replaced = work.session.get_one(FacilityClaim, claim.replaces_id)
        if replaced.facility_id is not None:
            return work.for_update(Facility, replaced.facility_id)
    if not claim.ministry_number:
        return None
    found = work.session.scalar(select(Facility.id).where(Facility.ministry_number == claim.ministry_number))
    return None if found is None else work.for_update(Facility, found)


def _standing_relations(work: Work, facility_id: int) -> list[FacilityRelation]:
    """Who owns the facility and who operates it, without an end in sight."""
    return list(
        work.session.scalars(
            select(FacilityRelation).where(
                FacilityRelation.facility_id == facility_id,
                FacilityRelation.superseded_at.is_(None),
                FacilityRelation.valid_until.is_(None),
            )
        )
    )


def confirm_facility(
    work: Work, claim: FacilityClaim, organization: Organization, *, transfer: bool, same_as: int | None = None
) -> None:
    """The organization owns (operates) the facility from today.

    A facility on file is never made a second time, and never becomes one of another type. One that another
    organization holds in the same role is refused, unless the officer says that it changes hands (`transfer`):
    then the other's relation ends today. `same_as` is the facility on file that the officer says it is, of a
    claim that no number leads to one.
    """
    role = OrganizationKind(organization.kind).facility_role
    facility = _facility_of(work, claim)
    if facility is None and same_as is not None:
        facility = work.for_update(Facility, same_as)
    if facility is None:
        facility = _make_facility(work, claim)
    if facility.facility_type != claim.facility_type:
        raise refuse(
            "Facility {number} is on file as another type of works. Refuse it, and ask for its type or number.",
            field=f"claim-{claim.id}",
            number=facility.ministry_number or "without a number",
        )
    relations = _standing_relations(work, facility.id)
    own = [relation for relation in relations if relation.organization_id == organization.id]
    others = [relation for relation in relations if relation.role == role and relation not in own]
    if others and not transfer:
        raise refuse(
            "Facility {number} ({name}) is held by another organization. Say that it changes hands, or refuse "
            "this facility.",
            field=f"claim-{claim.id}",
            number=facility.ministry_number or "without a number",
            name=facility.name,
        )
    for relation in [*others, *(one for one in own if one.role != role)]:
        end(work, relation, day_at(work.at))
    if not any(relation.role == role for relation in own):
        _relate(work, claim, facility, organization, role)
    if transfer or claim.replaces_id is not None:
        _describe(work, facility, claim)
    if claim.state != ClaimState.CONFIRMED:  # one that was confirmed before classified then
        classify(work, claim, facility)
    _confirm(work, claim, facility)
    differing = select(FacilityClaim.id).where(
        FacilityClaim.facility_id == facility.id,
        FacilityClaim.organization_id.in_([organization.id, *(one.organization_id for one in others)]),
    )
    _end_differences(work, Discrepancy.facility_claim_id.in_(differing))
    kept_findings.retest(work, facility.id)


def end_relation(work: Work, claim: FacilityClaim) -> None:
    """What a claim made true of the organization and the facility ends today."""
    end_overrides(work, claim)
    end_relations(work, [claim])


def end_relations(work: Work, claims: Collection[FacilityClaim]) -> Mapping[int, list[int]]:
    """The same of several at once, but for their overrides. The ids of what ended, by the claim."""
    by_place = {(claim.organization_id, claim.facility_id): claim.id for claim in claims}
    found = [one for one in _relations_of(work, claims) if (one.organization_id, one.facility_id) in by_place]
    ended: dict[int, list[int]] = defaultdict(list)
    for one in end_all(work, found, day_at(work.at)):
        ended[by_place[one.organization_id, one.facility_id]].append(one.id)
    _end_differences(work, Discrepancy.facility_claim_id.in_([claim.id for claim in claims]))
    kept_findings.retest(work, *(one.facility_id for one in found))
    return ended


def holders_of(work: Work, organization_id: int, same_as: Collection[int] = ()) -> frozenset[int]:
    """The organizations that hold, without an end in sight, the facilities that one claims, or these ones."""
    claims = FacilityClaim.organization_id == organization_id
    numbers = select(FacilityClaim.ministry_number).where(claims, FacilityClaim.ministry_number != "")
    confirmed = select(FacilityClaim.facility_id).where(claims, FacilityClaim.facility_id.is_not(None))
    spoken_of = or_(
        Facility.ministry_number.in_(numbers), Facility.id.in_(confirmed), Facility.id.in_(list(same_as))
    )
    holding = (
        select(FacilityRelation.organization_id)
        .join(Facility, Facility.id == FacilityRelation.facility_id)
        .where(spoken_of, FacilityRelation.superseded_at.is_(None), FacilityRelation.valid_until.is_(None))
    )
    return frozenset(work.session.scalars(holding))


def held_by_another(work: Work, claims: Collection[FacilityClaim]) -> frozenset[int]:
    """The claims of a facility that another organization holds in the same role by now."""
    relations = _relations_of(work, claims)
    return frozenset(
        claim.id
        for claim in claims
        for one in relations
        if one.facility_id == claim.facility_id and one.organization_id != claim.organization_id
        if one.role == OrganizationKind(claim.organization.kind).facility_role
    )


def _relations_of(work: Work, claims: Collection[FacilityClaim]) -> Sequence[FacilityRelation]:
    """Who holds the facilities of some claims, without an end in sight."""
    standing = select(FacilityRelation).where(
        FacilityRelation.facility_id.in_([claim.facility_id for claim in claims]),
        FacilityRelation.superseded_at.is_(None),
        FacilityRelation.valid_until.is_(None),
    )
    return work.session.scalars(standing.order_by(FacilityRelation.id)).all() if claims else ()


def _make_facility(work: Work, claim: FacilityClaim) -> Facility:
    """A facility of the claim. When another decision made it in the same moment, that one."""
    facility = Facility(
        ministry_number=claim.ministry_number or None,
        facility_type=claim.facility_type,
        time_zone=time_zone_at(Point(claim.latitude, claim.longitude)),
        changed_at=work.at,
        changed_by=work.account.id,
    )
    _set_name_and_place(facility, claim)
    try:
        with work.session.begin_nested():
            work.session.add(facility)
    except IntegrityError:
        made_meanwhile = _facility_of(work, claim)
        if made_meanwhile is None:
            raise
        return made_meanwhile
    standings.place(work.session, facility)
    work.record("facility.made", "facility", facility.id, claim=claim.id)
    return facility


def _describe(work: Work, facility: Facility, claim: FacilityClaim) -> None:
    """The facility's number, name and place as its holder now states them."""
    work.touch(facility, facility.version)
    _set_name_and_place(facility, claim)
    number = claim.ministry_number or None
    if claim.replaces_id is None:
        number = number or facility.ministry_number  # only a change of the claim itself takes a number away
    try:
        with work.session.begin_nested():
            facility.ministry_number = number
    except IntegrityError as error:
        raise refuse(
            "Number {number} belongs to another facility on file. Refuse this facility, and ask for its number.",
            field=f"claim-{claim.id}",
            number=claim.ministry_number,
        ) from error
    standings.place(work.session, facility)
    work.record("facility.changed", "facility", facility.id, claim=claim.id)


def _set_name_and_place(facility: Facility, claim: FacilityClaim) -> None:
    facility.name, facility.place = claim.name, claim.place
    facility.latitude, facility.longitude = claim.latitude, claim.longitude


def _relate(work: Work, claim: FacilityClaim, facility: Facility, owner: Organization, role: str) -> None:
    relation = FacilityRelation(
        facility_id=facility.id,
        organization_id=owner.id,
        role=role,
        claim_id=claim.id,
        valid_from=day_at(work.at),
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(relation)
    work.session.flush()
    work.record("facility.related", "facility", facility.id, organization=owner.id, role=role)


def _confirm(work: Work, claim: FacilityClaim, facility: Facility) -> None:
    claim.facility_id = facility.id
    claim.state = ClaimState.CONFIRMED
    claim.refused_because = ""
    work.session.execute(delete(ListingAnswer).where(ListingAnswer.facility_claim_id == claim.id))
    was_followed = Discrepancy.facility_claim_id == claim.id, Discrepancy.followed_by.is_not(None)
    work.session.execute(update(Discrepancy).where(*was_followed).values(followed_by=None))
    list_id = work.session.scalar(select(ListingImport.id).where(STANDS))
    work.record("facility_claim.confirmed", "facility_claim", claim.id, listing=list_id)
    if claim.replaces_id is not None:
        replaced = work.session.get_one(FacilityClaim, claim.replaces_id)
        replaced.state = ClaimState.WITHDRAWN
        end_overrides(work, replaced)
