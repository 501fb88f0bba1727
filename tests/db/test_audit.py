"""The audit trail: each entry follows from the one before, and whatever is changed afterwards shows."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import audit
from db.audit import Entry
from db.schema import AuditEntry, AuditHead
from tests.db.people import NOON
from tests.db.tampering import unguard


def append(portal, *actions: str, undone: bool = False) -> None:
    with portal.database.transaction(writes=True) as session:
        audit.append(
            session, NOON, None, [Entry(action, "account", 1, {"b": 1, "a": ["é", None]}) for action in actions]
        )
        if undone:
            session.flush()
            raise ConnectionError


def faults(portal) -> tuple[str, ...]:
    with portal.database.transaction(writes=False) as session:
        return audit.verify(session).faults


def change(portal, statement: str) -> None:
    unguard(portal.database)
    with portal.database.transaction(writes=True) as session:
        session.execute(text(statement))


@pytest.fixture
def trail(portal):
    append(portal, "one", "two")
    append(portal, "three")
    append(portal, "four")
    assert faults(portal) == ()
    return portal


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update audit_entry set action = 'nothing' where id = 2", ("Entry 2 was altered.",)),
        ("update audit_entry set account_id = null, subject_id = 7 where id = 3", ("Entry 3 was altered.",)),
        ("update audit_entry set details = '{}' where id = 1", ("Entry 1 was altered.",)),
        (
            "delete from audit_entry where id = 2",
            ("Entry 2 is missing: entry 3 follows entry 1.", "Entry 3 does not follow from entry 1."),
        ),
        (
            "delete from audit_entry where id = 4",
            ("The trail ends at entry 3, but entry 4 was the last one written.",),
        ),
        ("delete from audit_entry", ("The trail ends at entry 0, but entry 4 was the last one written.",)),
    ],
)
def test_what_was_altered_or_removed_is_named(trail, statement, found):
    change(trail, statement)
    assert faults(trail) == found


@pytest.mark.parametrize(
    "statement", ["update audit_entry set action = 'nothing' where id = 2", "delete from audit_entry where id = 4"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(trail, statement):
    with pytest.raises(DBAPIError, match="never changed or deleted"), trail.database.engine.begin() as connection:
        connection.execute(text(statement))
    assert faults(trail) == ()
    append(trail, "five")


def test_an_end_that_was_cut_off_with_the_head_shows_by_what_was_kept_elsewhere(trail):
    with trail.database.snapshot() as session:
        kept = audit.verify(session)
    change(trail, "delete from audit_entry where id > 2")
    with trail.database.transaction(writes=True) as session:
        head, last = session.get_one(AuditHead, 1), session.get_one(AuditEntry, 2)
        head.last_id, head.last_hash = last.id, last.hash
    assert faults(trail) == (), "the chain alone cannot tell"
    with trail.database.snapshot() as session:
        found = audit.verify(session, kept.end).faults
    assert found == ("Entry 4 is missing: it was on file when its hash was kept elsewhere.",)


def test_a_trail_written_anew_shows_by_what_was_kept_elsewhere(trail):
    with trail.database.snapshot() as session:
        kept = audit.verify(session)
        assert audit.verify(session, kept.end).faults == ()
    change(trail, "delete from audit_entry")
    change_head = "update audit_head set last_id = 0, last_hash = :none"
    with trail.database.transaction(writes=True) as session:
        session.execute(text(change_head), {"none": audit.FIRST_HASH})
    append(trail, "another", "story", "from", "the beginning")
    assert faults(trail) == ()
    with trail.database.snapshot() as session:
        found = audit.verify(session, kept.end).faults
    assert found == ("Entry 4 is another one than when its hash was kept elsewhere.",)


def test_a_trail_that_is_read_while_others_write_is_whole(portal):
    append(portal, "one")
    stop = threading.Event()
    writer = threading.Thread(target=lambda: [append(portal, "more") for _ in iter(stop.is_set, True)])
    writer.start()
    try:
        for _ in range(40):
            with portal.database.snapshot() as session:
                assert audit.verify(session).faults == ()
    finally:
        stop.set()
        writer.join()


def test_the_head_and_the_entries_are_of_one_moment(portal, monkeypatch):
    append(portal, "one")
    read = audit._head

    def read_and_let_others_write(session):
        head = read(session)
        append(portal, "two")
        return head

    monkeypatch.setattr(audit, "_head", read_and_let_others_write)
    with portal.database.snapshot() as session:
        assert audit.verify(session).faults == ()


def test_an_entry_written_anew_with_its_hash_does_not_fit_the_next_one(trail):
    unguard(trail.database)
    with trail.database.transaction(writes=True) as session:
        row = session.get_one(audit.AuditEntry, 2)
        row.action = "nothing"
        row.hash = audit._hash(row)
    assert faults(trail) == ("Entry 3 does not follow from entry 2.",)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(trail):
    with pytest.raises(ConnectionError):
        append(trail, "five", undone=True)
    append(trail, "six")
    assert faults(trail) == ()


def test_many_at_once_make_one_chain(portal):
    threads = [threading.Thread(target=lambda: [append(portal, "a", "b") for _ in range(10)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with portal.database.transaction(writes=False) as session:
        found = audit.verify(session)
    assert (found.entries, found.faults) == (120, ())
