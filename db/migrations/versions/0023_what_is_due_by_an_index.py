"""What a night has to test is read by indexes: each facility's and each log's next day, and what was changed.

All that was tested before is tested once more in the next night, by which its days are known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ONCE_MORE = """
    update facility_standing set fingerprint = ''
    where exists (select 1 from kept_finding where kept_finding.facility_id = facility_standing.facility_id)
    or exists (
        select 1 from kept_record_finding where kept_record_finding.facility_id = facility_standing.facility_id
    )
"""
_WITH_PATTERNS_ALONE = """
    insert into log_head (facility_id, number, hash)
    select distinct facility_id, 0, '' from shift_pattern
    where facility_id not in (select facility_id from log_head)
"""


def upgrade() -> None:
    op.drop_index(op.f("ix_facility_standing_recount_on"), "facility_standing")
    op.drop_column("facility_standing", "recount_on")
    op.add_column("facility_standing", sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("facility_standing", sa.Column("fingerprint", sa.String(), nullable=True))
    op.add_column("facility_standing", sa.Column("test_on", sa.Date(), nullable=True))
    op.add_column("log_head", sa.Column("test_on", sa.Date(), nullable=True))
    for table, column in (
        ("facility_standing", "tested_at"),
        ("facility_standing", "fingerprint"),
        ("facility_standing", "test_on"),
        ("log_head", "test_on"),
        ("credential", "recorded_at"),
        ("credential", "superseded_at"),
        ("facility_classification", "recorded_at"),
        ("facility_classification", "superseded_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.execute(_ONCE_MORE)
    op.execute(_WITH_PATTERNS_ALONE)
    op.execute("update log_head set test_on = '2000-01-01'")
