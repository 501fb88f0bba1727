"""What a ministry's inspection asks of a facility, each question with the findings that answer it.

The questions follow O. Reg. 129/04, ss. 4, 13 to 21 and 23, and O. Reg. 435/93 where that governs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from functools import cache

from core import records, responsibility
from core.calendar import Span
from core.citations import Citation
from core.findings import Finding, Verdict

_Key = tuple[str, int | None]
NEAR = timedelta(days=90)  # what falls due within these days is shown before what stands


class Topic(Enum):
    """The questions, in the order in which an inspection asks them."""

    CLASSIFIED = "Is the facility classified, and does its certificate hang where it must?"
    OVERALL = "Was an overall responsible operator designated, licensed for the class of the facility?"
    STAND_IN = "Did an adequately licensed person take the place of whoever was absent, within the days allowed?"
    IN_CHARGE = "Was an operator-in-charge designated, and is the time in charge on record?"
    LICENSED = "Did every operator hold the licence required, and is it displayed?"
    ADJUSTMENTS = "Did only licensed or authorized people make adjustments, and log them?"
    LOGS = "Are the logs complete and at hand?"
    MANUALS = "Are the manuals at hand, complete and current?"
    TRAINED = "Was every operator trained?"
    DISRUPTED = "In a strike or an emergency, was the Director told in time, by a plan, a notice and a report?"


CLASSIFIED = "classified"  # what a finding of section 4 is about
_TOPICS: Mapping[str, Topic] = {
    CLASSIFIED: Topic.CLASSIFIED,
    responsibility.About.OVERALL: Topic.OVERALL,
    responsibility.About.NOTICE: Topic.STAND_IN,
    responsibility.About.STRIKE_PLAN: Topic.DISRUPTED,
    responsibility.About.EMERGENCY_NOTICE: Topic.DISRUPTED,
    responsibility.About.EMERGENCY_REPORT: Topic.DISRUPTED,
    responsibility.About.IN_CHARGE: Topic.IN_CHARGE,
    responsibility.About.TIME: Topic.IN_CHARGE,
    responsibility.About.POWERS: Topic.IN_CHARGE,
    responsibility.About.LICENSED: Topic.LICENSED,
    responsibility.About.DISPLAYED: Topic.LICENSED,
    records.About.SAFE: Topic.ADJUSTMENTS,
    records.About.MONITORED: Topic.ADJUSTMENTS,
    records.About.ADJUSTMENTS: Topic.ADJUSTMENTS,
    records.About.STATUS: Topic.ADJUSTMENTS,
    records.About.LOG: Topic.LOGS,
    records.About.ORDER: Topic.LOGS,
    records.About.ACCESSIBLE: Topic.LOGS,
    records.About.SHIFT: Topic.LOGS,
    records.About.MANUALS: Topic.MANUALS,
    records.About.REVIEWED: Topic.MANUALS,
    records.About.TRAINING: Topic.TRAINED,
    records.About.EXEMPTION: Topic.TRAINED,
    records.About.REQUEST: Topic.TRAINED,
}


def topic_of(about: str) -> Topic:
    """The question that a finding helps to answer."""
    return _TOPICS[about]


class Place(StrEnum):
    """Where an answer stands on the page: what is wrong first, what stands last."""

    WRONG = "wrong"
    DUE = "due"
    UNKNOWN = "unknown"
    STANDS = "stands"
    NOT_APPLICABLE = "not applicable"


_PLACES = {
    Verdict.NOT_MET: Place.WRONG,
    Verdict.UNKNOWN: Place.UNKNOWN,
    Verdict.DIRECTOR: Place.UNKNOWN,
    Verdict.MET: Place.STANDS,
    Verdict.NOT_APPLICABLE: Place.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class Answer:
    """A finding that answers a question: of which facts (`about`), and of whom; None and "": of the facility.

    of: who acts where the facility's answer turns on that, the overall responsible operator of the day.
    """

    topic: Topic
    about: str
    finding: Finding
    person: int | None = None
    name: str = ""
    of: int | None = None

    @property
    def key(self) -> _Key:
        """What tells it from the other answers of a day."""
        return self.about, self.person

    @property
    def near(self) -> date | None:
        """The day on which it falls due, or may be another; None where time changes nothing."""
        return self.finding.due or self.finding.until


def place_of(answer: Answer, on: date) -> Place:
    """What is open and can still be met, or may end within 90 days, falls due; the rest goes by its verdict."""
    place = _PLACES[answer.finding.verdict]
    if place is Place.STANDS and answer.near is not None and on <= answer.near <= on + NEAR:
        return Place.DUE
    return place


def placed(answers: Iterable[Answer], on: date) -> Mapping[Place, tuple[Answer, ...]]:
    """The answers of a day by place, in the order of the questions; what falls due in the order of its days."""
    order = list(Topic)
    by_topic = sorted(answers, key=lambda one: order.index(one.topic))
    found = {place: tuple(one for one in by_topic if place_of(one, on) is place) for place in Place}
    found[Place.DUE] = tuple(sorted(found[Place.DUE], key=lambda one: one.near or date.max))
    return found


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which one answer stands, as found on the last of them.

    counted: whether it was said in other words on the first of them: a sentence that counts days or hours.
    """

    span: Span
    answer: Answer
    counted: bool = False


