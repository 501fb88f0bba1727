"""Many facilities at once: the rows of a table, with the contract's keys as columns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from numbers import Real

from core.answers import Answer
from core.classification import Classification, classify
from core.legislation import law

_UNKNOWN = {"", "not sure", "unknown"}
_YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class BatchRow:
    """A row as it came in, its number in the table from 1, and its classification."""

    number: int
    given: Mapping[str, object]
    classification: Classification


def classify_rows(
    facility_type: str, rows: Iterable[Mapping[str, object]], *, regulation: str, on: date | None = None
) -> Iterator[BatchRow]:
    """Classify every row of a table as `classify` does one; a row's faults, in its errors, stop no other.

    Cells are read as people write them: numbers as text, yes and no; an empty cell or NaN is unknown.
    Columns that are no keys are not read. Raises ValueError and NotOnFile for the table as `classify` does.
    """
    system = law(regulation, on).points(facility_type)
    keys, measures = frozenset(system.keys), system.measures
    for number, row in enumerate(rows, start=1):
        answers = {key: read_cell(cell, key in measures) for key, cell in row.items() if key in keys}
        yield BatchRow(number, row, classify(facility_type, answers, regulation=regulation, on=on))


def read_cell(cell: object, is_measure: bool) -> Answer:
    """A cell of a table as an answer, a number as it is written there; what makes no sense stays text, for
    `classify` to refuse in words."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, Real) and cell != cell:  # NaN alone is not itself
        return None
    return _read_text(str(cell).strip(), is_measure)


@lru_cache(maxsize=4096)
def _read_text(text: str, is_measure: bool) -> Answer:
    word = text.casefold()
    if word in _UNKNOWN:
        return None
    number = _number(text)
    if is_measure:
        return text if number is None else number
    return _YES_OR_NO.get(word if number is None else str(number.normalize()), text)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
