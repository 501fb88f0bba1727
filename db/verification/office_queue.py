"""One submission of the office's queue as officers see it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import select

from core.alignment import Basis, CheckedAgainst
from core.comparison import Comparison, Outcome
from core.entries import FacilityEntry
from core.facilities import OrganizationKind
from core.licences import Licence
from core.overrides import at_its_end
from core.places import day_at
from core.problems import Problem, Refused
from core.profiles import ClaimState, State, SubmissionState
from core.sentences import Sentence
from db import members
from db.alignment.following import following
from db.alignment.passes import standing_listing
from db.alignment.writing import to_officers
from db.gate import Work
from db.schema import (
    Account,
    AuditEntry,
    CertificateClaim,
    FacilityClaim,
    OperatorProfile,
    Person,
    StoredFile,
    Submission,
)
from db.verification import borne_out, claimed_alike, compared, overrides, questions, then_and_now
from db.verification.compared import Compared, Despite, Near
from db.verification.confirmed_facilities import beside_the_list, open_differences
from db.verification.flags import Flag, OnFile, flags_of
from db.verification.noted import Noted, noted
from db.verification.overrides import Override
from db.verification.profile_views import checked_against, licence_of
from db.verification.questions import Question, in_words
from db.verification.submissions import Claim, Profile, claims_of
from db.verification.then_and_now import Held


@dataclass(frozen=True)
class Rival:
    """Another submission that waits and claims the same: whose it is, and what it claims."""

    submission_id: int
    name: str
    operator_id: str
    licence: Licence | None
    facility: FacilityEntry | None


@dataclass(frozen=True)
class CertificateItem:
    """A certificate to decide on, beside the line of the listing, the confirmed one that it would replace, and
    what others claim. `comparison`, with the date of its listing, is of the moment of the decision once there was
    one, and None where nothing is known of it; `basis` says on what a confirmed one rests."""

    claim_id: int
    state: ClaimState
    refused_because: str
    licence: Licence
    replaces: Licence | None
    flags: tuple[Flag, ...]
    comparison: Comparison | None
    listed_on: date | None
    near: Near
    needs_reason: bool  # the listing does not show it in force, or another person has it confirmed
    alike: bool  # another person has it confirmed, or had when it was decided
    despite: str  # the reason for which it was confirmed all the same, "" for none
    override: Override | None  # the newest
    at_its_end: tuple[Sentence, ...]  # what becomes of it once an override ends that is due for review
    needs_override: bool  # one officer alone does not confirm it, or make it count again
    questions: tuple[Question, ...]
    rivals: tuple[Rival, ...]
    basis: Basis | None
    confirmed_on: date | None
    rests_on_withdrawn: bool  # the listing that bore it out was withdrawn since
    decided_then: ClaimState | None  # in this submission
    refused_then: str  # the reason for that
    counts_as: Licence | None  # what stands of a confirmed one today; None where it does not count
    expired: bool
    noun: ClassVar[str] = "certificate"

    @property
    def called(self) -> str:
        """What an officer calls it."""
        return f"certificate {self.licence.number}"


@dataclass(frozen=True)
class FacilityItem:
    """A facility to decide on, beside the line of the list, the confirmed one that it would replace, and what
    others claim. `comparison` as of a certificate."""

    claim_id: int
    state: ClaimState
    refused_because: str
    facility: FacilityEntry
    replaces: FacilityEntry | None
    letter_name: str  # of the scanned letter's file, "" where there is none
    flags: tuple[Flag, ...]
    comparison: Comparison | None
    listed_on: date | None
    near: Near
    override: Override | None  # the newest
    at_its_end: tuple[Sentence, ...]  # what becomes of it once an override ends that is due for review
    needs_override: bool  # one officer alone does not confirm it
    questions: tuple[Question, ...]
    rivals: tuple[Rival, ...]
    decided_then: ClaimState | None  # in this submission
    refused_then: str  # the reason for that
    held: bool  # by the organization, today
    difference_id: int | None  # a difference from the list, for an officer to decide on
    noun: ClassVar[str] = "facility"

    @property
    def called(self) -> str:
        """What an officer calls it."""
        return f"facility {self.facility.name}"

    @property
    def changes_hands(self) -> bool:
        """Confirming it takes it from another organization."""
        return any(flag.changes_hands for flag in self.flags)

    @property
    def perhaps(self) -> tuple[OnFile, ...]:
        """The facilities on file that it may mean, where it has no number."""
        return tuple(flag.perhaps for flag in self.flags if flag.perhaps)


@dataclass(frozen=True)
class Decision:
    """How an earlier submission of the same profile ended."""

    at: datetime
    by: str
    state: SubmissionState
    reasons: str


@dataclass(frozen=True)
class Suspension:
    """Why a profile is suspended, by whom and since when. `by` is "" where no officer did it, and `at` None where
    the trail does not tell."""

    because: str
    by_alignment: bool
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Believed:
    """A certificate or facility that is not of the submission, and the override by which it stands."""

    what: str
    override: Override


@dataclass(frozen=True)
class Item:
    """One submission as an officer sees it. `borne_out` is the worst outcome; `checked_against` what its holder is
    told of the listing; `believed` what stands by an override of the profile's other claims."""

    submission_id: int
    version: int
    state: SubmissionState
    kind: str
    name: str
    operator_id: str
    organization_kind: OrganizationKind | None
    email: str
    telephone: str
    submitted_at: datetime
    decided: Decision | None
    own: bool  # the officer's own claim, for another officer to decide
    profile_id: int
    profile_version: int
    profile_state: State
    suspension: Suspension | None
    certificates: tuple[CertificateItem, ...]
    facilities: tuple[FacilityItem, ...]
    flags: tuple[Flag, ...]
    borne_out: Outcome | None
    checked_against: CheckedAgainst
    believed: tuple[Believed, ...]
    region: str
    history: tuple[Decision, ...]

    @property
    def claims(self) -> tuple[CertificateItem | FacilityItem, ...]:
        """What is to be decided: an operator's certificates or an owner's facilities."""
        return (*self.certificates, *self.facilities)

    @property
    def every_flag(self) -> tuple[Flag, ...]:
        """The flags of the whole and of each claim."""
        return (*self.flags, *(flag for claim in self.claims for flag in claim.flags))

    @property
    def noted(self) -> Noted:
        """What is said here that whoever decides has to have seen."""
        comparisons = {one.claim_id: one.comparison for one in self.claims if one.comparison is not None}
        return noted(self.every_flag, comparisons)

    @property
    def operates_for_the_owner(self) -> bool:
        """Whether the claimant is no owner: the list of facilities names owners only."""
        return self.organization_kind is OrganizationKind.OPERATING_AUTHORITY


