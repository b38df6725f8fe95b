"""Gains in one currency are a calculation of their own: what a holding realized changes meaning.

Expand: rows in a table that is only read.

Revision: 20261203_0720
After: 20261202_0630
"""

from alembic import op

revision = "20261203_0720"
down_revision = "20261202_0630"
branch_labels = None
depends_on = None

NOTE = (
    "What a holding realized is in the currency of the answer, each leg at the rate of its own day."
)


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        " ('gains', '2026.1', '2026-11-23 00:00+00', 'The first.'),"
        f" ('gains', '2026.2', '2026-11-30 00:00+00', '{NOTE}')"
    )


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name = 'gains'")
