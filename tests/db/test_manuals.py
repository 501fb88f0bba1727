"""Manuals: on record with their versions, reviewed in time, and read by those who work there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.roles import Role
from db.accounts.erasure import erase_former_employees
from db.gate import NotAllowed
from db.manual_views import Statement
from db.people_schema import Employee
from db.province_schema import KeptFinding
from db.schema import Account, Person
from db.services import manual_readers, manuals
from tests.core.test_files import PDF
from tests.db import members
from tests.db.employed import employ
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_operator, active_owner
from tests.db.trained import AT_A_PLACE, manual

ALL_WELL = Statement(True, True, True, True)
IN_A_FILE = replace(AT_A_PLACE, label="2", place="", file_name="manual.pdf", content=PDF)


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def shown(owner):
    return manuals.of_facility(owner, facility_of(owner))


def test_nothing_is_known_of_manuals_until_they_are_on_record_and_the_owner_says_the_rest(owner):
    assert shown(owner).finding.verdict is Verdict.UNKNOWN
    manual(owner)
    assert shown(owner).finding.verdict is Verdict.UNKNOWN
    manuals.state(owner, facility_of(owner), ALL_WELL)
    assert shown(owner).finding.verdict is Verdict.MET
    manuals.state(owner, facility_of(owner), replace(ALL_WELL, operators_reach=False))
    assert shown(owner).finding.verdict is Verdict.NOT_MET
    assert shown(owner).statement.operators_reach is False


def test_what_no_manual_holds_is_missing_only_where_all_are_on_record(owner):
    one = replace(AT_A_PLACE, drawings=False)
    manuals.add(owner, facility_of(owner), "Manual", TODAY, TODAY, one)
    manuals.state(owner, facility_of(owner), replace(ALL_WELL, all_listed=None))
    assert shown(owner).finding.verdict is Verdict.UNKNOWN
    manuals.state(owner, facility_of(owner), ALL_WELL)
    assert shown(owner).finding.verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("reviewed", "verdict"),
    [(date(2024, 11, 20), Verdict.MET), (date(2024, 11, 19), Verdict.NOT_MET)],
)
def test_a_manual_falls_due_two_years_from_the_earlier_of_both(owner, reviewed, verdict):
    id = manual(owner, reviewed=reviewed)
    (row,) = shown(owner).manuals
    assert (row.finding.verdict, row.due) == (verdict, reviewed.replace(year=2026))
    manuals.record_review(owner, id, TODAY, "Chief operator", updated=False)
    (row,) = shown(owner).manuals
    assert (row.finding.verdict, row.due) == (Verdict.MET, TODAY.replace(year=2028))


def test_a_review_without_an_update_is_not_enough(owner):
    id = manual(owner, reviewed=date(2024, 1, 1), updated=date(2024, 1, 1))
    manuals.record_review(owner, id, TODAY, "Chief operator", updated=False)
    assert shown(owner).manuals[0].finding.verdict is Verdict.NOT_MET
    version = manuals.add_version(owner, id, TODAY, False, replace(AT_A_PLACE, label="2"))
    assert shown(owner).manuals[0].finding.verdict is Verdict.MET
    assert [one.label for one in shown(owner).manuals[0].versions] == ["2", "1"]
    manuals.withdraw_version(owner, version, "It was another manual's.")
    (row,) = shown(owner).manuals
    assert (row.current.label, row.finding.verdict) == ("1", Verdict.NOT_MET)
    manuals.record_review(owner, id, TODAY, "Chief operator", updated=True)
    (row,) = shown(owner).manuals
    assert row.finding.verdict is Verdict.MET
    manuals.withdraw_review(owner, row.reviews[0].review_id, "It was not.")
    with pytest.raises(Refused, match="changed since"):
        manuals.withdraw_review(owner, row.reviews[0].review_id, "It was not.")
    with pytest.raises(Refused, match="the only one of this manual"):
        manuals.withdraw_version(owner, row.current.version_id, "Wrong.")
    manuals.withdraw(owner, id, "Replaced.")
    assert shown(owner).manuals == ()
    with pytest.raises(NotAllowed):
        manuals.withdraw(owner, id, "Again.")


def test_what_is_no_manual_is_refused(owner):
    with pytest.raises(Refused) as refused:
        manuals.add(
            owner, facility_of(owner), "", None, TODAY + timedelta(days=1), replace(AT_A_PLACE, place="", label="")
        )
    assert {one.field for one in refused.value.problems} == {"name", "place", "reviewed", "updated", "label"}
    with pytest.raises(Refused, match="not a whole PDF"):
        manuals.add(owner, facility_of(owner), "M", TODAY, TODAY, replace(IN_A_FILE, content=b"<html>"))


def test_an_operator_reads_the_file_and_says_so_by_one_click(portal, owner):
    operator = active_operator(portal, "90000042")
    me, _other = employ(owner, "Robin"), employ(owner, "Other")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, me).person_id = person.id
    id = manuals.add(owner, facility_of(owner), "Manual", TODAY, TODAY, IN_A_FILE)
    (own,) = manuals.mine(operator)
    assert (own.acknowledged_at, own.version.file_name) == (None, "manual.pdf")
    assert manuals.file(operator, own.version.version_id).content == PDF
    manuals.acknowledge(operator, own.version.version_id)
    manuals.acknowledge(operator, own.version.version_id)
    assert manuals.mine(operator)[0].acknowledged_at is not None
    (row,) = shown(owner).manuals
    assert (row.acknowledged, row.employed) == (1, 2)
    assert [(one.name, one.acknowledged_at is None) for one in manuals.readers(owner, id)] == [
        ("Sam Other", True), ("Sam Robin", False),
    ]  # fmt: skip
    version = manuals.add_version(owner, id, TODAY, True, replace(AT_A_PLACE, label="3"))
    assert shown(owner).manuals[0].acknowledged == 0
    with pytest.raises(Refused, match="Another version stands"):
        manuals.acknowledge(operator, own.version.version_id)
    manuals.acknowledge(operator, version)
    stranger = signed_in(portal, Role.OPERATOR)
    for act in (manuals.acknowledge, manuals.file):
        with pytest.raises(NotAllowed):
            act(stranger, own.version.version_id)
    assert manuals.mine(stranger) == ()


def test_the_owner_records_who_without_an_account_has_read_it_as_told(portal, owner):
    active_operator(portal, "90000042")
    robin, kim = employ(owner, "Robin"), employ(owner, "Kim")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, robin).person_id = person.id
    yesterday = TODAY - timedelta(days=1)
    id = manuals.add(owner, facility_of(owner), "Manual", yesterday, yesterday, AT_A_PLACE)
    version = shown(owner).manuals[0].current.version_id
    for day, who, says in (
        (TODAY + timedelta(days=1), [kim], "to come"),
        (None, [kim], "Enter the day"),
        (yesterday - timedelta(days=1), [kim], "Enter that day or a later one"),
        (TODAY, [], "Choose who has read it"),
        (TODAY, [robin], "have no account"),
    ):
        with pytest.raises(Refused, match=says):
            manuals.record_readers(owner, version, who, day)
    manuals.record_readers(owner, version, [kim], yesterday)
    with pytest.raises(Refused, match="have not read it yet"):
        manuals.record_readers(owner, version, [kim], yesterday)
    manuals.record_review(owner, id, TODAY, "Chief operator", updated=True)
    read = {one.name: one for one in manuals.readers(owner, id)}
    assert (read["Sam Kim"].read_on, read["Sam Kim"].before_update) == (yesterday, True)
    assert read["Sam Kim"].told_to
    assert read["Sam Robin"].acknowledged_at is None
    assert shown(owner).manuals[0].acknowledged == 1
    reader = members.acting(portal, owner, Grant(Right.READ, facility_of(owner)))
    with pytest.raises(NotAllowed):
        manuals.record_readers(reader, version, [kim], TODAY)


def test_why_a_reading_was_taken_back_is_said_no_more_of_whoever_is_erased(portal, owner):
    active_operator(portal, "90000042")
    kim = employ(owner, "Kim", last=TODAY)
    id = manual(owner)
    version = shown(owner).manuals[0].current.version_id
    manuals.record_readers(owner, version, [kim], TODAY)
    manual_readers.take_back(owner, version, [kim], "Kim was on leave.")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, kim).person_id = person.id
        session.scalars(select(Account).where(Account.person_id == person.id)).one().email = "erased-1"
        person.given_name, person.family_name = "Erased", "person 1"
        session.flush()
        erase_former_employees(session, owner.at + timedelta(days=40))
    said = manual_readers.taken_back(owner, id)
    assert [(one.name, one.because) for one in said] == [("Erased person 1", "")]


def test_that_somebody_has_read_it_is_taken_back_with_a_reason_and_stays_on_record(portal, owner):
    operator = active_operator(portal, "90000042")
    robin, kim = employ(owner, "Robin"), employ(owner, "Kim")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, robin).person_id = person.id
    id = manual(owner)
    version = shown(owner).manuals[0].current.version_id
    manuals.record_readers(owner, version, [kim], TODAY)
    with pytest.raises(Refused, match="was changed since"):
        manual_readers.take_back_own(operator, version, "I have said nothing yet.")
    manuals.acknowledge(operator, version)
    assert manuals.mine(operator)[0].by_me
    assert shown(owner).manuals[0].acknowledged == 2
    with pytest.raises(Refused, match="why it is taken back"):
        manual_readers.take_back_own(operator, version, " ")
    manual_readers.take_back_own(operator, version, "I read another one.")
    assert manuals.mine(operator)[0].acknowledged_at is None
    assert shown(owner).manuals[0].acknowledged == 1, "of Kim alone"
    manuals.acknowledge(operator, version)
    with pytest.raises(Refused) as refused:
        manual_readers.take_back(owner, version, [], "")
    assert {one.field for one in refused.value.problems} == {"readers", "reason"}
    manual_readers.take_back(owner, version, [robin, kim], "Both were on leave.")
    assert shown(owner).manuals[0].acknowledged == 0
    with pytest.raises(Refused, match="was changed since"):
        manual_readers.take_back(owner, version, [kim], "Again.")
    manuals.record_readers(owner, version, [kim], TODAY)
    said = manual_readers.taken_back(owner, id)
    assert sorted((one.name, one.because) for one in said) == [
        ("Sam Kim", "Both were on leave."), ("Sam Robin", "Both were on leave."),
        ("Sam Robin", "I read another one."),
    ]  # fmt: skip
    assert {one.read_on for one in said} == {TODAY}
    assert all(one.by for one in said)


def test_only_whoever_records_for_the_owner_takes_back_what_others_have_said(portal, owner):
    kim = employ(owner, "Kim")
    id = manual(owner)
    version = shown(owner).manuals[0].current.version_id
    manuals.record_readers(owner, version, [kim], TODAY)
    reader = members.acting(portal, owner, Grant(Right.READ, facility_of(owner)))
    for act in (
        lambda: manual_readers.take_back(reader, version, [kim], "Wrong."),
        lambda: manual_readers.taken_back(reader, id),
        lambda: manual_readers.take_back(signed_in(portal, Role.OPERATOR), version, [kim], "Wrong."),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refused, match="was changed since"):
        manual_readers.take_back_own(owner, version, "As told, so the others' form takes it back.")
    assert shown(owner).manuals[0].acknowledged == 1


def test_the_file_of_a_withdrawn_version_is_for_whoever_records(portal, owner):
    operator = active_operator(portal, "90000042")
    me = employ(owner, "Robin")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, me).person_id = person.id
    id = manual(owner)
    wrong = manuals.add_version(owner, id, TODAY, False, IN_A_FILE)
    assert manuals.file(operator, wrong).content == PDF
    manuals.withdraw_version(owner, wrong, "It was another manual's.")
    reader = members.acting(portal, owner, Grant(Right.READ, facility_of(owner)))
    for one in (operator, reader):
        with pytest.raises(NotAllowed):
            manuals.file(one, wrong)
    for one in (owner, signed_in(portal, Role.OFFICER)):
        assert manuals.file(one, wrong).content == PDF


def test_no_second_manual_of_a_name_and_no_version_that_would_not_stand(owner):
    id = manual(owner, "Operations manual")
    with pytest.raises(Refused, match="“operations  MANUAL” is on record already"):
        manual(owner, "operations  MANUAL")
    with pytest.raises(Refused, match="Version “1” is on record already"):
        manuals.add_version(owner, id, TODAY, False, AT_A_PLACE)
    with pytest.raises(Refused, match="is later and stands"):
        manuals.add_version(owner, id, TODAY - timedelta(days=1), False, replace(AT_A_PLACE, label="2"))


def test_who_may_see_and_who_may_record(portal, owner):
    id, facility = manual(owner), facility_of(owner)
    reader = members.acting(portal, owner, Grant(Right.READ, facility))
    assert manuals.of_facility(reader, facility).manuals
    stranger = active_owner(portal, "Elsewhere", replace(FACILITY, ministry_number="999000999"))
    for asker in (reader, stranger):
        for act in (
            lambda asker=asker: manuals.readers(asker, id),
            lambda asker=asker: manuals.withdraw(asker, id, "No."),
            lambda asker=asker: manuals.record_review(asker, id, TODAY, "Me", updated=False),
            lambda asker=asker: manuals.state(asker, facility, ALL_WELL),
        ):
            with pytest.raises(NotAllowed):
                act()
    with pytest.raises(NotAllowed):
        manuals.of_facility(stranger, facility)
    assert manuals.of_facility(signed_in(portal, Role.OFFICER), facility).manuals


def test_its_findings_are_kept_with_their_day(portal, owner):
    id = manual(owner, reviewed=date(2025, 3, 1))
    with portal.database.transaction(writes=False) as session:
        kept = session.scalars(select(KeptFinding).where(KeptFinding.about == "manuals_reviewed")).one()
        assert (kept.of_id, kept.verdict, kept.due) == (id, "met", date(2027, 3, 1))
        assert kept.until == date(2027, 1, 1)


def test_a_day_before_any_manual_could_be_asked_for_is_refused(owner):
    with pytest.raises(Refused, match="The review is dated 1 January 1700, before 1 January 1990") as refused:
        manual(owner, reviewed=date(1700, 1, 1), updated=date(1989, 12, 31))
    assert [one.field for one in refused.value.problems] == ["reviewed", "updated"]
    one = manual(owner, reviewed=date(1990, 1, 1), updated=date(1990, 1, 1))
    with pytest.raises(Refused, match="which can hardly be"):
        manuals.record_review(owner, one, date(1700, 1, 1), "Sam Chief", False)
    with pytest.raises(Refused, match="which can hardly be"):
        manuals.add_version(owner, one, date(1700, 1, 1), False, replace(AT_A_PLACE, label="2"))


def test_what_a_manual_lacks_is_named_in_the_order_of_its_form(owner):
    with pytest.raises(Refused) as refused:
        manuals.add(owner, facility_of(owner), "", None, None, replace(AT_A_PLACE, label="", place=""))
    assert [one.field for one in refused.value.problems] == ["name", "label", "place", "reviewed", "updated"]
