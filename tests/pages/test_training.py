"""The pages of training and manuals, drawn for an owner, an operator, a reader and an officer."""

from datetime import date

import pytest
from sqlalchemy import select

from core.membership import Grant, Right
from core.roles import Role
from core.training_sessions import TrainingKind
from db.people_schema import Employee
from db.schema import Person
from db.services import manuals, training, training_duties
from tests.db import members, trained
from tests.db.employed import employ
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import active_operator, active_owner
from tests.pages.drawn import drawn, plain_tables, press, texts
from tests.pages.test_applications import well
from tests.pages.test_people import fill
from ui import training_records


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def page(name, asker, owner, **query):
    return drawn(name, asker, {"id": str(facility_of(owner))} | query)


def works_there(portal, owner, operator_id="90000042", **job):
    """An active operator who is employed at the owner's facility: the asker and the employee."""
    operator = active_operator(portal, operator_id)
    employee = employ(owner, "Robin", **job)
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == operator_id)).one()
        session.get_one(Employee, employee).person_id = person.id
    return operator, employee


def test_an_owner_records_one_session_for_everybody(owner):
    for number in range(3):
        employ(owner, f"Hand {number} ${{1}}<b>")
    with page("training", owner, owner) as test:
        assert "3 people, 120 h missing by 31 December 2026." in texts(well(test))
        fill(test, "training-session", day_1=TODAY, hours_1="7.5", subjects="Chlorine",
             kind=TrainingKind.SAFETY.value)  # fmt: skip
        press(test, "Choose everybody employed today")
        press(well(test), "Record the session")
        assert "The session is recorded for everybody who attended." in texts(well(test))
        assert "97 h 30 min missing by 31 December 2026." in texts(test)
    (row,) = training.sessions(owner, facility_of(owner)).rows
    assert {one.position for one in row.session.attended} == {"Shift operator"}


def test_what_is_wrong_with_a_session_stands_at_its_field(owner):
    one = employ(owner, "Hand")
    with page("training", owner, owner) as test:
        press(test, "Day: today")
        assert "Day: today" not in {button.label for button in well(test).button}
        fill(test, "training-session", hours_1="1,250", subjects="Chlorine", kind="safety")
        press(test, "Record the session")
        assert "“1,250” is no number from 0 to 24." in texts(well(test))
        fill(test, "training-session", hours_1="7,33", subjects="Chlorine", kind="safety")
        press(test, "Record the session")
        assert "Enter the hours, in whole minutes: 7.5 or 0.25." in texts(well(test))
        fill(test, "training-session", hours_1="7.5")
        press(test, "Record the session")
        assert texts(well(test)).count("Fill in “Who attended”.") == 2  # on top and at the field
        (who,) = [box for box in test.multiselect if box.label.startswith("Who attended")]
        who.set_value([str(one)]).run()
        assert "Fill in “Who attended”." not in texts(well(test))
        assert "your attention" not in texts(test)


def test_a_kind_that_is_missing_is_said_in_one_way(owner):
    employ(owner, "Hand")
    with page("training", owner, owner) as test:
        for hours in ("seven", "7"):
            press(test, "Choose everybody employed today")
            fill(well(test), "training-session", day_1="2026-11-02", hours_1=hours, subjects="Chlorine")
            press(test, "Record the session")
            assert texts(well(test)).count("Fill in “Kind”.") == 2


def test_an_empty_session_names_all_that_is_missing_each_at_its_field(owner):
    employ(owner, "Hand")
    with page("training", owner, owner) as test:
        press(test, "Record the session")
        said = texts(test)
        assert "5 things need your attention." in said
        for field in ("day_1", "hours_1", "subjects", "kind", "attended"):
            assert f'<div class="field-problem" id="training-session:{facility_of(owner)}.{field}">' in said
        fill(test, "training-session", day_1=date(2026, 11, 21), hours_1="25")
        press(test, "Record the session")
        said = texts(well(test))
        assert "5 things need your attention." in said, "a day to come beside hours that cannot be"
        assert "still to come" in said
        assert "“25” is no number from 0 to 24. Write digits, with a point before decimals, such as 7.5." in said


