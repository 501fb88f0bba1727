"""An override can be of a facility too: the list of facilities does not have it, and two officers believe it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("claim_override") as table:
        table.alter_column("claim_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("facility_claim_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            table.f("fk_claim_override_facility_claim_id"), "facility_claim", ["facility_claim_id"], ["id"]
        )
        table.create_check_constraint(
            table.f("ck_claim_override_one_claim"), "(claim_id is null) <> (facility_claim_id is null)"
        )
        table.create_index(table.f("ix_claim_override_facility_claim_id"), ["facility_claim_id"], unique=False)
        table.create_index(
            "uq_claim_override_facility_waiting",
            ["facility_claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
