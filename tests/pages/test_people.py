"""The page on a facility's people, drawn for its owner, its clerk, an officer and a director."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.designations import Basis
from core.employment import Capacity
from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from core.sentences import in_english
from db.gate import unattended
from db.kept_findings import retest_all
from db.people_schema import DirectorNotice
from db.schema import DirectorDecision
from db.services import decisions, designations, disruptions, employees, responsibility
from tests.db import employed, filed, members
from tests.db.employed import TOMORROW, crew, led
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import active_owner
from tests.db.test_responsibility import later
from tests.pages.drawn import drawn, plain_tables, press, texts
from tests.pages.test_applications import well


@pytest.fixture
def portal(sqlite_portal):
    return sqlite_portal


def fill(test, form, **fields):
    """Fills the fields of one form."""
    for field, value in fields.items():
        boxes = (*test.text_input, *test.text_area, *test.selectbox, *test.checkbox, *test.radio)
        (box,) = [one for one in boxes if (one.key or "").startswith(form) and one.key.endswith(f".{field}")]
        box.set_value(value.isoformat() if hasattr(value, "isoformat") else value)
        test.run()
    return test


def page(owner, **query):
    return drawn("people", owner, {"id": str(facility_of(owner))} | query)


def test_an_empty_facility_says_what_to_do_and_the_first_employee_is_recorded(portal):
    owner = active_owner(portal)
    with page(owner) as test:
        assert "nobody on record" in texts(well(test))
        assert "Nobody is recorded as employed here." in texts(test)
        fill(test, "employ", given_name="Sam", family_name="O'Brien ${1}<b>", position="Operator",
             capacity=Capacity.ENGINEER, first=TODAY)  # fmt: skip
        press(test, "Record the employment")
        assert "The employment is recorded." in texts(well(test))
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert one.name == "Sam O'Brien ${1}<b>"


def test_an_owner_designates_and_sees_until_when(portal):
    owner, chief, second = crew(portal)
    with page(owner) as test:
        press(test, "Ask what the law says")
        said = texts(well(test))
        assert "Choose who." in said
        assert "Fill in “First day”." in said  # all at once
        assert "Fill in “Reason”." not in said  # for asking none is needed
        press(test, "Designate the overall responsible operator")
        assert "Fill in “Reason”." in texts(well(test))
        fill(test, "designate", employee_id=str(chief))
        press(test, "Ask what the law says")
        assert "Enter the first day." in texts(well(test))
        fill(test, "designate", employee_id=str(chief), basis=Basis.LICENCE, first=TODAY, reason="Runs it.")
        press(test, "Designate the overall responsible operator")
        assert "On its first day to come: Stands. From 13 March 2028: Does not stand." in texts(well(test))
        assert "overall responsible operator on 20 November 2026: Sam Chief." in texts(test)
        fill(test, "designate", employee_id=str(second), basis=Basis.STAND_IN, first=TOMORROW, reason="For Chief.")
        fill(test, "absence", employee_id=str(chief), first=TODAY, reason="Leave.")
        press(test, "Record the absence")
        press(test, "Ask what the law says")
        assert "is the first day over the limit" in texts(well(test))
        assert not responsibility.people(owner, facility_of(owner)).stand_ins.ledger.days
        press(test, "Designate the overall responsible operator")
        assert "As planned, 20 April 2027 is the first day over the limit." in texts(well(test))


def test_asking_anew_replaces_what_was_wrong_before(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        press(well(test), "Designate the overall responsible operator")
        said = texts(well(test))
        assert "4 things need your attention" in said
        assert ">Choose who.</a>" in said
        assert ">Fill in “On what it rests”.</a>" in said  # and not the label once more before it
        fill(test, "designate", employee_id=str(chief), basis=Basis.LICENCE, first=TODAY)
        press(test, "Ask what the law says")
        said = texts(well(test))
        assert "On its first day to come: Stands." in said
        assert "your attention" not in said
        assert "Choose who." not in said
        assert "Fill in" not in said
        fill(test, "designate", first="tomorrow")
        press(test, "Ask what the law says")
        said = texts(well(test))
        assert "One thing needs your attention" in said
        assert said.count("“tomorrow” is no day.") == 2  # on top with its label, and beneath its field
        assert ">First day: “tomorrow” is no day." in said
        assert "On its first day to come" not in said


@pytest.mark.parametrize(("reason", "waits"), [("", False), ("Runs it.", True)])
def test_a_question_that_has_its_answer_waits_for_nothing(portal, reason, waits):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(chief), basis=Basis.LICENCE, first=TODAY, reason=reason)
        press(test, "Ask what the law says")
        assert "On its first day to come: Stands." in texts(well(test))
        assert "Not saved yet" not in texts(test)
    with page(owner) as test:
        assert ("Not saved yet" in texts(well(test))) is waits


def test_absent_or_present_is_chosen_and_a_reason_is_required_of_an_absence(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "absence", employee_id=str(chief), first=TODAY)
        press(test, "Record the absence")
        assert ">Reason: " in texts(well(test))  # on top, with the link to its field
        assert reason_of(test).label == "Reason *"
        fill(test, "absence", reason="Called in.", presence="present")
        assert (reason_of(test).label, reason_of(test).value) == ("Reason", "Called in.")
        fill(test, "absence", reason="")
        press(test, "Record the absence")
        assert "It is recorded" in texts(well(test))
    assert [one.what for one in responsibility.people(owner, facility_of(owner)).absences] == ["Present"]


def reason_of(test):
    (box,) = [one for one in test.text_area if one.key.startswith("absence") and one.key.endswith(".reason")]
    return box


def test_a_reader_who_asks_is_told_what_is_wrong(portal):
    owner, _chief, _second = crew(portal)
    facility = facility_of(owner)
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    with drawn("people", reader, {"id": str(facility)}) as test:
        press(well(test), "Ask what the law says")
        said = texts(well(test))
        assert "3 things need your attention" in said
        assert "Fill in “First day”." in said


def test_a_plan_that_the_law_refuses_keeps_what_was_typed(portal):
    owner, _chief, second = crew(portal)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(second), basis=Basis.LICENCE, first=TOMORROW, reason="Try.")
        press(test, "Designate the overall responsible operator")
        assert "s. 15 (1) does not allow this for days to come" in texts(well(test))
        (reason,) = [box for box in test.text_area if box.key.startswith("designate")]
        assert reason.value == "Try."


def stood_in_for_70_days(portal):
    """The owner and the facility, of which a notice to the Director is due (s. 15 (5))."""
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    first = TODAY - timedelta(days=70)
    designations.record_absence(owner, facility, chief, first, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    return owner, facility


def test_the_notice_is_drafted_and_recorded(portal):
    owner, _facility = stood_in_for_70_days(portal)
    with page(owner) as test:
        assert "Notify the Director without delay: due since 9 November 2026." in texts(well(test))
        assert "Sam Second: from 11 September 2026" in texts(test)
        fill(test, "notice", sent_on=TODAY)
        press(test, "Record that the notice was sent")
        assert "Notify the Director" not in texts(well(test))
    decider = filed.director(portal)
    with drawn("people", decider) as test:
        assert "sent on 20 November 2026: days with a stand-in, due since 9 November 2026" in texts(well(test))


def test_a_notice_typed_in_another_tab_meanwhile_is_shown_and_why_it_is_not_recorded(portal):
    owner, facility = stood_in_for_70_days(portal)
    with page(owner) as test:
        fill(test, "notice", sent_on=TODAY - timedelta(days=1))
        designations.record_notice(owner, facility, TODAY)
        press(test, "Record that the notice was sent")
        assert "No notice to the Director is due any more" in texts(test)
        assert (TODAY - timedelta(days=1)).isoformat() in texts(test)
        press(test, "Discard what I typed")
        assert "No notice to the Director is due any more" not in texts(well(test))


def test_two_notices_of_one_facility_are_each_shown_and_led_to(portal):
    owner, facility = stood_in_for_70_days(portal)
    notice = designations.record_notice(owner, facility, TODAY)
    with portal.database.transaction(writes=True) as session:  # as two tabs recorded it before that was refused
        row = session.get_one(DirectorNotice, notice)
        kept = {one.key: getattr(row, one.key) for one in DirectorNotice.__table__.columns if one.key != "id"}
        session.add(DirectorNotice(**kept))
    for role in (Role.OFFICER, Role.DIRECTOR, Role.MANAGER):
        with drawn("people", signed_in(portal, role)) as test:
            test.session_state["pages"], test.session_state["page-shown"] = {"people": None}, "people"
            test.run()
            assert not test.exception
            assert texts(test).count("sent on 20 November 2026: days with a stand-in") == 2
            assert [button.label for button in test.button].count("Open North Bay WPCP") == 2


def test_a_clerk_records_and_does_not_designate_and_a_reader_only_asks(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility))
    with drawn("people", clerk, {"id": str(facility)}) as test:
        labels = {button.label for button in well(test).button}
        assert "Record the absence" in labels
        assert "Designate the overall responsible operator" not in labels
        fill(test, "hours", employee_id=str(chief), day=TODAY, hours="7.5")
        press(test, "Record the hours")
        fill(test, "licence-display", employee_id=str(chief), since=TODAY, place="Hall")
        press(test, "Record the display of the licence")
        fill(test, "in-charge", employee_id=str(chief), first=TODAY)
        press(test, "Designate an operator-in-charge")
        assert "The operator-in-charge is designated. On its first day to come: " in texts(well(test))
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    with drawn("people", reader, {"id": str(facility)}) as test:
        labels = {button.label for button in well(test).button}
        assert "Ask what the law says" in labels
        assert "Record the absence" not in labels


def test_an_employment_and_a_designation_end_by_their_last_day(portal):
    owner, _chief, _second = led(portal)
    with page(owner) as test:
        row = responsibility.people(owner, facility_of(owner)).designations[0]
        fill(well(test), "end-designations", fact_id=str(row.fact_id), last=TODAY)
        press(test, "Record the end: Designations")
        assert "The end is recorded" in texts(well(test))
    with page(owner, people_day=TOMORROW.isoformat()) as test:
        assert "operator on 21 November 2026: nobody on record" in texts(well(test))


def test_an_officer_confirms_an_operator_id_and_notes_that_an_employment_starts_anew(portal):
    owner = active_owner(portal)
    employed.listed(portal, ("90000003", "Chief", "III"))
    employed.employ(owner, "Chief", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    with drawn("people", officer) as test:
        assert "90000003" in texts(well(test))
        press(test, "Confirm this Operator ID")
        assert "The Operator ID is confirmed" in texts(well(test))
    with drawn("people", officer, {"id": str(facility_of(owner))}) as test:
        row = responsibility.people(owner, facility_of(owner)).employments[0]
        fill(well(test), "starts-anew", employment_id=str(row.fact_id), note="Another plant in between.")
        press(test, "Record the note")
        assert "The note is recorded." in texts(well(test))


def test_an_employee_is_invited(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "invite-employee", employee_id=str(chief), email="sam@example.ca")
        press(test, "Invite")
        assert "sam@example.ca is invited." in texts(well(test))


def test_anothers_facility_is_not_shown(portal):
    owner, _chief, _second = crew(portal)
    other = signed_in(portal, Role.OWNER)
    with drawn("people", other, {"id": str(facility_of(owner))}) as test:
        assert "There is no such facility, or it is not yours." in texts(well(test))
    with drawn("people", other) as test:
        assert "The office has confirmed no facility of yours yet." in texts(well(test))


def test_a_direction_of_the_director_names_its_period(portal):
    owner, _chief, _second = crew(portal)
    with drawn("facility", filed.director(portal), {"id": str(facility_of(owner))}) as test:
        fill(well(test), "facility-decision",
             kind="stand_in_direction", decided_on=TODAY, reasons="No other way.")  # fmt: skip
        press(test, "Record the decision")
        assert "Enter the last day for which the Director decided." in texts(well(test))
        fill(test, "facility-decision", valid_until=TODAY + timedelta(days=30))
        press(test, "Record the decision")
        assert "The limit on days of standing in does not apply for a time" in texts(well(test))


def test_a_refusal_of_a_direction_is_recorded_in_the_one_form_with_its_last_day(portal):
    owner, _chief, second = crew(portal)
    facility = facility_of(owner)
    with drawn("facility", filed.director(portal), {"id": str(facility)}) as test:
        fill(well(test), "facility-decision", kind="strike_direction", decided_on=TODAY, reasons="Not safe.")
        fill(test, "facility-decision", granted="refused")
        press(test, "Record the decision")
        assert "Enter the last day of what is refused. To end a direction" in texts(well(test))
        fill(test, "facility-decision", valid_until=TOMORROW)
        press(test, "Record the decision")
        assert "Refused or ended" in texts(well(test))
    with page(owner) as test:
        said = texts(well(test))
        assert "Decided by the Director about strikes" in said
        assert "Refused or ended" in said
        assert "Not safe." not in said, "the reasons stand on the page to which it leads"
        assert in_the_decisions(well(test)) == "None"
    disruptions.record_strike(owner, facility, TODAY - timedelta(days=9), TODAY - timedelta(days=2))
    disruptions.record_strike(owner, facility, TOMORROW, None)
    with page(owner) as test:
        assert in_the_decisions(well(test)) == f"from {in_english(TOMORROW)}"
    with pytest.raises(Refused, match="not to lift the rule"):
        designations.designate(owner, facility, second, "strike", TODAY, TOMORROW, "A strike.")


def in_the_decisions(test):
    """What the table of the Director's decisions says of strikes on record."""
    of = "Strikes on record in these days"
    (said,) = [row[of] for rows in plain_tables(test) for row in rows if of in row]
    return said


