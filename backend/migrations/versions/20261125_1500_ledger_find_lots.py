"""Lots are found by their id wherever they went, and an account's rows without reading all.

Expand: indexes only.

Revision: 20261125_1500
After: 20261125_1000
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1500"
down_revision = "20261125_1000"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_lot_closures_lot_id", "lot_closures", "lot_id", None),
    ("ix_lot_adjustments_source_lot_id", "lot_adjustments", "source_lot_id", "source_lot_id"),
    ("ix_lot_adjustments_account_id", "lot_adjustments", "account_id", None),
    ("ix_review_notes_account_id", "review_notes", "account_id", None),
)


def upgrade() -> None:
    """Four indexes; the tables are derived and small beside the records."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, table, column, given in INDEXES:
        where = sa.text(f"{given} IS NOT NULL") if given else None
        op.create_index(name, table, ["tenant_id", column], postgresql_where=where)


def downgrade() -> None:
    """Without them everything is found, more slowly."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
