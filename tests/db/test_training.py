"""Training: recorded once for many, counted for each at every facility; notices, requests, sheets."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import select

from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.records import About
from core.roles import Role
from db.accounts.erasure import erase_former_employees
from db.gate import NotAllowed, unattended
from db.kept_findings import retest_due
from db.people_schema import Employee
from db.province_schema import KeptFinding
from db.schema import Account, Person
from db.schema_training import ExemptNotice, TrainingAttendance, TrainingSession
from db.services import employees, training, training_duties, training_imports
from tests.db import employed, members
from tests.db.employed import employ
from tests.db.filed import TODAY, facility_of
from tests.db.people import signed_in
from tests.db.profiles import FACILITY, active_operator, active_owner
from tests.db.trained import COLUMNS, also_at_another, given, sheet, year_of

YEAR = TODAY.year
OTHER = replace(FACILITY, ministry_number="999000999", name="Another plant")


@pytest.fixture
def owner(portal):
    return active_owner(portal)


def test_one_session_counts_for_everybody_who_attended(owner):
    sam, kim = employ(owner, "One"), employ(owner, "Two")
    held = [(TODAY, Decimal("7.5")), (TODAY - timedelta(days=1), Decimal("0.25"))]
    training.record(owner, facility_of(owner), held, "Spaces", "safety", {sam: "", kim: "Relief operator"})
    for one in (sam, kim):
        row = year_of(owner, one)
        assert (row.year.minutes, row.missing, row.by) == (465, 2400 - 465, date(YEAR, 12, 31))
    shown = training.of_facility(owner, facility_of(owner))
    assert shown.missing_by == {date(YEAR, 12, 31): 2 * (2400 - 465)}
    (session,) = training.sessions(owner, facility_of(owner)).rows
    assert {one.name: one.position for one in session.session.attended} == {
        "Sam One": "Shift operator", "Sam Two": "Relief operator",
    }  # fmt: skip
    assert [one.minutes for one in session.session.held] == [15, 450]


@pytest.mark.parametrize(
    ("held", "subjects", "kind", "says"),
    [
        ([], "Safety", "safety", "at least one day"),
        ([(TODAY + timedelta(days=1), Decimal(1))], "Safety", "safety", "to come"),
        ([(TODAY, Decimal("0.333"))], "Safety", "safety", "whole minutes"),
        ([(TODAY, Decimal(25))], "Safety", "safety", "at most 24 hours"),
        ([(TODAY, Decimal(1))], " ", "safety", "subjects"),
        ([(TODAY, Decimal(1))], "Safety", "fun", "Fill in “Kind”"),
        ([(TODAY, Decimal(1)), (TODAY, Decimal(1))], "Safety", "safety", "entered twice"),
    ],
)
def test_what_is_no_session_is_refused_in_words(owner, held, subjects, kind, says):
    one = employ(owner, "One")
    with pytest.raises(Refused, match=says):
        training.record(owner, facility_of(owner), held, subjects, kind, {one: ""})


def test_nobody_or_a_stranger_cannot_have_attended(owner):
    with pytest.raises(Refused, match="Fill in “Who attended”"):
        given(owner)
    with pytest.raises(Refused, match="not on record as employed here"):
        given(owner, 12345)


def test_a_correction_takes_the_place_of_the_session_and_both_stay(portal, owner):
    sam, kim = employ(owner, "One"), employ(owner, "Two")
    first = given(owner, sam, kim)
    second = training.correct(owner, first, [(TODAY, Decimal(6))], "Chlorine", "safety", {sam: ""})
    assert (year_of(owner, sam).year.minutes, year_of(owner, kim).year.minutes) == (360, 0)
    assert [one.session_id for one in training.sessions(owner, facility_of(owner)).rows] == [second]
    again = [(TODAY, Decimal(1))], "X", "safety", {sam: ""}
    for act in (lambda: training.withdraw(owner, first, "Twice."), lambda: training.correct(owner, first, *again)):
        with pytest.raises(Refused, match="changed since your page was drawn"):
            act()
    training.withdraw(owner, second, "It did not take place.")
    assert year_of(owner, sam).year.minutes == 0
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(TrainingSession).order_by(TrainingSession.id)).all()
        assert [(one.superseded_by, one.withdrawn_because) for one in rows] == [
            (second, ""), (None, "It did not take place."),
        ]  # fmt: skip


def test_whoever_may_not_record_sees_and_enters_nothing(portal, owner):
    one = employ(owner, "One")
    facility = facility_of(owner)
    session = given(owner, one)
    stranger, reader = (
        active_owner(portal, "Elsewhere", OTHER),
        members.acting(portal, owner, Grant(Right.READ, facility)),
    )
    for asker in (stranger, reader):
        for act in (
            lambda asker=asker: training.of_facility(asker, facility),
            lambda asker=asker: training.sessions(asker, facility),
            lambda asker=asker: training.record(asker, facility, [(TODAY, Decimal(1))], "X", "safety", {one: ""}),
            lambda asker=asker: training.withdraw(asker, session, "No."),
            lambda asker=asker: training_duties.records(asker, facility, YEAR, YEAR),
        ):
            with pytest.raises(NotAllowed):
                act()
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility), email="clerk@example.ca")
    assert training.of_facility(clerk, facility).people
    assert training.of_facility(signed_in(portal, Role.MANAGER), facility).people


def test_hours_given_by_another_owner_count_and_say_so(portal, owner):
    """Reading R22: hours are the person's. The same person is known at both by the confirmed Operator ID."""
    other = active_owner(portal, "Elsewhere", OTHER)
    employed.listed(portal, ("90000003", "Chief", "III"))
    here, there = employ(owner, "Chief", "90000003"), employ(other, "Chief", "90000003")
    employed.confirm(portal, here, there)
    given(other, there, hours="10")
    given(owner, here, hours="4")
    row = year_of(owner, here)
    assert (row.year.minutes, row.elsewhere) == (840, 600)
    assert len(training.sessions(owner, facility_of(owner)).rows) == 1


