"""Files that officers upload as a listing: what is read, and the sentence for everything else."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.listing_rows import COLUMNS, named_alike
from core.listings import ListingKind
from core.problems import Refused
from db.ministry_listings.files import MOST_ROWS, open_table, read
from tests.core.test_files import PDF
from tests.db.uploaded import FACILITIES, OPERATORS, facility, licence, listing, table, written

HEADINGS = [column.name for column in COLUMNS[OPERATORS]]
CELLS = list(licence(1).values())


def workbook(*rows: object, **properties: object) -> bytes:
    book, out = Workbook(), BytesIO()
    for name, value in properties.items():
        setattr(book, name, value)
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def rows_of(content: bytes, name: str = "listing.csv"):
    opened = table(content, name)
    return read(OPERATORS, opened, named_alike(OPERATORS, opened.headings)).rows


# --- what is read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_is_read_with_a_byte_order_mark_or_without(encoding, delimiter, line_end):
    content = written([licence(1, last_name="Élan")]).decode().replace("\r\n", line_end)
    (row,) = rows_of(content.replace(",", delimiter).encode(encoding)).values()
    assert (row.last_name, row.licence.number) == ("Élan", "20001")


def test_a_cell_may_hold_the_delimiter_between_quotes():
    (row,) = rows_of(written([licence(1, last_name='St-Pierre, "Jr."')])).values()
    assert row.last_name == 'St-Pierre, "Jr."'


@pytest.mark.parametrize("name", ["NA", "Null", "None", "nan", "TRUE", "007", "1e5"])
def test_no_word_of_a_name_is_taken_for_something_else(name):
    assert rows_of(written([licence(1, last_name=name)]))[2].last_name == name


@pytest.mark.parametrize(
    "expiry",
    [datetime.fromisoformat("2027-03-12"), date(2027, 3, 12), 46458, 46458.0, "12-Mar-2027", "2027-03-12"],
)
def test_excel_is_read_as_text(expiry):
    cells = [90012345.0, "Élan", "Robin", 20000, "WWT", 3, expiry, "In force", None]
    (row,) = rows_of(workbook(HEADINGS, cells), "listing.xlsx").values()
    assert (row.operator_id, row.licence.number, row.licence.expiry) == ("90012345", "20000", date(2027, 3, 12))


def test_headings_may_hold_line_ends_and_lines_may_end_as_on_an_old_macintosh():
    content = written([licence(1)]).replace(b"operator_id", b'"Operator\nID"')
    assert list(rows_of(content)) == [2]
    assert list(rows_of(written([licence(1)]).replace(b"\r\n", b"\r"))) == [2]


def test_what_the_file_is_decides_and_not_its_name():
    assert rows_of(workbook(HEADINGS, CELLS), "listing.csv") == rows_of(written([licence(1)]), "listing.xlsx")


def test_rows_bear_the_numbers_that_a_spreadsheet_shows():
    lines = written([licence(1), licence(2)]).decode().splitlines()
    with_gap = "\n".join((*lines[:2], "", lines[2])).encode()
    assert list(rows_of(with_gap)) == [2, 4]
    assert list(rows_of(workbook(HEADINGS, CELLS, [], list(licence(2).values())))) == [2, 4]


def test_a_row_with_too_many_cells_is_left_out_alone():
    lines = written([licence(1), licence(2)]).decode().splitlines()
    content = "\n".join((lines[0], lines[1] + ",Inc.,more", lines[2])).encode()
    opened = table(content)
    found = read(OPERATORS, opened, named_alike(OPERATORS, opened.headings))
    assert (list(found.rows), [bad.line for bad in found.bad]) == ([3], [2])
    with_more = workbook(HEADINGS, [*CELLS, "Inc."], list(licence(2).values()))
    assert list(rows_of(with_more)) == [3]


def test_facilities_are_read_alike():
    (row,) = listing(facility(1), kind=FACILITIES).rows.values()
    assert (row.facility_number, row.name, row.point.latitude) == ("110001", "Plant 1", 42.98)


def test_columns_that_were_mapped_are_read_wherever_they_stand():
    content = "Nom,Remarks,ID\r\nÉlan,x,90000001\r\n".encode()
    opened = table(content)
    with pytest.raises(Refused, match="Choose the column of the file that holds: First name"):
        read(OPERATORS, opened, {"operator_id": "ID", "last_name": "Nom"})


def test_progress_is_told_to_its_end():
    told = []
    opened = table(written([licence(number) for number in range(4_500)]))
    read(OPERATORS, opened, named_alike(OPERATORS, opened.headings), told.append)
    assert told == sorted(told)
    assert len(told) == 4
    assert told[-1] == 1


# --- what gets a sentence -----------------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook of 300 kB that would unpack to more than 300 MB."""
    out = BytesIO(workbook(HEADINGS, CELLS))
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 301_000_000)
    return out.getvalue()


