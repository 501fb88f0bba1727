"""The calculator against its case tables and against an oracle that shares nothing with it."""

import csv
import math
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.classification import classified_as, classify
from core.findings import Verdict
from core.legislation import NotOnFile, law
from tests.core import oracle
from tests.core.tables import Case, parametrized

BEYOND = {"population_served": 5_000_000, "design_flow_m3_per_day": 45_000, "watermain_km": 1_000}


def without_measured(regulation: str, facility_type: str, answers: dict[str, object]) -> dict[str, object]:
    """The answers and nothing else, items that an answered measure decides left to the measure."""
    complete = oracle.nothing(regulation, facility_type)
    for group in law(regulation).points(facility_type).groups:
        if group.measured_by and group.measured_by.measure in answers:
            complete.pop(group.name)
        for item in group.items:
            measured = [each for each in item.decided_by if each.measure in answers]
            if any(each.holds(Decimal(str(answers[each.measure]))) is not None for each in measured):
                complete.pop(item.key)
    if facility_type == "water_treatment":
        complete.pop("sludge_disposal.none_to_raw_water")
    return complete | answers


def key_of(row: dict[str, str]) -> str:
    return f"{row['group']}.{row['item']}"


@parametrized("points.md")
def test_one_answer_gives_so_many_points(case: Case) -> None:
    answers = without_measured(case["regulation"], case["type"], case.facts)
    result = classify(case["type"], answers, regulation=case["regulation"])
    assert not result.errors
    groups = case["group"].split("+")
    lines = [line for line in result.lines if set(line.group.split("+")) <= set(groups)]
    points = int(case["points"])
    assert (sum(line.points for line in lines), sum(line.highest for line in lines)) == (points, points)


@parametrized("classes.md")
def test_points_make_a_class(case: Case) -> None:
    answers = oracle.nothing(case["regulation"], case["type"]) | case.facts
    result = classify(case["type"], answers, regulation=case["regulation"])
    assert (result.lowest, result.highest, result.facility_class) == (
        int(case["points"]),
        int(case["points"]),
        case["class"],
    )
    assert classified_as(result, case["class"]).verdict is Verdict.MET


@parametrized("contradictions.md")
def test_contradictions_are_errors_in_words_and_give_no_class(case: Case) -> None:
    result = classify(case["type"], case.facts, regulation=case.heading)
    assert any(case["says"] in str(error) for error in result.errors), [str(one) for one in result.errors]
    assert result.facility_class is None
    assert classified_as(result, "I").verdict is Verdict.UNKNOWN
    nothing_known = classify(case["type"], {}, regulation=case.heading)
    assert (result.lowest, result.highest) == (nothing_known.lowest, nothing_known.highest)


ITEMS = [row for row in oracle.table_rows() if row["kind"] in ("each", "choose_one", "greatest")]


@pytest.mark.parametrize("row", ITEMS, ids=lambda row: f"{row['regulation']} {row['facility_type']} {key_of(row)}")
def test_every_row_of_the_published_tables_gives_its_points(row: dict[str, str]) -> None:
    regulation, facility_type = row["regulation"], row["facility_type"]
    answers = oracle.nothing(regulation, facility_type)
    before = classify(facility_type, answers, regulation=regulation)
    if row["requires"]:
        answers[f"{row['group']}.{row['requires']}"] = True
        before = classify(facility_type, answers, regulation=regulation)
    answers |= {row["group"]: row["item"]} if row["kind"] == "choose_one" else {key_of(row): True}
    result = classify(facility_type, answers, regulation=regulation)
    line = next(line for line in result.lines if (line.group, line.item) == (row["group"], row["item"]))
    assert line.points == int(row["points"])
    assert str(line.citation) == row["citation"]
    if row["kind"] != "choose_one":
        assert result.lowest == before.lowest + int(row["points"])


@pytest.mark.parametrize(("regulation", "facility_type"), oracle.systems())
def test_the_data_holds_the_published_rows_and_no_other(regulation: str, facility_type: str) -> None:
    system = law(regulation).points(facility_type)
    ours = {(item.group, item.id, item.points, str(item.citation)) for item in system.items}
    rows = oracle.rows_of(regulation, facility_type)
    items = [row for row in rows if row["kind"] in ("each", "choose_one", "greatest")]
    assert ours == {(row["group"], row["item"], int(row["points"]), row["citation"]) for row in items}
    rules = {(rule.name, str(rule.citation)) for rule in system.whole_units}
    rules |= {("+".join(cap.groups), str(cap.citation)) for cap in system.caps}
    assert rules == {(row["group"], row["citation"]) for row in rows if row["kind"] in ("per_unit", "cap")}