def test_a_refusal_that_was_recorded_without_its_last_day_says_so_and_how_it_is_replaced(portal):
    owner, _chief, second = crew(portal)
    facility, director = facility_of(owner), filed.director(portal)
    decisions.record(director, facility, "strike_direction", TODAY, "Not safe.", False, valid_until=TOMORROW)
    with unattended(portal, owner.at) as work:
        work.session.execute(update(DirectorDecision).values(valid_until=None))
        retest_all(work)
    with drawn("facility", director, {"id": str(facility)}) as test:
        assert "No last day is on record. A later decision" in texts(well(test))
    decisions.record(director, facility, "strike_direction", TODAY, "Safe now.", valid_from=TOMORROW,
                     valid_until=TOMORROW + timedelta(days=1))  # fmt: skip
    designations.designate(owner, facility, second, "strike", TOMORROW, TOMORROW, "A strike.")
    after = TOMORROW + timedelta(days=1)
    with pytest.raises(Refused, match="not to lift the rule"):
        designations.designate(owner, facility, second, "strike", after, after, "A strike.")


def test_a_decision_shows_its_first_day_and_an_end_before_it_is_named_as_typed(portal):
    owner, _chief, _second = crew(portal)
    first = TODAY + timedelta(days=11)
    with drawn("facility", filed.director(portal), {"id": str(facility_of(owner))}) as test:
        form = "facility-decision"
        fill(well(test), form, kind="strike_direction", valid_from=first, valid_until=first - timedelta(days=10))
        press(test, "Record the decision")
        wrong = f"{in_english(first - timedelta(days=10))} is before the first day, {in_english(first)}."
        said = texts(well(test))
        assert said.index(wrong) < said.index("Enter the day of the decision") < said.index(">Reasons: ")
        fill(test, form, decided_on=TODAY, reasons="A safe plan.", valid_until=first)
        press(test, "Record the decision")
        assert "Stands from" in texts(well(test))
        assert texts(test).count(in_english(first)) >= 2


