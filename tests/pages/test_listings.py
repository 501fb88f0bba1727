"""Listings, from the upload to the second officer's word, drawn without a browser."""

import pytest

from core.listings import ImportState
from core.roles import Role
from db.services import listings
from tests.db.people import NOON, signed_in
from tests.db.profiles import active_operator, active_owner
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
from ui.listing_upload import bad_rows_as_csv

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
        whose = "Éloïse Tremblay3, Operator ID 90000003, Certificate 20003"
        assert f'<td class="number">4</td><td>{whose}</td><td>The expiry date “03/04/2027” is written' in said
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


def test_a_preview_lists_the_rows_of_each_kind_and_what_changed_in_them(officer):
    standing(officer, licences(*range(200)))
    changed = [licence(number, **{"class": "IV", "last_name": "<b>"}) for number in range(60)]
    bad = licence(60, expiry_date="03/04/2027")
    rest = [licence(number) for number in (*range(61, 198), 300)]
    with drawn("listings", officer) as test:
        said = upload(test, written([*changed, bad, *rest]))
        assert "<dt>In the present listing, cannot be read in this one</dt><dd>1</dd>" in said
        assert said.count("Class: Class III → Class IV") == 20
        assert "Last name: Tremblay0 → &lt;b&gt;" in said
        (kinds,) = [one for one in test.radio if one.label == "Show the rows that are"]
        assert kinds.options == ["Changed (60)", "Gone (2)", "Cannot be read (1)", "New (1)"]
        kinds.set_value("Gone").run()
        said = well(test)
        assert '<th scope="row">20198</th>' in said
        assert "Class: Class III → Class IV" not in said


def test_an_optional_column_that_a_file_does_not_have_is_said_not_to_change_anything(officer):
    standing(officer, licences(1))
    bare = {name: cell for name, cell in licence(1).items() if name != "municipality"}
    with drawn("listings", officer) as test:
        said = upload(test, written([bare]))
    assert "<dt>Changed</dt><dd>0</dd>" in said
    assert "The file says nothing in any row under: Municipality." in said
    assert "the new listing will hold nothing there" in said


def test_bad_rows_are_downloaded_with_the_numbers_that_could_be_read():
    bad = listing(licence(1), licence(2, expiry_date="?"), licence(3, operator_id="?")).bad
    lines = bad_rows_as_csv(OPERATORS, bad).decode("utf-8-sig").splitlines()
    assert lines[0] == "Row,Operator ID,Certificate number,What is wrong"
    assert [line.split(",")[:3] for line in lines[1:]] == [["3", "90000002", "20002"], ["4", "", "20003"]]


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
        assert last_name.value == ""
        press(test, "Keep these columns")
        assert "Choose the column of the file that holds: Last name." in well(test)
        (last_name,) = [box for box in test.selectbox if box.label.startswith("Last name")]
        last_name.set_value("surname")
        press(test, "Keep these columns")
        assert "Columns as somebody has mapped them: Last name is “surname”." in well(test)
        press(test, "Map the columns anew")
        assert "Whose columns are whose" in well(test)
        (last_name,) = [box for box in test.selectbox if box.label.startswith("Last name")]
        assert last_name.value == "surname"
        last_name.set_value("first_name")
        press(test, "Keep these columns")
        assert "On file: surname" in well(test)
    with drawn("listings", officer) as test:
        assert "<dt>New</dt><dd>1</dd>" in upload(test, content)


def test_columns_that_the_portal_guesses_are_not_on_file(officer):
    with drawn("listings", officer) as test:
        upload(test, written([licence(1)]))
        press(test, "Map the columns anew")
        (last_name,) = [box for box in test.selectbox if box.label.startswith("Last name")]
        assert last_name.value == "last_name"
        last_name.set_value("first_name")
        press(test, "Keep these columns")
        assert "Not saved yet" in well(test)
        assert "On file" not in well(test)


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
        said = upload(test, written(map(licence, range(97))))
        assert "3 of 100 licences would vanish or cannot be read, more than 2%" in said
        type_in(test, FORM, listed_on=DAY.isoformat())
        press(test, "Import this listing")
        said = well(test)
        assert "waits for a second officer" in said
        assert "another officer has to confirm it" in said
        assert "Confirm this import" not in [button.label for button in test.button]
        assert not test.file_uploader
    with drawn("listings", second) as test:
        test.toggle[0].set_value(True).run()
        assert [number in well(test) for number in ("20096", "20097", "20099")] == [False, True, True]
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


@pytest.mark.parametrize("act", ["Confirm this import", "Refuse this import"])
def test_whoever_comes_second_to_an_import_reads_who_was_first(sqlite_portal, officer, second, act):
    standing(officer, licences(1, 2))
    waiting = imported(officer, licences(1)).waiting
    third = signed_in(sqlite_portal, Role.OFFICER, given_name="Cy")
    with drawn("listings", third) as test:
        listings.confirm(second, waiting.id, waiting.version)
        press(test, act)
        assert (
            "Bob Fairwater confirmed the listing of 20 November 2026 on 20 November 2026, 12:00, after your page "
            "was drawn; nothing more was done here."
        ) in well(test)
        assert "nothing more was done here" not in texts(test.run())


