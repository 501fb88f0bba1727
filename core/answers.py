"""Reading the answers to the calculator's questions: keys, kinds, and measures against items."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial
from numbers import Rational, Real

from core.completions import Answers, Tied, possible_answers, tie
from core.points import Decides, Group, Measure, MeasuredBy, PointSystem
from core.sentences import Sentence

Answer = bool | int | float | Decimal | str | None

# With no more decimals the arithmetic of shares and whole units is exact.
_MOST_DECIMALS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key's answer goes: the bits it settles, and the bits that hold by each answer."""

    settles: int
    answers: Answers
    label: str


@dataclass(frozen=True)
class Decided:
    """What a measure decides: `bits` gives the bits that hold at a value, None where it does not tell."""

    group: Group
    place: Place
    bits: Callable[[Decimal], int | None]
    agrees_with: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Worksheet:
    """A point system made ready for answers: its items in handfuls, the place of every key, and what each
    measure decides."""

    system: PointSystem
    handfuls: tuple[Tied, ...]
    places: Mapping[str, Place]
    decided: Mapping[str, tuple[Decided, ...]]


@dataclass
class Answered:
    """What has been answered: the bits known, those that hold, values of measures, and what contradicts."""

    known: int = 0
    value: int = 0
    measures: dict[str, Decimal] = field(default_factory=dict)
    errors: list[Sentence] = field(default_factory=list)


@cache
def worksheet(system: PointSystem) -> Worksheet:
    """The worksheet of a point system, made once."""
    handfuls = tie(system)
    places = {
        key: Place(settles, answers, label)
        for tied in handfuls
        for group in tied.groups
        for key, label, settles, answers in possible_answers(tied, group)
    }
    decided = {name: tuple(_decided_by(name, system, places)) for name in system.measures}
    return Worksheet(system, handfuls, places, decided)


def _decided_by(measure: str, system: PointSystem, places: Mapping[str, Place]) -> Iterable[Decided]:
    for group in system.groups:
        by = group.measured_by
        if by is not None and by.measure == measure:
            place = places[group.name]
            agrees_with = frozenset(place.answers[item] for item in by.agrees_with)
            yield Decided(group, place, partial(_bits_of_band, place, by), agrees_with)
        for item in group.items:
            for decides in item.decided_by:
                if decides.measure == measure:
                    place = places[item.key]
                    yield Decided(group, place, partial(_bits_of_item, place, decides))


def _bits_of_band(place: Place, by: MeasuredBy, value: Decimal) -> int:
    return place.answers[by.item_at(value)]


def _bits_of_item(place: Place, decides: Decides, value: Decimal) -> int | None:
    holds = decides.holds(value)
    return None if holds is None else place.answers[holds]


def read_answers(sheet: Worksheet, answers: Mapping[str, Answer]) -> Answered:
    """The answers in their places; missing ones and None stay open.

    Raises ValueError for NaN or infinity; every other fault becomes an error in words.
    """
    read = Answered()
    places, known, value = sheet.places, 0, 0
    for key, answer in answers.items():
        place = places.get(key)
        if place is None:
            _read_other(sheet, key, answer, read)
        elif answer is not None:
            bits = place.answers.get(answer)
            if bits is None:
                read.errors.append(_no_answer(place, key, answer))
                continue
            known |= place.settles
            value |= bits
    read.known, read.value = known, value
    _compare_measures(sheet.system, read)
    _decide_by_measures(sheet, read)
    return read


def _no_answer(place: Place, key: str, answer: bool | float | Decimal | str) -> Sentence:
    _refuse_infinite(key, answer)
    choices = ", ".join(str(choice) for choice in place.answers)
    return Sentence(
        "{key}: {answer} is no answer; expected one of {choices}.",
        key=key,
        answer=repr(answer),
        choices=choices,
    )


