"""Files of a listing: a CSV or Excel table as text, whatever its name says, and its rows by our columns.

Nothing here asks or writes a database; reading takes seconds and holds no lock.
"""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

import pandas as pd

from core.entries import shown
from core.files import base_name
from core.listing_rows import BEYOND, BadRow, check_mapping
from core.listing_rows import read as read_rows
from core.listings import ListedRow, ListingKind
from core.problems import Refused, refuse
from db import spreadsheets

MOST_ROWS = 200_000
MOST_COLUMNS = 100
_STEP = 2_000  # rows between two calls of `progress`
_MEGABYTE = 1024 * 1024
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Progress = Callable[[float], object]  # is told how far the work is, 0 to 1


def unwatched(_share: float) -> None:
    """No progress is shown."""


@dataclass(frozen=True, eq=False)
class Table:
    """A file's table: its headings, and its cells as text. The index is each row's number in the file."""

    file_name: str
    sha256: str
    headings: tuple[str, ...]
    cells: pd.DataFrame

    @property
    def heading_hash(self) -> str:
        """What tells files of one shape from others: the headings in their order."""
        return hashlib.sha256(json.dumps(self.headings).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class ReadListing:
    """A file read as a listing: the rows that can be used, by their number, and those that are left out."""

    kind: ListingKind
    file_name: str
    sha256: str
    rows: Mapping[int, ListedRow]
    bad: tuple[BadRow, ...]
    like_formulas: tuple[int, ...] = ()  # the rows of which a name begins like a formula


def open_table(name: str, content: bytes, most_megabytes: int) -> Table:
    """The table of a CSV or Excel file. Raises Refused with a sentence for any other, and for one that is empty
    or too large: more than `most_megabytes`, 100 columns or 200 000 rows."""
    if not content:
        raise refuse("The file is empty. Choose another file.")
    if len(content) > most_megabytes * _MEGABYTE:
        raise refuse(
            "The file has {size} MB; at most {most} MB are read. Is it the listing? If so, leave out columns.",
            size=len(content) // _MEGABYTE,
            most=most_megabytes,
        )
    if name.casefold().endswith(".xlsx") and not _may_be_a_table(content):
        raise spreadsheets.no_workbook()
    grid = _excel(content) if content.startswith(_ZIP) else _csv(content)
    if grid.empty:
        raise refuse("The table is empty. Choose another file.")
    headings = _headings(grid.iloc[0].tolist())
    cells = grid.iloc[1:].rename(index=lambda number: number + 1)
    if len(cells) > MOST_ROWS:
        raise _too_many_rows()
    if not cells.map(bool).to_numpy().any():
        raise refuse("The table has no rows under its headings. Choose another file.")
    return Table(shown(base_name(name)), hashlib.sha256(content).hexdigest(), headings, cells)


def _may_be_a_table(content: bytes) -> bool:
    """Whether a file with a workbook's name is one at least by its first bytes, of either kind, or else CSV."""
    if content.startswith((_ZIP, _OLD_OFFICE)):
        return True
    try:
        first = content.decode("utf-8-sig").split("\n", maxsplit=1)[0]
    except UnicodeDecodeError:
        return False
    return "\x00" not in first and any(one in first for one in _DELIMITERS)


def read(
    kind: ListingKind, table: Table, columns: Mapping[str, str], progress: Progress = unwatched
) -> ReadListing:
    """The table read as a listing; `columns` says which column of the file is which of ours.

    Raises Refused where the columns do not fit, or no row can be used.
    """
    check_mapping(kind, filter(None, table.headings), columns)
    found = read_rows(kind, _rows(table, columns, progress))
    if not found.rows and not found.bad:
        raise refuse("The columns that were chosen are empty in every row. Are these the right columns?")
    if not found.rows:
        first = found.bad[0]
        raise refuse(
            "None of the {count} rows can be used. Row {line}: {why} Are these the right columns, and is it the "
            "listing of {kind}?",
            count=len(found.bad),
            line=first.line,
            why=" ".join(str(sentence) for sentence in first.because),
            kind=kind.value,
        )
    like_formulas = tuple(line for line, row in found.rows.items() if row.begins_like_a_formula)
    return ReadListing(kind, table.file_name, table.sha256, found.rows, found.bad, like_formulas)


def _rows(table: Table, columns: Mapping[str, str], progress: Progress) -> Iterator[tuple[int, Mapping[str, str]]]:
    places = {name: table.headings.index(heading) for name, heading in columns.items() if heading}
    places[BEYOND] = len(table.headings)
    names, chosen = tuple(places), table.cells.iloc[:, list(places.values())]
    for done, (line, *cells) in enumerate(chosen.itertuples(name=None)):
        yield line, dict(zip(names, cells, strict=True))
        if done % _STEP == 0:
            progress(done / len(chosen))
    progress(1.0)


def _headings(first: list[str]) -> tuple[str, ...]:
    """The headings of a table, without the empty ones at its end. Raises Refused where a name stands twice."""
    *headings, _beyond = (cell.strip() for cell in first)
    while headings and not headings[-1]:
        headings.pop()
    named = [heading for heading in headings if heading]
    if len(named) < 2:
        found = f"one column only, “{shown(named[0])}”" if named else "no columns"
        raise refuse(
            "The first row of the file names {found}. The listing is an Excel file, or a CSV file parted by "
            "commas, semicolons or tabs, and its first row names every column; of a workbook the first sheet is "
            "read. Delete what stands above the headings, or put the sheet with the listing first.",
            found=found,
        )
    twice = sorted({heading for heading in named if named.count(heading) > 1})
    if twice:
        raise refuse("The headings name {names} twice. Name each column once.", names=shown(", ".join(twice)))
    return tuple(headings)


def _too_many_rows() -> Refused:
    return refuse("The table has more than {most} rows. Is it the listing?", most=MOST_ROWS)


# --- Excel ----------------------------------------------------------------------------------------------------


def _excel(content: bytes) -> pd.DataFrame:
    lines: list[list[str]] = []
    for number, row in enumerate(spreadsheets.rows(content, MOST_COLUMNS, MOST_ROWS)):
        if not row:
            continue
        lines += [[] for _ in range(number - len(lines))]  # the empty rows before it
        lines.append([_text(cell) for cell in row])
    width = max((len(line) for line in lines), default=0)
    return pd.DataFrame([line + [""] * (width + 1 - len(line)) for line in lines], dtype=object)


def _text(cell: object) -> str:
    """A cell of a workbook as text: a day as 2027-03-12."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, datetime | date) else str(cell)


# --- CSV ------------------------------------------------------------------------------------------------------


def _csv(content: bytes) -> pd.DataFrame:
    text = _decoded(content)
    first = re.split("[\r\n]", text, maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    columns = _width(text, delimiter)
    if columns > MOST_COLUMNS:
        raise refuse("The table has {columns} columns; at most {most} are read. Keep those that are needed.",
                     columns=columns, most=MOST_COLUMNS)  # fmt: skip
    try:
        return pd.read_csv(
            StringIO(delimiter * columns + "\n" + text),  # a heading of our own, one column wider
            sep=delimiter,
            header=0,
            names=range(columns + 1),  # the last: what stands right of the file's last heading
            usecols=range(columns + 1),  # and nothing beyond, which would stop the whole file
            index_col=False,
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
            nrows=MOST_ROWS + 2,
        )
    except pd.errors.ParserError as error:
        raise _no_csv(error) from error


def _width(text: str, delimiter: str) -> int:
    """How many columns the first row has, line ends inside its cells or not."""
    try:
        return max(1, len(next(csv.reader(StringIO(text, newline=""), delimiter=delimiter), ())))
    except csv.Error as error:
        raise _no_csv(error) from error


def _no_csv(error: Exception) -> Refused:
    row = re.search(r"starting at row (\d+)", str(error))  # of pandas, which counts our own heading as row 0
    if row:
        return refuse(
            "The file is no CSV table: a quotation mark that opens in row {row} is never closed. Close it, or "
            "save the file anew from the program that made it.",
            row=int(row[1]),
        )
    return refuse(
        "The file is no CSV table: its columns cannot be told apart. Save it anew from the program that made it."
    )


def _decoded(content: bytes) -> str:
    """A CSV file as text. Raises Refused for what is no text, or text in another encoding than UTF-8."""
    if content.startswith(_OLD_OFFICE):
        raise refuse(
            "The file is an Excel workbook of the old kind (.xls), or has a password. Save it as .xlsx without a "
            "password, or as CSV."
        )
    if content.startswith(_UTF_16):
        raise refuse("The file is in UTF-16. Save it in Excel as “CSV UTF-8 (comma delimited)”.")
    if b"\x00" in content or content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")):
        raise refuse("The file is neither a CSV nor an Excel table, whatever its name. Choose another file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(
            "The file is not in UTF-8 but in an older encoding such as Latin-1, so names like “{name}” would be "
            "read wrong (row {row}). Save it in Excel as “CSV UTF-8 (comma delimited)”, or as an Excel workbook.",
            name="Élise",
            row=content.count(b"\n", 0, error.start) + 1,
        ) from None