REFUSAL, WITHDRAWAL = "Why it must not stand", "Why it is withdrawn"


@pytest.mark.parametrize("first", ["confirms", "refuses"])
def test_the_reason_of_whoever_comes_second_to_an_import_is_kept(sqlite_portal, officer, second, first):
    standing(officer, licences(1, 2))
    waiting = imported(officer, licences(1)).waiting
    third = signed_in(sqlite_portal, Role.OFFICER, given_name="Cy")
    with drawn("listings", third) as test:
        test.text_area[0].set_value("Half of it is missing.").run()
        if first == "confirms":
            listings.confirm(second, waiting.id, waiting.version)
        else:
            listings.refuse_import(second, waiting.id, waiting.version, "No.")
        press(test, "Refuse this import")
        assert f"{REFUSAL} (typed, not handed in):\nHalf of it is missing." in well(test)
    with drawn("listings", third, {"import": str(waiting.id)}) as test:  # until it is discarded, another day too
        assert "Half of it is missing." in well(test)
        press(test, "Discard what I typed")
        assert "Half of it is missing." not in well(test)


def test_the_reason_of_whoever_withdraws_a_listing_too_late_is_kept(officer, second):
    stands = standing(officer, licences(1, 2))
    with drawn("listings", second) as test:
        press(test, "Withdraw this listing")
        shown = well(test)
        assert "Of officers, 0 decisions on differences from it will be void" in shown
        assert "are told by mail once an officer releases that" in shown
        test.text_area[0].set_value("It is of another year.").run()
        listings.withdraw(officer, stands.id, listings.stands(officer)[OPERATORS].standing.version, "Wrong.")
        test.run()
        assert "Ann Fairwater withdrew the listing of 20 November 2026 on" in well(test)
        assert f"{WITHDRAWAL} (typed, not handed in):\nIt is of another year." in well(test)


def test_an_import_taken_back_and_a_listing_withdrawn_are_told_by_whom(officer, second):
    first = standing(officer, licences(1, 2))
    waiting = imported(officer, licences(1)).waiting
    with drawn("listings", second) as test:
        listings.refuse_import(officer, waiting.id, waiting.version, "The wrong file.")
        press(test, "Confirm this import")
        assert "Ann Fairwater took back the listing of 20 November 2026 on" in well(test)
        listings.withdraw(officer, first.id, listings.stands(officer)[OPERATORS].standing.version, "Wrong.")
        press(test, "Withdraw this listing")
        assert "Ann Fairwater withdrew the listing of 20 November 2026 on" in well(test)


def test_a_file_is_not_imported_where_a_colleague_was_first_and_it_says_so(officer, second):
    standing(officer, licences(1, 2))
    with drawn("listings", second) as test:
        upload(test, written([licence(1), licence(2), licence(3)]))
        imported(officer, licences(1))
        press(test, "Import this listing")
        assert "So your own file is not imported." in well(test)


def test_an_import_says_what_followed_from_it_and_leads_there(sqlite_portal, officer):
    active_operator(sqlite_portal)
    with drawn("listings", officer) as test:
        upload(test, written([licence(1)]))
        type_in(test, FORM, listed_on=NOON.date().isoformat())
        press(test, "Import this listing")
        said = well(test)
    assert "Alignment made 0 changes to certificates and profiles, and brought 1 difference to the queue." in said
    assert 'href="/alignment?run=1"' in said
    assert 'href="/queue?kind=discrepancy"' in said


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


def test_a_list_says_how_many_facilities_an_officer_decides_on_by_it(sqlite_portal, officer):
    active_owner(sqlite_portal)
    standing(officer, listing(facility(1), kind=FACILITIES))
    with drawn("listings", officer) as test:
        test.radio[0].set_value(FACILITIES).run()
        said = well(test)
    assert "It says otherwise of 1 confirmed facility than what is on file" in said
    assert "Open the differences in the queue" in said


def test_what_the_second_officer_reads_of_facilities_agrees_with_the_preview(officer, second):
    rows = [facility(number) for number in range(20)]
    standing(officer, listing(*rows, kind=FACILITIES))
    fewer = listing(*rows[:17], facility(17, latitude="?"), facility(18, latitude="?"), kind=FACILITIES)
    assert listings.preview(officer, fewer).differences.vanishing == 3
    imported(officer, fewer)
    with drawn("listings", second) as test:
        test.radio[0].set_value(FACILITIES).run()
        said = well(test)
        assert "0 new, 0 changed, 3 gone, those that cannot be read among them" in said
        assert "3 facilities would vanish or cannot be read." in said
        press(test, "Confirm this import")
        said = well(test)
        assert "The listing is confirmed and stands." in said
        assert "What followed from it stands below." in said
        assert "It says nothing of a confirmed facility that an officer has to decide on." in said
