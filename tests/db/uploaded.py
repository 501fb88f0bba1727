"""Listings for tests: files as an officer uploads them, and read as the page reads them."""

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO

from core.listing_rows import COLUMNS, named_alike
from core.listings import ListingKind
from db.gate import Asker
from db.ministry_listings.files import ReadListing, Table, open_table, read
from db.ministry_listings.views import Import
from db.services import listings

OPERATORS, FACILITIES = ListingKind.OPERATORS, ListingKind.FACILITIES
DAY = date(2026, 11, 20)
MEGABYTES = 20


def licence(number: int, **changes: str) -> dict[str, str]:
    """A row of an operator listing: person and certificate of this number."""
    return {
        "operator_id": f"900{number:05}",
        "last_name": f"Tremblay{number % 700}",
        "first_name": "Éloïse",
        "certificate_number": str(20_000 + number),
        "type": "Wastewater Treatment",
        "class": "Class 3",
        "expiry_date": "2027-03-12",
        "status": "In force",
        "municipality": "London",
    } | changes


def facility(number: int, **changes: str) -> dict[str, str]:
    """A row of a list of facilities."""
    return {
        "facility_number": str(110_000 + number),
        "name": f"Plant {number}",
        "type": "Wastewater Treatment",
        "class": "II",
        "owner": "City of London",
        "municipality": "London",
        "latitude": "42.98",
        "longitude": "-81.25",
    } | changes


def written(rows: Iterable[dict[str, str]], kind: ListingKind = OPERATORS) -> bytes:
    """A CSV file of rows, with the columns that they have."""
    out = StringIO()
    written_rows = list(rows)
    has = {name for row in written_rows for name in row}
    writer = csv.DictWriter(out, [column.name for column in COLUMNS[kind] if column.name in has])
    writer.writeheader()
    writer.writerows(written_rows)
    return out.getvalue().encode()


def table(content: bytes, name: str = "listing.csv") -> Table:
    return open_table(name, content, MEGABYTES)


def listing(*rows: dict[str, str], kind: ListingKind = OPERATORS) -> ReadListing:
    """Rows, written into a file and read again."""
    opened = table(written(rows, kind))
    return read(kind, opened, named_alike(kind, opened.headings))


def licences(*numbers: int, **changes: str) -> ReadListing:
    """A listing of these licences, all with the same changes."""
    return listing(*(licence(number, **changes) for number in numbers))


def imported(asker: Asker, what: ReadListing, on: date = DAY) -> listings.Stands:
    """Imports a listing as a page does that has just shown its preview; how things stand then."""
    listings.import_(asker, what, on, listings.preview(asker, what).against)
    return listings.stands(asker)[what.kind]


def standing(asker: Asker, what: ReadListing, on: date = DAY) -> Import:
    """The import of a listing that stands at once."""
    found = imported(asker, what, on).standing
    assert found
    return found
