"""What the law asks of facilities."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "director_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("provision", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_director_decision_decided_by")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_director_decision_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["director_decision.id"], name=op.f("fk_director_decision_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_director_decision")),
    )
    with op.batch_alter_table("director_decision") as table:
        table.create_index(
            table.f("ix_director_decision_subject_subject_id_kind"),
            ["subject", "subject_id", "kind"],
            unique=False,
        )

    op.create_table(
        "calculation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("facility_type", sa.String(), nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("law_version", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("lowest", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("facility_class", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_calculation_facility_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_calculation_organization_id")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_calculation_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calculation")),
    )
    with op.batch_alter_table("calculation") as table:
        table.create_index(
            table.f("ix_calculation_facility_id_organization_id_id"),
            ["facility_id", "organization_id", "id"],
            unique=False,
        )
        table.create_index(table.f("ix_calculation_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "certificate_display",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["director_decision.id"], name=op.f("fk_certificate_display_decision_id")
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_certificate_display_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_certificate_display_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["certificate_display.id"], name=op.f("fk_certificate_display_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_display")),
    )
    with op.batch_alter_table("certificate_display") as table:
        table.create_index(table.f("ix_certificate_display_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "classification_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("calculation_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("fee_paid_on", sa.Date(), nullable=True),
        sa.Column("approval_applied_on", sa.Date(), nullable=True),
        sa.Column("package", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fee_received_on", sa.Date(), nullable=True),
        sa.Column("class_reduced", sa.Boolean(), nullable=True),
        sa.Column("class_listed", sa.Boolean(), nullable=True),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_because", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'passed_on', 'returned', 'decided', 'withdrawn')",
            name=op.f("ck_classification_application_state"),
        ),
        sa.ForeignKeyConstraint(
            ["calculation_id"], ["calculation.id"], name=op.f("fk_classification_application_calculation_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_classification_application_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["director_decision.id"], name=op.f("fk_classification_application_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_classification_application_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_classification_application_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_classification_application_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification_application")),
    )
    with op.batch_alter_table("classification_application") as table:
        table.create_index(
            table.f("ix_classification_application_calculation_id"), ["calculation_id"], unique=False
        )
        table.create_index(table.f("ix_classification_application_decision_id"), ["decision_id"], unique=False)
        table.create_index(table.f("ix_classification_application_facility_id"), ["facility_id"], unique=False)
        table.create_index(
            table.f("ix_classification_application_organization_id"), ["organization_id"], unique=False
        )
        table.create_index(
            table.f("ix_classification_application_state_submitted_at_id"),
            ["state", "submitted_at", "id"],
            unique=False,
        )
        table.create_index(
            "uq_classification_application_waiting",
            ["facility_id"],
            unique=True,
            sqlite_where=sa.text("state in ('open', 'passed_on')"),
            postgresql_where=sa.text("state in ('open', 'passed_on')"),
        )

    with op.batch_alter_table("facility_classification") as table:
        table.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("certificate_number", sa.String(), nullable=True))
        table.create_foreign_key(
            table.f("fk_facility_classification_decision_id"), "director_decision", ["decision_id"], ["id"]
        )