def wide(columns: int) -> bytes:
    return ",".join(f"c{number}" for number in range(columns)).encode() + b"\n" + b"1," * (columns - 1) + b"1\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The table is empty"),
        (b"\n\n", "names no columns"),
        (",".join(HEADINGS).encode(), "no rows under its headings"),
        (workbook(), "The table is empty"),
        (workbook(HEADINGS), "no rows under its headings"),
        (PDF, "neither a CSV nor an Excel table, whatever its name"),
        (b"\x89PNG\r\n\x1a\n", "neither a CSV nor an Excel table"),
        (b"<html><table>", "neither a CSV nor an Excel table"),
        (b"operator_id,\x00\n", "neither a CSV nor an Excel table"),
        (b"PK\x03\x04 and then nothing", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "of the old kind (.xls), or has a password"),
        ("operator_id,Élan\n1,2\n".encode("latin-1"), "not in UTF-8 but in an older encoding such as Latin-1"),
        ("operator_id,Élan\n1,2\n".encode("utf-16"), "in UTF-16"),
        (b"a letter, dear officer", "no rows under its headings"),
        (b"just words\nand more\n", "names one column only, “just words”"),
        (b"a,a\n1,2\n", "The headings name a twice"),
        (b'a,b\n"1,2\n', "no CSV table: a quotation mark that opens in row 2 is never closed"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "opens in row 3 is never closed"),
        (wide(200), "200 columns"),
        (workbook([f"c{number}" for number in range(200)]), "more than 100 columns"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB; at most 20 MB are read"),
        (b"x" * (200 * 1024 * 1024), "200 MB; at most 20 MB are read"),
        (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), "more than 200\u202f000 rows"),
        (workbook(HEADINGS, epoch=CALENDAR_MAC_1904), "counts its days from 1904"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_used_gets_a_sentence(content, says):
    with pytest.raises(Refused) as refused:
        open_table("listing.csv", content, 20)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"just words\nand more\n",
        PDF,
        "a,Élan\n".encode("latin-1"),
        b"\x00\x01\x02",
        b"PK\x03\x04 and then nothing",
    ],
)
def test_what_is_called_a_workbook_and_is_none_is_told_so(content):
    with pytest.raises(Refused, match="no Excel workbook") as refused:
        table(content, "Listing.XLSX")
    assert "save it as “Excel Workbook (*.xlsx)”" in str(refused.value)


def test_a_latin_1_file_is_told_where_and_how_to_save_it():
    with pytest.raises(Refused, match=r"\(row 2\)\. Save it in Excel as “CSV UTF-8"):
        table("a,b\n1,Élan\n".encode("latin-1"))


def test_a_workbook_that_would_not_end_is_not_unpacked():
    with pytest.raises(Refused, match="too large once unpacked"):
        table(bomb())


def test_a_cell_far_away_is_no_bomb():
    book, out = Workbook(), BytesIO()
    book.active.append(HEADINGS)
    book.active.append(CELLS)
    book.active.cell(3, 16_384, "far")
    book.save(out)
    with pytest.raises(Refused, match="more than 100 columns"):
        table(out.getvalue())
    book.active.cell(3, 16_384).value = None
    book.active.cell(1_048_576, 1, "far")
    out = BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="more than 200\u202f000 rows"):
        table(out.getvalue())


def test_columns_without_a_cell_are_told():
    opened = table(",".join((*HEADINGS, "note")).encode() + b"\n" + b"," * len(HEADINGS) + b"x\n")
    with pytest.raises(Refused, match="are empty in every row"):
        read(OPERATORS, opened, named_alike(OPERATORS, opened.headings))


def test_another_listing_than_was_meant_is_told_by_its_first_row():
    content = written([licence(1, operator_id="none")])
    opened = table(content)
    with pytest.raises(Refused, match=r"None of the 1 rows can be used\. Row 2: The Operator ID “none” has not"):
        read(ListingKind.OPERATORS, opened, named_alike(OPERATORS, opened.headings))
