"""Documents to be kept: the same content as PDF (A4; db.paper) and as Excel."""

from collections.abc import Callable, Iterable
from io import BytesIO

import streamlit as st
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as ExcelSheet

from db.paper import Document as Document
from db.paper import Table as Table
from db.paper import pdf as pdf
from ui import exports

_NO_NAME_OF_A_SHEET = str.maketrans("", "", "[]:*?/\\")  # as Excel has it; 31 letters at most
_LONGEST_NAME = 31


def buttons(file_name: str, make: Callable[[], Document], *, primary: bool = True, key: str | None = None) -> None:
    """The document to download as PDF and as Excel, made once somebody asks for it; key: tells apart the buttons
    of several documents of a page."""
    with st.container(horizontal=True):
        st.download_button(
            "Download as PDF",
            lambda: pdf(make()),
            f"{file_name}.pdf",
            "application/pdf",
            on_click="ignore",
            type="primary" if primary else "secondary",
            key=key and f"{key}-pdf",
        )
        st.download_button(
            "Download as Excel",
            lambda: excel(make()),
            f"{file_name}.xlsx",
            exports.EXCEL,
            on_click="ignore",
            key=key and f"{key}-excel",
        )


def excel(document: Document) -> bytes:
    """The document as a workbook: one sheet for the facts, one for each table, under its heading.

    Text is never a formula.
    """
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True})  # not wrapped: it runs on over the columns beside it
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        result = book.add_worksheet("Result")
        result.set_column(0, 0, 24)
        result.set_column(1, 1, 80)
        made = ("Made on", document.made_on.isoformat())
        facts = [(document.title, ""), made, *document.facts, ("Note", document.closing)]
        for number, (name, value) in enumerate(facts):
            result.write_string(number, 0, name, bold)
            result.write_string(number, 1, value, plain)
        for table in document.tables:
            page = book.add_worksheet(table.name.translate(_NO_NAME_OF_A_SHEET)[:_LONGEST_NAME])
            for number, width in enumerate(table.widths):
                page.set_column(number, number, max(12, 160 * width // sum(table.widths)))
            page.write_string(0, 0, table.heading, title)
            _write(page, (table.columns, *table.rows), bold, plain)
            page.freeze_panes(2, 0)
    return out.getvalue()


def _write(page: ExcelSheet, rows: Iterable[tuple[str | int, ...]], bold: Format, plain: Format) -> None:
    """The columns of a table and its rows, below its heading."""
    for number, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            style = plain if number > 1 else bold
            if isinstance(cell, int):
                page.write_number(number, column, cell, style)
            else:
                page.write_string(number, column, cell, style)
