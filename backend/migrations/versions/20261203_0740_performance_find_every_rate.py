"""A new meaning of the money-weighted return: every rate is found, and the nearest one shown.

Expand: a row in a table that is only read.

Revision: 20261203_0740
After: 20261203_0720
"""

from alembic import op

revision = "20261203_0740"
down_revision = "20261203_0720"
branch_labels = None
depends_on = None

NOTE = (
    "Every rate that solves it is found, however close two of them lie; where several do, the one"
    " whose return of the whole span is nearest to Modified Dietz is shown."
)


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        f" ('mwrr', '2026.2', '2026-12-03 00:00+00', '{NOTE}')"
    )


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name = 'mwrr' AND version = '2026.2'")
