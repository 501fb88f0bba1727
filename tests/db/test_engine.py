"""Who writes on SQLite waits for whoever came before, and is told when that takes too long."""

import threading
import time

import pytest

from core.roles import Role
from db import engine
from db.gate import Unavailable
from db.services import sessions
from tests.db.people import signed_in
from tests.db.together import together


@pytest.fixture
def somebody_writes(sqlite_portal):
    """A thread is within a transaction that writes, until this event is set."""
    began, may_end = threading.Event(), threading.Event()

    def write():
        with sqlite_portal.database.transaction(writes=True):
            began.set()
            may_end.wait()

    thread = threading.Thread(target=write)
    thread.start()
    began.wait()
    yield may_end
    may_end.set()
    thread.join()


def test_whoever_waits_too_long_is_told_that_nothing_was_done(sqlite_portal, somebody_writes, monkeypatch):
    monkeypatch.setattr(engine, "_LONGEST_WAIT", 0.01)
    told = pytest.raises(engine.WaitedTooLong, match=r"Nothing could be written for 0\.01 seconds\.")
    with told, sqlite_portal.database.transaction(writes=True):
        pass


def test_a_refusal_for_waiting_is_that_the_database_does_not_answer(sqlite_portal, monkeypatch):
    who = signed_in(sqlite_portal, Role.OPERATOR)
    monkeypatch.setattr(engine, "_LONGEST_WAIT", 0.01)
    with sqlite_portal.database.transaction(writes=True), pytest.raises(Unavailable):
        sessions.sign_out(who)
    sessions.sign_out(who)  # the turn was given back


def test_reading_waits_for_nobody(sqlite_portal, somebody_writes):
    with sqlite_portal.database.transaction(writes=False) as session:
        assert session.connection()


def test_each_of_twenty_that_wait_writes_before_any_writes_again(sqlite_portal, somebody_writes):
    database, turns = sqlite_portal.database, []

    def write(who):
        def act():
            for _ in range(5):
                with database.transaction(writes=True):
                    turns.append(who)

        return act

    def let_them_write():
        while len(database._writers) < 21:  # whoever writes, and the twenty
            time.sleep(0.001)
        somebody_writes.set()
        return "done"

    assert together(let_them_write, *map(write, range(20))) == ["done"] * 21
    assert sorted(turns[:20]) == list(range(20))