def complete_answers(regulation: str, facility_type: str) -> st.SearchStrategy[dict[str, object]]:
    """Complete answers that do not contradict."""
    items = {key: st.sampled_from(options) for key, options in oracle.choices(regulation, facility_type).items()}
    amounts: dict[str, st.SearchStrategy[object]] = {
        measure: st.integers(0, 120_000) for measure in oracle.measures(regulation, facility_type)
    }
    if "piping_under_600_mm_percent" in amounts:
        amounts["piping_under_600_mm_percent"] = st.decimals(0, 100, places=1).map(float)
    return st.fixed_dictionaries(items | amounts).map(
        lambda answers: made_consistent(regulation, facility_type, answers)
    )


def made_consistent(regulation: str, facility_type: str, answers: dict[str, object]) -> dict[str, object]:
    for row in oracle.rows_of(regulation, facility_type):
        if row["kind"] not in ("each", "greatest") or answers[key_of(row)] is not True:
            continue
        if row["requires"]:
            answers[f"{row['group']}.{row['requires']}"] = True
        if any(answers[key] is True for key in row["excludes"].split()):
            answers[key_of(row)] = False
    assert oracle.consistent(regulation, facility_type, answers)
    return answers


SYSTEMS = st.sampled_from(oracle.systems())


@given(data=st.data())
@settings(max_examples=150)
def test_complete_answers_give_the_points_of_the_published_tables(data: st.DataObject) -> None:
    system = data.draw(SYSTEMS)
    answers = data.draw(complete_answers(*system))
    result = classify(system[1], answers, regulation=system[0])
    points = oracle.points(*system, answers)
    assert not result.errors
    assert (result.lowest, result.highest) == (points, points)
    assert sum(line.points for line in result.lines) == points


@given(data=st.data())
@settings(max_examples=100)
def test_a_range_holds_every_consistent_completion_and_both_ends_are_reached(data: st.DataObject) -> None:
    regulation, facility_type = system = data.draw(SYSTEMS)
    complete = data.draw(complete_answers(*system))
    keys = list(oracle.choices(*system))
    hidden = data.draw(st.lists(st.sampled_from(keys), max_size=7, unique=True))
    result = classify(
        facility_type, {key: a for key, a in complete.items() if key not in hidden}, regulation=regulation
    )
    reached = [
        oracle.points(*system, candidate)
        for filled in product(*(oracle.choices(*system)[key] for key in hidden))
        if oracle.consistent(*system, candidate := complete | dict(zip(hidden, filled, strict=True)))
    ]
    assert (result.lowest, result.highest) == (min(reached), max(reached))
    assert sum(line.points for line in result.lines) == result.lowest
    assert sum(line.highest for line in result.lines) == result.highest


@given(data=st.data())
@settings(max_examples=100)
def test_unknown_measures_range_over_all_they_can_be(data: st.DataObject) -> None:
    regulation, facility_type = system = data.draw(SYSTEMS)
    complete = data.draw(complete_answers(*system))
    measures = oracle.measures(*system)
    hidden = data.draw(st.lists(st.sampled_from(measures), unique=True)) if measures else []
    result = classify(
        facility_type, {key: a for key, a in complete.items() if key not in hidden}, regulation=regulation
    )
    steps = {measure: (0, BEYOND.get(measure, 45_000)) for measure in hidden}
    if "piping_under_600_mm_percent" in steps:
        steps["piping_under_600_mm_percent"] = tuple(range(101))
    reached = [
        oracle.points(*system, complete | dict(zip(hidden, filled, strict=True)))
        for filled in product(*(steps[measure] for measure in hidden))
    ]
    assert (result.lowest, result.highest) == (min(reached), max(reached))


