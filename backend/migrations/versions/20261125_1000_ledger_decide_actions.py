"""Corporate actions: a tenant's own events and terms, and what it decided of each.

Expand: two tables nobody read before.

Revision: 20261125_1000
After: 20261125_0900
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125_1000"
down_revision = "20261125_0900"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE POLICY {{table}}_tenant ON {{table}} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {{table}}_floor ON {{table}} AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE, DELETE ON {{table}} TO truenav_app, truenav_worker;
GRANT SELECT ON {{table}} TO truenav_readonly, truenav_backup;
"""
KINDS = (
    "'forward_split', 'reverse_split', 'unit_split', 'stock_dividend', 'cash_dividend',"
    " 'special_dividend', 'return_of_capital', 'spin_off', 'rights', 'stock_merger',"
    " 'cash_merger', 'stock_and_cash_merger', 'name_change', 'tender', 'redemption',"
    " 'maturity', 'worthless'"
)
CONDITIONS = {
    "old_units": "> 0",
    "new_units": "> 0",
    "alternate_units": "> 0",
    "cash_amount": ">= 0",
    "fair_value": ">= 0",
    "new_fair_value": ">= 0",
    "fraction_price": ">= 0",
    "accrued_interest": ">= 0",
    "basis_fraction": "BETWEEN 0 AND 1",
}


def upgrade() -> None:
    """The tables and who may see them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _own_actions()
    _decisions()


def _own_actions() -> None:
    table = "own_corporate_actions"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("overrides_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("ex_date", sa.Date(), nullable=False),
        sa.Column("record_date", sa.Date()),
        sa.Column("pay_date", sa.Date()),
        sa.Column("currency", sa.String(3)),
        sa.Column("new_instrument_id", sa.Uuid()),
        sa.Column("alternate_instrument_id", sa.Uuid()),
        *(sa.Column(name, sa.Numeric(38, 18)) for name in CONDITIONS),
        sa.Column("is_taxable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.Uuid()),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f(f"ck_{table}_kind_known")),
        *(
            sa.CheckConstraint(
                f"{name} <> 'NaN' AND {name} {condition}", name=op.f(f"ck_{table}_{name}_finite")
            )
            for name, condition in CONDITIONS.items()
        ),
        sa.ForeignKeyConstraint(
            ["overrides_id"],
            ["corporate_actions.id"],
            name=op.f(f"fk_{table}_overrides_id_corporate_actions"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["instruments.id"], name=op.f(f"fk_{table}_{column}_instruments")
            )
            for column in ("instrument_id", "new_instrument_id", "alternate_instrument_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "tenant_id", "overrides_id", name=op.f(f"uq_{table}_tenant_id_overrides_id")
        ),
    )
    op.create_index(f"ix_{table}_instrument_id", table, ["tenant_id", "instrument_id"])
    op.execute(SECURE.format(table=table))


def _decisions() -> None:
    table = "corporate_action_decisions"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column(
            "transaction_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid()),
        sa.CheckConstraint(
            "status IN ('applied', 'dismissed', 'reversed')",
            name=op.f(f"ck_{table}_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f(f"fk_{table}_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", "event_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_event_id", table, ["tenant_id", "event_id"])
    op.execute(SECURE.format(table=table))


def downgrade() -> None:
    """Without decisions; the records that were posted stay."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("corporate_action_decisions")
    op.drop_table("own_corporate_actions")
