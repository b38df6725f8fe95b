"""Which calculation meant what, and since when: the list the code has, for who reads the database.

Expand: rows in a table nobody read before, and nobody may write it but a revision.

Revision: 20261201_0300
After: 20261201_0210
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0300"
down_revision = "20261201_0210"
branch_labels = None
depends_on = None

FIRST = "The first."
EX_DATE = "Income counts from its ex-date: what is due and has not come is part of the value."
# (name, version, since, what changed), as in core/calculations.py: a test holds the two equal
VERSIONS = (
    ("twrr", "2026.1", "2026-11-23",
     ("The first. A day's flow counts as asked, so a day on which everything is taken out leaves"
     " nothing to earn a result with: the return is unknown from there on.")),
    ("twrr", "2026.2", "2026-11-30",
     ("A day on which everything is taken out counts its flow at the end, and money that comes to an"
     " empty portfolio counts from the start: emptying an account breaks no chain. Returns before"
     " costs, and a bridge over unknown values by Modified Dietz, where they are asked for.")),
    ("mwrr", "2026.1", "2026-11-24", FIRST),
    ("drawdown", "2026.1", "2026-11-23", FIRST),
    ("benchmark", "2026.1", "2026-11-30", FIRST),
    ("waterfall", "2026.1", "2026-11-30", FIRST),
    ("waterfall", "2026.2", "2026-11-30", EX_DATE),
    ("risk", "2026.1", "2026-11-30", FIRST),
    ("valuation", "2026.1", "2026-11-23", FIRST),
    ("valuation", "2026.2", "2026-11-30", EX_DATE),
    ("lots", "2026.1", "2026-11-23", FIRST),
    ("lots", "2026.2", "2026-11-25",
     "Worked out from the day of a change on, for the instruments the change can reach."),
    ("lots", "2026.3", "2026-11-25", "The units of each day are kept beside the lots."),
    ("lots", "2026.4", "2026-11-25",
     ("The cost of a pool (average, United Kingdom, Canada) is one amount, not a cost for each"
     " unit.")),
)  # fmt: skip


def upgrade() -> None:
    """One row a version; what the code says is what stands here."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    insert = sa.text(
        "INSERT INTO calculation_versions (name, version, introduced_at, note)"
        " VALUES (:name, :version, CAST(:since || ' 00:00+00' AS timestamptz), :note)"
    )
    for name, version, since, note in VERSIONS:
        op.execute(insert.bindparams(name=name, version=version, since=since, note=note))
    op.execute("REVOKE INSERT, UPDATE ON calculation_versions FROM truenav_ingest")


def downgrade() -> None:
    """An empty list, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("GRANT INSERT, UPDATE ON calculation_versions TO truenav_ingest")
    op.execute("DELETE FROM calculation_versions")