def test_an_operator_sees_the_own_training_everywhere_and_nobody_elses(portal, owner):
    operator = active_operator(portal, "90000042")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
    me, other = employ(owner, "Robin"), employ(owner, "Other")
    with portal.database.transaction(writes=True) as session:
        session.get_one(Employee, me).person_id = person.id
    given(owner, me, other)
    own = training.mine(operator)
    (year,) = own.years
    assert (year.year.minutes, year.year.missing) == (480, 1920)
    (session_row,) = own.sessions
    assert [one.person for one in session_row.session.attended] == [me]
    assert training.mine(signed_in(portal, Role.OPERATOR)).years == ()


def test_a_short_year_is_not_known_until_the_records_are_said_to_be_complete(owner):
    one = employ(owner, "One", first=date(2023, 1, 1))
    assert year_of(owner, one, 2024).year.finding.verdict is Verdict.UNKNOWN
    training_duties.record_complete(owner, facility_of(owner), date(2022, 1, 1))
    assert year_of(owner, one, 2024).year.finding.verdict is Verdict.NOT_MET
    averages = year_of(owner, one, 2024).year.averages
    assert averages.blocks.years == averages.sliding.years == (2022, 2023, 2024)
    assert averages.years_employed.years == (2023, 2024)
    training_duties.record_complete(owner, facility_of(owner), date(2025, 1, 1))
    assert training.of_facility(owner, facility_of(owner)).complete_from == date(2025, 1, 1)


