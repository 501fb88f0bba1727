"""Who is responsible for a facility, through the services, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core.calendar import Span
from core.findings import Verdict, deciding
from core.membership import Grant, Right
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from core.sentences import in_english
from db import kept_findings
from db.alignment.passes import align
from db.gate import NotAllowed, unattended
from db.kept_findings import retest_due
from db.people_schema import Designation, Employment
from db.province_schema import KeptFinding
from db.register_schema import ListingImport
from db.schema import LoginSession, Membership, OutgoingMail
from db.services import (
    accounts,
    decisions,
    designations,
    employees,
    operators,
    overrides,
    responsibility,
    withdrawals,
)
from tests.db import members, standing_listings
from tests.db.employed import EMPLOYED_SINCE, TOMORROW, confirm, crew, employ, led, listed
from tests.db.filed import TODAY, director, facility_of
from tests.db.people import NOON, at, signed_in
from tests.db.profiles import FACILITY, active_operator, active_owner, approve, submitted_operator, waiting_id
from tests.db.queued import REVIEW
from tests.db.together import together
from ui import ledger

YESTERDAY = TODAY - timedelta(days=1)


def finding(asker, about, on=None, name=""):
    shown = responsibility.people(asker, facility_of(asker), on)
    return next(one.finding for one, who in shown.findings if one.about is about and who in (name, name or who))


def verdict(asker, about=About.OVERALL, on=None, name=""):
    return finding(asker, about, on, name).verdict


def later(asker, days):
    """The same person so many days later, still signed in."""
    moment = asker.at + timedelta(days=days)
    with asker.portal.database.transaction(writes=True) as session:
        session.execute(update(LoginSession).values(seen_at=moment))
    return at(asker, moment)


def mails(portal, template="no_longer_holds"):
    with portal.database.transaction(writes=False) as session:
        return list(
            session.scalars(
                select(OutgoingMail).where(OutgoingMail.template == template).order_by(OutgoingMail.id)
            )
        )


QUIET = TODAY + timedelta(days=3)  # what the first day changed is looked at once more for two nights


def night(portal, day):
    with unattended(portal, NOON + (day - TODAY)) as work:
        return retest_due(work)


# --- employment ---------------------------------------------------------------------------------------------


def test_an_operators_licence_counts_once_the_office_has_confirmed_the_operator_id(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    chief = employ(owner, "Chief", "90000003")
    assert verdict(owner, About.LICENSED) is Verdict.UNKNOWN
    confirm(portal, chief)
    assert verdict(owner, About.LICENSED) is Verdict.MET
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert (one.name, one.operator_id, one.confirmed) == ("Sam Chief", "90000003", True)


def test_an_operator_who_is_not_listed_cannot_be_employed_for_days_to_come(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    for number, said in (("", "Enter the Operator ID"), ("90000009", "not on the ministry’s listing")):
        with pytest.raises(Refused, match=said):
            employ(owner, "Nobody", number)
    past = employ(owner, "Nobody", "90000009", last=TODAY)
    assert past
    assert employ(owner, "Engineer", capacity="engineer")


def test_a_confirmed_certificate_lets_an_operator_be_employed_whom_the_listing_does_not_have(portal):
    active_operator(portal, "90012345", given_name="Sam", family_name="Believed")
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    assert employ(owner, "Believed", "90012345")


def test_an_override_lets_an_operator_be_employed_until_its_day_of_review(portal):
    owner = active_owner(portal)
    officer, colleague = signed_in(portal, Role.OFFICER), signed_in(portal, Role.OFFICER)
    listed(portal, ("90000003", "Chief", "III"))
    submitted_operator(portal)
    with pytest.raises(Refused, match="not on the ministry’s listing"):
        employ(owner, "Fairwater", "90012345")
    submission = waiting_id(officer)
    overrides.agree(colleague, overrides.propose(officer, submission, 1, 1, "I have seen the card.", REVIEW), 1)
    approve(officer, submission)
    assert employ(owner, "Fairwater", "90012345", last=TOMORROW)
    after = REVIEW + timedelta(days=2)
    with unattended(portal, NOON + (after - TODAY)) as work:
        align(work, "night")
    later_on = later(owner, (after - TODAY).days)
    with pytest.raises(Refused, match="not on the ministry’s listing"):
        employ(later_on, "Fairwater", "90012345", first=after + timedelta(days=5))


def test_a_certificate_that_its_holder_deleted_lets_nobody_be_employed(portal):
    operator, owner = active_operator(portal), active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    operators.withdraw(operator, operators.my_profile(operator).version)
    mine = operators.my_profile(operator)
    operators.delete_certificate(operator, mine.certificates[0].claim_id, mine.version)
    with pytest.raises(Refused, match="not on the ministry’s listing"):
        employ(owner, "Fairwater", "90012345")


def test_without_a_listing_on_file_nobody_is_missed(portal):
    owner = active_owner(portal)
    assert employ(owner, "Chief", "90000003")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"capacity": "boss"}, "capacity"),
        ({"first": None}, "first"),
        ({"last": date(2025, 12, 31)}, "last"),
        ({"number": "123"}, "operator_id"),
    ],
)
def test_an_employment_is_checked(portal, changes, field):
    owner = active_owner(portal)
    with pytest.raises(Refused) as refused:
        employ(owner, **{"family_name": "Chief", "number": "90000003"} | changes)
    assert field in [problem.field for problem in refused.value.problems]


def test_an_employment_ends_once_and_never_twice_at_a_time(portal):
    owner, chief, _second = crew(portal)
    with pytest.raises(Refused, match="employed there from 1 January 2026"):
        employ(owner, "Chief", "90000003")
    row = responsibility.people(owner, facility_of(owner)).employments[-1]
    for wrong in (None, date(2025, 12, 31)):
        with pytest.raises(Refused):
            employees.end_employment(owner, row.fact_id, wrong)
    employees.end_employment(owner, row.fact_id, YESTERDAY)
    with pytest.raises(Refused, match="changed since"):
        employees.end_employment(owner, row.fact_id, YESTERDAY)
    assert chief


def test_an_operator_id_of_somebody_else_is_not_confirmed(portal):
    owner = active_owner(portal)
    standing_listings.none_stands(portal)
    one, other = employ(owner, "Chief", "90000003"), employ(owner, "Copy", "90000003")
    confirm(portal, one)
    (waits,) = responsibility.unconfirmed(signed_in(portal, Role.OFFICER)).rows
    assert waits.employee_id == other
    confirm(portal, other)  # the same human under another name: both are that person now
    assert not responsibility.unconfirmed(signed_in(portal, Role.OFFICER)).rows


def test_an_employee_is_invited_and_needs_no_profile(portal):
    owner = active_owner(portal)
    someone = employ(owner, "Chief", "90000003")
    employees.invite(owner, facility_of(owner), someone, "sam@example.ca")
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert one.invited
    assert mails(portal, "invitation")
    with pytest.raises(Refused, match="invited already"):
        employees.invite(owner, facility_of(owner), someone, "sam2@example.ca")


def test_an_invitation_that_was_taken_back_locks_nobody_out(portal):
    owner = active_owner(portal)
    facility, someone = facility_of(owner), employ(owner, "Chief", "90000003")
    employees.invite(owner, facility, someone, "wrong@example.ca")
    members.end(owner, "wrong@example.ca")
    (one,) = responsibility.people(owner, facility).employees
    assert not one.invited
    employees.invite(owner, facility, someone, "sam@example.ca")
    (one,) = responsibility.people(owner, facility).employees
    assert one.invited
    with pytest.raises(Refused, match="invited already"):
        employees.invite(owner, facility, someone, "sam2@example.ca")


def test_whoever_left_and_is_invited_again_stays_the_same_person(portal):
    sam, owner = active_operator(portal, given_name="Sam", family_name="Chief"), active_owner(portal)
    facility, someone = facility_of(owner), employ(owner, "Chief")
    employees.invite(owner, facility, someone, "sam@example.ca")
    with portal.database.transaction(writes=True) as session:
        offered = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
        offered.account_id, offered.since, offered.email = accounts.me(sam).account_id, NOON, ""
    confirmed = [one.confirmed for one in responsibility.people(owner, facility).employees]
    with portal.database.transaction(writes=True) as session:
        session.get_one(Membership, offered.id).ended_at = NOON
    employees.invite(owner, facility, someone, "sam3@example.ca")
    assert [one.confirmed for one in responsibility.people(owner, facility).employees] == confirmed == [True]


def test_an_officers_note_lets_the_six_months_start_anew(portal):
    owner = active_owner(portal)
    employ(owner, "Engineer", capacity="engineer", first=date(2025, 1, 1), last=date(2025, 3, 1))
    employ(owner, "Engineer", capacity="engineer", first=date(2026, 11, 1))
    assert verdict(owner, About.LICENSED) is not Verdict.MET
    newest = responsibility.people(owner, facility_of(owner)).employments[0]
    employees.note_starts_anew(signed_in(portal, Role.OFFICER), newest.fact_id, "Another plant in between.")
    assert verdict(owner, About.LICENSED) is Verdict.MET
    assert finding(owner, About.LICENSED).until == date(2027, 5, 1)


def test_a_licences_display_is_recorded(portal):
    owner, chief, _second = crew(portal)
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.UNKNOWN
    employees.display_licence(owner, facility_of(owner), chief, "L90000003", TODAY, "Control room")
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.MET


# --- designations -------------------------------------------------------------------------------------------


def test_an_operator_of_the_class_is_designated_and_one_below_refused_with_the_finding(portal):
    owner, chief, second = crew(portal)
    facility = facility_of(owner)
    with pytest.raises(Refused, match=r"O\. Reg\. 129/04, s\. 15 \(1\) does not allow this"):
        designations.designate(owner, facility, second, "licence", TODAY, None, "So it is.")
    assert verdict(owner) is Verdict.UNKNOWN
    plan = designations.designate(owner, facility, chief, "licence", TODAY, None, "Runs it.")
    assert plan.outlook.changes_on == date(2028, 3, 13)
    assert verdict(owner) is Verdict.MET


def test_a_stand_in_is_refused_while_the_designated_one_is_present(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "", away=False)
    with pytest.raises(Refused, match="recorded as present"):
        designations.designate(owner, facility, second, "stand_in", TOMORROW, None, "So it is.")


def test_without_a_recorded_absence_a_stand_in_is_a_question(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "Sick call.")
    assert verdict(owner) is Verdict.UNKNOWN
    assert "absence" in {need.key for need in finding(owner, About.OVERALL).needs}
    absence = designations.record_absence(owner, facility, chief, TODAY, None, "Sick.")
    assert verdict(owner) is Verdict.MET
    designations.end_absence(owner, absence, TODAY)
    assert verdict(owner, on=TOMORROW) is Verdict.UNKNOWN


def test_a_stand_in_that_goes_on_is_accepted_with_the_day_it_ends(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Parental leave.")
    asked = designations.what_if(owner, facility, second, "stand_in", TODAY, None)
    assert (asked.outlook.changes_on, asked.over_on) == (date(2027, 4, 19), date(2027, 4, 19))
    assert not responsibility.people(owner, facility).stand_ins.ledger.days
    made = designations.designate(owner, facility, second, "stand_in", TODAY, None, "So it is.")
    assert made == asked
    shown = responsibility.people(owner, facility)
    assert (shown.stand_ins.over_on, shown.stand_ins.over_if_it_goes_on) == (date(2027, 4, 19),) * 2
    assert [(one.name, one.finding.verdict) for one in shown.timeline if one.name] == [
        ("Sam Second", Verdict.MET),
        ("Sam Second", Verdict.NOT_MET),
    ]


BREACH = TODAY + timedelta(days=150)


@pytest.mark.parametrize(
    ("last", "days", "said"),
    [
        (None, 149, "As planned, 19 April 2027 is the first day over the limit."),
        (None, 150, "It has been over the limit since 19 April 2027."),
        (None, 155, "It has been over the limit since 19 April 2027."),
        (155, 155, "It has been over the limit since 19 April 2027."),
        (155, 200, "It has been over the limit since 19 April 2027."),
    ],
)
def test_the_day_of_breach_is_the_same_looked_at_from_any_day(portal, last, days, said):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Parental leave.")
    end = None if last is None else TODAY + timedelta(days=last)
    designations.designate(owner, facility, second, "stand_in", TODAY, end, "Stands in.")
    day = TODAY + timedelta(days=days)
    shown = responsibility.people(owner, facility, day).stand_ins
    assert (shown.over_since is not None) == (day >= BREACH)
    assert ledger.sentence(shown, day).endswith(said)


def test_a_plan_made_where_the_limit_is_passed_names_no_first_day_over_it(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Parental leave.")
    designations.designate(owner, facility, second, "stand_in", TODAY, BREACH, "Stands in.")
    asked = designations.what_if(owner, facility, second, "stand_in", BREACH + timedelta(days=1), None)
    assert (asked.outlook.first.verdict, asked.over_on) == (Verdict.NOT_MET, None)
    assert deciding(asked.outlook.first).provision == "s. 15 (4)"
    with pytest.raises(Refused, match=r"s\. 15 \(4\) does not allow this for days to come: .* at most 150"):
        designations.designate(owner, facility, second, "stand_in", BREACH + timedelta(days=1), None, "Goes on.")


def test_days_under_a_direction_bring_no_breach_nearer_and_are_seen(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Parental leave.")
    first, end = TODAY + timedelta(days=100), TODAY + timedelta(days=200)
    period = {"valid_from": first, "valid_until": end}
    decisions.record(director(portal), facility, "stand_in_direction", TODAY, "No other way.", **period)
    breach = TODAY + timedelta(days=250)
    asked = designations.what_if(owner, facility, second, "stand_in", TODAY, None)
    assert asked.over_on == breach
    designations.designate(owner, facility, second, "stand_in", TODAY, TODAY + timedelta(days=120), "Stands in.")
    for days in (50, 110):
        day = TODAY + timedelta(days=days)
        shown = responsibility.people(owner, facility, day).stand_ins
        assert (shown.over_if_it_goes_on, shown.lifted) == (breach, days == 110)
        assert len(shown.ledger.left_out) == 21
        assert ("A direction of the Director lifts the limit on this day." in ledger.sentence(shown, day)) == (
            days == 110
        )


def test_what_has_happened_can_be_recorded_lawful_or_not(portal):
    owner, _chief, second = crew(portal)
    facility = facility_of(owner)
    plan = designations.designate(owner, facility, second, "licence", TODAY, TODAY, "Nobody else came.")
    assert plan.outlook is None
    assert verdict(owner) is Verdict.NOT_MET
    (row,) = responsibility.people(owner, facility).designations
    assert (row.recorded_by, row.recorded_at) == ("Robin Fairwater", NOON)


def test_one_overall_responsible_operator_at_a_time(portal):
    owner, chief, _second = led(portal)
    with pytest.raises(Refused, match="Sam Chief is designated on some of these days already"):
        designations.designate(owner, facility_of(owner), chief, "licence", TOMORROW, None, "So it is.")
    row = responsibility.people(owner, facility_of(owner)).designations[0]
    designations.end_designation(owner, row.fact_id, TODAY)
    designations.designate(owner, facility_of(owner), chief, "licence", TOMORROW, None, "So it is.")


@pytest.mark.parametrize("cover", ["engineer", "stand_in"])
def test_a_designation_is_tested_itself_whoever_acts_on_its_days(portal, cover):
    owner, _chief, second = crew(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=60)
    engineer = employ(owner, "Engineer", capacity="engineer", first=TODAY)
    acts = {"engineer": engineer, "stand_in": second}[cover]
    designations.designate(owner, facility, acts, cover, TODAY, last, "Nobody else is there.")
    assert verdict(owner, on=TOMORROW) is Verdict.MET
    with pytest.raises(Refused, match=r"s\. 15 \(1\) does not allow this"):
        designations.designate(owner, facility, second, "licence", TOMORROW, last, "Of too low a class.")
    asked = designations.what_if(owner, facility, second, "licence", TOMORROW, last)
    assert asked.outlook.first.verdict is Verdict.NOT_MET
    assert verdict(owner, on=TOMORROW) is Verdict.MET


def test_what_if_says_who_is_designated_already_and_what_would_be_if_they_gave_way(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    asked = designations.what_if(owner, facility, second, "licence", TOMORROW, None)
    assert [(one.name, one.basis, one.span) for one in asked.beside] == [("Sam Chief", "licence", Span(TOMORROW))]
    assert asked.outlook.first.verdict is Verdict.NOT_MET
    assert "Class II is held" in str(asked.outlook.first.because)
    assert (
        designations.what_if(owner, facility, chief, "licence", TOMORROW, None).outlook.first.verdict
        is Verdict.MET
    )
    assert len(responsibility.people(owner, facility).designations) == 1, "nothing was saved"


def test_what_if_somebody_stands_in_on_days_on_which_another_does(portal):
    owner, chief, second = led(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=9)
    third = employ(owner, "Third", capacity="engineer")
    designations.record_absence(owner, facility, chief, TODAY, None, "Out.")
    designations.designate(owner, facility, second, "stand_in", TODAY, last, "For Chief.")
    first = TODAY + timedelta(days=5)
    asked = designations.what_if(owner, facility, third, "stand_in", first, last + timedelta(days=5))
    (beside,) = asked.beside
    assert (beside.name, beside.span) == ("Sam Second", Span(first, last + timedelta(days=1)))
    assert "R27" not in asked.outlook.first.readings
    alone = designations.what_if(owner, facility, third, "stand_in", last + timedelta(days=1), None)
    assert alone.beside == ()
    with pytest.raises(Refused, match="Sam Second is designated on some of these days already"):
        designations.designate(owner, facility, third, "stand_in", first, last, "For Chief.")


def test_whoever_is_employed_as_no_operator_is_not_designated(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Clerk", "III"))
    clerk = employ(owner, "Clerk", "90000003", capacity="other")
    confirm(portal, clerk)
    with pytest.raises(Refused, match="not as an operator"):
        designations.designate(owner, facility_of(owner), clerk, "licence", TODAY, None, "Runs it.")
    with pytest.raises(Refused, match="not as an operator"):
        designations.designate_in_charge(owner, facility_of(owner), clerk, TODAY, None)


def test_after_the_designated_operator_has_left_a_stand_in_fills_a_vacancy(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, YESTERDAY, None, "", away=False)
    shown = responsibility.people(owner, facility).employments
    row = next(one for one in shown if one.name == "Sam Chief")
    employees.end_employment(owner, row.fact_id, TODAY)
    plan = designations.designate(
        owner, facility, second, "stand_in", TOMORROW, None, "Nobody of the class is left."
    )
    assert plan.outlook.first.verdict is Verdict.MET
    assert "R21" in plan.outlook.first.readings
    assert verdict(owner, on=TOMORROW) is Verdict.MET


def test_whoever_acts_under_an_operator_id_needs_it_confirmed(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    chief = employ(owner, "Chief", "90000003")
    with pytest.raises(Refused, match="has not confirmed the Operator ID of Sam Chief"):
        designations.designate(owner, facility_of(owner), chief, "licence", TODAY, None, "So it is.")


def test_only_the_owner_designates_and_whoever_records_puts_operators_in_charge(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility))
    with pytest.raises(NotAllowed):
        designations.designate(clerk, facility, chief, "licence", TODAY, None, "So it is.")
    designations.designate_in_charge(clerk, facility, chief, TODAY, None)
    assert verdict(owner, About.IN_CHARGE) is Verdict.MET
    engineer = employ(owner, "Engineer", capacity="engineer")
    with pytest.raises(Refused, match=r"s\. 17 \(3\) does not allow"):
        designations.designate_in_charge(clerk, facility, engineer, TODAY, None, as_engineer=True)
    outlook = designations.designate_in_charge(owner, facility, engineer, TODAY, None, as_engineer=True)
    assert outlook.changes_on == TODAY + timedelta(days=180)
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    assert responsibility.people(reader, facility).engineers.limit == 180
    with pytest.raises(NotAllowed):
        designations.record_hours(reader, facility, chief, TODAY, 1)


def test_an_engineer_in_training_is_never_in_charge_and_a_licensed_one_by_the_licence(portal):
    owner = active_owner(portal)
    facility = facility_of(owner)
    listed(portal, ("90000001", "Learner", "OIT"), ("90000003", "Chief", "III"))
    learner = employ(owner, "Learner", "90000001", capacity="engineer")
    chief = employ(owner, "Chief", "90000003", capacity="engineer")
    confirm(portal, learner, chief)
    for one in (learner, chief):
        with pytest.raises(Refused, match=r"s\. 17 \(3\) does not allow.*licence for this type of facility"):
            designations.designate_in_charge(owner, facility, one, TODAY, None, as_engineer=True)
    with pytest.raises(Refused, match="does not allow"):
        designations.designate_in_charge(owner, facility, learner, TODAY, None)
    designations.designate_in_charge(owner, facility, chief, TODAY, None)
    assert not responsibility.people(owner, facility).engineers.ledger.days


def test_time_in_charge_is_recorded_for_a_month_from_each_entry(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    designations.designate_in_charge(owner, facility, chief, date(2026, 2, 1), None)
    assert verdict(owner, About.TIME) is Verdict.UNKNOWN
    designations.record_hours(owner, facility, chief, date(2026, 2, 1), Decimal("1"))
    assert verdict(owner, About.TIME) is Verdict.UNKNOWN
    assert verdict(owner, About.TIME, date(2026, 2, 28)) is Verdict.MET
    designations.record_hours(owner, facility, chief, TODAY, Decimal("8"))
    assert verdict(owner, About.TIME) is Verdict.MET
    assert verdict(owner, About.TIME, YESTERDAY) is Verdict.UNKNOWN
    assert finding(owner, About.TIME).until == date(2026, 12, 20)


def test_that_nobody_is_in_charge_is_a_question_and_is_told(portal):
    owner, _chief, second = led(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=3)
    assert verdict(owner, About.IN_CHARGE) is Verdict.UNKNOWN
    designations.designate_in_charge(owner, facility, second, TODAY, last)
    assert verdict(owner, About.IN_CHARGE) is Verdict.MET
    night(portal, last)
    assert mails(portal) == []
    night(portal, last + timedelta(days=1))
    lines = [line for mail in mails(portal) for line in mail.values["lapses"]]
    assert {tuple(line[:3]) for line in lines} == {
        ("North Bay WPCP", "O. Reg. 129/04, s. 17 (1)", "24 November 2026")
    }


def test_hours_in_charge_add_up_and_are_corrected(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    designations.record_hours(owner, facility, chief, YESTERDAY, Decimal("8"))
    designations.record_hours(owner, facility, chief, TODAY, Decimal("12"))
    designations.record_hours(owner, facility, chief, TODAY, Decimal("7.5"))
    designations.record_hours(owner, facility, chief, TODAY, Decimal("1"), in_training=True)
    found = {
        (one.in_training, one.facility_class): one.hours for one in responsibility.people(owner, facility).hours
    }
    assert found == {(False, None): Decimal("8"), (False, "III"): Decimal("7.5"), (True, "III"): Decimal("1")}
    for hours in (None, Decimal("0"), Decimal("24.5"), Decimal("0.001")):
        with pytest.raises(Refused):
            designations.record_hours(owner, facility, chief, TODAY, hours)


# --- the ledger, the notice and the direction ---------------------------------------------------------------


def test_the_notice_is_due_on_the_sixtieth_day_and_its_delay_is_counted(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "Stands in.")
    sixtieth = TODAY + timedelta(days=59)
    assert responsibility.people(owner, facility, sixtieth - timedelta(days=1)).notice_due is None
    due = responsibility.people(owner, facility, sixtieth).notice_due
    assert due.reached_on == sixtieth
    assert "Sam Second: from 20 November 2026" in due.words
    assert verdict(owner, About.NOTICE, sixtieth) is Verdict.MET
    assert verdict(owner, About.NOTICE, sixtieth + timedelta(days=3)) is Verdict.NOT_MET
    night(portal, sixtieth)
    assert any("60 days are reached" in line[3] for mail in mails(portal) for line in mail.values["lapses"])
    with pytest.raises(Refused, match="still to come"):
        designations.record_notice(owner, facility, sixtieth)
    sending = later(owner, 61)
    designations.record_notice(sending, facility, sixtieth + timedelta(days=2))
    shown = responsibility.people(sending, facility)
    assert (shown.notice_due, shown.notices[0].days_later) == (None, 2)
    assert verdict(sending, About.NOTICE) is Verdict.DIRECTOR
    with pytest.raises(Refused, match="recorded already, as sent on 20 January 2027"):
        designations.record_notice(sending, facility, sixtieth + timedelta(days=1))
    (received,) = responsibility.notices_received(director(portal)).rows
    assert (received.facility, received.sent_on) == ("North Bay WPCP", sixtieth + timedelta(days=2))


def test_a_notice_is_recorded_once_from_two_tabs_at_once(portal):
    owner, chief, second = led(portal)
    facility, first = facility_of(owner), TODAY - timedelta(days=70)
    designations.record_absence(owner, facility, chief, first, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    answers = together(*[lambda: designations.record_notice(owner, facility, TODAY)] * 2)
    assert sum(isinstance(one, Refused) for one in answers) == 1
    assert len(responsibility.people(owner, facility).notices) == 1


def test_the_directors_direction_lifts_the_limit_for_its_period(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "So it is.")
    over, end = TODAY + timedelta(days=150), TODAY + timedelta(days=200)
    with pytest.raises(Refused, match="Enter the last day for which the Director decided"):
        decisions.record(director(portal), facility, "stand_in_direction", TODAY, "No other way.")
    decisions.record(
        director(portal), facility, "stand_in_direction", TODAY, "No other way.", valid_from=over, valid_until=end
    )
    assert verdict(owner, on=over) is Verdict.MET
    assert verdict(owner, on=end) is Verdict.NOT_MET


# --- decay --------------------------------------------------------------------------------------------------


def test_a_licence_that_lapses_is_told_once_to_owner_and_officer(portal):
    owner = active_owner(portal)
    last = TODAY + timedelta(days=10)
    listed(portal, ("90000003", "Chief", "III"), expiry=last)
    chief = employ(owner, "Chief", "90000003")
    confirm(portal, chief)
    plan = designations.designate(owner, facility_of(owner), chief, "licence", TODAY, None, "So it is.")
    assert plan.outlook.changes_on == last + timedelta(days=1)
    night(portal, last)
    assert mails(portal) == []
    night(portal, last + timedelta(days=1))
    night(portal, last + timedelta(days=1))
    night(portal, last + timedelta(days=2))
    sent = mails(portal)
    assert len(sent) == len({one.account_id for one in sent})
    lines = sent[0].values["lapses"]
    assert sorted(line[1] for line in lines) == ["O. Reg. 129/04, s. 14 (1)", "O. Reg. 129/04, s. 15 (1)"]
    assert {line[2] for line in lines} == {"1 December 2026"}
    assert verdict(owner, on=last + timedelta(days=1)) is Verdict.NOT_MET


def test_the_end_of_an_employment_is_told_in_the_same_transaction(portal):
    owner, _chief, _second = led(portal)
    row = next(
        one for one in responsibility.people(owner, facility_of(owner)).employments if one.name == "Sam Chief"
    )
    assert mails(portal) == []
    employees.end_employment(owner, row.fact_id, YESTERDAY)
    assert mails(portal)
    assert verdict(owner) is Verdict.NOT_MET


def test_a_missed_night_still_says_since_when(portal):
    owner = active_owner(portal)
    last = TODAY + timedelta(days=10)
    listed(portal, ("90000003", "Chief", "III"), expiry=last)
    chief = employ(owner, "Chief", "90000003")
    confirm(portal, chief)
    night(portal, last + timedelta(days=5))
    assert {line[2] for line in mails(portal)[0].values["lapses"]} == {"1 December 2026"}


def told_since(portal):
    """Since when each provision no longer holds, by the mails."""
    lines = [line for mail in mails(portal) for line in mail.values["lapses"]]
    return {line[1].rpartition(", ")[2]: line[2] for line in lines}


def test_what_is_recorded_afterwards_says_since_when_it_does_not_hold(portal):
    owner, _chief, _second = led(portal)
    now = later(owner, 60)
    shown = responsibility.people(now, facility_of(owner)).employments
    row = next(one for one in shown if one.name == "Sam Chief")
    employees.end_employment(now, row.fact_id, TODAY + timedelta(days=20))
    assert told_since(portal) == {"s. 15 (1)": "11 December 2026", "s. 21 (1)": "1 January 2027"}
    with portal.database.transaction(writes=False) as session:
        overall = select(KeptFinding).where(KeptFinding.about == About.OVERALL.value)
        assert session.scalars(overall).one().since == date(2026, 12, 11)


def test_a_listing_that_shows_an_earlier_expiry_says_since_when(portal):
    led(portal)  # designated from today on, so that this does not hold from today on
    listed(portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"), expiry=TODAY - timedelta(days=3))
    with unattended(portal, NOON) as work:
        kept_findings.retest_all(work)
    assert told_since(portal) == {"s. 15 (1)": "20 November 2026", "s. 14 (1)": "18 November 2026"}


def test_missed_nights_say_since_when_and_not_the_day_of_another_change(portal):
    owner, chief, _second = crew(portal)
    facility, last = facility_of(owner), TODAY + timedelta(days=10)
    designations.designate(owner, facility, chief, "licence", TODAY, last, "Runs it.")
    designations.designate(owner, facility, chief, "licence", last + timedelta(days=1), None, "Goes on.")
    listed(portal, ("90000003", "Chief", "III"), expiry=TODAY + timedelta(days=40))
    with unattended(portal, NOON) as work:
        kept_findings.retest_all(work)
    night(portal, TODAY + timedelta(days=60))
    assert told_since(portal)["s. 15 (1)"] == "31 December 2026"


def test_a_notice_that_falls_due_again_is_told_on_its_day(portal):
    owner, chief, second = led(portal)
    facility, sixtieth = facility_of(owner), TODAY + timedelta(days=59)
    first = TODAY + timedelta(days=400)  # none of the days before counts any more
    for start, days in ((TODAY, 60), (first, 60)):
        end = start + timedelta(days=days)
        designations.record_absence(owner, facility, chief, start, end, "Away.")
        designations.designate(owner, facility, second, "stand_in", start, end, "Stands in.")
    night(portal, sixtieth)
    designations.record_notice(later(owner, 59), facility, sixtieth)
    before = len(mails(portal))
    again = first + timedelta(days=59)
    for day in (again - timedelta(days=1), again, again):
        night(portal, day)
    lines = [line for mail in mails(portal)[before:] for line in mail.values["lapses"] if "s. 15 (5)" in line[1]]
    assert {(line[2], "60 days are reached" in line[3]) for line in lines} == {(in_english(again), True)}
    assert len(lines) == len({one.account_id for one in mails(portal)})


@pytest.mark.parametrize("days", [3, 6])
def test_a_plan_that_does_not_hold_on_its_first_day_is_told_on_it(portal, days):
    owner, chief, _second = led(portal)
    facility, first = facility_of(owner), TODAY + timedelta(days=days)
    listed(portal, ("90000003", "Chief", "III"), ("90000001", "Third", "II"))
    third = employ(owner, "Third", "90000001", first=first)
    confirm(portal, third)
    designations.designate_in_charge(owner, facility, third, first, None)
    listed(portal, ("90000003", "Chief", "III"), ("90000001", "Third", "II"), expiry=TODAY + timedelta(days=1))
    with unattended(portal, NOON) as work:
        kept_findings.retest_all(work)
    if days == 6:  # somebody records something before the night of that day
        designations.record_absence(later(owner, days), facility, chief, first, first, "Away.")
    night(portal, first)
    lines = [line for mail in mails(portal) for line in mail.values["lapses"] if "Third" in line[0]]
    assert {(line[1], line[2]) for line in lines} >= {
        ("O. Reg. 129/04, s. 14 (1)", in_english(first)),
        ("O. Reg. 129/04, s. 17 (1)", in_english(first)),
    }


def test_a_confirmation_and_an_invitation_at_once_do_not_wait_for_each_other(portal):
    owner, officer = active_owner(portal), signed_in(portal, Role.OFFICER)
    facility = facility_of(owner)
    for number in range(6):
        one = employ(owner, f"Person {number}", f"9000010{number}", last=TODAY)
        answers = together(
            lambda one=one: employees.confirm_operator_id(officer, one, 1),
            lambda one=one, number=number: employees.invite(owner, facility, one, f"p{number}@example.ca"),
        )
        said = [str(one) for one in answers if isinstance(one, Refused)]
        assert not any("database" in one for one in said), said


def test_a_new_listing_tests_again_and_a_quiet_night_nothing(portal):
    owner, _chief, _second = led(portal)
    assert night(portal, QUIET).tested == 0
    standing_listings.stand(portal, standing_listings.ROW, listed_on=TODAY)
    with portal.database.transaction(writes=True) as session:
        for one in session.scalars(select(ListingImport)):
            one.changed_at = NOON + timedelta(hours=1)
    assert night(portal, QUIET).tested == 1
    assert verdict(owner, on=QUIET) is Verdict.NOT_MET


def test_other_rules_test_everything_again(portal, monkeypatch):
    led(portal)
    assert night(portal, QUIET).tested == 0
    monkeypatch.setattr(kept_findings, "fingerprint", lambda: "others")
    assert night(portal, QUIET).tested == 1
    assert night(portal, QUIET).tested == 0


def kept(portal):
    with portal.database.transaction(writes=False) as session:
        return {
            (one.facility_id, one.place): (one.verdict, one.until, one.because)
            for one in session.scalars(select(KeptFinding))
        }


def test_kept_findings_are_those_from_scratch_after_changes_and_passing_days(portal):
    owner, chief, second = led(portal)
    facility = facility_of(owner)
    absence = designations.record_absence(owner, facility, chief, TODAY, None, "Away.")
    steps = [
        lambda asker: designations.designate(asker, facility, second, "stand_in", TODAY, None, "Stands in."),
        lambda asker: designations.designate_in_charge(asker, facility, second, TODAY, None),
        lambda asker: designations.end_absence(asker, absence, TODAY + timedelta(days=100)),
        lambda asker: employ(asker, "Engineer", capacity="engineer"),
    ]
    for days, step in zip((0, 40, 70, 155), steps, strict=True):
        asker = later(owner, days)
        step(asker)
        for passing in (days + 1, days + 17):
            day = TODAY + timedelta(days=passing)
            night(portal, day)
            before = kept(portal)
            with portal.database.transaction(writes=True) as session:
                for row in session.scalars(select(KeptFinding)):
                    session.delete(row)
            with unattended(portal, NOON + timedelta(days=passing)) as work:
                kept_findings.retest(work, facility)
            assert {key: value[0] for key, value in kept(portal).items()} == {
                key: value[0] for key, value in before.items()
            }


# --- who sees, and what is not assessed ---------------------------------------------------------------------


def test_the_people_of_anothers_facility_are_not_shown(portal):
    owner, chief, _second = crew(portal)
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    facility = facility_of(owner)
    for ask in (
        lambda: responsibility.people(other, facility),
        lambda: designations.what_if(other, facility, chief, "licence", TODAY, None),
        lambda: employees.display_licence(other, facility, chief, "L90000003", TODAY, "Hall"),
        lambda: designations.designate(other, facility_of(other), chief, "licence", TODAY, None, "So it is."),
    ):
        with pytest.raises(NotAllowed):
            ask()
    manager = signed_in(portal, Role.MANAGER)
    assert responsibility.people(manager, facility).employees


def test_a_water_facility_is_not_assessed_and_counted_apart(portal):
    led(portal)
    plant = replace(FACILITY, ministry_number="W1", name="Water Plant", facility_type="water_treatment")
    owner = active_owner(portal, "Town", plant)
    assert employ(owner, "Chief", "90000003")
    found = responsibility.people(owner, facility_of(owner))
    assert (found.facility, found.assessed, found.findings) == ("Water Plant", False, ())
    counts = responsibility.counts(signed_in(portal, Role.MANAGER))
    assert (counts.by_verdict[Verdict.MET], counts.by_verdict[Verdict.UNKNOWN], counts.not_assessed) == (1, 0, 1)


def test_facilities_are_listed_with_how_they_stand_and_an_owners_own_only(portal):
    owner, _chief, second = crew(portal)
    designations.designate(owner, facility_of(owner), second, "licence", TODAY, TODAY, "Nobody else came.")
    plant = replace(FACILITY, ministry_number="W1", name="Water Plant", facility_type="water_treatment")
    other = active_owner(portal, "Town", plant)
    quiet = active_owner(portal, "Village", replace(FACILITY, ministry_number="Q1", name="Quiet Lagoon"))
    officer = signed_in(portal, Role.OFFICER)

    def rows(asker, *given):
        found = responsibility.facilities(asker, *given).rows
        return [(one.facility, one.verdict, one.others) for one in found]

    worst = ("North Bay WPCP", Verdict.NOT_MET, 0)
    unknown, water = ("Quiet Lagoon", Verdict.UNKNOWN, 0), ("Water Plant", None, 0)
    assert rows(officer) == [worst, unknown, water]
    assert rows(officer, "quiet") == rows(quiet) == rows(officer, "", "unknown") == [unknown]
    assert rows(officer, "W1") == rows(officer, "", "not_assessed") == rows(other) == [water]
    assert rows(owner) == rows(officer, "", "not met") == [worst]
    counted = responsibility.counts(owner)
    assert (counted.total, counted.by_verdict[Verdict.NOT_MET]) == (1, 1)
    assert responsibility.counts(officer).total == 3


def test_an_end_recorded_later_leaves_who_recorded_the_fact_and_when(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    row = responsibility.people(owner, facility).designations[0]
    fifteen = later(owner, 15)
    clerk = later(members.acting(portal, owner, Grant(Right.MANAGE, facility), given_name="Kim"), 15)
    designations.end_designation(clerk, row.fact_id, TODAY + timedelta(days=12))
    (shown,) = responsibility.people(fifteen, facility, TODAY + timedelta(days=5)).designations
    assert (shown.recorded_at, shown.recorded_by) == (NOON, "Robin Fairwater")
    assert (shown.changed_at, shown.changed_by.partition(" ")[0]) == (NOON + timedelta(days=15), "Kim")
    withdrawals.withdraw(fifteen, "designation", shown.fact_id, "It goes on.")
    (again,) = responsibility.people(fifteen, facility).designations
    assert (again.recorded_at, again.recorded_by, again.span.end) == (NOON, "Robin Fairwater", None)
    assert (again.changed_at, again.changed_by) == (NOON + timedelta(days=15), "Robin Fairwater")
    assert chief


def test_nothing_recorded_is_overwritten(portal):
    owner, _chief, _second = led(portal)
    row = responsibility.people(owner, facility_of(owner)).designations[0]
    designations.end_designation(owner, row.fact_id, TODAY)
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(Designation).order_by(Designation.id)).all()
        assert [(one.valid_until, one.superseded_by) for one in rows] == [(None, rows[1].id), (TOMORROW, None)]
        assert session.scalars(select(Employment)).first().valid_from == EMPLOYED_SINCE


def test_the_end_of_an_engineer_in_charge_who_is_licensed_since_can_be_taken_back(portal):
    owner = active_owner(portal)
    facility = facility_of(owner)
    engineer = employ(owner, "Engineer", "90000005", capacity="engineer")
    designations.designate_in_charge(owner, facility, engineer, TODAY, None, as_engineer=True)
    (row,) = responsibility.people(owner, facility).in_charge
    designations.end_designation(owner, row.fact_id, TOMORROW)
    listed(portal, ("90000005", "Engineer", "I"))
    confirm(portal, engineer)
    (ended,) = responsibility.people(owner, facility).in_charge
    withdrawals.withdraw(owner, "designation", ended.fact_id, "It goes on.")
    assert verdict(owner, About.IN_CHARGE, on=TOMORROW + timedelta(days=1)) is Verdict.MET


def test_what_the_director_directed_is_ended_from_a_day_on_to_its_last_one(portal):
    """Reading R64: of several decisions on one day the latest prevails."""
    owner, chief, second = led(portal)
    facility, later = facility_of(owner), TODAY + timedelta(days=160)
    designations.record_absence(owner, facility, chief, TODAY, None, "Out.")
    designations.designate(owner, facility, second, "stand_in", TODAY, None, "For Chief.")
    period = {"valid_from": TODAY, "valid_until": TODAY + timedelta(days=300)}
    decisions.record(director(portal), facility, "stand_in_direction", TODAY, "No other way.", **period)
    assert responsibility.people(owner, facility, later).stand_ins.lifted
    ended = {"granted": False, "valid_from": TODAY + timedelta(days=10)}
    with pytest.raises(Refused, match="enter from which day it ends, and as the last day its own"):
        decisions.record(director(portal), facility, "stand_in_direction", TODAY, "Somebody was found.", **ended)
    ended["valid_until"] = period["valid_until"]
    decisions.record(director(portal), facility, "stand_in_direction", TODAY, "Somebody was found.", **ended)
    assert not responsibility.people(owner, facility, later).stand_ins.lifted
    assert responsibility.people(owner, facility, TODAY + timedelta(days=9)).stand_ins.lifted
    assert mails(portal, "decision_of_people_recorded")[-1].values["title"].startswith("Refused or ended: ")


def test_a_decision_that_the_law_of_the_day_does_not_know_is_refused(portal):
    owner, _chief, _second = led(portal)
    period = {"valid_from": date(2003, 9, 1), "valid_until": date(2003, 9, 2)}
    with pytest.raises(Refused, match="435/93 knows no such decision"):
        decisions.record(
            director(portal), facility_of(owner), "strike_plan_waiver", date(2003, 9, 1), "No.", **period
        )
