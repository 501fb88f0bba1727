"""Of a kept finding everything is kept that the page of its facility shows: parts, questions, readings.

All that was tested before is tested once more: by the next look at its facility, or in the next night.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ONCE_MORE = """
    update facility_standing set fingerprint = ''
    where exists (select 1 from kept_finding where kept_finding.facility_id = facility_standing.facility_id)
    or exists (
        select 1 from kept_record_finding where kept_record_finding.facility_id = facility_standing.facility_id
    )
"""


def upgrade() -> None:
    for table in ("kept_finding", "kept_record_finding"):
        op.add_column(table, sa.Column("whole", sa.JSON(), server_default="{}", nullable=False))
    op.execute(_ONCE_MORE)
