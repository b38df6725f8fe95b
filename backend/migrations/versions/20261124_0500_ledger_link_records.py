"""Records that belong together, chains of corrections, what units came out of, cost in three currencies.

Expand: columns that may be empty or have a default, and one kind of check that grows. An older
process leaves them empty: a record that was never corrected is its own chain.

Revision: 20261124_0500
After: 20261124_0400
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0500"
down_revision = "20261124_0400"
branch_labels = None
depends_on = None

EXACT = sa.Numeric(38, 18)
BEFORE = "'fifo', 'lifo', 'hifo', 'lofo', 'minimum_tax', 'average'"
METHODS = f"{BEFORE}, 'uk_pooling', 'acb'"
COSTS = {
    "lots": ("account_cost", "tax_cost"),
    "lot_closures": ("account_proceeds", "account_cost", "tax_proceeds", "tax_cost"),
}
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE transferred_lots ENABLE ROW LEVEL SECURITY;
ALTER TABLE transferred_lots FORCE ROW LEVEL SECURITY;
CREATE POLICY transferred_lots_tenant ON transferred_lots USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY transferred_lots_floor ON transferred_lots AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, DELETE ON transferred_lots TO truenav_app, truenav_worker;
GRANT SELECT ON transferred_lots TO truenav_readonly, truenav_backup;
"""
CHECKED = ("accounts", "transactions", "lot_method_changes")


def upgrade() -> None:
    """The columns, their checks and keys."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _transactions()
    op.create_table(
        "transferred_lots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("lots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_transferred_lots_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "link_id",
            "instrument_id",
            "account_id",
            name=op.f("pk_transferred_lots"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_transferred_lots_instrument_id_instruments"),
        ),
    )
    op.execute(SECURE)
    op.add_column("lots", sa.Column("account_cost", EXACT))
    op.add_column("lots", sa.Column("tax_cost", EXACT))
    op.add_column(
        "lot_closures",
        sa.Column("kind", sa.String(length=20), nullable=False, server_default="closed"),
    )
    op.add_column("lot_closures", sa.Column("gain_date", sa.Date()))
    for column in COSTS["lot_closures"]:
        op.add_column("lot_closures", sa.Column(column, EXACT))
    op.create_index("ix_lot_closures_gain_date", "lot_closures", ["tenant_id", "gain_date"])
    # capital returned beyond cost, and boot, are gains on units that stay
    _check("lot_closures", "quantity_finite", "quantity <> 'NaN' AND quantity >= 0")
    _check("lot_closures", "kind_known", "kind IN ('closed', 'boot', 'capital_returned')")
    op.add_column("lot_adjustments", sa.Column("source_lot_id", sa.Uuid()))
    op.add_column("accounts", sa.Column("tax_currency", sa.String(length=3)))
    op.add_column(
        "accounts",
        sa.Column("oversell", sa.String(length=20), nullable=False, server_default="open_short"),
    )
    _check("accounts", "oversell_known", "oversell IN ('open_short', 'refuse')")
    for table, columns in COSTS.items():
        for column in columns:
            _check(table, f"{column}_finite", f"{column} <> 'NaN'")
    for table in CHECKED:
        _check(table, "lot_method_known", f"lot_method IN ({METHODS})")


def _transactions() -> None:
    for column in (
        sa.Column("link_id", sa.Uuid()),
        sa.Column("chain_id", sa.Uuid()),
        sa.Column("replaces_id", sa.Uuid()),
        sa.Column("source_instrument_id", sa.Uuid()),
        sa.Column("basis_fraction", EXACT),
        sa.Column("acquired_date", sa.Date()),
        sa.Column("carried_lots", postgresql.JSONB(astext_type=sa.Text())),
    ):
        op.add_column("transactions", column)
    op.create_foreign_key(
        op.f("fk_transactions_source_instrument_id_instruments"),
        "transactions", "instruments", ["source_instrument_id"], ["id"],
    )  # fmt: skip
    op.create_foreign_key(
        op.f("fk_transactions_tenant_id_replaces_id_transactions"),
        "transactions", "transactions", ["tenant_id", "replaces_id"], ["tenant_id", "id"],
    )  # fmt: skip
    for column in ("link_id", "chain_id", "replaces_id"):
        op.create_index(
            f"ix_transactions_{column}", "transactions", ["tenant_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )  # fmt: skip
    _check(
        "transactions",
        "basis_fraction_finite",
        "basis_fraction <> 'NaN' AND basis_fraction BETWEEN 0 AND 1",
    )


def _check(table: str, name: str, condition: str) -> None:
    full = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {full}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {full} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {full}")


def downgrade() -> None:
    """Back to single records; links, corrections' chains and costs in other currencies are lost."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in CHECKED:
        _check(table, "lot_method_known", f"lot_method IN ({BEFORE})")
    op.drop_table("transferred_lots")
    for column in ("oversell", "tax_currency"):
        op.drop_column("accounts", column)
    op.drop_column("lot_adjustments", "source_lot_id")
    for table, columns in COSTS.items():
        for column in columns:
            op.drop_column(table, column)
    op.execute("DELETE FROM lot_closures WHERE quantity = 0")  # derived: a rebuild makes them again
    op.drop_column("lot_closures", "gain_date")
    op.drop_column("lot_closures", "kind")
    _check("lot_closures", "quantity_finite", "quantity <> 'NaN' AND quantity > 0")
    for column in (
        "link_id", "chain_id", "replaces_id", "source_instrument_id", "basis_fraction",
        "acquired_date", "carried_lots",
    ):  # fmt: skip
        op.drop_column("transactions", column)