class Unknown(Refused):
    """There is no submission of this number."""

    def __init__(self, submission_id: int) -> None:
        super().__init__(
            Problem("", Sentence("There is no submission {id}. Check the link.", id=str(submission_id)))
        )


def kind_of(submission: Submission) -> str:
    return "owner" if submission.operator_profile_id is None else "operator"


def item_of(work: Work, submission_id: int) -> Item:
    """One submission. Raises Refused where there is none."""
    submission = work.session.get(Submission, submission_id)
    if submission is None:
        raise Unknown(submission_id)
    profile = submission.operator_profile or submission.organization
    assert profile is not None  # noqa: S101 - one of the two, says the table
    known = _known(work, submission, profile)
    submitter = work.session.get_one(Account, submission.submitted_by)
    claimed = submission.claimed["claims"]
    is_operator = submission.operator_profile_id is not None
    return Item(
        submission_id=submission.id,
        version=submission.version,
        state=SubmissionState(submission.state),
        kind=kind_of(submission),
        name=submission.claimed["name"],
        operator_id=submission.claimed.get("operator_id", ""),
        organization_kind=None if is_operator else OrganizationKind(submission.claimed["kind"]),
        email=submitter.email,
        telephone=submitter.telephone,
        submitted_at=submission.submitted_at,
        decided=_decision(work, submission),
        own=_is_own(work, profile),
        profile_id=profile.id,
        profile_version=profile.version,
        profile_state=State(profile.state),
        suspension=_suspension(work, profile),
        certificates=tuple(_certificate(one, known) for one in claimed if is_operator),
        facilities=tuple(_facility(one, known) for one in claimed if not is_operator),
        flags=known.flags_of(None),
        borne_out=Outcome(submission.borne_out) if submission.borne_out else None,
        checked_against=checked_against(work, profile),
        believed=_believed(submission, known),
        region=submission.region,
        history=_history(work, submission),
    )


