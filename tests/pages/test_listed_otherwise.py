"""What the pages say of a certificate of which the listing says otherwise."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.roles import Role
from core.sentences import in_english
from db.services import discrepancies, operators, search
from tests.db import standing_listings as listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_owner, available_operator
from tests.db.test_checked_against import criteria
from tests.pages.drawn import drawn, texts
from ui import search_rows

SAYS = f"The ministry’s listing of {in_english(NOON.date())} says that it is suspended"
LOOKS, KEEPS = f"{SAYS}; the office looks at it.", f"{SAYS}; the office keeps it as it is on file."


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def operator(portal):
    return available_operator(portal)


@pytest.fixture
def owner(portal):
    return active_owner(portal)


@pytest.fixture
def difference(portal, operator):
    return listings.differ(portal, operators.my_profile(operator), status="suspended")


def well(test):
    assert not test.exception, test.exception
    return texts(test)


def test_the_search_says_it_in_the_row_in_the_file_and_beside(owner, difference):
    (one,) = search.search(owner, criteria()).people
    assert search_rows.row(one)["Certificate"] == "▲ listed as suspended: Class II"
    sheet = load_workbook(BytesIO(search_rows.to_excel([one]))).active
    heading, row = ([cell.value for cell in line] for line in sheet.rows)
    assert dict(zip(heading, row, strict=True))["Ministry’s listing"] == "listed as suspended"
    with drawn("search", owner, {"place": "North Bay", "operator": str(one.profile_id)}) as test:
        shown = well(test)
    assert LOOKS in shown
    assert "Class II, on file until 12 March 2028" in shown
    assert "valid until" not in shown


@pytest.mark.parametrize("page", ["overview", "my_profile"])
def test_the_holder_reads_what_differs_what_the_office_does_and_what_to_do(portal, operator, difference, page):
    with drawn(page, operator) as test:
        shown = well(test)
    assert LOOKS in shown
    assert "a difference is being looked at" in shown
    assert "have it put right by the ministry’s certification office" in shown
    discrepancies.keep(signed_in(portal, Role.OFFICER), difference, 1, "Seen on paper.")
    with drawn(page, operator) as test:
        shown = well(test)
    assert KEEPS in shown
    assert "the office keeps it as it is on file" in shown
    assert LOOKS not in shown
