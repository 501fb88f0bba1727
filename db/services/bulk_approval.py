"""Approving at once what the listing bears out exactly: a preview first, then each in a decision of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

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
_AT_FIRST = 2 * AT_ONCE  # are looked at, to find so many that are ready


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
    """The oldest that can be approved at once, and the oldest that match exactly too but that somebody has to look
    at; `total` counts all that match."""

    ready: tuple[Match, ...]
    left_out: tuple[Match, ...]
    total: int


@dataclass(frozen=True)
class Done:
    """What became of those that were to be approved: how many were, and each of the others with the reason."""

    approved: int
    left: tuple[tuple[Match, str], ...]


@service(Role.OFFICER, shows_personal_data=True)
def exact_matches(work: Work) -> Preview:
    """Who would be approved, and who matches exactly but has to be looked at, and why."""
    exact = (Submission.state == SubmissionState.OPEN, Submission.borne_out == Outcome.EXACT)
    oldest = select(Submission.id).where(*exact).order_by(Submission.submitted_at, Submission.id)
    ids, own = list(work.session.scalars(oldest)), _own(work)
    ready: list[Match] = []
    left_out: list[Match] = []
    for some in _rounds(ids):
        for match in _matches(work, some, own):
            (left_out if match.why_not else ready).append(match)
        if len(ready) >= AT_ONCE:
            break
    preview = Preview(tuple(ready[:AT_ONCE]), tuple(left_out[:AT_ONCE]), len(ids))
    seen = [match.submission_id for match in (*preview.ready, *preview.left_out)]
    work.record("queue.exact_matches", "submission", None, submissions=seen)
    return preview


def _rounds(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids part by part, each twice as long as the one before: few rounds, however many are not ready."""
    start, size = 0, _AT_FIRST
    while start < len(ids):
        yield ids[start : start + size]
        start, size = start + size, 2 * size


def _matches(work: Work, ids: Sequence[int], own: "_Own") -> list[Match]:
    rows = {row.id: row for row in work.session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    flags = flags_of(work, list(rows.values()))
    return [_match(work, rows[one], flags[one], own) for one in ids]


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
