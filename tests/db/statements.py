"""Counts SQL statements: a list that asks once a row shows up here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from db.gate import Portal


@contextmanager
def counted(portal: Portal) -> Iterator[list[str]]:
    """The statements that run inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(portal.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(portal.database.engine, "before_cursor_execute", note)
