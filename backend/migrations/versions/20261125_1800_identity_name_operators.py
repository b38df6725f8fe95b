"""A user may be the operator: the person who looks after the installation itself.

The application can make the first person to sign up one, and nobody else: a trigger holds it
to that, whatever its code does. Everybody else is named from the command line.

Expand: a column with a default, two functions and a trigger.

Revision: 20261125_1800
After: 20261125_1700
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1800"
down_revision = "20261125_1700"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION sec.has_operator() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.users WHERE is_operator)
$$;
CREATE FUNCTION sec.guard_operator() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'truenav_app' THEN
    IF TG_OP = 'UPDATE' AND NEW.is_operator IS DISTINCT FROM OLD.is_operator THEN
      RAISE EXCEPTION 'operators are named from the command line' USING ERRCODE = '42501';
    ELSIF TG_OP = 'INSERT' AND NEW.is_operator THEN
      -- two first sign-ups at once: the second waits, and is no operator
      PERFORM pg_advisory_xact_lock(hashtext('sec.guard_operator'));
      NEW.is_operator := NOT sec.has_operator();
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION sec.name_operator(wanted text, is_wanted boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id uuid;
BEGIN
  SELECT id INTO found_id FROM public.users WHERE lower(email) = lower(wanted) AND NOT is_demo;
  IF found_id IS NULL THEN RETURN false; END IF;
  PERFORM set_config('app.user', found_id::text, true);
  UPDATE public.users SET is_operator = is_wanted WHERE id = found_id;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION sec.has_operator(), sec.guard_operator(),
  sec.name_operator(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.has_operator() TO truenav_app;
GRANT EXECUTE ON FUNCTION sec.name_operator(text, boolean) TO truenav_migrator;
CREATE TRIGGER users_operator BEFORE INSERT OR UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION sec.guard_operator();
"""


def upgrade() -> None:
    """The first person of an installation that has people is its operator."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "users",
        sa.Column("is_operator", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute("ALTER TABLE users NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE users SET is_operator = true WHERE id ="
        " (SELECT id FROM users WHERE NOT is_demo ORDER BY created_at, id LIMIT 1)"
    )
    op.execute("ALTER TABLE users FORCE ROW LEVEL SECURITY")
    op.execute(FUNCTIONS)


def downgrade() -> None:
    """Nobody is an operator."""
    op.execute("DROP TRIGGER users_operator ON users")
    op.execute("DROP FUNCTION sec.guard_operator()")
    op.execute("DROP FUNCTION sec.name_operator(text, boolean)")
    op.execute("DROP FUNCTION sec.has_operator()")
    op.drop_column("users", "is_operator")