def _read_other(sheet: Worksheet, key: str, answer: Answer, read: Answered) -> None:
    _refuse_infinite(key, answer)
    measure = sheet.system.measures.get(key)
    if measure is None:
        read.errors.append(_unknown_key(key, sheet.system))
    elif answer is not None:
        _read_measure(measure, answer, read)


def _refuse_infinite(key: str, answer: Answer) -> None:
    if isinstance(answer, float | Decimal) and not Decimal(answer).is_finite():
        raise ValueError(f"{key} is {answer}: give a number, or None where it is not known")


def _read_measure(measure: Measure, answer: bool | float | Decimal | str, read: Answered) -> None:
    if isinstance(answer, bool) or not isinstance(answer, Real | Decimal):
        wrong = Sentence("{label}: {answer} is not a number.", label=measure.label, answer=repr(answer))
        read.errors.append(wrong)
        return
    value = _exact(answer)
    if fault := _fault(measure, value):
        read.errors.append(fault)
        return
    read.measures[measure.name] = value


def _exact(number: Real | Decimal) -> Decimal:
    """The number as it was written: 29.7 is 29.7, not the nearest binary fraction."""
    if isinstance(number, Decimal):
        return number or Decimal(0)
    if isinstance(number, int):
        return Decimal(number)
    if isinstance(number, Rational):
        return Decimal(int(number.numerator)) / Decimal(int(number.denominator))
    return Decimal(repr(float(number)))


def _fault(measure: Measure, value: Decimal) -> Sentence | None:
    """What is wrong with a number, which is named as it was written: it may be too long to be written out."""
    named = {"label": measure.label, "value": str(value)}
    if value < 0:
        return Sentence("{label}: {value} is negative.", **named)
    if value > measure.at_most:
        most = Sentence("{most} {unit}", most=measure.at_most, unit=measure.unit)
        return Sentence("{label}: {value} is more than {most}. Correct the number.", **named, most=most)
    if measure.whole and value != value.to_integral_value():
        return Sentence("{label}: {value} is not a whole number.", **named)
    if _decimals(value) > _MOST_DECIMALS:
        return Sentence("{label}: {value} has more than {most} decimals. Round it.", **named, most=_MOST_DECIMALS)
    return None


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - infinity and NaN have been refused
    return -exponent


def _unknown_key(key: str, system: PointSystem) -> Sentence:
    nearest = get_close_matches(key, system.keys, n=1, cutoff=0)
    return Sentence("Unknown key {key}; the nearest is {nearest}.", key=key, nearest=nearest[0])


def _compare_measures(system: PointSystem, read: Answered) -> None:
    """A measure cannot be less than one that is part of it."""
    for name, value in read.measures.items():
        measure = system.measures[name]
        part = read.measures.get(measure.includes) if measure.includes else None
        if measure.includes and part is not None and part > value:
            contradiction = Sentence(
                "{label}: {value} is less than {part} for {other}, which is part of it.",
                label=measure.label,
                value=value,
                part=part,
                other=system.measures[measure.includes].label,
            )
            read.errors.append(contradiction)


def _decide_by_measures(sheet: Worksheet, read: Answered) -> None:
    """Measures settle the items they decide, and contradict other answers to them."""
    for name, value in read.measures.items():
        for decided in sheet.decided[name]:
            bits = decided.bits(value)
            if bits is not None and not _agrees(decided, bits, read):
                read.errors.append(_contradiction(sheet.system.measures[name], value, decided.place))


def _agrees(decided: Decided, bits: int, read: Answered) -> bool:
    """Settle what is still open; otherwise whether the answer given is the one decided."""
    place = decided.place
    if not read.known & place.settles:
        read.known |= place.settles
        read.value |= bits
        return True
    answered = read.value & place.settles
    return answered == bits or answered in decided.agrees_with


def _contradiction(measure: Measure, value: Decimal, place: Place) -> Sentence:
    return Sentence(
        "{label}: {value} contradicts the answer to “{item}”.",
        label=measure.label,
        value=value,
        item=place.label,
    )
