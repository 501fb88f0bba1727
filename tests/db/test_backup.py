"""A backup is of one moment, made while the portal runs, and comes back whole: into either database."""

import io
import re
import runpy
import sys
import threading
import warnings
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.roles import Role
from db import audit, backup
from db.accounts.links import DeadLink, Purpose
from db.engine import Database
from db.gate import Portal
from db.migrate import head
from db.schema import AccountRole, Base, OutgoingMail, StoredFile
from db.services import accounts, sessions
from tests.db.mailbox import key_mailed_to
from tests.db.people import NOON, PASSWORD, signed_in
from tests.db.profiles import active_operator, submitted_owner
from tests.db.tampering import unguard
from tests.portals import portal_on

ROOT = Path(__file__).parents[2]


def everything(database: Database) -> dict[str, list[object]]:
    """Every row of every table but those that a restore ends, and what is made anew from the others."""
    with database.transaction(writes=False) as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name
            not in ("login_session", "mailed_link", "sign_in_code", "search_place", "search_entry", "search_stale")
        }


@pytest.fixture
def full(portal) -> Portal:
    """A portal with an operator, an owner, and a file of every byte."""
    active_operator(portal, given_name="Zoë", family_name="O'Brien `${1}` \u202e")
    submitted_owner(portal)
    with portal.database.transaction(writes=True) as session:
        session.add(
            StoredFile(
                name="letter\n.pdf",
                media_type="application/pdf",
                sha256="0" * 64,
                content=bytes(range(256)) * 400,
                stored_at=NOON,
                stored_by=1,
            )
        )
    return portal


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_backup_restores_every_row_into_either_database_and_work_goes_on(full, new_database, tmp_path, into):
    file = tmp_path / "portal.zip"
    assert backup.backup(full.database, file) > 20
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads it"
    restored = portal_on(new_database(into, False))
    backup.restore(restored.database, file)
    assert everything(restored.database) == everything(full.database)
    with restored.database.transaction(writes=False) as session:
        assert audit.verify(session).faults == ()
    signed_in(restored, Role.OFFICER)  # ids go on after the last
    restored.database.close()


def test_a_restore_revives_no_session_code_or_link_that_ended_after_the_backup(full, new_database, tmp_path):
    asker = signed_in(full, Role.OPERATOR, email="ann@example.ca")
    accounts.ask_link(asker, Purpose.RESET, "ann@example.ca")
    key = key_mailed_to(full, "ann@example.ca")
    code = sessions.sign_in(asker, "ann@example.ca", PASSWORD, "browser", "Firefox").code or ""
    backup.backup(full.database, tmp_path / "portal.zip")
    restored = portal_on(new_database("sqlite", True))
    backup.restore(restored.database, tmp_path / "portal.zip")
    there = replace(asker, portal=restored)
    assert accounts.me(there) is None
    assert sessions.exchange_code(there, code, "browser") is None
    with pytest.raises(DeadLink):
        accounts.look_at_link(there, Purpose.RESET, key)
    restored.database.close()


def test_a_restore_mails_no_link_that_has_ended_and_keeps_the_other_mails_waiting(full, new_database, tmp_path):
    accounts.ask_link(signed_in(full, Role.OPERATOR, email="ann@example.ca"), Purpose.RESET, "ann@example.ca")
    backup.backup(full.database, tmp_path / "portal.zip")
    restored = portal_on(new_database("sqlite", True))
    backup.restore(restored.database, tmp_path / "portal.zip")
    with restored.database.transaction(writes=False) as session:
        mails = session.scalars(select(OutgoingMail)).all()
    (given_up,) = (mail for mail in mails if mail.next_attempt_at is None)
    assert (given_up.recipient, given_up.secret, given_up.sent_at) == ("ann@example.ca", None, None)
    assert given_up.failure.startswith("The database was restored from a backup, and the link")
    assert [mail.failure for mail in mails if mail is not given_up] == [""] * (len(mails) - 1)
    restored.database.close()


def test_a_backup_made_while_the_portal_is_written_to_is_of_one_moment(
    portal, new_database, database_kind, tmp_path
):
    begun, stop = threading.Event(), threading.Event()

    def register_people() -> None:
        while not stop.is_set():
            asker = signed_in(portal, Role.OPERATOR)
            accounts.take_role(asker, "owner")  # a role and an entry in the trail: both, or none
            begun.set()

    writer = threading.Thread(target=register_people)
    writer.start()
    begun.wait(20)
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    for file in files:
        backup.backup(portal.database, file)
    stop.set()
    writer.join()
    for file in files:
        restored = Database(new_database(database_kind, True))
        backup.restore(restored, file)
        with restored.transaction(writes=False) as session:
            found = audit.verify(session)
            owners = session.scalar(select(func.count()).where(AccountRole.role == Role.OWNER))
            assert found.faults == ()
            assert found.entries == owners
        restored.close()


def test_a_backup_is_not_restored_over_data(full, portal_url, tmp_path):
    file = tmp_path / "portal.zip"
    backup.backup(full.database, file)
    before = everything(full.database)
    with pytest.raises(backup.NotDone, match="The database holds data already"):
        backup.restore(full.database, file)
    assert everything(full.database) == before


def test_a_backup_never_overwrites_a_file(portal, tmp_path):
    file = tmp_path / "kept.zip"
    file.write_text("precious")
    with pytest.raises(backup.NotDone, match="is there already"):
        backup.backup(portal.database, file)
    assert file.read_text() == "precious"


