"""Classification of facilities by points.

O. Reg. 129/04, s. 3 (2) and Sched. 1 to 1.2; O. Reg. 435/93, s. 3 and Sched. 1; O. Reg. 128/04, s. 2 (2) and
Sched. 1 to 1.3. Only the Director classifies a facility; this says what the tables come to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain

from core.answers import Answer, Answered, Worksheet, read_answers, worksheet
from core.completions import Line, Settled, settle_items
from core.findings import Citation, Finding, Question, Verdict
from core.legislation import Classes, Law, law
from core.points import Item, PointSystem
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
    def possible_classes(self) -> tuple[str, ...]:
        """The classes that the range touches, lowest first."""
        touched = (self.classes.of(points) for points in range(self.lowest, self.highest + 1))
        return tuple(dict.fromkeys(touched))

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
    parts = _settle(sheet, read)
    errors = [*read.errors, *chain.from_iterable(part.errors for part in parts)]
    if errors:
        lowest, highest = _whole_range(sheet)
        return Classification(facility_type, on_day, classes, lowest, highest, None, errors=tuple(errors))
    lowest = sum([part.lowest for part in parts])
    highest = sum([part.highest for part in parts])
    lines = tuple(chain.from_iterable([part.lines for part in parts]))
    lines += _nothing(sheet, read, lines)
    expected = tuple(question for question, keys in _expecting(sheet) if _stands_alone(question, keys, answers))
    facility_class = classes.of(lowest)
    if facility_class == classes.of(highest):
        return Classification(facility_type, on_day, classes, lowest, highest, facility_class, lines, expected)
    questions = (*_most_telling(parts), *expected)
    return Classification(facility_type, on_day, classes, lowest, highest, None, lines, questions)


def _settle(sheet: Worksheet, read: Answered) -> list[Settled]:
    """Every rule and every handful of items, settled as far as the answers go."""
    rules = [settle_whole_units(rule, read.measures, sheet.system.measures) for rule in sheet.system.whole_units]
    known, value = read.known, read.value
    return rules + [settle_items(tied, known & tied.mask, value & tied.mask) for tied in sheet.handfuls]


def _nothing(sheet: Worksheet, read: Answered, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A line of no points, with the readings it rests on, for each group of which a measure leaves no row."""
    measured = [
        (decided.group, name, value) for name, value in read.measures.items() for decided in sheet.decided[name]
    ]
    if not measured:
        return ()
    speak = {group for line in lines for group in line.group.split("+")}
    found: dict[str, Line] = {}
    for group, name, value in measured:
        if group.name not in speak | found.keys():
            measure = sheet.system.measures[name]
            because = Sentence(
                "{label}: {value} {unit}, so no row holds", label=measure.label, value=value, unit=measure.unit
            )
            found[group.name] = Line(group.name, name, 0, group.items[0].citation, 0, because, group.readings)
    return tuple(found.values())


@lru_cache(maxsize=1024)
def _ready(facility_type: str, regulation: str, on: date | None) -> tuple[Worksheet, Law, Classes]:
    on_day = law(regulation, on)
    return worksheet(on_day.points(facility_type)), on_day, on_day.classes()


@cache
def _whole_range(sheet: Worksheet) -> tuple[int, int]:
    """The least and the most points of a facility of which nothing is known."""
    parts = _settle(sheet, Answered())
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


def classified_as(classification: Classification, facility_class: str) -> Finding:
    """129/04, s. 3 (2) and Sched. 1: whether the points make a class ("I" to "IV").

    Below it stand the provisions that the points come from, each MET where it gave or took points.
    """
    on_day = classification.law
    verdict, because = _class_verdict(classification, facility_class)
    needs = classification.questions if verdict is Verdict.UNKNOWN else ()
    sections = on_day.points(classification.facility_type).sections
    steps = [
        Finding(citation, verdict, because, until=on_day.ends)
        for citation in (*sections, classification.classes.citation)
    ]
    sources = () if classification.errors else _sources(classification)
    citation = on_day.topic("classes")
    readings = classification.readings
    return Finding(citation, verdict, because, (*steps, *sources), needs, readings, until=on_day.ends)


def _class_verdict(classification: Classification, facility_class: str) -> tuple[Verdict, Sentence]:
    if classification.errors:
        return Verdict.UNKNOWN, Sentence("The answers contradict: {first}", first=classification.errors[0])
    lowest, highest, possible = classification.lowest, classification.highest, classification.possible_classes
    points = Sentence("{lowest}", lowest=lowest)
    if lowest != highest:
        points = Sentence("{lowest} to {highest}", lowest=lowest, highest=highest)
    because = Sentence("Points: {points}; Class {possible}.", points=points, possible=" or ".join(possible))
    if facility_class not in possible:
        return Verdict.NOT_MET, because
    return (Verdict.MET if len(possible) == 1 else Verdict.UNKNOWN), because


def _sources(classification: Classification) -> tuple[Finding, ...]:
    """One finding for each provision that gives points, in the order of the law, with its rows as parts."""
    on_day = classification.law
    system = on_day.points(classification.facility_type)
    rules = {group.name: group.rule for group in system.groups if group.rule}
    cited = [rule.citation for rule in (*system.whole_units, *system.caps)]
    cited += [*rules.values(), *(item.citation for item in system.items)]
    row_of = {citation: on_day.regulation.provision(citation).citation for citation in cited}
    parts: dict[Citation, list[Finding]] = {row_of[citation]: [] for citation in sorted(cited)}
    for line in classification.lines:
        for citation in {row_of[line.citation], row_of[rules.get(line.group, line.citation)]}:
            parts[citation].append(_line_finding(line, on_day))
    for item in _denied(system, classification.lines):
        because = Sentence("Not so: {item}.", item=item.label)
        absent = Finding(item.citation, Verdict.NOT_MET, because, until=on_day.ends)
        parts[row_of[item.citation]].append(absent)
    return tuple(_source(citation, tuple(found), on_day) for citation, found in parts.items())


def _denied(system: PointSystem, lines: tuple[Line, ...]) -> list[Item]:
    """The items that certainly do not hold: not among the lines, and nothing open in their group."""
    holding = {(line.group, line.item) for line in lines}
    open_groups = {group for line in lines if line.highest > line.points for group in line.group.split("+")}
    return [
        item for item in system.items if (item.group, item.id) not in holding and item.group not in open_groups
    ]


def _line_finding(line: Line, on_day: Law) -> Finding:
    """MET where points are given or taken, UNKNOWN where they may be, NOT_MET where they are left out."""
    may_be = Verdict.UNKNOWN if line.highest else Verdict.NOT_MET
    verdict = Verdict.MET if line.points else may_be
    return Finding(line.citation, verdict, line.because, readings=line.readings, until=on_day.ends)


def _source(citation: Citation, parts: tuple[Finding, ...], on_day: Law) -> Finding:
    verdict = min((part.verdict for part in parts), key=list(_GAVE).index, default=Verdict.NOT_MET)
    because = Sentence("{citation}: rows that give points {verdict}.", citation=citation, verdict=verdict.value)
    return Finding(citation, verdict, because, parts, until=on_day.ends)


# A provision gave points when any of its rows did, and may have when any may.
_GAVE = {
    Verdict.MET: Sentence("Points come from this provision."),
    Verdict.UNKNOWN: Sentence("Points may come from this provision."),
    Verdict.NOT_MET: Sentence("No points come from this provision."),
}
