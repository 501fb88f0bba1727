"""The audit trail: each entry follows from the one before, and whatever is changed afterwards shows."""

import threading

import pytest
from sqlalchemy import text

from db import audit
from db.audit import Entry
from tests.db.people import NOON


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


def test_an_entry_written_anew_with_its_hash_does_not_fit_the_next_one(trail):
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
        assert audit.verify(session) == audit.Verification(120, ())
