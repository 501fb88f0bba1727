"""Where each facility lies and how it stands; how many stood from month to month; who asked for the summary.

The standing is taken from the findings that are kept, so that the page is true before the next night; how many
are qualified is counted as facilities are tested anew, which a new version of the rules has done at night.
"""

import sqlalchemy as sa
from alembic import op

from core.places import Point
from db.places import region_of

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_STANDINGS = """
    insert into facility_standing (facility_id, standing, changes_on, not_met)
    select kept_finding.facility_id,
        case
            when sum(case when verdict = 'not met' then 1 else 0 end) > 0 then 'does_not_stand'
            when sum(case when verdict in ('unknown', 'director') then 1 else 0 end) > 0 then 'not_known'
            when sum(case when verdict = 'met' then 1 else 0 end) > 0 then 'stands'
            else 'not_assessed'
        end,
        min(kept_finding.until), sum(case when verdict = 'not met' then 1 else 0 end)
    from kept_finding join facility on facility.id = kept_finding.facility_id
    where facility.facility_type not like 'water%'
    group by kept_finding.facility_id
"""


def upgrade() -> None:
    op.add_column("facility", sa.Column("region", sa.String(), nullable=True))
    _fill_regions()
    with op.batch_alter_table("facility") as table:
        table.alter_column("region", existing_type=sa.String(), nullable=False)
        table.create_index(table.f("ix_facility_region"), ["region"], unique=False)
    op.create_table(
        "facility_standing",
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("qualified", sa.Integer(), nullable=True),
        sa.Column("lapses_on", sa.Date(), nullable=True),
        sa.Column("recount_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_standing_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_facility_standing")),
    )
    for column in ("standing", "recount_on"):
        op.create_index(op.f(f"ix_facility_standing_{column}"), "facility_standing", [column], unique=False)
    op.execute(_STANDINGS)
    op.create_table(
        "standing_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("facilities", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "region", "standing", name=op.f("pk_standing_count")),
    )
    op.create_table(
        "summary_subscriber",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_for", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_summary_subscriber_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_summary_subscriber")),
    )


def _fill_regions() -> None:
    table = sa.table("facility", *(sa.column(one) for one in ("id", "latitude", "longitude", "region")))
    connection = op.get_bind()
    rows = connection.execute(sa.select(table.c.id, table.c.latitude, table.c.longitude)).all()
    filled = [{"row": one.id, "code": region_of(Point(one.latitude, one.longitude))} for one in rows]
    if filled:
        change = table.update().where(table.c.id == sa.bindparam("row"))
        connection.execute(change.values(region=sa.bindparam("code")), filled)
