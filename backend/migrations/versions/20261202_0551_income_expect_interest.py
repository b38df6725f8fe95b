"""A new meaning of income: interest that goes on is expected, preferred stock has its own rule.

Expand: a row in a table that is only read.

Revision: 20261202_0551
After: 20261202_0550
"""

from alembic import op

revision = "20261202_0551"
down_revision = "20261202_0550"
branch_labels = None
depends_on = None

NOTE = (
    "Interest that is paid regularly is expected to go on, and stands in the calendar and in the"
    " twelve months to come; preferred stock has a holding rule of its own."
)


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        f" ('income', '2026.2', '2026-11-30 00:00+00', '{NOTE}')"
    )


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name = 'income' AND version = '2026.2'")
