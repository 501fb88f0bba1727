"""Somebody may be designated for the days of a strike, a lock-out or a declared emergency."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NAME = "ck_designation_basis"


def upgrade() -> None:
    with op.batch_alter_table("designation") as table:
        table.drop_constraint(op.f(_NAME), type_="check")
        table.create_check_constraint(
            op.f(_NAME), "basis in ('licence', 'stand_in', 'engineer', 'strike', 'emergency')"
        )
