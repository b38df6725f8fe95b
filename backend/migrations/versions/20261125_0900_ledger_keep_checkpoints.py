"""Checkpoints: a change of a record is worked out from its day on, not from the beginning.

And units by day, from which days are valued without working out lots again.

Expand: three tables and two indexes nobody read before. Accounts without a build are worked out
from nothing at their next change.

Revision: 20261125_0900
After: 20261124_0600
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_0900"
down_revision = "20261124_0600"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
TIES = (
    "kind IN ('merger', 'name_change') OR instrument_id IS NOT NULL"
    " AND (link_id IS NOT NULL OR source_instrument_id IS NOT NULL)"
)


def secure(table: str) -> str:
    """Row security and who may do what; derived rows are replaced, never updated."""
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_tenant ON {table} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {table}_floor ON {table} AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT ON {table} TO truenav_readonly, truenav_backup;
GRANT SELECT, INSERT, DELETE ON {table} TO truenav_app, truenav_worker;
"""


def account_key(table: str) -> sa.ForeignKeyConstraint:
    """The account a row belongs to."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", "account_id"],
        ["accounts.tenant_id", "accounts.id"],
        name=op.f(f"fk_{table}_tenant_id_account_id_accounts"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """The tables, who may see them, and how their records are found."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "ledger_builds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("engine", sa.String(20), nullable=False),
        sa.Column(
            "built_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        account_key("ledger_builds"),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name=op.f("pk_ledger_builds")),
    )
    op.create_table(
        "ledger_checkpoints",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("instrument_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("record_count", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("record_count > 0", name=op.f("ck_ledger_checkpoints_record_count")),
        account_key("ledger_checkpoints"),
        sa.PrimaryKeyConstraint(
            "tenant_id", "account_id", "group_id", "through", name=op.f("pk_ledger_checkpoints")
        ),
    )
    op.create_table(
        "position_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(38, 18), nullable=False),
        sa.CheckConstraint("quantity <> 'NaN'", name=op.f("ck_position_changes_quantity_finite")),
        account_key("position_changes"),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_position_changes_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "account_id",
            "instrument_id",
            "changed_on",
            name=op.f("pk_position_changes"),
        ),
    )
    op.execute(secure("position_changes"))
    op.execute(secure("ledger_builds"))
    op.execute(secure("ledger_checkpoints"))
    op.create_index(
        "ix_transactions_account_id_instrument_id_trade_date",
        "transactions",
        ["tenant_id", "account_id", "instrument_id", "trade_date"],
    )
    op.create_index(
        "ix_transactions_account_id_link_id",
        "transactions",
        ["tenant_id", "account_id", "link_id"],
        postgresql_where=sa.text("link_id IS NOT NULL"),
    )
    op.create_index(
        "ix_transactions_ties",
        "transactions",
        ["tenant_id", "account_id"],
        postgresql_where=sa.text(TIES),
    )


def downgrade() -> None:
    """Without checkpoints every change works its account out from the beginning."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_transactions_ties", table_name="transactions")
    op.drop_index("ix_transactions_account_id_link_id", table_name="transactions")
    op.drop_index("ix_transactions_account_id_instrument_id_trade_date", table_name="transactions")
    op.drop_table("position_changes")
    op.drop_table("ledger_checkpoints")
    op.drop_table("ledger_builds")