def test_a_broken_or_newer_backup_restores_nothing(full, new_database, database_kind, tmp_path):
    whole, broken, newer = tmp_path / "whole.zip", tmp_path / "broken.zip", tmp_path / "newer.zip"
    backup.backup(full.database, whole)
    broken.write_bytes(whole.read_bytes()[:-200])
    _changed(whole, newer, "manifest.json", f'"{head()}"', '"9999"')
    lost = tmp_path / "lost.zip"
    _changed(whole, lost, "account.jsonl", None, "")
    for file, why in ((broken, "not a whole backup"), (newer, "newer version"), (lost, "instead of")):
        restored = Database(new_database(database_kind, True))
        with pytest.raises(backup.NotDone, match=why):
            backup.restore(restored, file)
        with pytest.raises(backup.NotDone, match="not a whole backup"):
            backup.restore(restored, tmp_path / "nowhere.zip")
        backup.restore(restored, whole)
        assert everything(restored) == everything(full.database)
        restored.close()


def _changed(whole: Path, to: Path, name: str, old: str | None, new: str) -> None:
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(to, "w") as copy:
        for member in source.namelist():
            content = source.read(member)
            if member == name:
                content = content.replace(old.encode(), new.encode()) if old else new.encode()
            copy.writestr(member, content)


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str


def run(url: str, module: str, *given: str, folder: Path | None = None) -> Done:
    """`python -m module given`, in a folder where nothing else is, but in this process: starting one takes longer
    than all that it does."""
    output, said, code = io.StringIO(), "", 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), warnings.catch_warnings():
        patch.setenv("DATABASE_URL", url)
        patch.setattr(sys, "argv", [module, *given])
        patch.chdir(folder or ROOT)
        warnings.simplefilter("ignore")  # that the module is imported already
        try:
            runpy.run_module(module, run_name="__main__")
        except SystemExit as ended:
            if isinstance(ended.code, str):
                said, code = f"{ended.code}\n", 1
            else:
                code = ended.code or 0
    return Done(code, output.getvalue(), said)


@pytest.mark.parametrize("command", [("db.backup", "backup", "kept.zip"), ("db.trail",)])
def test_a_command_that_reads_makes_no_database_where_there_is_none(tmp_path, command):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    refused = run("sqlite:///var/portal.db", *command, folder=folder)
    assert refused.returncode == 1
    assert refused.stderr.startswith("There is no database at var/portal.db")
    assert list(folder.iterdir()) == []


def test_a_database_without_the_portals_tables_is_not_backed_up(empty_url, tmp_path):
    refused = run(empty_url, "db.backup", "backup", "kept.zip", folder=tmp_path)
    if empty_url.startswith("sqlite"):
        Database(empty_url).engine.connect().close()  # the file is there now
        refused = run(empty_url, "db.backup", "backup", "kept.zip", folder=tmp_path)
    assert refused.returncode == 1
    assert "holds no tables of the portal" in refused.stderr
    assert not [file for file in tmp_path.iterdir() if ".zip" in file.name]


def test_a_database_that_does_not_answer_is_named_in_a_sentence(tmp_path):
    url = "postgresql+psycopg://nobody:secret@127.0.0.1:1/nowhere"
    for command in (("db.backup", "backup", "kept.zip"), ("db.backup", "restore", "kept.zip"), ("db.trail",)):
        refused = run(url, *command, folder=tmp_path)
        assert refused.returncode == 1
        assert refused.stderr.startswith("The database postgresql+psycopg://nobody:***@127.0.0.1:1/nowhere cannot")


def test_an_empty_backup_says_that_it_is_empty(full, new_database, tmp_path):
    whole, empty = tmp_path / "whole.zip", tmp_path / "empty.zip"
    backup.backup(full.database, whole)
    _changed(whole, empty, "manifest.json", f'"{head()}"', "null")
    restored = Database(new_database("sqlite", False))
    with pytest.raises(backup.NotDone, match="is empty: it was made where there was no portal"):
        backup.restore(restored, empty)
    restored.close()


def test_the_commands_back_up_restore_and_verify_the_trail(full, new_database, tmp_path):
    file, fresh = str(tmp_path / "portal.zip"), new_database("sqlite", False)
    assert "rows are in" in run(full.settings.database_url, "db.backup", "backup", file).stdout
    restored = run(fresh, "db.backup", "restore", file).stdout
    assert "The audit trail is whole." in restored
    assert "Every session and mailed link of the backup has ended" in restored
    again = run(fresh, "db.backup", "restore", file)
    assert again.returncode == 1
    assert again.stderr.startswith("The database holds data already")
    whole = run(fresh, "db.trail").stdout
    assert whole.startswith("The audit trail is whole: ")
    (kept,) = re.findall(r"--expect (\d+:[0-9a-f]{64})", whole)
    assert run(fresh, "db.trail", "--expect", kept).returncode == 0
    other = run(fresh, "db.trail", "--expect", f"9999:{'0' * 64}")
    assert (other.returncode, other.stderr) == (
        1,
        "Entry 9999 is missing: it was on file when its hash was kept elsewhere.\n",
    )
    assert run(fresh, "db.trail", "--expect", "the end").stderr.startswith("Write: python -m db.trail")
    database = Database(fresh)
    unguard(database)
    with database.engine.begin() as connection:
        connection.execute(text("update audit_entry set action = 'nothing.happened' where id = 2"))
    database.close()
    altered = run(fresh, "db.trail")
    assert (altered.returncode, altered.stderr) == (1, "Entry 2 was altered.\n")
