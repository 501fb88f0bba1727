"""Overrides of what the listing does not have, as the office and the holder see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from core.overrides import due_from, last_due
from core.places import day_at, start_of
from db.gate import Work
from db.register_schema import ClaimOverride
from db.schema import Account, Person


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


def latest_of(work: Work, claim_ids: Collection[int]) -> Mapping[int, Override]:
    """The override of each claim that has one, by the claim: what waits, else what stands, else the newest."""
    today = day_at(work.at)
    rows = work.session.execute(
        select(ClaimOverride, _proposer, _decider)
        .join(_by, _by.id == ClaimOverride.proposed_by)
        .join(_proposer, _proposer.id == _by.person_id)
        .outerjoin(_decided_by, _decided_by.id == ClaimOverride.decided_by)
        .outerjoin(_decider, _decider.id == _decided_by.person_id)
        .where(ClaimOverride.claim_id.in_(claim_ids))
        .order_by(ClaimOverride.state == "waiting", ClaimOverride.state == "standing", ClaimOverride.id)
    ).all()
    return {
        row.claim_id: Override(
            override_id=row.id,
            version=row.version,
            claim_id=row.claim_id,
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


def standing_until(work: Work, claim_ids: Collection[int]) -> Mapping[int, date]:
    """Until when each claim that is confirmed by an override is believed: its day of review, by the claim.

    From that day on it rests on the listing."""
    rows = work.session.execute(
        select(ClaimOverride.claim_id, ClaimOverride.review_on).where(
            ClaimOverride.claim_id.in_(claim_ids),
            ClaimOverride.state == "standing",
            ClaimOverride.review_on > day_at(work.at),
        )
    )
    return {row.claim_id: row.review_on for row in rows}


def due(today: date) -> ColumnElement[bool]:
    """An override whose day of review is near, or past, and of which nobody has proposed that it be prolonged."""
    prolonged = aliased(ClaimOverride)
    proposed = exists().where(prolonged.claim_id == ClaimOverride.claim_id, prolonged.state == "waiting")
    return and_(ClaimOverride.state == "standing", ClaimOverride.review_on <= last_due(today), ~proposed)


def due_since(work: Work) -> Mapping[int, datetime]:
    """The overrides that are due for review, each with the moment since when, by id."""
    found = select(ClaimOverride.id, ClaimOverride.review_on).where(due(day_at(work.at)))
    return {one: start_of(due_from(review_on)) for one, review_on in work.session.execute(found)}


def end_waiting(work: Work, submission_id: int, claim_ids: Collection[int] | None = None) -> None:
    """What was proposed for a submission (for some of its claims) needs no second officer any more."""
    waiting = select(ClaimOverride).where(
        ClaimOverride.submission_id == submission_id, ClaimOverride.state == "waiting"
    )
    if claim_ids is not None:
        waiting = waiting.where(ClaimOverride.claim_id.in_(claim_ids))
    for override in work.session.scalars(waiting.with_for_update(of=ClaimOverride, key_share=True)).all():
        work.touch(override, override.version)
        override.state = "ended"
        work.record("override.ended", "claim_override", override.id, claim=override.claim_id)
