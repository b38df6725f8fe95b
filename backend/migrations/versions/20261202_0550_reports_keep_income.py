"""Reports of attribution and of income.

Expand: a check lets more through.

Revision: 20261202_0550
After: 20261202_0540
"""

from alembic import op

revision = "20261202_0550"
down_revision = "20261202_0540"
branch_labels = None
depends_on = None

NAME = "ck_reports_kind_known"
BEFORE = "'performance', 'risk', 'waterfall', 'holdings', 'nav'"
KINDS = f"{BEFORE}, 'attribution', 'income'"


def upgrade() -> None:
    """Two kinds more. The rows that are there were let through by a narrower check."""
    _check(KINDS)


def downgrade() -> None:
    """What was kept of the two kinds is forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM reports WHERE kind IN ('attribution', 'income')")
    _check(BEFORE)


def _check(kinds: str) -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER TABLE reports DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE reports ADD CONSTRAINT {NAME} CHECK (kind IN ({kinds})) NOT VALID")
    op.execute(f"ALTER TABLE reports VALIDATE CONSTRAINT {NAME}")