def over_time(period: Span, ask: Callable[[date], Iterable[Answer]]) -> tuple[Stretch, ...]:
    """The answers of every day of a period, days in a row of which the same is found made one: in the order of the
    questions, then of those they are about, then of the days.

    ask: the answers of a day. It is asked on the first day, again whenever one of them may be another, and on the
    last day of each stretch. Raises ValueError for a period without end.
    """
    if period.end is None:
        raise ValueError("a period that is inspected has a last day")

    @cache
    def asked(day: date) -> Mapping[_Key, Answer]:
        return {one.key: one for one in ask(day)}

    order, begun, found = list(Topic), dict[_Key, Stretch](), list[Stretch]()
    day = period.start
    while day < period.end:
        answers = asked(day)
        untils = [one.finding.until for one in answers.values()]
        after = min((until for until in untils if until is not None and until > day), default=period.end)
        span = Span(day, min(after, period.end))
        for key in begun.keys() - answers.keys():
            found.append(begun.pop(key))
        for key, one in answers.items():
            before = begun.get(key)
            if before is not None and _same(before.answer, one):
                begun[key] = Stretch(Span(before.span.start, span.end), before.answer)
                continue
            if before is not None:
                found.append(before)
            begun[key] = Stretch(span, one)
        day = min(after, period.end)
    found += begun.values()
    return tuple(
        sorted(
            (_as_of_its_last_day(one, asked) for one in found),
            key=lambda one: (order.index(one.answer.topic), one.answer.name, one.answer.about, one.span.start),
        )
    )


def _same(one: Answer, other: Answer) -> bool:
    """Whether two days' answers are one: of the same verdict, by the same provision, resting on the same."""
    return one.of == other.of and list(_rests_on(one.finding)) == list(_rests_on(other.finding))


def _rests_on(finding: Finding) -> Iterator[tuple[Citation, Verdict]]:
    """The provisions by which it is found, those of its parts that decide: another way that is not known, beside
    one that is met, changes nothing."""
    yield finding.citation, finding.verdict
    alike = [part for part in finding.parts if part.verdict is finding.verdict]
    for part in alike or finding.parts:
        yield from _rests_on(part)


def _as_of_its_last_day(one: Stretch, asked: Callable[[date], Mapping[_Key, Answer]]) -> Stretch:
    said = asked(one.span.last or one.span.start).get(one.answer.key, one.answer)
    first, last = one.answer.finding, said.finding
    return Stretch(one.span, said, counted=(str(first.because), first.due) != (str(last.because), last.due))
