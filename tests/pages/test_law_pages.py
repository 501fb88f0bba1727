"""The pages that show the law as it is kept: coverage, readings, examples; and a table of many facilities."""

import pytest

from core import cases
from core.correspondence import pairs
from core.legislation import Status, readings, regulations
from core.reading_uses import rules_resting_on
from tests.db.people import visitor
from tests.pages.drawn import drawn, texts

SYSTEMS = [system for regulation in regulations().values() for system in regulation.point_systems]


@pytest.fixture
def asker(sqlite_portal):
    return visitor(sqlite_portal)


def well(test):
    assert not test.exception, test.exception
    return texts(test)


def test_every_provision_stands_on_the_coverage_page(asker):
    with drawn("legal_coverage", asker) as test:
        said = well(test)
    for regulation in regulations().values():
        for provision in regulation.provisions:
            assert f">{provision.citation}</a>" in said
            assert all(f"<code>{function}</code>" in said for function in provision.by)


def test_the_coverage_page_counts_by_status_and_filters(asker):
    rows = [one for regulation in regulations().values() for one in regulation.provisions]
    director = [one for one in rows if one.status is Status.DIRECTOR]
    with drawn("legal_coverage", asker) as test:
        (box,) = [one for one in test.radio if one.key == "status"]
        assert f"Director decides ({len(director)})" in box.options
        box.set_value("director").run()
        assert f"{len(director)} of {len(rows)} provisions" in well(test)


def test_what_is_planned_and_what_is_on_file_in_part_are_counted_apart(asker):
    rows = [one for regulation in regulations().values() for one in regulation.provisions]
    whole = [one.status for one in rows if one.citation.regulation != "128/04"]
    part = [one.status for one in rows if one.citation.regulation == "128/04"]
    planned, planned_of_part = whole.count(Status.PLANNED), part.count(Status.PLANNED)
    with drawn("legal_coverage", asker) as test:
        said = well(test)
    assert (
        f"236 provisions of O. Reg. 129/04 and O. Reg. 435/93: {whole.count(Status.MODELLED)} are modelled, "
        f"{planned} are planned and counted apart."
    ) in said
    for label, of_whole, of_part in (
        ("Treated in all", 236 - planned, len(part) - planned_of_part),
        ("Planned, nothing answers it yet", planned, planned_of_part),
        ("On file", 236, len(part)),
    ):
        assert f'>{label}</th><td class="number">{of_whole}</td><td class="number">{of_part}</td>' in said, label


def test_what_is_only_shown_is_said_to_be_shown_on_that_page(asker):
    with drawn("legal_coverage", asker) as test:
        assert "this page shows it, nothing else does" in well(test)


def test_words_and_a_regulation_narrow_the_coverage_page(asker):
    with drawn("legal_coverage", asker, {"regulation": "O. Reg. 129/04", "words": "150 days"}) as test:
        said = well(test)
    assert "O. Reg. 129/04, s. 15 (4)" in said
    assert ">O. Reg. 435/93, " not in said


def test_no_provision_says_what_to_do(asker):
    with drawn("legal_coverage", asker, {"words": "<b>zzz"}) as test:
        assert "No provision fits all of this." in well(test)


def test_every_reading_says_how_where_and_what_else_it_could_be(asker):
    with drawn("readings", asker) as test:
        said = well(test)
    for reading in readings().values():
        assert f'id="{reading.id}"' in said
        assert reading.provision in said
    assert "The calculator, for O. Reg. 129/04, wastewater treatment" in said


def test_every_reading_in_use_says_where_it_matters(asker):
    with drawn("readings", asker) as test:
        said = well(test)
    section = {id: said.partition(f'id="{id}"')[2].partition("</section>")[0] for id in readings()}
    for id, rules in rules_resting_on().items():
        assert all(f"<code>{rule.name}</code>" in section[id] for rule in rules)
    assert {"R16", "R34", "R35", "R36"} <= rules_resting_on().keys()
    assert "comparing O. Reg. 435/93 with O. Reg. 129/04, wastewater treatment" in section["R33"]
    used = {id for system in SYSTEMS for part in (*system.whole_units, *system.groups) for id in part.readings}
    used |= {id for pair in pairs() for one in pair.any_of for id in one.readings} | rules_resting_on().keys()
    assert {id for id in section if "Nowhere yet" not in section[id]} == used


@pytest.mark.parametrize("name", list(cases.files()))
def test_every_case_of_the_tests_is_an_example(asker, name):
    with drawn("examples", asker, {"about": cases.files()[name]}) as test:
        said = well(test)
    found = list(cases.cases(name))
    assert f"{len(found)} cases" in said
    assert said.count("<tr><td>") == len(found)


def test_what_every_case_takes_for_granted_is_said_above_them(asker):
    with drawn("examples", asker, {"about": cases.files()["licences.md"]}) as test:
        said = well(test)
    assert "Everywhere below: a Class II wastewater treatment licence" in said
    assert "“clear” says that the licence was neither suspended nor cancelled" in said
    with drawn("examples", asker, {"about": cases.files()["certificates.md"]}) as test:
        said = well(test)
    assert "the facility has 31 points (Class II), unless the case says otherwise." in said


TABLE = b"name,population_served,force_mains.present,force_mains_km\n<b>A</b>,4000,,\nB,6000,no,2\n"


def test_a_table_of_facilities_says_each_class_and_the_errors_by_row(asker):
    with drawn("batch", asker, {"facility_type": "Wastewater collection"}) as test:
        assert "Upload a table" in well(test)
        test.file_uploader[0].set_value(("table.csv", TABLE, "text/csv")).run()
        said = well(test)
        assert "2 facilities" in said
        assert "1 with errors" in said
        shown = test.dataframe[0].value
        assert list(shown["row"]) == [2, 1]
        assert "contradicts the answer" in shown["errors"][0]
        assert shown["name"][1] == "<b>A</b>"


def test_what_is_no_table_is_told_in_words(asker):
    with drawn("batch", asker) as test:
        test.file_uploader[0].set_value(("table.xlsx", b"nothing", "application/octet-stream")).run()
        assert "no Excel workbook" in well(test)


def test_a_type_without_a_table_on_that_day_is_told_in_words(asker):
    with drawn("batch", asker, {"on": "2010-01-01"}) as test:
        assert "not on file for 1 January 2010" in well(test)
