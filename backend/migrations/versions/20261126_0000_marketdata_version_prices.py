"""Data versions: what changed of an instrument's prices and events, from which day on, and why.

Expand: a table nobody read before.

Revision: 20261126_0000
After: 20261125_1800
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0000"
down_revision = "20261125_1800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a change; the highest version of an instrument is the one it has."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    table = "price_versions"
    op.create_table(
        table,
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "reason IN ('prices', 'prices_restated', 'event_added', 'event_restated', 'override')",
            name=op.f(f"ck_{table}_reason_known"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{table}_instrument_id_instruments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instrument_id", "version", name=op.f(f"pk_{table}")),
    )
    op.execute(f"GRANT SELECT ON {table} TO truenav_app, truenav_worker, truenav_readonly")
    op.execute(f"GRANT SELECT ON {table} TO truenav_backup")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO truenav_ingest")


def downgrade() -> None:
    """Versions are forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("price_versions")
