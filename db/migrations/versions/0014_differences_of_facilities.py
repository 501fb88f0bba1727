"""A difference from a listing can be of a facility too, and what an officer lets stand against a list is
remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("discrepancy") as table:
        table.alter_column("profile_id", existing_type=sa.Integer(), nullable=True)
        table.alter_column("claim_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("facility_claim_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("listed", sa.JSON(), nullable=True))
        table.add_column(sa.Column("on_file", sa.JSON(), nullable=True))
        table.add_column(sa.Column("followed_by", sa.JSON(), nullable=True))
        table.create_foreign_key(
            table.f("fk_discrepancy_facility_claim_id"), "facility_claim", ["facility_claim_id"], ["id"]
        )
        table.create_check_constraint(
            table.f("ck_discrepancy_one_claim"), "(claim_id is null) <> (facility_claim_id is null)"
        )
        table.create_check_constraint(
            table.f("ck_discrepancy_one_profile"), "(claim_id is null) = (profile_id is null)"
        )
        table.create_index(table.f("ix_discrepancy_facility_claim_id"), ["facility_claim_id"], unique=False)
        table.create_index(
            "uq_discrepancy_facility_open",
            ["facility_claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    op.create_table(
        "listing_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_claim_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["facility_claim_id"], ["facility_claim.id"], name=op.f("fk_listing_answer_facility_claim_id")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["listing_import.id"], name=op.f("fk_listing_answer_import_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["listing_import.id"], name=op.f("fk_listing_answer_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_answer")),
    )
    for column in ("facility_claim_id", "import_id", "ended_by"):
        op.create_index(op.f(f"ix_listing_answer_{column}"), "listing_answer", [column], unique=False)
    op.create_index(
        "uq_listing_answer_holds",
        "listing_answer",
        ["facility_claim_id"],
        unique=True,
        sqlite_where=sa.text("ended_by is null"),
        postgresql_where=sa.text("ended_by is null"),
    )
