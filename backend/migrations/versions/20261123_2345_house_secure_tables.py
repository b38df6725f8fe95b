"""Row security, grants, and the functions that may do what the application may not.

Expand: the application has not run before it.

Revision: 20261123_2345
After: 20261123_2340
"""

from alembic import op

revision = "20261123_2345"
down_revision = "20261123_2340"
branch_labels = None
depends_on = None

# Tables of a tenant, and what the application may do with them beyond SELECT and INSERT.
TENANT_TABLES = {
    "accounts": "UPDATE, DELETE",
    "audit_log": "",
    "cash_balances": "UPDATE, DELETE",
    "column_mappings": "UPDATE, DELETE",
    "idempotency_keys": "UPDATE",
    "import_batches": "UPDATE",
    "import_rows": "DELETE",
    "job_keys": "",
    "lot_adjustments": "DELETE",
    "lot_closures": "DELETE",
    "lots": "DELETE",
    "outbox": "UPDATE",
    "positions": "UPDATE, DELETE",
    "review_notes": "DELETE",
    "snapshots": "UPDATE, DELETE",
    "transactions": "",
    "valuation_states": "UPDATE, DELETE",
}
# The dispatcher looks across tenants; everything else acts for one.
DISPATCHED = ("outbox", "job_keys")
SHARED_TABLES = (
    "benchmarks",
    "calculation_versions",
    "corporate_actions",
    "fx_rates",
    "instrument_aliases",
    "instruments",
    "prices",
)
APPEND_ONLY = ("transactions", "audit_log")

FUNCTIONS = """
CREATE SCHEMA sec;
CREATE SCHEMA catalogue;

CREATE FUNCTION sec.as_id(value text) RETURNS uuid LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN value ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
              THEN value::uuid END
$$;
-- Who asks: set by the unit of work, for its transaction only. NULL on any doubt.
CREATE FUNCTION sec.tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT sec.as_id(current_setting('app.tenant', true)) $$;
CREATE FUNCTION sec.actor() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT sec.as_id(current_setting('app.user', true)) $$;

-- Before anybody is known there is nobody to be: these look up exactly one thing each.
CREATE FUNCTION sec.find_login(wanted text)
RETURNS TABLE (user_id uuid, password_hash text, is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id, u.password_hash, disabled_at IS NOT NULL FROM public.users u
  WHERE lower(email) = lower(wanted)
$$;
CREATE FUNCTION sec.find_refresh_token(wanted text)
RETURNS TABLE (id uuid, user_id uuid, tenant_id uuid, family_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id, t.user_id, t.tenant_id, t.family_id FROM public.refresh_tokens t
  WHERE token_hash = wanted
$$;
CREATE FUNCTION sec.find_demo() RETURNS TABLE (user_id uuid, tenant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.user_id, m.tenant_id FROM public.memberships m
  JOIN public.users u ON u.id = m.user_id AND u.is_demo
  JOIN public.tenants t ON t.id = m.tenant_id AND t.is_demo
  ORDER BY m.created_at LIMIT 1
$$;
CREATE FUNCTION sec.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

-- An import meets instruments nobody has met: the application may add, never change (ADR 14).
CREATE FUNCTION catalogue.add_instrument(
  new_id uuid, new_symbol text, new_exchange text, new_name text, new_asset_class text,
  new_currency text, new_multiplier numeric
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF length(new_symbol) NOT BETWEEN 1 AND 80 OR length(new_name) NOT BETWEEN 1 AND 500
     OR new_currency !~ '^[A-Z]{3}$' THEN
    RAISE EXCEPTION 'an instrument needs a symbol, a name and a currency' USING ERRCODE = '23514';
  END IF;
  INSERT INTO public.instruments (id, symbol, exchange, name, asset_class, currency, multiplier)
  VALUES (new_id, new_symbol, new_exchange, new_name, new_asset_class, new_currency, new_multiplier);
END $$;
CREATE FUNCTION catalogue.add_alias(
  new_id uuid, of_instrument uuid, new_scheme text, new_value text, new_exchange text,
  new_currency text, from_date date
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF length(new_value) NOT BETWEEN 1 AND 500 THEN
    RAISE EXCEPTION 'an alias needs a value' USING ERRCODE = '23514';
  END IF;
  INSERT INTO public.instrument_aliases
    (id, instrument_id, scheme, value, exchange, currency, valid_from)
  VALUES (new_id, of_instrument, new_scheme, new_value, new_exchange, new_currency, from_date);
END $$;
"""

