"""Thresholds of checks that a tenant set for itself.

Expand: a table nobody read before.

Revision: 20261201_0110
After: 20261201_0100
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0110"
down_revision = "20261201_0100"
branch_labels = None
depends_on = None

TABLE = "check_settings"
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY {TABLE}_tenant ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {TABLE}_floor ON {TABLE} AS RESTRICTIVE TO PUBLIC USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON {TABLE} TO truenav_app, truenav_worker;
GRANT SELECT ON {TABLE} TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """One row a tenant and check; a taxonomy that is removed is forgotten, the rest stays."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(30), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("threshold", sa.Numeric(38, 18), nullable=False),
        sa.Column("taxonomy_id", sa.Uuid()),
        sa.Column("amount", sa.Numeric(38, 18)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "threshold <> 'NaN' AND threshold >= 0", name=op.f(f"ck_{TABLE}_threshold_finite")
        ),
        sa.CheckConstraint(
            "amount <> 'NaN' AND amount > 0", name=op.f(f"ck_{TABLE}_amount_finite")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id"],
            ["taxonomies.tenant_id", "taxonomies.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_taxonomy_id_taxonomies"),
            ondelete="SET NULL (taxonomy_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "code", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(SECURE)


def downgrade() -> None:
    """Every check is as it comes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
