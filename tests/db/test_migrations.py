"""The database is brought to the tables of the code: from empty, once, by one start at a time, never backwards."""

import multiprocessing
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from db import audit
from db.engine import CannotStart, Database
from db.migrate import head, revision_of, upgrade
from db.schema import Base


@pytest.fixture
def database(empty_url):
    database = Database(empty_url)
    yield database
    database.close()


def _options(index: Any) -> dict[str, str]:
    return {name: str(value) for name, value in index.get("dialect_options", {}).items()}


def _shape(connection: Connection) -> dict[str, object]:
    """What autogenerate does not compare: check constraints, and what each index is for."""
    look = inspect(connection)
    return {
        table: (
            sorted((check["name"], check["sqltext"]) for check in look.get_check_constraints(table)),
            sorted(
                (index["name"], index["column_names"], index["unique"], _options(index))
                for index in look.get_indexes(table)
            ),
            sorted(str(key) for key in look.get_foreign_keys(table)),
        )
        for table in Base.metadata.tables
    }


def test_the_migrations_make_the_tables_of_the_code(database, new_database, database_kind):
    upgrade(database)
    metadata_alone = Database(new_database(database_kind, False))
    Base.metadata.create_all(metadata_alone.engine)
    with database.engine.connect() as connection, metadata_alone.engine.connect() as other:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert _shape(connection) == _shape(other)
        assert revision_of(connection) == head()
    metadata_alone.close()


def test_a_migrated_database_has_an_audit_trail_that_can_begin(portal):
    with portal.database.transaction(writes=False) as session:
        assert audit.verify(session) == audit.Verification(0, ())


def test_a_second_start_changes_nothing(database):
    upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("insert into installation (name, value) values ('mark', 'kept')"))
    upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("select value from installation where name = 'mark'")) == "kept"


def _start(url: str, barrier, results) -> None:
    database = Database(url)
    barrier.wait()
    try:
        upgrade(database)
        results.put("")
    except Exception as error:
        results.put(repr(error))


def test_four_starts_at_once_migrate_once(empty_url):
    spawn = multiprocessing.get_context("spawn")
    barrier, results = spawn.Barrier(4), spawn.Queue()
    starts = [spawn.Process(target=_start, args=(empty_url, barrier, results)) for _ in range(4)]
    for start in starts:
        start.start()
    assert [results.get(timeout=60) for _ in starts] == [""] * 4
    for start in starts:
        start.join()
    database = Database(empty_url)
    with database.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from audit_head")) == 1
    database.close()


def test_a_database_newer_than_the_code_is_not_opened(portal):
    with portal.database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(CannotStart, match="revision 9999, which this version of the portal does not know"):
        upgrade(portal.database)


def test_a_migration_that_fails_leaves_the_database_as_it_was(database, monkeypatch):
    def fails(*_: object) -> None:
        raise RuntimeError("half way")

    from alembic.operations import Operations

    monkeypatch.setattr(Operations, "execute", fails)
    with pytest.raises(RuntimeError):
        upgrade(database)
    assert set(inspect(database.engine).get_table_names()) == set()
    monkeypatch.undo()
    upgrade(database)
