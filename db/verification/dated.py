"""How dated facts end and give way: nothing true once is overwritten, and the row before names the one that takes
its place.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from db.gate import Work
from db.law_schema import CertificateDisplay
from db.schema import Credential, DirectorDecision, FacilityClassification, FacilityRelation

Dated = Credential | FacilityRelation | FacilityClassification | DirectorDecision | CertificateDisplay
Row = TypeVar("Row", bound=Dated)


def give_way(work: Work, fact: Dated, day: date, to: int) -> None:
    """From `day` on another fact, the row `to`, stands in place of this one: it ends there, or never stood."""
    if fact.valid_from is None or fact.valid_from < day:
        end(work, fact, day)
        return
    fact.superseded_at, fact.superseded_by = work.at, to
    work.record("fact.superseded", fact.__tablename__, fact.id, by=to)


def end(work: Work, fact: Dated, day: date) -> None:
    """A fact ends on `day`: the row that had no end is superseded by one that has it."""
    end_all(work, [fact], day)


def end_all(work: Work, facts: Sequence[Row], day: date) -> list[Row]:
    """The same of several facts at once. The rows that have the end."""
    ended = _written_anew(work, facts, day)
    for fact, row in zip(facts, ended, strict=True):
        work.record("fact.ended", fact.__tablename__, row.id, supersedes=fact.id)
    return ended


def not_superseded(work: Work, table: type[Row], ids: Collection[int]) -> list[Row]:
    """Those of some rows that nothing has taken the place of since."""
    rows = select(table).where(table.id.in_(ids), table.superseded_at.is_(None)).order_by(table.id)
    return list(work.session.scalars(rows)) if ids else []


def stand_again(work: Work, facts: Sequence[Dated]) -> None:
    """Facts that ended did not: rows without an end supersede them."""
    for fact, row in zip(facts, _written_anew(work, facts, None), strict=True):
        work.record("fact.stands_again", fact.__tablename__, row.id, supersedes=fact.id)


def _written_anew(work: Work, facts: Sequence[Row], until: date | None) -> list[Row]:
    rows = [_copy(work, fact, until) for fact in facts]
    work.session.add_all(rows)
    work.session.flush()
    for fact, row in zip(facts, rows, strict=True):
        fact.superseded_at, fact.superseded_by = work.at, row.id
    return rows


def _copy(work: Work, fact: Row, until: date | None) -> Row:
    columns = {column.key: getattr(fact, column.key) for column in type(fact).__table__.columns}
    columns |= {"id": None, "valid_until": until, "recorded_at": work.at, "recorded_by": work.account_id}
    if "run_id" in columns:
        columns["run_id"] = None  # a person ends it, whatever wrote it: taking back a pass leaves the end
    return type(fact)(**columns)
