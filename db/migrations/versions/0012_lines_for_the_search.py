"""The lines that the search reads, and triggers that mark whose lines are to be made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# How each table names the person whose lines a row of it decides.
_PERSON = {
    "operator_profile": "{row}.person_id",
    "credential": "{row}.person_id",
    "account": "{row}.person_id",
    "account_role": "(select person_id from account where id = {row}.account_id)",
    "operator_region": "(select person_id from operator_profile where id = {row}.profile_id)",
}
_ROWS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}


def upgrade() -> None:
    op.create_table(
        "search_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("licence_type", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("z", sa.Double(), nullable=False),
        sa.Column("base_place", sa.String(), nullable=False),
        sa.Column("base_region", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_place")),
    )
    op.create_index(
        op.f("ix_search_place_licence_type_rank_latitude_longitude_base_place"),
        "search_place",
        ["licence_type", "rank", "latitude", "longitude", "base_place"],
        unique=True,
    )
    op.create_table(
        "search_entry",
        sa.Column("place_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("profile_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("credential_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("travel_closeness", sa.Double(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("earliest_start", sa.Date(), nullable=True),
        sa.Column("expiry", sa.Date(), nullable=False),
        sa.Column("valid_for_key", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("chosen_regions", sa.BigInteger(), nullable=False),
        sa.Column("deemed", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place_id", "profile_id", "credential_id", name=op.f("pk_search_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_entry_person_id"), "search_entry", ["person_id"])
    op.create_table("search_stale", sa.Column("person_id", sa.Integer(), nullable=False))
    op.create_index(op.f("ix_search_stale_person_id"), "search_stale", ["person_id"])
    op.execute("insert into search_stale (person_id) select person_id from operator_profile")
    mark = _mark_on_sqlite if op.get_bind().dialect.name == "sqlite" else _mark_on_postgresql
    for table, person in _PERSON.items():
        mark(table, person)


def _mark_on_sqlite(table: str, person: str) -> None:
    for event, rows in _ROWS.items():
        name = f"{table}_{event}_marks_the_search"
        op.execute(f"create trigger {name} after {event} on {table} begin {_marks(person, rows)} end")


def _mark_on_postgresql(table: str, person: str) -> None:
    for event, rows in _ROWS.items():
        name = f"{table}_{event}_marks_the_search"
        op.execute(
            f"create function {name}() returns trigger language plpgsql as "
            f"$$ begin {_marks(person, rows)} return null; end $$"
        )
        op.execute(f"create trigger {name} after {event} on {table} for each row execute function {name}()")


def _marks(person: str, rows: tuple[str, ...]) -> str:
    return " ".join(
        f"insert into search_stale (person_id) select found.person_id from (select {person.format(row=row)} "  # noqa: S608 - ours
        "as person_id) as found where found.person_id is not null;"
        for row in rows
    )
