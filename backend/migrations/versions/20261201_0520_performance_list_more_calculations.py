"""Attribution and income stand in the list of calculations.

Expand: rows in a table that is only read.

Revision: 20261201_0520
After: 20261201_0510
"""

from alembic import op

revision = "20261201_0520"
down_revision = "20261201_0510"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row a version, as in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        " ('attribution', '2026.1', '2026-11-30 00:00+00', 'The first.'),"
        " ('income', '2026.1', '2026-11-30 00:00+00', 'The first.')"
    )


def downgrade() -> None:
    """Without them, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name IN ('attribution', 'income')")
