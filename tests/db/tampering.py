"""What somebody does to the database who has every right over it: the triggers go first."""

from sqlalchemy import text

from db.engine import Database


def unguard(database: Database) -> None:
    """Takes away what keeps the audit trail from being changed."""
    guards = (
        ("drop trigger audit_entry_never_updated", "drop trigger audit_entry_never_deleted")
        if database.is_sqlite
        else ("alter table audit_entry disable trigger user",)
    )
    with database.engine.begin() as connection:
        for statement in guards:
            connection.execute(text(statement))
