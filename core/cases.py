"""Cases as Markdown tables in core/law/cases: the portal shows them as examples, and the tests prove them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.findings import NOT_YET
from core.law_files import LAW

CASES = LAW / "cases"
_QUOTED = re.compile("`([^`]*)`")  # a word of the tables
_WORDS: dict[str, object] = {"yes": True, "no": False, "not yet": NOT_YET, "unknown": None}


@dataclass(frozen=True)
class Case:
    """One row: the heading above its table, and its cells by column."""

    heading: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def facts(self) -> dict[str, object]:
        """The cell "facts" or "answers": `key = value` parted by semicolons."""
        return facts(self.cells.get("facts") or self.cells.get("answers") or "")


def files() -> dict[str, str]:
    """The names of the files of cases, with the title that each has on top."""
    return {path.name: path.read_text("utf-8").splitlines()[0].lstrip("# ") for path in sorted(CASES.glob("*.md"))}


def granted(name: str) -> dict[str, str]:
    """What the cases of a file take for granted, by the heading that it stands under; "" for the whole file."""
    found: dict[str, str] = {}
    heading = ""
    for line in (CASES / name).read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
        elif line.strip() and not line.startswith(("#", "|")):
            said = _QUOTED.sub(r"“\1”", line.strip())
            found[heading] = f"{found[heading]} {said}" if heading in found else said
    return found


def cases(name: str) -> Iterator[Case]:
    """Every case of a file, in its order."""
    heading = ""
    columns: list[str] = []
    for line in (CASES / name).read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading, columns = line[3:].strip(), []
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not columns:
                columns = cells
            elif not set(line) <= set("|- "):
                yield Case(heading, dict(zip(columns, cells, strict=True)))
        else:
            columns = []


def facts(text: str) -> dict[str, object]:
    """Read "population_served = 5000; raw_waste = toxic_discharges"."""
    pairs = (pair.split("=") for pair in text.split(";") if pair.strip())
    return {key.strip(): _value(text_of.strip()) for key, text_of in pairs}


def _value(text: str) -> object:
    """A value as a case writes it: yes, no, not yet, unknown, a day, a number, or a word."""
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return Decimal(text)
    return text
