"""Brings a database to the tables that this code expects. `python -m db.migrate "why"` writes a new revision.

Migrations go one way, up. They run at every start: in one transaction, under a lock, so that of two starts
at once one migrates and the other finds the work done.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db.engine import CannotStart, Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6F776D70  # any number that no other program on the server uses
_WAIT_MS = 120_000  # how long a start waits for another one that migrates


def upgrade(database: Database, to: str = "") -> None:
    """Applies the migrations that are missing up to a revision, the newest unless told; perhaps none.

    Raises CannotStart where a newer version of the portal has migrated it already.
    """
    with database.engine.connect() as connection:
        if _is_at(to or head(), connection):
            return
    with _locked(database) as connection:
        if not _is_at(to or head(), connection):
            command.upgrade(_config(connection), to or "head")


def head() -> str:
    """The revision that this code expects."""
    return ScriptDirectory(str(_FOLDER)).get_current_head() or ""


def revision_of(connection: Connection) -> str | None:
    """The revision of a database, None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this code can bring a database of that revision to its own."""
    return revision in {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}


def _is_at(wanted: str, connection: Connection) -> bool:
    found = revision_of(connection)
    if found is not None and not knows(found):
        raise CannotStart(
            f"The database is at revision {found}, which this version of the portal does not know: "
            f"a newer version has been used with it. Start that version, or restore a backup made with this one."
        )
    return found == wanted


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    """One transaction that keeps every other start waiting until it ends."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
            return
        pragmas = connection.connection.cursor()
        pragmas.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        pragmas.execute("PRAGMA foreign_keys=OFF")  # a table made anew must not take its children's rows along
        connection = connection.execution_options(sqlite_begin="IMMEDIATE")
        with connection.begin():
            yield connection
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise CannotStart("A migration would leave rows that refer to nothing; it was rolled back.")
        connection.invalidate()  # the next connection has its usual settings


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def write_revision(why: str) -> None:
    """Writes what db.schema has beyond the migrations so far as a new revision, to be read and mended."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        upgrade(database)
        with database.engine.begin() as connection:
            number = len(list(_FOLDER.glob("versions/*.py"))) + 1
            command.revision(_config(connection), why, autogenerate=True, rev_id=f"{number:04}")
        database.close()


if __name__ == "__main__":
    write_revision(sys.argv[1])
