"""Strikes and emergencies are on record: what the owner says, whom it employs, what it handed in."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "director_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('strike_plan', 'emergency_notice', 'emergency_report')",
            name=op.f("ck_director_submission_kind"),
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_director_submission_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_director_submission_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_director_submission")),
    )
    with op.batch_alter_table("director_submission") as table:
        table.create_index(table.f("ix_director_submission_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "emergency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("shortage", sa.Boolean(), nullable=True),
        sa.Column("necessary", sa.Boolean(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_emergency_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_emergency_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["emergency.id"], name=op.f("fk_emergency_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency")),
    )
    with op.batch_alter_table("emergency") as table:
        table.create_index(table.f("ix_emergency_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "strike",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_strike_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_strike_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["strike.id"], name=op.f("fk_strike_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strike")),
    )
    with op.batch_alter_table("strike") as table:
        table.create_index(table.f("ix_strike_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "emergency_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("experience", sa.Integer(), nullable=True),
        sa.Column("trained", sa.Boolean(), nullable=True),
        sa.Column("fits", sa.Boolean(), nullable=True),
        sa.Column("only_there", sa.Boolean(), nullable=True),
        sa.Column("clear", sa.Boolean(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "way in ('practitioner', 'former', 'technician', 'manager', 'staff', 'none')",
            name=op.f("ck_emergency_work_way"),
        ),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_emergency_work_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_emergency_work_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_emergency_work_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["emergency_work.id"], name=op.f("fk_emergency_work_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_work")),
    )
    with op.batch_alter_table("emergency_work") as table:
        table.create_index(table.f("ix_emergency_work_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_emergency_work_facility_id"), ["facility_id"], unique=False)
