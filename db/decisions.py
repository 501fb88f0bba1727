"""The Director's decisions: one table for every kind, written and read here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.calendar import Span
from core.decisions import Kind, kinds
from core.findings import Citation, Decision
from core.legislation import Law
from db.gate import Work
from db.schema import DirectorDecision


@dataclass(frozen=True)
class RecordedDecision:
    """A decision as the law's findings cite it, with its kind, its terms, and when it was recorded."""

    decision_id: int
    kind: Kind
    decision: Decision
    recorded_at: datetime
    terms: Mapping[str, Any] = field(default_factory=dict)


def record(
    work: Work,
    kind: Kind,
    on_day: Law,
    subject_id: int,
    *,
    decided_on: date,
    reasons: str,
    granted: bool = True,
    valid_from: date | None = None,
    valid_until: date | None = None,
    terms: Mapping[str, Any] | None = None,
) -> DirectorDecision:
    """Writes a decision of whoever asks, under the law of its day; it stands from that day unless told."""
    citation = on_day.topic(kind.topic)
    row = DirectorDecision(
        kind=kind.id,
        regulation=citation.regulation,
        provision=citation.provision,
        subject=kind.subject,
        subject_id=subject_id,
        granted=granted,
        decided_on=decided_on,
        decided_by=work.account.id,
        reasons=reasons,
        terms=dict(terms or {}),
        valid_from=valid_from or decided_on,
        valid_until=valid_until,
        recorded_at=work.at,
        recorded_by=work.account.id,
    )
    work.session.add(row)
    work.session.flush()
    work.record("decision.recorded", kind.subject, subject_id, decision=row.id, kind=kind.id)
    return row


def standing(work: Work, subject: str, *subject_ids: int) -> list[DirectorDecision]:
    """Every decision about some things that is not superseded, in the order of their days."""
    rows = select(DirectorDecision).where(
        DirectorDecision.subject == subject,
        DirectorDecision.subject_id.in_(subject_ids),
        DirectorDecision.superseded_at.is_(None),
    )
    return list(work.session.scalars(rows.order_by(DirectorDecision.decided_on, DirectorDecision.id)))


def view(row: DirectorDecision) -> RecordedDecision:
    """A decision as people see it."""
    decision = Decision(
        citation=Citation(row.regulation, row.provision),
        granted=row.granted,
        by=row.director.person.name,
        decided_on=row.decided_on,
        reasons=row.reasons,
        period=period_of(row),
    )
    return RecordedDecision(row.id, kinds()[row.kind], decision, row.recorded_at, row.terms)


def period_of(row: DirectorDecision) -> Span:
    """The days on which a decision stands."""
    return Span(row.valid_from or row.decided_on, row.valid_until)