@pytest.mark.parametrize(("days", "is_due"), [(59, True), (60, False)])
def test_fewer_than_60_days_are_exempt_and_the_notice_falls_due(owner, days, is_due):
    first = date(2025, 3, 1)
    one = employ(owner, "Brief", first=first, last=first + timedelta(days=days - 1))
    shown = training.of_facility(owner, facility_of(owner), 2025)
    assert (shown.people[0].year.finding.verdict is Verdict.NOT_APPLICABLE) == is_due
    assert [(notice.employee_id, notice.year) for notice in shown.notices_due] == ([(one, 2025)] if is_due else [])
    if not is_due:
        return
    assert "Sam Brief are not owed for 2025" in shown.notices_due[0].words
    notice = training_duties.record_notice(owner, facility_of(owner), one, 2025, TODAY)
    shown = training.of_facility(owner, facility_of(owner))
    assert not shown.notices_due
    assert [(sent.name, sent.year, sent.told_on) for sent in shown.notices] == [("Sam Brief", 2025, TODAY)]
    with pytest.raises(Refused, match="recorded already"):
        training_duties.record_notice(owner, facility_of(owner), one, 2025, TODAY)
    training_duties.withdraw_notice(owner, notice, "It was not sent.")
    assert training.of_facility(owner, facility_of(owner)).notices_due


def test_a_notice_whose_ground_has_gone_says_so(portal, owner):
    spans = [(date(2025, month, 1), date(2025, month, 1) + timedelta(days=40)) for month in (1, 6)]
    _maiden, married = two_entries(portal, owner, *spans)
    with portal.database.transaction(writes=True) as session:
        recorder = session.scalars(select(Account.id)).first()
        notice = ExemptNotice(
            facility_id=facility_of(owner), employee_id=married, year=2025, told_on=TODAY, words="",
            recorded_at=owner.at, recorded_by=recorder,
        )  # fmt: skip
        session.add(notice)
    (sent,) = training.of_facility(owner, facility_of(owner)).notices
    assert str(sent.because) == "Days employed in 2025: 82; exempt below 60."


def test_a_notice_names_no_more_whoever_is_erased(portal, owner):
    operator = active_operator(portal, "90000042")
    one = employ(owner, "Brief", first=date(2025, 3, 1), last=date(2025, 3, 31))
    training_duties.record_notice(owner, facility_of(owner), one, 2025, TODAY)
    assert operator.token
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, one).person_id = person.id
        account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
        account.email = "erased-1"
        person.given_name, person.family_name = "Erased", "person 1"
        session.flush()
        erase_former_employees(session, owner.at)
        words = session.scalars(select(ExemptNotice.words)).one()
    assert "Brief" not in words
    assert "Erased person 1" in words


@pytest.mark.parametrize(
    ("day", "says"),
    [(date(1999, 3, 12), "before any law"), (date(2019, 3, 12), "nobody who attended was employed")],
)
def test_a_session_of_a_day_that_cannot_be_right_is_refused(owner, day, says):
    one = employ(owner, "One", first=date(2020, 1, 1))
    with pytest.raises(Refused, match=says) as refused:
        given(owner, one, day=day)
    assert [each.field for each in refused.value.problems] == ["day_1"]


def test_years_before_the_text_on_file_say_so_and_435_93_knows_no_average(owner):
    employ(owner, "Old", first=date(2003, 1, 1))
    shown = training.of_facility(owner, facility_of(owner), 2015)
    assert (shown.people, bool(shown.not_on_file)) == ((), True)
    shown = training.of_facility(owner, facility_of(owner), 2003)
    assert shown.regulation == "435/93"
    (row,) = shown.people
    assert (row.year.averages, row.year.missing) == (None, 2400)
    assert (row.missing, shown.not_known) == (0, 1)


