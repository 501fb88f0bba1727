"""Who first recorded what stands of a facility's people, where its row was written anew since: it was ended, an
officer noted something of it, or it stands again after another entry was taken back.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from db.gate import Work
from db.people_schema import Absence, Designation, Employment, LicenceDisplay, WithdrawnEntry

Renewed = Employment | Absence | Designation | LicenceDisplay
_Key = tuple[str, int]


def first_entries(
    work: Work, facility_id: int, rows: Iterable[Renewed], withdrawn: Iterable[WithdrawnEntry]
) -> dict[_Key, Renewed]:
    """The first row of each fact that stands, by its table and id, where it is another; a statement a table."""
    rows = tuple(rows)
    past = {_key(row): row for table in {type(row) for row in rows} for row in _past(work, table, facility_id)}
    replaced = {(table, row.superseded_by): row for (table, _), row in past.items()}
    copied = {(one.entry, one.restored_id): past.get((one.entry, one.former_id or 0)) for one in withdrawn}
    found = {}
    for row in rows:
        first = row
        while before := copied.get(_key(first)) or replaced.get(_key(first)):
            first = before
        if first is not row:
            found[_key(row)] = first
    return found


def _past(work: Work, table: Any, facility_id: int) -> list[Renewed]:
    """The rows whose place others took."""
    rows = select(table).where(table.facility_id == facility_id, table.superseded_by.is_not(None))
    return list(work.session.scalars(rows))


def _key(row: Renewed) -> _Key:
    return row.__tablename__, row.id
