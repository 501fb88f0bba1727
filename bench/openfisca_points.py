"""The points of a wastewater treatment facility under O. Reg. 129/04 as an OpenFisca model.

Only what the comparison needs: complete answers in, total points out. Written as OpenFisca's guide teaches:
one variable an input, one formula, arrays throughout.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

TABLES = Path(__file__).parents[1] / "tests/core/data/points_tables.csv"
SYSTEM = ("129/04", "wastewater_treatment")
MEASURES = ("population_served", "design_flow_m3_per_day", "peak_month_flow_m3_per_day")
EFFLUENT = {"effluent_sensitivity", "effluent_disposal"}
PERIOD = "2022"

Facility = build_entity(key="facility", plural="facilities", label="Facility", is_person=True)


def table_items() -> list[dict[str, str]]:
    """The rows of the tables that are true or false of a facility."""
    with TABLES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["regulation"], row["facility_type"]) == SYSTEM]
    return [row for row in rows if row["kind"] in ("each", "choose_one", "greatest")]


def name_of(row: Mapping[str, str]) -> str:
    return f"{row['group']}_{row['item']}"


def answered(row: Mapping[str, str], answers: Mapping[str, object]) -> bool:
    """Whether a row holds by the calculator's answers."""
    if row["kind"] == "choose_one":
        return answers[row["group"]] == row["item"]
    return answers[f"{row['group']}.{row['item']}"] is True


def input_variable(name: str, value_type: type) -> type[Variable]:
    body = {"value_type": value_type, "entity": Facility, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), body)


class total_points(Variable):  # noqa: N801 - OpenFisca names variables so
    value_type = int
    entity = Facility
    definition_period = DateUnit.YEAR
    label = "Points of the facility"

    def formula(facility, period):  # noqa: N805 - OpenFisca's formulas have no self
        def points(groups):
            return sum(
                int(row["points"]) * facility(name_of(row), period) for row in ITEMS if row["group"] in groups
            )

        def greatest(group):
            rows = [row for row in ITEMS if row["group"] == group]
            return np.maximum.reduce([int(row["points"]) * facility(name_of(row), period) for row in rows])

        flow = np.maximum(
            facility("design_flow_m3_per_day", period), facility("peak_month_flow_m3_per_day", period)
        )
        plain = {row["group"] for row in ITEMS if row["kind"] != "greatest"} - EFFLUENT
        return (
            np.minimum(facility("population_served", period) // 10_000, 10)
            + np.minimum(flow // 4_500, 10)
            + np.minimum(points(EFFLUENT), 6)
            + points(plain)
            + greatest("biological_laboratory")
            + greatest("chemical_laboratory")
        )


ITEMS = table_items()


def build_system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([Facility])
    for row in ITEMS:
        system.add_variable(input_variable(name_of(row), bool))
    for measure in MEASURES:
        system.add_variable(input_variable(measure, float))
    system.add_variable(total_points)
    return system


def total_of_one(system: TaxBenefitSystem, answers: Mapping[str, object]) -> int:
    """The total of one facility, from answers to number."""
    situation = {name_of(row): {PERIOD: answered(row, answers)} for row in ITEMS}
    situation |= {measure: {PERIOD: answers[measure]} for measure in MEASURES}
    simulation = SimulationBuilder().build_from_dict(system, {"facilities": {"one": situation}})
    return int(simulation.calculate("total_points", PERIOD)[0])


def columns_of(table: Sequence[Mapping[str, object]]) -> dict[str, np.ndarray]:
    """A table's rows as the arrays that OpenFisca takes."""
    columns = {name_of(row): np.array([answered(row, answers) for answers in table]) for row in ITEMS}
    return columns | {
        measure: np.array([answers[measure] for answers in table], dtype=float) for measure in MEASURES
    }


def totals_of(system: TaxBenefitSystem, columns: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """The totals of many facilities, from arrays to array."""
    simulation = SimulationBuilder().build_default_simulation(system, count=count)
    for name, column in columns.items():
        simulation.set_input(name, PERIOD, column)
    return simulation.calculate("total_points", PERIOD)