def test_a_request_of_the_director_is_answered_by_records(owner):
    one, facility = employ(owner, "One"), facility_of(owner)
    given(owner, one)
    with pytest.raises(Refused, match="years asked for"):
        training_duties.record_request(owner, facility, TODAY, None, 2026, 2025)
    request = training_duties.record_request(owner, facility, TODAY, TODAY + timedelta(days=10), 2025, 2026)
    (found,) = [
        one.finding for one, _ in training.of_facility(owner, facility).findings if one.about is About.REQUEST
    ]
    assert found.due == TODAY + timedelta(days=10)
    made = training_duties.records(owner, facility, 2025, 2026)
    assert (len(made.sessions), [one.year.year for one in made.years]) == (1, [2026])
    training_duties.record_sent(owner, request, TODAY, "copies")
    (asked,) = training.of_facility(owner, facility).requests
    assert (asked.sent_on, asked.sent_as, bool(asked.recorded_by)) == (TODAY, "copies", True)
    assert asked.sent_by == asked.recorded_by
    with pytest.raises(Refused, match="sent on 20 November 2026 already"):
        training_duties.record_sent(owner, request, TODAY, "copies")
    training_duties.withdraw_request(owner, request, "It was for another facility.")
    assert training.of_facility(owner, facility).requests == ()


def test_what_was_sent_is_kept_as_it_was(portal, owner):
    one, facility = employ(owner, "=One"), facility_of(owner)
    session = given(owner, one, hours="7.5")
    request = training_duties.record_request(owner, facility, TODAY, None, 2026, 2026, "R. Inspector, by letter")
    (found,) = [one.finding for one, _ in training.of_facility(owner, facility).findings
                if one.about is About.REQUEST]  # fmt: skip
    assert found.verdict is Verdict.UNKNOWN
    with pytest.raises(NotAllowed):
        training_duties.sent_copy(owner, request)
    training_duties.record_sent(owner, request, TODAY, "copies")
    sent = training_duties.sent_copy(owner, request)
    training.withdraw(owner, session, "Nobody came.")
    assert training_duties.sent_copy(owner, request) == sent
    assert "2026-11-20,450,Chlorine handling,safety,Sam =One,Shift operator" in sent
    (asked,) = training.of_facility(owner, facility).requests
    assert (asked.asked_by, asked.sent_sha256) == ("R. Inspector, by letter", sha256(sent.encode()).hexdigest())
    summary = training_duties.record_request(owner, facility, TODAY, None, 2026, 2026)
    training_duties.record_sent(owner, summary, TODAY, "summaries")
    assert "2026,Sam =One,Shift operator,0,0," in training_duties.sent_copy(owner, summary)
    for stranger in (active_owner(portal, "Elsewhere", OTHER), signed_in(portal, Role.OPERATOR)):
        with pytest.raises(NotAllowed):
            training_duties.sent_copy(stranger, request)


def test_what_was_corrected_or_withdrawn_is_listed_with_why_and_who(owner):
    one, facility = employ(owner, "One"), facility_of(owner)
    first = given(owner, one)
    second = training.correct(owner, first, [(TODAY, Decimal(6))], "Chlorine", "safety", {one: ""})
    training.withdraw(owner, second, "It did not take place.")
    given(owner, one)
    found = training.fallen(owner, facility).rows
    assert [(row.row.session_id, row.because) for row in found] == [
        (second, "It did not take place."),
        (first, ""),
    ]
    assert all(row.by and row.at == owner.at for row in found)


def test_sessions_are_listed_by_their_day_and_of_a_year(owner):
    one, facility = employ(owner, "One", first=date(2024, 1, 1)), facility_of(owner)
    days = (date(2026, 3, 1), date(2025, 3, 1), date(2026, 5, 1))
    for day in days:
        given(owner, one, day=day)
    assert [row.session.held[0].day for row in training.sessions(owner, facility).rows] == sorted(
        days, reverse=True
    )
    assert [row.session.held[0].day for row in training.sessions(owner, facility, 1, 2025).rows] == [days[1]]


def test_who_works_at_two_facilities_is_counted_once_for_the_owner(portal, owner):
    one = employ(owner, "Both")
    also_at_another(portal, owner, one)
    given(owner, one, hours="10")
    seen = training.overview(owner)
    assert [sum(row.missing_by.values()) for row in seen.facilities] == [1800, 1800]
    assert seen.missing_by == {date(YEAR, 12, 31): 1800}