def labels(test):
    return {button.label for button in well(test).button}


def options(test, form, field):
    (box,) = [one for one in test.selectbox if (one.key or "").startswith(form) and one.key.endswith(f".{field}")]
    return [one for one in box.options if one != "Choose"]


def test_an_entry_made_by_mistake_is_taken_back_and_stays_readable(portal):
    owner, chief, _second = led(portal)
    designations.record_absence(owner, facility_of(owner), chief, TODAY, TODAY, "Sick.")
    with page(owner) as test:
        assert "Sam Chief, 20 November 2026: Absent or unable to act" in options(well(test), "take-back:", "entry")
        press(test, "Take this entry back")
        assert "Choose which entry." in texts(well(test))
        (row,) = responsibility.people(owner, facility_of(owner)).designations
        fill(test, "take-back:", entry=f"designation:{row.fact_id}")
        press(test, "Take this entry back")
        assert "why it is taken back" in texts(well(test))
        fill(test, "take-back:", reason="Another <b>works</b>.")
        press(test, "Take this entry back")
        assert "The entry is taken back" in texts(well(test))
        assert "operator on 20 November 2026: nobody on record" in texts(test)
        assert [one.label for one in test.expander if one.label.startswith("Taken back")] == ["Taken back (1)"]
    (gone,) = responsibility.people(owner, facility_of(owner)).withdrawn
    assert (gone.name, gone.reason) == ("Sam Chief", "Another <b>works</b>.")


