"""A difference from a listing can be of a facility too, and what an officer accepts of a list is remembered."""

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
    op.add_column("facility_claim", sa.Column("accepted", sa.JSON(), nullable=True))
    op.execute("update facility_claim set accepted = '[]'")
    with op.batch_alter_table("facility_claim") as table:
        table.alter_column("accepted", existing_type=sa.JSON(), nullable=False)