def test_the_bad_rows_of_a_sheet_stand_first_and_each_of_them_can_be_reached(owner):
    employ(owner, "Hand")
    lines = [f"03/04/2026,2.33,Chlorine,fun,Somebody <b> {n}" for n in range(60)]
    with page("training", owner, owner) as test:
        sheet = "\n".join(("date,hours,subject,kind,name", "2026-11-02,2,Chlorine,safety,Sam Hand", *lines))
        test.file_uploader[0].set_value(("training.csv", sheet.encode(), "text/csv")).run()
        said = texts(well(test))
        assert said.index("60 rows cannot be used") < said.index("Rows in order")
        assert '<tr><th scope="row">3</th><td><span class="cell-of">What is wrong: </span>' in said
        assert "Somebody &lt;b&gt; 0" in said
        assert "Somebody &lt;b&gt; 59" not in said
        (pages,) = [one for one in test.get("pagination") if one.key.startswith("page-of-training-bad")]
        pages.set_value(2).run()
        assert "Somebody &lt;b&gt; 59" in texts(well(test))


def test_a_sheet_that_is_recorded_already_says_so_and_nothing_of_its_rows(owner):
    employ(owner, "Hand")
    sheet = b"date,hours,subject,kind,name\n2026-11-02,2,Chlorine,safety,Sam Hand"
    with page("training", owner, owner) as test:
        for _ in range(2):
            test.file_uploader[0].set_value(("training.csv", sheet, "text/csv")).run()
            if "Record 1 session" in [one.label for one in test.button]:
                press(test, "Record 1 session")
        said = texts(well(test))
        assert "This very file was recorded on 20 November 2026 already" in said
        assert "Rows that cannot be used" not in said


def test_paper_and_page_say_alike_how_an_open_year_stands(owner):
    employ(owner, "Hand")
    (row,) = training.of_facility(owner, facility_of(owner)).people
    assert training_records.standing_of(row.year) == "Open until 31 December 2026"
    with page("training", owner, owner) as test:
        assert "▲ Open until 31 December 2026" in texts(well(test))


def test_whoever_names_no_position_gets_that_of_the_first_day(owner):
    employ(owner, "Hand")
    with page("training", owner, owner) as test:
        fill(test, "training-session", day_1=TODAY, hours_1="7.5", subjects="Chlorine",
             kind=TrainingKind.SAFETY.value)  # fmt: skip
        press(test, "Choose everybody employed today")
        assert [one.value for one in test.text_input if one.label.startswith("Position of")] == [""]


def test_a_session_is_corrected_and_withdrawn(owner):
    one = employ(owner, "Hand")
    session = trained.given(owner, one)
    with page("training", owner, owner, session=str(session)) as test:
        fill(test, "training-correct", hours_1="4")
        press(test, "Correct the session")
        assert "The session is corrected" in texts(well(test))
    (row,) = training.sessions(owner, facility_of(owner)).rows
    assert row.session.held[0].minutes == 240
    with page("training", owner, owner, session=str(session)) as test:  # the address from before
        assert "was corrected. This is what took its place." in texts(well(test))
        assert "A session recorded before" in texts(test)
    with page("training", owner, owner, session="987654") as test:
        assert "is not in this list" in texts(well(test))
        assert "is not in this list" not in texts(well(test.run())), "it is said once"
    with page("training", owner, owner, session=str(row.session_id)) as test:
        fill(test, "training-withdraw", reason="Nobody came.")
        press(test, "Withdraw this session")
        assert "It is withdrawn." in texts(well(test))
    assert training.sessions(owner, facility_of(owner)).total == 0


def test_a_person_is_shown_with_the_three_readings_of_the_average(owner):
    one = employ(owner, "Hand", first=date(2024, 1, 1))
    trained.given(owner, one, hours="8")
    with page("training", owner, owner, person=str(one)) as test:
        said = texts(well(test))
    assert "Three years counted from 2022" in said
    assert "2025 to 2027: 8 h of 120 h, 112 h missing by 31 December 2027. ▲ Open until 31 December 2027" in said
    assert "2024 to 2026: 8 h of 120 h, 112 h missing by 31 December 2026. ▲ Open until 31 December 2026" in said
    assert "s. 21 (1)" in said


