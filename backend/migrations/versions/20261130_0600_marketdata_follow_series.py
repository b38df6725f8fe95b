"""Published series: yields for a risk-free rate, and consumer prices.

Expand: a table nobody read before.

Revision: 20261130_0600
After: 20261130_0520
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0600"
down_revision = "20261130_0520"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table; written by the role of market data, read by all."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "reference_series",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Numeric(38, 18), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("value <> 'NaN'", name=op.f("ck_reference_series_value_finite")),
        sa.PrimaryKeyConstraint("name", "value_date", "source", name=op.f("pk_reference_series")),
    )
    op.execute(
        "GRANT SELECT ON reference_series TO truenav_app, truenav_worker, truenav_readonly,"
        " truenav_backup"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON reference_series TO truenav_ingest")


def downgrade() -> None:
    """Nothing is followed."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("reference_series")
