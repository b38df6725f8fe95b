"""A ticker on an exchange means one instrument at a time: names are dated, and none overlap.

Expand: what is stored stays as it is; names that are added from now on are looked at.

Revision: 20261126_0030
After: 20261126_0020
"""

from alembic import op

revision = "20261126_0030"
down_revision = "20261126_0020"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION catalogue.guard_alias() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.scheme = 'symbol' AND NEW.exchange IS NOT NULL THEN
    -- two adders of one ticker: the second waits, and sees what the first has added
    PERFORM pg_advisory_xact_lock(hashtextextended('alias:' || NEW.value || NEW.exchange, 0));
    IF EXISTS (
      SELECT 1 FROM public.instrument_aliases a
      WHERE a.scheme = 'symbol' AND a.value = NEW.value AND a.exchange = NEW.exchange
        AND a.currency IS NOT DISTINCT FROM NEW.currency AND a.id <> NEW.id
        AND a.instrument_id <> NEW.instrument_id
        AND daterange(a.valid_from, a.valid_to) && daterange(NEW.valid_from, NEW.valid_to)
    ) THEN
      RAISE EXCEPTION '% on % is another instrument then', NEW.value, NEW.exchange
        USING ERRCODE = '23P01';
    END IF;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION catalogue.guard_alias() FROM PUBLIC;
CREATE TRIGGER instrument_aliases_one_at_a_time BEFORE INSERT OR UPDATE ON instrument_aliases
  FOR EACH ROW EXECUTE FUNCTION catalogue.guard_alias();
"""


def upgrade() -> None:
    """From now on."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(GUARD)


def downgrade() -> None:
    """Names may overlap again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER instrument_aliases_one_at_a_time ON instrument_aliases")
    op.execute("DROP FUNCTION catalogue.guard_alias()")
