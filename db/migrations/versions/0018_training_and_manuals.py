"""Training, the notices and requests about it, manuals, and what is found of both as it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_record_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("provision", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_kept_record_finding_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_record_finding")),
    )
    with op.batch_alter_table("kept_record_finding") as table:
        table.create_index(table.f("ix_kept_record_finding_until"), ["until"], unique=False)
        table.create_index("uq_kept_record_finding", ["facility_id", "place"], unique=True)

    op.create_table(
        "manual",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_manual_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_manual_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_manual_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual")),
    )
    with op.batch_alter_table("manual") as table:
        table.create_index(table.f("ix_manual_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "manual_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("all_listed", sa.Boolean(), nullable=True),
        sa.Column("sufficient", sa.Boolean(), nullable=True),
        sa.Column("operators_reach", sa.Boolean(), nullable=True),
        sa.Column("maintenance_reaches", sa.Boolean(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_manual_statement_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_manual_statement_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_statement")),
    )
    with op.batch_alter_table("manual_statement") as table:
        table.create_index(table.f("ix_manual_statement_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "training_complete",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("complete_from", sa.Date(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_training_complete_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_training_complete_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_complete")),
    )
    with op.batch_alter_table("training_complete") as table:
        table.create_index(table.f("ix_training_complete_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "training_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_training_import_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_training_import_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_training_import_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_import")),
    )
    with op.batch_alter_table("training_import") as table:
        table.create_index(table.f("ix_training_import_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "training_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_as", sa.String(), nullable=False),
        sa.Column("sent_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_training_request_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_training_request_recorded_by")),
        sa.ForeignKeyConstraint(
            ["sent_recorded_by"], ["account.id"], name=op.f("fk_training_request_sent_recorded_by")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_training_request_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_request")),
    )
    with op.batch_alter_table("training_request") as table:
        table.create_index(table.f("ix_training_request_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "manual_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manual_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("updated", sa.Boolean(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["manual_id"], ["manual.id"], name=op.f("fk_manual_review_manual_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_manual_review_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_manual_review_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_review")),
    )
    with op.batch_alter_table("manual_review") as table:
        table.create_index(table.f("ix_manual_review_manual_id"), ["manual_id"], unique=False)

    op.create_table(
        "manual_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manual_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("plans", sa.Boolean(), nullable=False),
        sa.Column("drawings", sa.Boolean(), nullable=False),
        sa.Column("process_descriptions", sa.Boolean(), nullable=False),
        sa.Column("operators_at", sa.String(), nullable=False),
        sa.Column("maintenance_at", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_manual_version_file_id")),
        sa.ForeignKeyConstraint(["manual_id"], ["manual.id"], name=op.f("fk_manual_version_manual_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_manual_version_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_manual_version_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_version")),
    )
    with op.batch_alter_table("manual_version") as table:
        table.create_index(table.f("ix_manual_version_manual_id"), ["manual_id"], unique=False)

    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_training_session_facility_id")),
        sa.ForeignKeyConstraint(["import_id"], ["training_import.id"], name=op.f("fk_training_session_import_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_training_session_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["training_session.id"], name=op.f("fk_training_session_superseded_by")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_training_session_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    with op.batch_alter_table("training_session") as table:
        table.create_index(table.f("ix_training_session_facility_id"), ["facility_id"], unique=False)
        table.create_index(table.f("ix_training_session_import_id"), ["import_id"], unique=False)

    op.create_table(
        "exempt_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_exempt_notice_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_exempt_notice_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_exempt_notice_recorded_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_exempt_notice_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exempt_notice")),
    )
    with op.batch_alter_table("exempt_notice") as table:
        table.create_index(table.f("ix_exempt_notice_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_exempt_notice_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "manual_acknowledgement",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name=op.f("fk_manual_acknowledgement_employee_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_manual_acknowledgement_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["manual_version.id"], name=op.f("fk_manual_acknowledgement_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "employee_id", name=op.f("pk_manual_acknowledgement")),
    )
    with op.batch_alter_table("manual_acknowledgement") as table:
        table.create_index(table.f("ix_manual_acknowledgement_employee_id"), ["employee_id"], unique=False)

    op.create_table(
        "training_attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_training_attendance_employee_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_training_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "employee_id", name=op.f("pk_training_attendance")),
    )
    with op.batch_alter_table("training_attendance") as table:
        table.create_index(table.f("ix_training_attendance_employee_id"), ["employee_id"], unique=False)

    op.create_table(
        "training_day",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_training_day_session_id")),
        sa.PrimaryKeyConstraint("session_id", "day", name=op.f("pk_training_day")),
    )
