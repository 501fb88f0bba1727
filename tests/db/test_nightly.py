"""What is done once a night, at 3:00 in Toronto, and made up for when nobody was awake."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.roles import Role
from db import audit, nightly
from db.accounts import erasure
from db.mail import delivery, outbox
from db.people_schema import Absence, DirectorNotice, Employee, EmployeeChange
from db.register_schema import OperatorRegion
from db.schema import Account, AuditEntry, OperatorProfile, OutgoingMail, Person, Submission
from db.services import corrections, designations, employees, own_account, responsibility, verification
from tests.db import employed, members
from tests.db import standing_listings as listings
from tests.db.filed import TODAY, facility_of
from tests.db.people import NOON, PASSWORD, make_account, signed_in
from tests.db.profiles import submitted_operator
from tests.db.searchable import add_operator, candidate

THREE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 3:00 in Toronto, in winter


def test_the_jobs_run_once_a_night(portal):
    assert nightly.run_if_due(portal, THREE - timedelta(hours=5)), "the first start makes up for last night"
    assert not nightly.run_if_due(portal, THREE - timedelta(minutes=1))
    assert nightly.run_if_due(portal, THREE)
    assert not nightly.run_if_due(portal, THREE + timedelta(hours=23))
    assert nightly.run_if_due(portal, THREE + timedelta(days=3)), "nights that were missed are made up for once"
    assert not nightly.run_if_due(portal, THREE + timedelta(days=3, minutes=1))


def test_the_clock_is_the_offices_in_summer_too(portal):
    three = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    nightly.run_if_due(portal, three - timedelta(minutes=2))
    assert not nightly.run_if_due(portal, three - timedelta(minutes=1))
    assert nightly.run_if_due(portal, three)


@pytest.mark.parametrize(("days", "erased"), [(29, False), (30, True)])
def test_contact_data_is_erased_30_days_after_an_account_was_closed(portal, days, erased):
    account_id = make_account(portal, Role.OPERATOR, email="robin@example.ca", state="closed")
    with portal.database.transaction(writes=True) as session:
        session.get_one(Account, account_id).closed_at = NOON
    nightly.run_if_due(portal, NOON + timedelta(days=days))
    with portal.database.transaction(writes=False) as session:
        account = session.get_one(Account, account_id)
        assert (account.email != "robin@example.ca") == (account.telephone == "") == erased
        assert audit.verify(session).faults == ()
        actions = session.scalars(select(AuditEntry.action)).all()
        assert ("account.erased" in actions) == erased


def test_what_an_erased_operator_wrote_for_owners_and_where_they_worked_is_erased_too(portal):
    profile_id = add_operator(portal, candidate(regions=frozenset({"3556"})))
    with portal.database.transaction(writes=True) as session:
        profile = session.get_one(OperatorProfile, profile_id)
        profile.notes = "Ask for me at 705-267-1234."
        account = session.scalars(select(Account).where(Account.person_id == profile.person_id)).one()
        account.state, account.closed_at = "closed", NOON
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(OperatorProfile, profile_id).notes == ""
        assert session.scalars(select(OperatorRegion)).all() == []


def test_what_an_erased_operator_s_certificates_were_compared_with_names_nobody(portal):
    listings.stand(portal, listings.ROW | {"first_name": "Robyn", "number": "12354"})
    officer = signed_in(portal, Role.OFFICER)
    submitted_operator(portal)
    verification.return_(officer, 1, 1, "Which number is it?")
    with portal.database.transaction(writes=True) as session:
        submission = session.get_one(Submission, 1)
        assert "Robyn" in str(submission.compared)
        account = session.get_one(Account, submission.submitted_by)
        account.state, account.closed_at = "closed", NOON
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    with portal.database.transaction(writes=False) as session:
        (compared,) = session.get_one(Submission, 1).compared.values()
        assert (compared["outcome"], compared["listed_on"]) == ("number not found", "2026-11-01")
        assert "Robyn" not in str(compared)


def test_mails_of_two_accounts_that_had_one_address_keep_no_erasing_from_its_work(portal):
    first, second = (make_account(portal, Role.OPERATOR, state="closed") for _ in range(2))
    with portal.database.transaction(writes=True) as session:
        for account_id in (first, second):
            account = session.get_one(Account, account_id)
            account.closed_at = NOON if account_id == first else None
            outbox.put(session, portal.key, NOON, account, "password_changed", {}, None, "robin@example.ca")
    assert len(delivery._next_attempt(portal, NOON)) == 1, "each account's mails go apart"
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(Account, first).telephone == ""
        assert session.scalars(select(OutgoingMail.account_id)).all() == [second]


def test_an_account_that_cannot_be_erased_keeps_no_other_from_being_erased(portal, monkeypatch):
    first, second = (make_account(portal, Role.OPERATOR, state="closed") for _ in range(2))
    with portal.database.transaction(writes=True) as session:
        for account_id in (first, second):
            session.get_one(Account, account_id).closed_at = NOON
    erase = erasure.erase

    def fails_at_the_first(session, at, account_id):
        erase(session, at, account_id)
        if account_id == first:
            raise RuntimeError

    later = NOON + timedelta(days=31)
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", fails_at_the_first)
        assert nightly.run_if_due(portal, later)

    def erased():
        with portal.database.transaction(writes=False) as session:
            return set(session.scalars(select(Account.id).where(Account.telephone == "")))

    assert erased() == {second}
    assert not nightly.run_if_due(portal, later + timedelta(minutes=9)), "not at every look of the worker"
    assert nightly.run_if_due(portal, later + timedelta(minutes=10)), "what failed is done again"
    assert erased() == {first, second}
    assert not nightly.run_if_due(portal, later + timedelta(minutes=30))


def test_a_job_that_fails_keeps_no_other_from_its_work(portal, monkeypatch):
    done = []

    def fails(session: object, at: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(erasure, "to_be_erased", fails)
    monkeypatch.setattr(erasure, "forget_stale", lambda _session, at: done.append(at))
    assert nightly.run_if_due(portal, NOON)
    assert done == [NOON]


# --- what an owner has recorded of somebody whose account is erased ------------------------------------------


def invited(portal):
    """An owner's operator with an account of their own: stood in, was absent, and is named in a notice."""
    owner, chief, second = employed.led(portal)
    facility = facility_of(owner)
    operator = signed_in(portal, Role.OPERATOR, email="second@example.ca")
    employees.invite(owner, facility, second, "second@example.ca")
    (offer,) = members.offers(operator)
    members.members.accept(operator, offer.membership_id, offer.version, as_invited=True)
    first = TODAY - timedelta(days=70)
    designations.record_absence(owner, facility, chief, first, TODAY, "Away.")
    designations.record_absence(owner, facility, second, first, first, "At the dentist.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    designations.record_notice(owner, facility, TODAY)
    return owner, second, operator


def employed_until(owner, name, last):
    rows = responsibility.people(owner, facility_of(owner)).employments
    employees.end_employment(owner, next(one.fact_id for one in rows if one.name == name), last)


def all_that_is_recorded(portal):
    tables = (Employee, EmployeeChange, Person, Absence, DirectorNotice)
    with portal.database.transaction(writes=False) as session:
        return repr([vars(row) for table in tables for row in session.scalars(select(table))])


@pytest.mark.parametrize(("days", "erased"), [(29, False), (30, True)])
def test_a_former_employer_s_records_name_an_erased_person_no_more(portal, days, erased):
    owner, second, operator = invited(portal)
    employed_until(owner, "Sam Second", TODAY - timedelta(days=1))
    own_account.close_account(operator, PASSWORD)
    nightly.run_if_due(portal, NOON + timedelta(days=days))
    kept = all_that_is_recorded(portal)
    assert [word in kept for word in ("Sam Second", "'Second'", "dentist")] == [not erased] * 2 + [not erased]
    assert ("Erased person" in kept) == erased
    assert "Sam Chief" in kept or "'Chief'" in kept
    with portal.database.transaction(writes=False) as session:
        assert session.get_one(Employee, second).claimed_operator_id == "90000002"
        assert audit.verify(session).faults == ()


@pytest.mark.parametrize(("ends_after", "erased"), [(None, False), (1, False), (0, True), (-1, True)])
def test_an_employer_keeps_the_name_until_30_days_after_the_employment(portal, ends_after, erased):
    owner, _second, operator = invited(portal)
    if ends_after is not None:
        employed_until(owner, "Sam Second", TODAY - timedelta(days=1) + timedelta(days=ends_after))
    own_account.close_account(operator, PASSWORD)
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    assert ("dentist" not in all_that_is_recorded(portal)) == erased


def test_nor_under_a_name_that_was_corrected_before(portal):
    owner, second, operator = invited(portal)
    (one,) = [
        row for row in responsibility.people(owner, facility_of(owner)).employees if row.employee_id == second
    ]
    corrections.correct_employee(owner, facility_of(owner), second, one.version, "Samuel", "Second", "90000002")
    employed_until(owner, "Samuel Second", TODAY - timedelta(days=1))
    own_account.close_account(operator, PASSWORD)
    nightly.run_if_due(portal, NOON + timedelta(days=30))
    assert "Second" not in all_that_is_recorded(portal)
