"""Listings, from the upload to the second officer's word, drawn without a browser."""

import pytest

from core.listings import ImportState
from core.roles import Role
from db.services import listings
from tests.db.people import signed_in
from tests.db.uploaded import (
    DAY,
    FACILITIES,
    OPERATORS,
    facility,
    imported,
    licence,
    licences,
    listing,
    standing,
    written,
)
from tests.pages.drawn import drawn, press, texts, type_in

FORM = "listing:operators"


@pytest.fixture
def officer(sqlite_portal):
    return signed_in(sqlite_portal, Role.OFFICER, given_name="Ann")


@pytest.fixture
def second(sqlite_portal):
    return signed_in(sqlite_portal, Role.OFFICER, given_name="Bob")


def well(test):
    assert not test.exception, test.exception
    return texts(test)


def upload(test, content, name="listing.csv"):
    test.file_uploader[0].set_value((name, content, "text/csv")).run()
    return well(test)


def test_without_a_listing_the_page_says_so_and_what_to_do(officer):
    with drawn("listings", officer) as test:
        said = well(test)
    assert "Operators: no listing is on file" in said
    assert "Facilities: no listing is on file" in said
    assert "when you reload or leave this page, upload it again" in said
    assert "No listing has been imported yet." in said


def test_a_file_is_previewed_and_nothing_is_written_until_it_is_imported(officer):
    content = written([licence(1), licence(2), licence(3, expiry_date="03/04/2027")])
    with drawn("listings", officer) as test:
        said = upload(test, content)
        assert "<dt>New</dt><dd>2</dd>" in said
        assert "<dt>Bad rows, left out</dt><dd>1</dd>" in said
        assert '<td class="number">4</td><td>The expiry date “03/04/2027” is written in a form' in said
        assert listings.stands(officer)[OPERATORS].standing is None
        press(test, "Import this listing")
        assert "Enter the date of the listing" in well(test)
        assert "<dt>New</dt><dd>2</dd>" in texts(test)  # the file is still there
        type_in(test, FORM, listed_on=DAY.isoformat())
        press(test, "Import this listing")
        said = well(test)
    assert "The listing is imported and stands: 2 licences." in said
    assert "Operators: the listing of 20 November 2026 stands, 2 licences; imported by Ann Fairwater" in said
    assert "What this file would change" not in said
    assert listings.stands(officer)[OPERATORS].standing.rows == 2


def test_facilities_are_chosen_above(officer):
    with drawn("listings", officer) as test:
        test.radio[0].set_value(FACILITIES).run()
        upload(test, written([facility(1)], FACILITIES))
        type_in(test, "listing:facilities", listed_on=DAY.isoformat())
        press(test, "Import this listing")
        assert "Facilities: the listing of 20 November 2026 stands, 1 facility;" in well(test)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"%PDF-1.7 %%EOF", "neither a CSV nor an Excel table"), (b"", "The file is empty"),
     ("operator_id,É\n1,É\n".encode("latin-1"), "Save it in Excel as")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_gets_a_sentence(officer, content, says):
    with drawn("listings", officer) as test:
        assert says in upload(test, content)


def test_columns_are_mapped_once_and_may_be_mapped_anew(officer):
    content = written([licence(1)]).replace(b"last_name", b"surname")
    with drawn("listings", officer) as test:
        assert "Whose columns are whose" in upload(test, content)
        (last_name,) = [box for box in test.selectbox if box.label.startswith("Last name")]
        assert last_name.value is None
        press(test, "Keep these columns")
        assert "Choose the column of the file that holds: Last name." in well(test)
        (last_name,) = [box for box in test.selectbox if box.label.startswith("Last name")]
        last_name.set_value("surname")
        press(test, "Keep these columns")
        assert "last_name from “surname”" in well(test)
        press(test, "Map the columns anew")
        assert "Whose columns are whose" in well(test)
    with drawn("listings", officer) as test:
        assert "<dt>New</dt><dd>1</dd>" in upload(test, content)


def test_a_file_that_lacks_needed_columns_is_told_which_at_once(officer):
    with drawn("listings", officer) as test:
        said = upload(test, b"operator_id,last_name,Remarks\n90012345,Chan,x\n")
        assert (
            "The file has no column for First name, Certificate number, Type, Class, Expiry date, Status." in said
        )
        assert "Its columns are operator_id, last_name, Remarks." in said
        assert "Whose columns are whose" not in said
        assert "The file has no column for Last name." in upload(
            test, written([licence(1)]).replace(b"last_name", b"surname")
        )
        assert "Whose columns are whose" in texts(test)


def test_a_name_that_begins_like_a_formula_is_told_and_kept_as_text(officer):
    with drawn("listings", officer) as test:
        said = upload(test, written([licence(1), licence(2, last_name='=HYPERLINK("x")'), licence(3)]))
        assert "1 row has a name that begins like a formula (row 3)" in said
        assert "begins like a formula" not in upload(test, written([licence(1), licence(3)]))


def test_the_very_file_that_stands_is_told(officer):
    standing(officer, licences(1))
    with drawn("listings", officer) as test:
        assert "This very file stands already." in upload(test, written([licence(1)]))


def test_much_that_vanishes_waits_and_the_second_officer_confirms(officer, second):
    standing(officer, licences(*range(100)))
    with drawn("listings", officer) as test:
        assert "3 of 100 licences would vanish, more than 2%" in upload(test, written(map(licence, range(97))))
        type_in(test, FORM, listed_on=DAY.isoformat())
        press(test, "Import this listing")
        said = well(test)
        assert "waits for a second officer" in said
        assert "another officer has to confirm it" in said
        assert "Confirm this import" not in [button.label for button in test.button]
        assert not test.file_uploader
    with drawn("listings", second) as test:
        test.toggle[0].set_value(True).run()
        assert list(test.dataframe[0].value["Number"]) == ["20097", "20098", "20099"]
        press(test, "Confirm this import")
        assert "The listing is confirmed and stands." in well(test)
    assert listings.stands(officer)[OPERATORS].standing.rows == 97


def test_a_second_officer_refuses_with_a_reason(officer, second):
    standing(officer, licences(1, 2))
    waiting = imported(officer, licences(1)).waiting
    with drawn("listings", second) as test:
        press(test, "Refuse this import")
        assert "Write the reason for the refusal" in well(test)
        (why,) = [box for box in test.text_area if box.label.startswith("Why")]
        why.set_value("Half of it is missing.")
        press(test, "Refuse this import")
        assert "The import is dropped." in well(test)
    assert listings.history(officer, OPERATORS).rows[0].id == waiting.id
    assert listings.history(officer, OPERATORS).rows[0].state is ImportState.REFUSED


def test_the_history_shows_one_import_with_its_bad_rows(officer):
    one = standing(officer, listing(licence(1), licence(2, status="?"), licence(3, last_name="<b>")))
    with drawn("listings", officer, {"import": str(one.id)}) as test:
        said = well(test)
        assert list(test.dataframe[0].value["Bad rows"]) == [1]
    assert one.sha256 in said
    assert "Withdraw this listing" in [button.label for button in test.button]


def test_an_operator_sees_nothing(sqlite_portal):
    with drawn("listings", signed_in(sqlite_portal, Role.OPERATOR)) as test:
        assert test.exception  # the shell shows what the service refuses
        assert "Listings" not in texts(test)
