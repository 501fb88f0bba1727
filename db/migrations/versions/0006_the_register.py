"""The register: listings as imported, what is decided against them, and what aligning made of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_column_mapping_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
    )
    with op.batch_alter_table("column_mapping") as table:
        table.create_index("uq_column_mapping", ["kind", "heading"], unique=True)

    op.create_table(
        "expiry_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("licence_type", sa.String(), nullable=False),
        sa.Column("expiry", sa.Date(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_expiry_reminder_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expiry_reminder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_reminder")),
    )
    with op.batch_alter_table("expiry_reminder") as table:
        table.create_index(
            "uq_expiry_reminder",
            ["account_id", "person_id", "number", "licence_type", "expiry", "before"],
            unique=True,
        )

    op.create_table(
        "listing_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('operators', 'facilities')", name=op.f("ck_listing_import_kind")),
        sa.CheckConstraint(
            "state in ('waiting', 'standing', 'former', 'withdrawn', 'refused')",
            name=op.f("ck_listing_import_state"),
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_listing_import_changed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_listing_import_confirmed_by")),
        sa.ForeignKeyConstraint(["follows_id"], ["listing_import.id"], name=op.f("fk_listing_import_follows_id")),
        sa.ForeignKeyConstraint(["imported_by"], ["account.id"], name=op.f("fk_listing_import_imported_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_listing_import_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_import")),
    )
    with op.batch_alter_table("listing_import") as table:
        table.create_index(table.f("ix_listing_import_kind_listed_on"), ["kind", "listed_on"], unique=False)
        table.create_index(
            "uq_listing_import_standing",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'standing'"),
            postgresql_where=sa.text("state = 'standing'"),
        )
        table.create_index(
            "uq_listing_import_waiting",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "reason_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_reason_template_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_template")),
    )
    op.create_table(
        "alignment_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profiles", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_alignment_run_changed_by")),
        sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_alignment_run_import_id")),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_alignment_run_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment_run")),
    )
    op.create_table(
        "listed_facility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("facility_number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facility_type", sa.String(), nullable=False),
        sa.Column("facility_class", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_listed_facility_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_facility")),
    )
    with op.batch_alter_table("listed_facility") as table:
        table.create_index("uq_listed_facility", ["import_id", "facility_number"], unique=True)

    op.create_table(
        "listed_licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("licence_type", sa.String(), nullable=False),
        sa.Column("licence_class", sa.String(), nullable=True),
        sa.Column("expiry", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_listed_licence_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_licence")),
    )
    with op.batch_alter_table("listed_licence") as table:
        table.create_index(table.f("ix_listed_licence_import_id_number"), ["import_id", "number"], unique=False)
        table.create_index(
            "uq_listed_licence", ["import_id", "operator_id", "number", "licence_type"], unique=True
        )

    op.create_table(
        "operator_region",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["operator_profile.id"], name=op.f("fk_operator_region_profile_id")
        ),
        sa.PrimaryKeyConstraint("profile_id", "code", name=op.f("pk_operator_region")),
    )
    with op.batch_alter_table("operator_region") as table:
        table.create_index(table.f("ix_operator_region_code"), ["code"], unique=False)

    op.create_table(
        "alignment_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["certificate_claim.id"], name=op.f("fk_alignment_change_claim_id")),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["operator_profile.id"], name=op.f("fk_alignment_change_profile_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["alignment_run.id"], name=op.f("fk_alignment_change_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment_change")),
    )
    with op.batch_alter_table("alignment_change") as table:
        table.create_index(table.f("ix_alignment_change_profile_id"), ["profile_id"], unique=False)
        table.create_index(table.f("ix_alignment_change_run_id"), ["run_id"], unique=False)

    op.create_table(
        "claim_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'standing', 'refused', 'ended')", name=op.f("ck_claim_override_state")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_claim_override_changed_by")),
        sa.ForeignKeyConstraint(["claim_id"], ["certificate_claim.id"], name=op.f("fk_claim_override_claim_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_claim_override_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_claim_override_proposed_by")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_claim_override_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_override")),
    )
    with op.batch_alter_table("claim_override") as table:
        table.create_index(table.f("ix_claim_override_claim_id"), ["claim_id"], unique=False)
        table.create_index(
            "uq_claim_override_waiting",
            ["claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "claim_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name=op.f("fk_claim_question_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_claim_question_asked_by")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_claim_question_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_question")),
    )
    with op.batch_alter_table("claim_question") as table:
        table.create_index(table.f("ix_claim_question_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "discrepancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('open', 'kept', 'followed', 'gone')", name=op.f("ck_discrepancy_state")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_discrepancy_changed_by")),
        sa.ForeignKeyConstraint(["claim_id"], ["certificate_claim.id"], name=op.f("fk_discrepancy_claim_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_discrepancy_decided_by")),
        sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_discrepancy_import_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["operator_profile.id"], name=op.f("fk_discrepancy_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy")),
    )
    with op.batch_alter_table("discrepancy") as table:
        table.create_index(table.f("ix_discrepancy_profile_id"), ["profile_id"], unique=False)
        table.create_index(table.f("ix_discrepancy_state_found_at"), ["state", "found_at"], unique=False)
        table.create_index(
            "uq_discrepancy_open",
            ["claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    _add("certificate_claim", sa.Column("confirmed_on", sa.Date(), nullable=True))
    _add("certificate_claim", sa.Column("basis", sa.String(), nullable=False), "")
    _add("credential", sa.Column("status", sa.String(), nullable=False), "in force")
    _add("credential", sa.Column("import_id", sa.Integer(), nullable=True))
    _add("credential", sa.Column("run_id", sa.Integer(), nullable=True))
    op.create_index("ix_credential_run_id", "credential", ["run_id"])
    _add("operator_profile", sa.Column("earliest_start", sa.Date(), nullable=True))
    _add("operator_profile", sa.Column("notes", sa.Text(), nullable=False), "")
    _add("operator_profile", sa.Column("suspended_by_alignment", sa.Boolean(), nullable=False), sa.false())
    _add("submission", sa.Column("borne_out", sa.String(), nullable=False), "")
    _add("submission", sa.Column("region", sa.String(), nullable=False), "")
    _add("submission", sa.Column("taken_by", sa.Integer(), nullable=True))
    _add("submission", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("submission") as table:
        table.create_foreign_key(table.f("fk_submission_taken_by"), "account", ["taken_by"], ["id"])

    # What was confirmed before there were listings rests on an officer's decision alone.
    claim = sa.table(
        "certificate_claim", sa.column("id"), sa.column("state"), sa.column("confirmed_on"), sa.column("basis")
    )
    credential = sa.table("credential", sa.column("claim_id"), sa.column("valid_from"))
    first_day = sa.select(sa.func.min(credential.c.valid_from)).where(credential.c.claim_id == claim.c.id)
    confirmed = claim.update().where(claim.c.state == "confirmed")
    op.execute(confirmed.values(basis="decision", confirmed_on=first_day.scalar_subquery()))


def _add(name: str, column: sa.Column[Any], value: Any = None) -> None:
    """A column; the rows that are there get `value`, and the rows to come must bring their own."""
    if value is None:
        op.add_column(name, column)
        return
    column.server_default = sa.DefaultClause(value)
    op.add_column(name, column)
    with op.batch_alter_table(name) as table:
        table.alter_column(column.name, server_default=None)
