"""Points for whole units: population, flow, size and piping.

O. Reg. 129/04, Sched. 1.2, s. 1, rules 1 and 2, and their twins. Part of a unit gives nothing (reading R1).
"""

from collections.abc import Mapping
from decimal import Decimal

from core.completions import Line, OpenQuestion, Settled
from core.findings import Question
from core.points import GreatestOf, Measure, Shares, Unit
from core.sentences import Sentence


def settle_whole_units(
    rule: GreatestOf | Shares, values: Mapping[str, Decimal], measures: Mapping[str, Measure]
) -> Settled:
    """The points of a rule for the measures that are known, as a range when some are not."""
    if isinstance(rule, Shares):
        return _settle_shares(rule, values, measures)
    return _settle_greatest(rule, values, measures)


def _settle_greatest(rule: GreatestOf, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> Settled:
    """The greatest of the measures counts; one that is not known may be greater still."""
    known = [unit for unit in rule.units if unit.measure in values]
    unknown = [unit.measure for unit in rule.units if unit.measure not in values]
    greatest = max(known, key=lambda unit: values[unit.measure] // unit.per, default=None)
    lowest = 0 if greatest is None else min(_units(greatest, values[greatest.measure]), rule.at_most)
    lines = []
    for unit in known:
        measure, value = measures[unit.measure], values[unit.measure]
        lines.append(
            _counted(rule, unit, measure, value, lowest)
            if unit is greatest
            else _left_out(rule, unit, measure, value)
        )
    if not unknown or lowest == rule.at_most:
        return Settled(lowest, lowest, tuple(lines))
    width = rule.at_most - lowest
    surely = width if len(unknown) == 1 else 0
    return Settled(
        lowest,
        rule.at_most,
        (*lines, _open_line(rule, unknown, 0, width)),
        tuple(_question(measures[name], surely, width) for name in unknown),
    )


def _settle_shares(rule: Shares, values: Mapping[str, Decimal], measures: Mapping[str, Measure]) -> Settled:
    """The shares of one measure add up."""
    measure = measures[rule.units[0].measure]
    if measure.name in values:
        shares = [(unit, _share(rule, unit, values[measure.name])) for unit in rule.units]
        lines = tuple(_counted(rule, unit, measure, share, _units(unit, share)) for unit, share in shares)
        points = sum(line.points for line in lines)
        return Settled(points, points, lines)
    # A share that is no whole number gives the same points as a whole one beside it.
    totals = [
        sum(_units(unit, _share(rule, unit, Decimal(share))) for unit in rule.units)
        for share in range(rule.whole + 1)
    ]
    lowest, highest = min(totals), max(totals)
    question = _question(measure, highest - lowest, highest - lowest)
    return Settled(lowest, highest, (_open_line(rule, [measure.name], lowest, highest),), (question,))


def _share(rule: Shares, unit: Unit, value: Decimal) -> Decimal:
    return rule.whole - value if unit.rest else value


def _units(unit: Unit, value: Decimal) -> int:
    units = int(value // unit.per)
    return units if unit.at_most is None else min(units, unit.at_most)


def _counted(rule: GreatestOf | Shares, unit: Unit, measure: Measure, value: Decimal, points: int) -> Line:
    because = Sentence(
        "{label}{rest}: {value} {unit}, points for whole units of {per}: {points}",
        label=measure.label,
        rest=" (the rest)" if unit.rest else "",
        value=value,
        unit=measure.unit,
        per=unit.per,
        points=points,
    )
    return Line(rule.name, unit.measure, points, rule.citation, points, because, rule.readings)


def _left_out(rule: GreatestOf, unit: Unit, measure: Measure, value: Decimal) -> Line:
    because = Sentence(
        "{label}: {value} {unit}, left out because only the greatest counts",
        label=measure.label,
        value=value,
        unit=measure.unit,
    )
    return Line(rule.name, unit.measure, 0, rule.citation, 0, because, rule.readings)


def _open_line(rule: GreatestOf | Shares, unknown: list[str], lowest: int, highest: int) -> Line:
    because = Sentence("Not answered: {lowest} to {highest} points", lowest=lowest, highest=highest)
    item = unknown[0] if len(unknown) == 1 else ""
    return Line(rule.name, item, lowest, rule.citation, highest, because, rule.readings)


def _question(measure: Measure, surely: int, at_best: int) -> OpenQuestion:
    asks = Sentence(
        "{label}, in {unit}? Points that depend on it: {points}.",
        label=measure.label,
        unit=measure.unit,
        points=at_best,
    )
    return OpenQuestion(Question(measure.name, asks), surely, at_best)
