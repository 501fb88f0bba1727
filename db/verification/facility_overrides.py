"""Ends the overrides by which facilities are believed; core.overrides.at_its_end says it before in words.

By night one ends whose day of review has come, where the list of facilities says enough. What an officer has to
look at stays in the queue, and so does what somebody has proposed to believe longer.
"""

from sqlalchemy import select

from core.comparison import Outcome
from core.membership import Right
from core.overrides import NOT_IN_THE_LIST
from core.places import day_at
from core.problems import refuse
from core.profiles import ClaimState
from db import members
from db.gate import Work
from db.register_schema import ClaimOverride
from db.schema import FacilityClaim, Organization
from db.verification import borne_out, overrides
from db.verification.facts import end_overrides, end_relation


def let_end(work: Work, claim: FacilityClaim, organization: Organization) -> None:
    """An officer lets it end: what the list has by now stands, as that officer has seen it there; what it has not
    is confirmed no more. Raises Refused where no list is on file."""
    outcome = borne_out.beside_the_list(work, claim).outcome
    if outcome is Outcome.NOT_COMPARABLE:
        raise refuse(
            "No list of facilities is on file, so nothing says whether {name} would stand without the override. "
            "Import a list first, or propose to believe it longer.",
            name=claim.name,
        )
    _end(work, claim, organization, outcome)


def end_lapsed(work: Work) -> None:
    """What is done each night. Organizations are locked before their overrides, as everywhere."""
    today = day_at(work.at)
    borne_out.hold_still(work)
    lapsed = select(ClaimOverride.facility_claim_id).where(
        ClaimOverride.facility_claim_id.is_not(None), overrides.due(today), ClaimOverride.review_on <= today
    )
    due = select(FacilityClaim.id, FacilityClaim.organization_id).where(FacilityClaim.id.in_(lapsed))
    for claim_id, organization_id in work.session.execute(due.order_by(FacilityClaim.organization_id)).all():
        organization = work.for_update(Organization, organization_id)
        claim = work.session.get_one(FacilityClaim, claim_id, populate_existing=True)
        outcome = borne_out.beside_the_list(work, claim).outcome
        lapses = outcome is Outcome.EXACT or outcome.not_found
        if lapses and claim.state == ClaimState.CONFIRMED and _still_lapsed(work, claim):
            work.touch(organization, organization.version)
            _end(work, claim, organization, outcome)


def _still_lapsed(work: Work, claim: FacilityClaim) -> bool:
    """Whether it is so still, now that the organization is locked."""
    today = day_at(work.at)
    found = select(ClaimOverride.id).where(
        overrides.of([claim]), overrides.due(today), ClaimOverride.review_on <= today
    )
    return work.session.scalar(found) is not None


def _end(work: Work, claim: FacilityClaim, organization: Organization, outcome: Outcome) -> None:
    if not outcome.not_found:
        end_overrides(work, claim, ("standing", "waiting"))
        return
    end_overrides(work, claim, ("waiting",))
    end_relation(work, claim)
    claim.state, claim.refused_because = ClaimState.REFUSED, str(NOT_IN_THE_LIST)
    work.record("claim.refused", claim.__tablename__, claim.id)
    for manager in members.holders(work, Right.MANAGE, organization.id):
        work.mail(manager, "facility_not_believed", facility=claim.name, reasons=claim.refused_because)
