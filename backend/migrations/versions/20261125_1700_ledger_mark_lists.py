"""The indexes that lists of records walk say whether a record is a reversal.

A list can be counted, and every n-th record of it found, from the index alone.

Expand: the same indexes with one more column.

Revision: 20261125_1700
After: 20261125_1500
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1700"
down_revision = "20261125_1500"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_transactions_account_trade": ["tenant_id", "account_id"],
    "ix_transactions_trade": ["tenant_id"],
}


def _make_again(included: list[str]) -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, columns in INDEXES.items():
        op.drop_index(name, "transactions")
        op.create_index(
            name,
            "transactions",
            [*columns, sa.text("trade_date DESC"), sa.text("id DESC")],
            postgresql_include=included,
        )


def upgrade() -> None:
    """With the kind."""
    _make_again(["kind"])


def downgrade() -> None:
    """As before."""
    _make_again([])
