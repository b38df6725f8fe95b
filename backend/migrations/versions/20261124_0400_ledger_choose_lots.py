"""Which lots a sale takes: a method per account that may change on a day, or lots named on the sale.

Expand: columns that may be empty, and a table nobody read before. Without any of it FIFO holds,
as before.

Revision: 20261124_0400
After: 20261124_0300
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0400"
down_revision = "20261124_0300"
branch_labels = None
depends_on = None

METHODS = "'fifo', 'lifo', 'hifo', 'lofo', 'minimum_tax', 'average'"
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE lot_method_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE lot_method_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY lot_method_changes_tenant ON lot_method_changes USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY lot_method_changes_floor ON lot_method_changes AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, DELETE ON lot_method_changes TO truenav_app, truenav_worker;
GRANT SELECT ON lot_method_changes TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """The changes of method, what a sale may name, and only methods that exist."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "lot_method_changes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("lot_method", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            f"lot_method IN ({METHODS})", name=op.f("ck_lot_method_changes_lot_method_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f("fk_lot_method_changes_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "account_id", "begins_on", name=op.f("pk_lot_method_changes")
        ),
    )
    op.execute(SECURE)
    op.add_column("transactions", sa.Column("lot_method", sa.String(length=20), nullable=True))
    op.add_column(
        "transactions",
        sa.Column("lot_choices", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    for table in ("accounts", "transactions"):
        name = f"ck_{table}_lot_method_known"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (lot_method IN ({METHODS})) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    """Back to FIFO for everybody; which lots were named is lost."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("transactions", "accounts"):
        op.drop_constraint(op.f(f"ck_{table}_lot_method_known"), table)
    op.drop_column("transactions", "lot_choices")
    op.drop_column("transactions", "lot_method")
    op.drop_table("lot_method_changes")
