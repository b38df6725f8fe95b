"""A new meaning of the time-weighted return: days of next to no capital have no rate.

Expand: rows in a table that is only read; attribution and risk are of that return.

Revision: 20261203_0760
After: 20261203_0740
"""

import sqlalchemy as sa
from alembic import op

revision = "20261203_0760"
down_revision = "20261203_0740"
branch_labels = None
depends_on = None

RETURN = (
    "A day that begins with less than one unit of the currency has no rate: cents left in an"
    " account that earn cents are not hundreds of percent. A return that is missing because values"
    " are unknown says so."
)
PARTS = (
    "A day that begins with less than one unit of the currency has no rate, of the whole and of"
    " each group; where values are unknown, what is unknown is named."
)
RISK = (
    "A day that began with less than one unit of the currency is no return of the sample: no rate"
    " is made of it."
)
ADDED = (
    ("twrr", "2026.3", RETURN), ("attribution", "2026.2", PARTS), ("risk", "2026.2", RISK),
)  # fmt: skip


def upgrade() -> None:
    """As in core/calculations.py: a test holds the two equal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, version, note in ADDED:
        op.execute(
            sa.text(
                "INSERT INTO calculation_versions (name, version, introduced_at, note)"
                " VALUES (:name, :version, '2026-12-03 00:00+00', :note)"
            ).bindparams(name=name, version=version, note=note)
        )


def downgrade() -> None:
    """Without them, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, version, _ in ADDED:
        op.execute(
            sa.text(
                "DELETE FROM calculation_versions WHERE name = :name AND version = :version"
            ).bindparams(name=name, version=version)
        )
