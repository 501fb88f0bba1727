"""All that is kept of a facility stands in one table, what section 4 and the log say too.

What was kept of shifts is made anew, and counts as told. All that was tested before is tested once more: by the
next look at its facility, or in the next night. A log of which only its place was recorded gets its head.
"""

import sqlalchemy as sa
from alembic import op

from db.schema import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_SAME = "regulation, provision, verdict, because, whole, rests_on, since, until, tested_on, tested_at, fingerprint"
_OF_PEOPLE = f"""
    insert into facility_finding (facility_id, place, about, of_id, {_SAME})
    select facility_id, about || ':' || coalesce(cast(employee_id as text), '') || ':', about, employee_id,
        {_SAME}
    from kept_finding
"""  # noqa: S608 - nothing of it comes from outside
_OF_RECORDS = f"""
    insert into facility_finding (facility_id, place, about, of_id, year, due, {_SAME})
    select facility_id, place, about, of_id, year, due, {_SAME} from kept_record_finding
    where about not in ('shift_recorded', 'adjustments_recorded', 'status_available')
"""  # noqa: S608 - nothing of it comes from outside
_ONCE_MORE = """
    update facility_standing set fingerprint = ''
    where facility_id in (select facility_id from facility_finding)
"""
_HEADS = """
    insert into log_head (facility_id, number, hash)
    select distinct facility_id, 0, '' from log_place where facility_id not in (select facility_id from log_head)
"""


def upgrade() -> None:
    op.create_table(
        "facility_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.Column("provision", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("whole", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("tested_at", Moment(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_finding_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_finding")),
    )
    op.create_index("uq_facility_finding", "facility_finding", ["facility_id", "place"], unique=True)
    for statement in (_OF_PEOPLE, _OF_RECORDS, _ONCE_MORE, _HEADS):
        op.execute(statement)
    op.drop_table("kept_finding")
    op.drop_table("kept_record_finding")
