"""Cases as Markdown tables: headings name what is tested, each row is one case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from core.findings import NOT_YET

CASES = Path(__file__).parent / "cases"


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


def cases(name: str) -> Iterator[Case]:
    """Every case of a file under tests/core/cases."""
    heading, columns = "", []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
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


def parametrized(name: str) -> pytest.MarkDecorator:
    """The cases of a file as parameters of a test, named by their first column."""
    found = list(cases(name))
    assert found, f"{name} has no cases"
    names = [f"{case.heading}: {next(iter(case.cells.values()))}".strip(": ") for case in found]
    return pytest.mark.parametrize("case", found, ids=names)


def facts(text: str) -> dict[str, object]:
    """Read "population_served = 5000; raw_waste = toxic_discharges"."""
    pairs = (pair.split("=") for pair in text.split(";") if pair.strip())
    return {key.strip(): value(text_of.strip()) for key, text_of in pairs}


def value(text: str) -> object:
    """A value as a case writes it: yes, no, not yet, unknown, a day, a number, or a word."""
    words = {"yes": True, "no": False, "not yet": NOT_YET, "unknown": None}
    if text in words:
        return words[text]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return text
