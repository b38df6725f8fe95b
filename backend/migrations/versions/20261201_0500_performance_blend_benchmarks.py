"""Benchmarks of one's own, and consumer prices among the shared ones.

Expand: two tables nobody read before; a shared benchmark may be a published series.

Revision: 20261201_0500
After: 20261201_0320
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0500"
down_revision = "20261201_0320"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
BLENDS, PARTS = "own_benchmarks", "own_benchmark_parts"
SECURE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_tenant ON {table} USING ({own}) WITH CHECK ({own});
CREATE POLICY {table}_floor ON {table} AS RESTRICTIVE TO PUBLIC USING ({own}) WITH CHECK ({own});
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO truenav_app, truenav_worker;
GRANT SELECT ON {table} TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """Blends with their parts; a series beside the instrument of a shared benchmark."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("benchmarks", sa.Column("series", sa.String(30)))
    op.create_check_constraint(
        op.f("ck_benchmarks_one_source"), "benchmarks", "num_nonnulls(instrument_id, series) = 1"
    )
    op.create_table(
        BLENDS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rebalancing", sa.String(10), nullable=False),
        sa.Column("spread_ratio", sa.Numeric(38, 18), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 120", name=op.f(f"ck_{BLENDS}_name_length")
        ),
        sa.CheckConstraint(
            "rebalancing IN ('never', 'daily', 'monthly', 'quarterly', 'yearly')",
            name=op.f(f"ck_{BLENDS}_rebalancing_known"),
        ),
        sa.CheckConstraint(
            "spread_ratio <> 'NaN' AND spread_ratio BETWEEN -0.5 AND 1",
            name=op.f(f"ck_{BLENDS}_spread_ratio_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"],
            name=op.f(f"fk_{BLENDS}_tenant_id_tenants"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{BLENDS}")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f(f"uq_{BLENDS}_tenant_id_name")),
    )  # fmt: skip
    op.create_table(
        PARTS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("benchmark_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Uuid()),
        sa.Column("series", sa.String(30)),
        sa.Column("basis", sa.String(10), nullable=False),
        sa.Column("weight_ratio", sa.Numeric(38, 18), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(instrument_id, series) = 1", name=op.f(f"ck_{PARTS}_one_source")
        ),
        sa.CheckConstraint(
            "basis IN ('total', 'price')", name=op.f(f"ck_{PARTS}_basis_known")
        ),
        sa.CheckConstraint(
            "weight_ratio <> 'NaN' AND weight_ratio > 0",
            name=op.f(f"ck_{PARTS}_weight_ratio_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "benchmark_id"], [f"{BLENDS}.tenant_id", f"{BLENDS}.id"],
            name=op.f(f"fk_{PARTS}_tenant_id_benchmark_id_{BLENDS}"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"],
            name=op.f(f"fk_{PARTS}_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "benchmark_id", "position", name=op.f(f"pk_{PARTS}")
        ),
    )  # fmt: skip
    for table in (BLENDS, PARTS):
        op.execute(SECURE.format(table=table, own=OWN))


def downgrade() -> None:
    """Blends are forgotten; shared benchmarks are instruments again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(PARTS)
    op.drop_table(BLENDS)
    op.execute("DELETE FROM benchmarks WHERE series IS NOT NULL")
    op.drop_column("benchmarks", "series")
