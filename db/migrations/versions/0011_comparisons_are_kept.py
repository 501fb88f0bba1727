"""What a decided claim was compared with is kept with its submission. Of earlier decisions nothing is known."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("compared", sa.JSON(), nullable=True))
    op.execute("update submission set compared = '{}'")
    with op.batch_alter_table("submission") as table:
        table.alter_column("compared", existing_type=sa.JSON(), nullable=False)
