"""What is downloaded is read back: no text is a formula, and numbers and telephone numbers stay readable."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from ui import exports

NASTY = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+2", "+1-416-555-0100", "\tx", "\r=x", "\n=x", "-", "+",
         "＝1+1", "-inf", "+A1", '=HYPERLINK("http://x","y")']  # fmt: skip
PLAIN = ["", "plain", "-79.4", "+5", "-1e5", "1,5", "O'Brien", "a=b", "+1 416 555 0100", "+1 (416) 555 0100",
         "+14165550100", "+33 1 23 45 67 89", "12 March 2027", "<b>"]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_a_formula_is_set_off(text):
    assert exports.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_telephone_numbers_and_words_stay_as_they_are(text):
    assert exports.harmless(text) == text


@pytest.mark.parametrize("cell", [None, 0, -5, -79.4])
def test_what_is_a_number_stays_one(cell):
    assert exports.harmless(cell) is cell


def test_a_csv_is_read_back_with_its_headings_set_off_too():
    content = exports.to_csv(["=name", "points"], [[text, -1] for text in (*NASTY, *PLAIN)])
    heading, *rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert heading == ["'=name", "points"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in NASTY), *PLAIN]
    assert {row[1] for row in rows} == {"-1"}


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_leaves_an_empty_cell_in_a_workbook(cell):
    page = load_workbook(BytesIO(exports.to_excel("Result", ["points"], [[cell], [1]]))).active
    assert [one.value for one in page["A"]] == ["points", None, 1]


def test_a_workbook_is_read_back_with_text_as_text():
    texts = [text for text in (*NASTY, *PLAIN) if text and "\r" not in text]
    page = load_workbook(
        BytesIO(exports.to_excel("Result", ["=name", "points"], [[text, -1] for text in texts]))
    ).active
    assert {cell.data_type for cell in page["A"]} == {"s"}
    assert [cell.value for cell in page["A"]] == ["=name", *texts]
    assert {cell.data_type for cell in page["B"][1:]} == {"n"}
