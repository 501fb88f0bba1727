"""Documents to be kept: the same content as PDF (A4) and as Excel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO

import font_roboto
import streamlit as st
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as ExcelSheet

from core.sentences import in_english
from ui import exports

_RULE = 204  # the grey of table rules, as on the screen
_HEADING = FontFace(emphasis="BOLD", fill_color=(242, 242, 242))
_NO_NAME_OF_A_SHEET = str.maketrans("", "", "[]:*?/\\")  # as Excel has it; 31 letters at most
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Table:
    """A heading, columns with their widths in parts of the page, and rows; `name` is its sheet's in Excel."""

    name: str
    heading: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True)
class Document:
    """What stands on it: `facts` name what it is about, then its tables; `file` is the name of its file."""

    title: str
    file: str
    made_on: date
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    closing: str

    @property
    def file_name(self) -> str:
        return f"{self.file}-{self.made_on.isoformat()}"


# --- PDF ----------------------------------------------------------------------------------------------------


class _Paper(FPDF):
    """A4 with the title and the date on every page, and page x of y."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self._document = document
        self.set_title(document.title)
        self.set_lang("en-CA")
        self.add_font("Roboto", fname=font_roboto.Roboto)
        self.add_font("Roboto", style="B", fname=font_roboto.RobotoBold)
        self.set_auto_page_break(True, margin=20)
        self.set_draw_color(_RULE)
        self.alias_nb_pages()
        self.add_page()

    def header(self) -> None:
        self.set_font("Roboto", "B", 9)
        self.cell(0, 6, self._document.title)
        self.set_font("Roboto", "", 9)
        self.set_x(self.l_margin)
        self.cell(0, 6, f"Made on {in_english(self._document.made_on)}", align="R")
        self.ln(10)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Roboto", "", 9)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")

    def line_of(self, text: str, size: float = 10, *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


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


def pdf(document: Document) -> bytes:
    """The document as a PDF to print."""
    paper = _Paper(document)
    paper.line_of(document.title, 18, bold=True)
    paper.ln(2)
    for name, value in document.facts:
        paper.line_of(f"{name}: {value}")
    for table in document.tables:
        paper.ln(4)
        paper.line_of(table.heading, 13, bold=True)
        paper.ln(1)
        paper.set_font("Roboto", "", 9)
        with paper.table(
            col_widths=table.widths,
            text_align=_aligned(table),
            borders_layout="HORIZONTAL_LINES",
            headings_style=_HEADING,
            line_height=4.5,
            padding=1,
        ) as drawn:
            for cells in (table.columns, *table.rows):
                drawn.row([printable(str(cell)) for cell in cells])
    paper.ln(6)
    paper.line_of(document.closing, bold=True)
    return bytes(paper.output())


def _aligned(table: Table) -> tuple[str, ...]:
    """Numbers to the right."""
    first = table.rows[0] if table.rows else table.columns
    return tuple("RIGHT" if isinstance(cell, int) else "LEFT" for cell in first)


def printable(text: str) -> str:
    """The text with what the typeface lacks as a question mark, never as nothing."""
    return "".join(sign if ord(sign) in _signs() else "?" for sign in text.replace("\u202f", "\u00a0"))


@cache
def _signs() -> frozenset[int]:
    """What the typeface can print."""
    return frozenset(TTFont(font_roboto.Roboto).getBestCmap())


# --- Excel --------------------------------------------------------------------------------------------------


def excel(document: Document) -> bytes:
    """The document as a workbook: one sheet for the facts, one for each table. Text is never a formula."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
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
            _write(page, (table.columns, *table.rows), bold, plain)
            page.freeze_panes(1, 0)
    return out.getvalue()


def _write(page: ExcelSheet, rows: Iterable[tuple[str | int, ...]], bold: Format, plain: Format) -> None:
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            style = plain if number else bold
            if isinstance(cell, int):
                page.write_number(number, column, cell, style)
            else:
                page.write_string(number, column, cell, style)
