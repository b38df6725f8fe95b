"""Watchlists of a tenant: lists in an order, instruments with notes on them.

Expand: two tables nobody read before.

Revision: 20261202_0630
After: 20261202_0620
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202_0630"
down_revision = "20261202_0620"
branch_labels = None
depends_on = None

LISTS, ITEMS = "watchlists", "watchlist_items"
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = """
ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {0} FORCE ROW LEVEL SECURITY;
CREATE POLICY {0}_tenant ON {0} USING ({1}) WITH CHECK ({1});
CREATE POLICY {0}_floor ON {0} AS RESTRICTIVE TO PUBLIC USING ({1}) WITH CHECK ({1});
GRANT SELECT, INSERT, UPDATE, DELETE ON {0} TO truenav_app, truenav_worker;
GRANT SELECT ON {0} TO truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """Each row belongs to a tenant; the key between the tables carries it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _lists()
    _items()
    for table in (LISTS, ITEMS):
        op.execute(SECURE.format(table, OWN))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id_tenants"),
        ondelete="CASCADE",
    )  # fmt: skip


def _places(table: str, *columns: str) -> sa.UniqueConstraint:
    """Judged once a statement is done: a new order is one statement."""
    return sa.UniqueConstraint(
        *columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"),
        deferrable=True, initially="IMMEDIATE",
    )  # fmt: skip


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _lists() -> None:
    op.create_table(
        LISTS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _instant("created_at"),
        _check(LISTS, "name_length", "length(name) BETWEEN 1 AND 80"),
        _check(LISTS, "place_counts", "place >= 0"),
        _tenant(LISTS),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{LISTS}")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f(f"uq_{LISTS}_tenant_id_name")),
        _places(LISTS, "tenant_id", "place"),
    )


def _items() -> None:
    op.create_table(
        ITEMS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("watchlist_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        _instant("added_at"),
        _check(ITEMS, "note_length", "length(note) <= 500"),
        _check(ITEMS, "place_counts", "place >= 0"),
        _tenant(ITEMS),
        sa.ForeignKeyConstraint(
            ["tenant_id", "watchlist_id"],
            [f"{LISTS}.tenant_id", f"{LISTS}.id"],
            name=op.f(f"fk_{ITEMS}_tenant_id_watchlist_id_{LISTS}"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{ITEMS}_instrument_id_instruments"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "watchlist_id", "instrument_id", name=op.f(f"pk_{ITEMS}")
        ),
        _places(ITEMS, "tenant_id", "watchlist_id", "place"),
    )


def downgrade() -> None:
    """What was watched is lost."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(ITEMS)
    op.drop_table(LISTS)
