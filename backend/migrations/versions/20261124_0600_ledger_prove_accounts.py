"""What a night's proof found: whether an account's lots are what its records say.

Expand: a table nobody read before.

Revision: 20261124_0600
After: 20261124_0500
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0600"
down_revision = "20261124_0500"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE ledger_proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_proofs FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_proofs_tenant ON ledger_proofs USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY ledger_proofs_floor ON ledger_proofs AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT ON ledger_proofs TO truenav_app, truenav_readonly, truenav_backup;
GRANT SELECT, INSERT, DELETE ON ledger_proofs TO truenav_worker;
"""


def upgrade() -> None:
    """The table and who may see it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "ledger_proofs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("proved_on", sa.Date(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("difference_count", sa.BigInteger(), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "row_count >= 0 AND difference_count >= 0", name=op.f("ck_ledger_proofs_counts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_ledger_proofs_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name=op.f("pk_ledger_proofs")),
    )
    op.execute(SECURE)


def downgrade() -> None:
    """Without proofs; the next night makes them again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("ledger_proofs")
