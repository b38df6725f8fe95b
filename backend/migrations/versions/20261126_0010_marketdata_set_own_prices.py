"""A tenant's own prices: of a private fund, of a house, or instead of what a provider says.

Expand: a table nobody read before.

Revision: 20261126_0010
After: 20261126_0000
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0010"
down_revision = "20261126_0000"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE manual_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE manual_prices FORCE ROW LEVEL SECURITY;
CREATE POLICY manual_prices_tenant ON manual_prices USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY manual_prices_floor ON manual_prices AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON manual_prices TO truenav_app, truenav_worker;
GRANT SELECT ON manual_prices TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """One price a tenant, instrument and day."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    table = "manual_prices"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("price_date", sa.Date(), nullable=False),
        sa.Column("close", sa.Numeric(38, 18), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("set_by", sa.Uuid()),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("close <> 'NaN' AND close > 0", name=op.f(f"ck_{table}_close_finite")),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{table}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{table}_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "instrument_id", "price_date", name=op.f(f"pk_{table}")
        ),
    )
    op.execute(SECURE)


def downgrade() -> None:
    """Own prices are forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("manual_prices")
