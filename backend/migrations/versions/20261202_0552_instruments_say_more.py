"""What a tenant says of an instrument: preferred or common stock, the coupon of a bond.

Expand: a table nobody read before.

Revision: 20261202_0552
After: 20261202_0551
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202_0552"
down_revision = "20261202_0551"
branch_labels = None
depends_on = None

TABLE = "instrument_settings"
OWN = "tenant_id = (SELECT sec.tenant())"
CHECKS = {
    "share_kind_known": "share_kind IN ('common', 'preferred')",
    "coupons_per_year_known": "coupons_per_year IN (1, 2, 4, 12)",
    "coupon_whole": ("num_nulls(coupon_ratio, face_value, coupons_per_year, matures_on) IN (0, 4)"),
    "coupon_ratio_finite": ("coupon_ratio <> 'NaN' AND coupon_ratio >= 0 AND coupon_ratio <= 1"),
    "face_value_finite": "face_value <> 'NaN' AND face_value > 0",
}
SECURE = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY {TABLE}_tenant ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {TABLE}_floor ON {TABLE} AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO truenav_app, truenav_worker;
GRANT SELECT ON {TABLE} TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """One row for an instrument something is said of."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("share_kind", sa.String(10)),
        sa.Column("coupon_ratio", sa.Numeric(38, 18)),
        sa.Column("face_value", sa.Numeric(38, 18)),
        sa.Column("coupons_per_year", sa.Integer()),
        sa.Column("matures_on", sa.Date()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("changed_by", sa.Uuid()),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}"))
            for name, condition in CHECKS.items()
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
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "instrument_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(SECURE)


def downgrade() -> None:
    """Nobody says anything."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
