"""The office's questions about a certificate or facility, and their answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from core.profiles import SubmissionState
from db import members
from db.gate import Work
from db.register_schema import ClaimQuestion
from db.schema import Account, CertificateClaim, FacilityClaim, OperatorProfile, Person, Submission
from db.verification.profile_views import licence_of


@dataclass(frozen=True)
class Question:
    """A question and its answer; `answer` is "" and `answered_at` None while it is open."""

    question_id: int
    question: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OwnQuestion:
    """A question to whoever asks, and what it is about; `answer` is "" while it is open."""

    question_id: int
    about: str
    question: str
    asked_at: datetime
    answer: str


def until(work: Work, submission: Submission) -> Mapping[int, tuple[Question, ...]]:
    """What was asked about each claim of a profile, in a submission and in those before it, the oldest first, by
    the claim."""
    asker, answerer = aliased(Person), aliased(Person)
    by, answered_by = aliased(Account), aliased(Account)
    rows = work.session.execute(
        select(ClaimQuestion, asker, answerer)
        .join(by, by.id == ClaimQuestion.asked_by)
        .join(asker, asker.id == by.person_id)
        .outerjoin(answered_by, answered_by.id == ClaimQuestion.answered_by)
        .outerjoin(answerer, answerer.id == answered_by.person_id)
        .join(Submission, Submission.id == ClaimQuestion.submission_id)
        .where(
            Submission.operator_profile_id.is_not_distinct_from(submission.operator_profile_id),
            Submission.organization_id.is_not_distinct_from(submission.organization_id),
            Submission.id <= submission.id,
        )
        .order_by(ClaimQuestion.id)
    ).all()
    found: dict[int, list[Question]] = defaultdict(list)
    for row, asked, answered in rows:
        found[row.claim].append(
            Question(
                question_id=row.id,
                question=row.question,
                asked_by=asked.name,
                asked_at=row.asked_at,
                answer=row.answer,
                answered_by=answered.name if answered else "",
                answered_at=row.answered_at,
            )
        )
    return {claim_id: tuple(questions) for claim_id, questions in found.items()}


def open_to(work: Work) -> tuple[OwnQuestion, ...]:
    """The questions that whoever asks has to answer, as an operator or for an organization."""
    return _to_whoever_asks(work, ClaimQuestion.answered_at.is_(None))


def answered_by(work: Work) -> tuple[OwnQuestion, ...]:
    """Those that are answered, of what the office has not decided yet."""
    return _to_whoever_asks(work, ClaimQuestion.answered_at.is_not(None))


def _to_whoever_asks(work: Work, which: ColumnElement[bool]) -> tuple[OwnQuestion, ...]:
    rows = work.session.execute(
        select(ClaimQuestion, Submission.operator_profile_id)
        .join(Submission, Submission.id == ClaimQuestion.submission_id)
        .where(which, Submission.state == SubmissionState.OPEN, is_to_whoever_asks(work))
        .order_by(ClaimQuestion.id)
    ).all()
    certificates = _certificates(work, [row.claim for row, profile in rows if profile is not None])
    facilities = _facilities(work, [row.claim for row, profile in rows if profile is None])
    return tuple(
        OwnQuestion(
            row.id,
            (certificates if profile is not None else facilities).get(row.claim, ""),
            row.question,
            row.asked_at,
            row.answer,
        )
        for row, profile in rows
    )


def is_to_whoever_asks(work: Work) -> ColumnElement[bool]:
    """A submission of whoever asks: of the own profile, or of the organization that is managed."""
    own = select(OperatorProfile.id).where(OperatorProfile.person_id == work.account.person_id)
    managed = {members.managed_id(work)} - {None}
    return Submission.operator_profile_id.in_(own) | Submission.organization_id.in_(managed)


def _certificates(work: Work, ids: Sequence[int]) -> dict[int, str]:
    found = work.session.scalars(select(CertificateClaim).where(CertificateClaim.id.in_(ids)))
    return {claim.id: certificate_in_words(claim) for claim in found}


def _facilities(work: Work, ids: Sequence[int]) -> dict[int, str]:
    found = work.session.scalars(select(FacilityClaim).where(FacilityClaim.id.in_(ids)))
    return {claim.id: facility_in_words(claim) for claim in found}


def name_of(claim: CertificateClaim | FacilityClaim) -> str:
    """What a decision and its mail call the claim."""
    return f"{licence_of(claim).label} ({claim.number})" if isinstance(claim, CertificateClaim) else claim.name


def in_words(claim: CertificateClaim | FacilityClaim) -> str:
    """Which of those that its holder has."""
    return certificate_in_words(claim) if isinstance(claim, CertificateClaim) else facility_in_words(claim)


def certificate_in_words(claim: CertificateClaim) -> str:
    """Which certificate it is, to whoever holds several."""
    return f"{licence_of(claim).label}, number {claim.number}"


def facility_in_words(claim: FacilityClaim) -> str:
    """Which facility it is, to whoever holds several."""
    return f"{claim.name} {claim.ministry_number}".strip()
