"""The audit trail only grows: the database itself refuses to change or delete an entry."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SENTENCE = "Entries of the audit trail are never changed or deleted."
_SQLITE = tuple(
    f"create trigger audit_entry_never_{act}d before {act} on audit_entry "
    f"begin select raise(abort, '{_SENTENCE}'); end"
    for act in ("update", "delete")
)
_POSTGRESQL = (
    "create function refuse_change_of_audit_entry() returns trigger language plpgsql as "
    f"$$ begin raise exception '{_SENTENCE}'; end $$",
    "create trigger audit_entry_never_changed before update or delete or truncate on audit_entry "
    "for each statement execute function refuse_change_of_audit_entry()",
)


def upgrade() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
