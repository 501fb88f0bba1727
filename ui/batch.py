"""Tables of many facilities: read as uploaded, and written so that no cell becomes a formula."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import repeat

from core.batch import BatchRow
from core.points import PointSystem
from core.problems import refuse
from db import spreadsheets
from ui import exports

Row = dict[str, object]

MOST_ROWS = 100_000
LARGEST_TABLE_MB = 20
_MOST_COLUMNS = 500  # more than there are keys
_RESULT = ("row", "lowest", "highest", "class", "errors", "questions")


def template(system: PointSystem) -> bytes:
    """An empty table, with a column for each key that the calculator reads."""
    return BOM_UTF8 + f"name,{','.join(system.keys)}\r\n".encode()


def read(name: str, content: bytes) -> list[Row]:
    """The rows of a CSV or Excel table by column. Raises Refused in words for anything else."""
    rows = list(_limited(_read_excel(content) if name.lower().endswith(".xlsx") else _read_csv(content)))
    if not rows:
        raise refuse("The table has no rows under its header. Add one row for each facility.")
    return rows


def result_row(one: BatchRow) -> Row:
    """A row of the result: every column that came in, in its order, then what the points come to."""
    result = one.classification
    values = (
        one.number,
        None if result.errors else result.lowest,
        None if result.errors else result.highest,
        result.facility_class or ("" if result.errors else " or ".join(result.possible_classes)),
        " ".join(str(error) for error in result.errors),
        len(result.questions),
    )
    return _named(one.given) | dict(zip(_RESULT, values, strict=True))


def _named(given: Mapping[str, object]) -> Row:
    """The columns that came in; one that bears the name of a result's column keeps its own beside it."""
    return {f"{column} (given)" if column in _RESULT else column: cell for column, cell in given.items()}


def to_csv(rows: list[Row]) -> bytes:
    """The result as CSV for a spreadsheet."""
    return exports.to_csv(list(rows[0]), (row.values() for row in rows))


def to_excel(rows: list[Row]) -> bytes:
    """The result as a workbook."""
    return exports.to_excel("Result", list(rows[0]), (row.values() for row in rows))


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise refuse("The table has more than {most} rows. Split it.", most=MOST_ROWS)
        yield row


def _read_csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        yield from _rows(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        raise refuse("The file is not UTF-8 text. Save it as “CSV UTF-8”, or as an Excel workbook.") from None
    except csv.Error as error:
        raise refuse("The file is no CSV table: {error}.", error=error) from None


def _read_excel(content: bytes) -> Iterator[Row]:
    yield from _rows(spreadsheets.rows(content, _MOST_COLUMNS, MOST_ROWS))


def _rows(lines: Iterable[Iterable[object]]) -> Iterator[Row]:
    """The lines under a header as rows by column, so that the first is row 1; empty lines at the end are none."""
    header: list[str] | None = None
    number = empty = 0
    for line in lines:
        cells = list(line)
        if header is None:
            header = _header(cells)
            continue
        number += 1
        if all(cell in (None, "") for cell in cells):
            empty += 1
            continue
        yield from repeat(dict.fromkeys(filter(None, header)), empty)
        empty = 0
        if any(cell not in (None, "") for cell in cells[len(header) :]):
            raise refuse("Row {number} has more cells than the header has columns.", number=number)
        yield {name: cell for name, cell in zip(header, cells, strict=False) if name}


def _header(cells: list[object]) -> list[str]:
    header = ["" if cell is None else str(cell).strip() for cell in cells]
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        raise refuse("The header names {names} twice. Name each column once.", names=names)
    return header
