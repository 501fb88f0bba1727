"""What organizations hold confirmed, beside the list of facilities that stands: many with as many statements as
few, and what an officer is to be asked of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from core.alignment import CheckedAgainst, checked_against
from core.comparison import ClaimedFacility, Comparison, Outcome
from core.facility_alignment import Said, is_answered, is_asked, said_of
from core.places import day_at
from core.profiles import ClaimState, State
from db.gate import Work
from db.register_schema import ClaimOverride, Discrepancy, ListingAnswer, ListingImport
from db.schema import FacilityClaim, FacilityRelation, Organization
from db.verification.listed_works import STANDS, ListedWorks, claimed_facility, listed_works

ON_FILE = "on file"
ENTERED = ("ministry_number", "name", "facility_type", "facility_class")


def beside_the_list(work: Work, claims: Collection[FacilityClaim]) -> Mapping[int, Comparison]:
    """Each facility as it is claimed, beside the list that stands, whether or not it waits; by the claim's id."""
    if not claims:
        return {}
    works = listed_works(work, [claim.ministry_number for claim in claims])
    return {claim.id: works.beside(as_claimed(claim)) for claim in claims}


def as_claimed(claim: FacilityClaim, **called: str) -> ClaimedFacility:
    """A facility as its organization claims it."""
    entered = {name: getattr(claim, name) for name in ENTERED}
    return claimed_facility(entered, claim.organization.name, claim.organization.kind, **called)


def accept(work: Work, claim: FacilityClaim, beside: Comparison) -> None:
    """An officer has seen what the list that stands says, and lets the facility stand. That its number is not
    found takes two officers, so that is never accepted by the way."""
    said = said_of(as_claimed(claim), beside)
    list_id = work.session.scalar(select(ListingImport.id).where(STANDS)) if said else None
    if said and list_id is not None:
        answer(work, claim, said, list_id)


def answer(work: Work, claim: FacilityClaim, said: Said | None, list_id: int) -> None:
    """The facility stands against what this list says of it, and nothing that an officer has answered before
    holds; None: the list bears it out."""
    held = update(ListingAnswer).where(
        ListingAnswer.facility_claim_id == claim.id, ListingAnswer.ended_by.is_(None)
    )
    work.session.execute(held.values(ended_by=list_id))
    if said is not None:
        work.session.add(ListingAnswer(facility_claim_id=claim.id, import_id=list_id, said=dict(said)))
        work.session.flush()


@dataclass(frozen=True)
class OnFile:
    """A confirmed facility beside the list that stands. `compared`: it is held against it. `asked`: the list says
    otherwise, and an officer has to look. `answered`: an officer has, and what is on file stands against it.
    `listed` is what the list said when the open difference was found, if one is open, and `found_as` the outcome
    that is kept with it. `outdated` is an answer of
    the office that holds no more, as this list says something else."""

    claim_id: int
    organization_id: int
    comparison: Comparison
    said: Said | None
    compared: bool
    asked: bool
    answered: bool
    outdated: int | None
    discrepancy_id: int | None
    version: int
    listed: Said | None
    found_as: str | None

    @property
    def is_due(self) -> bool:
        """Whether a pass has something to write: a difference is found, is gone, or is another one; or an answer
        holds no more."""
        if self.outdated is not None:
            return True
        if not self.asked:
            return self.discrepancy_id is not None
        return self.discrepancy_id is None or self.says_otherwise

    @property
    def says_otherwise(self) -> bool:
        """Whether the list says something else by now than is kept with the open difference."""
        return self.listed != self.said or self.found_as != self.comparison.outcome


def on_file(work: Work, of: Collection[int] | None = None) -> tuple[ListedWorks, list[OnFile]]:
    """The list that stands, and all confirmed facilities with a number, or those `of` these claims, of which an
    organization's relation stands; and whatever else a difference is open about. Three statements."""
    compared = is_compared()
    which = or_(compared, Discrepancy.id.is_not(None))
    if of is not None:
        which = and_(which, FacilityClaim.id.in_(of))
    rows = work.session.execute(_confirmed(compared).where(which).order_by(FacilityClaim.id)).all()
    numbers: Any = select(FacilityClaim.ministry_number).where(FacilityClaim.state == ClaimState.CONFIRMED)
    if of is not None:
        numbers = {row.ministry_number for row in rows}
    works = listed_works(work, numbers)
    return works, [_on_file(row, works) for row in rows]


