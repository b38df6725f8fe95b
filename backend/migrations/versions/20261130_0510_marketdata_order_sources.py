"""Which sources somebody puts before the others: an operator for an instrument, a tenant for itself.

Expand: two tables nobody read before, and the one function that writes the shared one.

Revision: 20261130_0510
After: 20261130_0500
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_0510"
down_revision = "20261130_0500"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE tenant_source_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_source_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_source_orders_tenant ON tenant_source_orders
  USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY tenant_source_orders_floor ON tenant_source_orders AS RESTRICTIVE TO PUBLIC
  USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON tenant_source_orders TO truenav_app, truenav_worker;
GRANT SELECT ON tenant_source_orders TO truenav_readonly, truenav_backup;
GRANT SELECT ON instrument_source_orders
  TO truenav_app, truenav_worker, truenav_ingest, truenav_readonly, truenav_backup;
"""
# Days with one source count as before: only where sources meet can the order change a figure.
SET_ORDER = """
CREATE FUNCTION catalogue.set_source_order(wanted uuid, new_sources text[], seen integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made integer;
  touched date;
  day_count integer;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.users
                 WHERE id = sec.actor() AND is_operator AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only an operator decides' USING ERRCODE = '42501';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('price_versions:' || wanted, 0));
  IF seen IS NULL THEN
    INSERT INTO public.instrument_source_orders (instrument_id, sources, set_by)
    VALUES (wanted, new_sources, sec.actor())
    ON CONFLICT DO NOTHING RETURNING version INTO made;
  ELSE
    UPDATE public.instrument_source_orders
    SET sources = new_sources, set_by = sec.actor(), set_at = now(), version = version + 1
    WHERE instrument_id = wanted AND version = seen RETURNING version INTO made;
  END IF;
  IF made IS NULL THEN RETURN NULL; END IF;
  SELECT min(met.price_date), count(*) INTO touched, day_count FROM (
    SELECT price_date FROM public.prices WHERE instrument_id = wanted
    GROUP BY price_date HAVING count(*) > 1) met;
  IF touched IS NOT NULL THEN
    INSERT INTO public.market_changes (instrument_id, earliest) VALUES (wanted, touched);
    INSERT INTO public.price_versions
      (instrument_id, version, reason, source, earliest, changed_count)
    SELECT wanted, coalesce(max(version), 0) + 1, 'override', 'operator', touched, day_count
    FROM public.price_versions WHERE instrument_id = wanted;
  END IF;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION catalogue.set_source_order(uuid, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.set_source_order(uuid, text[], integer) TO truenav_app;
"""


def upgrade() -> None:
    """One order an instrument, one a tenant; empty is as declared."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _orders("instrument_source_orders", "instrument_id", "instruments")
    _orders("tenant_source_orders", "tenant_id", "tenants")
    op.execute(SECURE)
    op.execute(SET_ORDER)


def _orders(table: str, key: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.Uuid(), nullable=False),
        sa.Column("sources", postgresql.ARRAY(sa.String(30)), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("set_by", sa.Uuid()),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("cardinality(sources) <= 20", name=op.f(f"ck_{table}_sources_few")),
        sa.ForeignKeyConstraint(
            [key], [f"{of}.id"], name=op.f(f"fk_{table}_{key}_{of}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """The declared order counts for everything."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.set_source_order(uuid, text[], integer)")
    op.drop_table("tenant_source_orders")
    op.drop_table("instrument_source_orders")
