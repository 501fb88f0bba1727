"""Correcting who an employee is: names and Operator IDs typed wrongly, confirmations that were mistakes."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.findings import Verdict
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db.gate import NotAllowed
from db.schema import Person
from db.services import corrections, designations, employees, licence_history, responsibility, withdrawals
from tests.db import members, standing_listings
from tests.db.employed import confirm, crew, employ, led, listed
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_operator, active_owner
from tests.db.test_responsibility import finding, mails, verdict
from tests.db.together import together

WHY = "It is the number of somebody else."


def row_of(asker, employee):
    return next(
        one for one in responsibility.people(asker, facility_of(asker)).employees if one.employee_id == employee
    )


def correct(owner, employee, given="Sam", family="Chief", number="90000003"):
    version = row_of(owner, employee).version
    corrections.correct_employee(owner, facility_of(owner), employee, version, given, family, number)


def take_back(portal, owner, employee, reason=WHY):
    officer = signed_in(portal, Role.OFFICER)
    corrections.take_back_confirmation(officer, employee, row_of(owner, employee).version, reason)


def test_a_wrong_confirmation_is_taken_back_and_what_rests_on_it_is_tested(portal):
    owner, chief, _second = led(portal)
    assert verdict(owner) is Verdict.MET
    take_back(portal, owner, chief)
    assert not row_of(owner, chief).confirmed
    assert verdict(owner) is Verdict.UNKNOWN
    assert any("Chief" in line[0] for mail in mails(portal) for line in mail.values["lapses"])
    (waits,) = responsibility.unconfirmed(signed_in(portal, Role.OFFICER)).rows
    assert (waits.employee_id, waits.on_file) == (chief, "")
    (change,) = [one for one in responsibility.people(owner, facility_of(owner)).changes if one.reason]
    assert (change.name, change.reason, change.was) == ("Sam Chief", WHY, "Sam Chief, 90000003")
    confirm(portal, chief)
    assert verdict(owner) is Verdict.MET


def test_taking_back_what_is_not_confirmed_or_without_a_reason_is_refused(portal):
    owner, chief, _second = crew(portal)
    with pytest.raises(Refused, match="Write the reason"):
        take_back(portal, owner, chief, " ")
    take_back(portal, owner, chief)
    with pytest.raises(Refused, match="nothing to take back"):
        take_back(portal, owner, chief)
    with pytest.raises(Refused, match="changed by"):
        corrections.take_back_confirmation(signed_in(portal, Role.OFFICER), chief, 1, WHY)
    for role in (Role.DIRECTOR, Role.MANAGER):
        with pytest.raises(NotAllowed):
            corrections.take_back_confirmation(signed_in(portal, role), chief, 1, WHY)


def test_the_operator_id_stays_with_whoever_else_is_known_by_it(portal):
    """A typing error made two people one: taken back, the other keeps the Operator ID and the licences."""
    owner, chief, _second = led(portal)
    third = employ(owner, "Third", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    with pytest.raises(Refused, match="is that of Sam Chief, another name") as refused:
        employees.confirm_operator_id(officer, third, 1)
    assert refused.value.problems[0].field == "because"
    (waits,) = responsibility.unconfirmed(officer).rows
    assert (waits.on_file, waits.other_name) == ("Sam Chief", "Sam Chief")
    employees.confirm_operator_id(officer, third, 1, "Married in May.")
    designations.record_absence(owner, facility_of(owner), third, TODAY, None, "Away.")
    assert verdict(owner) is Verdict.UNKNOWN  # the absence is that of the designated one
    take_back(portal, owner, third)
    assert verdict(owner) is Verdict.MET
    assert row_of(owner, chief).confirmed
    reasons = [one.reason for one in responsibility.people(owner, facility_of(owner)).changes]
    assert reasons[:2] == [WHY, "Married in May."]


def test_another_name_on_the_listing_alone_takes_a_reason(portal):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    third = employ(owner, "Third", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    with pytest.raises(Refused, match="Sam Chief, another name"):
        employees.confirm_operator_id(officer, third, 1)
    with pytest.raises(Refused, match="too long"):
        employees.confirm_operator_id(officer, third, 1, "x" * 5000)
    employees.confirm_operator_id(officer, third, 1, "The former name.")
    assert row_of(owner, third).confirmed


def test_a_verified_profile_keeps_its_operator_id(portal):
    """What a profile says, the office corrects in the profile."""
    owner = active_owner(portal)
    operator = active_operator(portal, "90012345", email="sam@example.ca")
    one = employ(owner, "Fairwater", "90012345", last=TODAY)
    confirm_because(portal, one, "Sam is Robin's other name.")
    take_back(portal, owner, one)  # for this employer alone
    assert not row_of(owner, one).confirmed
    assert holder_of(portal, "90012345") == "Robin Fairwater"
    employees.invite(owner, facility_of(owner), one, "sam@example.ca")
    offer = members.offers(operator)[0]
    members.members.accept(operator, offer.membership_id, offer.version, as_invited=True)
    assert row_of(owner, one).confirmed
    with pytest.raises(Refused, match="by a verified profile"):
        take_back(portal, owner, one)


def holder_of(portal, number):
    with portal.database.transaction(writes=False) as session:
        return session.scalars(select(Person).where(Person.operator_id == number)).one().name


def test_a_name_typed_wrongly_is_corrected_and_what_was_before_is_shown(portal):
    owner, chief, _second = led(portal)
    correct(owner, chief, family="Chiefson")
    row = row_of(owner, chief)
    assert (row.name, row.confirmed) == ("Sam Chiefson", True)
    change = responsibility.people(owner, facility_of(owner)).changes[0]
    assert (change.name, change.was, change.recorded_by) == (
        "Sam Chiefson",
        "Sam Chief, 90000003",
        "Robin Fairwater",
    )
    assert verdict(owner) is Verdict.MET
    with pytest.raises(Refused, match="Nothing is different"):
        correct(owner, chief, family="Chiefson")
    with pytest.raises(Refused, match="Enter the family name"):
        correct(owner, chief, family="")
    with pytest.raises(Refused, match="changed by"):
        corrections.correct_employee(owner, facility_of(owner), chief, 1, "Sam", "Chief", "90000003")


def test_a_name_that_is_another_persons_waits_to_be_confirmed(portal):
    owner, chief, _second = led(portal)
    correct(owner, chief, given="Robin", family="Newcomer")
    assert not row_of(owner, chief).confirmed
    assert verdict(owner) is Verdict.UNKNOWN


def test_a_corrected_operator_id_is_unconfirmed_again(portal):
    owner, chief, second = crew(portal)
    third = employ(owner, "Third", "90000002")
    confirm_because(portal, third, "So the owner says.")
    with pytest.raises(Refused, match="is not on the ministry’s listing"):
        correct(owner, third, family="Third", number="90000009")
    listed(portal, ("90000003", "Chief", "III"), ("90000002", "Second", "II"), ("90000009", "Third", "II"))
    correct(owner, third, family="Third", number="90000009")
    assert not row_of(owner, third).confirmed
    assert row_of(owner, second).confirmed
    confirm(portal, third)
    assert finding(owner, About.LICENSED, name="Sam Third").verdict is Verdict.MET
    assert chief


def confirm_because(portal, employee, because):
    officer = signed_in(portal, Role.OFFICER)
    version = next(one.version for one in responsibility.unconfirmed(officer).rows if one.employee_id == employee)
    employees.confirm_operator_id(officer, employee, version, because)


def test_a_number_confirmed_by_mistake_of_an_account_can_be_corrected(portal):
    """The account took the number from the confirmation alone, so that it goes with it."""
    owner = active_owner(portal)
    standing_listings.none_stands(portal)
    one = employ(owner, "Chief", "90000003")
    somebody = signed_in(portal, Role.OPERATOR, email="sam@example.ca")
    employees.invite(owner, facility_of(owner), one, "sam@example.ca")
    offer = members.offers(somebody)[0]
    members.members.accept(somebody, offer.membership_id, offer.version, as_invited=True)
    confirm(portal, one)
    correct(owner, one, number="90000004")
    assert not row_of(owner, one).confirmed
    confirm(portal, one)
    assert row_of(owner, one).confirmed


def test_past_licences_stay_with_the_number_that_is_confirmed_anew(portal):
    owner, chief, _second = crew(portal)
    licence_history.record_complete(signed_in(portal, Role.OFFICER), chief, TODAY)
    take_back(portal, owner, chief)
    assert not responsibility.people(owner, facility_of(owner)).past_licences
    confirm(portal, chief)
    assert len(responsibility.people(owner, facility_of(owner)).past_licences) == 1


def test_only_whoever_records_for_the_employer_corrects(portal):
    owner, chief, _second = crew(portal)
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    with pytest.raises(NotAllowed):
        corrections.correct_employee(other, facility_of(other), chief, 2, "Sam", "Mine", "")
    with pytest.raises(NotAllowed):
        corrections.correct_employee(other, facility_of(owner), chief, 2, "Sam", "Mine", "")


def test_whoever_is_employed_no_more_by_mistake_does_not_wait(portal):
    owner = active_owner(portal)
    standing_listings.none_stands(portal)
    employ(owner, "Chief", "90000003")
    officer = signed_in(portal, Role.OFFICER)
    assert len(responsibility.unconfirmed(officer).rows) == 1
    (row,) = responsibility.people(owner, facility_of(owner)).employments
    withdrawals.withdraw(owner, "employment", row.fact_id, "Another works.")
    assert not responsibility.unconfirmed(officer).rows


def test_a_correction_and_a_confirmation_at_once_do_not_wait_for_each_other(portal):
    owner, officer = active_owner(portal), signed_in(portal, Role.OFFICER)
    facility = facility_of(owner)
    for number in range(4):
        one = employ(owner, f"Person {number}", f"9000010{number}", last=TODAY)
        answers = together(
            lambda one=one: employees.confirm_operator_id(officer, one, 1),
            lambda one=one, number=number: corrections.correct_employee(
                owner, facility, one, 1, "Sam", f"Someone {number}", f"9000020{number}"
            ),
        )
        said = [str(one) for one in answers if isinstance(one, Refused)]
        assert len(said) == 1, said
        assert "changed by" in said[0]


def test_a_reader_does_not_see_the_reasons(portal):
    owner, chief, _second = led(portal)
    take_back(portal, owner, chief)
    manager = signed_in(portal, Role.MANAGER)
    assert not any(one.reason for one in responsibility.people(manager, facility_of(owner)).changes)
    assert any(one.reason for one in responsibility.people(owner, facility_of(owner)).changes)