def two_entries(portal, owner, *spans):
    """One person under two entries at the owner's facility, each with these days."""
    active_operator(portal, "90000042")
    entries = [employ(owner, name, first=first, last=last)
               for name, (first, last) in zip(("Maiden", "Married"), spans, strict=True)]  # fmt: skip
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        for one in entries:
            session.get_one(Employee, one).person_id = person.id
    return entries


def test_a_person_under_two_entries_is_one_and_owes_the_hours_of_all_days(portal, owner):
    """Twice 41 days are 82, so no year is exempt and no notice is due (readings R9 and R22)."""
    spans = [(date(2025, month, 1), date(2025, month, 1) + timedelta(days=40)) for month in (1, 6)]
    maiden, married = two_entries(portal, owner, *spans)
    given(owner, maiden, hours="10", day=date(2025, 1, 5))
    shown = training.of_facility(owner, facility_of(owner), 2025)
    assert [(one.employee_id, one.year.days, one.year.minutes) for one in shown.people] == [(maiden, 82, 600)]
    assert shown.notices_due == ()
    with pytest.raises(Refused, match="“Chlorine handling” of 5 January 2025 on record already"):
        given(owner, married, hours="10", day=date(2025, 1, 5))
    with pytest.raises(Refused, match="not exempt"):
        training_duties.record_notice(owner, facility_of(owner), maiden, 2025, TODAY)


def test_a_person_under_two_entries_is_given_a_session_once(portal, owner):
    maiden, married = two_entries(portal, owner, *[(date(2025, 1, 1), None)] * 2)
    first = ("2026-03-02", "3", "Pumps", "technical", "Sam Maiden", "")
    for hours in ("3", "4"):
        found = training_imports.preview(
            owner, facility_of(owner), sheet(first, (first[0], hours, *first[2:4], "Sam Married", "")), COLUMNS
        )
        assert [(one.line, one.reason) for one in found.bad] == [
            (3, "Row 2 says this of Sam Maiden already, who is the same person as Sam Married. Add up the hours "
                "of both in one row, or delete one of the two.")
        ]  # fmt: skip
    long = [(first[0], "13", subject, "technical", name, "") for subject, name in
            (("Pumps", "Sam Maiden"), ("Valves", "Sam Married"))]  # fmt: skip
    (bad,) = training_imports.preview(owner, facility_of(owner), sheet(*long), COLUMNS).bad
    assert "26 h of training on 2 March 2026" in bad.reason
    with pytest.raises(Refused, match="Sam Maiden and Sam Married are the same person"):
        given(owner, maiden, married)
    given(owner, maiden, hours="13")
    with pytest.raises(Refused, match="26 h of training on 20 November 2026"):
        given(owner, married, hours="13", subjects="Valves")


def test_a_session_counts_once_and_a_day_has_24_hours(owner):
    one, other = employ(owner, "One"), employ(owner, "Two")
    first = given(owner, one, hours="20")
    with pytest.raises(Refused, match="Sam One has “Chlorine HANDLING” of 20 November 2026 on record already"):
        given(owner, other, one, hours="1", subjects="Chlorine HANDLING")
    with pytest.raises(Refused, match="Sam One would have 24 h 15 min of training on 20 November 2026"):
        given(owner, one, hours="4.25", subjects="Pumps")
    second = given(owner, one, hours="4", subjects="Pumps")
    training.correct(owner, first, [(TODAY, Decimal(19))], "Chlorine handling", "safety", {one: ""})
    with pytest.raises(Refused, match="24 h 15 min"):
        training.correct(owner, second, [(TODAY, Decimal("5.25"))], "Pumps", "technical", {one: ""})
    assert year_of(owner, one).year.minutes == 23 * 60


