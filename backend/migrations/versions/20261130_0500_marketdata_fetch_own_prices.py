"""Where a tenant fetches its own prices from, and which own prices were fetched.

Expand: a table nobody read before, and a column that says "manual" of all there is.

Revision: 20261130_0500
After: 20261130_0400
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0500"
down_revision = "20261130_0400"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE custom_sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE custom_sources FORCE ROW LEVEL SECURITY;
CREATE POLICY custom_sources_tenant ON custom_sources USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY custom_sources_floor ON custom_sources AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_sources TO truenav_app, truenav_worker;
GRANT SELECT ON custom_sources TO truenav_readonly, truenav_backup;
"""
TABLE = "custom_sources"


def upgrade() -> None:
    """One source a tenant and instrument; own prices say who set them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "manual_prices",
        sa.Column("source", sa.String(10), server_default="manual", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_manual_prices_source_known"), "manual_prices", "source IN ('manual', 'custom')"
    )
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("price_path", sa.Text(), nullable=False),
        sa.Column("date_path", sa.Text()),
        sa.Column("currency_path", sa.Text()),
        sa.Column("currency", sa.String(3)),
        sa.Column("factor", sa.Numeric(38, 18), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("set_by", sa.Uuid()),
        _instant("set_at", server_default=sa.text("now()"), nullable=False),
        _instant("tried_at"),
        sa.Column("last_error", sa.Text()),
        sa.Column("last_price", sa.Numeric(38, 18)),
        sa.Column("last_price_date", sa.Date()),
        _instant("last_read_at"),
        sa.CheckConstraint(
            "factor <> 'NaN' AND factor > 0", name=op.f(f"ck_{TABLE}_factor_finite")
        ),
        sa.CheckConstraint(
            "last_price <> 'NaN' AND last_price > 0", name=op.f(f"ck_{TABLE}_last_price_finite")
        ),
        sa.CheckConstraint(
            "num_nonnulls(currency, currency_path) = 1", name=op.f(f"ck_{TABLE}_one_currency")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{TABLE}_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "instrument_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(SECURE)


def _instant(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]  # plain


def downgrade() -> None:
    """Sources are forgotten; what they told stays as prices of one's own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
    op.drop_column("manual_prices", "source")
