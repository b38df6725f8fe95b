"""Income due at the close of a day, apart in the snapshots.

Expand: a column that code before does not know; snapshots of before say nothing of it and are
rebuilt.

Revision: 20261201_0210
After: 20261201_0200
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0210"
down_revision = "20261201_0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("snapshots", sa.Column("receivable_value", sa.Numeric(38, 18)))
    op.create_check_constraint(
        op.f("ck_snapshots_receivable_value_finite"), "snapshots", "receivable_value <> 'NaN'"
    )


def downgrade() -> None:
    """Without it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("snapshots", "receivable_value")