@given(data=st.data())
@settings(max_examples=100)
def test_taking_an_answer_away_widens_the_range_and_never_turns_a_class_into_another(
    data: st.DataObject,
) -> None:
    regulation, facility_type = system = data.draw(SYSTEMS)
    answers = data.draw(complete_answers(*system))
    full = classify(facility_type, answers, regulation=regulation)
    for key in data.draw(st.permutations(sorted(answers)))[:6]:
        before = classify(facility_type, answers, regulation=regulation)
        answers = {other: answer for other, answer in answers.items() if other != key}
        after = classify(facility_type, answers, regulation=regulation)
        assert after.lowest <= before.lowest <= before.highest <= after.highest
        assert after.facility_class in (before.facility_class, None)
    for facility_class in ("I", "II", "III", "IV"):
        verdicts = {classified_as(one, facility_class).verdict for one in (full, after)}
        assert verdicts != {Verdict.MET, Verdict.NOT_MET}


@given(data=st.data())
@settings(max_examples=60)
def test_every_answer_to_a_question_narrows_or_keeps_the_range_and_some_answer_narrows_it(
    data: st.DataObject,
) -> None:
    regulation, facility_type = system = data.draw(SYSTEMS)
    known = data.draw(complete_answers(*system))
    kept = data.draw(st.sets(st.sampled_from(sorted(known)), max_size=len(known)))
    answers = {key: known[key] for key in kept}
    result = classify(facility_type, answers, regulation=regulation)
    width = result.highest - result.lowest
    if result.facility_class is not None:
        return
    assert result.questions
    removed = []
    for question in result.questions:
        options = oracle.choices(*system).get(question.key) or (0, 45, *BEYOND.values(), 45_000)
        if question.key == "piping_under_600_mm_percent":
            options = (0, 95)
        tried = [classify(facility_type, answers | {question.key: one}, regulation=regulation) for one in options]
        widths = [one.highest - one.lowest for one in tried if not one.errors]
        assert min(widths) < width or question.key.endswith("with_secondary")
        removed.append(width - max(widths))
    assert removed == sorted(removed, reverse=True)


def plants() -> list[dict[str, str]]:
    with (oracle.DATA / "ontario_wastewater_plants.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


PLANT = ("129/04", "wastewater_treatment")


def known_of(plant: dict[str, str]) -> dict[str, object]:
    """What the public data says of a plant; its flow stands for the peak month's."""
    return {
        "population_served": int(plant["population_served"]),
        "peak_month_flow_m3_per_day": float(plant["average_flow_m3_per_day"]),
    }


@pytest.mark.parametrize("plant", plants(), ids=lambda plant: plant["waste_id"])
def test_each_real_plant_is_a_range_whose_ends_are_reached(plant: dict[str, str]) -> None:
    known = known_of(plant)
    result = classify(PLANT[1], known, regulation=PLANT[0])
    least = oracle.nothing(*PLANT) | known
    assert oracle.points(*PLANT, least) == result.lowest
    most = fullest(least | {"design_flow_m3_per_day": 45_000})
    assert oracle.consistent(*PLANT, most)
    assert oracle.points(*PLANT, most) == result.highest


@given(plant=st.sampled_from(plants()), completion=complete_answers(*PLANT))
@settings(max_examples=240)
def test_the_range_of_a_real_plant_holds_every_completion(
    plant: dict[str, str], completion: dict[str, object]
) -> None:
    known = known_of(plant)
    result = classify(PLANT[1], known, regulation=PLANT[0])
    assert result.lowest <= oracle.points(*PLANT, completion | known) <= result.highest


def fullest(answers: dict[str, object]) -> dict[str, object]:
    """Answers with every row of the tables that contradicts none before it, those of most points first."""
    rows = [row for row in oracle.rows_of(*PLANT) if row["kind"] in ("each", "choose_one", "greatest")]
    for row in sorted(rows, key=lambda row: -int(row["points"])):
        taken = {row["group"]: row["item"]} if row["kind"] == "choose_one" else {key_of(row): True}
        candidate = answers | taken
        adds = oracle.points(*PLANT, candidate) >= oracle.points(*PLANT, answers)
        if adds and oracle.consistent(*PLANT, candidate):
            answers = candidate
    return answers


def test_a_whole_range_in_one_class_is_classified_though_answers_are_missing() -> None:
    answers = oracle.nothing("129/04", "wastewater_collection") | {"population_served": None}
    del answers["population_band"]
    result = classify("wastewater_collection", answers, regulation="129/04")
    assert (result.lowest, result.highest, result.facility_class, result.questions) == (0, 3, "I", ())


def test_secondary_treatment_of_a_kind_not_listed_is_a_question_and_no_error() -> None:
    key = "advanced_treatment.chemical_physical_with_secondary"
    answers = oracle.nothing("129/04", "wastewater_treatment") | {key: True}
    result = classify("wastewater_treatment", answers, regulation="129/04")
    assert (result.errors, result.facility_class) == ((), "I")
    assert [question.key for question in result.questions] == [key]
    answers["secondary_treatment.aerated_lagoon"] = True
    assert classify("wastewater_treatment", answers, regulation="129/04").questions == ()


@pytest.mark.parametrize(("regulation", "facility_type"), oracle.systems())
def test_every_measure_has_an_end(regulation: str, facility_type: str) -> None:
    for name, measure in law(regulation).points(facility_type).measures.items():
        for value in (measure.at_most, measure.at_most + 1, 10**33, 1e33, Decimal("1e999999")):
            errors = classify(facility_type, {name: value}, regulation=regulation).errors
            assert [str(one) for one in errors if "is more than" in str(one)] == [
                str(one) for one in errors if value > measure.at_most
            ]
            assert bool(errors) == (value > measure.at_most)


@pytest.mark.parametrize("regulation", ["129/04", "435/93"])
@pytest.mark.parametrize(
    ("measure", "group", "unit"),
    [
        ("combined_sewers_percent", "combined_sewers", "%"),
        ("industrial_sewage_percent", "industrial_sewage", "%"),
        ("force_mains_km", "force_mains", "km"),
    ],
)
def test_a_measure_that_leaves_no_row_says_so_with_its_reading(
    regulation: str, measure: str, group: str, unit: str
) -> None:
    nothing = classify("wastewater_collection", {measure: 0}, regulation=regulation)
    (line,) = [line for line in nothing.lines if line.group == group]
    assert (line.points, line.highest, f"0 {unit}, so no row holds" in str(line.because)) == (0, 0, True)
    assert "R32" in line.readings
    assert "R32" in classified_as(nothing, "I").readings


def test_a_group_of_which_a_measure_leaves_some_row_open_is_not_nothing() -> None:
    result = classify("wastewater_collection", {"access_depth_m": 5}, regulation="129/04")
    assert [line.highest for line in result.lines if line.group == "special_features"] == [4, 4]


def test_an_item_that_requires_another_makes_it_certain() -> None:
    result = classify("wastewater_collection", {"pumping_station.alarm": True}, regulation="129/04")
    items = {line.item for line in result.lines if line.group == "pumping_station" and line.points}
    assert items == {"present", "alarm"}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("-Infinity")])
