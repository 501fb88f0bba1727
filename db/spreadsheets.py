"""Excel workbooks that people upload, read cell by cell and never past what they may hold."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.problems import Refused, refuse

_MOST_BYTES_UNPACKED = 300_000_000
_NEAREST_FIT = 200  # how often smaller than its content a workbook may be; ordinary ones reach 20


def rows(content: bytes, most_columns: int) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet, each up to its last cell. Raises Refused in words for what is no workbook, and
    for one that would not end: more than `most_columns` columns, or more than 300 MB once unpacked."""
    try:
        _must_be_of_reasonable_size(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        if book.epoch == CALENDAR_MAC_1904:
            raise refuse(
                "The workbook counts its days from 1904, so its dates could be read four years wrong. Switch that "
                "off in Excel’s options (“Use 1904 date system”), or save it as CSV."
            )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            length = len(row)
            while length and row[length - 1] is None:
                length -= 1
            if length > most_columns:
                raise refuse("The table has more than {most} columns; keep what is needed.", most=most_columns)
            yield row[:length]
    except Refused:
        raise
    except Exception as error:  # on a broken workbook openpyxl raises whatever its parts raise
        raise no_workbook() from error


def no_workbook() -> Refused:
    """What is said of a file that is none, whatever its name."""
    return refuse(
        "The file is no Excel workbook that can be read, whatever its name. Open it in Excel and save it as "
        "“Excel Workbook (*.xlsx)”, or as “CSV UTF-8 (comma delimited)”."
    )


def _must_be_of_reasonable_size(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise BadZipFile("a zip, but no workbook")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_BYTES_UNPACKED or unpacked > _NEAREST_FIT * max(len(content), 100_000):
        raise refuse("The workbook is too large once unpacked. Save the table as CSV.")
