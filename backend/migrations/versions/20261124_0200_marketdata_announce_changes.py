"""New closes reach stored snapshots; prices are fetched for what somebody other than the demo holds.

Expand: a table nobody read before, and a column that may be empty.

Revision: 20261124_0200
After: 20261124_0010
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0200"
down_revision = "20261124_0010"
branch_labels = None
depends_on = None

WANT_PRICES = """
-- A posting says that somebody follows these instruments; the demo's are bundled and stay as
-- they are. Locked rows are skipped: whoever holds the lock is saying the same.
CREATE FUNCTION catalogue.want_prices(wanted uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.instruments SET wanted_at = now() WHERE id IN (
    SELECT i.id FROM public.instruments i
    WHERE i.id = ANY (wanted)
      AND (i.wanted_at IS NULL OR i.wanted_at < now() - interval '7 days')
      AND EXISTS (SELECT 1 FROM public.tenants t WHERE t.id = sec.tenant() AND NOT t.is_demo)
    ORDER BY i.id FOR UPDATE SKIP LOCKED)
$$;
REVOKE ALL ON FUNCTION catalogue.want_prices(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.want_prices(uuid[]) TO truenav_app, truenav_worker;
"""


def upgrade() -> None:
    """The queue of changes, then who is asked for."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "market_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("instrument_id", sa.UUID(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "num_nonnulls(instrument_id, currency) = 1",
            name=op.f("ck_market_changes_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_market_changes_instrument_id_instruments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_changes")),
    )
    op.create_index(op.f("ix_market_changes_instrument_id"), "market_changes", ["instrument_id"])
    op.execute("GRANT SELECT, INSERT ON market_changes TO truenav_ingest")
    op.execute("GRANT SELECT, DELETE ON market_changes TO truenav_worker")
    op.execute("GRANT SELECT ON market_changes TO truenav_backup")
    op.add_column("instruments", sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE instruments i SET wanted_at = now() WHERE NOT EXISTS"
        " (SELECT 1 FROM prices p WHERE p.instrument_id = i.id AND p.source = 'bundled')"
    )
    op.execute(WANT_PRICES)


def downgrade() -> None:
    """As before: changes are forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.want_prices(uuid[])")
    op.drop_column("instruments", "wanted_at")
    op.drop_table("market_changes")
