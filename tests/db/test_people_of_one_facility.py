"""What is recorded of a facility's people and how it hangs together: one person under two names, absences,
displays and hours, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db.services import designations, employees, responsibility, withdrawals
from tests.db import members
from tests.db.employed import TOMORROW, confirm, crew, employ, led, listed
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_operator, active_owner
from tests.db.test_responsibility import finding, verdict
from tests.db.together import together

YESTERDAY = TODAY - timedelta(days=1)


# --- one person under two names -----------------------------------------------------------------------------


def test_the_six_months_of_an_engineer_do_not_start_anew_under_another_spelling(portal):
    owner = active_owner(portal)
    first = employ(
        owner, "Engineer", "90000001", capacity="engineer", first=date(2026, 3, 15), last=date(2026, 10, 21)
    )
    again = employ(owner, "Ingenieur", "90000001", capacity="engineer", first=date(2026, 10, 31), last=TODAY)
    assert verdict(owner, About.LICENSED, name="Sam Ingenieur") is Verdict.MET
    confirm(portal, first, again)  # from now on findings are of one person, by the first of the names
    assert verdict(owner, About.LICENSED, name="Sam Engineer") is not Verdict.MET
    lawful_until = finding(owner, About.LICENSED, date(2026, 9, 14), "Sam Engineer")
    assert (lawful_until.verdict, lawful_until.until) == (Verdict.MET, date(2026, 9, 15))
    assert len(responsibility.people(owner, facility_of(owner)).employees) == 2


@pytest.mark.parametrize("given_name", ["Sam", "Zelda"])
def test_an_operator_id_and_a_name_on_file_bind_nobody_without_the_office(portal, given_name):
    active_operator(portal, "90012345", given_name="Sam", family_name="Fairwater")
    owner = active_owner(portal)
    employees.employ(
        owner, facility_of(owner), given_name, "Fairwater", "90012345", "Operator", "operator", True, TODAY, TODAY
    )
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert not one.confirmed
    assert verdict(owner, About.LICENSED) is Verdict.UNKNOWN
    (waits,) = responsibility.unconfirmed(signed_in(portal, Role.OFFICER)).rows
    assert (waits.name, waits.on_file) == (f"{given_name} Fairwater", "Sam Fairwater")
    confirm(portal, waits.employee_id)
    assert verdict(owner, About.LICENSED) is Verdict.MET


# --- absences of whoever acts -------------------------------------------------------------------------------


def test_nobody_stands_in_for_oneself(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    with pytest.raises(Refused, match="cannot stand in as well"):
        designations.designate(owner, facility, chief, "stand_in", TOMORROW, None, "Holiday.")


def test_whoever_is_recorded_as_absent_does_not_stand_in(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    ill = designations.record_absence(owner, facility, second, TODAY, None, "Ill.")
    with pytest.raises(Refused, match="recorded as absent"):
        designations.designate(owner, facility, second, "stand_in", TOMORROW, None, "Holiday.")
    designations.end_absence(owner, ill, TODAY)
    plan = designations.designate(owner, facility, second, "stand_in", TOMORROW, None, "Holiday.")
    assert plan.outlook.first.verdict is Verdict.MET
    designations.record_absence(owner, facility, second, TOMORROW, TOMORROW, "Ill again.")
    assert verdict(owner, About.OVERALL, TOMORROW) is Verdict.NOT_MET
    assert verdict(owner, About.OVERALL, TOMORROW + timedelta(days=1)) is Verdict.MET


def test_an_absence_in_which_nobody_stands_in_is_a_question(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    absence = designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    asked = finding(owner, About.OVERALL)
    assert (asked.verdict, "nobody stands in" in str(asked.because)) == (Verdict.UNKNOWN, True)
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "Holiday.")
    assert verdict(owner, About.OVERALL) is Verdict.MET
    designations.end_absence(owner, absence, TODAY)
    assert verdict(owner, About.OVERALL, TOMORROW) is not Verdict.MET


def test_an_absence_is_the_persons_under_whatever_name(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    other_name = employ(owner, "Zweiter", "90000002")
    confirm(portal, other_name)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    designations.record_absence(owner, facility, second, TODAY, None, "Ill.")
    with pytest.raises(Refused, match="recorded as absent"):
        designations.designate(owner, facility, other_name, "stand_in", TOMORROW, None, "Holiday.")


def test_one_person_does_not_stand_in_for_oneself_under_another_name(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    other_name = employ(owner, "Chieff", "90000003")
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    with pytest.raises(Refused, match="has not confirmed the Operator ID"):  # nobody has said that it is one
        designations.designate(owner, facility, other_name, "stand_in", TOMORROW, None, "Holiday.")
    confirm(portal, other_name)
    with pytest.raises(Refused, match="cannot stand in as well"):
        designations.designate(owner, facility, other_name, "stand_in", TOMORROW, None, "Holiday.")
    designations.designate(owner, facility, other_name, "stand_in", TODAY, TODAY, "So it was.")
    assert verdict(owner) is Verdict.NOT_MET


def test_one_person_goes_on_under_another_name(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    other_name = employ(owner, "Chieff", "90000003", first=TOMORROW)
    (row,) = [one for one in responsibility.people(owner, facility).employments if one.employee_id == chief]
    employees.end_employment(owner, row.fact_id, TODAY)
    assert verdict(owner, on=TOMORROW) is Verdict.NOT_MET
    confirm(portal, other_name)
    assert verdict(owner, on=TOMORROW) is Verdict.MET
    designations.designate_in_charge(owner, facility, chief, TODAY, None)
    with pytest.raises(Refused, match="is in charge on some of these days already"):
        designations.designate_in_charge(owner, facility, other_name, TOMORROW, None)
    shown = responsibility.people(owner, facility, TOMORROW)
    assert {who for one, who in shown.findings if one.about is About.IN_CHARGE} == {"", "Sam Chief"}
    assert {one.name for one in shown.employees} == {"Sam Chief", "Sam Chieff", "Sam Second"}


# --- designations -------------------------------------------------------------------------------------------


def test_who_stood_in_until_the_employment_ended_counts_no_longer(portal):
    owner, chief, second = led(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=9)
    designations.record_absence(owner, facility, chief, TODAY, last, "Away.")
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "Holiday.")
    rows = responsibility.people(owner, facility).employments
    employees.end_employment(owner, next(one.fact_id for one in rows if one.employee_id == second), last)
    for days, count, acting in ((9, 10, "Sam Second"), (10, 10, "Sam Chief"), (59, 10, "Sam Chief")):
        shown = responsibility.people(owner, facility, TODAY + timedelta(days=days))
        assert shown.stand_ins.count == count
        assert next(one.name for one in shown.timeline if shown.on in one.span) == acting
        assert shown.notice_due is None
        assert verdict(owner, on=shown.on) is Verdict.MET
    (stood_in,) = [one for one in shown.designations if one.employee_id == second]
    assert "falls with the end of the employment, 29 November 2026" in stood_in.what
    after = last + timedelta(days=1)
    assert (
        designations.what_if(owner, facility, second, "stand_in", after, after).outlook.first.verdict
        is Verdict.NOT_MET
    )


def test_days_of_an_engineer_who_has_left_are_not_those_of_the_next(portal):
    owner = active_owner(portal)
    facility, since = facility_of(owner), TODAY - timedelta(days=176)
    left = employ(owner, "Gone", capacity="engineer", first=since, last=since + timedelta(days=5))
    here = employ(owner, "Here", capacity="engineer", first=TODAY)
    designations.designate_in_charge(owner, facility, left, since, TODAY - timedelta(days=1), True)
    designations.designate_in_charge(owner, facility, here, TODAY, TODAY + timedelta(days=14), True)
    assert responsibility.people(owner, facility).engineers.count == 7
    assert verdict(owner, About.IN_CHARGE, TODAY + timedelta(days=14)) is Verdict.MET


def test_what_has_happened_is_recorded_beside_whoever_else_was_designated(portal):
    owner, chief, second = led(portal)
    facility, eve = facility_of(owner), TODAY - timedelta(days=20)
    engineer = employ(owner, "Engineer", capacity="engineer", first=eve)
    (row,) = responsibility.people(owner, facility).designations
    withdrawals.withdraw(owner, "designation", row.fact_id, "It began before.")
    designations.designate(owner, facility, chief, "licence", eve, None, "Runs it.")
    for who, basis in ((engineer, "engineer"), (chief, "licence")):
        with pytest.raises(Refused):
            designations.designate(owner, facility, who, basis, TODAY, None, "So it is.")
    designations.designate(owner, facility, engineer, "engineer", eve, YESTERDAY, "So it was.")
    designations.designate(owner, facility, second, "stand_in", YESTERDAY, YESTERDAY, "So it was.")
    for day in (eve, YESTERDAY):
        assert verdict(owner, on=day) is Verdict.NOT_MET
    assert "R60" in finding(owner, About.OVERALL, eve).readings
    assert verdict(owner) is Verdict.MET


def test_absences_in_a_row_let_an_engineer_be_designated_through_all_of_them(portal):
    owner, chief, _second = led(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=10)
    engineer = employ(owner, "Engineer", capacity="engineer", first=TODAY)
    for first, end in ((1, 5), (6, 10)):
        away = TODAY + timedelta(days=first), TODAY + timedelta(days=end)
        designations.record_absence(owner, facility, chief, *away, "Away.")
    plan = designations.designate(owner, facility, engineer, "engineer", TOMORROW, last, "So it is.")
    assert (plan.outlook.first.verdict, plan.outlook.changes_on) == (Verdict.MET, None)
    with pytest.raises(Refused, match="recorded with a last day that has come"):
        designations.designate(owner, facility, chief, "stand_in", last + timedelta(days=9), None, "No.")


def test_a_designation_has_a_reason_and_all_that_is_wrong_is_said_at_once(portal):
    owner, chief, _second = led(portal)
    with pytest.raises(Refused) as refused:
        designations.designate(owner, facility_of(owner), chief, None, None, None, " ")
    assert {problem.field for problem in refused.value.problems} == {"basis", "first", "reason"}


def test_an_engineer_is_designated_instead_of_the_operator_or_while_that_one_is_absent(portal):
    owner, chief, _second = led(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=30)
    engineer = employ(owner, "Engineer", capacity="engineer", first=TODAY)
    with pytest.raises(Refused, match="Sam Chief is designated on some of these days"):
        designations.designate(owner, facility, engineer, "engineer", TOMORROW, last, "So it is.")
    designations.record_absence(owner, facility, chief, TOMORROW, last, "Away.")
    designations.designate(owner, facility, engineer, "engineer", TOMORROW, last, "So it is.")
    assert verdict(owner, About.OVERALL, TOMORROW) is Verdict.MET


def test_whoever_is_in_charge_reads_what_that_allows(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.designate_in_charge(owner, facility, chief, TODAY, None)
    found = finding(owner, About.POWERS, name="Sam Chief")
    assert (found.verdict, found.citation.provision) == (Verdict.MET, "s. 18 (1)")
    assert "may set operational parameters" in str(found.because)


def test_a_stand_in_says_from_when_it_brings_over_what_is_planned_already(portal):
    owner, chief, second = led(portal)
    facility, start = facility_of(owner), TODAY + timedelta(days=200)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    plan = designations.designate(
        owner, facility, second, "stand_in", start, start + timedelta(days=140), "A long leave."
    )
    assert plan.others_over_on is None
    asked = designations.what_if(
        owner, facility, second, "stand_in", TODAY + timedelta(days=20), TODAY + timedelta(days=60)
    )
    assert asked.outlook.changes_on is None  # on its own days it stands
    assert asked.others_over_on == start + timedelta(days=109)  # 41 and 110 days
    assert verdict(owner, About.OVERALL, start + timedelta(days=109)) is Verdict.MET
    few = designations.what_if(
        owner, facility, second, "stand_in", TODAY + timedelta(days=20), TODAY + timedelta(days=28)
    )
    assert few.others_over_on is None  # 9 and 141 days


def test_an_end_is_not_taken_back_where_the_law_forbids_what_would_stand_again(portal):
    owner, _chief, _second = led(portal)
    facility = facility_of(owner)
    (row,) = responsibility.people(owner, facility).designations
    designations.end_designation(owner, row.fact_id, TODAY)
    (ended,) = responsibility.people(owner, facility).designations
    listed(portal, ("90000003", "Chief", "I"), ("90000002", "Second", "II"))
    with pytest.raises(Refused, match=r"s\. 15 \(1\) does not allow"):
        withdrawals.withdraw(owner, "designation", ended.fact_id, "It goes on.")
    listed(portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"))
    withdrawals.withdraw(owner, "designation", ended.fact_id, "It goes on.")
    assert verdict(owner, About.OVERALL, TOMORROW) is Verdict.MET


def test_why_somebody_is_absent_is_for_whoever_records_and_for_whoever_decides(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, TODAY, "Chemotherapy.")
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility), email="clerk@example.ca")
    reader = members.acting(portal, owner, Grant(Right.READ, facility))
    office = [signed_in(portal, role) for role in (Role.OFFICER, Role.DIRECTOR, Role.MANAGER)]
    said = [responsibility.people(one, facility).absences[0].reason for one in (owner, clerk, reader, *office)]
    assert said == ["Chemotherapy.", "Chemotherapy.", "", "Chemotherapy.", "Chemotherapy.", ""]


def test_reasons_that_say_why_somebody_is_absent_are_for_the_same(portal):
    """Those of a stand-in, of what was taken back, and the notice to the Director that repeats them."""
    owner, chief, second = led(portal)
    facility, first = facility_of(owner), TODAY - timedelta(days=70)
    absence = designations.record_absence(owner, facility, second, TODAY, TODAY, "Chemotherapy.")
    withdrawals.withdraw(owner, "absence", absence, "It was Chief who has chemotherapy.")
    designations.record_absence(owner, facility, chief, first, TODAY, "Chemotherapy.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Chief has chemotherapy.")
    due = responsibility.people(owner, facility).notice_due
    designations.record_notice(owner, facility, TODAY)
    assert "chemotherapy" in due.words
    reader = members.acting(portal, owner, Grant(Right.READ, facility))
    for one, sees in ((owner, True), (reader, False), (signed_in(portal, Role.MANAGER), False)):
        for day in (None, YESTERDAY):
            shown = responsibility.people(one, facility, day)
            assert ("hemotherapy" in str(shown)) is sees, day
            assert (len(shown.withdrawn), len(shown.notices)) == (1, 1)


# --- copies of licences that hang ---------------------------------------------------------------------------


def test_each_licence_hangs_by_its_number_and_its_present_issue(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    employees.display_licence(owner, facility, chief, "777", TODAY, "Hall")
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.UNKNOWN  # of another licence
    employees.display_licence(owner, facility, chief, "l-9000 0003", date(2012, 3, 1), "Hall")
    asked = finding(owner, About.DISPLAYED, name="Sam Chief")
    assert (asked.verdict, "present issue" in str(asked.because)) == (Verdict.UNKNOWN, True)
    employees.display_licence(owner, facility, chief, "L90000003", TODAY, "Control room")
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.MET
    hung = [(one.what, one.span.last) for one in responsibility.people(owner, facility).displays]
    assert ("Hall: licence L90000003", YESTERDAY) in hung


def test_a_copy_that_came_down_hangs_no_more(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    display = employees.display_licence(owner, facility, chief, "L90000003", date(2026, 1, 1), "Hall")
    for wrong in (None, date(2025, 12, 31)):
        with pytest.raises(Refused):
            employees.end_display(owner, display, wrong)
    employees.end_display(owner, display, YESTERDAY)
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.NOT_MET
    assert verdict(owner, About.DISPLAYED, YESTERDAY, "Sam Chief") is Verdict.MET


def test_an_engineer_with_a_licence_is_asked_for_its_copy_and_one_without_is_not(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    employ(owner, "Engineer", capacity="engineer")
    confirm(portal, employ(owner, "Chief", "90000003", capacity="engineer"))
    assert verdict(owner, About.DISPLAYED, name="Sam Engineer") is Verdict.NOT_APPLICABLE
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.UNKNOWN


# --- hours in charge ----------------------------------------------------------------------------------------


def test_hours_in_charge_add_up_by_person_over_names_and_facilities(portal):
    sam = active_operator(portal, "90000002", given_name="Sam", family_name="Second")
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    other_name = employ(owner, "Zweiter", "90000002")
    confirm(portal, other_name)
    for one, hours in ((chief, 8), (second, 4), (other_name, 2)):
        designations.record_hours(owner, facility, one, TODAY, Decimal(hours))
    shown = responsibility.people(owner, facility)
    assert [(one.name, one.hours) for one in shown.hours] == [("Sam Chief", 8), ("Sam Second", 6)]
    assert shown.hours_elsewhere == ()
    neighbour = active_owner(portal, "Town of Gravenhurst", replace(FACILITY, ministry_number="990001"))
    theirs = employ(neighbour, "Second", "90000002")
    confirm(portal, theirs)
    designations.record_hours(neighbour, facility_of(neighbour), theirs, TODAY, Decimal("1.5"))
    assert responsibility.people(owner, facility).hours_elsewhere == ()  # another owner's
    office = signed_in(portal, Role.OFFICER)
    assert [one.hours for one in responsibility.people(office, facility).hours_elsewhere] == [Decimal("1.5")]
    assert [(one.facility_class, one.hours) for one in responsibility.my_hours(sam)] == [("III", Decimal("7.5"))]


@pytest.mark.parametrize(
    ("hours", "minutes", "said"),
    [("7", 20, "7:20"), ("7.25", None, "7:15"), ("0", 3, "0:03"), ("23", 60, "24:00")],
)
def test_hours_are_entered_and_shown_with_their_minutes(portal, hours, minutes, said):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.record_hours(owner, facility, chief, TODAY, Decimal(hours), minutes=minutes)
    (worked,) = responsibility.people(owner, facility).worked
    assert worked.what.startswith(f"{said} hours in charge")


def test_a_day_has_24_hours_in_training_or_not(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.record_hours(owner, facility, chief, TODAY, Decimal(20))
    with pytest.raises(Refused, match="more than 24 hours"):
        designations.record_hours(owner, facility, chief, TODAY, Decimal(4), True, minutes=1)
    designations.record_hours(owner, facility, chief, TODAY, Decimal(4), True)
    for hours, minutes in (("0", None), ("24", 1), ("7.333", None)):
        with pytest.raises(Refused, match="in whole minutes"):
            designations.record_hours(owner, facility, chief, YESTERDAY, Decimal(hours), minutes=minutes)


def test_a_plan_says_what_it_does_to_another(portal):
    """Somebody stands in for a vacancy without an end: whoever is designated for later would not act."""
    owner, chief, second = crew(portal)
    facility, fifth = facility_of(owner), TODAY + timedelta(days=5)
    alone = designations.what_if(owner, facility, chief, "licence", fifth, None)
    assert alone.worse is None
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "Nobody is designated.")
    asked = designations.what_if(owner, facility, chief, "licence", fifth, None)
    assert asked.outlook.first.verdict is Verdict.MET
    assert (asked.worse.on, asked.worse.name) == (fifth, "Sam Second")
    assert asked.worse.finding.verdict is Verdict.UNKNOWN
    made = designations.designate(owner, facility, chief, "licence", fifth, None, "Chosen.")
    assert made.worse == asked.worse
    responsible = responsibility.people(owner, facility, fifth).findings[0][0].finding
    assert responsible.verdict is Verdict.UNKNOWN


def test_a_plan_for_days_after_which_nothing_is_worse_says_nothing_of_others(portal):
    owner, chief, second = led(portal)
    facility, first, last = facility_of(owner), TODAY + timedelta(days=5), TODAY + timedelta(days=9)
    designations.record_absence(owner, facility, chief, first, last, "Away.")
    assert designations.what_if(owner, facility, second, "stand_in", first, last).worse is None


def test_hours_of_a_day_without_a_designation_or_an_employment_are_taken_and_marked(portal):
    owner, chief, second = led(portal)
    facility, early = facility_of(owner), TODAY - timedelta(days=3)
    designations.designate_in_charge(owner, facility, chief, TODAY, None)
    assert designations.record_hours(owner, facility, chief, TODAY, Decimal(17)) == "17:00 hours in charge"
    said = designations.record_hours(owner, facility, chief, TODAY, Decimal(8))
    assert said == "8:00 hours in charge, in place of 17:00 hours in charge"
    said = designations.record_hours(owner, facility, chief, early, Decimal(2))  # before the designation
    assert said == "2:00 hours in charge; not designated that day"
    designations.record_hours(owner, facility, chief, date(2020, 1, 1), Decimal(1))  # and before the employment
    designations.record_hours(owner, facility, second, early, Decimal(4), True)  # in training: never designated
    shown = responsibility.people(owner, facility)
    assert [(one.name, one.what) for one in shown.worked] == [
        ("Sam Chief", "8:00 hours in charge"),
        ("Sam Second", "4:00 hours in charge, in training"),
        ("Sam Chief", "2:00 hours in charge; not designated that day"),
    ]
    sums = {(one.name, one.facility_class): (one.hours, one.doubtful) for one in shown.hours}
    assert sums["Sam Chief", "III"] == (Decimal(8), Decimal(0))
    assert sums["Sam Chief", None] == (Decimal(3), Decimal(3))  # the class is on record from today on
    assert sums["Sam Second", None] == (Decimal(4), Decimal(0))
    (then,) = responsibility.people(owner, facility, date(2020, 1, 1)).worked
    assert then.what == "1:00 hours in charge; not employed that day"


def test_two_people_of_one_name_are_two_where_the_owner_says_so(portal):
    owner = active_owner(portal)
    one = employ(owner, "Smith", capacity="engineer")
    with pytest.raises(Refused, match="employed there from"):
        employ(owner, "Smith", capacity="engineer", first=TODAY)
    other = employ(owner, "Smith", capacity="engineer", first=TODAY, another_person=True)
    assert other != one
    shown = responsibility.people(owner, facility_of(owner)).findings
    because = {one.person: str(one.finding.because) for one, _ in shown if one.about is About.LICENSED}
    assert "since 20 November 2026" in because[other]
    assert "since 1 January 2026" not in because[other]
    with pytest.raises(Refused, match="2 people named Sam Smith"):
        employ(owner, "Smith", capacity="engineer")


def test_one_operator_id_is_one_person(portal):
    owner = active_owner(portal)
    employ(owner, "Smith", "90000003", last=TODAY)
    with pytest.raises(Refused, match="an Operator ID is one person’s"):
        employ(owner, "Smith", "90000003", last=TODAY, another_person=True)


def test_the_same_absence_twice_at_once_is_recorded_once(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    record = partial(designations.record_absence, owner, facility, chief, TODAY, None)
    answers = together(lambda: record("Away."), lambda: record("Away."))
    (refused,) = [one for one in answers if isinstance(one, Refused)]
    assert "Sam Chief is absent or unable to act on these days is recorded already" in str(refused)
    assert len(responsibility.people(owner, facility).absences) == 1
    record("", away=False)  # that is a question, and is recorded
    designations.record_absence(owner, facility, chief, TODAY, TODAY, "Away for a day.")


def test_the_end_of_an_employment_says_what_it_leaves(portal):
    owner, chief, second = led(portal)
    designations.designate_in_charge(owner, facility_of(owner), chief, TODAY, None)
    designations.designate_in_charge(owner, facility_of(owner), second, TODAY, None)
    row = employment_of(owner, chief)
    left = employees.end_employment(owner, row.fact_id, TODAY)
    assert [(one.name, one.role, one.on, one.instead) for one in left] == [
        ("Sam Chief", "overall", TOMORROW, ""),
        ("Sam Chief", "in_charge", TOMORROW, "Sam Second"),
    ]
    row = employment_of(owner, second)
    (other,) = withdrawals.withdraw(owner, "employment", row.fact_id, "Another works.")
    assert (other.name, other.role, other.on) == ("Sam Second", "in_charge", TODAY)


def test_the_end_of_an_employment_on_which_nothing_rests_leaves_nothing(portal):
    owner, _chief, second = led(portal)
    row = employment_of(owner, second)
    assert employees.end_employment(owner, row.fact_id, TODAY) == ()


def employment_of(owner, employee):
    rows = responsibility.people(owner, facility_of(owner)).employments
    return next(one for one in rows if one.employee_id == employee)


def test_whoever_has_no_operator_id_may_be_the_one_of_that_name_who_has_one(portal):
    owner, chief, _second = crew(portal)
    with pytest.raises(Refused, match="Is this the Sam Chief who is on record with Operator ID 90000003") as asked:
        employ(owner, "Chief", capacity="engineer", first=TODAY)
    assert asked.value.problems[0].field == "operator_id"
    other = employ(owner, "Chief", capacity="engineer", first=TODAY, another_person=True)
    assert other != chief
    later = TODAY + timedelta(days=9)
    with pytest.raises(Refused, match="is employed there"):  # the one without, who is known by now
        employ(owner, "Chief", capacity="engineer", first=later)
