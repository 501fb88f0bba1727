"""What the office records of past licences, and the findings about the past that rest on it, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.findings import Verdict
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db import audit
from db.gate import NotAllowed
from db.people_schema import LicenceIssue
from db.services import designations, licence_history, own_account, responsibility, verification, withdrawals
from tests.db import standing_listings
from tests.db.employed import confirm, crew, employ, led, listed
from tests.db.filed import TODAY, director, facility_of
from tests.db.people import NOON, PASSWORD, signed_in
from tests.db.profiles import active_operator, active_owner, approve, submitted_operator, waiting_id
from tests.db.test_responsibility import mails, verdict

ISSUED, EXPIRED = date(2012, 6, 30), date(2015, 6, 30)
FIRST, LAST = date(2015, 7, 7), date(2016, 7, 16)
NUMBER = "90000005"


def issue(officer, employee, **changes):
    given = {
        "number": "L5", "licence_type": "wastewater_treatment", "licence_class": "III", "issued_on": ISSUED,
        "expiry": EXPIRED, "clear": True, "valid_for": "",
    }  # fmt: skip
    return licence_history.record_issue(officer, employee, **given | changes)


@pytest.fixture
def officer(portal):
    return signed_in(portal, Role.OFFICER, given_name="Olga", family_name="Office")


@pytest.fixture
def lapsed(portal):
    """An owner, and an operator who worked in 2015 and 2016; nothing is known of a licence then."""
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    someone = employ(owner, "Lapsed", NUMBER, first=FIRST, last=LAST)
    confirm(portal, someone)
    return owner, someone


def licensed(owner, day):
    return verdict(owner, About.LICENSED, on=day, name="Sam Lapsed")


# --- a licence that expired on 30 June 2015, whose holder worked from 7 July 2015 to 16 July 2016 -------------


def test_a_past_without_days_of_issue_is_not_known(lapsed):
    owner, _someone = lapsed
    assert licensed(owner, FIRST) is licensed(owner, LAST) is Verdict.UNKNOWN
    assert responsibility.people(owner, facility_of(owner)).unlicensed == ()


def test_each_day_worked_after_the_licence_expired_is_shown(lapsed, officer):
    owner, someone = lapsed
    issue(officer, someone)
    licence_history.record_complete(officer, someone, date(2010, 1, 1))
    facility = facility_of(owner)
    for day in (FIRST, date(2015, 12, 31), date(2016, 2, 29), LAST):
        assert licensed(owner, day) is Verdict.NOT_MET
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        assert not [one for one, _ in responsibility.people(owner, facility, day).findings if one.person]
    (shown,) = responsibility.people(owner, facility).unlicensed
    assert (shown.name, shown.span.start, shown.span.last, shown.days) == ("Sam Lapsed", FIRST, LAST, 376)
    (so_far,) = responsibility.people(owner, facility, date(2015, 7, 8)).unlicensed
    assert (so_far.span.last, so_far.days) == (date(2015, 7, 8), 2)
    (row,) = responsibility.people(owner, facility, LAST).employments
    assert row.recorded_at == NOON, "recorded today, of days long past"


def test_the_last_day_of_the_licence_was_licensed_and_the_next_was_not(portal, officer):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    someone = employ(owner, "Lapsed", NUMBER, first=date(2012, 1, 1), last=LAST)
    confirm(portal, someone)
    issue(officer, someone)
    licence_history.record_complete(officer, someone, date(2010, 1, 1))
    assert licensed(owner, ISSUED - timedelta(days=1)) is Verdict.NOT_MET
    assert licensed(owner, ISSUED) is licensed(owner, EXPIRED) is Verdict.MET
    assert licensed(owner, EXPIRED + timedelta(days=1)) is Verdict.NOT_MET


def test_a_past_designation_is_recorded_today_and_found_unlawful(lapsed, officer):
    owner, someone = lapsed
    issue(officer, someone)
    licence_history.record_complete(officer, someone, date(2010, 1, 1))
    plan = designations.designate(owner, facility_of(owner), someone, "licence", FIRST, LAST, "So it was.")
    assert plan.outlook is None
    assert verdict(owner, on=FIRST) is Verdict.NOT_MET
    assert mails(owner.portal) == [], "nothing lapsed today"


# --- issues ---------------------------------------------------------------------------------------------------


def test_only_complete_records_say_that_there_was_no_other_licence(lapsed, officer):
    owner, someone = lapsed
    issue(officer, someone)
    assert licensed(owner, FIRST) is Verdict.UNKNOWN
    licence_history.record_complete(officer, someone, FIRST + timedelta(days=1))
    assert licensed(owner, FIRST) is Verdict.UNKNOWN
    assert licensed(owner, FIRST + timedelta(days=1)) is Verdict.NOT_MET
    licence_history.record_complete(officer, someone, FIRST)
    assert licensed(owner, FIRST) is Verdict.NOT_MET


def test_a_licence_that_may_have_been_suspended_proves_nothing(lapsed, officer):
    owner, someone = lapsed
    issue(officer, someone, issued_on=date(2014, 1, 1), expiry=date(2017, 1, 1), clear=False)
    assert licensed(owner, FIRST) is Verdict.UNKNOWN
    issue(officer, someone, issued_on=date(2014, 1, 1), expiry=date(2017, 1, 1))
    assert licensed(owner, FIRST) is Verdict.MET
    (row,) = responsibility.people(owner, facility_of(owner)).past_licences
    assert (row.name, row.since, row.licence.expiry) == ("Sam Lapsed", date(2014, 1, 1), date(2017, 1, 1))


@pytest.mark.parametrize(("clear", "before"), [(True, Verdict.MET), (False, Verdict.UNKNOWN)])
def test_the_day_of_issue_of_a_listed_licence_proves_it_from_that_day_if_it_never_was_suspended(
    portal, officer, clear, before
):
    owner, chief, _second = crew(portal)
    earlier = TODAY - timedelta(days=200)
    assert verdict(owner, About.LICENSED, on=earlier, name="Sam Chief") is Verdict.UNKNOWN
    issued = {"number": "L90000003", "issued_on": date(2025, 3, 12), "expiry": date(2028, 3, 12)}
    issue(officer, chief, **issued, clear=clear)
    assert verdict(owner, About.LICENSED, on=earlier, name="Sam Chief") is before
    assert verdict(owner, About.LICENSED, name="Sam Chief") is Verdict.MET


@pytest.mark.parametrize(
    ("extended_to", "clear", "verdicts"),
    [
        (date(2022, 10, 1), True, (Verdict.MET, Verdict.MET, Verdict.NOT_MET)),
        (None, True, (Verdict.NOT_MET, Verdict.NOT_MET, Verdict.NOT_MET)),
        (None, False, (Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN)),
    ],
    ids=["extended", "not extended", "nobody knows"],
)
def test_a_past_licence_runs_through_its_extension(portal, officer, extended_to, clear, verdicts):
    owner = active_owner(portal)
    listed(portal, ("90000003", "Chief", "III"))
    someone = employ(owner, "Lapsed", NUMBER, first=date(2020, 1, 1), last=TODAY)
    confirm(portal, someone)
    licence_history.record_complete(officer, someone, date(2010, 1, 1))
    printed = {"issued_on": date(2019, 3, 1), "expiry": date(2022, 3, 1)}
    issue(officer, someone, **printed, clear=clear, extended_to=extended_to)
    assert tuple(licensed(owner, date(2022, *day)) for day in ((3, 2), (10, 1), (10, 2))) == verdicts
    (past, _complete) = responsibility.people(owner, facility_of(owner)).past_licences
    assert past.extended_to == extended_to


def test_an_extension_of_before_its_text_is_on_file_is_a_question(lapsed, officer):
    owner, someone = lapsed
    licence_history.record_complete(officer, someone, date(2010, 1, 1))
    issue(officer, someone, extended_to=LAST)
    assert licensed(owner, FIRST) is Verdict.UNKNOWN
    assert responsibility.people(owner, facility_of(owner)).unlicensed == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"licence_type": None}, "licence_type"),
        ({"licence_type": "boiler"}, "licence_type"),
        ({"licence_class": None}, "licence_class"),
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": TODAY + timedelta(days=1), "expiry": TODAY + timedelta(days=2)}, "issued_on"),
        ({"expiry": None}, "expiry"),
        ({"expiry": ISSUED - timedelta(days=1)}, "expiry"),
        ({"extended_to": EXPIRED}, "extended_to"),
    ],
)
def test_an_issue_is_checked(lapsed, officer, changes, field):
    _owner, someone = lapsed
    with pytest.raises(Refused) as refused:
        issue(officer, someone, **changes)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_that_records_are_complete_is_of_a_day_that_has_come(lapsed, officer):
    _owner, someone = lapsed
    for since in (None, TODAY + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            licence_history.record_complete(officer, someone, since)
        assert [problem.field for problem in refused.value.problems] == ["since"]


def test_nothing_is_recorded_of_whom_the_office_has_not_confirmed(portal, officer):
    owner = active_owner(portal)
    listed(portal, (NUMBER, "Lapsed", "I"))
    someone = employ(owner, "Lapsed", NUMBER, last=TODAY)
    with pytest.raises(Refused, match="The Operator ID of Sam Lapsed is not confirmed yet"):
        issue(officer, someone)
    with pytest.raises(Refused, match="not confirmed yet"):
        licence_history.record_complete(officer, someone, TODAY)


def test_only_officers_record_past_licences(portal, lapsed):
    owner, someone = lapsed
    for asker in (owner, director(portal)):
        with pytest.raises(NotAllowed):
            issue(asker, someone)
        with pytest.raises(NotAllowed):
            licence_history.record_complete(asker, someone, TODAY)


def test_what_is_recorded_anew_takes_the_place_of_what_stood_and_comes_back_with_it(lapsed, officer):
    owner, someone = lapsed
    issue(officer, someone, licence_class="I")
    second = issue(officer, someone, licence_class="II")
    other = issue(officer, someone, issued_on=EXPIRED, expiry=date(2018, 6, 30))

    def classes():
        rows = responsibility.people(owner, facility_of(owner)).past_licences
        return [(one.licence.licence_class, one.since) for one in rows]

    assert classes() == [("II", ISSUED), ("III", EXPIRED)]
    withdrawals.withdraw_of_person(officer, "licence_issue", other, "Of another Sam.")
    withdrawals.withdraw_of_person(officer, "licence_issue", second, "It was Class I after all.")
    assert classes() == [("I", ISSUED)]
    with pytest.raises(Refused, match="changed since"):
        withdrawals.withdraw_of_person(officer, "licence_issue", second, "Once more.")
    with owner.portal.database.transaction(writes=False) as session:
        assert len(session.scalars(select(LicenceIssue)).all()) == 4
        assert audit.verify(session).faults == ()


def test_a_licence_found_today_is_told_to_have_lapsed_in_the_same_transaction(portal, officer):
    owner, chief, _second = led(portal)
    complete = licence_history.record_complete(officer, chief, date(2010, 1, 1))
    assert mails(portal) == []
    withdrawals.withdraw_of_person(officer, "licences_complete", complete, "Not of this Sam.")
    assert verdict(owner) is Verdict.MET


# --- one human being -------------------------------------------------------------------------------------------


def test_an_employee_who_registers_later_brings_employments_and_past_licences_along(portal, officer):
    owner = active_owner(portal)
    standing_listings.stand(portal, standing_listings.ROW)
    someone = employ(owner, "Fairwater", "90012345")
    confirm(portal, someone)
    issue(officer, someone)
    operator = submitted_operator(portal, "90012345", given_name="Sam", family_name="Fairwater")
    submission_id = waiting_id(officer)
    assert [str(flag.sentence) for flag in verification.item(officer, submission_id).flags] == [
        "Operator ID 90012345 was confirmed for Sam Fairwater, an employee of “City of North Bay”. Approving "
        "makes Sam Fairwater the same person."
    ]
    approve(officer, submission_id)
    (one,) = responsibility.people(owner, facility_of(owner)).employees
    assert one.confirmed
    (past,) = responsibility.people(owner, facility_of(owner)).past_licences
    assert past.since == ISSUED
    own_account.close_account(operator, PASSWORD)
    active_operator(portal, "90012345", given_name="Sam", family_name="Fairwater", email="again@example.ca")
    assert responsibility.people(owner, facility_of(owner)).employees[0].confirmed
    assert responsibility.people(owner, facility_of(owner)).past_licences == (past,)


def test_two_with_accounts_never_become_one(portal):
    active_operator(portal, "90012345", family_name="Fairwater")
    with pytest.raises(Refused, match="confirmed for another person already"):
        active_operator(portal, "90012345", family_name="Other", email="other@example.ca")
