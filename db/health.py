"""Whether the database answers."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from db.engine import Database


def database_answers(database: Database) -> bool:
    """True when a query comes back."""
    try:
        with database.transaction(writes=False) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
