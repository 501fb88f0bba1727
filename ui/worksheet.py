"""The worksheet of a calculation on paper."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.answers import Answer
from core.classification import Classification
from core.facilities import FacilityType
from core.sentences import in_english
from ui import calculator, points
from ui.findings import reading_of
from ui.paper import Document, Table

Rows = tuple[tuple[str | int, ...], ...]


def of(result: Classification, answers: Mapping[str, Answer], made_on: date, facility_name: str = "") -> Document:
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
    tables = (
        Table("Answers", "Answers", ("Group", "Question", "Answer"), (24, 46, 30), _answers(result, answers)),
        Table(
            "Points", "Points, line by line", ("Line", "At least", "At most", "Citation"), (50, 9, 9, 36),
            _lines(result),
        ),
        _list("Contradictions", "What contradicts", (str(error) for error in result.errors)),
        _list("Still open, the most telling first", "Question", (str(one.asks) for one in result.questions)),
        _list("Readings", "How the text is read", (reading_of(id) for id in result.readings)),
    )  # fmt: skip
    closing = (
        f"Only the Director classifies a facility ({on_day.topic('classification')}). This worksheet says what "
        "the tables of the regulation come to with these answers; it is no certificate."
    )
    return Document(
        "Facility classification worksheet",
        "worksheet",
        made_on,
        tuple(fact for fact in facts if fact[1]),
        tuple(table for table in tables if table.rows),
        closing,
    )


def _list(heading: str, column: str, lines: Iterable[str]) -> Table:
    return Table(heading.split(",")[0], heading, (column,), (1,), tuple((line,) for line in lines))


def _answers(result: Classification, answers: Mapping[str, Answer]) -> Rows:
    return tuple(
        (section.label, one.label, one.shown(answers.get(one.key)))
        for section in calculator.sections(result.law.points(result.facility_type))
        for one in section.questions
    )


def _lines(result: Classification) -> Rows:
    system = result.law.points(result.facility_type)
    rows: list[tuple[str | int, ...]] = [
        (points.line_in_words(line, system), line.points, line.highest, str(line.citation))
        for line in result.lines
    ]
    if rows:
        rows.append(("In all", result.lowest, result.highest, ""))
    return tuple(rows)
