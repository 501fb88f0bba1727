"""What an officer makes of a difference between a confirmed facility and the list: the facility stands as it is on
file, or the list is followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.comparison import ClaimedFacility, Comparison
from core.entries import FacilityEntry
from core.facilities import FacilityClass
from core.facility_alignment import Followed, Said, if_followed, said_of, what_follows, why_nothing
from core.membership import Right
from core.problems import refuse
from core.profiles import ClaimState, State
from core.sentences import Sentence, in_english
from db import members
from db.alignment import decisions
from db.alignment.difference_views import FacilityView, Following
from db.gate import Work
from db.register_schema import Discrepancy, ListingAnswer, ListingImport
from db.schema import Account, Facility, FacilityClaim, Organization
from db.verification import borne_out, deciding, facility_overrides
from db.verification.classifications import classify, stays
from db.verification.confirmed_facilities import ENTERED, ON_FILE, answer, is_compared, on_file
from db.verification.facts import end_overrides, end_relations
from db.verification.listed_works import STANDS, ListedWorks, claimed_facility, listed_works

_PLACE = ("place", "latitude", "longitude", "letter_date", "letter_reference", "letter_file_id")


@dataclass(frozen=True)
class _Beside:
    """A facility as it is on file, or was when it was decided, beside a list."""

    claim: ClaimedFacility
    works: ListedWorks

    @property
    def comparison(self) -> Comparison:
        return self.works.beside(self.claim)

    @property
    def said(self) -> Said | None:
        return said_of(self.claim, self.comparison)


def view(work: Work, found: Discrepancy) -> FacilityView:
    """A difference of a facility. The look is recorded by the caller."""
    claim = work.session.get_one(FacilityClaim, found.facility_claim_id)
    entered = _on_file(claim) if found.on_file is None else found.on_file
    beside = _beside(work, entered, found)
    waits = found.state == "open"
    following = _following(work, claim, beside) if waits else None
    decider = work.session.get(Account, found.decided_by) if found.decided_by else None
    return FacilityView(
        discrepancy_id=found.id,
        version=found.version,
        state=found.state,
        name=entered["owner"],
        comparison=beside.comparison,
        unread=bool(beside.comparison.unread),
        listed_on=beside.works.listed_on,
        found_at=found.found_at,
        own=members.is_member(work, claim.organization_id),
        decided_by=decider.person.name if decider else "",
        decided_at=found.decided_at,
        reasons=found.reasons,
        following=following,
        gone_because=_gone_because(work, claim, beside) if found.state == "gone" and not decider else None,
        facility=FacilityEntry(
            **{name: entered[name] for name in ENTERED}, **{name: getattr(claim, name) for name in _PLACE}
        ),
        operates=beside.claim.owner is None,
        why_nothing_to_follow=why_nothing(beside.comparison) if waits and following is None else None,
    )


def keep(work: Work, found: Discrepancy, version: int, reasons: str) -> None:
    """The facility stands as it is on file. While the list says the same of it, nobody is asked again; that its
    number is not found is asked about again by the next list."""
    claim = _to_decide(work, found, version)
    beside = _beside(work, _on_file(claim))
    said = _must_differ(beside)
    if _confirmed_alone(work, claim):
        raise refuse(
            "You confirmed this facility yourself while no list was on file to compare with, so another officer "
            "has to decide whether it stands against the list."
        )
    _decide(work, found, claim, beside, "kept", reasons)
    assert found.import_id is not None  # noqa: S101 - a list stands, since it says otherwise
    answer(work, claim, said, found.import_id)


def follow(work: Work, found: Discrepancy, version: int, reasons: str) -> None:
    """The list is followed: its class is taken over, or the facility is confirmed no more. The managers of the
    organization are told at once."""
    claim = _to_decide(work, found, version)
    beside = _beside(work, _on_file(claim))
    _must_differ(beside)
    followed = if_followed(beside.claim, beside.comparison)
    if followed is Followed.NOTHING:
        raise refuse(str(why_nothing(beside.comparison)))
    _decide(work, found, claim, beside, "followed", reasons)
    if followed is Followed.CONFIRMED_NO_MORE:
        found.followed_by = _confirm_no_more(work, claim, beside)
    else:
        found.followed_by = _take_class_over(work, claim, beside)
    borne_out.recompare_organizations(work, [claim.organization_id])


def _confirm_no_more(work: Work, claim: FacilityClaim, beside: _Beside) -> dict[str, Any]:
    """What is kept to undo it. Managers read what the list says; the officer’s own reasons stay in the office."""
    because = str(_because(beside))
    ended = {"proposed": end_overrides(work, claim, ("waiting",)), "overrides": end_overrides(work, claim)}
    relations = end_relations(work, [claim]).get(claim.id, [])
    claim.state, claim.refused_because = ClaimState.REFUSED, because
    work.record("claim.refused", claim.__tablename__, claim.id)
    facility_overrides.tell(work, [claim], "facility_not_believed", reasons=because)
    return ended | {"because": because, "relations": relations}


def _because(beside: _Beside) -> Sentence:
    comparison, day = beside.comparison, beside.works.listed_on
    if comparison.outcome.not_found:
        return Sentence("The ministry’s list of facilities of {day} does not have its number.", day=day)
    said = "; ".join(str(one) for one in comparison.differences).removesuffix(".")  # as of "listed Works Inc."
    return Sentence("The ministry’s list of facilities of {day} says otherwise. {said}.", day=day, said=said)


def _take_class_over(work: Work, claim: FacilityClaim, beside: _Beside) -> dict[str, Any]:
    """What is kept to undo it. What the list says otherwise of the name beside it, the officer has seen."""
    row = beside.comparison.facility
    list_id = beside.works.import_id
    assert row and row.facility_class and list_id  # noqa: S101, PT018 - else it is not followed
    before, listed = FacilityClass(claim.facility_class), row.facility_class
    kept = stays(work, claim, listed, claim.facility_id)
    claim.facility_class = listed
    facility = work.for_update(Facility, claim.facility_id) if claim.facility_id else None
    ended = classify(work, claim, facility) if facility else None
    answer(work, claim, _Beside(_as_claimed(_on_file(claim)), beside.works).said, list_id)
    values = {"before": before.label, "listed": listed.label, "day": in_english(beside.works.listed_on)}
    if kept is None:
        facility_overrides.tell(work, [claim], "facility_class_taken_over", **values)
    else:
        facility_overrides.tell(work, [claim], "facility_entry_as_listed", why=str(kept.why), **values)
    undo = {"ended": list(ended)} if ended is not None else {}
    return undo | {"class": listed.value}


# --- what is decided on -------------------------------------------------------------------------------------


def _to_decide(work: Work, seen: Discrepancy, version: int) -> FacilityClaim:
    """The facility of a difference, with all that may change locked: open, as it was seen, not the officer's
    own."""
    claim = work.session.get_one(FacilityClaim, seen.facility_claim_id)
    borne_out.hold_still(work)
    organization = deciding.lock_organization(work, claim.organization_id)
    if claim.facility_id is not None:
        work.for_update(Facility, claim.facility_id)
    decisions.to_decide(work, seen.id, version)
    work.touch(organization, organization.version)
    work.session.refresh(claim)
    held = select(FacilityClaim.id).join(Organization, Organization.id == FacilityClaim.organization_id)
    if work.session.scalar(held.where(FacilityClaim.id == claim.id, is_compared())) is None:
        raise refuse(str(_why_not_compared(claim)))
    return claim


def _why_not_compared(claim: FacilityClaim) -> Sentence:
    """Why a facility is not held against the list."""
    if claim.state != ClaimState.CONFIRMED:
        return Sentence("The facility is confirmed no more.")
    if claim.organization.state == State.CLOSED:
        return Sentence("The organization is closed.")
    if claim.organization.state not in (State.ACTIVE, State.SUSPENDED):
        return Sentence(
            "The organization is to be verified anew, and its facilities are held against the list with it."
        )
    return Sentence("The facility is the organization’s no longer.")


def _must_differ(beside: _Beside) -> Said:
    if beside.said is None:
        raise refuse("The list says nothing otherwise any more, so there is nothing to decide. Reload the page.")
    return beside.said


def _decide(
    work: Work, found: Discrepancy, claim: FacilityClaim, beside: _Beside, state: str, reasons: str
) -> None:
    """Decides, and remembers what was on file and what the list said: it may be withdrawn."""
    found.on_file, found.listed = _on_file(claim), dict(_must_differ(beside))
    decisions.decide(work, found, state, reasons, beside.works.import_id, facility_claim=claim.id)


def _confirmed_alone(work: Work, claim: FacilityClaim) -> bool:
    """Whether this officer confirmed it, with no list on file, and nobody has answered to a list since."""
    confirmed = decisions.last_confirmed(work, "facility_claim", [claim.id])
    if confirmed is None or confirmed.account_id != work.account.id:
        return False
    answered = select(ListingAnswer.id).where(ListingAnswer.facility_claim_id == claim.id).limit(1)
    return confirmed.details["listing"] is None and work.session.scalar(answered) is None


# --- both sides ---------------------------------------------------------------------------------------------


def _on_file(claim: FacilityClaim) -> dict[str, Any]:
    """What is on file of a facility beside what a list may say of it."""
    entered = {name: getattr(claim, name) for name in ENTERED}
    return entered | {"owner": claim.organization.name, "kind": claim.organization.kind}


def _as_claimed(entered: Mapping[str, Any]) -> ClaimedFacility:
    return claimed_facility(entered, entered["owner"], entered["kind"], ON_FILE)


def _beside(work: Work, entered: Mapping[str, Any], found: Discrepancy | None = None) -> _Beside:
    """Beside the list that stands; of what an officer has decided, beside the one that was looked at."""
    decided = found is not None and found.decided_at is not None
    which = ListingImport.id == found.import_id if found is not None and decided else STANDS
    return _Beside(_as_claimed(entered), listed_works(work, [entered["ministry_number"]], which))


def _following(work: Work, claim: FacilityClaim, beside: _Beside) -> Following | None:
    """What following the list would do now; None where there is nothing to follow."""
    if if_followed(beside.claim, beside.comparison) is Followed.NOTHING:
        return None
    row = beside.comparison.facility
    listed = row.facility_class if row else None
    kept = stays(work, claim, listed, claim.facility_id) if listed else None
    said = what_follows(beside.claim, beside.comparison, kept)
    mail = Sentence("No mail is sent: nobody manages the organization here.")
    mailed = bool(members.holders(work, Right.MANAGE, claim.organization_id))
    if mailed:
        mail = Sentence("The managers of the organization are told by mail at once; no release is needed.")
    return Following((said, mail), mailed)


def _gone_because(work: Work, claim: FacilityClaim, beside: _Beside) -> Sentence:
    """Why there is nothing to decide any more, as things stand now."""
    now = next(iter(on_file(work, [claim.id])[1]), None)
    if now is None or not now.compared:
        return _why_not_compared(claim)
    if now.discrepancy_id is not None:
        return Sentence("Another difference has been found since, which waits in the queue.")
    day = beside.works.listed_on
    if day is None:
        return Sentence("No list is on file to compare with.")
    if now.said is None:
        return Sentence("The listing agrees again.")
    if now.asked:
        return Sentence("The list of {day} says something else of it, which comes to the queue next.", day=day)
    if now.answered:
        return Sentence("The office has seen what the list of {day} says, and keeps what is on file.", day=day)
    return Sentence("The list of {day} does not have its number, and an override answers for that.", day=day)
