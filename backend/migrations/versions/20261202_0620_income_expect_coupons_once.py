"""A new meaning of income: a coupon that is booked as a dividend is expected once.

Expand: a row in a table that is only read.

Revision: 20261202_0620
After: 20261202_0610
"""

from alembic import op

revision = "20261202_0620"
down_revision = "20261202_0610"
branch_labels = None
depends_on = None

NOTE = (
    "A coupon that was said is expected once, also where it is booked as a dividend, and what earns"
    " interest is not counted among what was never paid."
)


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        f" ('income', '2026.3', '2026-11-30 00:00+00', '{NOTE}')"
    )


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name = 'income' AND version = '2026.3'")
