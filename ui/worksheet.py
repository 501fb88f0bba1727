"""The worksheet of a calculation on paper: the same content as PDF (A4) and as Excel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet as ExcelSheet

from core.answers import Answer
from core.classification import Classification
from core.facilities import FacilityType
from core.sentences import in_english
from db.paper import Paper
from db.paper import Table as PaperTable
from ui import calculator, points
from ui.findings import reading_of

Table = tuple[tuple[str, ...], list[tuple[str | int, ...]]]


@dataclass(frozen=True)
class Worksheet:
    """What stands on it: `facts` name the result, `tables` have a heading, columns and rows."""

    title: str
    facility_name: str
    made_on: date
    facts: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, Table], ...]
    closing: str

    @property
    def file_name(self) -> str:
        return f"worksheet-{self.made_on.isoformat()}"


def of(result: Classification, answers: Mapping[str, Answer], made_on: date, facility_name: str = "") -> Worksheet:
    """The worksheet of a classification and the answers it rests on; `made_on` is the day it is made."""
    on_day = result.law
    facts = [
        ("Facility", facility_name),
        ("Type of facility", FacilityType(result.facility_type).label),
        ("Total", points.points_in_words(result)),
        ("Class by points", points.class_in_words(result)),
        ("Next class", points.distance_in_words(result)),
        ("Law", f"O. Reg. {on_day.regulation.number}, {on_day.regulation.title}"),
        ("Version", f"{on_day.version.name}, text last checked on {in_english(on_day.version.checked)}"),
        ("As of", in_english(on_day.on)),
    ]
    tables: tuple[tuple[str, Table], ...] = (
        ("Answers", _answers(result, answers)),
        ("Points, line by line", _lines(result)),
        ("Contradictions", (("What contradicts",), [(str(error),) for error in result.errors])),
        ("Still open, the most telling first", (("Question",), [(str(one.asks),) for one in result.questions])),
        ("Readings", (("How the text is read",), [(reading_of(id),) for id in result.readings])),
    )
    closing = (
        f"Only the Director classifies a facility ({on_day.topic('classification')}). This worksheet says what "
        "the tables of the regulation come to with these answers; it is no certificate."
    )
    return Worksheet(
        "Facility classification worksheet",
        facility_name,
        made_on,
        tuple(fact for fact in facts if fact[1]),
        tuple((heading, table) for heading, table in tables if table[1]),
        closing,
    )


def _answers(result: Classification, answers: Mapping[str, Answer]) -> Table:
    rows: list[tuple[str | int, ...]] = [
        (section.label, one.label, one.shown(answers.get(one.key)))
        for section in calculator.sections(result.law.points(result.facility_type))
        for one in section.questions
    ]
    return ("Group", "Question", "Answer"), rows


def _lines(result: Classification) -> Table:
    system = result.law.points(result.facility_type)
    rows: list[tuple[str | int, ...]] = [
        (points.line_in_words(line, system), line.points, line.highest, str(line.citation))
        for line in result.lines
    ]
    if rows:
        rows.append(("In all", result.lowest, result.highest, ""))
    return ("Line", "At least", "At most", "Citation"), rows


# --- PDF ----------------------------------------------------------------------------------------------------


_WIDTHS = {1: (1,), 3: (24, 46, 30), 4: (50, 9, 9, 36)}


def pdf(sheet: Worksheet) -> bytes:
    """The worksheet as a PDF to print."""
    paper = Paper(sheet.title, sheet.made_on)
    for name, value in sheet.facts:
        paper.line_of(f"{name}: {value}")
    for heading, (columns, rows) in sheet.tables:
        paper.table_of(PaperTable(heading, columns, rows, _WIDTHS[len(columns)]))
    paper.ln(6)
    paper.line_of(sheet.closing, bold=True)
    return bytes(paper.output())


# --- Excel --------------------------------------------------------------------------------------------------


def excel(sheet: Worksheet) -> bytes:
    """The worksheet as a workbook: one sheet for the result, one for each table. Text is never a formula."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        result = book.add_worksheet("Result")
        result.set_column(0, 0, 24)
        result.set_column(1, 1, 80)
        facts = [(sheet.title, ""), ("Made on", sheet.made_on.isoformat()), *sheet.facts, ("Note", sheet.closing)]
        for number, (name, value) in enumerate(facts):
            result.write_string(number, 0, name, bold)
            result.write_string(number, 1, value, plain)
        for heading, (columns, rows) in sheet.tables:
            page = book.add_worksheet(heading.split(",")[0])
            for number, column in enumerate(columns):
                page.set_column(number, number, 12 if column.startswith("At ") else 60)
            _write(page, (columns, *rows), bold, plain)
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
