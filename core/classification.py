"""Classification of facilities by points.

O. Reg. 129/04, s. 3 (2) and Sched. 1 to 1.2; O. Reg. 435/93, s. 3 and Sched. 1; O. Reg. 128/04, s. 2 (2) and
Sched. 1 to 1.3. Only the Director classifies a facility; this says what the tables come to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from core.answers import Answer, Worksheet, read_answers, worksheet
from core.completions import Line, Settled, settle_items
from core.findings import Question
from core.legislation import Classes, Law, law
from core.sentences import Sentence
from core.whole_units import settle_whole_units


@dataclass(frozen=True)
class Classification:
    """What the points of a facility come to.

    lowest, highest: the points as a range over every consistent completion of the answers, in points.
    facility_class: "I" to "IV", or None while the range spans two classes or the answers contradict.
    lines: every point with its citation, also what a cap or a "greatest" left out; they add up to the range.
    questions: what could still change the class, the most telling first.
    errors: contradictory answers, in words. The answers are then set aside: the range is that of a facility
    of which nothing is known.
    """

    facility_type: str
    law: Law
    classes: Classes
    lowest: int
    highest: int
    facility_class: str | None
    lines: tuple[Line, ...] = ()
    questions: tuple[Question, ...] = ()
    errors: tuple[Sentence, ...] = ()

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings on which the points rest."""
        return tuple(dict.fromkeys(reading for line in self.lines for reading in line.readings))

    @property
    def points_to_next_class(self) -> int | None:
        """How many more points than the lowest make the next class; None in the highest."""
        return self.classes.points_to_next(self.lowest)


def classify(
    facility_type: str, answers: Mapping[str, Answer], *, regulation: str, on: date | None = None
) -> Classification:
    """The points and the class of a facility under a regulation on a day (without a day: its newest version).

    facility_type: wastewater_collection, wastewater_treatment, water_distribution,
    water_distribution_and_supply or water_treatment. regulation: "129/04", "435/93" or "128/04".
    answers: measures by name; choose_one groups by name with an item's id or "none"; other items as
    "group.item" with True or False. A missing key or None is unknown, never false.

    Raises ValueError for a type the regulation does not classify, for NaN and infinity; NotOnFile for a day
    without law on file. Contradictory answers do not raise: see Classification.errors.
    """
    sheet, on_day, classes = _ready(facility_type, regulation, on)
    read = read_answers(sheet, answers)
    parts = [
        settle_whole_units(rule, read.measures, sheet.system.measures) for rule in sheet.system.whole_units
    ]
    parts += [
        settle_items(tied, known, value)
        for tied, known, value in zip(sheet.handfuls, read.known, read.value, strict=True)
    ]
    errors = (*read.errors, *(error for part in parts for error in part.errors))
    if errors:
        lowest, highest = _whole_range(sheet)
        return Classification(facility_type, on_day, classes, lowest, highest, None, errors=errors)
    lowest = sum(part.lowest for part in parts)
    highest = sum(part.highest for part in parts)
    lines = tuple(line for part in parts for line in part.lines)
    facility_class = classes.of(lowest)
    expected = tuple(
        question for question, keys in _expecting(sheet) if _stands_alone(question, keys, answers)
    )
    if facility_class == classes.of(highest):
        return Classification(
            facility_type, on_day, classes, lowest, highest, facility_class, lines, expected
        )
    questions = (*_most_telling(parts), *expected)
    return Classification(facility_type, on_day, classes, lowest, highest, None, lines, questions)


@lru_cache(maxsize=1024)
def _ready(facility_type: str, regulation: str, on: date | None) -> tuple[Worksheet, Law, Classes]:
    on_day = law(regulation, on)
    return worksheet(on_day.points(facility_type)), on_day, on_day.classes()


@cache
def _whole_range(sheet: Worksheet) -> tuple[int, int]:
    """The least and the most points of a facility of which nothing is known."""
    parts = [settle_whole_units(rule, {}, sheet.system.measures) for rule in sheet.system.whole_units]
    parts += [settle_items(tied, 0, 0) for tied in sheet.handfuls]
    return sum(part.lowest for part in parts), sum(part.highest for part in parts)


def _most_telling(parts: list[Settled]) -> tuple[Question, ...]:
    """Questions by the points that any answer removes from the range, then by those the best one does."""
    open_questions = [one for part in parts for one in part.questions]
    open_questions.sort(key=lambda one: (one.surely, one.at_best), reverse=True)
    return tuple(one.question for one in open_questions)


@cache
def _expecting(sheet: Worksheet) -> tuple[tuple[Question, tuple[str, ...]], ...]:
    """Items beside which a row of another group is to be expected: the question to ask, and those rows."""
    asks = "“{item}”: which, as none of the listed kinds holds?"
    return tuple(
        (
            Question(item.key, Sentence(asks, item=item.label)),
            tuple(other.key for other in sheet.system.items if other.group == item.expects),
        )
        for item in sheet.system.items
        if item.expects
    )


def _stands_alone(question: Question, beside: tuple[str, ...], answers: Mapping[str, Answer]) -> bool:
    """Whether an item holds although every row expected beside it is denied."""
    return answers.get(question.key) is True and all(answers.get(key) is False for key in beside)
