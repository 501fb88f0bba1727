"""What a decided claim was compared with is kept with its submission. Of earlier decisions nothing is known."""

import sqlalchemy as sa
from alembic import op

revision = "comparisons_are_kept"
down_revision = "names_without_accents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("compared", sa.JSON(), nullable=True))
    op.execute("update submission set compared = '{}'")
    with op.batch_alter_table("submission") as table:
        table.alter_column("compared", existing_type=sa.JSON(), nullable=False)
