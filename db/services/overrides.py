"""Overrides: one officer proposes to believe a certificate or facility that the listing does not have, a second
one agrees.

Before its day of review an override comes to the queue: it is proposed anew, or it ends.
"""

from datetime import date

from sqlalchemy import select

from core import entries
from core import overrides as rules
from core.alignment import Basis
from core.comparison import Comparison
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.profiles import ClaimState, SubmissionState
from core.roles import Role
from db.alignment.facilities import hold_against_the_list
from db.alignment.passes import align
from db.gate import Work, service
from db.register_schema import ClaimOverride
from db.schema import CertificateClaim, FacilityClaim, OperatorProfile, Organization, Submission
from db.verification import borne_out, deciding, despite, facility_overrides
from db.verification import overrides as kept
from db.verification.compared import Despite, keep, keep_decisions
from db.verification.facts import confirm_certificate, confirm_facility, end_overrides, rest_on_override
from db.verification.questions import name_of
from db.verification.submissions import Claim, Profile


@service(Role.OFFICER, writes=True)
def propose(
    work: Work, submission_id: int, version: int, claim_id: int, reason: str, review_on: date | None
) -> int:
    """Proposes to confirm a certificate or facility that the listing does not have, until a day of review; or,
    also in a submission that is decided, to believe a confirmed certificate that counts no more since the listing
    does not have it. A second officer agrees or refuses. Returns the override's id."""
    raise_if_any(rules.problems(reason, review_on, day_at(work.at)))
    assert review_on is not None  # noqa: S101 - checked above
    submission, profile = deciding.open_or_decided(work, submission_id, version)
    claim = deciding.claim_in(submission, profile, claim_id)
    if not kept.vanished(work, [claim]):
        _must_wait(submission, claim)
        _must_be_missing(work, submission, claim)
    _none_may_wait(work, claim)
    return _propose(work, claim, submission.id, reason, review_on)


def _must_wait(submission: Submission, claim: Claim) -> None:
    if submission.state != SubmissionState.OPEN:
        raise deciding.decided_already()
    if claim.state == ClaimState.CONFIRMED and not submission.claimed["whole"]:
        raise refuse("It does not wait for a decision. Reload the page.")


@service(Role.OFFICER, writes=True)
def propose_again(work: Work, override_id: int, version: int, reason: str, review_on: date | None) -> int:
    """Proposes to believe a certificate or facility longer whose override is due for review, or was: the second
    officer's word is needed again. Returns the new override's id."""
    raise_if_any(rules.problems(reason, review_on, day_at(work.at)))
    assert review_on is not None  # noqa: S101 - checked above
    former, claim, _profile = _to_review(work, override_id, version)
    _none_may_wait(work, claim)
    return _propose(work, claim, former.submission_id, reason, review_on)


@service(Role.OFFICER, writes=True)
def let_end(work: Work, override_id: int, version: int) -> None:
    """An override that is due for review ends today: from now on a certificate rests on the listing.

    A facility that the list has by now stands; one that it has not is confirmed no more. Raises Refused for a
    facility where no list is on file.
    """
    _former, claim, profile = _to_review(work, override_id, version)
    if isinstance(claim, FacilityClaim) and isinstance(profile, Organization):
        facility_overrides.let_end(work, claim, profile)
        return
    end_overrides(work, claim, ("standing", "waiting"))
    work.session.flush()
    align(work, "decision", of=[profile.id])


def _none_may_wait(work: Work, claim: Claim) -> None:
    if _has(work, claim, "waiting"):
        raise refuse("An override for it waits for its second officer already.")


def _has(work: Work, claim: Claim, state: str) -> bool:
    found = select(ClaimOverride.id).where(kept.of([claim]), ClaimOverride.state == state)
    return work.session.scalar(found.limit(1)) is not None


def _propose(work: Work, claim: Claim, submission_id: int, reason: str, review_on: date) -> int:
    override = ClaimOverride(
        claim_id=claim.id if isinstance(claim, CertificateClaim) else None,
        facility_claim_id=claim.id if isinstance(claim, FacilityClaim) else None,
        submission_id=submission_id,
        reason=entries.clean_reason(reason),
        review_on=review_on,
        state="waiting",
        proposed_at=work.at,
        proposed_by=work.account.id,
        changed_at=work.at,
        changed_by=work.account.id,
    )
    work.session.add(override)
    work.session.flush()
    work.record("override.proposed", "claim_override", override.id, claim=claim.id, submission=submission_id)
    return override.id


@service(Role.OFFICER, writes=True)
def agree(work: Work, override_id: int, version: int, transfer: bool = False, reason: str = "") -> None:
    """The second officer agrees: the certificate or facility is confirmed, and believed until the day of review;
    one that is confirmed already is believed longer, and counts again where it did not.

    `transfer`: the facility passes from another organization to this one today. `reason`: why a certificate is
    confirmed that another person has confirmed already. Raises Refused for who proposed it, on one's own claim,
    where the listing has it by now, where the day of review has come, and where that reason is missing.
    """
    override, submission, claim, profile = _to_decide(work, override_id, version)
    if override.review_on <= day_at(work.at):
        raise refuse(
            "The day of review, {day}, has come. Refuse this override; another one can be proposed.",
            day=override.review_on,
        )
    if submission.state == SubmissionState.OPEN:
        written = _written(work, submission, claim, reason)
        keep(work, submission, profile, [claim.id], written)
        _confirm(work, submission, claim, profile, transfer)
        keep_decisions(submission, [claim])
        _decide(work, override, "standing")
        return
    if isinstance(claim, CertificateClaim):
        _must_take_one(work, claim)
        rest_on_override(work, claim)
    else:
        end_overrides(work, claim)
    _decide(work, override, "standing")
    work.session.flush()
    if isinstance(profile, OperatorProfile):
        align(work, "decision", of=[profile.id])
    else:
        hold_against_the_list(work, [claim.id])


