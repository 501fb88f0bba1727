"""Tables of facilities, and the same facility under another regulation."""

import math

import pytest

from core.batch import classify_rows
from core.classification import classify
from core.correspondence import carry_over, corresponding_types
from core.points import NONE

OLD, NEW = ("435/93", "wastewater_treatment"), ("129/04", "wastewater_treatment")


def one_row(row: dict[str, object]) -> object:
    return next(iter(classify_rows("wastewater_treatment", [row], regulation="129/04")))


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("20000", 20000),
        (" 20000 ", 20000),
        (20000.0, 20000),
        ("", None),
        (math.nan, None),
        (None, None),
        ("not sure", None),
    ],
)
def test_a_number_is_read_as_people_write_it(cell: object, answer: object) -> None:
    row = one_row({"population_served": cell})
    alone = classify("wastewater_treatment", {"population_served": answer}, regulation="129/04")
    assert row.classification == alone


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("yes", True), ("TRUE", True), ("no", False), (False, False), (1.0, True), ("", None)],
)
def test_yes_and_no_are_read_as_people_write_them(cell: object, answer: object) -> None:
    row = one_row({"pretreatment.screening": cell})
    alone = classify("wastewater_treatment", {"pretreatment.screening": answer}, regulation="129/04")
    assert row.classification == alone


@pytest.mark.parametrize("cell", ["many", math.inf, "inf", "nan", "1,5"])
def test_what_makes_no_sense_is_the_rows_own_error(cell: object) -> None:
    rows = [{"population_served": cell}, {"population_served": 10_000}]
    first, second = classify_rows("wastewater_treatment", rows, regulation="129/04")
    assert "is not a number" in str(first.classification.errors[0])
    assert (second.number, second.classification.errors) == (2, ())


def test_other_columns_pass_through() -> None:
    row = one_row({"name": "Duffin Creek", "population_served": 5000})
    assert row.other == {"name": "Duffin Creek"}


def test_incineration_or_wet_oxidation_is_two_items_of_the_newer_table() -> None:
    key = "solids_handling.incineration_or_wet_oxidation"
    thermal, wet = "solids_handling.thermal_treatment", "solids_handling.wet_oxidation"
    assert carry_over({key: True}, OLD, NEW) == {}
    assert carry_over({key: False}, OLD, NEW) == {thermal: False, wet: False}
    assert carry_over({wet: True}, NEW, OLD) == {key: True}
    assert carry_over({thermal: False, wet: False}, NEW, OLD) == {key: False}
    assert carry_over({thermal: False}, NEW, OLD) == {}


def test_items_of_the_same_name_are_carried_over() -> None:
    answers = {"population_served": 5000, "effluent_sensitivity": NONE, "pretreatment.screening": True}
    assert carry_over(answers, NEW, OLD) == answers


def test_what_has_no_counterpart_is_unknown_there() -> None:
    source, target = ("435/93", "water_treatment"), ("128/04", "water_treatment")
    answers = {"biological_laboratory.membrane_filter": True, "source.groundwater": True}
    assert carry_over(answers, source, target) == {"source.groundwater": True}


def test_a_type_knows_where_its_answers_lead() -> None:
    assert corresponding_types("wastewater_treatment", "129/04") == (OLD,)
    assert len(corresponding_types("water_distribution", "435/93")) == 2
    with pytest.raises(ValueError, match="correspond"):
        carry_over({}, NEW, ("128/04", "water_treatment"))
