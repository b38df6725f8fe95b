"""Events say when their work is done; the records of an instrument are found without a scan.

Who looks for open events reads an index of the open ones alone, however long the history is.

Expand: a column that may be empty, and indexes. An older worker leaves the column empty; the
event is delivered once more, finds its key taken, and is marked.

Revision: 20261124_0300
After: 20261124_0200
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0300"
down_revision = "20261124_0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column, what is known of it, the indexes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("outbox", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    # row security binds the owner as well; nothing else may write while it is lifted
    op.execute("ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE job_keys NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE outbox o SET done_at = k.done_at FROM job_keys k"
        " WHERE k.tenant_id = o.tenant_id AND k.key = 'event:' || o.id"
    )
    op.execute("ALTER TABLE outbox FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE job_keys FORCE ROW LEVEL SECURITY")
    op.drop_index("ix_outbox_undispatched", "outbox")
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["tenant_id", "occurred_at"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_transactions_instrument_id",
        "transactions",
        ["tenant_id", "instrument_id"],
        postgresql_where=sa.text("instrument_id IS NOT NULL"),
    )


def downgrade() -> None:
    """As before: what is done stands in `job_keys` too."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_transactions_instrument_id", "transactions")
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index(
        "ix_outbox_undispatched",
        "outbox",
        ["occurred_at"],
        postgresql_where=sa.text("dispatched_at IS NULL"),
    )
    op.drop_column("outbox", "done_at")
