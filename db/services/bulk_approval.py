"""Approving at once what the listing bears out exactly: a preview first, then each in a decision of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from core.comparison import Outcome
from core.problems import Refused, refuse
from core.profiles import SubmissionState
from core.roles import Role
from core.sentences import Sentence
from db import members
from db.gate import Asker, NotAllowed, NotSignedIn, Work, in_steps, service
from db.schema import OperatorProfile, Submission
from db.verification import borne_out, deciding
from db.verification.flags import Flag, flags_of
from db.verification.office_queue import kind_of

AT_ONCE = 200  # submissions; more are approved in a second round


@dataclass(frozen=True)
class Match:
    """A submission that the listing bears out exactly. `why_not` is None where it can be approved at once."""

    submission_id: int
    version: int
    kind: str
    name: str
    operator_id: str
    claims: int
    why_not: Sentence | None


@dataclass(frozen=True)
class Preview:
    """The oldest of those that match exactly; `total` counts all of them."""

    matches: tuple[Match, ...]
    total: int

    @property
    def ready(self) -> tuple[Match, ...]:
        """Those that can be approved at once."""
        return tuple(match for match in self.matches if match.why_not is None)

    @property
    def left_out(self) -> tuple[Match, ...]:
        """Those that somebody has to look at."""
        return tuple(match for match in self.matches if match.why_not is not None)


@dataclass(frozen=True)
class Done:
    """What became of those that were to be approved: how many were, and each of the others with the reason."""

    approved: int
    left: tuple[tuple[Match, str], ...]


@service(Role.OFFICER, shows_personal_data=True)
def exact_matches(work: Work) -> Preview:
    """Who would be approved, and who matches exactly but has to be looked at, and why."""
    exact = (Submission.state == SubmissionState.OPEN, Submission.borne_out == Outcome.EXACT)
    total = work.session.scalar(select(func.count()).where(*exact)) or 0
    oldest = select(Submission).where(*exact).order_by(Submission.submitted_at, Submission.id).limit(AT_ONCE)
    rows = list(work.session.scalars(oldest))
    flags = flags_of(work, rows)
    own = _own(work)
    work.record("queue.exact_matches", "submission", None, submissions=[row.id for row in rows])
    return Preview(tuple(_match(work, row, flags[row.id], own) for row in rows), total)


@service(Role.OFFICER, writes=True)
def approve_if_exact(work: Work, submission_id: int, version: int) -> None:
    """Approves one submission, if the listing bears out all of it exactly and nothing is to be known of it.

    Raises Refused with the reason otherwise.
    """
    submission, profile = deciding.to_decide(work, submission_id, version)
    outcomes = {one.outcome for one in borne_out.comparisons(work, submission.id).values()}
    if outcomes != {Outcome.EXACT}:
        raise refuse("The listing does not bear it out exactly any more.")
    flags = flags_of(work, [submission])[submission.id]
    if flags:
        raise refuse("There is something to know: {flag}", flag=str(flags[0].sentence))
    deciding.approve(work, submission, profile, {})


@in_steps(Role.OFFICER, writes=True)
def approve_all_exact(
    asker: Asker, chosen: Iterable[Match], progress: Callable[[int], object] = lambda _done: None
) -> Done:
    """Approves those of a preview, each checked and decided by itself; `progress` is told after each how many are
    done. What cannot be approved any more is left, with the reason."""
    approved, left = 0, []
    for done, match in enumerate(chosen, 1):
        try:
            approve_if_exact(asker, match.submission_id, match.version)
            approved += 1
        except (NotSignedIn, NotAllowed):
            raise
        except Refused as refused:
            left.append((match, str(refused)))
        progress(done)
    return Done(approved, tuple(left))


@dataclass(frozen=True)
class _Own:
    """The profile and the organizations on which whoever asks does not decide."""

    profile_id: int | None
    organization_ids: frozenset[int]

    def has(self, submission: Submission) -> bool:
        if submission.organization_id is not None:
            return submission.organization_id in self.organization_ids
        return submission.operator_profile_id == self.profile_id


def _own(work: Work) -> _Own:
    mine = select(OperatorProfile.id).where(OperatorProfile.person_id == work.account.person_id)
    return _Own(work.session.scalar(mine), members.own_ids(work))


def _match(work: Work, submission: Submission, flags: tuple[Flag, ...], own: _Own) -> Match:
    why_not = None
    if submission.taken_by not in (None, work.account.id):
        why_not = Sentence("Somebody else has taken it.")
    if flags:
        why_not = flags[0].sentence
    if own.has(submission):
        why_not = Sentence("It is your own.")
    return Match(
        submission_id=submission.id,
        version=submission.version,
        kind=kind_of(submission),
        name=submission.claimed["name"],
        operator_id=submission.claimed.get("operator_id", ""),
        claims=len(submission.claimed["claims"]),
        why_not=why_not,
    )
