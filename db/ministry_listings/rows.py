"""The rows of a listing as the database keeps them: written many at once, and never edited."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from core.listing_differences import Values
from core.listing_rows import BadRow, UnreadRows
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
_SAYS = {
    ListingKind.OPERATORS: (
        "operator_id", "last_name", "first_name", "number", "licence_type", "licence_class", "expiry", "status",
        "municipality",
    ),
    ListingKind.FACILITIES: (
        "facility_number", "name", "facility_type", "facility_class", "owner", "municipality", "latitude",
        "longitude",
    ),
}  # fmt: skip  # what a line says, in the order of core.listing_rows.COLUMNS


def save(
    session: Session, kind: ListingKind, import_id: int, rows: Mapping[int, ListedRow], progress: Progress
) -> None:
    """Writes the rows of an import, by their number in the file."""
    connection, statement = session.connection(), insert(_TABLES[kind])
    written = (_columns(row) | {"import_id": import_id, "line": line} for line, row in rows.items())
    done = 0
    while some := list(islice(written, _AT_ONCE)):
        connection.execute(statement, some)
        done += len(some)
        progress(done / len(rows))


def by_key(kind: ListingKind, rows: Iterable[ListedRow]) -> dict[Any, Values]:
    """Rows as they are compared with those of `saved`."""
    values = (_columns(row) for row in rows)
    return dict(_keyed(kind, tuple(one[name] for name in _SAYS[kind])) for one in values)


def saved(session: Session, kind: ListingKind, import_id: int | None) -> dict[Any, Values]:
    """The rows of an import in their order, all that they say by what they are matched by; none without one."""
    table = _TABLES[kind]
    columns = (table.c[name] for name in _SAYS[kind])
    found = session.execute(select(*columns).where(table.c.import_id == import_id).order_by(table.c.line))
    return dict(_keyed(kind, tuple(row)) for row in found)


def unread(kind: ListingKind, bad: Iterable[BadRow]) -> Callable[[Any], bool]:
    """Whether a row that cannot be read may be about what a key of `saved` stands for."""
    rows = UnreadRows(bad)
    if kind is ListingKind.FACILITIES:
        return lambda key: rows.about("", *key) is not None
    return lambda key: rows.about(*key[:2]) is not None


def _keyed(kind: ListingKind, row: Values) -> tuple[Any, Values]:
    names = _SAYS[kind]
    return tuple(row[names.index(name)] for name in _KEYS[kind]), row


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
