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
