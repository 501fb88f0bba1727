"""A shift log on paper, each page with the number and the hash of the chain's head, and its entries in Excel."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import font_roboto
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.log_chain import Entry
from core.places import local
from core.sentences import clock, in_english
from core.shifts import Shift
from db.paper import printable
from db.services.log_reading import Found, Printed
from ui import exports, shift_log

_HEADINGS = (
    "Entry", "Shift", "Happened", "Happened (UTC)", "Written", "Kind", "What", "Given by", "Action", "Conclusions",
    "Operators", "Author", "Written as", "Late", "Corrects", "Reason", "Corrected", "Hash",
)  # fmt: skip


class _Paper(FPDF):
    """Letter, with the facility and the head of the chain on every page, and page x of y."""

    def __init__(self, log: Printed) -> None:
        super().__init__(format="Letter")
        self._log = log
        self.set_title(f"Shift log of {log.facility}")
        self.set_lang("en-CA")
        self.add_font("Roboto", fname=font_roboto.Roboto)
        self.add_font("Roboto", style="B", fname=font_roboto.RobotoBold)
        self.set_auto_page_break(True, margin=20)
        self.alias_nb_pages()
        self.add_page()

    def header(self) -> None:
        log = self._log
        self.line_of(
            f"Shift log of {log.facility}. Printed on {shift_log.when(log.made_at, log.zone)}.", 9, bold=True
        )
        self.line_of(f"Last entry of the log: {log.head.number}, hash {log.head.hash or 'none'}", 7)
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Roboto", "", 9)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")

    def line_of(self, text: str, size: float = 10, *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def pdf(log: Printed) -> bytes:
    """The shifts as a PDF to print."""
    paper = _Paper(log)
    paper.line_of("Shift log", 18, bold=True)
    paper.line_of(_days(log))
    if not log.shifts:
        paper.line_of("No shift in the log began on these days.")
    for shift in log.shifts:
        paper.ln(4)
        paper.line_of(shift_log.name_of(shift, log.zone), 13, bold=True)
        for entry in shift.entries:
            _entry(paper, shift, entry, log.zone)
    return bytes(paper.output())


def file_name(first: date) -> str:
    """The name of the file with the shifts from a day on."""
    return f"shift-log-{first.isoformat()}.pdf"


def excel(found: Found) -> bytes:
    """Entries as a workbook; text is never a formula."""
    return exports.to_excel("Shift log", _HEADINGS, (tuple(_row(one, found)) for one in found.listing.rows))


def _days(log: Printed) -> str:
    last = log.days.last or log.days.start
    first = log.days.start
    if first == last:
        return f"Shifts that began on {in_english(first)}."
    return f"Shifts that began from {in_english(first)} through {in_english(last)}."


def _entry(paper: _Paper, shift: Shift, entry: Entry, zone: str) -> None:
    stands = entry in shift.standing
    paper.ln(2)
    paper.line_of(f"{entry.number}. {entry.kind.label}, {shift_log.when(entry.happened_at, zone)}", bold=True)
    for line in shift_log.said(entry.content, entry.kind):
        paper.line_of(line)
    paper.line_of(" ".join(shift_log.remarks(entry, zone, late=shift.is_late(entry), corrected=not stands)), 8)


def _row(entry: Entry, found: Found) -> Iterator[object]:
    content = entry.content
    yield from (entry.number, entry.shift)
    yield from (_moment(entry.happened_at, found), f"{entry.happened_at.astimezone(UTC):%Y-%m-%d %H:%M}")
    yield from (_moment(entry.made_at, found), entry.kind.label)
    yield "Nothing to report" if content.nothing else content.text
    yield from (content.by, content.action, content.conclusions, ", ".join(content.operators))
    yield from (entry.author_name, entry.standing.label, "yes" if entry.number in found.late else "")
    yield from (entry.corrects, entry.reason)
    yield from ("yes" if entry.number in found.corrected else "", entry.hash)


def _moment(moment: datetime, found: Found) -> str:
    there = local(moment, found.zone)
    return f"{there:%Y-%m-%d} {clock(there)}"