def test_a_clerk_takes_back_what_a_clerk_records_and_a_reader_nothing(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility))
    designations.record_absence(clerk, facility, chief, TODAY, TODAY, "Sick.")
    with drawn("people", clerk, {"id": str(facility)}) as test:
        assert not any(
            ":designation" in one or "Licence of" in one for one in options(well(test), "take-back:", "entry")
        )
        assert "Record the end: Designations" not in labels(test)
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    with drawn("people", reader, {"id": str(facility)}) as test:
        assert "Take this entry back" not in labels(test)


def test_an_end_recorded_after_the_day_is_marked_and_the_fact_is_not(portal):
    owner, _chief, _second = led(portal)
    row = responsibility.people(owner, facility_of(owner)).designations[0]
    later_on = later(owner, 15)
    designations.end_designation(later_on, row.fact_id, TODAY)
    with page(later_on, people_day=TODAY.isoformat()) as test:
        (said,) = [
            row["Recorded"] for rows in plain_tables(well(test)) for row in rows if row.get("Reason") == "Runs it."
        ]
    first, _, changed = said.partition("; changed ")
    assert "after" not in first
    assert "5 December 2026" in changed
    assert changed.endswith("(after 20 November 2026)")


def test_a_planned_end_is_brought_forward(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, TODAY + timedelta(days=30), "Leave.")
    designations.designate(owner, facility, second, "stand_in", TODAY, TODAY + timedelta(days=30), "So it is.")
    with page(owner) as test:
        row = responsibility.people(owner, facility).designations[0]
        fill(well(test), "end-designations", fact_id=str(row.fact_id), last=TOMORROW)
        press(test, "Record the end: Designations")
        assert "The end is recorded" in texts(well(test))
    assert len(responsibility.people(owner, facility).stand_ins.ledger.days) == 2


