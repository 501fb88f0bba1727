"""Which submissions that wait claim the same certificate or the same works: they come to the office together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from core.facilities import ClaimedWorks, perhaps_the_same
from core.places import Point
from core.profiles import ClaimState, State, SubmissionState
from core.queue import groups
from db.gate import Work
from db.schema import CertificateClaim, FacilityClaim, OperatorProfile, Submission
from db.verification.submissions import Claim

_OPEN = Submission.state == SubmissionState.OPEN
_STANDS = (ClaimState.WAITING, ClaimState.CONFIRMED)
_Shared = tuple[object, int]


def together(work: Work) -> Mapping[int, int]:
    """The first of its group for each submission that waits and claims what another one does."""
    return groups([*_certificates(work), *_numbers(work), *_works_without_number(work)])


def rivals(work: Work, submission_id: int) -> tuple[int, ...]:
    """The other submissions that wait and claim the same."""
    return others(together(work), [submission_id]).get(submission_id, ())


def others(together: Mapping[int, int], of: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """The others of each submission's group, of those that have one."""
    members: dict[int, list[int]] = defaultdict(list)
    for one, group in sorted(together.items()):
        members[group].append(one)
    return {
        one: tuple(other for other in members[together[one]] if other != one) for one in together.keys() & set(of)
    }


def stands() -> ColumnElement[bool]:
    """A certificate that somebody claims, joined with its profile: what is waiting or confirmed of one that is not
    closed."""
    return CertificateClaim.state.in_(_STANDS) & (OperatorProfile.state != State.CLOSED)


def confirmed_for_another(work: Work, claims: Collection[Claim], *, locked: bool = False) -> frozenset[int]:
    """Which certificates, of those not confirmed yet, another person has confirmed by number and type.
    `locked`: nobody decides on either until the end."""
    to_confirm = {
        (claim.number, claim.licence_type): claim
        for claim in claims
        if isinstance(claim, CertificateClaim) and claim.state != ClaimState.CONFIRMED
    }
    if not to_confirm:
        return frozenset()
    table = CertificateClaim
    alike = (
        select(table.profile_id, table.number, table.licence_type, table.state)
        .join(OperatorProfile, OperatorProfile.id == table.profile_id)
        .where(table.number.in_([number for number, _ in to_confirm]), stands())
        .order_by(table.id)  # own ones among them: whoever decides locks them in one order
    )
    if locked:
        alike = alike.with_for_update(of=table, key_share=True)
    return frozenset(
        mine.id
        for profile_id, number, kind, state in work.session.execute(alike).all()
        if state == ClaimState.CONFIRMED
        if (mine := to_confirm.get((number, kind))) and mine.profile_id != profile_id
    )


def _certificates(work: Work) -> Iterator[_Shared]:
    claims = CertificateClaim
    same = (claims.number, claims.licence_type)
    several = (
        select(*same)
        .where(claims.state.in_(_STANDS))
        .group_by(*same)
        .having(func.min(claims.profile_id) < func.max(claims.profile_id))
    ).subquery()
    found = (
        select(claims.id, Submission.id, Submission.claimed, *same)
        .join(several, and_(several.c.number == claims.number, several.c.licence_type == claims.licence_type))
        .join(Submission, Submission.operator_profile_id == claims.profile_id)
        .where(_OPEN, claims.state.in_(_STANDS))
    )
    return _handed_in(work.session.execute(found).all())


def _numbers(work: Work) -> Iterator[_Shared]:
    claims = FacilityClaim
    several = (
        select(claims.ministry_number)
        .where(claims.state.in_(_STANDS), claims.ministry_number != "")
        .group_by(claims.ministry_number)
        .having(func.min(claims.organization_id) < func.max(claims.organization_id))
    )
    found = (
        select(claims.id, Submission.id, Submission.claimed, claims.ministry_number)
        .join(Submission, Submission.organization_id == claims.organization_id)
        .where(_OPEN, claims.state.in_(_STANDS), claims.ministry_number.in_(several))
    )
    return _handed_in(work.session.execute(found).all())


def _handed_in(rows: Iterable[Sequence[Any]]) -> Iterator[_Shared]:
    """What is claimed and by which submission, of rows of a claim, a submission, what that handed in, and what is
    claimed: of a claim that it did not hand in, such as one that it replaces, it claims nothing."""
    return (
        (tuple(what), submission_id)
        for claim_id, submission_id, claimed, *what in rows
        if any(one["id"] == claim_id for one in claimed["claims"])
    )


def _works_without_number(work: Work) -> Iterator[_Shared]:
    """Works that no number tells from others: of one name, or near one another, as db.verification.flags says."""
    bare = exists().where(
        FacilityClaim.ministry_number == "",
        FacilityClaim.state.in_(_STANDS),
        FacilityClaim.organization_id == Submission.organization_id,
        _OPEN,
    )
    if not work.session.scalar(select(bare)):
        return iter(())
    claims = work.session.execute(
        select(
            Submission.id,
            FacilityClaim.facility_type,
            FacilityClaim.name,
            FacilityClaim.latitude,
            FacilityClaim.longitude,
            FacilityClaim.ministry_number,
        )
        .join(Submission, Submission.organization_id == FacilityClaim.organization_id)
        .where(_OPEN, FacilityClaim.state.in_(_STANDS))
    )
    return perhaps_the_same(
        [
            ClaimedWorks(submission_id, facility_type, name, Point(latitude, longitude), number != "")
            for submission_id, facility_type, name, latitude, longitude, number in claims
        ]
    )