@pytest.mark.parametrize("key", ["population_served", "pretreatment.screening", "raw_waste"])
def test_nan_and_infinity_are_refused(key: str, number: float | Decimal) -> None:
    with pytest.raises(ValueError, match=key):
        classify("wastewater_treatment", {key: number}, regulation="129/04")


@pytest.mark.parametrize(
    ("facility_type", "regulation"),
    [("water_treatment", "129/04"), ("water_distribution_and_supply", "435/93"), ("lake", "129/04")],
)
def test_a_regulation_without_that_type_refuses(facility_type: str, regulation: str) -> None:
    with pytest.raises(ValueError, match=facility_type):
        classify(facility_type, {}, regulation=regulation)


def test_an_unknown_regulation_is_refused() -> None:
    with pytest.raises(ValueError, match="130/04"):
        classify("wastewater_treatment", {}, regulation="130/04")


@pytest.mark.parametrize(
    ("regulation", "on"),
    [
        ("129/04", date(2021, 12, 2)),
        ("129/04", date(2004, 7, 31)),
        ("435/93", date(2003, 6, 29)),
        ("435/93", date(2004, 5, 14)),
        ("128/04", date(2021, 12, 2)),
    ],
)
def test_a_day_without_law_on_file_is_refused(regulation: str, on: date) -> None:
    facility_type = "water_treatment" if regulation == "128/04" else "wastewater_treatment"
    with pytest.raises(NotOnFile, match="is not on file for"):
        classify(facility_type, {}, regulation=regulation, on=on)


@pytest.mark.parametrize(
    ("regulation", "on"),
    [("129/04", date(2021, 12, 3)), ("435/93", date(2003, 6, 30)), ("435/93", date(2004, 5, 13))],
)
def test_the_first_and_the_last_day_on_file_answer(regulation: str, on: date) -> None:
    assert classify("wastewater_treatment", {}, regulation=regulation, on=on).lowest == 0