IDENTITY = """
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_self ON users
  USING (id = (SELECT sec.actor())) WITH CHECK (id = (SELECT sec.actor()));
CREATE POLICY users_lookup ON users FOR SELECT TO truenav_owner USING (true);
CREATE POLICY users_floor ON users AS RESTRICTIVE TO PUBLIC
  USING (id = (SELECT sec.actor()) OR current_user = 'truenav_owner')
  WITH CHECK (id = (SELECT sec.actor()));

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_self ON tenants
  USING (id = (SELECT sec.tenant())) WITH CHECK (id = (SELECT sec.tenant()));
CREATE POLICY tenants_lookup ON tenants FOR SELECT TO truenav_owner, truenav_worker USING (true);
CREATE POLICY tenants_floor ON tenants AS RESTRICTIVE TO PUBLIC
  USING (id = (SELECT sec.tenant()) OR current_user IN ('truenav_owner', 'truenav_worker'))
  WITH CHECK (id = (SELECT sec.tenant()));

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_own ON memberships
  USING (tenant_id = (SELECT sec.tenant()) OR user_id = (SELECT sec.actor()))
  WITH CHECK (tenant_id = (SELECT sec.tenant()));
CREATE POLICY memberships_lookup ON memberships FOR SELECT TO truenav_owner USING (true);
CREATE POLICY memberships_floor ON memberships AS RESTRICTIVE TO PUBLIC
  USING (tenant_id = (SELECT sec.tenant()) OR user_id = (SELECT sec.actor())
         OR current_user = 'truenav_owner')
  WITH CHECK (tenant_id = (SELECT sec.tenant()));

ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_own ON refresh_tokens
  USING (user_id = (SELECT sec.actor())) WITH CHECK (user_id = (SELECT sec.actor()));
CREATE POLICY refresh_tokens_lookup ON refresh_tokens FOR SELECT TO truenav_owner USING (true);
CREATE POLICY refresh_tokens_floor ON refresh_tokens AS RESTRICTIVE TO PUBLIC
  USING (user_id = (SELECT sec.actor()) OR current_user = 'truenav_owner')
  WITH CHECK (user_id = (SELECT sec.actor()));

GRANT SELECT, INSERT, UPDATE ON users, tenants TO truenav_app;
GRANT SELECT, INSERT ON memberships TO truenav_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_tokens TO truenav_app;
GRANT SELECT ON tenants, memberships TO truenav_worker;
"""

DROP_POLICIES = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP POLICY %I ON public.%I', found.policyname, found.tablename);
  END LOOP;
END $$;
"""
DROP_FUNCTIONS = """
DROP SCHEMA catalogue CASCADE;
DROP SCHEMA sec CASCADE;
"""


def _secure(table: str) -> str:
    own = "tenant_id = (SELECT sec.tenant())"
    seen = f"{own} OR current_user = 'truenav_worker'" if table in DISPATCHED else own
    across = (
        f"CREATE POLICY {table}_dispatch ON {table} TO truenav_worker USING (true);"
        if table in DISPATCHED
        else ""
    )
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY {table}_tenant ON {table} USING ({own}) WITH CHECK ({own});
    {across}
    CREATE POLICY {table}_floor ON {table} AS RESTRICTIVE TO PUBLIC
      USING ({seen}) WITH CHECK ({seen});
    """


def upgrade() -> None:
    """Functions first, then policies that call them, then grants."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(FUNCTIONS)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sec, catalogue FROM PUBLIC")
    op.execute(
        "GRANT USAGE ON SCHEMA public, sec TO truenav_app, truenav_worker, truenav_ingest,"
        " truenav_readonly, truenav_backup"
    )
    op.execute("GRANT USAGE ON SCHEMA catalogue TO truenav_app, truenav_worker, truenav_ingest")
    op.execute(
        "GRANT EXECUTE ON FUNCTION sec.as_id(text), sec.tenant(), sec.actor() TO truenav_app,"
        " truenav_worker, truenav_ingest, truenav_readonly, truenav_backup"
    )
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sec TO truenav_app")
    op.execute(
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA catalogue TO truenav_app, truenav_worker,"
        " truenav_ingest"
    )
    for table, more in TENANT_TABLES.items():
        op.execute(_secure(table))
        verbs = "SELECT, INSERT" + (f", {more}" if more else "")
        op.execute(f"GRANT {verbs} ON {table} TO truenav_app, truenav_worker")
        op.execute(f"GRANT SELECT ON {table} TO truenav_readonly, truenav_backup")
    op.execute(IDENTITY)
    for table in SHARED_TABLES:
        op.execute(f"GRANT SELECT ON {table} TO truenav_app, truenav_worker, truenav_readonly")
        op.execute(f"GRANT SELECT ON {table} TO truenav_backup")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO truenav_ingest")
    op.execute("GRANT DELETE ON prices, fx_rates TO truenav_ingest")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION sec.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change()"
        )
    op.execute("GRANT SELECT ON alembic_version TO truenav_app, truenav_worker, truenav_ingest")


def downgrade() -> None:
    """Open tables again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(DROP_POLICIES)
    for table in (*TENANT_TABLES, "users", "tenants", "memberships", "refresh_tokens"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    for table in (*TENANT_TABLES, *SHARED_TABLES, "users", "tenants", "memberships"):
        for role in ("app", "worker", "ingest", "readonly", "backup"):
            op.execute(f"REVOKE ALL ON {table} FROM truenav_{role}")
    op.execute("REVOKE ALL ON refresh_tokens FROM truenav_app")
    op.execute(DROP_FUNCTIONS)
