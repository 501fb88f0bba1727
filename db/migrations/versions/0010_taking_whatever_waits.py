"""Officers take applications and differences too; what the queue looks up has its index."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("classification_application", "discrepancy"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("taken_by", sa.Integer(), nullable=True))
            table.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
            table.create_foreign_key(table.f(f"fk_{name}_taken_by"), "account", ["taken_by"], ["id"])
    with op.batch_alter_table("certificate_claim") as table:
        table.drop_index("ix_certificate_claim_number")
        same = ["number", "licence_type", "state", "profile_id"]
        table.create_index(table.f("ix_certificate_claim_number_licence_type_state_profile_id"), same)
