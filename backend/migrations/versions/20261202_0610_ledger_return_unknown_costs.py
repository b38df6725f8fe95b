"""Units of unknown cost come back into a United Kingdom pool unknown: another version of lots.

Expand: a row in a table that is only read. What was derived before is worked out again.

Revision: 20261202_0610
After: 20261202_0600
"""

from alembic import op

revision = "20261202_0610"
down_revision = "20261202_0600"
branch_labels = None
depends_on = None

NOTE = "Units of unknown cost that a United Kingdom sale takes from the pool come back unknown."


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "INSERT INTO calculation_versions (name, version, introduced_at, note) VALUES"
        f" ('lots', '2026.5', '2026-11-30 00:00+00', '{NOTE}')"
    )


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM calculation_versions WHERE name = 'lots' AND version = '2026.5'")
