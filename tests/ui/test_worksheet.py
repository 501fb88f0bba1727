"""The worksheet is read back as a person or a program would read it."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.classification import classify
from ui import paper, worksheet

DAY = date(2026, 11, 20)
ANSWERS = {
    "population_served": 42_000,
    "secondary_treatment.activated_sludge": True,
    "raw_waste": "toxic_discharges",
    "effluent_disposal.land_spraying": True,
    "effluent_sensitivity": "very_high_degree",
    "biological_laboratory.membrane_filter": True,
}
TYPES = {
    "129/04": ("wastewater_collection", "wastewater_treatment"),
    "435/93": ("wastewater_collection", "wastewater_treatment", "water_distribution", "water_treatment"),
    "128/04": ("water_distribution", "water_distribution_and_supply", "water_treatment"),
}


def sheet(name: str = "Pine Bay", **changes: object) -> paper.Document:
    answers = {**ANSWERS, **changes}
    result = classify("wastewater_treatment", answers, regulation="129/04", on=DAY)
    return worksheet.of(result, answers, DAY, name)


def read_pdf(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.replace("\u00a0", " ").split())


def test_the_pdf_holds_answers_lines_citations_readings_version_and_who_decides():
    reader, text = read_pdf(paper.pdf(sheet()))
    for expected in (
        "Facility classification worksheet",
        "Made on 20 November 2026",
        "Facility: Pine Bay",
        "42 000 people",
        "Toxic waste is discharged to the facility",
        "O. Reg. 129/04, Sched. 1.2, Table 5, item 2",
        "Reading R1.",
        "consolidation from 3 December 2021, text last checked on 21 November 2026",
        "Only the Director classifies a facility (O. Reg. 129/04, s. 4 (2))",
        f"Page 1 of {len(reader.pages)}",
        f"Page {len(reader.pages)} of {len(reader.pages)}",
    ):
        assert expected in text
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)  # A4


def test_points_that_the_cap_left_out_stand_on_the_worksheet_too():
    _, text = read_pdf(paper.pdf(sheet()))
    assert "7 points, of which at most 6 count" in text


def test_a_name_in_any_script_makes_a_worksheet():
    _, text = read_pdf(paper.pdf(sheet("Élan O’Brien ᐱᒪᑎᓯᐎᓐ <b>{x}</b>")))
    assert re.search(r"Élan O’Brien \?+ <b>{x}</b>", text)


def test_contradictions_stand_on_the_worksheet_instead_of_points():
    contradicting = sheet(**{"effluent_disposal.evaporation": True})
    _, text = read_pdf(paper.pdf(contradicting))
    assert "contradict each other" in text
    assert "No class" in text


@pytest.mark.parametrize(("regulation", "facility_type"), [(n, t) for n, types in TYPES.items() for t in types])
def test_every_point_system_has_its_worksheet(regulation: str, facility_type: str):
    result = classify(facility_type, {}, regulation=regulation)
    made = worksheet.of(result, {}, DAY)
    assert "Only the Director classifies" in read_pdf(paper.pdf(made))[1]
    assert load_workbook(BytesIO(paper.excel(made))).sheetnames[0] == "Result"


def test_the_workbook_holds_the_same_and_its_points_are_numbers():
    book = load_workbook(BytesIO(paper.excel(sheet())))
    facts = dict(book["Result"].iter_rows(values_only=True))
    assert facts["Facility"] == "Pine Bay"
    assert "Only the Director classifies" in facts["Note"]
    lines = list(book["Points"].iter_rows(values_only=True))
    total = lines[-1]
    assert total[1] == sum(line[1] for line in lines[2:-1])
    assert (
        "Activated sludge with secondary clarifiers",
        15,
        15,
        "O. Reg. 129/04, Sched. 1.2, Table 5, item 2",
    ) in lines
    assert set(book.sheetnames) >= {"Answers", "Readings", "Still open"}


def test_what_somebody_typed_never_becomes_a_formula():
    book = load_workbook(BytesIO(paper.excel(sheet("=HYPERLINK(1)"))))
    (cell,) = [row[1] for row in book["Result"].iter_rows() if row[0].value == "Facility"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_long_title_leaves_room_for_the_day_on_every_page():
    """Cut where it would meet the day it was made; signs that the typeface lacks are question marks."""
    long = replace(sheet(), title="Inspection pack: ᐱ " + "Waste water treatment plant " * 9)
    reader, text = read_pdf(paper.pdf(long))
    assert re.search(r"Inspection pack: \? Waste .{20,90}… Made on 20 November 2026", text)
    assert long.title.count("plant") == 9
    header = reader.pages[-1].extract_text().splitlines()[0]
    assert "Made on" in header
