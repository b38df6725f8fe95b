"""Reconciliation of market data: reports, what was found, and what an operator decided of it.

Findings are written by the ingest role. A decision goes through a function that looks whether an
operator asks; taking another source's word over is stored as a source of its own, "operator",
which counts before every provider's, so nothing that was told is overwritten.

Expand: tables nobody read before, and columns that may be empty.

Revision: 20261126_0020
After: 20261126_0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_0020"
down_revision = "20261126_0010"
branch_labels = None
depends_on = None

DECIDE = """
CREATE FUNCTION catalogue.decide_finding(
  wanted uuid, decision_id uuid, new_decision text, why text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.data_findings;
  word jsonb;
  touched date;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.users
                 WHERE id = sec.actor() AND is_operator AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only an operator decides' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO found FROM public.data_findings WHERE id = wanted FOR UPDATE;
  IF found.id IS NULL OR found.status <> 'open' THEN RETURN false; END IF;
  IF new_decision = 'overridden' THEN
    IF jsonb_array_length(found.words) = 0 THEN RETURN false; END IF;
    PERFORM pg_advisory_xact_lock(
      hashtextextended('price_versions:' || found.instrument_id, 0));
    touched := found.day;
    FOR word IN SELECT * FROM jsonb_array_elements(found.words) LOOP
      IF word ? 'close' THEN
        INSERT INTO public.prices (instrument_id, price_date, source, close, currency)
        VALUES (found.instrument_id, (word->>'day')::date, 'operator', (word->>'close')::numeric,
                word->>'currency')
        ON CONFLICT (instrument_id, price_date, source) DO UPDATE
          SET close = excluded.close, currency = excluded.currency, received_at = now();
        touched := least(touched, (word->>'day')::date);
      ELSIF word ? 'type' THEN
        INSERT INTO public.corporate_actions
          (id, instrument_id, type, ex_date, ratio, cash_amount, currency, source)
        VALUES (gen_random_uuid(), found.instrument_id, word->>'type', (word->>'day')::date,
                (word->>'ratio')::numeric, (word->>'cash_amount')::numeric, word->>'currency',
                'operator')
        ON CONFLICT (instrument_id, type, ex_date, source) DO UPDATE
          SET ratio = excluded.ratio, cash_amount = excluded.cash_amount,
              currency = excluded.currency;
        touched := least(touched, (word->>'day')::date);
      ELSIF word ? 'delisted_on' THEN
        UPDATE public.instruments SET delisted_on = (word->>'delisted_on')::date
        WHERE id = found.instrument_id;
      END IF;
    END LOOP;
    INSERT INTO public.market_changes (instrument_id, earliest)
    VALUES (found.instrument_id, touched);
    INSERT INTO public.price_versions
      (instrument_id, version, reason, source, earliest, changed_count)
    SELECT found.instrument_id, coalesce(max(version), 0) + 1, 'override', 'operator', touched,
           jsonb_array_length(found.words)
    FROM public.price_versions WHERE instrument_id = found.instrument_id;
  END IF;
  UPDATE public.data_findings SET status = new_decision WHERE id = wanted;
  INSERT INTO public.finding_decisions
    (id, finding_id, decision, reason, decided_by, ours, theirs)
  VALUES (decision_id, wanted, new_decision, why, sec.actor(), found.ours, found.theirs);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION catalogue.decide_finding(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.decide_finding(uuid, uuid, text, text) TO truenav_app;
"""
KINDS = (
    "'missing_split', 'missed_dividend', 'ex_date_off', 'minor_units', 'other_basis',"
    " 'stale_repeat', 'missing_day', 'restated', 'missing_sessions', 'closed_day', 'outlier',"
    " 'leap', 'no_bars'"
)
READERS = "truenav_app, truenav_worker, truenav_readonly, truenav_backup"


def upgrade() -> None:
    """Reports, findings, decisions, and the day an instrument was delisted."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("instruments", sa.Column("delisted_on", sa.Date()))
    _reports()
    _findings()
    _decisions()
    for table in ("reconciliation_reports", "data_findings", "finding_decisions"):
        op.execute(f"GRANT SELECT ON {table} TO {READERS}, truenav_ingest")
    op.execute("GRANT INSERT, UPDATE ON reconciliation_reports, data_findings TO truenav_ingest")
    op.execute(DECIDE)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _of_instrument(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instrument_id"],
        ["instruments.id"],
        name=op.f(f"fk_{table}_instrument_id_instruments"),
        ondelete="CASCADE",
    )


def _reports() -> None:
    table = "reconciliation_reports"
    op.create_table(
        table,
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("ran_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("bar_count", sa.Integer(), nullable=False),
        sa.Column("session_count", sa.Integer()),
        sa.Column("compared_count", sa.Integer(), nullable=False),
        sa.Column("finding_count", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _instant("ran_at"),
        _of_instrument(table),
        sa.PrimaryKeyConstraint("instrument_id", "ran_on", name=op.f(f"pk_{table}")),
    )


def _findings() -> None:
    table = "data_findings"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("day_count", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("ours", sa.Text()),
        sa.Column("theirs", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(12), server_default="open", nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f(f"ck_{table}_kind_known")),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'overridden', 'gone')",
            name=op.f(f"ck_{table}_status_known"),
        ),
        _of_instrument(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "instrument_id", "kind", "day", "source",
            name=op.f(f"uq_{table}_instrument_id_kind_day_source"),
        ),
    )  # fmt: skip
    op.create_index(f"ix_{table}_status_id", table, ["status", "id"])


def _decisions() -> None:
    table = "finding_decisions"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("ours", sa.Text()),
        sa.Column("theirs", sa.Text()),
        _instant("decided_at"),
        sa.CheckConstraint(
            "decision IN ('accepted', 'overridden')", name=op.f(f"ck_{table}_decision_known")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["data_findings.id"],
            name=op.f(f"fk_{table}_finding_id_data_findings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_finding_id", table, ["finding_id"])


def downgrade() -> None:
    """Findings and decisions are forgotten; what was taken over stays as a source."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.decide_finding(uuid, uuid, text, text)")
    op.drop_table("finding_decisions")
    op.drop_table("data_findings")
    op.drop_table("reconciliation_reports")
    op.drop_column("instruments", "delisted_on")
