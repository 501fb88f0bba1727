"""What Alembic runs: always on the connection that db.migrate hands over, in the transaction it has opened."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from db import (  # noqa: F401 - their tables belong to Base too
    disruption_schema,
    law_schema,
    log_schema,
    people_schema,
    province_schema,
    register_schema,
    schema_training,
    search_schema,
)
from db.schema import Base, Moment


def _render(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration must not change its meaning with the code: our own type is written as what it stands for."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
