"""The database: its engine, and one transaction at a time."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Condition
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from sqlalchemy.orm import Session, sessionmaker

_LONGEST_WAIT = 5  # seconds until whoever would write is told that the database does not answer
_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout={1000 * _LONGEST_WAIT}",  # first, for the next one may have to wait
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)
# PostgreSQL takes it that a page out of order costs four times one in order, which is true of turning disks alone:
# the search for the nearest would read and sort all of a large town.
_POSTGRESQL_SETTING = "SET random_page_cost = 1.1"


class CannotStart(Exception):
    """This database cannot be opened as the settings say; the message is the sentence to print."""


class Database:
    """An engine and its sessions. One object a process; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _make_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._line, self._writers = Condition(), deque[object]()  # who writes on SQLite, and who waits for that

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, which has one writer; otherwise it is PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Session]:
        """One session, committed at the end or rolled back whole on any error.

        On SQLite a transaction that writes takes the write lock at its beginning, so that what it reads
        cannot change before it writes. Raises WaitedTooLong where others of this process keep writing.
        """
        options = {"sqlite_begin": "IMMEDIATE" if writes else "DEFERRED"}
        turn = self._turn_to_write() if writes and self.is_sqlite else nullcontext()
        with turn, self._sessions() as session, session.begin():
            session.connection(execution_options=options if self.is_sqlite else {})
            yield session

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """The threads of this process write in the order in which they came. SQLite itself lets whoever waits look
        again from time to time, so that among twenty one may never find it free."""
        me = object()
        with self._line:
            self._writers.append(me)
            if not self._line.wait_for(lambda: self._writers[0] is me, _LONGEST_WAIT):
                self._writers.remove(me)
                raise WaitedTooLong(f"Nothing could be written for {_LONGEST_WAIT} seconds.")
        try:
            yield
        finally:
            with self._line:
                self._writers.popleft()
                self._line.notify_all()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One session that reads one moment of the database, whatever is written meanwhile."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._sessions() as session, session.begin():
            session.connection(execution_options=options)
            yield session

    def close(self) -> None:
        """Gives back every connection."""
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute(_POSTGRESQL_SETTING)
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Any) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
