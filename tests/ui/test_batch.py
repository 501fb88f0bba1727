"""Tables that people upload, and the results they download."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook, load_workbook

from core.batch import classify_rows
from core.classification import classify
from core.legislation import law
from core.problems import Refused
from ui import batch

SYSTEM = law("129/04").points("wastewater_collection")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def classified(content: bytes, name: str = "table.csv") -> list[batch.Row]:
    rows = batch.read(name, content)
    return [
        batch.result_row(one) for one in classify_rows("wastewater_collection", rows, regulation="129/04", on=None)
    ]


def test_the_template_has_every_key_and_comes_back_without_a_row():
    header = next(csv.reader(StringIO(batch.template(SYSTEM).decode("utf-8-sig"))))
    assert header == ["name", *SYSTEM.keys]
    with pytest.raises(Refused, match="no rows under its header"):
        batch.read("template.csv", batch.template(SYSTEM))


def test_each_row_gets_its_class_or_its_errors_by_row_number():
    table = b"name,population_served,force_mains.present,force_mains_km\nA,4000,,\n\nB,4000,no,2\n"
    first, empty, wrong = classified(table)
    assert (first["row"], first["name"], first["errors"]) == (1, "A", "")
    assert (empty["row"], empty["name"]) == (2, None)
    assert (wrong["row"], wrong["class"], wrong["lowest"]) == (3, "", None)
    assert "contradicts the answer" in str(wrong["errors"])


RESULT = ["row", "lowest", "highest", "class", "errors", "questions"]
GIVEN = ["population_served", "name", "force_mains.present", "remark"]


def test_the_result_has_every_column_that_came_in_in_its_order_and_then_the_results():
    rows = classified(f"{','.join(GIVEN)}\n 4000 ,A,0,old\n".encode())
    csv_rows = list(csv.reader(StringIO(batch.to_csv(rows).decode("utf-8-sig"))))
    assert csv_rows[0] == [*GIVEN, *RESULT]
    assert csv_rows[1][:4] == [" 4000 ", "A", "0", "old"]
    page = load_workbook(BytesIO(batch.to_excel(rows))).active
    assert [cell.value for cell in page[1]] == [*GIVEN, *RESULT]


YES_AND_NO = [("yes", "no"), ("TRUE", "false"), ("1", "0"), (1, 0), (True, False)]


@pytest.mark.parametrize(("yes", "no"), YES_AND_NO)
def test_yes_and_no_are_read_alike_in_csv_and_in_excel(yes: object, no: object):
    rows = [("force_mains.present", "bypass_chamber.present"), (yes, no)]
    out = StringIO()
    csv.writer(out).writerows(rows)
    expected = classify(
        "wastewater_collection",
        {"force_mains.present": True, "bypass_chamber.present": False},
        regulation="129/04",
    )
    for content, name in ((out.getvalue().encode(), "x.csv"), (workbook(*rows), "x.xlsx")):
        (row,) = classified(content, name)
        assert (row["errors"], row["lowest"], row["highest"]) == ("", expected.lowest, expected.highest)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_with_commas_semicolons_or_tabs_are_read(delimiter: str):
    content = "name,population_served\nSault,5001\n".replace(",", delimiter).encode("utf-8-sig")
    assert batch.read("x.CSV", content) == [{"name": "Sault", "population_served": "5001"}]


def test_an_excel_table_is_read_with_its_numbers():
    content = workbook(("name", "population_served"), ("Élan", 5001), (None, None))
    assert batch.read("x.xlsx", content) == [{"name": "Élan", "population_served": 5001}]
    assert classified(content, "x.xlsx")[0]["name"] == "Élan"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.xlsx", b"no workbook", "no Excel workbook"),
        ("x.csv", b"\xff\xfe\x00", "not UTF-8"),
        ("x.csv", b"", "no rows"),
        ("x.csv", b"a,a\n1,2\n", "names a twice"),
        ("x.csv", b"a,b\n1,2,3\n", "Row 1 has more cells"),
        ("x.csv", b'a,b\n"1,2\n', "no CSV table"),
    ],
)
def test_what_is_no_table_is_refused_in_words(name: str, content: bytes, says: str):
    with pytest.raises(Refused, match=says):
        batch.read(name, content)


NASTY = ["=1+1", "@SUM(A1)", "+cmd", "-cmd", "\tx", "-79.4", "plain"]


def test_no_cell_of_the_csv_opens_a_formula_and_numbers_stay_numbers():
    out = StringIO()
    csv.writer(out).writerows([["name", "=evil"], *([text, ""] for text in NASTY)])
    rows = list(csv.reader(StringIO(batch.to_csv(classified(out.getvalue().encode())).decode("utf-8-sig"))))
    assert rows[0][:2] == ["name", "'=evil"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@SUM(A1)", "'+cmd", "'-cmd", "'\tx", "-79.4", "plain"]


def test_the_excel_result_has_text_as_text_and_points_as_numbers():
    table = ("name,population_served\n" + "\n".join(f'"{text}",5001' for text in NASTY)).encode()
    page = load_workbook(BytesIO(batch.to_excel(classified(table)))).active
    header = [cell.value for cell in page[1]]
    assert {cell.data_type for cell in page["A"]} == {"s"}
    assert isinstance(page.cell(2, header.index("lowest") + 1).value, int)
    assert page.cell(2, header.index("class") + 1).value == "I or II or III or IV"


def test_a_column_that_bears_the_name_of_a_result_is_kept_beside_it():
    (row,) = classified(b"class,population_served\nmine,10\n")
    assert row["class (given)"] == "mine"
