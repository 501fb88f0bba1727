"""Until when the Director extended a past licence; and owners of conditional licences compared as names are
elsewhere, without accents and signs.
"""

import sqlalchemy as sa
from alembic import op

from core.names import owner_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_CREDENTIAL = sa.table("credential", sa.column("id"), sa.column("valid_for"), sa.column("valid_for_key"))


def upgrade() -> None:
    op.add_column("licence_issue", sa.Column("extended_to", sa.Date(), nullable=True))
    connection, own = op.get_bind(), _CREDENTIAL.c
    conditional = connection.execute(sa.select(own.id, own.valid_for).where(own.valid_for != "")).all()
    keys = [{"row": one.id, "key": owner_key(one.valid_for)} for one in conditional]
    if keys:  # the triggers of the search mark whose lines are to be made anew
        change = _CREDENTIAL.update().where(own.id == sa.bindparam("row"))
        connection.execute(change.values(valid_for_key=sa.bindparam("key")), keys)
