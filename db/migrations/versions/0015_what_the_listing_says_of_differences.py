"""How the listing bears out what differs from it is kept with each difference, so that the queue finds it by that.
Of those that wait the next pass, by night at the latest, says it; of earlier decisions nothing is known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("discrepancy", sa.Column("outcome", sa.String(), nullable=True))
    op.execute("update discrepancy set outcome = ''")
    with op.batch_alter_table("discrepancy") as table:
        table.alter_column("outcome", existing_type=sa.String(), nullable=False)