def test_the_record_of_a_session_keeps_the_names_of_that_day(portal, owner):
    active_operator(portal, "90000042")
    one = employ(owner, "Brief", first=date(2025, 3, 1), last=date(2025, 8, 31))
    stands = given(owner, one, day=date(2025, 3, 5))
    wrong = given(owner, one, day=date(2025, 3, 6))
    training.withdraw(owner, wrong, "It was another day.")
    with portal.database.transaction(writes=True) as session:
        person = session.scalars(select(Person).where(Person.operator_id == "90000042")).one()
        session.get_one(Employee, one).person_id = person.id
        account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
        account.email = "erased-1"
        person.given_name, person.family_name = "Erased", "person 1"
        session.flush()
        erase_former_employees(session, owner.at)
        names = dict(session.execute(select(TrainingAttendance.session_id, TrainingAttendance.name)).all())
    assert names == {stands: "Sam Brief", wrong: "Erased person 1"}
    made = training_duties.records(owner, facility_of(owner), 2025, 2025)
    assert [one.name for one in made.sessions[0].session.attended] == ["Sam Brief"]
    assert [one.name for one in made.years] == ["Sam Brief"]
    training.correct(owner, stands, [(date(2025, 3, 5), Decimal(6))], "Pumps", "technical", {one: ""})
    (row,) = training.sessions(owner, facility_of(owner)).rows
    assert [who.name for who in row.session.attended] == ["Sam Brief"]


# --- kept findings --------------------------------------------------------------------------------------------


def test_findings_are_kept_and_a_year_that_ended_short_is_told(portal, owner):
    one = employ(owner, "One", first=date(2026, 1, 1))
    training_duties.record_complete(owner, facility_of(owner), date(2026, 1, 1))
    with portal.database.transaction(writes=False) as session:
        kept = session.scalars(select(KeptFinding).where(KeptFinding.of_id == one, KeptFinding.year == YEAR)).all()
        by_about = {row.about: row for row in kept}
    assert by_about["training"].verdict == "met"
    assert by_about["training"].until == date(YEAR + 1, 1, 1)
    at = owner.at.replace(year=2027, month=1, day=15)
    with unattended(portal, at) as work:
        found = retest_due(work)
    lines = {(lapse.name, str(lapse.finding.citation)) for lapse in found.lapses}
    assert any(name == "Sam One" and "s. 21 (1)" in cited for name, cited in lines)


def test_the_position_of_a_day_without_an_employment_is_asked_for_and_never_guessed(owner):
    kim, sam = employ(owner, "Kim", first=TODAY), employ(owner, "Sam")
    with pytest.raises(Refused, match="In what position did Sam Kim attend") as refused:
        given(owner, sam, kim, day=TODAY - timedelta(days=1))
    assert [one.field for one in refused.value.problems] == ["attended"]
    held = [(TODAY - timedelta(days=1), Decimal(1)), (TODAY, Decimal(1))]
    training.record(owner, facility_of(owner), held, "Pumps", "safety", {sam: "", kim: ""})
    training.record(owner, facility_of(owner), held[:1], "Valves", "safety", {sam: "", kim: "Guest"})
    found = {
        row.session.subjects: {who.person: who.position for who in row.session.attended}[kim]
        for row in training.sessions(owner, facility_of(owner)).rows
    }
    assert found == {"Pumps": "Shift operator", "Valves": "Guest"}


def test_a_year_shows_the_position_that_was_held_in_it(owner):
    employ(owner, "Kim", first=date(YEAR - 3, 1, 1), last=date(YEAR - 2, 6, 30))
    employees.employ(owner, facility_of(owner), "Sam", "Kim", "", "Chief", "operator", True, date(YEAR, 1, 1))
    years = range(YEAR - 3, YEAR + 1)
    shown = {year: training.of_facility(owner, facility_of(owner), year).people for year in years}
    assert {year: [one.position for one in people] for year, people in shown.items()} == {
        YEAR - 3: ["Shift operator"], YEAR - 2: ["Shift operator"], YEAR - 1: [], YEAR: ["Chief"],
    }  # fmt: skip
