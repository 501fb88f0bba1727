"""What every decision on a submission shares: its rows locked, its rights checked, and approving itself.

Rows are locked in one order: person, profile (organizations by id), submission; facility, difference.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import entries
from core.alignment import Basis, bears_out
from core.comparison import Comparison, Outcome
from core.licences import Licence
from core.listings import ListedStatus
from core.membership import Right
from core.places import day_at
from core.problems import Problem, Refused, refuse
from core.profiles import ClaimState, Move, State, SubmissionState
from core.sentences import Sentence
from db import kept_findings, members, one_person
from db.alignment.passes import align
from db.gate import NotAllowed, Work
from db.schema import Account, CertificateClaim, Credential, OperatorProfile, Organization, Person, Submission
from db.verification import borne_out, despite, handling, office_queue, overrides, submissions
from db.verification.compared import Despite, keep, keep_decisions, keep_the_rest
from db.verification.confirmed_facilities import accept
from db.verification.facts import (
    confirm_certificate,
    confirm_facility,
    end_credential,
    end_overrides,
    end_relation,
    holders_of,
)
from db.verification.questions import name_of
from db.verification.submissions import Claim, Profile


def locked(
    work: Work, submission_id: int, version: int, *, whoever_took_it: bool = False, same_as: Collection[int] = ()
) -> tuple[Submission, Profile]:
    """A submission and its profile, locked: open, not the officer's own, as it was seen, and, unless
    `whoever_took_it`, taken by nobody else. The submission is marked as changed."""
    submission, profile = _locked(work, submission_id, same_as)
    if submission.state != SubmissionState.OPEN and submission.version == version:
        raise decided_already()
    work.touch(submission, version)
    if not whoever_took_it:
        handling.must_not_be_taken(work, submission)
    return submission, profile


def open_or_decided(work: Work, submission_id: int, version: int) -> tuple[Submission, Profile]:
    """The same of a submission that may be decided already: whoever had taken it is done with it then."""
    submission, profile = _locked(work, submission_id, ())
    work.touch(submission, version)
    if submission.state == SubmissionState.OPEN:
        handling.must_not_be_taken(work, submission)
    return submission, profile


def decided_already() -> Refused:
    """Why nothing can be done about a submission any more."""
    return refuse("This submission is decided already. The queue shows what still waits.")


def to_decide(
    work: Work, submission_id: int, version: int, same_as: Collection[int] = ()
) -> tuple[Submission, Profile]:
    """The same for a decision, which changes the profile too; the listings stand still until it is made. `same_as`
    are the facilities on file that it says some of the claims are."""
    borne_out.hold_still(work)
    submission, profile = locked(work, submission_id, version, same_as=same_as)
    work.touch(profile, profile.version)
    return submission, profile


def _locked(work: Work, submission_id: int, same_as: Collection[int]) -> tuple[Submission, Profile]:
    found = work.session.get(Submission, submission_id)
    if found is None:
        raise office_queue.Unknown(submission_id)
    profile: Profile
    if found.operator_profile_id is not None:
        profile = lock_profile(work, found.operator_profile_id)
    else:
        assert found.organization_id is not None  # noqa: S101 - one of the two, says the table
        profile = lock_organization(work, found.organization_id, same_as)
    return work.for_update(Submission, submission_id), profile


def lock_profile(work: Work, profile_id: int) -> OperatorProfile:
    """An operator's profile that is not the officer's own, locked after its person."""
    unlocked = work.session.get(OperatorProfile, profile_id)
    if unlocked is None:
        raise NotAllowed
    if unlocked.person_id == work.account.person_id:
        raise _own_claim()
    work.for_update(Person, unlocked.person_id)
    return work.for_update(OperatorProfile, profile_id)


def lock_organization(work: Work, organization_id: int, same_as: Collection[int] = ()) -> Organization:
    """An owner's organization that is not the officer's own, locked; so are, in the order of their ids, those that
    hold the facilities it claims, `same_as` among them: whatever changes hands, their differences end too."""
    if members.is_member(work, organization_id):
        raise _own_claim()
    locked = Organization.id.in_({organization_id, *holders_of(work, organization_id, same_as)})
    these = select(Organization).where(locked).order_by(Organization.id)
    work.session.scalars(these.with_for_update(of=Organization, key_share=True)).all()
    return work.for_update(Organization, organization_id)


def _own_claim() -> Refused:
    """Nobody decides on their own claim."""
    return refuse("This profile is your own, so another officer has to decide on it.")


def claims_in(submission: Submission, profile: Profile) -> list[Claim]:
    """The claims of a profile that the submission handed in."""
    handed_in = {claim["id"] for claim in submission.claimed["claims"]}
    return [claim for claim in submissions.claims_of(profile) if claim.id in handed_in]


def claim_in(submission: Submission, profile: Profile, claim_id: int) -> Claim:
    """One of them. Raises Refused where it is none."""
    for claim in claims_in(submission, profile):
        if claim.id == claim_id:
            return claim
    raise refuse("Claim {id} is not part of this submission. Reload the page.", id=claim_id)


# --- approving ----------------------------------------------------------------------------------------------


def approve(
    work: Work,
    submission: Submission,
    profile: Profile,
    refused: Mapping[int, str],
    transfers: frozenset[int] = frozenset(),
    same_as: Mapping[int, int] | None = None,
    reasons: Mapping[int, str] | None = None,
    same_person: str = "",
) -> None:
    """Confirms what was handed in, apart from the claims in `refused` (id: reason).

    `same_person` says why whoever has the Operator ID by another name is the same person.
    `transfers` and `same_as` (claim's id: facility's id) say of a facility that it changes hands, and which one on
    file it is. `reasons` (id: reason) say why what the listing does not show in force, or what another
    person has confirmed, is confirmed all the same.
    """
    same_as = same_as or {}
    submissions.move(work, profile, Move.APPROVE)
    waiting = [claim for claim in claims_in(submission, profile) if claim.state != ClaimState.REFUSED]
    compared = borne_out.comparisons(work, submission.id)
    written = _check(work, submission, refused, waiting, compared, reasons or {})
    for claim in waiting:
        if claim.id in refused:
            _refuse(work, submission, claim, refused[claim.id])
        else:
            transfer, same = claim.id in transfers, same_as.get(claim.id)
            _confirm(work, submission, claim, profile, compared[claim.id], transfer, same)
    if not any(claim.state == ClaimState.CONFIRMED for claim in submissions.claims_of(profile)):
        raise refuse("Nothing of this profile would be confirmed. Return it with the reasons instead.")
    told = refused_in(submission, profile)
    said = list(told)
    if isinstance(profile, OperatorProfile) and (why := _confirm_operator_id(work, profile, same_person)):
        said.append(("One person with whoever had the Operator ID", why))  # the holder is not told of it
    not_confirmed = "\n".join(f"{what}: {why}" for what, why in said)
    decide(work, submission, profile, SubmissionState.APPROVED, not_confirmed, written)
    if isinstance(profile, OperatorProfile):
        work.session.flush()
        align(work, "decision", of=[profile.id], told=frozenset({profile.id}))  # the mail below says it
        _must_count(work, profile)
    for holder in holders(work, submission):
        if profile.state == State.SUSPENDED:
            work.mail(holder, "profile_approved_suspended", kind=submissions.kind_of(profile), refused=told)
        else:
            work.mail(holder, "profile_approved", kind=submissions.kind_of(profile), refused=told)


def refused_in(submission: Submission, profile: Profile) -> list[tuple[str, str]]:
    """What was handed in and is not confirmed, each with the reason."""
    refused = (claim for claim in claims_in(submission, profile) if claim.state == ClaimState.REFUSED)
    return [(name_of(claim), claim.refused_because) for claim in refused]


def confirm_alone(
    work: Work,
    submission: Submission,
    profile: Profile,
    claim_id: int,
    *,
    transfer: bool,
    same_as: int | None,
    reason: str,
) -> None:
    """Confirms one claim and leaves the rest waiting. An operator's is one of the Operator ID under which it is
    claimed, so that ID is confirmed with it. `reason` as `reasons` of `approve`."""
    claim = claim_in(submission, profile, claim_id)
    if claim.state == ClaimState.CONFIRMED:
        raise refuse("{claim} is confirmed already. Reload the page.", claim=name_of(claim))
    compared = borne_out.comparisons(work, submission.id)
    written = _check(work, submission, {}, [claim], compared, {claim.id: reason})
    keep(work, submission, profile, [claim.id], written)
    _confirm(work, submission, claim, profile, compared[claim.id], transfer, same_as)
    keep_decisions(submission, [claim])
    if isinstance(profile, OperatorProfile):
        _confirm_operator_id(work, profile)


def refuse_alone(work: Work, submission: Submission, profile: Profile, claim_id: int, why: str) -> None:
    """Refuses one claim and leaves the rest waiting."""
    claim = claim_in(submission, profile, claim_id)
    if claim.state == ClaimState.REFUSED:
        raise refuse("{claim} is refused already. Reload the page.", claim=name_of(claim))
    keep(work, submission, profile, [claim.id])
    _refuse(work, submission, claim, why)
    keep_decisions(submission, [claim])


def _confirm(
    work: Work,
    submission: Submission,
    claim: Claim,
    profile: Profile,
    compared: Comparison,
    transfer: bool,
    same_as: int | None,
) -> None:
    """One claim is confirmed, or stays so."""
    if isinstance(claim, CertificateClaim) and isinstance(profile, OperatorProfile):
        basis = _rests_from_now_on(work, submission, claim, compared)
        if basis is None:
            return
        as_handed_in(submission, claim)
        confirm_certificate(work, claim, profile.person_id, basis)
    elif isinstance(profile, Organization) and not isinstance(claim, CertificateClaim):
        confirm_facility(work, claim, profile, transfer=transfer, same_as=same_as)
        accept(work, claim, compared)
        if compared.outcome is Outcome.EXACT:
            end_overrides(work, claim)


def _rests_from_now_on(
    work: Work, submission: Submission, claim: CertificateClaim, compared: Comparison
) -> Basis | None:
    """On what a certificate rests from today; None where it rests on what it did.

    What the listing bears out exactly rests on it. What was confirmed before, of another Operator ID or name,
    rests on this decision where the listing says otherwise now. It rests on what it did where that is the listing,
    which bears it out still or cannot be compared with, where two officers believe it, and where this submission
    has decided on it alone.
    """
    exact = compared.outcome is Outcome.EXACT
    if claim.state != ClaimState.CONFIRMED:
        return Basis.LISTING if exact else Basis.DECISION
    if _rests_on_the_listing_now(claim, compared):
        return Basis.LISTING
    if exact or compared.outcome.not_found or str(claim.id) in submission.compared:
        return None
    if claim.basis == Basis.LISTING and not _differs(work, submission, claim, compared):
        return None
    return Basis.DECISION


def _differs(work: Work, submission: Submission, claim: CertificateClaim, compared: Comparison) -> bool:
    """Whether the listing says otherwise of a certificate than was handed in; of a name it proves nothing."""
    stands = borne_out.standing(work).get(borne_out.OPERATORS)
    if stands is None or compared.licence is None:
        return False
    return not bears_out(compared.licence, _handed_in(submission, claim), stands.listed_on)


def _handed_in(submission: Submission, claim: CertificateClaim) -> Licence:
    """The certificate that an officer sees: one confirmed before is handed in as it stands by now."""
    return next(borne_out.licence_of(one) for one in submission.claimed["claims"] if one["id"] == claim.id)


def as_handed_in(submission: Submission, claim: CertificateClaim) -> None:
    """What is confirmed is what the officer sees, which alignment may have taken over since it was entered."""
    licence = _handed_in(submission, claim)
    claim.licence_class, claim.expiry = licence.licence_class, licence.expiry


def _rests_on_the_listing_now(claim: CertificateClaim, compared: Comparison) -> bool:
    """One confirmed before on officers' word that the listing bears out exactly by now. What alignment has taken
    over from the listing after an override lapsed rests on it already."""
    if compared.outcome is not Outcome.EXACT or compared.licence is None or claim.basis == Basis.LISTING:
        return False
    listed = compared.licence.licence
    return (claim.licence_class, claim.expiry) == (listed.licence_class, listed.expiry)


def decide(
    work: Work,
    submission: Submission,
    profile: Profile,
    state: SubmissionState,
    reasons: str,
    written: Mapping[int, Despite] = MappingProxyType({}),
) -> None:
    """The submission is decided, by what it is compared with now; what was proposed for it is moot. What is
    approved decides on every claim, what is returned on none but those that were decided alone."""
    keep_the_rest(work, submission, profile, written)
    if state is SubmissionState.APPROVED:
        keep_decisions(submission, claims_in(submission, profile))
    overrides.end_waiting(work, submission.id)
    submission.state = state
    submission.decided_at, submission.decided_by = work.at, work.account.id
    submission.reasons = reasons
    work.record(f"submission.{state}", "submission", submission.id, profile=profile.id)


def _check(
    work: Work,
    submission: Submission,
    refused: Mapping[int, str],
    waiting: list[Claim],
    compared: Mapping[int, Comparison],
    reasons: Mapping[int, str],
) -> dict[int, Despite]:
    """The reasons, by the claim, why something is confirmed although something speaks against it.

    Raises Refused where one of them is missing, unless each refusal has its reason, and where something would be
    confirmed that needs two officers.
    """
    problems = []
    for claim_id, why in refused.items():
        if claim_id not in {claim.id for claim in waiting}:
            problems.append(
                Problem("", Sentence("Claim {id} is not part of this submission. Reload the page.", id=claim_id))
            )
        problems += entries.reason(f"claim-{claim_id}", why, what="why it is not confirmed")
    to_confirm = [claim for claim in waiting if claim.id not in refused]
    problems += _need_two(work, overrides.needed(work, submission, to_confirm, compared))
    return despite.written(work, submission, to_confirm, compared, reasons, problems)


def _need_two(work: Work, missing: list[Claim]) -> Iterator[Problem]:
    """Why one officer alone does not confirm what the listing does not have."""
    proposed = overrides.latest_of(work, missing) if missing else {}
    for claim in missing:
        template = (
            "{claim} is not in the listing. Refuse it with a reason, or propose an override, to which a second "
            "officer has to agree."
        )
        if claim.id in proposed and proposed[claim.id].state == "waiting":
            template = "The override for {claim} waits for its second officer. Refuse it, or wait."
        yield Problem(f"claim-{claim.id}", Sentence(template, claim=name_of(claim)))


def _refuse(work: Work, submission: Submission, claim: Claim, why: str) -> None:
    """The claim is not confirmed; what it made true before, if anything, ends today."""
    overrides.end_waiting(work, submission.id, [claim])
    if claim.state == ClaimState.CONFIRMED and isinstance(claim, CertificateClaim):
        end_credential(work, claim)
    elif claim.state == ClaimState.CONFIRMED and not isinstance(claim, CertificateClaim):
        end_relation(work, claim)
    claim.state = ClaimState.REFUSED
    claim.refused_because = entries.clean_reason(why)
    work.record("claim.refused", claim.__tablename__, claim.id)


def _must_count(work: Work, profile: OperatorProfile) -> None:
    """Raises Refused where no certificate of the profile would count: whoever is approved is to be found."""
    work.session.flush()
    counting = (
        select(Credential.id)
        .join(CertificateClaim, CertificateClaim.id == Credential.claim_id)
        .where(
            CertificateClaim.profile_id == profile.id,
            Credential.superseded_at.is_(None),
            Credential.valid_until.is_(None),
            Credential.status == ListedStatus.IN_FORCE,
            Credential.expiry >= day_at(work.at),
        )
    )
    if work.session.scalar(counting.limit(1)) is None:
        raise refuse(
            "No certificate of this profile would count: none that is confirmed is in force. Return it with the "
            "reasons instead."
        )


def _confirm_operator_id(work: Work, profile: OperatorProfile, same_person: str = "") -> str:
    """The person has the Operator ID from now on. Raises Refused where another person has it. `same_person`, and
    what is returned, as of `one_person.take_over`."""
    number = profile.claimed_operator_id
    if profile.person.operator_id == number:
        return ""
    why = one_person.take_over(work, number, profile.person, same_person)
    try:
        with work.session.begin_nested():
            profile.person.operator_id = number
    except IntegrityError as error:
        raise refuse(
            "Operator ID {number} is confirmed for another person already. Return this profile, or correct the "
            "other one first.",
            field="operator_id",
            number=number,
        ) from error
    kept_findings.retest_people(work, [profile.person_id])
    work.record("person.operator_id", "person", profile.person_id)
    return why


# --- who is told --------------------------------------------------------------------------------------------


def holders(work: Work, submission: Submission) -> list[Account]:
    """Whom a decision is mailed to: who submitted, while the account is active. Of an organization that person too
    has to manage it still; otherwise its managers are told."""
    if submission.organization_id is None:
        submitter = work.session.get_one(Account, submission.submitted_by)
        return [submitter] if submitter.state == "active" else []
    managers = members.holders(work, Right.MANAGE, submission.organization_id)
    return [one for one in managers if one.id == submission.submitted_by] or managers
