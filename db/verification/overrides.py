"""Overrides of what the listing does not have, as the office and the holder see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from core.alignment import Status
from core.comparison import Comparison
from core.overrides import due_from, last_due
from core.places import day_at, start_of
from core.profiles import ClaimState
from db.gate import Work
from db.register_schema import ClaimOverride
from db.schema import Account, CertificateClaim, Credential, FacilityClaim, Person, Submission

Claim = CertificateClaim | FacilityClaim


@dataclass(frozen=True)
class Override:
    """An override as it is shown. `decided_by` is "" while it waits for its second officer."""

    override_id: int
    version: int
    claim_id: int
    state: str
    reason: str
    review_on: date
    proposed_by: str
    proposed_at: datetime
    own: bool  # whoever asks proposed it, so somebody else agrees
    decided_by: str
    refused_because: str
    due: bool  # for its review: whether it is believed longer


_proposer, _decider = aliased(Person), aliased(Person)
_by, _decided_by = aliased(Account), aliased(Account)


def of(claims: Collection[Claim]) -> ColumnElement[bool]:
    """The overrides of some claims: certificates and facilities are numbered each by themselves."""
    certificates = [claim.id for claim in claims if isinstance(claim, CertificateClaim)]
    facilities = [claim.id for claim in claims if isinstance(claim, FacilityClaim)]
    return ClaimOverride.claim_id.in_(certificates) | ClaimOverride.facility_claim_id.in_(facilities)


def claim_of(override: ClaimOverride) -> int:
    """The id of the certificate or facility that an override is of."""
    claim_id = override.claim_id if override.facility_claim_id is None else override.facility_claim_id
    assert claim_id is not None  # noqa: S101 - one of the two, says the table
    return claim_id


def latest_of(work: Work, claims: Collection[Claim]) -> Mapping[int, Override]:
    """The override of each claim of a profile that has one, by the claim: what waits, else what stands, else the
    newest."""
    today = day_at(work.at)
    rows = work.session.execute(
        select(ClaimOverride, _proposer, _decider)
        .join(_by, _by.id == ClaimOverride.proposed_by)
        .join(_proposer, _proposer.id == _by.person_id)
        .outerjoin(_decided_by, _decided_by.id == ClaimOverride.decided_by)
        .outerjoin(_decider, _decider.id == _decided_by.person_id)
        .where(of(claims))
        .order_by(ClaimOverride.state == "waiting", ClaimOverride.state == "standing", ClaimOverride.id)
    ).all()
    return {
        claim_of(row): Override(
            override_id=row.id,
            version=row.version,
            claim_id=claim_of(row),
            state=row.state,
            reason=row.reason,
            review_on=row.review_on,
            proposed_by=proposed.name,
            proposed_at=row.proposed_at,
            own=row.proposed_by == work.account.id,
            decided_by=decided.name if decided else "",
            refused_because=row.refused_because,
            due=row.state == "standing" and row.review_on <= last_due(today),
        )
        for row, proposed, decided in rows
    }


def needed(
    work: Work, submission: Submission, claims: Collection[Claim], compared: Mapping[int, Comparison]
) -> list[Claim]:
    """The claims of a submission that its listing does not have, so that one officer alone confirms none of them.

    What was confirmed before is among them where the whole profile is verified anew: the confirmation was of
    another Operator ID or name. An override that was agreed to for this very one still answers.
    """
    whole = submission.claimed["whole"]
    missing = [
        claim
        for claim in claims
        if compared[claim.id].outcome.not_found and (whole or claim.state != ClaimState.CONFIRMED)
    ]
    answered = _prevailing(work, submission, missing) if missing else set()
    return [claim for claim in missing if claim.id not in answered]


def vanished(work: Work, claims: Collection[Claim]) -> frozenset[int]:
    """The confirmed certificates, of some claims, that count no more since the listing does not have them: an
    override makes them count again."""
    certificates = [
        claim.id for claim in claims if isinstance(claim, CertificateClaim) and claim.state == ClaimState.CONFIRMED
    ]
    if not certificates:
        return frozenset()
    found = select(Credential.claim_id).where(
        Credential.claim_id.in_(certificates),
        Credential.status == Status.NOT_LISTED,
        Credential.superseded_at.is_(None),
        Credential.valid_until.is_(None),
    )
    return frozenset(claim_id for claim_id in work.session.scalars(found) if claim_id is not None)


def _prevailing(work: Work, submission: Submission, claims: Collection[Claim]) -> set[int]:
    """The claims that two officers believe for the Operator ID and the name of this submission."""
    rows = work.session.execute(
        select(ClaimOverride, Submission.claimed)
        .join(Submission, Submission.id == ClaimOverride.submission_id)
        .where(of(claims), ClaimOverride.state == "standing", ClaimOverride.review_on > day_at(work.at))
    )
    return {claim_of(row) for row, claimed in rows if _whose(claimed) == _whose(submission.claimed)}


def _whose(claimed: Mapping[str, object]) -> tuple[object, object]:
    return claimed.get("operator_id"), claimed["name"]


def standing_until(work: Work, claim_ids: Collection[int]) -> Mapping[int, date]:
    """Until when each certificate that is confirmed by an override is believed: its day of review, by the claim.

    From that day on it rests on the listing."""
    return _believed_until(work, ClaimOverride.claim_id.in_(claim_ids))


def facilities_standing_until(work: Work, claim_ids: Collection[int]) -> Mapping[int, date]:
    """The same of facilities."""
    return _believed_until(work, ClaimOverride.facility_claim_id.in_(claim_ids))


def _believed_until(work: Work, which: ColumnElement[bool]) -> dict[int, date]:
    rows = work.session.scalars(
        select(ClaimOverride).where(
            which, ClaimOverride.state == "standing", ClaimOverride.review_on > day_at(work.at)
        )
    )
    return {claim_of(row): row.review_on for row in rows}


def due(today: date) -> ColumnElement[bool]:
    """An override whose day of review is near, or past, and of which nobody has proposed that it be prolonged."""
    prolonged = aliased(ClaimOverride)
    same = or_(
        prolonged.claim_id == ClaimOverride.claim_id,
        prolonged.facility_claim_id == ClaimOverride.facility_claim_id,
    )
    proposed = exists().where(same, prolonged.state == "waiting")
    return and_(ClaimOverride.state == "standing", ClaimOverride.review_on <= last_due(today), ~proposed)


def due_since(work: Work) -> Mapping[int, datetime]:
    """The overrides that are due for review, each with the moment since when, by id."""
    found = select(ClaimOverride).where(due(day_at(work.at)))
    return {one.id: due_for_review_since(one) for one in work.session.scalars(found)}


def due_for_review_since(one: ClaimOverride) -> datetime:
    """Since when an override that stands is due for its review: at the earliest since it stands."""
    return max(start_of(due_from(one.review_on)), one.decided_at or one.proposed_at)


def end_waiting(work: Work, submission_id: int, claims: Collection[Claim] | None = None) -> None:
    """What was proposed for a submission (for some of its claims) needs no second officer any more."""
    waiting = select(ClaimOverride).where(
        ClaimOverride.submission_id == submission_id, ClaimOverride.state == "waiting"
    )
    if claims is not None:
        waiting = waiting.where(of(claims))
    for override in work.session.scalars(waiting.with_for_update(of=ClaimOverride, key_share=True)).all():
        end(work, override)


def end_of(
    work: Work, claims: Collection[Claim], states: tuple[str, ...] = ("standing",)
) -> Sequence[ClaimOverride]:
    """Some claims need no override any more. Those that ended."""
    current = select(ClaimOverride).where(of(claims), ClaimOverride.state.in_(states))
    ended = work.session.scalars(current.order_by(ClaimOverride.id)).all()
    for override in ended:
        end(work, override)
    return ended


def stand_again(work: Work, override: ClaimOverride) -> None:
    """An override that ended by the word of a listing stands again: that listing is withdrawn."""
    work.touch(override, override.version)
    override.state = "standing"
    work.record("override.stands_again", "claim_override", override.id, claim=claim_of(override))


def wait_again(work: Work, override: ClaimOverride) -> None:
    """An override that was proposed, and needed no second officer by the word of a listing, waits for one
    again."""
    work.touch(override, override.version)
    override.state = "waiting"
    work.record("override.waits_again", "claim_override", override.id, claim=claim_of(override))


def end(work: Work, override: ClaimOverride) -> None:
    """An override is over: its certificate or facility needs none any more."""
    work.touch(override, override.version)
    override.state = "ended"
    work.record("override.ended", "claim_override", override.id, claim=claim_of(override))
