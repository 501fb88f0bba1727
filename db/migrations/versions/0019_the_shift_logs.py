"""The shift logs: entries that only grow, who may write them, and the shifts that there should be."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


_SENTENCE = "Entries of a shift log are never changed or deleted."
_KEPT = ("log_entry", "duty_statement")
_SQLITE = tuple(
    f"create trigger {table}_never_{act}d before {act} on {table} begin select raise(abort, '{_SENTENCE}'); end"
    for table in _KEPT
    for act in ("update", "delete")
)
_POSTGRESQL = (
    "create function refuse_change_of_log_entry() returns trigger language plpgsql as "
    f"$$ begin raise exception '{_SENTENCE}'; end $$",
    *(
        f"create trigger {table}_never_changed before update or delete or truncate on {table} "
        "for each statement execute function refuse_change_of_log_entry()"
        for table in _KEPT
    ),
)


def upgrade() -> None:
    op.create_table(
        "duty_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "about in ('operated_safely', 'processes_monitored')", name=op.f("ck_duty_statement_about")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_duty_statement_facility_id")),
        sa.ForeignKeyConstraint(["said_by"], ["account.id"], name=op.f("fk_duty_statement_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_statement")),
    )
    with op.batch_alter_table("duty_statement") as table:
        table.create_index(table.f("ix_duty_statement_facility_id_shift"), ["facility_id", "shift"], unique=False)

    op.create_table(
        "log_check",
        sa.Column("facility_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("broken", sa.Boolean(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_log_check_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_log_check")),
    )
    op.create_table(
        "log_head",
        sa.Column("facility_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_log_head_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("about in ('provided', 'accessible', 'only')", name=op.f("ck_log_place_about")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_log_place_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_log_place_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["log_place.id"], name=op.f("fk_log_place_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_place")),
    )
    with op.batch_alter_table("log_place") as table:
        table.create_index(table.f("ix_log_place_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "shift_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("designation", sa.String(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_shift_pattern_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_shift_pattern_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["shift_pattern.id"], name=op.f("fk_shift_pattern_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_pattern")),
    )
    with op.batch_alter_table("shift_pattern") as table:
        table.create_index(table.f("ix_shift_pattern_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "log_authorization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("by_owner", sa.Boolean(), nullable=False),
        sa.Column("giver_in_charge", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_log_authorization_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_log_authorization_facility_id")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_log_authorization_given_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_log_authorization_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_authorization")),
    )
    with op.batch_alter_table("log_authorization") as table:
        table.create_index(table.f("ix_log_authorization_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_log_authorization_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("authorization_id", sa.Integer(), nullable=True),
        sa.Column("shift", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_nothing", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("conclusions", sa.Text(), nullable=False),
        sa.Column("operators", sa.JSON(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("plain_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_log_entry_author_id")),
        sa.ForeignKeyConstraint(
            ["authorization_id"], ["log_authorization.id"], name=op.f("fk_log_entry_authorization_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_log_entry_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
    )
    with op.batch_alter_table("log_entry") as table:
        table.create_index(
            table.f("ix_log_entry_facility_id_author_id_author_name"),
            ["facility_id", "author_id", "author_name"],
            unique=False,
        )
        table.create_index(table.f("ix_log_entry_facility_id_corrects"), ["facility_id", "corrects"], unique=False)
        table.create_index(
            table.f("ix_log_entry_facility_id_happened_at"), ["facility_id", "happened_at"], unique=False
        )
        table.create_index(
            table.f("ix_log_entry_facility_id_kind_happened_at"),
            ["facility_id", "kind", "happened_at"],
            unique=False,
        )
        table.create_index(
            table.f("ix_log_entry_facility_id_shift_kind"), ["facility_id", "shift", "kind"], unique=False
        )
        table.create_index("uq_log_entry_hash", ["facility_id", "hash"], unique=True)
        table.create_index("uq_log_entry_number", ["facility_id", "number"], unique=True)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
