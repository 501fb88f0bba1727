"""The rows of a listing as the database keeps them: written many at once, and never edited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, Table, exists, insert, select
from sqlalchemy.orm import Session

from core.licences import LicenceType
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
    written = (_columns(row) | {"import_id": import_id, "line": line} for line, row in rows.items())
    done = 0
    while some := list(islice(written, _AT_ONCE)):
        connection.execute(statement, some)
        done += len(some)
        progress(done / len(rows))


def by_key(kind: ListingKind, rows: Iterable[ListedRow]) -> dict[Any, Any]:
    """Rows as they are compared with those of `saved`."""
    names = _names(kind)
    values = (_columns(row) for row in rows)
    return dict(_keyed(kind, names, tuple(one[name] for name in names)) for one in values)


def saved(session: Session, kind: ListingKind, import_id: int | None) -> dict[Any, Any]:
    """The rows of an import, all that they say by what they are matched by; none without an import."""
    table, names = _TABLES[kind], _names(kind)
    columns = (table.c[name] for name in names)
    found = session.execute(select(*columns).where(table.c.import_id == import_id))
    return dict(_keyed(kind, names, tuple(row)) for row in found)


@dataclass(frozen=True)
class GoneRow:
    """A line that stood before an import and is not in it: its number, whose or what it is, and its type."""

    number: str
    name: str
    type: str  # core.licences.LicenceType; of a facility core.facilities.FacilityType, which is named alike

    @property
    def label(self) -> str:
        """The type for people."""
        return LicenceType(self.type).label


def gone(kind: ListingKind, former_id: int | None, import_id: int) -> Select[Any]:
    """The rows of the former import that are not in the other, as the fields of GoneRow."""
    table = _TABLES[kind]
    former, other = table.alias(), table.alias()
    same = (former.c[name] == other.c[name] for name in _KEYS[kind])
    name = former.c.last_name + ", " + former.c.first_name if kind is ListingKind.OPERATORS else former.c.name
    number = former.c.number if kind is ListingKind.OPERATORS else former.c.facility_number
    kind_of = former.c.licence_type if kind is ListingKind.OPERATORS else former.c.facility_type
    return (
        select(number, name, kind_of)
        .where(former.c.import_id == former_id, ~exists().where(other.c.import_id == import_id, *same))
        .order_by(former.c.line)
    )


def _names(kind: ListingKind) -> tuple[str, ...]:
    """The columns that hold what a line of the listing says."""
    return tuple(column.name for column in _TABLES[kind].columns if column.name not in _NOT_OF_THE_LISTING)


def _keyed(kind: ListingKind, names: tuple[str, ...], row: tuple[Any, ...]) -> tuple[Any, Any]:
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