@dataclass(frozen=True)
class _Known:
    """What is known of the claims of a submission: the profile's claims as they stand now, and what the submitted
    ones refer to, by their ids."""

    now: Mapping[int, Claim]
    replaced: Mapping[int, Claim]
    letters: Mapping[int, str]  # the names of their files
    flags: tuple[Flag, ...]
    compared: Mapping[int, Compared]
    overrides: Mapping[int, Override]
    at_their_end: Mapping[int, tuple[Sentence, ...]]  # of those that are due for review
    need_override: frozenset[int]
    need_reason: Collection[int]
    alike: Collection[int]  # certificates that another person has confirmed
    despite: Mapping[int, Despite]
    questions: Mapping[int, tuple[Question, ...]]
    rivals: tuple[Submission, ...]
    withdrawn: frozenset[int]  # of the imports that they were compared with when they were confirmed
    held: Mapping[int, Held]
    today: date
    differences: Mapping[int, int]  # those of facilities that are open

    def flags_of(self, claim_id: int | None) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.claim_id == claim_id)


def _known(work: Work, submission: Submission, profile: Profile) -> _Known:
    is_operator, waits = isinstance(profile, OperatorProfile), submission.state == SubmissionState.OPEN
    table: Any = CertificateClaim if is_operator else FacilityClaim
    claimed = submission.claimed["claims"]
    replaced = {one["replaces_id"] for one in claimed} - {None}
    letters = {one.get("letter_file_id") for one in claimed} - {None}
    files = work.session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(letters)))
    now = {claim.id: claim for claim in claims_of(profile)}
    beside = compared.now(work, submission, profile) if waits else compared.kept(submission)
    believed = overrides.latest_of(work, now.values())
    despite = {claim_id: one.despite for claim_id, one in compared.kept(submission).items()}
    to_decide = [claim for claim in now.values() if claim.id in beside] if waits else []
    comparisons = {claim_id: one.comparison for claim_id, one in beside.items()}
    alike = claimed_alike.confirmed_for_another(work, to_decide)
    return _Known(
        now=now,
        replaced={claim.id: claim for claim in work.session.scalars(select(table).where(table.id.in_(replaced)))},
        letters={file.id: file.name for file in files},
        flags=flags_of(work, [submission])[submission.id] if waits else (),
        compared=beside,
        overrides=believed,
        at_their_end=_at_their_end(work, profile, [now[one] for one, found in believed.items() if found.due]),
        need_override=overrides.vanished(work, now.values())
        | {one.id for one in overrides.needed(work, submission, to_decide, comparisons)},
        need_reason=alike | compared.take_a_reason(submission, to_decide, comparisons).keys(),
        alike=alike | {claim_id for claim_id, one in despite.items() if one.alike},
        despite=despite,
        questions=questions.until(work, submission),
        rivals=_rival_submissions(work, submission.id) if waits else (),
        withdrawn=borne_out.withdrawn(
            work, [getattr(claim, "compared_import_id", None) for claim in now.values()]
        ),
        held=_held(work, submission),
        today=day_at(work.at),
        differences=open_differences(work, [one for one in now.values() if isinstance(one, FacilityClaim)]),
    )


def _held(work: Work, submission: Submission) -> Mapping[int, Held]:
    """What was held of each claim when the submission was decided, and what is today."""
    ids = [one["id"] for one in submission.claimed["claims"]]
    if submission.operator_profile_id is not None:
        return then_and_now.of_certificates(work, ids, submission.decided_at)
    return then_and_now.of_facilities(work, ids, submission.decided_at)


