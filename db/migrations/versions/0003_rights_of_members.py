"""Members have rights, at all facilities of their organization or at named ones. All members so far manage."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("email", sa.String(), nullable=True))
        table.add_column(sa.Column("offered_at", moment, nullable=True))
        table.add_column(sa.Column("offered_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("changed_at", moment, nullable=True))
        table.add_column(sa.Column("changed_by", sa.Integer(), nullable=True))
    op.execute("update membership set email = '', offered_at = since, version = 1, changed_at = since")
    with op.batch_alter_table("membership") as table:
        table.alter_column("email", existing_type=sa.String(), nullable=False)
        table.alter_column("offered_at", existing_type=moment, nullable=False)
        table.alter_column("version", existing_type=sa.Integer(), nullable=False)
        table.alter_column("changed_at", existing_type=moment, nullable=False)
        table.alter_column("since", existing_type=moment, nullable=True)
        for column in ("offered_by", "ended_by", "changed_by"):
            table.create_foreign_key(table.f(f"fk_membership_{column}"), "account", [column], ["id"])
        table.create_index(
            "uq_membership_standing",
            ["account_id", "organization_id"],
            unique=True,
            sqlite_where=sa.text("since is not null and ended_at is null"),
            postgresql_where=sa.text("since is not null and ended_at is null"),
        )

    op.create_table(
        "member_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_member_right_ended_by")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_member_right_facility_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_member_right_membership_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_member_right_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_right")),
    )
    with op.batch_alter_table("member_right") as table:
        table.create_index(table.f("ix_member_right_membership_id"), ["membership_id"], unique=False)
    op.execute(
        'insert into member_right (membership_id, "right", since, ended_at) '
        "select id, 'manage', since, ended_at from membership"
    )
