"""Of which licence a copy is displayed; "" for those recorded before, of which nobody has said."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("licence_display", sa.Column("number", sa.String(), nullable=False, server_default=""))
