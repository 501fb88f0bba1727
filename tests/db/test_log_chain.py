"""The chain of a log in the database: whatever was altered, removed, put in or moved is found, named and told."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text, update

from core.log_chain import Content, Head, Kind, breaks, sealed
from core.roles import Role
from db import log_checks, log_rows
from db.audit import verify
from db.gate import Unavailable
from db.log_schema import LogCheck, LogEntry, LogHead
from db.nightly import run_if_due
from db.schema import OutgoingMail
from db.services import log_reading, shift_logs
from tests.db.logged import a_shift, in_charge, later, plant
from tests.db.people import NOON, signed_in
from tests.db.together import together


def unguarded(portal, *statements):
    """What somebody does who has every right over the database: the triggers go first."""
    sqlite = ("drop trigger log_entry_never_updated", "drop trigger log_entry_never_deleted")
    guards = sqlite if portal.database.is_sqlite else ("alter table log_entry disable trigger user",)
    with portal.database.engine.begin() as connection:
        for statement in (*map(text, guards), *statements):
            connection.execute(statement)


def checked(portal):
    log_checks.check_all(portal, NOON + timedelta(days=1))
    with portal.database.transaction(writes=False) as session:
        return tuple(session.scalars(select(LogCheck.faults)).one())


@pytest.fixture
def one(portal):
    made = plant(portal)
    a_shift(made)
    return made


def test_a_log_as_it_was_written_is_whole(portal, one):
    assert checked(portal) == ()
    found = log_reading.check(later(one.owner, hours=9), one.facility)
    assert (found.faults, found.head.number) == ((), 9)
    assert log_reading.log(later(one.owner, hours=9), one.facility).check.faults == ()


def test_an_altered_entry_is_named(portal, one):
    unguarded(portal, update(LogEntry).where(LogEntry.number == 5).values(action="Nothing was done."))
    assert checked(portal) == ("Entry 5 is not as it was written.",)


def test_an_entry_that_is_only_hidden_from_the_search_is_named(portal, one):
    unguarded(portal, update(LogEntry).where(LogEntry.number == 5).values(plain_words=""))
    assert checked(portal) == ("Entry 5 is not as it was written.",)


def test_what_was_said_of_a_duty_is_named_where_it_is_altered_or_gone(portal, one):
    number = shift_logs.say_duty(later(one.chief, hours=9), one.facility, 1, Kind.SAFE, False)
    shift_logs.say_duty(later(one.chief, hours=9), one.facility, 1, Kind.MONITORED, True)
    assert checked(portal) == ()
    unguarded(portal, update(LogEntry).where(LogEntry.number == number).values(text="Yes"))
    assert checked(portal)[0] == f"Entry {number} is not as it was written."
    with portal.database.engine.begin() as connection:
        connection.execute(text(f"delete from log_entry where number = {number}"))
    assert checked(portal) == (f"Entry {number} is missing.",)


def test_a_removed_entry_is_named(portal, one):
    unguarded(portal, text("delete from log_entry where number = 5"))
    assert checked(portal) == ("Entry 5 is missing.",)


def test_an_end_that_was_cut_off_together_with_the_head_is_named(portal, one):
    with portal.database.transaction(writes=False) as session:
        kept = session.scalars(select(LogEntry.hash).where(LogEntry.number == 7)).one()
    cut = (text("delete from log_entry where number > 7"), update(LogHead).values(number=7, hash=kept))
    unguarded(portal, *cut)
    assert checked(portal) == (
        "The log says that entry 7 is its last; the audit trail says entry 9.",
        "Entry 8 is missing.",
        "Entry 9 is missing.",
    )


def test_an_inserted_entry_is_named(portal, one):
    with portal.database.transaction(writes=False) as session:
        row = session.scalars(select(LogEntry).where(LogEntry.number == 5)).one()
        columns = {each.key: getattr(row, each.key) for each in LogEntry.__table__.columns if each.key != "id"}
    unguarded(portal, insert(LogEntry).values(columns | {"number": 10, "hash": "f" * 64}))
    (fault,) = checked(portal)
    assert fault == "An entry with the number 10 was put in."


def test_entries_that_changed_places_are_named(portal, one):
    swap = [
        text("update log_entry set number = 99 where number = 4"),
        text("update log_entry set number = 4 where number = 5"),
        text("update log_entry set number = 5 where number = 99"),
    ]
    unguarded(portal, *swap)
    faults = checked(portal)
    assert "Entry 4 does not stand at its place." in faults
    assert "Entry 5 does not stand at its place." in faults


def test_a_log_that_was_written_anew_with_its_head_is_named_by_the_audit_trail(portal, one):
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(LogEntry).order_by(LogEntry.number)).all()
        every = [log_rows.entry_of(row) for row in rows]
    head, statements = Head(0, ""), []
    for each in every:
        content = Content(text="Quiet.") if each.number == 6 else each.content
        anew = sealed(replace(each, content=content), head)
        head = Head(anew.number, anew.hash)
        values = {
            "text": content.text,
            "action": content.action,
            "hash": anew.hash,
            "previous_hash": anew.previous,
        }
        values |= {"plain_words": log_rows.plain_words(anew)}
        statements.append(update(LogEntry).where(LogEntry.number == each.number).values(values))
    unguarded(portal, *statements, update(LogHead).values(hash=head.hash))
    faults = checked(portal)
    assert faults[0] == "Entry 6 is not as it was written."
    assert len(faults) == 4


def test_a_break_is_found_at_night_and_told_once_to_the_owner_and_the_managers(portal, one):
    signed_in(portal, Role.MANAGER)
    unguarded(portal, update(LogEntry).where(LogEntry.number == 5).values(action="Nothing was done."))

    def told():
        with portal.database.transaction(writes=False) as session:
            mails = select(func.count()).where(OutgoingMail.template == "log_broken")
            return session.scalar(mails)

    assert run_if_due(portal, NOON + timedelta(days=1))
    assert told() == 2
    assert run_if_due(portal, NOON + timedelta(days=2))
    assert told() == 2
    manager = later(signed_in(portal, Role.MANAGER), days=2)
    assert [row.faults for row in log_reading.logs(manager).rows] == [1]
    found = log_reading.log(later(one.owner, days=2), one.facility)
    assert found.check.faults == ("Entry 5 is not as it was written.",)


PEOPLE, EACH = 20, 50


def insistently(act):
    """What somebody does whom a busy database has asked to try again."""
    while True:
        try:
            return act()
        except Unavailable:
            continue


def test_a_thousand_entries_by_twenty_people_at_once_are_one_whole_chain(portal):
    made = plant(portal)
    people = [signed_in(portal, Role.OPERATOR, family_name=f"Number{n}") for n in range(PEOPLE)]
    for who in people:
        in_charge(portal, made.owner, made.facility, who)

    def write(who, number):
        def act():
            shift = insistently(lambda: shift_logs.begin_shift(who, made.facility, f"Shift {number}"))
            for n in range(EACH - 1):
                note = (Kind.NOTE, Content(text=f"Round {n}."))
                insistently(lambda note=note: shift_logs.write(who, made.facility, shift, *note))

        return act

    answers = together(*itertools.starmap(write, zip(people, range(PEOPLE), strict=True)))
    refused = [each for each in answers if each != "done"]
    assert refused == []
    with portal.database.transaction(writes=False) as session:
        rows = session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        assert [row.number for row in rows] == list(range(1, PEOPLE * EACH + 1))
        made_at = [row.made_at for row in rows]
        assert made_at == sorted(made_at)
        head = session.scalars(select(LogHead)).one()
        assert breaks([log_rows.entry_of(row) for row in rows], Head(head.number, head.hash)) == ()
        assert verify(session).faults == ()
    assert checked(portal) == ()
