"""Questions of the office about one certificate or facility, mailed to the holder and answered in the portal."""

from sqlalchemy import select

from core import entries
from core.problems import raise_if_any, refuse
from core.profiles import SubmissionState
from core.roles import Role
from db.gate import Work, roles_of, service
from db.register_schema import ClaimQuestion
from db.schema import Account, OperatorProfile, Organization, Person, Submission
from db.verification import deciding, questions, submissions
from db.verification.questions import OwnQuestion, name_of


@service(Role.OFFICER, writes=True)
def ask(work: Work, submission_id: int, version: int, claim_id: int, question: str) -> int:
    """Asks the holder about one claim of a submission, which stays open. Returns the question's id."""
    field = f"question-{claim_id}"
    raise_if_any(entries.question(field, question))
    submission, profile = deciding.locked(work, submission_id, version)
    claim = deciding.claim_in(submission, profile, claim_id)
    asked = ClaimQuestion(
        submission_id=submission.id,
        claim=claim_id,
        question=entries.clean_reason(question),
        asked_at=work.at,
        asked_by=work.account.id,
    )
    work.session.add(asked)
    work.session.flush()
    work.record("question.asked", "submission", submission.id, claim=claim_id, question=asked.id)
    about, kind = name_of(claim), submissions.kind_of(profile)
    for holder in deciding.holders(work, submission):
        work.mail(holder, "question_asked", kind=kind, about=about, question=asked.question)
    return asked.id


@service(Role.OPERATOR, Role.OWNER)
def to_me(work: Work) -> tuple[OwnQuestion, ...]:
    """The questions of the office that whoever asks has not answered yet, the oldest first."""
    return questions.open_to(work)


@service(Role.OPERATOR, Role.OWNER)
def answered(work: Work) -> tuple[OwnQuestion, ...]:
    """Those that are answered, with the answers, until the office has decided."""
    return questions.answered_by(work)


@service(Role.OPERATOR, Role.OWNER, writes=True)
def answer(work: Work, question_id: int, answer: str) -> None:
    """Answers a question of the office; the officer sees it beside what it is about, and is told by mail.

    Raises Refused where it is not the asker's to answer, or the submission does not wait any more.
    """
    raise_if_any(entries.answer(f"answer-{question_id}", answer))
    mine = select(ClaimQuestion).join(Submission, Submission.id == ClaimQuestion.submission_id)
    found = work.session.scalar(mine.where(ClaimQuestion.id == question_id, questions.is_to_whoever_asks(work)))
    if found is None:
        raise refuse(
            "There is no question {id} to you. Reload the page to see what is asked now.", id=str(question_id)
        )
    submission = _locked(work, found.submission_id)
    work.session.refresh(found)
    if submission.state != SubmissionState.OPEN:
        raise refuse("The office has decided meanwhile, so the question needs no answer any more.")
    if found.answered_at is not None:
        raise refuse("This question is answered already. Reload the page to see what stands now.")
    work.touch(submission, submission.version)
    found.answer = entries.clean_reason(answer)
    found.answered_at, found.answered_by = work.at, work.account.id
    work.record("question.answered", "submission", submission.id, claim=found.claim, question=found.id)
    asker = work.session.get_one(Account, found.asked_by)
    if asker.state == "active" and Role.OFFICER in roles_of(asker):
        work.mail(asker, "question_answered", name=submission.claimed["name"], submission=str(submission.id))


def _locked(work: Work, submission_id: int) -> Submission:
    """The submission, locked after its person and profile."""
    submission = work.session.get_one(Submission, submission_id)
    if submission.operator_profile_id is not None:
        work.for_update(Person, work.account.person_id)
        work.for_update(OperatorProfile, submission.operator_profile_id)
    elif submission.organization_id is not None:
        work.for_update(Organization, submission.organization_id)
    return work.for_update(Submission, submission_id)
