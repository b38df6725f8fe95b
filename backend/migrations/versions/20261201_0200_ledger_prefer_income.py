"""What is done with income, per account and per instrument in an account.

Expand: a table nobody read before.

Revision: 20261201_0200
After: 20261201_0110
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0200"
down_revision = "20261201_0110"
branch_labels = None
depends_on = None

TABLE = "income_preferences"
OWN = "tenant_id = (SELECT sec.tenant())"
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
    """One word for an account, and one for each instrument in it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid()),
        sa.Column("handling", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("changed_by", sa.Uuid()),
        sa.CheckConstraint(
            "handling IN ('cash', 'reinvest')", name=op.f(f"ck_{TABLE}_handling_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{TABLE}_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "tenant_id",
            "account_id",
            "instrument_id",
            name=op.f(f"uq_{TABLE}_tenant_id_account_id_instrument_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.execute(SECURE)


def downgrade() -> None:
    """Nobody prefers anything."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
