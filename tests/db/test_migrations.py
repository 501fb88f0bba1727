"""The database is brought to the tables of the code: from empty, once, by one start at a time, never backwards."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from core.log_chain import Content, Entry, Kind, Standing
from db import audit, log_checks, log_rows
from db.demo.logs import keep
from db.engine import CannotStart, Database
from db.migrate import head, revision_of, upgrade
from db.schema import Base
from tests.portals import KEY


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
        found = audit.verify(session)
    assert (found.entries, found.faults) == (0, ())


def test_a_second_start_changes_nothing(database):
    upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("insert into installation (name, value) values ('mark', 'kept')"))
    upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("select value from installation where name = 'mark'")) == "kept"


def test_four_starts_at_once_migrate_once_and_invite_one_admin(empty_url):
    start = "from db.settings import load; from db.start import open_portal; open_portal(load())"
    environment = os.environ | {"DATABASE_URL": empty_url, "APP_KEY": KEY}
    starts = [
        subprocess.Popen([sys.executable, "-c", start], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    printed = [one.communicate(timeout=120)[0] for one in starts]
    assert [one.returncode for one in starts] == [0] * 4
    assert "".join(printed).count("/invitation?key=") == 1
    database = Database(empty_url)
    with database.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from account")) == 1
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


def test_classes_on_record_survive_the_columns_of_the_second_migration(database):
    upgrade(database, to="0001")
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "insert into facility (id, name, facility_type, latitude, longitude, place, time_zone, version, "
                "changed_at) values (1, 'Plant', 'wastewater_treatment', 46, -79, 'North Bay', 'America/Toronto', "
                "1, '2026-11-20 17:00:00+00:00')"
            )
        )
        connection.execute(
            text(
                "insert into facility_classification (id, facility_id, facility_class, recorded_at) "
                "values (1, 1, 'III', '2026-11-20 17:00:00+00:00')"
            )
        )
    upgrade(database)
    with database.engine.connect() as connection:
        kept = connection.execute(
            text("select facility_class, decision_id, certificate_number from facility_classification")
        ).one()
    assert tuple(kept) == ("III", None, None)


def test_every_member_so_far_manages_after_the_third_migration(database):
    upgrade(database, to="0002")
    at = "'2026-11-20 17:00:00+00:00'"
    with database.engine.begin() as connection:
        for statement in (
            f"insert into person (id, given_name, family_name, created_at) values (1, 'Ann', 'Lee', {at})",
            "insert into account (id, person_id, email, state, telephone, municipality, language, created_at, "
            f"version, changed_at) values (1, 1, 'a@b.ca', 'active', '', '', 'en', {at}, 1, {at})",
            f"insert into organization (id, name, kind, state, agreed_version, version, changed_at) values "
            f"(1, 'Town', 'municipality', 'active', '', 1, {at})",
            "insert into membership (id, account_id, organization_id, since, ended_at) "
            f"values (1, 1, 1, {at}, {at}), (2, 1, 1, {at}, null)",
        ):
            connection.execute(text(statement))
    upgrade(database)
    with database.engine.connect() as connection:
        kept = connection.execute(
            text("select id, email, version, offered_at = since from membership order by id")
        )
        assert [tuple(row) for row in kept] == [(1, "", 1, True), (2, "", 1, True)]
        rights = 'select membership_id, "right", facility_id, ended_at is null from member_right order by id'
        assert [tuple(row) for row in connection.execute(text(rights))] == [
            (1, "manage", None, False),
            (2, "manage", None, True),
        ]


def test_what_a_listing_bore_out_is_dated_by_it_after_the_seventh_migration(database):
    upgrade(database, to="0006")
    at = "'2026-11-20 17:00:00+00:00'"
    licence = "'5', 'wastewater_treatment', 'II', '2028-03-12', ''"
    with database.engine.begin() as connection:
        for statement in (
            f"insert into person (id, given_name, family_name, created_at) values (1, 'Ann', 'Lee', {at})",
            "insert into account (id, person_id, email, state, telephone, municipality, language, created_at, "
            f"version, changed_at) values (1, 1, 'a@b.ca', 'active', '', '', 'en', {at}, 1, {at})",
            "insert into operator_profile (id, person_id, state, claimed_operator_id, agreed_version, available, "
            "slots, base_place, travel_km, travel_closeness, notes, suspended_because, suspended_by_alignment, "
            f"version, changed_at) values (1, 1, 'suspended', '', '', false, 0, '', 0, 1, '', '', true, 1, {at})",
            "insert into listing_import (id, kind, listed_on, file_name, file_sha256, rows, new, changed, gone, "
            "left_out, state, imported_at, imported_by, reasons, version, changed_at) values "
            f"(1, 'operators', '2026-11-01', '', '', 0, 0, 0, 0, '[]', 'standing', {at}, 1, '', 1, {at})",
            "insert into certificate_claim (id, profile_id, number, licence_type, licence_class, expiry, "
            "valid_for, state, refused_because, entered_at, basis, confirmed_on) values "
            f"(1, 1, {licence}, 'confirmed', '', {at}, 'listing', '2026-11-20'), "
            f"(2, 1, {licence}, 'confirmed', '', {at}, 'decision', '2026-11-20')",
            "insert into credential (id, person_id, number, licence_type, licence_class, expiry, valid_for, rank, "
            "valid_for_key, source, status, import_id, claim_id, valid_from, recorded_at) values "
            f"(1, 1, {licence}, 2, '', 'listing', 'in force', 1, 1, '2026-11-20', {at})",
        ):
            connection.execute(text(statement))
    upgrade(database)
    with database.engine.connect() as connection:
        claims = (
            "select id, confirmed_on, compared_import_id, told_status, told_class, told_expiry "
            "from certificate_claim order by id"
        )
        assert [tuple(map(str, row)) for row in connection.execute(text(claims))] == [
            ("1", "2026-11-01", "1", "in force", "II", "2028-03-12"),
            ("2", "2026-11-20", "None", "not listed", "II", "2028-03-12"),
        ]
        assert connection.scalar(text("select told_suspended from operator_profile"))


def test_what_is_there_already_is_found_after_the_twelfth_migration(database):
    upgrade(database, to="0006")
    at = "'2026-11-20 17:00:00+00:00'"
    with database.engine.begin() as connection:
        for statement in (
            f"insert into person (id, given_name, family_name, created_at) values (1, 'Ann', 'Lee', {at})",
            "insert into operator_profile (id, person_id, state, claimed_operator_id, agreed_version, available, "
            "slots, base_place, travel_km, travel_closeness, notes, suspended_because, suspended_by_alignment, "
            f"version, changed_at) values (1, 1, 'active', '', '', true, 0, '', 0, 1, '', '', false, 1, {at})",
        ):
            connection.execute(text(statement))
    upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("select person_id from search_stale")) == 1


def test_owners_are_compared_without_signs_after_the_sixteenth_migration(database):
    upgrade(database, to="0015")
    at = "'2026-11-20 17:00:00+00:00'"
    with database.engine.begin() as connection:
        connection.execute(
            text(f"insert into person (id, given_name, family_name, plain_name, created_at) "
                 f"values (1, 'Ann', 'Lee', 'ann lee', {at})")
        )  # fmt: skip
        for number, owner, key in ((1, "Town of St. Marys", "townofst.marys"), (2, "", "")):
            connection.execute(
                text(
                    "insert into credential (id, person_id, number, licence_type, licence_class, rank, expiry, "
                    "valid_for, valid_for_key, source, status, recorded_at) values "
                    f"({number}, 1, '{number}', 'wastewater_treatment', 'II', 2, '2028-03-12', "
                    f"'{owner}', '{key}', 'decision', 'in force', {at})"
                )
            )
        connection.execute(text("delete from search_stale"))
    upgrade(database)
    with database.engine.connect() as connection:
        keys = connection.scalars(text("select valid_for_key from credential order by id")).all()
        assert keys == ["townofstmarys", ""]
        assert connection.scalar(text("select max(person_id) from search_stale")) == 1


def test_what_was_said_of_duties_is_in_the_chain_of_its_log_after_the_twenty_fourth_migration(database):
    upgrade(database, to="0023")
    at = "'2026-11-20 17:00:00+00:00'"
    with database.engine.begin() as connection:
        for statement in (
            "insert into person (id, given_name, family_name, plain_name, created_at) "
            f"values (1, 'Ann', 'Lee', 'ann lee', {at})",
            "insert into account (id, person_id, email, state, telephone, municipality, language, created_at, "
            f"version, changed_at) values (1, 1, 'a@b.ca', 'active', '', '', 'en', {at}, 1, {at})",
            "insert into facility (id, name, plain_name, facility_type, latitude, longitude, place, time_zone, "
            "version, changed_at) values "
            f"(7, 'Plant', 'plant', 'wastewater_treatment', 46, -79, '', 'America/Toronto', 1, {at})",
        ):
            connection.execute(text(statement))
    moment = datetime(2026, 11, 20, 17, tzinfo=UTC)
    began = Entry(7, 0, moment, moment, 1, "Ann Lee", Standing.IN_CHARGE, None, 1, Kind.BEGAN, Content("Day"))
    with database.transaction(writes=True) as session:
        keep(session, 7, [began])
        for said, minute in ((True, "05"), (False, "06")):
            session.execute(
                text(
                    "insert into duty_statement (facility_id, shift, about, said, said_at, said_by) values "
                    f"(7, 1, 'operated_safely', {said}, '2026-11-20 18:{minute}:00+00:00', 1)"
                )
            )
    upgrade(database)
    with database.transaction(writes=False) as session:
        *_, first, last = map(log_rows.entry_of, log_rows.every(session, 7))
        assert (first.number, first.content.text, last.number, last.content.text) == (2, "Yes", 3, "No")
        assert (last.kind, last.author_name, last.shift) == (Kind.SAFE, "Ann Lee", 1)
        assert last.happened_at == datetime(2026, 11, 20, 18, 6, tzinfo=UTC)
        assert audit.verify(session).faults == ()
    assert log_checks.look(SimpleNamespace(database=database), 7).faults == ()
    assert not inspect(database.engine).has_table("duty_statement")


def test_what_was_kept_before_the_twenty_seventh_migration_is_tested_once_more(database):
    """Of it only verdict and sentence were kept; a facility that was never tested stays so."""
    upgrade(database, to="0024")
    at = "'2026-11-20 17:00:00+00:00'"
    with database.engine.begin() as connection:
        for id, fingerprint in ((7, "'abc'"), (8, "null")):
            for statement in (
                "insert into facility (id, name, plain_name, facility_type, latitude, longitude, place, "
                "time_zone, version, changed_at) values "
                f"({id}, 'Plant', 'plant', 'wastewater_treatment', 46, -79, '', 'America/Toronto', 1, {at})",
                "insert into facility_standing (facility_id, region, standing, not_met, fingerprint, "
                "training_behind, training_short, training_not_known) values "
                f"({id}, '3548', 'not_known', 0, {fingerprint}, 0, 0, 0)",
            ):
                connection.execute(text(statement))
        connection.execute(
            text(
                "insert into kept_finding (facility_id, about, regulation, provision, verdict, because, rests_on, "
                "since, tested_on, tested_at, fingerprint) values (7, 'notice', '129/04', 's. 15 (5)', 'met', "
                f"'So.', '[]', '2026-11-20', '2026-11-20', {at}, 'abc')"
            )
        )
    upgrade(database)
    with database.engine.connect() as connection:
        found = connection.execute(text("select facility_id, fingerprint from facility_standing order by 1")).all()
        assert [tuple(row) for row in found] == [(7, ""), (8, None)]


def test_what_was_kept_in_two_tables_stands_in_one(database):
    upgrade(database, to="0027")
    at = "'2026-11-20 17:00:00+00:00'"
    same = "regulation, provision, verdict, because, rests_on, since, tested_on, tested_at, fingerprint"
    values = f"'129/04', 's. 15 (5)', 'met', 'So.', '[]', '2026-11-20', '2026-11-20', {at}, 'abc'"
    statements = (
        "insert into facility (id, name, plain_name, facility_type, latitude, longitude, place, time_zone, "
        f"version, changed_at) values (7, 'Plant', 'plant', 'wastewater_treatment', 46, -79, '', 'UTC', 1, {at})",
        f"insert into log_place (facility_id, about, place, recorded_at) values (7, 'only', '', {at})",
        f"insert into kept_finding (facility_id, about, {same}) values (7, 'notice', {values})",
        f"insert into kept_record_finding (facility_id, about, of_id, year, place, {same}) values "
        f"(7, 'training', 5, 2026, 'training:5:2026', {values})",
        f"insert into kept_record_finding (facility_id, about, of_id, place, {same}) values "
        f"(7, 'shift_recorded', 3, 'shift_recorded:3', {values})",
    )
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    upgrade(database)
    with database.engine.connect() as connection:
        rows = connection.execute(
            text("select place, about, of_id, year, verdict from facility_finding order by 1")
        )
        assert [tuple(row) for row in rows] == [
            ("notice::", "notice", None, None, "met"),
            ("training:5:2026", "training", 5, 2026, "met"),
        ]
        assert connection.scalars(text("select facility_id from log_head")).all() == [7]


def test_every_way_to_change_who_is_found_marks_the_person(portal):
    names = {
        f"{table}_{event}_marks_the_search"
        for table in ("operator_profile", "credential", "account", "account_role", "operator_region")
        for event in ("insert", "update", "delete")
    }
    sqlite = "select name from sqlite_master where type = 'trigger'"
    asked = sqlite if portal.database.is_sqlite else "select tgname from pg_trigger where not tgisinternal"
    with portal.database.engine.connect() as connection:
        assert names <= set(connection.scalars(text(asked)))
