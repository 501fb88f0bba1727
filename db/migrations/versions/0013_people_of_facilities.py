"""The people of facilities: employment, absences, designations, time in charge, notices, and findings as kept."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "director_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_director_notice_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_director_notice_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_director_notice")),
    )
    with op.batch_alter_table("director_notice") as table:
        table.create_index(table.f("ix_director_notice_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("claimed_operator_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_employee_changed_by")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_employee_membership_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_employee_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employee_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_employee_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
    )
    with op.batch_alter_table("employee") as table:
        table.create_index(table.f("ix_employee_membership_id"), ["membership_id"], unique=False)
        table.create_index(table.f("ix_employee_organization_id"), ["organization_id"], unique=False)
        table.create_index(table.f("ix_employee_person_id"), ["person_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_absence_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_absence_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_absence_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["absence.id"], name=op.f("fk_absence_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence") as table:
        table.create_index(table.f("ix_absence_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_absence_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "designation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("by_owner", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("basis in ('licence', 'stand_in', 'engineer')", name=op.f("ck_designation_basis")),
        sa.CheckConstraint("role in ('overall', 'in_charge')", name=op.f("ck_designation_role")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_designation_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_designation_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_designation_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["designation.id"], name=op.f("fk_designation_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
    )
    with op.batch_alter_table("designation") as table:
        table.create_index(table.f("ix_designation_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_designation_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "employment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("full_time", sa.Boolean(), nullable=False),
        sa.Column("starts_anew", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_employment_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_employment_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_employment_recorded_by")),
        sa.ForeignKeyConstraint(["superseded_by"], ["employment.id"], name=op.f("fk_employment_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment") as table:
        table.create_index(table.f("ix_employment_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_employment_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "hours_in_charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("in_training", sa.Boolean(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_hours_in_charge_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_hours_in_charge_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_hours_in_charge_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["hours_in_charge.id"], name=op.f("fk_hours_in_charge_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_in_charge")),
    )
    with op.batch_alter_table("hours_in_charge") as table:
        table.create_index(table.f("ix_hours_in_charge_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_hours_in_charge_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "kept_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("provision", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_kept_finding_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_kept_finding_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_finding")),
    )
    with op.batch_alter_table("kept_finding") as table:
        table.create_index(table.f("ix_kept_finding_facility_id"), ["facility_id"], unique=False)
        table.create_index(table.f("ix_kept_finding_until"), ["until"], unique=False)
        table.create_index(
            "uq_kept_finding_of_employee",
            ["facility_id", "about", "employee_id"],
            unique=True,
            sqlite_where=sa.text("employee_id is not null"),
            postgresql_where=sa.text("employee_id is not null"),
        )
        table.create_index(
            "uq_kept_finding_of_facility",
            ["facility_id", "about"],
            unique=True,
            sqlite_where=sa.text("employee_id is null"),
            postgresql_where=sa.text("employee_id is null"),
        )

    op.create_table(
        "licence_display",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_licence_display_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_licence_display_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_licence_display_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["licence_display.id"], name=op.f("fk_licence_display_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_display")),
    )
    with op.batch_alter_table("licence_display") as table:
        table.create_index(table.f("ix_licence_display_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_licence_display_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "licence_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("licence_type", sa.String(), nullable=False),
        sa.Column("licence_class", sa.String(), nullable=True),
        sa.Column("expiry", sa.Date(), nullable=False),
        sa.Column("valid_for", sa.String(), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_licence_issue_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_licence_issue_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["licence_issue.id"], name=op.f("fk_licence_issue_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_issue")),
    )
    with op.batch_alter_table("licence_issue") as table:
        table.create_index(table.f("ix_licence_issue_person_id"), ["person_id"], unique=False)

    op.create_table(
        "licences_complete",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_licences_complete_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_licences_complete_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["licences_complete.id"], name=op.f("fk_licences_complete_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences_complete")),
    )
    with op.batch_alter_table("licences_complete") as table:
        table.create_index(table.f("ix_licences_complete_person_id"), ["person_id"], unique=False)

    op.create_table(
        "withdrawn_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("restored_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_withdrawn_entry_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_withdrawn_entry_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawn_entry")),
    )
    with op.batch_alter_table("withdrawn_entry") as table:
        table.create_index(table.f("ix_withdrawn_entry_facility_id"), ["facility_id"], unique=False)
        table.create_index("uq_withdrawn_entry", ["entry", "entry_id"], unique=True)

    op.create_table(
        "functions_in_charge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("runs_facility", sa.Boolean(), nullable=False),
        sa.Column("sets_parameters", sa.Boolean(), nullable=False),
        sa.Column("directs_operators", sa.Boolean(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_functions_in_charge_employee_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_functions_in_charge_facility_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_functions_in_charge_recorded_by")),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["functions_in_charge.id"], name=op.f("fk_functions_in_charge_superseded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functions_in_charge")),
    )
    with op.batch_alter_table("functions_in_charge") as table:
        table.create_index(table.f("ix_functions_in_charge_employee_id"), ["employee_id"], unique=False)
        table.create_index(table.f("ix_functions_in_charge_facility_id"), ["facility_id"], unique=False)
