"""Names as attended; whose columns are whose; who asked for records, what was sent; who has read, as told."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAMED = sa.text(
    "update training_attendance set name = (select trim(employee.given_name || ' ' || employee.family_name) "
    "from employee where employee.id = training_attendance.employee_id)"
)


def upgrade() -> None:
    op.add_column("training_attendance", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.execute(_NAMED)
    for column, kind in (("asked_by", sa.String()), ("sent_copy", sa.Text()), ("sent_sha256", sa.String())):
        op.add_column("training_request", sa.Column(column, kind, nullable=False, server_default=""))
    op.add_column("manual_acknowledgement", sa.Column("read_on", sa.Date(), nullable=True))
    op.create_table(
        "training_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_training_columns_organization_id")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"], name=op.f("fk_training_columns_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_columns")),
    )
    op.create_index("uq_training_columns", "training_columns", ["organization_id", "heading"], unique=True)
