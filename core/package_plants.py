"""Package plants, whose points the Director may reduce.

O. Reg. 129/04, Sched. 1, s. 3; O. Reg. 435/93, Sched. 1, s. 5; O. Reg. 128/04, Sched. 1, s. 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.classification import Classification
from core.facts import Amount, compared, stated
from core.findings import Decision, Finding, Verdict, all_of, settle
from core.legislation import Law
from core.sentences import Sentence


@dataclass(frozen=True)
class PackagePlant:
    """What is known of a plant's making; None where it is not known. The flow is in m3 a day."""

    complete_unit: bool | None = None
    preassembled: bool | None = None
    modules: int | None = None
    design_flow_m3_per_day: Amount | None = None


@dataclass(frozen=True)
class Reduced:
    """The points and the class after a reduction, and the finding that allows it."""

    lowest: int
    highest: int
    facility_class: str | None
    finding: Finding


def is_package_plant(plant: PackagePlant, law: Law) -> Finding:
    """Made as a complete unit, preassembled, delivered in few modules, of small design flow."""
    citation = law.topic("package_plant")
    complete = Sentence("The plant was manufactured as a complete unit.")
    preassembled = Sentence("The plant was preassembled.")
    return all_of(
        citation,
        stated(law, citation, "complete_unit", complete, plant.complete_unit),
        stated(law, citation, "preassembled", preassembled, plant.preassembled),
        compared(law, plant.modules, "at most", law.limit("package_modules"), "Modules delivered", "modules"),
        compared(
            law,
            plant.design_flow_m3_per_day,
            "at most",
            law.limit("package_design_flow"),
            "Design flow",
            "design_flow_m3_per_day",
        ),
    )


def reduction(plant: PackagePlant, law: Law, decisions: Iterable[Decision] = ()) -> Finding:
    """Whether the points may be reduced: a package plant, and the Director satisfied that it needs less."""
    citation = law.topic("package_reduction")
    needs_less = Finding(
        citation,
        Verdict.DIRECTOR,
        Sentence("Whether the plant needs less operation than others is for the Director to say."),
        until=law.ends,
    )
    return all_of(citation, is_package_plant(plant, law), settle(needs_less, decisions, law.on))


def reduced(classification: Classification, finding: Finding, points: int) -> Reduced:
    """The classification with the reduction that the Director decided, in points.

    Raises ValueError unless the finding of `reduction` is met, for contradictory answers, and for a
    reduction of less than one point: nobody but the Director reduces points.
    """
    if finding.verdict is not Verdict.MET:
        raise ValueError(f"the points are not reduced: {finding.because}")
    if classification.errors or points < 1:
        raise ValueError("a reduction takes one point or more from answers that do not contradict")
    lowest = max(classification.lowest - points, 0)
    highest = max(classification.highest - points, 0)
    facility_class = classification.classes.of(lowest)
    known = facility_class == classification.classes.of(highest)
    return Reduced(lowest, highest, facility_class if known else None, finding)
