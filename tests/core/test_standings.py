"""How a facility stands as a whole, by what is found of it."""

import itertools

import pytest

from core.facilities import FacilityType
from core.findings import Verdict
from core.standings import Standing, standing

CASES = """
| nothing is kept                               |                                 | not_assessed   |
| nothing applies                               | not applicable                  | not_assessed   |
| everything is met                             | met, met                        | stands         |
| what does not apply says nothing              | met, not applicable             | stands         |
| one is not known                              | met, unknown                    | not_known      |
| one waits for the Director                    | met, director                   | not_known      |
| one is not met                                | met, not met                    | does_not_stand |
| what is not met prevails over the unknown     | unknown, not met, director, met | does_not_stand |
| the unknown alone                             | unknown                         | not_known      |
"""


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in CASES.strip().splitlines()]


@pytest.mark.parametrize(("case", "verdicts", "expected"), rows(), ids=[row[0] for row in rows()])
def test_the_standing_of_a_wastewater_facility(case: str, verdicts: str, expected: str) -> None:
    found = [Verdict(one.strip()) for one in verdicts.split(",") if one.strip()]
    for order in itertools.permutations(found):
        assert standing(FacilityType.WASTEWATER_TREATMENT, order) is Standing(expected)


@pytest.mark.parametrize("water", [one for one in FacilityType if one.value.startswith("water_")])
@pytest.mark.parametrize("verdict", Verdict)
def test_water_facilities_are_not_assessed(water: FacilityType, verdict: Verdict) -> None:
    assert standing(water, [verdict]) is Standing.NOT_ASSESSED
