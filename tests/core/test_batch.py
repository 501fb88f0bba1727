"""Tables of facilities, and the same facility under another regulation."""

import math
from decimal import Decimal

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
    [
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        (" 1.0", True),
        (1, True),
        (1.0, True),
        ("no", False),
        ("False", False),
        (False, False),
        ("0", False),
        (0, False),
        (0.0, False),
        ("", None),
        (None, None),
    ],
)
def test_yes_and_no_are_read_as_people_write_them(cell: object, answer: object) -> None:
    row = one_row({"pretreatment.screening": cell})
    alone = classify("wastewater_treatment", {"pretreatment.screening": answer}, regulation="129/04")
    assert row.classification == alone


@pytest.mark.parametrize("cell", ["2", 2, 1.5, "10", "often"])
def test_another_number_is_no_answer_to_yes_or_no(cell: object) -> None:
    assert "is no answer" in str(one_row({"pretreatment.screening": cell}).classification.errors[0])


@pytest.mark.parametrize("cell", ["4499.99999999999999999", Decimal("4499.99999999999999999")])
def test_a_number_is_taken_digit_by_digit(cell: object) -> None:
    flow = {"design_flow_m3_per_day": cell, "peak_month_flow_m3_per_day": 0}
    (line, _) = [line for line in one_row(flow).classification.lines if line.group == "flow"]
    assert line.points == 0
    assert "4\u202f499.99999999999999999" in str(line.because)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1e33", "1E+33 is more than 100\u202f000\u202f000 m3/day. Correct the number."),
        (1e33, "is more than 100\u202f000\u202f000 m3/day"),
        (10**33, "is more than 100\u202f000\u202f000 m3/day"),
        ("9" * 40, "is more than 100\u202f000\u202f000 m3/day"),
        ("1e999999999", "1E+999999999 is more than"),
        ("-1e999999999", "-1E+999999999 is negative"),
        ("1e-999999999", "1E-999999999 has more than 20 decimals. Round it."),
    ],
)
def test_a_number_beyond_all_measure_is_the_rows_own_error(cell: object, says: str) -> None:
    rows = [{"design_flow_m3_per_day": cell}, {"design_flow_m3_per_day": 4500}]
    first, second = classify_rows("wastewater_treatment", rows, regulation="129/04")
    assert says in str(first.classification.errors[0])
    assert (second.number, second.classification.errors) == (2, ())


def test_a_zero_with_an_exponent_is_zero() -> None:
    assert one_row({"population_served": "0e999999999"}).classification.errors == ()


@pytest.mark.parametrize("cell", ["many", math.inf, "inf", "nan", "1,5"])
def test_what_makes_no_sense_is_the_rows_own_error(cell: object) -> None:
    rows = [{"population_served": cell}, {"population_served": 10_000}]
    first, second = classify_rows("wastewater_treatment", rows, regulation="129/04")
    assert "is not a number" in str(first.classification.errors[0])
    assert (second.number, second.classification.errors) == (2, ())


def test_a_row_keeps_every_column_as_it_came_in() -> None:
    given = {"population_served": "5000", "name": "Duffin Creek"}
    row = one_row(given)
    assert (list(row.given.items()), row.classification.errors) == (list(given.items()), ())


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
