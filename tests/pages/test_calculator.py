"""The calculator's page, answered by hand. The address bar, downloads and a telephone are the browser's tests."""

from contextlib import contextmanager

import pytest

from core.legislation import law, regulations
from tests.db.people import visitor
from tests.pages.drawn import drawn, press, texts

PLANT = {"facility_type": "Wastewater treatment"}
# Every question of a wastewater treatment plant answered, as the address bar carries it: 31 points.
ANSWERED = PLANT | {
    "population_served": "0",
    "design_flow_m3_per_day": "0",
    "peak_month_flow_m3_per_day": "0",
    "raw_waste": "Toxic waste is discharged to the facility",
    "effluent_sensitivity": "None of these",
}
YES = ("secondary_treatment.activated_sludge", "secondary_treatment.trickling_filter")


def answers(*yes, **more):
    keys = law("129/04").points("wastewater_treatment").keys
    said = {key: "Yes" if key in yes else "No" for key in keys if "." in key}
    return ANSWERED | said | more


@pytest.fixture
def asker(sqlite_portal):
    return visitor(sqlite_portal)


@contextmanager
def page(asker, query=PLANT):
    with drawn("calculator", asker, query) as test:
        assert not test.exception, test.exception
        yield test


def choose(test, key, value):
    (box,) = [
        one for one in (*test.radio, *test.number_input, *test.multiselect, *test.selectbox) if one.key == key
    ]
    box.set_value(value).run()
    assert not test.exception, test.exception
    return texts(test)


def test_with_nothing_answered_every_class_is_possible_and_the_most_telling_questions_come_first(asker):
    with page(asker) as test:
        said = texts(test)
        assert "Class I to IV" in said
        assert "Class II begins at 31 points" in said
        assert "What still matters" in said
        assert said.index("Reverse osmosis or electrodialysis?") < said.index("Wet oxidation?")


def test_an_answer_changes_total_class_and_distance(asker):
    with page(asker, answers(*YES)) as test:
        said = texts(test)
        assert "31 points: the tables give Class II." in said
        assert "Class III begins at 56 points: 25 more." in said
        assert "Class III" in choose(test, "advanced_treatment.reverse_osmosis", "yes")
        said = choose(test, "solids_handling.anaerobic_digestion", "yes")
        assert "56 points: the tables give Class III." in said


def test_not_sure_is_an_answer_everywhere(asker):
    with page(asker, answers(*YES)) as test:
        assert all("Not sure" in box.options for box in test.radio)
        assert "31 to 46 points: Class II." not in texts(test)
        said = choose(test, "advanced_treatment.reverse_osmosis", "not sure")
        assert "31 to 46 points: the tables give Class II." in said
        assert "to 31 points" in choose(test, "population_served", None) or "31 to 56" in texts(test)


def test_contradictions_stand_on_top_and_beside_the_answers(asker):
    with page(asker, answers("effluent_disposal.evaporation", "effluent_disposal.land_spraying")) as test:
        said = texts(test)
        assert "Some answers contradict each other" in said
        assert said.count("“All effluent is evaporated” and “All effluent is sprayed on land” contradict") == 3


def test_what_a_cap_or_a_greatest_left_out_is_shown(asker):
    yes = (
        "effluent_disposal.land_spraying",
        "biological_laboratory.outside",
        "biological_laboratory.membrane_filter",
    )
    with page(
        asker, answers(*yes, effluent_sensitivity="The receiving water asks for a very high degree of treatment")
    ) as test:
        said = texts(test)
        assert "7 points, of which at most 6 count" in said
        assert "left out because only the greatest row counts" in said


def test_every_line_opens_to_its_provision_and_its_reading(asker):
    with page(asker, answers(*YES, population_served="20000")) as test:
        said = texts(test)
        assert "points for whole units of 10\u202f000" in said
        assert "O. Reg. 129/04, Sched. 1.2, s. 1, rule 1" in said
        assert "Reading R1." in said
        assert "https://www.ontario.ca/laws/regulation/040129" in said


def test_one_click_says_no_to_the_rest_of_a_group(asker):
    with page(asker, PLANT | {"pretreatment.screening": "Yes"}) as test:
        press(test, "No to the rest – Pretreatment")
        values = {box.key: box.value for box in test.radio if box.key.startswith("pretreatment.")}
        assert values.pop("pretreatment.screening") == "yes"
        assert set(values.values()) == {"no"}


def test_an_alteration_is_tried_beside_the_present_plant(asker):
    with page(asker, answers(*YES)) as test:
        choose(test, "altered", ["advanced_treatment.reverse_osmosis", "solids_handling.anaerobic_digestion"])
        choose(test, "after.advanced_treatment.reverse_osmosis", "yes")
        said = choose(test, "after.solids_handling.anaerobic_digestion", "yes")
        assert "31 points: the tables give Class II." in said
        assert "Difference: +25 points; Class II now, Class III after it." in said
        assert "a wastewater treatment licence of Class III or higher" in said
        assert "O. Reg. 129/04, s. 15 (1)" in said


def test_an_alteration_is_compared_only_with_a_class_that_somebody_stated(asker):
    with page(asker, answers(*YES)) as test:
        said = choose(test, "altered", ["advanced_treatment.reverse_osmosis"])
        boxes = {box.key: box for box in (*test.selectbox, *test.radio)}
        assert boxes["class_on_record"].value == boxes["class_comes_from"].value == "Not sure"
        assert "Not known" in said
        assert "on record; after the alteration" not in said
        choose(test, "class_comes_from", "The points alone")
        choose(test, "after.advanced_treatment.reverse_osmosis", "yes")
        said = choose(test, "class_on_record", "I")
        assert "Class I on record; after the alteration Class II." in said


def test_an_alteration_of_water_works_says_what_is_not_on_file(asker):
    query = {"facility_type": "Water treatment"}
    with page(asker, query) as test:
        said = choose(test, "altered", ["population_served"])
        assert "provisions on operation are not on file" in said
        assert "O. Reg. 128/04, s. 3 (3)" in said


def test_the_same_answers_stand_under_the_other_regulation(asker):
    both = ("solids_handling.thermal_treatment", "solids_handling.wet_oxidation", *YES)
    with page(asker, answers(*both)) as test:
        said = texts(test)
        assert "55 points: the tables give Class II." in said
        assert "O. Reg. 435/93, wastewater treatment" in said
        assert "43 points" in said
        assert "Reading R33." in said


def test_a_day_without_a_table_offers_the_nearest_days(asker):
    with page(asker, PLANT | {"on": "2010-06-01"}) as test:
        assert "not on file for 1 June 2010" in texts(test)
        press(test, "Use 3 December 2021")
        assert "O. Reg. 129/04" in texts(test)


def test_the_day_chooses_the_regulation(asker):
    with page(asker, {"facility_type": "Water treatment", "on": "2004-01-15"}) as test:
        assert "O. Reg. 435/93, historical version of 30 June 2003" in texts(test)


@pytest.mark.parametrize(
    ("number", "facility_type"),
    [(number, one) for number, regulation in regulations().items() for one in regulation.facility_types],
)
def test_every_point_system_has_a_field_for_every_key(asker, number, facility_type):
    day = {"435/93": "2004-01-15"}.get(number, "2026-11-20")
    label = facility_type.replace("_", " ").capitalize()
    with page(asker, {"facility_type": label, "on": day}) as test:
        fields = {box.key for box in (*test.radio, *test.number_input)}
        assert fields >= set(law(number).points(facility_type).keys)
        assert f"O. Reg. {number}" in texts(test)