def test_a_debt_of_three_years_says_that_it_binds_and_what_does_not(portal, owner):
    operator, employee = works_there(portal, owner, first=date(2025, 1, 1))
    training_duties.record_complete(owner, facility_of(owner), date(2025, 1, 1))
    trained.given(owner, employee, day=date(2025, 3, 1), hours="10")
    binds = (
        "110 h missing by 31 December 2027: 2025 to 2027 together, since 2025 is short. Meet this one; what 2026 "
        "by itself or another reading lacks does not bind."
    )
    with drawn("training", operator) as test:
        assert binds in texts(test)
    with page("training", owner, owner, person=str(employee)) as test:
        assert binds in texts(test)


def test_each_row_says_which_hours_bind_and_a_person_is_chosen_beneath(owner):
    one = employ(owner, "Hand <b>", first=date(2025, 1, 1))
    trained.given(owner, one, hours="8")
    with page("training", owner, owner) as test:
        said = texts(well(test))
        assert '<span class="cell-of">Missing: </span>32 h by 31 December 2026' in said
        assert '<span class="cell-of">What counts: </span>2026 by itself' in said
        assert "Hand &lt;b&gt;" in said
        assert "Three years counted from 2022" not in said
        test.selectbox(key=f"training-person-{facility_of(owner)}").set_value(one).run()
        said = texts(well(test))
        assert "32 h missing by 31 December 2026: 2026 by itself." in said
        assert "Three years together would need 112 h by 31 December 2027." in said
        assert test.query_params["person"] == str(one)


def test_the_notice_of_an_exempt_year_is_drafted_and_recorded(owner):
    employ(owner, "Brief", first=date(2025, 3, 1), last=date(2025, 3, 31))
    with page("training", owner, owner) as test:
        said = "Tell the Director at once, as the day for it has passed, that Sam Brief’s year 2025 is exempt."
        assert said in texts(well(test))
        fill(test, "exempt-notice", told_on=TODAY)
        press(test, "Record that the Director was told")
        assert "The Director was told of Sam Brief’s exempt year 2025 on 20 November 2026." in texts(well(test))


def test_a_request_of_the_director_is_recorded_and_answered(owner):
    employ(owner, "Hand")
    with page("training", owner, owner) as test:
        fill(test, "training-request", requested_on=TODAY, asked_by="R. Inspector")
        press(test, "Record the request")
        assert "On 20 November 2026 the Director asked for the records of 2026, through R. Inspector." in texts(
            well(test)
        )
        fill(test, "training-sent", sent_on=TODAY, sent_as="copies")
        press(test, "Record that they were sent")
        assert "Sent as copies on 20 November 2026, as " in texts(well(test))


def test_since_when_the_records_are_complete_is_said_once(owner):
    employ(owner, "Hand", first=date(2025, 1, 1))
    with page("training", owner, owner) as test:
        assert "Nobody has said since when every session is on record" in texts(well(test))
        fill(test, "training-complete", complete_from=date(2025, 1, 1))
        press(test, "Say since when the records are complete")
        assert "Every session since 1 January 2025 is on record, as was said." in texts(well(test))


def test_years_of_the_older_regulation_and_years_without_one(owner):
    employ(owner, "Old", first=date(2003, 1, 1))
    with page("training", owner, owner, training_year="2003") as test:
        assert "1 person, of 1 person not known." in texts(well(test))
        test.selectbox(key="training_year").set_value(2015).run()
        assert "2015: what is missing is not known." in texts(well(test))
        assert "is not on file" in texts(test)


def test_the_owner_sees_all_facilities_and_the_operator_only_the_own_training(portal, owner):
    operator, employee = works_there(portal, owner)
    trained.given(owner, employee)
    with drawn("training", owner) as test:
        assert "Your facilities this year: 32 h missing by 31 December 2026." in texts(well(test))
    with drawn("training", operator) as test:
        assert "My own training" in texts(well(test))
        assert not test.button
    with page("training", operator, owner) as test:
        assert "you do not record its training" in texts(well(test))


