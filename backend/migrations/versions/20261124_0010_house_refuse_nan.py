"""Checks against NaN on the amounts that had none: PostgreSQL sorts NaN above every number.

Expand: the application never writes what the checks refuse.

Revision: 20261124_0010
After: 20261123_2345
"""

from alembic import op

revision = "20261124_0010"
down_revision = "20261123_2345"
branch_labels = None
depends_on = None

CHECKS = (
    ("instruments", "multiplier", " AND multiplier > 0"),
    ("lot_adjustments", "quantity_before", ""),
    ("lot_adjustments", "quantity_after", ""),
    ("lot_adjustments", "cost_before", ""),
    ("lot_adjustments", "cost_after", ""),
)


def upgrade() -> None:
    """Not valid first, then validated: the long scan takes no lock that stops writers."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column, more in CHECKS:
        name = f"ck_{table}_{column}_finite"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} <> 'NaN'{more}) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    """As before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column, _ in CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}_finite")
