"""The rows of a listing as the database keeps them: written many at once, and never edited."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from core.listings import ListedFacility, ListedLicence, ListedRow, ListingKind
from db import register_schema
from db.ministry_listings.files import Progress

_AT_ONCE = 2_000
_TABLES: Mapping[ListingKind, Table] = {
    ListingKind.OPERATORS: register_schema.ListedLicence.__table__,  # type: ignore[dict-item]
    ListingKind.FACILITIES: register_schema.ListedFacility.__table__,  # type: ignore[dict-item]
}  # what a mapped class calls its table is wider than what it is
_KEYS = {
    ListingKind.OPERATORS: ("operator_id", "number", "licence_type"),
    ListingKind.FACILITIES: ("facility_number",),
}
_NOT_OF_THE_LISTING = ("id", "import_id", "line")


def save(
    session: Session, kind: ListingKind, import_id: int, rows: Mapping[int, ListedRow], progress: Progress
) -> None:
    """Writes the rows of an import, by their number in the file."""
    connection, statement = session.connection(), insert(_TABLES[kind])
    waiting, done = iter(rows.items()), 0
    while some := [_columns(row) | {"import_id": import_id, "line": line} for line, row in islice(waiting, _AT_ONCE)]:
        connection.execute(statement, some)
        done += len(some)
        progress(done / len(rows))


def by_key(kind: ListingKind, rows: Iterable[ListedRow]) -> dict[Any, Any]:
    """Rows as they are compared with those of `saved`."""
    return dict(_split(kind, _columns(row)) for row in rows)


def saved(session: Session, kind: ListingKind, import_id: int | None) -> dict[Any, Any]:
    """The rows of an import, all that they say by what they are matched by; none without an import."""
    table = _TABLES[kind]
    columns = [column for column in table.columns if column.name not in _NOT_OF_THE_LISTING]
    found = session.execute(select(*columns).where(table.c.import_id == import_id)).mappings()
    return dict(_split(kind, row) for row in found)


def _split(kind: ListingKind, row: Mapping[str, Any]) -> tuple[Any, Any]:
    return tuple(row[name] for name in _KEYS[kind]), dict(row)


def _columns(row: ListedRow) -> dict[str, Any]:
    return _of_licence(row) if isinstance(row, ListedLicence) else _of_facility(row)


def _of_licence(row: ListedLicence) -> dict[str, Any]:
    licence = row.licence
    return {
        "operator_id": row.operator_id,
        "last_name": row.last_name,
        "first_name": row.first_name,
        "number": licence.number,
        "licence_type": licence.licence_type.value,
        "licence_class": licence.licence_class.value if licence.licence_class else None,
        "expiry": licence.expiry,
        "status": row.status.value,
        "municipality": row.municipality,
    }


def _of_facility(row: ListedFacility) -> dict[str, Any]:
    return {
        "facility_number": row.facility_number,
        "name": row.name,
        "facility_type": row.facility_type.value,
        "facility_class": row.facility_class.value if row.facility_class else None,
        "owner": row.owner,
        "municipality": row.municipality,
        "latitude": row.point.latitude if row.point else None,
        "longitude": row.point.longitude if row.point else None,
    }
