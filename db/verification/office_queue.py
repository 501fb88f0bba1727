"""One submission of the office's queue as officers see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.entries import FacilityEntry
from core.facilities import OrganizationKind
from core.licences import Licence, LicenceClass, LicenceType
from core.problems import Problem, Refused
from core.profiles import ClaimState, State, SubmissionState
from core.sentences import Sentence
from db import members
from db.gate import Work
from db.schema import (
    Account,
    CertificateClaim,
    FacilityClaim,
    OperatorProfile,
    Person,
    StoredFile,
    Submission,
)
from db.verification.flags import Flag, OnFile, flags_of
from db.verification.profile_views import licence_of
from db.verification.submissions import Claim, Profile, claims_of


@dataclass(frozen=True)
class CertificateItem:
    """A certificate to decide on, beside the confirmed one that it would replace."""

    claim_id: int
    state: ClaimState
    refused_because: str
    licence: Licence
    replaces: Licence | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class FacilityItem:
    """A facility to decide on, beside the confirmed one that it would replace."""

    claim_id: int
    state: ClaimState
    refused_because: str
    facility: FacilityEntry
    replaces: FacilityEntry | None
    letter_name: str  # of the scanned letter's file, "" where there is none
    flags: tuple[Flag, ...]

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
class Item:
    """One submission as an officer sees it."""

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
    certificates: tuple[CertificateItem, ...]
    facilities: tuple[FacilityItem, ...]
    flags: tuple[Flag, ...]
    history: tuple[Decision, ...]
    previous_id: int | None
    next_id: int | None

    @property
    def claims(self) -> tuple[CertificateItem | FacilityItem, ...]:
        """What is to be decided: an operator's certificates or an owner's facilities."""
        return (*self.certificates, *self.facilities)


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
    flags = flags_of(work, [submission])[submission.id] if submission.state == SubmissionState.OPEN else ()
    submitter = work.session.get_one(Account, submission.submitted_by)
    claimed = submission.claimed["claims"]
    known = _known(work, profile, claimed)
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
        certificates=tuple(_certificate(one, known, flags) for one in claimed if is_operator),
        facilities=tuple(_facility(one, known, flags) for one in claimed if not is_operator),
        flags=tuple(flag for flag in flags if flag.claim_id is None),
        history=_history(work, submission),
        previous_id=_neighbour(work, submission, newer=False),
        next_id=_neighbour(work, submission, newer=True),
    )


def _is_own(work: Work, profile: Profile) -> bool:
    if isinstance(profile, OperatorProfile):
        return profile.person_id == work.account.person_id
    return members.is_member(work, profile.id)


@dataclass(frozen=True)
class _Known:
    """The profile's claims as they stand now, and what the submitted ones refer to, by their ids."""

    now: Mapping[int, Claim]
    replaced: Mapping[int, Claim]
    letters: Mapping[int, str]  # the names of their files


def _known(work: Work, profile: Profile, claimed: list[dict[str, Any]]) -> _Known:
    table: Any = CertificateClaim if isinstance(profile, OperatorProfile) else FacilityClaim
    replaced = {one["replaces_id"] for one in claimed} - {None}
    letters = {one.get("letter_file_id") for one in claimed} - {None}
    files = work.session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(letters)))
    return _Known(
        now={claim.id: claim for claim in claims_of(profile)},
        replaced={claim.id: claim for claim in work.session.scalars(select(table).where(table.id.in_(replaced)))},
        letters={file.id: file.name for file in files},
    )


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


def _neighbour(work: Work, submission: Submission, *, newer: bool) -> int | None:
    """The open submission before or after this one in the queue; after the last one, the first."""
    at, same = submission.submitted_at, Submission.submitted_at == submission.submitted_at
    others = select(Submission.id).where(Submission.state == SubmissionState.OPEN, Submission.id != submission.id)
    onwards = others.order_by(Submission.submitted_at, Submission.id).limit(1)
    if newer:
        after = onwards.where((Submission.submitted_at > at) | (same & (Submission.id > submission.id)))
        found = work.session.scalar(after)
        return found if found is not None else work.session.scalar(onwards)
    before = others.where((Submission.submitted_at < at) | (same & (Submission.id < submission.id)))
    return work.session.scalar(before.order_by(Submission.submitted_at.desc(), Submission.id.desc()).limit(1))


def _certificate(claimed: dict[str, Any], known: _Known, flags: tuple[Flag, ...]) -> CertificateItem:
    now, before = known.now.get(claimed["id"]), known.replaced.get(claimed["replaces_id"])
    return CertificateItem(
        claim_id=claimed["id"],
        state=ClaimState(now.state) if now else ClaimState.WITHDRAWN,
        refused_because=now.refused_because if now else "",
        licence=Licence(
            claimed["number"],
            LicenceType(claimed["licence_type"]),
            LicenceClass(claimed["licence_class"]) if claimed["licence_class"] else None,
            date.fromisoformat(claimed["expiry"]),
            claimed["valid_for"],
        ),
        replaces=licence_of(before) if isinstance(before, CertificateClaim) else None,
        flags=tuple(flag for flag in flags if flag.claim_id == claimed["id"]),
    )


def _facility(claimed: dict[str, Any], known: _Known, flags: tuple[Flag, ...]) -> FacilityItem:
    now, before = known.now.get(claimed["id"]), known.replaced.get(claimed["replaces_id"])
    written = claimed["letter_date"]
    entered = {name: claimed[name] for name in _ENTRY}
    return FacilityItem(
        claim_id=claimed["id"],
        state=ClaimState(now.state) if now else ClaimState.WITHDRAWN,
        refused_because=now.refused_because if now else "",
        facility=FacilityEntry(**entered | {"letter_date": date.fromisoformat(written) if written else None}),
        replaces=FacilityEntry(**{name: getattr(before, name) for name in _ENTRY}) if before else None,
        letter_name=known.letters.get(claimed["letter_file_id"], ""),
        flags=tuple(flag for flag in flags if flag.claim_id == claimed["id"]),
    )


_ENTRY = tuple(field.name for field in fields(FacilityEntry))
