"""Documents on paper: A4 with the title and the date on every page, facts and plain tables, page x of y."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

import font_roboto
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from core.sentences import in_english

_GAP = 6  # mm between the title and the day above each page
_WITH_ITS_TABLE = 50  # mm that a heading needs: itself, the columns' names and a row of six lines
_RULE = 204  # the grey of table rules, as on the screen
_HEADING = FontFace(emphasis="BOLD", fill_color=(242, 242, 242))


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


def to_values(document: Document) -> dict[str, Any]:
    """The document as JSON can keep it."""
    return asdict(document) | {"made_on": document.made_on.isoformat()}


def from_values(values: Mapping[str, Any]) -> Document:
    """The document of which these are the values."""
    tables = tuple(
        Table(
            one["name"],
            one["heading"],
            tuple(one["columns"]),
            tuple(one["widths"]),
            tuple(tuple(row) for row in one["rows"]),
        )
        for one in values["tables"]
    )
    return Document(
        values["title"],
        values["file"],
        date.fromisoformat(values["made_on"]),
        tuple((name, said) for name, said in values["facts"]),
        tables,
        values["closing"],
    )


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
        made = f"Made on {in_english(self._document.made_on)}"
        self.set_font("Roboto", "", 9)
        room = self.epw - self.get_string_width(made) - _GAP
        self.set_font("Roboto", "B", 9)
        self.cell(room, 6, self._cut(printable(self._document.title), room))
        self.set_font("Roboto", "", 9)
        self.set_x(self.l_margin)
        self.cell(0, 6, made, align="R")
        self.ln(10)

    def _cut(self, text: str, room: float) -> str:
        """The text, or as much of it as there is room for (mm), in the font that is set."""
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(f"{text}…") > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Roboto", "", 9)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")

    def line_of(self, text: str, size: float = 10, *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def pdf(document: Document) -> bytes:
    """The document as a PDF to print."""
    paper = _Paper(document)
    paper.line_of(document.title, 18, bold=True)
    paper.ln(2)
    for name, value in document.facts:
        paper.line_of(f"{name}: {value}")
    for table in document.tables:
        paper.ln(4)
        if paper.will_page_break(_WITH_ITS_TABLE):
            paper.add_page()
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