def _at_their_end(work: Work, profile: Profile, claims: list[Claim]) -> Mapping[int, tuple[Sentence, ...]]:
    """What becomes of certificates or facilities, in words, once the overrides end by which they are believed."""
    if not claims:
        return {}
    if not isinstance(profile, OperatorProfile):
        facilities = [claim for claim in claims if isinstance(claim, FacilityClaim)]
        beside = beside_the_list(work, facilities)
        return {one: (at_its_end(found),) for one, found in beside.items()}
    listing = standing_listing(work)
    if listing is None:
        counts_on = Sentence("No listing is on file, so it counts on, and comes to the queue as a difference.")
        return {claim.id: (counts_on,) for claim in claims}
    then = following(work, profile.id, listing)
    return {one.id: then[one.id].said[:2] for one in claims if one.id in then}


def _believed(submission: Submission, known: _Known) -> tuple[Believed, ...]:
    """What stands by an override of the claims that this submission did not hand in."""
    handed_in = {one["id"] for one in submission.claimed["claims"]}
    return tuple(
        Believed(in_words(known.now[claim_id]), override)
        for claim_id, override in known.overrides.items()
        if override.state == "standing" and claim_id not in handed_in
    )


def _rival_submissions(work: Work, submission_id: int) -> tuple[Submission, ...]:
    ids = claimed_alike.rivals(work, submission_id)
    if not ids:
        return ()
    return tuple(work.session.scalars(select(Submission).where(Submission.id.in_(ids)).order_by(Submission.id)))


def _is_own(work: Work, profile: Profile) -> bool:
    if isinstance(profile, OperatorProfile):
        return profile.person_id == work.account.person_id
    return members.is_member(work, profile.id)