def test_under_the_older_regulation_functions_are_recorded_and_nobody_is_designated_in_charge(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    employed.employ(owner, "Chief", "90000003", first=date(2003, 1, 1), last=date(2004, 1, 31))
    with page(owner, people_day="2003-09-01") as test:
        assert "Record the functions" in labels(test)
        assert "Designate an operator-in-charge" not in labels(test)
        assert "whoever had one of its functions was in charge" in texts(test)
        fill(test, "functions", employee_id=str(chief), first=date(2003, 7, 1), last=date(2003, 12, 31),
             sets_parameters=True)  # fmt: skip
        press(test, "Record the functions")
        assert "The functions are recorded" in texts(well(test))
    found = responsibility.people(owner, facility, date(2003, 9, 1))
    assert [one.what for one in found.functions] == ["In charge: sets operational parameters"]
    assert Verdict.MET in {one.finding.verdict for one, _ in found.findings if one.about is About.IN_CHARGE}
    with page(owner) as test:
        assert "Record the functions" not in labels(test)
        assert any(one.label == "Functions (1)" for one in well(test).expander)


def test_an_officer_records_past_licences_and_takes_them_back(portal):
    owner, chief, _second = crew(portal)
    officer, at_facility = signed_in(portal, Role.OFFICER), {"id": str(facility_of(owner))}
    with drawn("people", officer, at_facility) as test:
        press(well(test), "Record the issue")
        assert "Choose whose." in texts(well(test))
        fill(test, "licence-issue", employee_id=str(chief), number="L1", licence_type="wastewater_treatment",
             licence_class="III", issued_on=date(2012, 6, 30), expiry=date(2015, 6, 30),
             extended_to=date(2015, 12, 31), clear=True)  # fmt: skip
        press(test, "Record the issue")
        assert "The issue is recorded" in texts(well(test))
        fill(test, "licences-complete", employee_id=str(chief), since=date(2010, 1, 1))
        press(test, "Record that they are complete")
        assert any(one.label == "Past licences (2)" for one in well(test).expander)
        assert set(options(test, "take-back-licence", "entry")) == {
            "Sam Chief: every licence is on record since 1 January 2010",
            "Sam Chief: Wastewater treatment, Class III, L1, issued on 30 June 2012",
        }
        (issue, _complete) = responsibility.people(officer, facility_of(owner)).past_licences
        assert issue.extended_to == date(2015, 12, 31)
        fill(test, "take-back-licence", entry=f"licence_issue:{issue.fact_id}", reason="Of another Sam.")
        press(test, "Take this record back")
        assert "It is taken back" in texts(well(test))
    with page(owner) as test:
        assert any(one.label == "Past licences (1)" for one in well(test).expander)
        assert "Record the issue" not in labels(test)


def test_an_officer_takes_a_note_back(portal):
    owner = active_owner(portal)
    employed.employ(owner, "Engineer", capacity="engineer", first=date(2026, 11, 1))
    officer = signed_in(portal, Role.OFFICER)
    employment = responsibility.people(owner, facility_of(owner)).employments[0]
    employees.note_starts_anew(officer, employment.fact_id, "Another plant in between.")
    with drawn("people", officer, {"id": str(facility_of(owner))}) as test:
        noted = responsibility.people(owner, facility_of(owner)).employments[0]
        fill(well(test), "take-back-note", employment_id=str(noted.fact_id), reason="It was the same plant.")
        press(test, "Take the note back")
        assert "The note is taken back" in texts(well(test))
        assert "Take the note back" not in labels(test)


def test_what_days_spend_none_is_said_at_the_ledger(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    with page(owner) as test:
        assert "No day with a stand-in: at most 150 days may count, in any 12 months." in texts(well(test))
        assert "0 of at most 150 days" not in "\n".join(one.value for one in test.text)
        (fold,) = [one for one in test.expander if one.label == "Which days would count"]
        assert [one.value for one in fold.text if "Days of a strike or lock-out" in one.value]
        assert [one for one in fold.get("html") if 'class="ledger"' in one.proto.body]
    designations.record_absence(owner, facility, chief, TODAY, TODAY, "Sick.")
    designations.designate(owner, facility, second, "stand_in", TODAY, TODAY, "For Chief.")
    with page(owner) as test:
        assert "1 of at most 150 days count" in texts(well(test))
        assert "Days of a strike or lock-out" in texts(test)
        assert not [one for one in test.expander if one.label == "Which days would count"]
    with page(owner, people_day="2028-06-01") as test:  # by then it counts no more, and the calendar ends after it
        assert "No day with a stand-in" in texts(well(test))


def test_days_of_a_strike_and_of_an_emergency_are_put_on_record_and_drawn(portal):
    owner, _chief, second = led(portal)
    facility = facility_of(owner)
    with page(owner) as test:
        fill(
            test, "designate", employee_id=str(second), basis=Basis.STRIKE, first=TODAY, last=TODAY, reason="Out."
        )
        press(test, "Designate the overall responsible operator")
        assert "The designation is recorded." in texts(well(test))
        assert "The Director lifted the rule for a strike or lock-out" in texts(test)
        drawn_days = "".join(one.proto.body for one in test.get("html"))
        assert "△</span> strike, lock-out or emergency, not counted" in drawn_days
        assert "overall responsible in a strike or lock-out" in drawn_days
    (recorded,) = [one for one in responsibility.people(owner, facility).designations if one.kind == "strike"]
    assert (recorded.what, recorded.reason) == ("Strike or lock-out, by the Director's direction", "Out.")
    director = signed_in(portal, Role.DIRECTOR)
    with drawn("people", director, {"id": str(facility)}) as test:
        assert "decision=strike_direction" in texts(well(test))


def test_a_day_that_cannot_be_read_is_said_when_asking_too(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(chief), basis=Basis.LICENCE, first="tomorrow")
        press(test, "Ask what the law says")
        assert "“tomorrow” is no day." in texts(well(test))


def test_hours_of_whatever_day_are_found_by_the_person_and_taken_back(portal):
    owner, chief, _second = crew(portal)
    facility, long_ago = facility_of(owner), date(2025, 2, 3)
    designations.record_hours(owner, facility, chief, long_ago, 8)
    designations.record_hours(owner, facility, chief, TODAY, 7)
    with page(owner) as test:
        fill(test, "hours-day-by-day", employee_id=str(chief))
        assert "3 February 2025: 8:00 hours in charge" in texts(well(test)) + str(
            options(test, "hours-day-by-day", "hours")
        )
        rows = responsibility.hours_day_by_day(owner, facility, chief).rows
        assert [one.day for one in rows] == [TODAY, long_ago]
        fill(test, "hours-day-by-day", hours=str(rows[1].hours_id), reason="The year was wrong.")
        press(test, "Take these hours back")
        assert "The hours are taken back" in texts(well(test))
    assert [one.day for one in responsibility.hours_day_by_day(owner, facility, chief).rows] == [TODAY]


def test_whoever_reads_sees_the_hours_of_a_person_and_takes_none_back(portal):
    owner, chief, _second = crew(portal)
    designations.record_hours(owner, facility_of(owner), chief, date(2025, 2, 3), 8)
    with drawn("people", signed_in(portal, Role.OFFICER), {"id": str(facility_of(owner))}) as test:
        fill(test, "hours-day-by-day", employee_id=str(chief))
        assert "Take these hours back" not in labels(test)
        days = [[row["Day"] for row in rows] for rows in plain_tables(well(test)) if "Day" in rows[0]]
        assert days == [["3 February 2025"]]


def test_why_it_does_not_stand_is_read_whole_in_the_table_of_who_runs_it(portal):
    owner, _chief, second = crew(portal)
    designations.designate(owner, facility_of(owner), second, "licence", TODAY, TODAY, "Nobody else came.")
    with page(owner) as test:
        (table,) = [one.proto.body for one in test.get("html") if "by-who" in one.proto.body]
        acting = next(one for one in responsibility.people(owner, facility_of(owner)).timeline if one.name)
        assert f"</span>{acting.finding.because}</td>" in table.replace("&#39;", "'")
        assert "</span>■ Does not stand</td>" in table


def test_what_was_typed_under_another_tab_or_in_a_fold_is_in_sight_after_a_reload(portal):
    owner, chief, _second = led(portal)
    with page(owner) as test:
        fill(test, "employ", given_name="Sam")
        fill(test, "take-back", reason="It was somebody else.")
        assert "waits under" not in texts(well(test))
    with page(owner) as test:
        assert "Not saved yet: what you typed earlier waits under “Employ somebody”." in texts(well(test))
        (fold,) = [one for one in test.expander if one.label == "Take back an entry made by mistake"]
        assert fold.proto.expandable.expanded if hasattr(fold.proto, "expandable") else fold.proto.expanded
        assert chief


def test_present_within_an_absence_is_said_to_make_the_days_a_question(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    first, last = TODAY + timedelta(days=7), TODAY + timedelta(days=20)
    designations.record_absence(owner, facility, chief, first, last, "Leave.")
    within = {"first": first + timedelta(days=5), "last": first + timedelta(days=6)}
    with page(owner) as test:
        fill(test, "absence", employee_id=str(chief), presence="present", **within)
        press(test, "Record the absence")
        said = texts(well(test))
        assert "both are on record now, absent and present" in said
        assert "through" in said
        fill(test, "absence", employee_id=str(chief), presence="present", first=TODAY, last=TODAY)
        press(test, "Record the absence")
        assert "both are on record now" not in texts(well(test))


def test_a_designation_on_days_without_an_employment_says_so(portal):
    owner, _chief, _second = crew(portal)
    late = employed.employ(owner, "Late", capacity="other", first=TODAY - timedelta(days=5))
    before = TODAY - timedelta(days=20)
    with page(owner) as test:
        days = {"first": before, "last": before + timedelta(days=1)}
        fill(test, "designate", employee_id=str(late), basis=Basis.EMERGENCY, reason="A flood.", **days)
        press(test, "Designate the overall responsible operator")
        assert "No employment of this person is on record on these days: from" in texts(well(test))
        days = {"first": TODAY, "last": TODAY}
        fill(test, "designate", employee_id=str(late), basis=Basis.EMERGENCY, reason="A flood.", **days)
        press(test, "Designate the overall responsible operator")
        assert "The designation is recorded." in texts(well(test))
        assert "No employment of this person" not in texts(test)


def test_the_form_of_hours_says_that_they_replace_and_hours_on_a_day_of_absence_are_said(portal):
    owner, chief, _second = crew(portal)
    designations.record_absence(owner, facility_of(owner), chief, TODAY, None, "Leave.")
    with page(owner) as test:
        assert "they take the place of what is recorded of that day" in texts(well(test))
        for day, is_said in ((TODAY, True), (TODAY - timedelta(days=1), False)):
            fill(test, "hours:", employee_id=str(chief), day=day)
            hours = next(
                one for one in test.text_input if one.key.startswith("hours:") and one.key.endswith(".hours")
            )
            hours.set_value("8").run()
            press(test, "Record the hours")
            assert "Recorded: 8:00" in texts(well(test))
            assert ("the person is on record as absent on that day" in texts(test)) is is_said


def test_an_engineer_without_an_operator_id_is_told_of_both_ways(portal):
    owner, _chief, _second = crew(portal)
    engineer = employed.employ(owner, "Eng", capacity="engineer")
    with page(owner) as test:
        fill(test, "in-charge", employee_id=str(engineer), first=TODAY)
        press(test, "Designate an operator-in-charge")
        assert "No Operator ID of Sam Eng is entered." in texts(well(test))


def test_namesakes_are_told_apart(portal):
    owner, _chief, _second = crew(portal)
    employed.employ(owner, "Chief", "90000009", last=TODAY)
    with page(owner) as test:
        shown = options(well(test), "absence", "employee_id")
        assert [one for one in shown if "Chief" in one] == ["Sam Chief (90000003)", "Sam Chief (90000009)"]
        assert [one.label for one in test.expander if "Sam Chief" in one.label.replace("\u2060", "")] != []


def test_namesakes_without_a_number_are_told_apart_by_their_employment_or_counted(portal):
    owner, _chief, _second = crew(portal)
    for first in (date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 1)):
        employed.employ(owner, "Eng", capacity="engineer", first=first, another_person=True)
    with page(owner) as test:
        shown = [one for one in options(well(test), "absence", "employee_id") if "Eng" in one]
        assert shown == [
            "Sam Eng (from 1 January 2026)",
            "Sam Eng (from 1 March 2026) (1 of 2 that read alike)",
            "Sam Eng (from 1 March 2026) (2 of 2 that read alike)",
        ]


def test_namesakes_are_told_apart_where_they_are_corrected_and_in_the_totals_of_hours(portal):
    owner, _chief, _second = crew(portal)
    for first in (date(2026, 1, 1), date(2026, 3, 1)):
        one = employed.employ(owner, "Eng", capacity="engineer", first=first, another_person=True)
        designations.record_hours(owner, facility_of(owner), one, TODAY, Decimal(3))
    names = [f"Sam Eng (from {day} 2026)" for day in ("1 January", "1 March")]
    with page(owner) as test:
        shown = options(well(test), "correct-employee", "employee_id")
        assert [one for one in shown if "Eng" in one] == names
        assert "Sam Chief, 90000003" in shown
    assert [one.name for one in responsibility.people(owner, facility_of(owner)).hours] == names


def test_facilities_are_chosen_by_how_they_stand(portal):
    owner, _chief, second = crew(portal)
    designations.designate(owner, facility_of(owner), second, "licence", TODAY, TODAY, "Nobody else came.")
    with drawn("people", owner) as test:
        assert "1 facility. At 1 the overall responsible operator does not stand" in texts(well(test))
        (standing,) = [box for box in test.selectbox if box.key == "standing"]
        assert standing.options == ["All (1)", "■ Does not stand (1)"]
        (table,) = test.dataframe
        assert table.value["Facility"].tolist() == ["North Bay WPCP 2200A"]
        standing.set_value("not met").run()
        assert len(test.dataframe) == 1
    with drawn("people", signed_in(portal, Role.MANAGER)) as test:
        (contains,) = [box for box in test.text_input if box.key == "facility-words"]
        contains.set_value("Quiet").run()
        assert "No facility is like this." in texts(well(test))


def test_of_many_people_those_who_act_and_those_with_a_gap_come_first(portal):
    owner, _chief, _second = led(portal)
    facility = facility_of(owner)
    *_, clerk = [employed.employ(owner, f"Clerk {number}", capacity="other") for number in range(14)]
    with page(owner) as test:
        assert folds(test)[:2] == ["? Not known: Sam Chief", "? Not known: Sam Second"]  # no copy is displayed
        assert "14 more people: – Does not apply 14" in folds(test)
        (table,) = [one.value for one in test.dataframe if list(one.value.columns) == ["Name", "Standing", "Why"]]
        assert len(table) == 14
        assert not [one for one in folds(test) if "Clerk" in one]
    designations.record_absence(owner, facility, clerk, TODAY, TODAY, "Sick.")
    with page(owner, person=str(clerk)) as test:
        (fold,) = [one for one in well(test).expander if one.label.startswith("14 more people")]
        assert "Sam Clerk 13" in [one.value for one in fold.text]
        assert [one for one in fold.get("html") if 'class="findings"' in one.proto.body]


def test_of_a_few_people_each_has_a_fold(portal):
    owner, _chief, _second = crew(portal)
    employed.employ(owner, "Clerk", capacity="other")
    with page(owner) as test:
        assert folds(test)[:3] == [
            "? Not known: Sam Chief",
            "? Not known: Sam Second",
            "– Does not apply: Sam Clerk",
        ]
        assert not [one for one in folds(test) if "more" in one]


def folds(test):
    """The labels of what is folded away, without what keeps names from being read as Markdown."""
    return [one.label.replace("\u2060\\", "") for one in well(test).expander]


def timeline(test):
    """The timeline with its legend, as HTML."""
    drawn = [one.proto.body for one in well(test).get("html")]
    return "\n".join(one for one in drawn if 'class="timeline"' in one or 'class="legend"' in one)


def test_the_timeline_has_an_axis_a_line_for_today_and_a_legend(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, TODAY, "Sick.")
    designations.record_absence(owner, facility, second, TODAY, TODAY, "", away=False)
    designations.designate(owner, facility, second, "stand_in", TODAY, TODAY, "For Chief.")
    with page(owner) as test:
        drawn = timeline(test)
        ends = ("20 November 2025", "Today, 20 November 2026", "19 November 2027")
        assert "".join(f"<span>{one}</span>" for one in ends) in drawn
        assert [month for month in ("Jan<br>2026", "Oct<br>2027", "Feb<br>2026") if month in drawn] == [
            "Jan<br>2026",
            "Oct<br>2027",
        ]
        for kind, said in (
            ("licence", "overall responsible by licence"),
            ("stand_in", "stands in"),
            ("absent", "absent or unable to act"),
            ("present", "recorded as present"),
            ("employed", "employed"),
        ):
            assert f'<span class="bar {kind}" aria-hidden="true"></span> {said}</li>' in drawn
            assert f'<span class="bar {kind}" style="left:' in drawn
        assert "operator-in-charge" not in drawn  # nobody is
    with page(owner, people_day="2026-11-21") as test:
        assert "Today" not in timeline(test)
        assert "<span>21 November 2026</span>" in timeline(test)


def test_the_timeline_of_many_ends_and_says_so(portal):
    owner, _chief, _second = led(portal)
    for number in range(30):
        employed.employ(owner, f"Worker {number}", last=TODAY)
    with page(owner) as test:
        assert timeline(test).count('class="name"') == 16
        assert "17 more are in the tables under “What is recorded”." in texts(well(test))


def test_what_was_recorded_after_the_day_asked_about_is_marked(portal):
    owner, _chief, _second = crew(portal)
    with page(owner, people_day="2026-03-01") as test:
        recorded = [row["Recorded"] for rows in plain_tables(well(test)) for row in rows if "Recorded" in row]
        assert recorded
        assert all("(after 1 March 2026)" in one for one in recorded)


def test_an_officer_sees_the_employer_and_the_listing_beside_an_operator_id(portal):
    owner = active_owner(portal)
    employed.listed(portal, ("90000003", "Chief", "III"))
    employed.employ(owner, "Chief", "90000003")
    employed.employ(owner, "Nobody", "90000009", last=TODAY)
    with drawn("people", signed_in(portal, Role.OFFICER)) as test:
        said = texts(well(test))
        assert "Sam Chief: Wastewater treatment, Class III, until 12 March 2028, in force" in said
        assert "The listing shows nobody under this Operator ID." in said
        assert "City of North Bay" in said


def test_an_owner_corrects_who_an_employee_is_and_what_was_before_is_shown(portal):
    owner, chief, _second = crew(portal)
    with page(owner) as test:
        fill(well(test), "correct-employee", employee_id=str(chief))
        fill(well(test), "corrected-employee", family_name="<b>Chiefson")
        press(test, "Correct it")
        assert "The correction is recorded" in texts(well(test))
    one = responsibility.people(owner, facility_of(owner)).changes[0]
    assert (one.name, one.was) == ("Sam <b>Chiefson", "Sam Chief, 90000003")


def test_an_account_that_is_somebody_elses_is_parted_from_an_employee(portal):
    owner, chief, _second = crew(portal)
    robin = signed_in(portal, Role.OPERATOR, email="robin@example.ca")
    employees.invite(owner, facility_of(owner), chief, "robin@example.ca")
    with drawn("acting_for", robin) as test:
        assert "Sam Chief" in texts(well(test))
        test.checkbox[0].check().run()
        press(test, "Accept")
        assert "You act for one organization" in texts(well(test))
    with page(owner) as test:
        fill(well(test), "part-account", employee_id=str(chief), reason="A wrong e-mail.")
        press(test, "Part the account from this employee")
        assert "The account is parted from this employee" in texts(well(test))
    assert members.offers(robin) == []
    assert not members.members.mine(robin)


def test_an_officer_confirms_another_name_with_a_reason_and_takes_it_back(portal):
    owner, _chief, _second = crew(portal)
    third = employed.employ(owner, "Third", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    with drawn("people", officer) as test:
        assert "Sam Chief is another name." in texts(well(test))
        press(test, "Confirm this Operator ID")
        assert "Why they are one person" in texts(test)
        fill(well(test), "confirm", because="Married in May.")
        press(test, "Confirm this Operator ID")
        assert "The Operator ID is confirmed" in texts(well(test))
    with drawn("people", officer, {"id": str(facility_of(owner))}) as test:
        fill(well(test), "unconfirm", employee_id=str(third), reason="They are two.")
        press(test, "Take the confirmation back")
        assert "The confirmation is taken back" in texts(well(test))
    shown = responsibility.people(owner, facility_of(owner))
    assert [one.reason for one in shown.changes][:2] == ["They are two.", "Married in May."]
    assert not next(one for one in shown.employees if one.employee_id == third).confirmed


def test_a_plan_that_makes_another_worse_says_so(portal):
    owner, chief, second = crew(portal)
    designations.designate(owner, facility_of(owner), second, "stand_in", TODAY, None, "Nobody is designated.")
    first = TODAY + timedelta(days=5)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(chief), basis=Basis.LICENCE, first=first)
        press(test, "Ask what the law says")
        said = texts(well(test))
    assert "But from 25 November 2026 the facility stands worse with it: Sam Second acts then." in said


def test_a_director_is_led_to_where_the_direction_is_recorded(portal):
    owner, _chief, _second = led(portal)
    director, facility = filed.director(portal), str(facility_of(owner))
    with drawn("people", director, {"id": facility}) as test:
        assert "decision=stand_in_direction" in texts(well(test))
    with drawn("facility", director, {"id": facility, "decision": "stand_in_direction"}) as test:
        (kind,) = [one for one in well(test).selectbox if one.label.startswith("What is decided")]
        assert kind.value == "stand_in_direction"
    with drawn("people", owner, {"id": facility}) as test:
        assert "decision=stand_in_direction" not in texts(well(test))


def test_the_end_of_the_acting_ones_employment_says_who_is_left(portal):
    owner, chief, _second = led(portal)
    rows = responsibility.people(owner, facility_of(owner)).employments
    (row,) = [one for one in rows if one.employee_id == chief]
    with page(owner) as test:
        fill(well(test), "end-employment", fact_id=str(row.fact_id), last=TODAY)
        press(test, "Record the end: Employment")
        said = texts(well(test))
    assert "Sam Chief stays designated as the overall responsible operator without an employment from" in said
    assert "nobody else is on record as the overall responsible operator then" in said


def test_asking_about_days_on_which_somebody_acts_says_who_and_what_would_hold(portal):
    owner, _chief, second = led(portal)
    with page(owner) as test:
        fill(well(test), "designate", employee_id=str(second), basis=Basis.LICENCE, first=TOMORROW)
        press(test, "Ask what the law says")
        said = texts(well(test))
    assert "Designated on some of these days already: Sam Chief, from 21 November 2026 (Licence of" in said
    assert "Were it so: On its first day to come: Does not stand." in said


def test_a_designation_that_begins_before_the_employment_is_marked_in_the_timeline(portal):
    owner, _chief, _second = crew(portal)
    facility, first = facility_of(owner), TODAY - timedelta(days=20)
    late = employed.employ(owner, "Late", capacity="engineer", first=first)
    with page(owner) as test:
        assert "uncounted" not in texts(well(test))
    begins = first - timedelta(days=10)
    designations.designate(owner, facility, late, "engineer", begins, TODAY, "So it was.")
    designations.designate_in_charge(owner, facility, late, begins, TODAY, True)
    with page(owner) as test:
        said = texts(well(test))
    assert said.count('<span class="bar uncounted"') == 3  # of both bars, and in the legend
    assert "designated, but not employed: counts for nothing" in said
    assert f"In charge; counts only from the employment, {in_english(first)}" in said
