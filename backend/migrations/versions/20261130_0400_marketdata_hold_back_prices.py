"""Bars that were held back or refused on their way in, and what an operator decided of them.

Written by the ingest role, as prices are. A decision goes through a function that looks whether an
operator asks; accepting a bar stores it under the name of its source and raises the data version.

Expand: a table nobody read before.

Revision: 20261130_0400
After: 20261130_0300
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_0400"
down_revision = "20261130_0300"
branch_labels = None
depends_on = None

TABLE = "price_quarantine"
DECIDE = """
CREATE FUNCTION catalogue.decide_quarantined(wanted uuid, decision text, why text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.price_quarantine;
  was_told boolean;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.users
                 WHERE id = sec.actor() AND is_operator AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only an operator decides' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO found FROM public.price_quarantine WHERE id = wanted FOR UPDATE;
  IF found.id IS NULL OR found.state <> 'open' THEN RETURN false; END IF;
  IF decision = 'accepted' THEN
    PERFORM pg_advisory_xact_lock(
      hashtextextended('price_versions:' || found.instrument_id, 0));
    SELECT EXISTS (SELECT 1 FROM public.prices WHERE instrument_id = found.instrument_id
                   AND price_date = found.day AND source = found.source) INTO was_told;
    INSERT INTO public.prices (instrument_id, price_date, source, basis, open, high, low, close,
                               volume, currency)
    VALUES (found.instrument_id, found.day, found.source, 'raw',
            (found.bar->>'open')::numeric, (found.bar->>'high')::numeric,
            (found.bar->>'low')::numeric, (found.bar->>'close')::numeric,
            (found.bar->>'volume')::numeric, found.currency)
    ON CONFLICT (instrument_id, price_date, source) DO UPDATE SET
      open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
      volume = excluded.volume, currency = excluded.currency, basis = excluded.basis,
      received_at = now();
    INSERT INTO public.market_changes (instrument_id, earliest)
    VALUES (found.instrument_id, found.day);
    INSERT INTO public.price_versions
      (instrument_id, version, reason, source, earliest, changed_count)
    SELECT found.instrument_id, coalesce(max(version), 0) + 1,
           CASE WHEN was_told THEN 'prices_restated' ELSE 'prices' END, found.source, found.day, 1
    FROM public.price_versions WHERE instrument_id = found.instrument_id;
    -- of one day and source one close is right: the others told of it are not
    UPDATE public.price_quarantine SET state = 'rejected', decided_by = sec.actor(),
      decided_at = now(), decision_note = 'another close of this day was accepted'
    WHERE instrument_id = found.instrument_id AND source = found.source AND day = found.day
      AND close_told <> found.close_told AND state = 'open';
  END IF;
  -- one bar may be held back for two reasons
  UPDATE public.price_quarantine SET state = decision, decided_by = sec.actor(),
    decided_at = now(), decision_note = why
  WHERE instrument_id = found.instrument_id AND source = found.source AND day = found.day
    AND close_told = found.close_told AND state = 'open';
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION catalogue.decide_quarantined(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.decide_quarantined(uuid, text, text) TO truenav_app;
"""
READERS = "truenav_app, truenav_worker, truenav_readonly, truenav_backup"


def upgrade() -> None:
    """The bars, and the one function that decides."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("close_told", sa.String(60), nullable=False),
        sa.Column("bar_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("bar", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), server_default="open", nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_note", sa.Text()),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'rejected')", name=op.f(f"ck_{TABLE}_state_known")
        ),
        sa.CheckConstraint(
            "state <> 'open' OR bar IS NOT NULL", name=op.f(f"ck_{TABLE}_open_has_a_bar")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f(f"ck_{TABLE}_decided_when")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{TABLE}_instrument_id_instruments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "instrument_id", "source", "day", "reason", "close_told",
            name=op.f(f"uq_{TABLE}_instrument_id_source_day_reason_close_told"),
        ),
    )  # fmt: skip
    op.create_index(f"ix_{TABLE}_state_id", TABLE, ["state", "id"])
    op.execute(f"GRANT SELECT ON {TABLE} TO {READERS}, truenav_ingest")
    op.execute(f"GRANT INSERT, UPDATE ON {TABLE} TO truenav_ingest")
    op.execute(DECIDE)


def downgrade() -> None:
    """What was held back is forgotten; what was accepted stays as its source's price."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.decide_quarantined(uuid, text, text)")
    op.drop_table(TABLE)
