"""Tables of many facilities: read as uploaded, and written so that no cell becomes a formula."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from itertools import repeat
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook

from core.batch import BatchRow
from core.points import PointSystem
from core.problems import refuse

Row = dict[str, object]

MOST_ROWS = 100_000
_MOST_BYTES_UNPACKED = 300_000_000
_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    """The result as CSV for a spreadsheet: text that would open a formula is set off by an apostrophe."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_harmless(column) for column in rows[0]])
    writer.writerows([_harmless(cell) for cell in row.values()] for row in rows)
    return BOM_UTF8 + out.getvalue().encode()


def to_excel(rows: list[Row]) -> bytes:
    """The result as a workbook; text is written as text."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet("Result")
        for number, cells in enumerate((list(rows[0]), *(row.values() for row in rows))):
            for column, cell in enumerate(cells):
                if isinstance(cell, bool) or not isinstance(cell, int | float):
                    page.write_string(number, column, "" if cell is None else str(cell))
                else:
                    page.write_number(number, column, cell)
    return out.getvalue()


def _harmless(cell: object) -> object:
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(_OPENS_A_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES_UNPACKED:
                raise refuse("The workbook is too large once unpacked. Save the table as CSV.")
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        yield from _rows(book.worksheets[0].iter_rows(values_only=True))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError):
        raise refuse("The file is no Excel workbook (.xlsx) that can be read. Save it anew, or as CSV.") from None


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
