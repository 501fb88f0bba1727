"""What was recorded of a facility's people by mistake is taken back, through the services, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.findings import Verdict
from core.membership import Grant, Right
from core.problems import Refused
from core.responsibility import About
from core.roles import Role
from db.gate import NotAllowed
from db.people_schema import Employment, HoursInCharge, WithdrawnEntry
from db.services import designations, employees, responsibility, withdrawals
from tests.db import members
from tests.db.employed import TOMORROW, crew, employ, led
from tests.db.filed import TODAY, facility_of
from tests.db.people import NOON, signed_in
from tests.db.profiles import FACILITY, active_owner
from tests.db.test_responsibility import YESTERDAY, mails, verdict

WHY = "It was another day."


def shown(asker):
    return responsibility.people(asker, facility_of(asker))


def withdraw(asker, entry, why=WHY):
    withdrawals.withdraw(asker, entry.table, entry.fact_id, why)


def test_a_designation_made_by_mistake_stands_no_more_and_stays_on_record(portal):
    owner, _chief, _second = led(portal)
    (row,) = shown(owner).designations
    assert verdict(owner) is Verdict.MET
    with pytest.raises(Refused, match="why it is taken back"):
        withdraw(owner, row, " ")
    withdraw(owner, row)
    assert (verdict(owner), shown(owner).designations) == (Verdict.UNKNOWN, ())
    (one,) = shown(owner).withdrawn
    assert (one.name, one.what, one.reason) == ("Sam Chief", row.what, WHY)
    assert (one.withdrawn_by, one.withdrawn_at) == ("Robin Fairwater", NOON)
    with pytest.raises(Refused, match="changed since"):
        withdraw(owner, row)


def test_what_rests_on_it_is_told_in_the_same_transaction(portal):
    owner, _chief, _second = led(portal)
    assert mails(portal) == []
    withdraw(owner, shown(owner).designations[0])
    assert {line[1] for one in mails(portal) for line in one.values["lapses"]} == {"O. Reg. 129/04, s. 15 (1)"}


def test_an_end_that_is_taken_back_lets_what_it_ended_go_on(portal):
    owner, _chief, _second = led(portal)
    designations.end_designation(owner, shown(owner).designations[0].fact_id, TODAY)
    assert verdict(owner, on=TOMORROW) is Verdict.UNKNOWN
    withdraw(owner, shown(owner).designations[0])
    assert verdict(owner, on=TOMORROW) is Verdict.MET
    withdraw(owner, shown(owner).designations[0])
    assert shown(owner).designations == ()


def test_what_has_no_room_any_more_does_not_come_back(portal):
    owner, chief, _second = led(portal)
    designations.end_designation(owner, shown(owner).designations[0].fact_id, TODAY)
    ended = shown(owner).designations[0]
    designations.designate(owner, facility_of(owner), chief, "licence", TOMORROW, None, "So it is.")
    with pytest.raises(Refused, match="Sam Chief from 21 November 2026 stands on some of its days"):
        withdraw(owner, ended)
    withdraw(owner, shown(owner).designations[0])
    withdraw(owner, shown(owner).designations[0])
    assert verdict(owner, on=TOMORROW) is Verdict.MET


def test_corrected_hours_come_back_one_by_one(portal):
    owner, chief, _second = crew(portal)
    for hours in ("12", "8", "7.5"):
        designations.record_hours(owner, facility_of(owner), chief, TODAY, Decimal(hours))
    found = []
    while rows := shown(owner).worked:
        found.append(rows[0].what)
        withdraw(owner, rows[0])
    assert found == [f"{time} hours in charge; not designated that day" for time in ("7:30", "8:00", "12:00")]
    assert shown(owner).hours == ()
    with portal.database.transaction(writes=False) as session:
        assert all(one.superseded_at for one in session.scalars(select(HoursInCharge)))
        assert len(session.scalars(select(WithdrawnEntry)).all()) == 3


def test_a_display_that_is_taken_back_lets_the_place_before_stand(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    employees.display_licence(owner, facility, chief, "L90000003", YESTERDAY, "Hall")
    employees.display_licence(owner, facility, chief, "L90000003", TODAY, "Control room")
    assert [(one.what.partition(":")[0], one.span.end) for one in shown(owner).displays] == [
        ("Control room", None),
        ("Hall", TODAY),
    ]
    for day in (YESTERDAY, TODAY):
        assert verdict(owner, About.DISPLAYED, on=day, name="Sam Chief") is Verdict.MET
    withdraw(owner, shown(owner).displays[0])
    assert [(one.what.partition(":")[0], one.span.end) for one in shown(owner).displays] == [("Hall", None)]
    assert verdict(owner, About.DISPLAYED, name="Sam Chief") is Verdict.MET


def test_a_display_recorded_late_ends_where_the_next_begins(portal):
    owner, chief, _second = crew(portal)
    facility = facility_of(owner)
    employees.display_licence(owner, facility, chief, "L90000003", TODAY, "Control room")
    employees.display_licence(owner, facility, chief, "L90000003", date(2026, 3, 1), "Hall")
    assert [(one.what.partition(":")[0], one.span.end) for one in shown(owner).displays] == [
        ("Control room", None),
        ("Hall", TODAY),
    ]


def test_an_employment_and_an_absence_are_taken_back(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    designations.record_absence(owner, facility, chief, TODAY, None, "Sick.")
    withdraw(owner, shown(owner).absences[0])
    assert shown(owner).absences == ()
    withdraw(owner, next(one for one in shown(owner).employments if one.name == "Sam Chief"))
    assert verdict(owner) is not Verdict.MET
    employ(owner, "Chief", "90000003", first=date(2026, 2, 1))
    assert verdict(owner) is Verdict.MET


def test_a_notice_that_was_not_sent_is_due_again(portal):
    owner, chief, second = led(portal)
    facility, first = facility_of(owner), TODAY - timedelta(days=70)
    designations.record_absence(owner, facility, chief, first, None, "Away.")
    designations.designate(owner, facility, second, "stand_in", first, TODAY, "Stood in.")
    notice = designations.record_notice(owner, facility, TODAY)
    assert shown(owner).notice_due is None
    withdrawals.withdraw(owner, "director_notice", notice, "The letter stayed in the drawer.")
    assert shown(owner).notice_due is not None
    assert shown(owner).notices == ()
    assert responsibility.notices_received(signed_in(portal, Role.OFFICER)).total == 0
    assert "Notice to the Director" in shown(owner).withdrawn[0].what


def test_whoever_may_record_it_takes_it_back_and_nobody_else(portal):
    owner, chief, _second = led(portal)
    facility = facility_of(owner)
    clerk = members.acting(portal, owner, Grant(Right.RECORD, facility))
    reader = members.acting(portal, owner, Grant(Right.READ, facility), email="read@example.ca")
    other = active_owner(portal, "Town", replace(FACILITY, ministry_number="9"))
    designations.record_absence(clerk, facility, chief, TODAY, None, "Sick.")
    absence, named = shown(owner).absences[0], shown(owner).designations[0]
    for asker in (reader, other):
        with pytest.raises(NotAllowed):
            withdraw(asker, absence)
    with pytest.raises(NotAllowed):
        withdraw(clerk, named)
    for table in ("person", "employee"):
        with pytest.raises(NotAllowed):
            withdrawals.withdraw(owner, table, 1, WHY)
    withdraw(clerk, absence)


def test_the_offices_note_is_the_offices_to_take_back(portal):
    owner = active_owner(portal)
    employ(owner, "Engineer", capacity="engineer", first=date(2025, 1, 1), last=date(2025, 3, 1))
    employ(owner, "Engineer", capacity="engineer", first=date(2026, 11, 1))
    officer = signed_in(portal, Role.OFFICER)
    employees.note_starts_anew(officer, shown(owner).employments[0].fact_id, "Another plant in between.")
    noted = shown(owner).employments[0]
    assert verdict(owner, About.LICENSED) is Verdict.MET
    with pytest.raises(Refused, match="Ask it to take its note back first"):
        withdraw(owner, noted)
    withdrawals.withdraw_note(officer, noted.fact_id, "It was the same plant.")
    assert verdict(owner, About.LICENSED) is not Verdict.MET
    again = shown(owner).employments[0]
    with pytest.raises(Refused, match="no note to take back"):
        withdrawals.withdraw_note(officer, again.fact_id, "Once more.")
    withdraw(owner, again)
    with portal.database.transaction(writes=False) as session:
        standing = session.scalars(select(Employment).where(Employment.superseded_at.is_(None))).all()
        assert [one.valid_from for one in standing] == [date(2025, 1, 1)]
