"""Imports of listings as officers see them: what stands, what waits, and what was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, lazyload

from core.listing_rows import BadRow
from core.listings import Difference, ImportState, ListingKind
from core.sentences import Sentence
from db.gate import Work
from db.register_schema import ListingImport
from db.schema import Account, Person


@dataclass(frozen=True)
class Import:
    """One import of a listing. `mine`: the asker made it, so another officer has to confirm it."""

    id: int
    version: int
    kind: ListingKind
    state: ImportState
    listed_on: date
    file_name: str
    sha256: str
    rows: int
    left_out: int  # how many bad rows
    difference: Difference  # against what stood before it
    imported_at: datetime
    imported_by: str
    mine: bool
    confirmed_at: datetime | None
    confirmed_by: str  # "" where no second officer was needed
    ended_at: datetime | None
    ended_by: str  # who withdrew or refused it; "" where nobody did
    reasons: str


def imports() -> Select[Any]:
    """All imports, each with the number of its bad rows, which stay unread."""
    return select(ListingImport, func.json_array_length(ListingImport.left_out)).options(
        defer(ListingImport.left_out), lazyload(ListingImport.importer)
    )


def of(work: Work, found: Iterable[Sequence[Any]]) -> tuple[Import, ...]:
    """Rows of `imports` as officers see them."""
    rows = [(row, bad) for row, bad in found]
    people = _people(work, (row for row, _ in rows))
    return tuple(_view(work, row, bad, people) for row, bad in rows)


def _view(work: Work, row: ListingImport, bad: int, people: Mapping[int | None, Person]) -> Import:
    def name(account_id: int | None) -> str:
        return people[account_id].name if account_id is not None else ""

    return Import(
        id=row.id,
        version=row.version,
        kind=ListingKind(row.kind),
        state=ImportState(row.state),
        listed_on=row.listed_on,
        file_name=row.file_name,
        sha256=row.file_sha256,
        rows=row.rows,
        left_out=bad,
        difference=Difference(row.new, row.changed, row.gone, row.rows - row.new - row.changed),
        imported_at=row.imported_at,
        imported_by=name(row.imported_by),
        mine=people[row.imported_by].id == work.account.person_id,
        confirmed_at=row.confirmed_at,
        confirmed_by=name(row.confirmed_by),
        ended_at=row.withdrawn_at,
        ended_by=name(row.withdrawn_by),
        reasons=row.reasons,
    )


def _people(work: Work, rows: Iterable[ListingImport]) -> Mapping[int | None, Person]:
    ids = {one for row in rows for one in (row.imported_by, row.confirmed_by, row.withdrawn_by) if one is not None}
    found = work.session.execute(
        select(Account.id, Person).join(Person, Person.id == Account.person_id).where(Account.id.in_(ids))
    )
    return {one.id: one.Person for one in found}


# --- bad rows as they are kept ------------------------------------------------------------------------------


def to_json(bad: Iterable[BadRow]) -> list[Any]:
    """Bad rows as the database keeps them: templates and values, so that another language can say them."""
    return [
        {
            "line": row.line,
            "because": [[one.template, dict(one.items)] for one in row.because],
            "operator_id": row.operator_id,
            "number": row.number,
        }
        for row in bad
    ]


def from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[BadRow, ...]:
    """The bad rows that `to_json` has written."""
    return tuple(
        BadRow(
            row["line"],
            tuple(Sentence(template, **values) for template, values in row["because"]),
            row.get("operator_id", ""),  # an older import kept no more than the line
            row.get("number", ""),
        )
        for row in kept
    )