def test_years_that_say_the_same_at_several_facilities_are_one_row_with_their_count(portal, owner):
    operator, employee = works_there(portal, owner)
    trained.also_at_another(portal, owner, employee)
    with drawn("training", operator) as test:
        (rows,) = [one for one in plain_tables(well(test)) if "Year" in one[0]]
        (here,) = [row for row in rows if row["Year"] == "2026"]
    assert here["Facility"] == "2 facilities, the same at each: North Bay WPCP; Second works"


def test_a_year_before_that_is_short_is_made_good_by_its_three_years(owner):
    one = employ(owner, "Hand", first=date(2025, 1, 1))
    training_duties.record_complete(owner, facility_of(owner), date(2025, 1, 1))
    trained.given(owner, one, day=date(2025, 3, 1), hours="10")
    with page("training", owner, owner, person=str(one)) as test:
        assert "1 person, 110 h missing by 31 December 2027." in texts(well(test))
        said = texts(test)
        assert (
            "2024 to 2026: nothing is averaged, without employment here in 2024, so 2026 counts by itself. "
            in said
        )
        assert "counts by itself. ▲ Open until 31 December 2026" in said, "the year itself still runs"
        assert "110 h missing by 31 December 2027: 2025 to 2027 together, since 2025 is short." in said
        test.selectbox(key="training_year").set_value(2025).run()
        assert "2025: 1 person, 110 h missing by 31 December 2027." in texts(well(test))
        assert "Sessions of 2025 on record" in texts(test)


def test_what_was_withdrawn_is_listed_once_somebody_asks(owner):
    session = trained.given(owner, employ(owner, "Hand"))
    training.withdraw(owner, session, "Nobody came.")
    with page("training", owner, owner) as test:
        test.toggle(key=f"fallen-{facility_of(owner)}").set_value(True).run()
        (listed,) = [rows for rows in plain_tables(well(test)) if "What became of it" in rows[0]]
    assert [row["What became of it"] for row in listed] == ["Withdrawn: Nobody came."]


def test_on_a_telephone_sessions_are_cards_of_which_one_opens_alone(owner, monkeypatch):
    hand = employ(owner, "Hand")
    for hours in ("1", "1.5"):
        trained.given(owner, hand, hours=hours, subjects=f"Pumps {hours}")
    monkeypatch.setattr("ui.tables.on_phone", lambda: True)
    with page("training", owner, owner) as test:
        assert not well(test).dataframe
        assert "<span>Duration:</span> 1 h 30 min</span>" in texts(test)
        first, second = cards(test)
        test.button(key=first).click().run()
        assert cards(well(test)) == [first]
        assert "Who attended" in texts(test)
        press(test, "Show all 2 again")
        assert cards(well(test)) == [first, second]


def cards(test):
    return [one.key for one in test.button if one.key.startswith("cards-open-session-")]


def test_the_owner_says_who_without_an_account_has_read_a_manual(portal, owner):
    kim = employ(owner, "Kim")
    manual = trained.manual(owner)
    with page("manuals", owner, owner, manual=str(manual)) as test:
        assert "1 manual, the next review and update by 20 November 2028." in texts(well(test))
        (who,) = [one for one in test.multiselect if (one.key or "").startswith("manual-readers")]
        who.set_value([str(kim)]).run()
        fill(test, "manual-readers", read_on=TODAY)
        press(test, "Record who has read it")
        assert "It is recorded, as you were told." in texts(well(test))
        assert "Who has read it: 1 of 1" in {one.label for one in test.expander}