def _suspension(work: Work, profile: Profile) -> Suspension | None:
    """The suspension that stands; by whom and since when, the trail says."""
    if profile.state != State.SUSPENDED:
        return None
    by_alignment = isinstance(profile, OperatorProfile) and profile.suspended_by_alignment
    begun = work.session.execute(
        select(AuditEntry.at, AuditEntry.account_id)
        .where(
            AuditEntry.subject == profile.__tablename__,
            AuditEntry.subject_id == profile.id,
            AuditEntry.action.in_(("profile.state", "profile.suspended")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    account_id = begun.account_id if begun and not by_alignment else None
    by = "" if account_id is None else work.session.get_one(Account, account_id).person.name
    because = to_officers(profile.suspended_because)
    return Suspension(because, by_alignment, by, begun.at if begun else None)


def _decision(work: Work, submission: Submission) -> Decision | None:
    return next(iter(_decisions(work, [submission])), None)


def _decisions(work: Work, submissions: Sequence[Submission]) -> tuple[Decision, ...]:
    """How those of the submissions that are decided ended, in their order."""
    by = {one.decided_by for one in submissions}
    rows = work.session.execute(
        select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(by))
    )
    names = {account_id: person.name for account_id, person in rows}
    return tuple(
        Decision(one.decided_at, names[one.decided_by], SubmissionState(one.state), one.reasons)
        for one in submissions
        if one.decided_at is not None and one.decided_by is not None
    )


def _history(work: Work, submission: Submission) -> tuple[Decision, ...]:
    """The decisions on earlier submissions of the profile, the latest first."""
    earlier = work.session.scalars(
        select(Submission)
        .where(
            Submission.operator_profile_id.is_not_distinct_from(submission.operator_profile_id),
            Submission.organization_id.is_not_distinct_from(submission.organization_id),
            Submission.id < submission.id,
        )
        .order_by(Submission.id.desc())
    )
    return _decisions(work, earlier.all())


def _certificate(claimed: dict[str, Any], known: _Known) -> CertificateItem:
    now, before = known.now.get(claimed["id"]), known.replaced.get(claimed["replaces_id"])
    beside = known.compared.get(claimed["id"])
    confirmed = now if isinstance(now, CertificateClaim) else None
    basis = Basis(confirmed.basis) if confirmed and confirmed.basis else None
    held, licence = known.held.get(claimed["id"], Held()), borne_out.licence_of(claimed)
    return CertificateItem(
        claim_id=claimed["id"],
        state=ClaimState(now.state) if now else ClaimState.WITHDRAWN,
        refused_because=now.refused_because if now else "",
        licence=licence,
        replaces=licence_of(before) if isinstance(before, CertificateClaim) else None,
        flags=known.flags_of(claimed["id"]),
        comparison=beside.comparison if beside else None,
        listed_on=beside.listed_on if beside else None,
        near=beside.near if beside else (),
        needs_reason=claimed["id"] in known.need_reason,
        alike=claimed["id"] in known.alike,
        despite=known.despite.get(claimed["id"], Despite()).reason,
        override=known.overrides.get(claimed["id"]),
        at_its_end=known.at_their_end.get(claimed["id"], ()),
        needs_override=claimed["id"] in known.need_override,
        questions=known.questions.get(claimed["id"], ()),
        rivals=tuple(_rivals(claimed, known, ("number", "licence_type"))),
        basis=basis,
        confirmed_on=confirmed.confirmed_on if confirmed else None,
        rests_on_withdrawn=basis is Basis.LISTING
        and confirmed is not None
        and confirmed.compared_import_id in known.withdrawn,
        decided_then=_decided_then(beside, held),
        refused_then=beside.because if beside else "",
        counts_as=held.counts_as,
        expired=not (held.counts_as or licence).in_force_on(known.today),
    )


def _facility(claimed: dict[str, Any], known: _Known) -> FacilityItem:
    now, before = known.now.get(claimed["id"]), known.replaced.get(claimed["replaces_id"])
    beside, held = known.compared.get(claimed["id"]), known.held.get(claimed["id"], Held())
    return FacilityItem(
        claim_id=claimed["id"],
        state=ClaimState(now.state) if now else ClaimState.WITHDRAWN,
        refused_because=now.refused_because if now else "",
        facility=_entry(claimed),
        replaces=FacilityEntry(**{name: getattr(before, name) for name in _ENTRY}) if before else None,
        letter_name=known.letters.get(claimed["letter_file_id"], ""),
        flags=known.flags_of(claimed["id"]),
        comparison=beside.comparison if beside else None,
        listed_on=beside.listed_on if beside else None,
        near=beside.near if beside else (),
        override=known.overrides.get(claimed["id"]),
        at_its_end=known.at_their_end.get(claimed["id"], ()),
        needs_override=claimed["id"] in known.need_override,
        questions=known.questions.get(claimed["id"], ()),
        rivals=tuple(_rivals(claimed, known, ("ministry_number",))),
        decided_then=_decided_then(beside, held),
        refused_then=beside.because if beside else "",
        held=held.now,
        difference_id=known.differences.get(claimed["id"]),
    )


def _decided_then(beside: Compared | None, held: Held) -> ClaimState | None:
    """What was decided on a claim in its submission. Where that was not kept yet, and of one confirmed before that
    was returned with the rest, what was on record at that moment says whether it was confirmed."""
    if beside and beside.decided:
        return beside.decided
    return ClaimState.CONFIRMED if held.then else None


def _rivals(claimed: dict[str, Any], known: _Known, same: tuple[str, ...]) -> Iterator[Rival]:
    """The same certificate or facility in other submissions that wait."""
    for submission in known.rivals:
        for claim in submission.claimed["claims"]:
            if all(claim[name] == claimed[name] != "" for name in same):
                is_certificate = "licence_type" in claim
                yield Rival(
                    submission.id,
                    submission.claimed["name"],
                    submission.claimed.get("operator_id", ""),
                    borne_out.licence_of(claim) if is_certificate else None,
                    None if is_certificate else _entry(claim),
                )


def _entry(claimed: dict[str, Any]) -> FacilityEntry:
    written = claimed["letter_date"]
    entered = {name: claimed[name] for name in _ENTRY}
    return FacilityEntry(**entered | {"letter_date": date.fromisoformat(written) if written else None})


_ENTRY = tuple(field.name for field in fields(FacilityEntry))
