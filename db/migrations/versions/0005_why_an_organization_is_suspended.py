"""Why an organization is suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organization") as table:
        table.add_column(sa.Column("suspended_because", sa.Text(), nullable=True))
    op.execute("update organization set suspended_because = ''")
    with op.batch_alter_table("organization") as table:
        table.alter_column("suspended_because", existing_type=sa.Text(), nullable=False)