def test_what_was_said_of_a_reader_is_taken_back_by_owner_and_operator(portal, owner):
    operator, employee = works_there(portal, owner)
    manual = trained.manual(owner)
    with page("manuals", operator, owner) as test:  # by the owner's link
        assert "One manual waits to be read by you." in texts(well(test))
    with drawn("manuals", operator) as test:
        press(test, "I have read Operations manual, version 1")
        fill(test, "own-taken-back", reason="I read another one.")
        press(well(test), "I have not read it: take it back")
        assert "It is taken back" in texts(well(test))
        assert "One manual waits to be read by you." in texts(test)
        press(test, "I have read Operations manual, version 1")
    with page("manuals", owner, owner, manual=str(manual)) as test:
        press(test, "Take back that they have read it")
        assert "2 things need your attention." in texts(well(test))
        (who,) = [one for one in test.multiselect if (one.key or "").startswith("readers-taken-back")]
        who.set_value([str(employee)]).run()
        fill(test, "readers-taken-back", reason="A mistake.")
        press(test, "Take back that they have read it")
        said = texts(well(test))
        assert "Who has read it: 0 of 1" in {one.label for one in test.expander}
        assert "I read another one." in said
        assert "A mistake." in said


def test_a_reader_and_a_stranger_see_nobody_and_an_officer_sees_all(portal, owner):
    employ(owner, "Hand")
    reader = members.acting(portal, owner, Grant(Right.READ, facility_of(owner)))
    with page("training", reader, owner) as test:
        assert "you do not record its training" in texts(well(test))
        assert not test.selectbox
    officer = signed_in(portal, Role.OFFICER)
    with page("training", officer, owner) as test:
        assert "1 person, 40 h missing" in texts(well(test))
        assert "Record the session" not in {button.label for button in test.button}


def test_a_manual_is_recorded_reviewed_and_read(portal, owner):
    operator, _employee = works_there(portal, owner)
    with page("manuals", owner, owner) as test:
        assert "no manual is on record." in texts(well(test))
        fill(test, "manual", name="Plant manual", label="1", place="Control room", reviewed=date(2024, 12, 1),
             updated=date(2024, 12, 1))  # fmt: skip
        press(test, "Record the manual")
        assert "1 manual, the next review and update by 1 December 2026." in texts(well(test))
        fill(test, "manuals-stated", all_listed="yes", sufficient="yes", operators_reach="yes",
             maintenance_reaches="no")  # fmt: skip
        press(test, "Say so of the manuals")
        assert "Does not stand" in texts(well(test))
    (manual,) = manuals.of_facility(owner, facility_of(owner)).manuals
    with drawn("manuals", operator) as test:
        assert "One manual waits to be read by you." in texts(well(test))
        press(test, "I have read Plant manual, version 1")
        assert "You have read every manual" in texts(well(test))
    with page("manuals", owner, owner, manual=str(manual.manual_id)) as test:
        fill(test, "manual-review", reviewed_on=TODAY, reviewed_by="Chief operator", updated=True)
        press(test, "Record the review")
        assert "by 20 November 2028" in texts(well(test))
        fill(test, "manual-version", label="2", updated_on=TODAY)
        press(test, "Record this version")
        assert "version 2" in texts(well(test))
        fill(test, "manual-withdraw", reason="Replaced.")
        press(test, "Take this manual out of use")
        assert "no manual is on record." in texts(well(test))


def test_whoever_only_reads_sees_manuals_and_records_nothing(portal, owner):
    manual = trained.manual(owner)
    reader = members.acting(portal, owner, Grant(Right.READ, facility_of(owner)))
    with page("manuals", reader, owner, manual=str(manual)) as test:
        assert "Operations manual, version 1" in texts(well(test))
        assert not {button.label for button in test.button} & {"Record the manual", "Record the review"}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIRECTOR, Role.MANAGER, Role.OWNER, Role.OPERATOR])
@pytest.mark.parametrize(("name", "way_back"), [("training", "/training?"), ("manuals", "/manuals?")])
def test_a_facility_that_does_not_exist_has_a_title_and_a_way_back(portal, name, way_back, role):
    with drawn(name, signed_in(portal, role), {"id": "999"}) as test:
        said = texts(test)
        assert not test.exception
        assert not test.selectbox, "nothing to choose of a facility that is none"
    assert [one.value for one in test.title] == [name.capitalize()]
    assert "There is no " in said
    assert f'href="{way_back}"' in said
