"""Who an employee is, and which session corrects another, is looked up in indexes of what is known alone."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("person_id", "membership_id"):
        op.drop_index(f"ix_employee_{column}", "employee")
        _index_of_known("employee", column)
    _index_of_known("training_session", "superseded_by")


def _index_of_known(table: str, column: str) -> None:
    known = sa.text(f"{column} is not null")
    op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=known, postgresql_where=known)
