"""Overrides: one officer proposes to believe a certificate that the listing does not have, a second one agrees.

Before its day of review an override comes to the queue: it is proposed anew, or it ends.
"""

from datetime import date

from sqlalchemy import select

from core import entries
from core import overrides as rules
from core.alignment import Basis
from core.places import day_at
from core.problems import raise_if_any, refuse
from core.profiles import ClaimState
from core.roles import Role
from db.alignment.passes import align
from db.gate import Work, service
from db.register_schema import ClaimOverride
from db.schema import CertificateClaim, OperatorProfile, Submission
from db.verification import borne_out, deciding
from db.verification.facts import confirm_certificate, end_overrides, rest_on_override


@service(Role.OFFICER, writes=True)
def propose(
    work: Work, submission_id: int, version: int, claim_id: int, reason: str, review_on: date | None
) -> int:
    """Proposes to confirm a certificate that the listing does not have, until a day of review. A second officer
    agrees or refuses. Returns the override's id."""
    raise_if_any(rules.problems(reason, review_on, day_at(work.at)))
    assert review_on is not None  # noqa: S101 - checked above
    submission, profile = deciding.locked(work, submission_id, version)
    claim = next((one for one in deciding.claims_in(submission, profile) if one.id == claim_id), None)
    if not isinstance(claim, CertificateClaim) or claim.state != ClaimState.WAITING:
        raise refuse("This certificate does not wait for a decision. Reload the page.")
    if not borne_out.comparisons(work, submission.id)[claim_id].outcome.not_found:
        raise refuse(
            "{certificate} needs no override: the listing has it, or no listing is on file. Confirm or refuse it.",
            certificate=deciding.name_of(claim),
        )
    _none_may_wait(work, claim_id)
    return _propose(work, claim_id, submission.id, reason, review_on)


@service(Role.OFFICER, writes=True)
def propose_again(work: Work, override_id: int, version: int, reason: str, review_on: date | None) -> int:
    """Proposes to believe a certificate longer whose override is due for review, or was: the second officer's word
    is needed again. Returns the new override's id."""
    raise_if_any(rules.problems(reason, review_on, day_at(work.at)))
    assert review_on is not None  # noqa: S101 - checked above
    former, claim, _profile = _to_review(work, override_id, version)
    _none_may_wait(work, claim.id)
    return _propose(work, claim.id, former.submission_id, reason, review_on)


@service(Role.OFFICER, writes=True)
def let_end(work: Work, override_id: int, version: int) -> None:
    """An override that is due for review ends today: from now on the certificate rests on the listing."""
    _former, claim, profile = _to_review(work, override_id, version)
    end_overrides(work, claim, ("standing", "waiting"))
    work.session.flush()
    align(work, "decision", of=[profile.id])


def _none_may_wait(work: Work, claim_id: int) -> None:
    waits = select(ClaimOverride.id).where(ClaimOverride.claim_id == claim_id, ClaimOverride.state == "waiting")
    if work.session.scalar(waits) is not None:
        raise refuse("An override for this certificate waits for its second officer already.")


def _propose(work: Work, claim_id: int, submission_id: int, reason: str, review_on: date) -> int:
    override = ClaimOverride(
        claim_id=claim_id,
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
    work.record("override.proposed", "claim_override", override.id, claim=claim_id, submission=submission_id)
    return override.id


@service(Role.OFFICER, writes=True)
def agree(work: Work, override_id: int, version: int) -> None:
    """The second officer agrees: the certificate is confirmed, and believed until the day of review; one that is
    confirmed already counts again, where it did not.

    Raises Refused for who proposed it, on one's own certificate, and where the day of review has come.
    """
    override, claim, profile = _to_decide(work, override_id, version)
    if override.review_on <= day_at(work.at):
        raise refuse(
            "The day of review, {day}, has come. Refuse this override; another one can be proposed.",
            day=override.review_on,
        )
    if claim.state != ClaimState.CONFIRMED:
        _decide(work, override, "standing")
        confirm_certificate(work, claim, profile.person_id, Basis.OVERRIDE)
        return
    rest_on_override(work, claim)
    _decide(work, override, "standing")
    work.session.flush()
    align(work, "decision", of=[profile.id])


@service(Role.OFFICER, writes=True)
def refuse_(work: Work, override_id: int, version: int, reasons: str) -> None:
    """The second officer does not agree: the certificate waits as before, and the reasons are shown beside it."""
    raise_if_any(entries.reason("reasons", reasons, what="why the override is refused"))
    override, _claim, _profile = _to_decide(work, override_id, version)
    override.refused_because = entries.clean_reason(reasons)
    _decide(work, override, "refused")


def _to_decide(
    work: Work, override_id: int, version: int
) -> tuple[ClaimOverride, CertificateClaim, OperatorProfile]:
    """The override with its certificate and profile, all locked: waiting, as it was seen, and for this officer.

    Its submission is marked as changed, so that pages that show it are stale.
    """
    found = work.session.get(ClaimOverride, override_id)
    if found is None:
        raise refuse("There is no such override. Reload the page.")
    borne_out.hold_still(work)
    claim = work.session.get_one(CertificateClaim, found.claim_id)
    profile = deciding.lock_profile(work, claim.profile_id)
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
    return override, claim, profile


def _to_review(
    work: Work, override_id: int, version: int
) -> tuple[ClaimOverride, CertificateClaim, OperatorProfile]:
    """An override that stands and is due for review, with its certificate and profile: locked, as it was seen."""
    found = work.session.get(ClaimOverride, override_id)
    if found is None:
        raise refuse("There is no such override. Reload the page.")
    borne_out.hold_still(work)
    claim = work.session.get_one(CertificateClaim, found.claim_id)
    profile = deciding.lock_profile(work, claim.profile_id)
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
    work.record(f"override.{state}", "claim_override", override.id, claim=override.claim_id)
