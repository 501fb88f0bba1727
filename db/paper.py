"""Documents on paper: A4 with the title and the date on every page, facts and plain tables, page x of y."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

import font_roboto
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.sentences import in_english

_GAP = 6  # mm between the title and the day above each page
_WITH_ITS_TABLE = 50  # mm that a heading needs: itself, the columns' names and a row of six lines
_RULE = 204  # the grey of table rules, as on the screen
_HEADING = (242, 242, 242)  # behind the names of columns
_SIZE, _LINE, _PADDING = 9, 4.5, 1  # of tables: type in pt, a line and what is above and below a row in mm
_LEAST_LINES = 2  # of a row that goes on on the next page


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
        self._widths: dict[tuple[str, str], float] = {}
        self.set_title(document.title)
        self.set_lang("en-CA")
        self.add_font("Roboto", fname=font_roboto.Roboto)
        self.add_font("Roboto", style="B", fname=font_roboto.RobotoBold)
        self.set_auto_page_break(True, margin=20)
        self.set_draw_color(_RULE)
        self.alias_nb_pages()
        self.add_page()
        self._top = self.y

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

    def table_of(self, table: Table) -> None:
        """A plain table, its columns named anew on each page; a row stands on one page where it can."""
        widths = [self.epw * one / sum(table.widths) for one in table.widths]
        named = self._broken(table.columns, widths, "B")
        self._row(named, widths, ("LEFT",) * len(widths), heading=True)
        aligned, deepest = _aligned(table), (self.page_break_trigger - self._top) / _LINE
        for cells in table.rows:
            lines = self._broken(cells, widths, "")
            while any(lines):
                deep = max(map(len, lines))
                room = max(0, int((self.page_break_trigger - self.y - 2 * _PADDING) / _LINE))
                if room < min(deep, _LEAST_LINES) or room < deep < deepest - len(max(named, key=len)) - 2:
                    self.add_page()
                    self._row(named, widths, ("LEFT",) * len(widths), heading=True)
                    continue
                self._row([one[:room] for one in lines], widths, aligned)
                lines = [one[room:] for one in lines]

    def _row(
        self,
        cells: Sequence[Sequence[str]],
        widths: Sequence[float],
        aligned: Sequence[str],
        *,
        heading: bool = False,
    ) -> None:
        """The lines of each cell of a row, and the rule below it."""
        self.set_font("Roboto", "B" if heading else "", _SIZE)
        top, left = self.y, self.l_margin
        height = _LINE * max(map(len, cells)) + 2 * _PADDING
        if heading:
            self.set_fill_color(*_HEADING)
            self.rect(left, top, self.epw, height, style="F")
        for lines, width, align in zip(cells, widths, aligned, strict=True):
            for number, line in enumerate(lines):
                self.set_xy(left, top + _PADDING + _LINE * number)
                self.cell(width, _LINE, line, align=align)
            left += width
        self.line(self.l_margin, top + height, left, top + height)
        self.set_xy(self.l_margin, top + height)

    def _broken(self, cells: Sequence[str | int], widths: Sequence[float], style: str) -> list[list[str]]:
        """The text of each cell in lines that its column has room for. fpdf2 adds up a line anew for each of its
        characters, which takes seconds for a pack; here each word is measured once."""
        self.set_font("Roboto", style, _SIZE)
        rooms = [width - 2 * self.c_margin for width in widths]
        return [
            [line for part in printable(str(cell)).split("\n") for line in self._lines(part, room, style)]
            for cell, room in zip(cells, rooms, strict=True)
        ]

    def _lines(self, text: str, room: float, style: str) -> Iterator[str]:
        line, used, space = "", 0.0, self._width(" ", style)
        for word in text.split(" "):
            while self._width(word, style) > room:  # longer than a line: broken where it has to be
                if line:
                    yield line
                    line = ""
                fits = next(n for n in range(len(word), 0, -1) if n == 1 or self._width(word[:n], style) <= room)
                yield word[:fits]
                word = word[fits:]
            width = self._width(word, style)
            if line and used + space + width > room:
                yield line
                line = ""
            line, used = (f"{line} {word}", used + space + width) if line else (word, width)
        yield line

    def _width(self, word: str, style: str) -> float:
        """The width of a word (mm) in the style that is set."""
        key = (word, style)
        if key not in self._widths:
            self._widths[key] = self.get_string_width(word)
        return self._widths[key]


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
        paper.table_of(table)
    paper.ln(6)
    paper.line_of(document.closing, bold=True)
    return bytes(paper.output())


def _aligned(table: Table) -> tuple[str, ...]:
    """Numbers to the right."""
    first = table.rows[0] if table.rows else table.columns
    return tuple("RIGHT" if isinstance(cell, int) else "LEFT" for cell in first)


def printable(text: str) -> str:
    """The text, with the lines that it has; what the typeface lacks is a question mark, never nothing."""
    return "".join(
        sign if sign == "\n" or ord(sign) in _signs() else "?" for sign in text.replace("\u202f", "\u00a0")
    )


@cache
def _signs() -> frozenset[int]:
    """What the typeface can print."""
    return frozenset(TTFont(font_roboto.Roboto).getBestCmap())
