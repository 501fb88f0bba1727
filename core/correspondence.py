"""The same facility under another regulation: answers carried over by core/law/corresponding_items.toml.

What has no counterpart is left out of the answers: unknown there, never false.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from core.answers import Answer
from core.law_files import LAW, load, only, row
from core.legislation import law
from core.points import PointSystem


@dataclass(frozen=True)
class AnyOf:
    """An item of the first regulation that stands for several of the second."""

    item: str
    of: tuple[str, ...]
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two types of facility under two regulations whose items correspond by name, but for these."""

    regulations: tuple[str, str]
    facility_types: tuple[str, str]
    any_of: tuple[AnyOf, ...] = ()
    differ: tuple[str, ...] = ()


def corresponding_types(facility_type: str, regulation: str) -> tuple[tuple[str, str], ...]:
    """The (regulation, facility type) pairs to which answers can be carried over."""
    here = (regulation, facility_type)
    found = []
    for pair in pairs():
        first, second = zip(pair.regulations, pair.facility_types, strict=True)
        if here == first:
            found.append(second)
        if here == second:
            found.append(first)
    return tuple(found)


def carry_over(
    answers: Mapping[str, Answer], source: tuple[str, str], target: tuple[str, str]
) -> dict[str, Answer]:
    """Answers under `source` (regulation, facility type) as answers under `target`.

    Raises ValueError when the two do not correspond.
    """
    pair, forward = _pair(source, target)
    there = law(target[0]).points(target[1])
    shared = (set(law(source[0]).points(source[1]).keys) & set(there.keys)) - set(pair.differ)
    carried = {key: answer for key, answer in answers.items() if key in shared and _is_answer(key, answer, there)}
    for one in pair.any_of:
        carried |= _split(one, answers) if forward else _joined(one, answers)
    return carried


def not_carried_over(
    answers: Mapping[str, Answer], source: tuple[str, str], target: tuple[str, str]
) -> tuple[str, ...]:
    """The keys of the answers under `source` that say nothing under `target`."""
    carried = carry_over(answers, source, target)
    pair, _ = _pair(source, target)
    told = {one.item for one in pair.any_of if carried.keys() & {one.item, *one.of}}
    told |= {key for one in pair.any_of if one.item in told for key in one.of}
    given = [key for key, answer in answers.items() if answer is not None]
    return tuple(key for key in given if key not in carried and key not in told)


def readings_between(source: tuple[str, str], target: tuple[str, str]) -> tuple[str, ...]:
    """The readings on which the map between two types of facility rests."""
    pair, _ = _pair(source, target)
    return tuple(dict.fromkeys(reading for one in pair.any_of for reading in one.readings))


@cache
def pairs() -> tuple[Pair, ...]:
    """Every pair on file."""
    path = LAW / "corresponding_items.toml"
    data = load(path)
    only(data, {"pair"}, str(path))
    return tuple(
        row(
            Pair,
            table,
            str(path),
            any_of=tuple(row(AnyOf, one, str(path)) for one in table.get("any_of", [])),
        )
        for table in data["pair"]
    )


def _pair(source: tuple[str, str], target: tuple[str, str]) -> tuple[Pair, bool]:
    for pair in pairs():
        first, second = zip(pair.regulations, pair.facility_types, strict=True)
        if (source, target) == (first, second):
            return pair, True
        if (source, target) == (second, first):
            return pair, False
    raise ValueError(f"no items of {source} correspond to items of {target}")


def _is_answer(key: str, answer: Answer, there: PointSystem) -> bool:
    """Whether a chosen row exists there; a row without counterpart is unknown."""
    group = next((group for group in there.groups if group.name == key), None)
    return group is None or answer in {*(item.id for item in group.items), *(["none"] if group.none else [])}


def _split(one: AnyOf, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """None of the several holds where the one does not; where it does, which of them is unknown."""
    return dict.fromkeys(one.of, False) if answers.get(one.item) is False else {}


def _joined(one: AnyOf, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The one holds where any of the several does, and does not where none does."""
    several = [answers.get(key) for key in one.of]
    if True in several:
        return {one.item: True}
    return {one.item: False} if all(answer is False for answer in several) else {}
