"""Counts SQL statements, and what they read: a list that asks once a row, or looks at every row, shows up here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, text

from db.gate import Portal, Work


@contextmanager
def counted(portal: Portal) -> Iterator[list[str]]:
    """The statements that run inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(portal.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(portal.database.engine, "before_cursor_execute", note)


@contextmanager
def read(work: Work) -> Iterator[list[int]]:
    """How much the database reads inside: on PostgreSQL rows, on SQLite steps of its machine."""
    found = [0]
    connection = work.session.connection()
    if work.portal.database.is_sqlite:
        raw = connection.connection.driver_connection
        assert raw is not None

        def step() -> int:
            found[0] += 1
            return 0

        raw.set_progress_handler(step, 1)
        yield found
        raw.set_progress_handler(None, 1)
        return
    # With a handful of rows it would read them all, and be right; here it is asked for what it does with many.
    connection.execute(text("set local enable_seqscan = off"))
    rows = text("select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables")
    before = connection.scalar(rows) or 0
    yield found
    found[0] = (connection.scalar(rows) or 0) - before
