"""Workbooks as they are read: what each cell is, where it stands, and that none takes more than it may."""

import struct
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from xlsxwriter import Workbook as WrittenWorkbook

from core.problems import Refused
from db import spreadsheets

SHEET = "xl/worksheets/sheet1.xml"


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def with_cells(**cells: object) -> bytes:
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return saved(book)


def written(write: Callable[..., object]) -> bytes:
    """A workbook as Excel writes it: texts stand once, and cells name them by their place."""
    out = BytesIO()
    with WrittenWorkbook(out) as book:
        write(book.add_worksheet(), book.add_format({"bold": True}))
    return out.getvalue()


def read(content: bytes, columns: int = 100, rows: int = 1000) -> list[tuple[object, ...]]:
    return list(spreadsheets.rows(content, columns, rows))


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            data = archive.read(name)
            assert name != part or old in data
            copy.writestr(name, data.replace(old, new) if name == part else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("90012345", "90012345"),
        (" a \n b", " a \n b"),
        (90012345, 90012345),
        (90012345.0, 90012345),
        (2.5, 2.5),
        (True, True),
        (date(2027, 3, 12), date(2027, 3, 12)),
        (datetime.fromisoformat("2027-03-12 10:05"), datetime.fromisoformat("2027-03-12 10:05")),
        ("#N/A", "#N/A"),  # Excel's own error, which says nothing and is not an empty cell
        ("Élan’s", "Élan’s"),
    ],
)
def test_a_cell_is_what_is_written(value, read_as):
    ((cell,),) = read(with_cells(A1=value))
    assert (type(cell), cell) == (type(read_as), read_as)


def test_a_text_like_an_error_stays_as_it_is():
    assert read(with_cells(A1=' t="e"', B1="#REF!")) == [(' t="e"', "#REF!")]


def test_cells_stand_where_they_stand():
    assert read(with_cells(B3="x", D3=5, C5="y")) == [(), (), (None, "x", None, 5), (), (None, None, "y")]
    assert read(with_cells()) == []


def test_the_first_sheet_is_read_and_no_chart():
    book = Workbook()
    book.active["A1"] = "here"
    book.create_sheet("second")["A1"] = "there"
    book.create_chartsheet("chart", 0)
    assert read(saved(book)) == [("here",)]


def test_cells_that_are_formatted_and_empty_are_none():
    assert read(
        written(lambda page, bold: (page.write(0, 0, "x"), page.write_blank(90_000, 900, None, bold)))
    ) == [("x",)]


@pytest.mark.parametrize(("place", "says"), [("CW1", "more than 100 columns"), ("A1003", "more than 1 000 rows")])
def test_a_cell_beyond_the_limits_is_refused_before_anything_is_kept(place, says):
    with pytest.raises(Refused) as refused:
        read(with_cells(A1="x", **{place: "far"}))
    assert says.replace("1 000", "1\u202f000") in str(refused.value)


def test_a_few_cells_far_apart_are_no_large_table():
    content = with_cells(A1="x", SF90000="far")
    with pytest.raises(Refused, match="too large once unpacked"):
        read(content, 500, 100_000)


def test_a_text_that_many_cells_name_counts_for_each_of_them():
    content = written(lambda page, _: page.write_column(0, 0, ["x" * 32_000] * 10_000))
    with pytest.raises(Refused, match="too large once unpacked"):
        read(content, rows=10_000)


def test_a_directory_that_lies_about_sizes_unpacks_to_no_more():
    out = BytesIO(with_cells(A1="x"))
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/comments.xml", b" " * 5_000_000)
    content = bytearray(out.getvalue())
    entry = content.rindex(b"xl/comments.xml") - 46
    content[entry + 24 : entry + 28] = struct.pack("<I", 10)
    with pytest.raises(Refused, match="no Excel workbook"):
        read(bytes(content))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData><row>"),
        (b'r="A1"', b'r="1A"'),
        (b"<v>0</v>", b"<v>7</v>"),
        (b"<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet'),
    ],
)
def test_a_broken_sheet_is_no_workbook(old, new):
    with pytest.raises(Refused, match="no Excel workbook"):
        read(replaced(written(lambda page, _: page.write(0, 0, "x")), SHEET, old, new))


def test_days_counted_from_1904_are_refused():
    content = replaced(with_cells(A1="x"), "xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"')
    with pytest.raises(Refused, match="counts its days from 1904"):
        read(content)
