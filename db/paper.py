"""What is printed: an A4 page with the title and the day on each, facts and plain tables, page x of y."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import font_roboto
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from core.sentences import in_english

_RULE = 204  # the grey of table rules, as on the screen
_HEADING = FontFace(emphasis="BOLD", fill_color=(242, 242, 242))


@dataclass(frozen=True)
class Table:
    """A table under its heading. widths: of the columns, in proportion; columns of numbers stand right."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | int]]
    widths: tuple[int, ...]


class Paper(FPDF):
    """A4 with the title and the date on every page, and page x of y."""

    def __init__(self, title: str, made_on: date) -> None:
        super().__init__(format="A4")
        self._title, self._made_on = title, made_on
        self.set_title(title)
        self.set_lang("en-CA")
        self.add_font("Roboto", fname=font_roboto.Roboto)
        self.add_font("Roboto", style="B", fname=font_roboto.RobotoBold)
        self.set_auto_page_break(True, margin=20)
        self.set_draw_color(_RULE)
        self.alias_nb_pages()
        self.add_page()
        self.line_of(title, 18, bold=True)
        self.ln(2)

    def header(self) -> None:
        self.set_font("Roboto", "B", 9)
        self.cell(0, 6, self._title)
        self.set_font("Roboto", "", 9)
        self.set_x(self.l_margin)
        self.cell(0, 6, f"Made on {in_english(self._made_on)}", align="R")
        self.ln(10)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Roboto", "", 9)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")

    def line_of(self, text: str, size: float = 10, *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, _printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def table_of(self, one: Table) -> None:
        self.ln(4)
        self.line_of(one.heading, 13, bold=True)
        self.ln(1)
        self.set_font("Roboto", "", 9)
        numbers = [all(isinstance(row[place], int) for row in one.rows) for place in range(len(one.columns))]
        with self.table(
            col_widths=one.widths,
            text_align=tuple("RIGHT" if right else "LEFT" for right in numbers),
            borders_layout="HORIZONTAL_LINES",
            headings_style=_HEADING,
            line_height=4.5,
            padding=1,
        ) as table:
            for cells in (one.columns, *one.rows):
                table.row([_printable(in_english(cell)) for cell in cells])


def _printable(text: str) -> str:
    """The text with what the typeface lacks as a question mark, never as nothing."""
    return "".join(sign if ord(sign) in _signs() else "?" for sign in text.replace("\u202f", "\u00a0"))


@cache
def _signs() -> frozenset[int]:
    """What the typeface can print."""
    return frozenset(TTFont(font_roboto.Roboto).getBestCmap())
