"""Names as they are searched: without accents, capitals and signs, kept beside the names."""

import sqlalchemy as sa
from alembic import op

from core.names import plain

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAMES = {
    "person": ("given_name", "family_name"),
    "organization": ("name",),
    "facility": ("name",),
    "facility_claim": ("name",),
}


def upgrade() -> None:
    for table, names in _NAMES.items():
        op.add_column(table, sa.Column("plain_name", sa.String(), nullable=True))
        _fill(table, names)
        with op.batch_alter_table(table) as change:
            change.alter_column("plain_name", existing_type=sa.String(), nullable=False)


def _fill(name: str, names: tuple[str, ...]) -> None:
    table = sa.table(name, sa.column("id"), sa.column("plain_name"), *(sa.column(one) for one in names))
    connection = op.get_bind()
    rows = connection.execute(sa.select(table.c.id, *(table.c[one] for one in names))).all()
    filled = [{"row": row.id, "plain": plain(" ".join(row[1:]))} for row in rows]
    if filled:
        change = table.update().where(table.c.id == sa.bindparam("row"))
        connection.execute(change.values(plain_name=sa.bindparam("plain")), filled)
