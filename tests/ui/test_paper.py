"""Documents on paper: what stands together."""

from datetime import date

import pytest

from tests.ui.test_worksheet import read_pdf
from ui import paper

ROW = ("A cell of several lines, " * 8, "Beside it")


@pytest.mark.parametrize("lines", range(40, 54))
def test_a_heading_stands_on_the_page_of_its_tables_first_row(lines):
    facts = tuple((f"Line {number}", "so") for number in range(lines))
    below = paper.Table("B", "The heading below", ("Question", "Answer"), (50, 50), (("First row", "x"), ROW))
    content = paper.pdf(paper.Document("Title", "file", date(2026, 11, 20), facts, (below,), "The end."))
    reader, _ = read_pdf(content)
    (page,) = (text for one in reader.pages if "The heading below" in (text := one.extract_text()))
    assert "First row" in page


@pytest.mark.parametrize(
    "cell",
    [
        "A sentence that goes on. " * 300,
        "Averylongword" * 90,
        " two  spaces ",
        "",
        "Lines\nof\ntheir own",
        "a\u00a0b " * 40,
    ],
    ids=[
        "longer than a page",
        "a word longer than a line",
        "spaces",
        "nothing",
        "lines of its own",
        "kept together",
    ],
)
def test_a_table_prints_every_sign_of_its_cells_and_names_its_columns_on_each_page(cell):
    rows = (*((f"Row {n}", "so") for n in range(60)), ("Tall", cell), ("Last", "x"))
    table = paper.Table("B", "The table", ("Question", "Answer"), (30, 70), rows)
    reader, _ = read_pdf(paper.pdf(paper.Document("Title", "file", date(2026, 11, 20), (), (table,), "The end.")))
    pages = [page.extract_text() for page in reader.pages]
    signs = "".join("".join(pages).replace("\u00a0", " ").split())
    assert len(pages) > 1
    for page in pages[1:-1]:
        assert "Question" in page
    printed = signs[signs.index("Tall") :]
    for again in ("QuestionAnswer", "TitleMadeon20November2026"):
        printed = printed.replace(again, "")
    for number in range(1, len(pages) + 1):
        printed = printed.replace(f"Page{number}of{len(pages)}", "")
    assert "".join(cell.replace("\u00a0", " ").split()) in printed
