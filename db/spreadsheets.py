"""Excel workbooks that people upload, read row by row and never past what they may hold.

The reader that is quick keeps all cells of a sheet at once, between the first and the last, and unpacks whatever
it finds. So what it is given is packed anew, of parts that are unpacked here to a limit, and only once it is known
how far their cells reach and how much text they come to.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineWorkbook, SheetTypeEnum

from core.problems import Refused, refuse

_MOST_BYTES_UNPACKED = 300_000_000  # and signs of text
_NEAREST_FIT = 200  # how often smaller than its content a workbook may be; ordinary ones reach 20
_MOST_CELLS = 20_000_000  # between the first and the last, empty or not
_WORKBOOK, _TEXTS = "xl/workbook.xml", "xl/sharedstrings.xml"
_VALUES = frozenset({"v", "f", "is"})  # what makes of a cell more than its format
_ERROR = b' t="e"'
_ERROR_CELL = re.compile(rb'(<c\b[^<>]*) t="e"')


def rows(content: bytes, most_columns: int, most_rows: int) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet, from its first row on, each up to its last cell; a whole number is an int.

    Raises Refused in words for what is no workbook, and for one that would not end: more than `most_columns`
    columns, more than `most_rows` rows under its heading, or more than 300 MB once unpacked.
    """
    try:
        with CalamineWorkbook.from_filelike(BytesIO(_checked(content, most_columns, most_rows))) as book:
            kinds = [one.typ for one in book.sheets_metadata]
            sheet = book.get_sheet_by_index(kinds.index(SheetTypeEnum.WorkSheet))
            before = (None,) * (sheet.start[1] if sheet.start else 0)
            for row in sheet.iter_rows():
                cells = [_plain(cell) for cell in row]
                while cells and cells[-1] is None:
                    cells.pop()
                yield (*before, *cells) if cells else ()
    except Refused:
        raise
    except Exception as error:  # on a broken workbook each reader raises whatever its parts raise
        raise no_workbook() from error


def _plain(cell: object) -> object:
    """A cell's value: None where it is empty, a whole number as one."""
    if cell == "":
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def no_workbook() -> Refused:
    """What is said of a file that is none, whatever its name."""
    return refuse(
        "The file is no Excel workbook that can be read, whatever its name. Open it in Excel and save it as "
        "“Excel Workbook (*.xlsx)”, or as “CSV UTF-8 (comma delimited)”."
    )


def _checked(content: bytes, most_columns: int, most_rows: int) -> bytes:
    """The parts of a workbook that hold its cells, packed anew without compressing them. What its directory says
    of their sizes is kept to, so that nothing unpacks to more than that."""
    size, packed = _Size(), BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(packed, "w") as copy:
        parts = {part.filename.lower(): part for part in archive.infolist()}
        if _WORKBOOK not in parts:
            raise BadZipFile("a zip, but no workbook")
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > _MOST_BYTES_UNPACKED or unpacked > _NEAREST_FIT * max(len(content), 100_000):
            raise _too_large()
        for name in sorted(parts, key=lambda name: name != _TEXTS):  # before the cells that name them
            if name.endswith((".xml", ".rels")) and name.startswith(("xl/", "_rels/", "[content_types]")):
                part = archive.read(parts[name])
                size.add(part)
                copy.writestr(parts[name].filename, _errors_as_text(part))
    if size.columns > most_columns:
        raise refuse("The table has more than {most} columns; keep what is needed.", most=most_columns)
    if size.rows > most_rows + 1:
        raise refuse("The table has more than {most} rows; keep what is needed.", most=most_rows)
    if size.rows * size.columns > _MOST_CELLS or size.text > _MOST_BYTES_UNPACKED:
        raise _too_large()
    return packed.getvalue()


def _errors_as_text(part: bytes) -> bytes:
    """Excel's errors, such as #N/A, are said by their names: to the reader they would be empty cells."""
    return _ERROR_CELL.sub(rb'\1 t="str"', part) if _ERROR in part else part


def _too_large() -> Refused:
    return refuse("The workbook is too large once unpacked. Save the table as CSV.")


class _Size:
    """How far the cells of a workbook's parts reach, those that hold something, and to how much text they come
    where each of them has its own copy of what is written once for many."""

    def __init__(self) -> None:
        self.rows = self.columns = self.text = 0
        self._texts: list[int] = []  # the length of each text that cells name by its place
        self._row = self._column = 0
        self._in_cell = self._names_text = False

    def add(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._characters
        self._row = self._column = 0
        self._in_cell = self._names_text = False
        parser.Parse(part, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._row, self._column = _place(attributes.get("r", "")) or (self._row, self._column + 1)
            self._in_cell, self._names_text = True, attributes.get("t") == "s"
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            self._in_cell = False
        elif tag in _VALUES:
            if self._row > self.rows:
                self.rows = self._row
            if self._column > self.columns:
                self.columns = self._column
        elif tag == "si":
            self._texts.append(0)
        elif tag == "workbookPr" and attributes.get("date1904", "0") not in ("0", "false"):
            raise refuse(
                "The workbook counts its days from 1904, so its dates could be read four years wrong. Switch that "
                "off in Excel’s options (“Use 1904 date system”), or save it as CSV."
            )

    def _characters(self, text: str) -> None:
        if not self._in_cell:
            if self._texts:
                self._texts[-1] += len(text)
        elif self._names_text and not text.isspace():
            self.text += self._texts[int(text)]


def _no_doctype(*_: object) -> None:
    raise BadZipFile("no workbook declares types of documents")


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of B12, counted from 1; None where a cell does not say."""
    if not reference:
        return None
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), _column(letters)
