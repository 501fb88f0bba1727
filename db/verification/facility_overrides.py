"""Ends the overrides by which facilities are believed; core.overrides.at_its_end says it before in words.

By night one ends whose day of review has come, where the list of facilities says enough. What an officer has to
look at stays in the queue, and so does what somebody has proposed to believe longer. What ended by a list that is
withdrawn stands again, and ends by the list that stands then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.comparison import Comparison, Outcome
from core.membership import Right
from core.overrides import NOT_IN_THE_LIST
from core.places import day_at
from core.problems import refuse
from core.profiles import ClaimState
from db import kept_findings, members
from db.gate import Work
from db.register_schema import ClaimOverride, ListingImport
from db.schema import AuditEntry, FacilityClaim, FacilityRelation, Organization
from db.verification import borne_out, overrides
from db.verification.borne_out import FACILITIES
from db.verification.confirmed_facilities import accept, beside_the_list
from db.verification.dated import not_superseded, stand_again
from db.verification.facts import end_relations, held_by_another


def let_end(work: Work, claim: FacilityClaim, organization: Organization) -> None:
    """An officer lets it end: what the list has by now stands, as that officer has seen it there; what it has not
    is confirmed no more. Raises Refused where no list is on file, or it has a row for it that cannot be read."""
    found = beside_the_list(work, [claim])
    if found[claim.id].unread:
        raise refuse(
            "The list’s row for {name} could not be read, so nothing says whether it would stand without the "
            "override. Import a list in which the row can be read, or propose to believe it longer.",
            name=claim.name,
        )
    if found[claim.id].outcome is Outcome.NOT_COMPARABLE:
        raise refuse(
            "No list of facilities is on file, so nothing says whether {name} would stand without the override. "
            "Import a list first, or propose to believe it longer.",
            name=claim.name,
        )
    accept(work, claim, found[claim.id])
    _end(work, [claim], found)


def end_lapsed(work: Work) -> None:
    """What is done each night: as many statements for many as for few, but for the mails."""
    borne_out.hold_still(work)
    claims = locked(work, _lapsed(work))
    still = set(_lapsed(work))  # now that nobody else decides on them
    _end_by_the_list(work, [one for one in claims if one.id in still and one.state == ClaimState.CONFIRMED])


def _lapsed(work: Work) -> list[int]:
    """The facilities of which an override is past its day, and not proposed to be believed longer."""
    today = day_at(work.at)
    of_facilities = ClaimOverride.facility_claim_id.is_not(None), ClaimOverride.review_on <= today
    found = work.session.scalars(
        select(ClaimOverride.facility_claim_id).where(*of_facilities, overrides.due(today))
    )
    return [one for one in found if one is not None]


def locked(work: Work, claim_ids: Collection[int]) -> list[FacilityClaim]:
    """Facilities as they are claimed; their organizations are locked before them and their overrides."""
    of = FacilityClaim.id.in_(claim_ids)
    holders = Organization.id.in_(select(FacilityClaim.organization_id).where(of))
    organizations = select(Organization).where(holders).order_by(Organization.id)
    fresh = {"populate_existing": True}
    work.session.scalars(
        organizations.with_for_update(of=Organization, key_share=True), execution_options=fresh
    ).all()
    found = select(FacilityClaim).where(of).order_by(FacilityClaim.id)
    return list(work.session.scalars(found, execution_options=fresh))


def _end_by_the_list(work: Work, claims: Collection[FacilityClaim]) -> None:
    """The lapsed ones of which the list says enough end."""
    found = beside_the_list(work, claims)
    ending = [one for one in claims if _says_enough(found[one.id])]
    for organization in {one.organization for one in ending}:
        work.touch(organization, organization.version)
    _end(work, ending, found)


def _says_enough(beside: Comparison) -> bool:
    return beside.outcome is Outcome.EXACT or beside.outcome.not_found


def _end(work: Work, claims: Collection[FacilityClaim], found: Mapping[int, Comparison]) -> None:
    """The overrides end; the facilities that the list does not have are confirmed no more."""
    if not claims:
        return
    missing = [one for one in claims if found[one.id].outcome.not_found]
    relations = end_relations(work, missing)
    overrides.end_of(work, claims, ("waiting",))
    _remember(work, {one: relations.get(overrides.claim_of(one), []) for one in overrides.end_of(work, claims)})
    for claim in missing:
        claim.state, claim.refused_because = ClaimState.REFUSED, str(NOT_IN_THE_LIST)
        work.record("claim.refused", claim.__tablename__, claim.id)
    tell(work, missing, "facility_not_believed", reasons=str(NOT_IN_THE_LIST))


def _remember(work: Work, ended: Mapping[ClaimOverride, list[int]]) -> None:
    """By which list overrides ended, and which relations with each, for the day when that list is withdrawn."""
    if not ended:
        return
    listing = borne_out.standing(work)[FACILITIES]
    for override, relations in ended.items():
        about = {"claim": overrides.claim_of(override), "listing": listing.import_id, "relations": relations}
        work.record("override.ended_by_list", "claim_override", override.id, **about)


def tell(work: Work, claims: Collection[FacilityClaim], template: str, **values: str) -> None:
    """Mails the managers of the organizations, once about each facility."""
    managers = {
        one: members.holders(work, Right.MANAGE, one) for one in sorted({one.organization_id for one in claims})
    }
    for claim in claims:
        for manager in managers[claim.organization_id]:
            work.mail(manager, template, facility=claim.name, **values)


# --- a list is withdrawn ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ended:
    """An override that ended by a list, with its facility, and the relations that ended with it."""

    override: ClaimOverride
    claim: FacilityClaim
    relations: list[int]

    @property
    def refused(self) -> bool:
        return self.claim.state == ClaimState.REFUSED


def take_back(work: Work, listing: ListingImport) -> None:
    """What ended by the word of a withdrawn list stands again, unless somebody has decided on it since. Where its
    day of review has come, the list that stands now has its say at once, and managers are told what differs."""
    found = _ended_by(work, listing)
    beside = beside_the_list(work, [one.claim for one in found])
    today = day_at(work.at)
    lapsed = [one for one in found if one.override.review_on <= today]
    stays = [one for one in lapsed if one.refused and beside[one.claim.id].outcome.not_found]
    _remember(work, {one.override: one.relations for one in stays})
    undone = [one for one in found if one not in stays]
    again = [one.claim for one in undone if one.refused]
    _undo(work, undone)
    tell(work, again, "facility_believed_again")
    work.session.flush()
    _end_by_the_list(work, [one.claim for one in lapsed if one not in stays])


def _ended_by(work: Work, listing: ListingImport) -> list[_Ended]:
    """What ended by a list and is as that left it, locked."""
    rows = work.session.execute(
        select(ClaimOverride, AuditEntry.details)
        .join(AuditEntry, AuditEntry.subject_id == ClaimOverride.id)
        .where(
            AuditEntry.subject == "claim_override",
            AuditEntry.action == "override.ended_by_list",
            ClaimOverride.state == "ended",
        )
        .order_by(ClaimOverride.id)
    ).all()
    ended = {
        overrides.claim_of(override): (override, details["relations"])
        for override, details in rows
        if details["listing"] == listing.id
    }
    claims = locked(work, ended)
    held = held_by_another(work, claims)
    current = select(ClaimOverride).where(overrides.of(claims), ClaimOverride.state.in_(("standing", "waiting")))
    believed = {overrides.claim_of(one) for one in work.session.scalars(current)}
    return [
        _Ended(ended[one.id][0], one, ended[one.id][1])
        for one in claims
        if one.id not in believed and _as_it_ended(one) and one.id not in held
    ]


def _as_it_ended(claim: FacilityClaim) -> bool:
    refused = claim.state == ClaimState.REFUSED and claim.refused_because == str(NOT_IN_THE_LIST)
    return refused or claim.state == ClaimState.CONFIRMED


def _undo(work: Work, undone: Collection[_Ended]) -> None:
    for one in undone:
        overrides.stand_again(work, one.override)
    for organization in {one.claim.organization for one in undone}:
        work.touch(organization, organization.version)
    confirm_again(work, [one.claim for one in undone], [relation for one in undone for relation in one.relations])


def confirm_again(work: Work, claims: Collection[FacilityClaim], relation_ids: Collection[int]) -> None:
    """Facilities that were confirmed no more by the word of a list are so again; so are the relations that ended
    with them, where nothing has taken their place since."""
    for claim in claims:
        claim.state, claim.refused_because = ClaimState.CONFIRMED, ""
    relations = not_superseded(work, FacilityRelation, relation_ids)
    stand_again(work, relations)
    kept_findings.retest(work, *(one.facility_id for one in relations))
