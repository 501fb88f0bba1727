"""Copies the whole database into one file, and back into an empty database, of the same kind or the other.

    python -m db.backup backup FILE      works while the portal runs: the copy is of one moment
    python -m db.backup restore FILE     into the empty database that DATABASE_URL names

The file is a zip: manifest.json (revision, moment, number of rows of each table) and for each table a file of
JSON lines, one line a row. The application's key is not in it: keep APP_KEY, or the file app.key, apart from it.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
)

from db import audit
from db.engine import CannotStart, Database
from db.gate import now
from db.migrate import knows, revision_of, upgrade
from db.settings import WrongSetting, load
from db.start import existing_database, open_database

_MANIFEST = "manifest.json"
_VERSION_TABLE = "alembic_version"
_MADE_FROM_OTHERS = ("search_place", "search_entry", "search_stale")  # db.search_entries makes them anew
_FILLED_BY_MIGRATIONS = "audit_head"
_LINK_ENDED = (
    "The database was restored from a backup, and the link in this mail ended: it is to be asked for again."
)
_ROWS_AT_ONCE = 500
_ROWS_WITH_FILES_AT_ONCE = 10  # a file has up to 10 MB

Row = dict[str, Any]


class NotDone(Exception):
    """Nothing was written; the message is the sentence to print."""


def backup(database: Database, file: Path) -> int:
    """Writes every row, as all of them stood at one moment, to a new file; the number of rows."""
    if file.exists():
        raise NotDone(f"{file} is there already, and was left as it is. Give the backup another name.")
    part = file.with_name(f"{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with database.snapshot() as session, ZipFile(raw, "w", ZIP_DEFLATED) as archive:
            connection = session.connection()
            counts = {table.name: _write(archive, connection, table) for table in _tables(connection)}
            manifest = {"revision": revision_of(connection), "made_at": now().isoformat(), "rows": counts}
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    part.rename(file)
    return sum(counts.values())


def restore(database: Database, file: Path) -> int:
    """Reads a backup into an empty database and brings it to this version's revision; the number of rows.

    A backup of an older version is read into that version's tables first. Sessions, sign-in codes and mailed
    links end, for some of them had ended after the backup was made; mails that wait with a link are given up.
    """
    try:
        with ZipFile(file) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["revision"] is None:
                raise NotDone(f"{file} is empty: it was made where there was no portal. Nothing was restored.")
            if not knows(manifest["revision"]):
                raise NotDone(f"{file} was made by a newer version of the portal. Restore it with that version.")
            _check_revision(database, manifest["revision"])
            upgrade(database, manifest["revision"])
            with database.transaction(writes=True) as session:
                tables = _empty_tables(session.connection(), file)
                for table in tables:
                    _read(archive, session.connection(), table, manifest["rows"].get(table.name, 0))
                by_name = {table.name: table for table in tables}
                _end_what_opens_accounts(session.connection(), by_name)
                _give_up_mails_with_a_link(session.connection(), by_name["outgoing_mail"])
    except (BadZipFile, KeyError, json.JSONDecodeError, OSError) as error:
        raise NotDone(f"{file} is not a whole backup ({error}), so nothing was restored.") from None
    upgrade(database)
    return sum(manifest["rows"].values())


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are, each after those that its rows refer to, but for what is made from the others."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in (_VERSION_TABLE, *_MADE_FROM_OTHERS)]


def _check_revision(database: Database, wanted: str) -> None:
    with database.engine.connect() as connection:
        found = revision_of(connection)
    if found not in (None, wanted):
        raise NotDone(
            f"The database has the tables of revision {found}, the backup those of {wanted}, so nothing was "
            "restored. Name an empty database in DATABASE_URL."
        )


def _empty_tables(connection: Connection, file: Path) -> list[Table]:
    tables = _tables(connection)
    for table in tables:
        if table.name == _FILLED_BY_MIGRATIONS:
            connection.execute(table.delete().where(table.c.last_id == 0))
        if connection.execute(select(table).limit(1)).first():
            raise NotDone(
                f"The database holds data already ({table.name}), so {file} was not restored into it. "
                "Name an empty one in DATABASE_URL."
            )
    return tables


def _write(archive: ZipFile, connection: Connection, table: Table) -> int:
    """Writes the rows of a table; how many."""
    count = 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8") as lines:
        rows = connection.execution_options(yield_per=_at_once(table)).execute(select(table))
        for row in rows.mappings():
            lines.write(json.dumps(dict(row), default=_as_json, ensure_ascii=False) + "\n")
            count += 1
    return count


def _at_once(table: Table) -> int:
    """How many rows of a table are held in memory."""
    holds_files = any(isinstance(column.type, LargeBinary) for column in table.c)
    return _ROWS_WITH_FILES_AT_ONCE if holds_files else _ROWS_AT_ONCE


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"A value of type {type(value).__name__} has no form in a backup.")


def _read(archive: ZipFile, connection: Connection, table: Table, expected: int) -> None:
    """Reads the rows of a table. What refers to other rows of the table is filled in when all are there."""
    own = [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    later: list[Row] = []
    count = 0
    for rows in _batches(archive, table):
        count += len(rows)
        later += [_own_references(row, own) for row in rows if any(row[column.name] for column in own)]
        connection.execute(insert(table), [row | {column.name: None for column in own} for row in rows])
    if later:
        same_row = table.c.id == bindparam("_id")
        connection.execute(
            table.update().where(same_row).values({column: bindparam(f"_{column.name}") for column in own}), later
        )
    if count != expected:
        raise NotDone(
            f"The backup holds {count} rows of {table.name} instead of {expected}; nothing was restored."
        )
    _continue_numbering(connection, table)


def _end_what_opens_accounts(connection: Connection, tables: dict[str, Table]) -> None:
    """Ends every session, sign-in code and mailed link."""
    for name, ended in (("login_session", "ended_at"), ("sign_in_code", "used_at"), ("mailed_link", "used_at")):
        table = tables[name]
        connection.execute(table.update().where(table.c[ended].is_(None)).values({ended: now()}))


def _give_up_mails_with_a_link(connection: Connection, mails: Table) -> None:
    """A mail that waits with a link is not sent: its link has ended. Its reader may ask for another one."""
    connection.execute(
        mails.update()
        .where(mails.c.secret.is_not(None))
        .values(secret=None, next_attempt_at=None, failure=_LINK_ENDED)
    )


def _own_references(row: Row, own: list[Column[Any]]) -> Row:
    return {"_id": row["id"], **{f"_{column.name}": row[column.name] for column in own}}


def _batches(archive: ZipFile, table: Table) -> Iterator[list[Row]]:
    rows: list[Row] = []
    with archive.open(f"{table.name}.jsonl") as raw, TextIOWrapper(raw, "utf-8", newline="\n") as lines:
        for line in lines:
            rows.append({name: _from_json(table.c[name], value) for name, value in json.loads(line).items()})
            if len(rows) == _at_once(table):
                yield rows
                rows = []
    if rows:
        yield rows


def _from_json(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return value


def _continue_numbering(connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids apart from the rows: the next one follows the last that was restored."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    last = connection.scalar(select(func.max(table.c.id)))
    sequence = connection.scalar(text("select pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
    if sequence and last:
        connection.execute(text("select setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def main(command: str, file: Path) -> str:
    """Does what the command line asks; the sentence to print."""
    if command == "backup":
        rows = backup(existing_database(load()), file)
        return (
            f"{rows} rows are in {file}. Keep the application's key (APP_KEY, or the file app.key) apart from it."
        )
    database = open_database(load(), migrated=False)
    rows = restore(database, file)
    with database.snapshot() as session:
        faults = audit.verify(session).faults
    trail = " ".join(faults) or "The audit trail is whole."
    ended = "Every session and mailed link of the backup has ended: all sign in anew."
    return f"{rows} rows were restored. {trail} {ended}"


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("backup", "restore"):
        sys.exit("Write: python -m db.backup backup FILE   or: python -m db.backup restore FILE")
    try:
        sys.stdout.write(main(sys.argv[1], Path(sys.argv[2])) + "\n")
    except (WrongSetting, CannotStart, NotDone) as error:
        sys.exit(str(error))
