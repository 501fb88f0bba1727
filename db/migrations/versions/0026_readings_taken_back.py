"""That somebody has read a manual can be taken back: what was said stays on record, apart from what stands."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TABLE = "acknowledgement_taken_back"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f(f"fk_{_TABLE}_employee_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f(f"fk_{_TABLE}_recorded_by")),
        sa.ForeignKeyConstraint(["version_id"], ["manual_version.id"], name=op.f(f"fk_{_TABLE}_version_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f(f"fk_{_TABLE}_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
    )
    with op.batch_alter_table(_TABLE) as table:
        table.create_index(table.f(f"ix_{_TABLE}_version_id"), ["version_id"], unique=False)