def _must_take_one(work: Work, claim: CertificateClaim) -> None:
    """Raises Refused where a confirmed certificate is neither believed by an override nor in want of one."""
    if claim.id in kept.vanished(work, [claim]) or _has(work, claim, "standing"):
        return
    raise refuse(
        "{claim} needs no override any more, since the listing has it. Refuse this override.", claim=name_of(claim)
    )


def _confirm(work: Work, submission: Submission, claim: Claim, profile: Profile, transfer: bool) -> None:
    if isinstance(claim, CertificateClaim) and isinstance(profile, OperatorProfile):
        deciding.as_handed_in(submission, claim)
        confirm_certificate(work, claim, profile.person_id, Basis.OVERRIDE)
    elif isinstance(claim, FacilityClaim) and isinstance(profile, Organization):
        end_overrides(work, claim)
        confirm_facility(work, claim, profile, transfer=transfer)


@service(Role.OFFICER, writes=True)
def refuse_(work: Work, override_id: int, version: int, reasons: str) -> None:
    """The second officer does not agree: what it is of stays as it was, and the reasons are shown beside it."""
    raise_if_any(entries.reason("reasons", reasons, what="why the override is refused"))
    override, *_ = _to_decide(work, override_id, version)
    override.refused_because = entries.clean_reason(reasons)
    _decide(work, override, "refused")


def _written(work: Work, submission: Submission, claim: Claim, reason: str) -> dict[int, Despite]:
    """The reason why what the listing does not have is confirmed although another person has it confirmed."""
    compared = _must_be_missing(work, submission, claim)
    return despite.written(work, submission, [claim], {claim.id: compared}, {claim.id: reason})


def _must_be_missing(work: Work, submission: Submission, claim: Claim) -> Comparison:
    """How the listing does not have it. Raises Refused where the listing that stands has what is claimed, or
    cannot say so, or none is on file."""
    compared = borne_out.comparisons(work, submission.id)[claim.id]
    if not compared.outcome.not_found:
        raise refuse(
            "{claim} needs no override: the listing has it, or its row could not be read, or no listing is on "
            "file. Confirm or refuse it.",
            claim=name_of(claim),
        )
    return compared


def _to_decide(work: Work, override_id: int, version: int) -> tuple[ClaimOverride, Submission, Claim, Profile]:
    """The override with what it is of, all locked: waiting, as it was seen, and for this officer.

    Its submission is marked as changed, so that pages that show it are stale.
    """
    found = work.session.get(ClaimOverride, override_id)
    if found is None:
        raise refuse("There is no override {id}. Check the link.", id=str(override_id))
    borne_out.hold_still(work)
    claim = _claim_of(work, found)
    profile = _locked_profile(work, claim)
    submission = work.for_update(Submission, found.submission_id)
    override = work.for_update(ClaimOverride, override_id)
    if override.state != "waiting" and override.version == version:
        raise refuse("This override is decided already. The queue shows what still waits.")
    work.touch(override, version)
    if override.proposed_by == work.account.id:
        raise refuse("You proposed this override, so another officer has to agree to it.")
    work.touch(profile, profile.version)
    work.touch(submission, submission.version)
    work.session.refresh(claim)
    return override, submission, claim, profile


def _claim_of(work: Work, override: ClaimOverride) -> Claim:
    if override.claim_id is not None:
        return work.session.get_one(CertificateClaim, override.claim_id)
    return work.session.get_one(FacilityClaim, override.facility_claim_id)


def _locked_profile(work: Work, claim: Claim) -> Profile:
    if isinstance(claim, CertificateClaim):
        return deciding.lock_profile(work, claim.profile_id)
    return deciding.lock_organization(work, claim.organization_id)


def _to_review(work: Work, override_id: int, version: int) -> tuple[ClaimOverride, Claim, Profile]:
    """An override that stands and is due for review, with what it is of and its profile: locked, as seen."""
    found = work.session.get(ClaimOverride, override_id)
    if found is None:
        raise refuse("There is no override {id}. Check the link.", id=str(override_id))
    borne_out.hold_still(work)
    claim = _claim_of(work, found)
    profile = _locked_profile(work, claim)
    override = work.for_update(ClaimOverride, override_id)
    if override.state != "standing" and override.version == version:
        raise refuse("This override does not stand any more, so there is nothing to review. Reload the page.")
    work.touch(override, version)
    if day_at(work.at) < rules.due_from(override.review_on):
        raise refuse(
            "This override is reviewed on {day}. Come back from {first} on.",
            day=override.review_on,
            first=rules.due_from(override.review_on),
        )
    work.touch(profile, profile.version)
    work.session.refresh(claim)
    return override, claim, profile


def _decide(work: Work, override: ClaimOverride, state: str) -> None:
    override.state = state
    override.decided_at, override.decided_by = work.at, work.account.id
    work.record(f"override.{state}", "claim_override", override.id, claim=kept.claim_of(override))
