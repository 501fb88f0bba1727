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

_KEPT = """
    select facility_id, verdict, until, cast(null as date) as due, '' as about, employee_id as of_id
    from kept_finding
    union all select facility_id, verdict, until, due, about, of_id from kept_record_finding
"""
_STANDINGS = f"""
    select facility.id, latitude, longitude,
        case
            when facility_type like 'water\\_%' escape '\\' then 'not_assessed'
            when count(case when verdict = 'not met' then 1 end) > 0 then 'does_not_stand'
            when count(case when verdict in ('unknown', 'director') then 1 end) > 0 then 'not_known'
            when count(case when verdict = 'met' then 1 end) > 0 then 'stands'
            else 'not_assessed'
        end as standing,
        min(until) as changes_on,
        count(case when verdict = 'not met' then 1 end) as not_met,
        count(distinct case when about = 'training' and verdict = 'not met' then of_id end) as training_behind,
        count(distinct case when about = 'training' and verdict = 'met' and due is not null then of_id end)
            as training_short,
        min(case when about = 'training' and verdict = 'met' then due end) as training_due,
        count(distinct case when about = 'training' and verdict in ('unknown', 'director') then of_id end)
            as training_not_known
    from facility left join ({_KEPT}) as kept on kept.facility_id = facility.id
    group by facility.id, latitude, longitude, facility_type
"""  # noqa: S608 - nothing of it comes from outside


def upgrade() -> None:
    standings = op.create_table(
        "facility_standing",
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("qualified", sa.Integer(), nullable=True),
        sa.Column("lapses_on", sa.Date(), nullable=True),
        sa.Column("recount_on", sa.Date(), nullable=True),
        sa.Column("training_behind", sa.Integer(), nullable=False),
        sa.Column("training_short", sa.Integer(), nullable=False),
        sa.Column("training_due", sa.Date(), nullable=True),
        sa.Column("training_not_known", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_standing_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", name=op.f("pk_facility_standing")),
    )
    for columns in (["standing"], ["recount_on"], ["region", "standing"]):
        op.create_index(
            op.f(f"ix_facility_standing_{'_'.join(columns)}"), "facility_standing", columns, unique=False
        )
    _fill(standings)
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


def _fill(standings: sa.Table) -> None:
    days = {"changes_on": sa.Date(), "training_due": sa.Date()}
    found = op.get_bind().execute(sa.text(_STANDINGS).columns(**days)).mappings()
    rows = [
        {name: value for name, value in one.items() if name not in ("id", "latitude", "longitude")}
        | {"facility_id": one["id"], "region": region_of(Point(one["latitude"], one["longitude"]))}
        for one in found
    ]
    if rows:
        op.bulk_insert(standings, rows)
