"""Tables that people download, as CSV and as Excel: no cell of text opens a formula when they are opened."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from math import isfinite

from xlsxwriter import Workbook

from core.formulas import opens_a_formula

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(cell: object) -> object:
    """A cell for CSV: text that a spreadsheet would take for a formula is set off by an apostrophe. Numbers and
    telephone numbers such as +1 416 555 0100 stay as they are."""
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    text = str(cell)
    return f"'{text}" if opens_a_formula(text) else text


def to_csv(headings: Sequence[object], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as CSV that spreadsheets open in the right encoding."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(cell) for cell in headings])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BOM_UTF8 + out.getvalue().encode()


def to_excel(sheet: str, headings: Sequence[object], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as a workbook of one sheet: text is written as text, so none of it is a formula. What is no number
    (NaN, infinity) leaves its cell empty: a workbook has no way to write it."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate((headings, *rows)):
            for column, cell in enumerate(cells):
                if isinstance(cell, bool) or not isinstance(cell, int | float):
                    page.write_string(number, column, "" if cell is None else str(cell))
                elif isfinite(cell):
                    page.write_number(number, column, cell)
    return out.getvalue()
