"""What alignment remembers: on what a certificate rested before, what its holder was told, what was set aside."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("certificate_claim", sa.Column("compared_import_id", sa.Integer(), nullable=True))
    _add("certificate_claim", sa.Column("told_status", sa.String(), nullable=False), "")
    _add("certificate_claim", sa.Column("told_class", sa.String(), nullable=True))
    _add("certificate_claim", sa.Column("told_expiry", sa.Date(), nullable=True))
    _add("operator_profile", sa.Column("told_suspended", sa.Boolean(), nullable=False), sa.false())
    _add("alignment_run", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    _add("alignment_run", sa.Column("set_aside_by", sa.Integer(), nullable=True))
    _add("alignment_run", sa.Column("set_aside_because", sa.Text(), nullable=False), "")
    _add("discrepancy", sa.Column("former_basis", sa.String(), nullable=False), "")
    _add("discrepancy", sa.Column("former_confirmed_on", sa.Date(), nullable=True))
    _add("discrepancy", sa.Column("former_import_id", sa.Integer(), nullable=True))
    _add("discrepancy", sa.Column("former_override_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("discrepancy") as table:
        table.alter_column("import_id", existing_type=sa.Integer(), nullable=True)
    for name, column, other in (
        ("alignment_run", "set_aside_by", "account"),
        ("discrepancy", "former_import_id", "listing_import"),
        ("discrepancy", "former_override_id", "claim_override"),
    ):
        with op.batch_alter_table(name) as table:
            table.create_foreign_key(table.f(f"fk_{name}_{column}"), other, [column], ["id"])
    for never_read in ("on", "profiles"):
        op.drop_column("alignment_run", never_read)
    _evidence_of_listings()
    _what_was_told()


def _evidence_of_listings() -> None:
    """What a listing bore out was confirmed on that listing's own date, whenever an officer clicked. With which
    listing other decisions were compared nobody knows."""
    claim = _table("certificate_claim", "id", "state", "basis", "confirmed_on", "compared_import_id")
    credential = _table("credential", "claim_id", "import_id", "run_id")
    listing = _table("listing_import", "id", "listed_on")
    newest = (
        sa.select(listing.c.id, listing.c.listed_on)
        .join_from(credential, listing, listing.c.id == credential.c.import_id)
        .where(credential.c.claim_id == claim.c.id, credential.c.run_id.is_(None))
        .order_by(listing.c.listed_on.desc(), listing.c.id.desc())
        .limit(1)
    )
    import_id, listed_on = (newest.with_only_columns(one).scalar_subquery() for one in listing.c)
    rests_on_one = claim.update().where(claim.c.basis == "listing", claim.c.state == "confirmed")
    op.execute(
        rests_on_one.where(listed_on.is_not(None)).values(confirmed_on=listed_on, compared_import_id=import_id)
    )


def _what_was_told() -> None:
    """What is on file counts as told: nobody is told anew of what a pass before this one changed."""
    claim = _table(
        "certificate_claim", "id", "state", "licence_class", "expiry", "told_status", "told_class", "told_expiry"
    )
    credential = _table("credential", "claim_id", "licence_class", "expiry", "valid_until", "superseded_at")
    open_row = (
        credential.c.claim_id == claim.c.id,
        credential.c.valid_until.is_(None),
        credential.c.superseded_at.is_(None),
    )
    confirmed, held = claim.update().where(claim.c.state == "confirmed"), sa.exists().where(*open_row)
    written = {
        f"told_{name}": sa.select(credential.c[name]).where(*open_row).limit(1).scalar_subquery()
        for name in ("licence_class", "expiry")
    }
    op.execute(
        confirmed.where(held).values(
            told_status="in force", told_class=written["told_licence_class"], told_expiry=written["told_expiry"]
        )
    )
    op.execute(
        confirmed.where(~held).values(
            told_status="not listed", told_class=claim.c.licence_class, told_expiry=claim.c.expiry
        )
    )
    profile = _table("operator_profile", "state", "told_suspended")
    op.execute(profile.update().where(profile.c.state == "suspended").values(told_suspended=sa.true()))


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _add(name: str, column: sa.Column[Any], value: Any = None) -> None:
    """A column; the rows that are there get `value`, and the rows to come must bring their own."""
    if value is None:
        op.add_column(name, column)
        return
    column.server_default = sa.DefaultClause(value)
    op.add_column(name, column)
    with op.batch_alter_table(name) as table:
        table.alter_column(column.name, server_default=None)