def _confirmed(compared: ColumnElement[bool]) -> Any:
    believed = exists().where(
        ClaimOverride.facility_claim_id == FacilityClaim.id, ClaimOverride.state == "standing"
    )
    is_open = and_(Discrepancy.facility_claim_id == FacilityClaim.id, Discrepancy.state == "open")
    holds = and_(ListingAnswer.facility_claim_id == FacilityClaim.id, ListingAnswer.ended_by.is_(None))
    return (
        select(
            FacilityClaim.id,
            *(getattr(FacilityClaim, name) for name in ENTERED),
            ListingAnswer.id.label("answer_id"),
            ListingAnswer.import_id.label("answered_import_id"),
            ListingAnswer.said.label("answered"),
            FacilityClaim.organization_id,
            Organization.name.label("owner"),
            Organization.kind,
            compared.label("compared"),
            believed.label("believed"),
            Discrepancy.id.label("discrepancy_id"),
            Discrepancy.version,
            Discrepancy.listed,
            Discrepancy.outcome,
        )
        .join(Organization, Organization.id == FacilityClaim.organization_id)
        .outerjoin(Discrepancy, is_open)
        .outerjoin(ListingAnswer, holds)
    )


def is_compared() -> ColumnElement[bool]:
    """A confirmed claim with a number of an organization that has the facility still, and is verified under the
    name that it has: what is entered meanwhile, the office compares when it verifies the organization anew."""
    has_it = exists().where(
        FacilityRelation.facility_id == FacilityClaim.facility_id,
        FacilityRelation.organization_id == FacilityClaim.organization_id,
        FacilityRelation.superseded_at.is_(None),
        FacilityRelation.valid_until.is_(None),
    )
    confirmed = FacilityClaim.state == ClaimState.CONFIRMED
    verified = Organization.state.in_((State.ACTIVE, State.SUSPENDED))
    return and_(confirmed, FacilityClaim.ministry_number != "", verified, has_it)


def _on_file(row: Any, works: ListedWorks) -> OnFile:
    claim = claimed_facility({name: getattr(row, name) for name in ENTERED}, row.owner, row.kind, ON_FILE)
    beside = works.beside(claim)
    said = said_of(claim, beside)
    by_this_list = row.answered_import_id == works.import_id
    answered = is_answered(row.answered, said, by_this_list=by_this_list)
    compared = bool(row.compared)
    speaks = compared and works.import_id is not None
    return OnFile(
        claim_id=row.id,
        organization_id=row.organization_id,
        comparison=beside,
        said=said,
        compared=compared,
        asked=compared and is_asked(said, believed=bool(row.believed), answered=answered),
        answered=answered,
        outdated=row.answer_id if speaks and not answered else None,
        discrepancy_id=row.discrepancy_id,
        version=row.version or 0,
        listed=row.listed,
        found_as=row.outcome,
    )


def checked_facilities(work: Work, organization: Organization) -> CheckedAgainst:
    """The list that facilities are compared with, and whether it bears out an organization's confirmed ones."""
    claims = [one for one in organization.claims if one.state == ClaimState.CONFIRMED and one.ministry_number]
    works = listed_works(work, [one.ministry_number for one in claims])
    borne_out = [works.beside(as_claimed(one)).outcome is Outcome.EXACT for one in claims]
    return checked_against(works.listed_on, day_at(work.at), "facilities", borne_out)


def open_differences(work: Work, claims: Sequence[FacilityClaim]) -> Mapping[int, int]:
    """The difference that an officer has still to decide on of each of some claims, by the claim's id."""
    found = select(Discrepancy.facility_claim_id, Discrepancy.id).where(
        Discrepancy.facility_claim_id.in_([claim.id for claim in claims]), Discrepancy.state == "open"
    )
    return {claim_id: one for claim_id, one in work.session.execute(found) if claim_id is not None}
