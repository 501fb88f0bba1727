"""Approving at once what the listing bears out exactly: a preview first, then each in a decision of its own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, union_all

from core.comparison import Outcome
from core.problems import Refused, refuse
from core.profiles import ClaimState, SubmissionState
from core.roles import Role
from core.sentences import Sentence
from db import members
from db.gate import Asker, NotAllowed, NotSignedIn, Work, in_steps, service
from db.register_schema import ClaimQuestion
from db.schema import CertificateClaim, FacilityClaim, OperatorProfile, Submission
from db.verification import borne_out, deciding
from db.verification.flags import Flag, flags_of
from db.verification.office_queue import kind_of

AT_ONCE = 200  # submissions; more are approved in a second round
_AT_FIRST = 2 * AT_ONCE  # are looked at, to find so many that are ready


@dataclass(frozen=True)
class Match:
    """A submission that the listing bears out exactly. `why_not` is None where it can be approved at once; `named`
    is the profile of the operator whom it names."""

    submission_id: int
    version: int
    kind: str
    name: str
    operator_id: str
    claims: int
    why_not: Sentence | None
    named: int | None


@dataclass(frozen=True)
class Preview:
    """The oldest that can be approved at once, and the oldest that match exactly too but that somebody has to look
    at; `total` counts all that match."""

    ready: tuple[Match, ...]
    left_out: tuple[Match, ...]
    total: int


@dataclass(frozen=True)
class Done:
    """What became of those that were to be approved: those that were, and each of the others with the reason."""

    approved: tuple[Match, ...]
    left: tuple[tuple[Match, str], ...]


@in_steps(Role.OFFICER, shows_personal_data=True)
def exact_matches(asker: Asker) -> Preview:
    """Who would be approved, and who matches exactly but has to be looked at, and why.

    Like the queue it is read without a lock; then the look is recorded, and only then is it shown.
    """
    preview = _exact_matches(asker)
    shown = (*preview.ready, *preview.left_out)
    named = {match.named for match in shown if match.named is not None}
    _previewed(asker, [match.submission_id for match in shown], sorted(named))
    return preview


@service(Role.OFFICER)
def _exact_matches(work: Work) -> Preview:
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
    return Preview(tuple(ready[:AT_ONCE]), tuple(left_out[:AT_ONCE]), len(ids))


@service(Role.OFFICER, writes=True)
def _previewed(work: Work, submission_ids: Sequence[int], profile_ids: Sequence[int]) -> None:
    work.record(
        "queue.exact_matches", "submission", None, submissions=list(submission_ids), profiles=list(profile_ids)
    )


def _rounds(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids part by part, each twice as long as the one before: few rounds, however many are not ready."""
    start, size = 0, _AT_FIRST
    while start < len(ids):
        yield ids[start : start + size]
        start, size = start + size, 2 * size


def _matches(work: Work, ids: Sequence[int], own: "_Own") -> list[Match]:
    rows = {row.id: row for row in work.session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    to_know = _to_know(work, list(rows.values()))
    return [_match(work, rows[one], to_know[one], own) for one in ids]


@service(Role.OFFICER, writes=True)
def approve_if_exact(work: Work, submission_id: int, version: int) -> None:
    """Approves one submission, if the listing bears out all of it exactly, nothing is to be known of it, and no
    officer has begun on it.

    Raises Refused with the reason otherwise.
    """
    submission, profile = deciding.to_decide(work, submission_id, version)
    outcomes = {one.outcome for one in borne_out.comparisons(work, submission.id).values()}
    if outcomes != {Outcome.EXACT}:
        raise refuse("The listing does not bear it out exactly any more.")
    to_know = _to_know(work, [submission])[submission.id]
    if to_know:
        raise refuse("There is something to know: {flag}", flag=str(to_know[0].sentence))
    deciding.approve(work, submission, profile, {})


@in_steps(Role.OFFICER, writes=True)
def approve_all_exact(
    asker: Asker, chosen: Iterable[Match], progress: Callable[[int], object] = lambda _done: None
) -> Done:
    """Approves those of a preview, each checked and decided by itself; `progress` is told after each how many are
    done. What cannot be approved any more is left, with the reason."""
    approved: list[Match] = []
    left: list[tuple[Match, str]] = []
    for done, match in enumerate(chosen, 1):
        try:
            approve_if_exact(asker, match.submission_id, match.version)
            approved.append(match)
        except (NotSignedIn, NotAllowed):
            raise
        except Refused as refused:
            left.append((match, str(refused)))
        progress(done)
    return Done(tuple(approved), tuple(left))


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


def _to_know(work: Work, submissions: Collection[Submission]) -> Mapping[int, tuple[Flag, ...]]:
    """Why somebody has to look at a submission: its flags, and what an officer has begun and not finished."""
    flags, begun = flags_of(work, submissions), _begun(work, submissions)
    return {one.id: (*flags[one.id], *begun[one.id]) for one in submissions}


def _begun(work: Work, submissions: Collection[Submission]) -> Mapping[int, list[Flag]]:
    """The submissions about which a question is open, or of which something was refused alone."""
    ids = [one.id for one in submissions]
    open_questions = select(ClaimQuestion.submission_id).where(
        ClaimQuestion.submission_id.in_(ids), ClaimQuestion.answered_at.is_(None)
    )
    asked = set(work.session.scalars(open_questions))
    refused = _refused(work, ids)
    begun: dict[int, list[Flag]] = {one: [] for one in ids}
    for one in submissions:
        if one.id in asked:
            begun[one.id].append(Flag(None, Sentence("A question about it is not answered yet.")))
        if any((one.id, claim["id"]) in refused for claim in one.claimed["claims"]):
            sentence = Sentence("Something of it is refused already: decide on the rest on its own page.")
            begun[one.id].append(Flag(None, sentence))
    return begun


def _refused(work: Work, submission_ids: Collection[int]) -> set[tuple[int, int]]:
    """Each submission with each claim of its profile that is refused, in this submission or before."""
    certificates = select(Submission.id, CertificateClaim.id).join(
        CertificateClaim, CertificateClaim.profile_id == Submission.operator_profile_id
    )
    facilities = select(Submission.id, FacilityClaim.id).join(
        FacilityClaim, FacilityClaim.organization_id == Submission.organization_id
    )
    these = Submission.id.in_(submission_ids)
    found = union_all(
        certificates.where(these, CertificateClaim.state == ClaimState.REFUSED),
        facilities.where(these, FacilityClaim.state == ClaimState.REFUSED),
    )
    return {(submission_id, claim_id) for submission_id, claim_id in work.session.execute(found)}


def _match(work: Work, submission: Submission, to_know: tuple[Flag, ...], own: _Own) -> Match:
    why_not = next(_reasons(work, submission, to_know, own), None)
    return Match(
        submission_id=submission.id,
        version=submission.version,
        kind=kind_of(submission),
        name=submission.claimed["name"],
        operator_id=submission.claimed.get("operator_id", ""),
        claims=len(submission.claimed["claims"]),
        why_not=why_not.sentence if why_not else None,
        named=why_not.named if why_not else None,
    )


def _reasons(work: Work, submission: Submission, to_know: tuple[Flag, ...], own: _Own) -> Iterator[Flag]:
    """Why it is not approved at once, what weighs most first."""
    if own.has(submission):
        yield Flag(None, Sentence("It is your own."))
    yield from to_know
    if submission.taken_by not in (None, work.account.id):
        yield Flag(None, Sentence("Somebody else has taken it."))
