"""Which points are possible: every consistent way to complete what has been answered.

Items are settled together where one requires or excludes another, where one row is chosen, where only the
greatest counts, or where a cap lies over them. Such a handful has few consistent completions: they are listed
once, and the range for any answers is the least and the most points among those that agree with them. So
every consistent completion lies in the range, and both its ends are reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, reduce
from itertools import product
from operator import and_

from core.citations import Citation
from core.findings import Question
from core.points import NONE, Cap, Group, Item, PointSystem
from core.sentences import Sentence


@dataclass(frozen=True)
class Line:
    """Points of one row or rule: `points` count for certain, `highest` may count; zero where left out."""

    group: str
    item: str
    points: int
    citation: Citation
    highest: int
    because: Sentence
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenQuestion:
    """A question with the points of the range that any answer, and that the best answer, would remove."""

    question: Question
    surely: int
    at_best: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What the answers say about items settled together; errors where they contradict one another."""

    lowest: int
    highest: int
    lines: tuple[Line, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    errors: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Completion:
    """One consistent way: the bits of the items that hold, and their points."""

    holding: int
    points: int


@dataclass(frozen=True, eq=False)
class Tied:
    """Items that must be settled together, and every consistent completion of them.

    Every item of a point system has a bit of its own; `bits` has those of these items, `mask` all of them.
    """

    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    bits: Mapping[str, int]
    mask: int
    cap: Cap | None
    completions: tuple[Completion, ...]

    def holding(self, bits: int) -> list[Item]:
        """The items whose bits are set."""
        return [item for item in self.items if bits & self.bits[item.key]]

    def agreeing(self, known: int, value: int) -> list[Completion]:
        """The completions in which the items of `known` are as in `value`."""
        return [one for one in self.completions if one.holding & known == value]


def tie(system: PointSystem) -> tuple[Tied, ...]:
    """The items of a point system in handfuls that are settled together, in the order of the tables."""
    handfuls: list[set[str]] = []
    for bound in _bound_together(system):
        touched = [handful for handful in handfuls if handful & bound]
        handfuls = [handful for handful in handfuls if not handful & bound]
        handfuls.append(bound.union(*touched))
    bits = {item.key: 1 << place for place, item in enumerate(system.items)}
    handfuls.sort(key=lambda handful: min(bits[key] for key in handful))
    return tuple(_tied(system, bits, handful) for handful in handfuls)


def _bound_together(system: PointSystem) -> Iterable[set[str]]:
    for item in system.items:
        yield {item.key, *item.excludes, *([item.requires] if item.requires else [])}
    for group in system.groups:
        if group.kind != "each":
            yield {item.key for item in group.items}
    for cap in system.caps:
        yield {item.key for item in system.items if item.group in cap.groups}


def _tied(system: PointSystem, all_bits: Mapping[str, int], handful: set[str]) -> Tied:
    items = tuple(item for item in system.items if item.key in handful)
    bits = {item.key: all_bits[item.key] for item in items}
    names = {item.group for item in items}
    groups = tuple(group for group in system.groups if group.name in names)
    cap = next((cap for cap in system.caps if names & set(cap.groups)), None)
    completions = []
    for pattern in product((False, True), repeat=len(items)):
        holding = [item for item, holds in zip(items, pattern, strict=True) if holds]
        if _consistent(groups, holding):
            held = sum(bits[item.key] for item in holding)
            completions.append(Completion(held, points_of(groups, cap, holding)))
    return Tied(groups, items, bits, sum(bits.values()), cap, tuple(completions))


def _consistent(groups: tuple[Group, ...], holding: list[Item]) -> bool:
    keys = {item.key for item in holding}
    if any(item.requires and item.requires not in keys for item in holding):
        return False
    if any(keys.intersection(item.excludes) for item in holding):
        return False
    chosen = [(group, sum(item.group == group.name for item in holding)) for group in groups]
    return all(count == 1 or (count == 0 and group.none) for group, count in chosen if group.kind == "choose_one")


def points_of(groups: tuple[Group, ...], cap: Cap | None, holding: Sequence[Item]) -> int:
    """The points of the items that hold: all of a group or its greatest, and no more than the cap."""
    total = 0
    for group in groups:
        points = [item.points for item in holding if item.group == group.name]
        total += max(points, default=0) if group.kind == "greatest" else sum(points)
    return total if cap is None else min(total, cap.at_most)


@cache
def settle_items(tied: Tied, known: int, value: int) -> Settled:
    """The range, the lines and the open questions of items settled together.

    `known` has the bits of the items that are answered, `value` those that hold. Kept once computed: the
    patterns of answers to so few items are few.
    """
    agreeing = tied.agreeing(known, value)
    if not agreeing:
        return Settled(0, 0, errors=tuple(_contradictions(tied, known, value)))
    lowest = min(one.points for one in agreeing)
    highest = max(one.points for one in agreeing)
    return Settled(
        lowest,
        highest,
        tuple(_lines(tied, agreeing, lowest, highest)),
        tuple(_questions(tied, known, value, highest - lowest)),
    )


def _contradictions(tied: Tied, known: int, value: int) -> Iterable[Sentence]:
    labels = {item.key: item.label for item in tied.items}
    holds = {item.key for item in tied.holding(value)}
    denied = {item.key for item in tied.holding(known & ~value)}
    for item in tied.holding(value):
        if item.requires in denied:
            yield Sentence("“{item}” cannot hold without “{other}”.", item=item.label, other=labels[item.requires])
        for other in holds.intersection(item.excludes):
            yield Sentence("“{item}” and “{other}” contradict each other.", item=item.label, other=labels[other])


def _lines(tied: Tied, agreeing: list[Completion], lowest: int, highest: int) -> Iterable[Line]:
    certain = reduce(and_, (one.holding for one in agreeing))
    lines = [line for group in tied.groups for line in _certain_lines(group, tied.holding(certain))]
    counted = sum(line.points for line in lines)
    if tied.cap and counted > tied.cap.at_most:
        lines.append(_cap_line(tied.cap, counted))
        counted = tied.cap.at_most
    yield from lines
    if highest > counted:
        yield _open_line(tied, certain, lowest - counted, highest - counted)


def _certain_lines(group: Group, holding: list[Item]) -> Iterable[Line]:
    items = [item for item in holding if item.group == group.name]
    greatest = max(items, key=lambda item: item.points, default=None) if group.kind == "greatest" else None
    for item in items:
        if greatest is None or item is greatest:
            because = Sentence("{item}: {points}", item=item.label, points=item.points)
            yield Line(group.name, item.id, item.points, item.citation, item.points, because, group.readings)
            continue
        left_out = Sentence(
            "{item}: {points}, left out because only the greatest row counts ({rule})",
            item=item.label,
            points=item.points,
            rule=group.rule,
        )
        yield Line(group.name, item.id, 0, item.citation, 0, left_out, group.readings)


def _cap_line(cap: Cap, counted: int) -> Line:
    because = Sentence("{points} points, of which at most {most} count", points=counted, most=cap.at_most)
    over = cap.at_most - counted
    return Line("+".join(cap.groups), "", over, cap.citation, over, because)


def _open_line(tied: Tied, certain: int, lowest: int, highest: int) -> Line:
    """What the items that are still open may add."""
    open_items = [item for item in tied.items if not certain & tied.bits[item.key]]
    item = open_items[0].id if len(open_items) == 1 else ""
    because = Sentence("Not answered: {lowest} to {highest} points", lowest=lowest, highest=highest)
    group = "+".join(dict.fromkeys(item.group for item in open_items))
    readings = tuple(dict.fromkeys(reading for group in tied.groups for reading in group.readings))
    return Line(group, item, lowest, open_items[0].citation, highest, because, readings)


def _questions(tied: Tied, known: int, value: int, width: int) -> Iterable[OpenQuestion]:
    for group in tied.groups:
        for key, label, asked, answers in possible_answers(tied, group):
            if asked & known:
                continue
            widths = [
                max(one.points for one in agreeing) - min(one.points for one in agreeing)
                for answer in answers.values()
                if (agreeing := tied.agreeing(known | asked, value | answer))
            ]
            if min(widths) < width:
                yield _open_question(key, label, width - max(widths), width - min(widths))


Answers = dict[bool | float | Decimal | str, int]


def possible_answers(tied: Tied, group: Group) -> Iterable[tuple[str, str, int, Answers]]:
    """The keys of a group within `tied`: key, words, the bits it settles, and the bits set by each answer."""
    items = [item for item in tied.items if item.group == group.name]
    if group.kind != "choose_one":
        for item in items:
            bit = tied.bits[item.key]
            yield item.key, item.label, bit, {True: bit, False: 0}
        return
    answers: Answers = {item.id: tied.bits[item.key] for item in items}
    if group.none:
        answers[NONE] = 0
    yield group.name, group.label, sum(tied.bits[item.key] for item in items), answers


def _open_question(key: str, label: str, surely: int, at_best: int) -> OpenQuestion:
    asks = Sentence("{label}? Points that depend on it: {points}.", label=label, points=at_best)
    return OpenQuestion(Question(key, asks), surely, at_best)
