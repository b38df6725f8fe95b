"""Instruments a tenant added by hand: it may know of them before it has a record of one; renames.

Expand: a table nobody read before, and a function that only operators may use.

Revision: 20261130_0520
After: 20261130_0510
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0520"
down_revision = "20261130_0510"
branch_labels = None
depends_on = None

TABLE = "kept_instruments"
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY {TABLE}_tenant ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {TABLE}_floor ON {TABLE} AS RESTRICTIVE TO PUBLIC USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT ON {TABLE} TO truenav_app, truenav_worker;
GRANT SELECT ON {TABLE} TO truenav_readonly, truenav_backup;
"""
RENAME = """
CREATE FUNCTION catalogue.rename_instrument(
  wanted uuid, alias_id uuid, new_symbol text, from_day date
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.instruments;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.users
                 WHERE id = sec.actor() AND is_operator AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only an operator decides' USING ERRCODE = '42501';
  END IF;
  IF length(new_symbol) NOT BETWEEN 1 AND 80 THEN
    RAISE EXCEPTION 'an instrument needs a symbol' USING ERRCODE = '23514';
  END IF;
  SELECT * INTO found FROM public.instruments WHERE id = wanted FOR UPDATE;
  IF found.id IS NULL OR found.symbol = new_symbol THEN RETURN false; END IF;
  -- a name that began on that day or later was never its name before it
  IF EXISTS (SELECT 1 FROM public.instrument_aliases
             WHERE instrument_id = wanted AND scheme = 'symbol' AND valid_to IS NULL
               AND valid_from >= from_day) THEN
    RETURN false;
  END IF;
  UPDATE public.instrument_aliases SET valid_to = from_day
  WHERE instrument_id = wanted AND scheme = 'symbol' AND valid_to IS NULL;
  INSERT INTO public.instrument_aliases
    (id, instrument_id, scheme, value, exchange, currency, valid_from)
  VALUES (alias_id, wanted, 'symbol', new_symbol, found.exchange, found.currency, from_day);
  UPDATE public.instruments SET symbol = new_symbol WHERE id = wanted;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION catalogue.rename_instrument(uuid, uuid, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.rename_instrument(uuid, uuid, text, date) TO truenav_app;
"""


def upgrade() -> None:
    """One row a tenant and instrument it added."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid()),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{TABLE}_instrument_id_instruments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "instrument_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(SECURE)
    op.execute(RENAME)


def downgrade() -> None:
    """What was added and never recorded cannot be found any more."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.rename_instrument(uuid, uuid, text, date)")
    op.drop_table(TABLE)
