"""Work says how often it was tried, failed or died, and when it was given up; the schedule stays.

What the installation does for itself belongs to the tenant of the nil id: the role that writes
market data marks its own work done in the transaction that does it. Operators look at work and
decide about it through five functions, which ask who they are.

Expand: columns that may be empty or have a default, a table, functions.

Revision: 20261130_0000
After: 20261126_0030
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0000"
down_revision = "20261126_0030"
branch_labels = None
depends_on = None

INSTANTS = ("running_since", "pulse_at", "due_at", "parked_at", "alerted_at", "cancelled_at")
NIL = "'00000000-0000-0000-0000-000000000000'"
FLOORS = {
    # whoever serves tenants cannot pass for the installation, whatever tenant it names
    # and who writes market data sees the installation's own work alone
    True: "tenant_id = (SELECT sec.tenant())"
    f" AND (current_user = 'truenav_ingest') = (tenant_id = {NIL})"
    " OR current_user IN ('truenav_owner', 'truenav_worker')",
    False: "tenant_id = (SELECT sec.tenant()) OR current_user = 'truenav_worker'",
}
STATE = """
    CASE WHEN o.done_at IS NOT NULL THEN 'done'
         WHEN o.cancelled_at IS NOT NULL THEN 'cancelled'
         WHEN o.parked_at IS NOT NULL THEN 'parked'
         WHEN o.running_since IS NOT NULL THEN 'running'
         WHEN o.failure_count > 0 OR o.due_at IS NOT NULL THEN 'retrying'
         ELSE 'waiting' END
"""
FUNCTIONS = f"""
CREATE FUNCTION sec.may_operate(to_change boolean) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.users u WHERE u.id = sec.actor() AND u.disabled_at IS NULL
                 AND (u.is_operator OR (u.is_demo AND NOT to_change)))
$$;

-- Work of every tenant, for who operates the installation: names and counts, and of a tenant's
-- work neither what it is about nor what it met.
CREATE FUNCTION sec.look_at_work(
  wanted_state text, wanted_topics text[], wanted_batch uuid, wanted_id uuid,
  before_at timestamptz, before_id uuid, most integer
) RETURNS TABLE (
  tenant_id uuid, id uuid, topic text, payload jsonb, batch_id uuid, state text,
  occurred_at timestamptz, dispatched_at timestamptz, running_since timestamptz,
  pulse_at timestamptz, due_at timestamptz, parked_at timestamptz, park_reason text,
  alerted_at timestamptz, cancelled_at timestamptz, done_at timestamptz,
  attempts integer, failure_count integer, crash_count integer, last_error text, outcome jsonb
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.tenant_id, o.id, o.topic,
         CASE WHEN o.is_own THEN o.payload END, o.batch_id, o.state,
         o.occurred_at, o.dispatched_at, o.running_since, o.pulse_at, o.due_at, o.parked_at,
         o.park_reason, o.alerted_at, o.cancelled_at, o.done_at,
         o.attempts, o.failure_count, o.crash_count,
         CASE WHEN o.is_own THEN o.last_error ELSE split_part(o.last_error, ':', 1) END,
         CASE WHEN o.is_own THEN k.outcome END
  FROM (
    SELECT o.*, s.state, o.tenant_id = '00000000-0000-0000-0000-000000000000' AS is_own
    FROM public.outbox o
    CROSS JOIN LATERAL (SELECT {STATE} AS state) s
    WHERE sec.may_operate(false)
      AND (wanted_state IS NULL OR s.state = wanted_state)
      -- said twice: an index of the open ones answers what is asked most
      AND (wanted_state IS NULL OR wanted_state = 'done' OR o.done_at IS NULL)
      AND (wanted_topics IS NULL OR o.topic = ANY (wanted_topics))
      AND (wanted_batch IS NULL OR o.batch_id = wanted_batch)
      AND (wanted_id IS NULL OR o.id = wanted_id)
      AND (before_at IS NULL OR (o.occurred_at, o.id) < (before_at, before_id))
    ORDER BY o.occurred_at DESC, o.id DESC
    LIMIT least(most, 201)
  ) o
  LEFT JOIN public.job_keys k ON k.tenant_id = o.tenant_id AND k.key = 'event:' || o.id
  ORDER BY o.occurred_at DESC, o.id DESC
$$;

CREATE FUNCTION sec.count_work(of_batches uuid[])
RETURNS TABLE (topic text, batch_id uuid, state text, work_count bigint, oldest timestamptz,
               newest timestamptz, row_count bigint, unanswered_count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.topic, CASE WHEN of_batches IS NOT NULL THEN o.batch_id END, s.state, count(*),
         min(o.occurred_at), max(coalesce(o.done_at, o.cancelled_at, o.parked_at)),
         coalesce(sum((k.outcome ->> 'rows')::bigint), 0)::bigint,
         count(*) FILTER (WHERE k.outcome ->> 'reason' IS NOT NULL)
  FROM public.outbox o
  CROSS JOIN LATERAL (SELECT {STATE} AS state) s
  LEFT JOIN public.job_keys k ON of_batches IS NOT NULL
    AND o.tenant_id = '00000000-0000-0000-0000-000000000000'
    AND k.tenant_id = o.tenant_id AND k.key = 'event:' || o.id
  WHERE sec.may_operate(false)
    AND CASE WHEN of_batches IS NULL THEN o.done_at IS NULL OR o.done_at > now() - interval '1 day'
             ELSE o.batch_id = ANY (of_batches) END
  GROUP BY 1, 2, 3
$$;

-- Once more, from the beginning: counted failures are forgotten, and a new failure tells anew.
CREATE FUNCTION sec.retry_work(of_tenant uuid, wanted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT sec.may_operate(true) THEN RETURN false; END IF;
  UPDATE public.outbox SET parked_at = NULL, park_reason = NULL, alerted_at = NULL, due_at = NULL,
    cancelled_at = NULL, running_since = NULL, failure_count = 0, crash_count = 0, lost_count = 0,
    attempts = 0, dispatched_at = NULL
  WHERE tenant_id = of_tenant AND id = wanted AND done_at IS NULL
    AND (parked_at IS NOT NULL OR cancelled_at IS NOT NULL);
  RETURN FOUND;
END $$;

-- The installation's own work that is not done: one piece of it, or all of a batch; what runs is told
-- at its next pulse. Of a tenant's work only what was given up can be struck out.
CREATE FUNCTION sec.cancel_work(of_tenant uuid, wanted uuid, of_batch uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE changed integer;
BEGIN
  IF NOT sec.may_operate(true) THEN RETURN 0; END IF;
  UPDATE public.outbox SET cancelled_at = now(), parked_at = NULL, park_reason = NULL
  WHERE done_at IS NULL AND cancelled_at IS NULL
    AND (tenant_id = '00000000-0000-0000-0000-000000000000' OR parked_at IS NOT NULL)
    AND CASE WHEN of_batch IS NULL THEN tenant_id = of_tenant AND id = wanted
             ELSE batch_id = of_batch END;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;

-- What operators may ask the installation to do.
CREATE FUNCTION sec.request_work(new_id uuid, new_topic text, new_payload jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT sec.may_operate(true) OR new_topic NOT IN ('marketdata.backfill_requested') THEN
    RETURN false;
  END IF;
  INSERT INTO public.outbox (tenant_id, id, topic, payload)
  VALUES ('00000000-0000-0000-0000-000000000000', new_id, new_topic, new_payload)
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION sec.may_operate(boolean), sec.count_work(uuid[]),
  sec.look_at_work(text, text[], uuid, uuid, timestamptz, uuid, integer),
  sec.retry_work(uuid, uuid), sec.cancel_work(uuid, uuid, uuid),
  sec.request_work(uuid, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.count_work(uuid[]),
  sec.look_at_work(text, text[], uuid, uuid, timestamptz, uuid, integer),
  sec.retry_work(uuid, uuid), sec.cancel_work(uuid, uuid, uuid),
  sec.request_work(uuid, text, jsonb) TO truenav_app;
"""


def _floor(*, owner_sees: bool) -> str:
    seen = FLOORS[owner_sees]
    return "".join(
        f"DROP POLICY {table}_floor ON {table};"
        f"CREATE POLICY {table}_floor ON {table} AS RESTRICTIVE TO PUBLIC"
        f" USING ({seen}) WITH CHECK ({seen});"
        for table in ("outbox", "job_keys")
    )


def upgrade() -> None:
    """Columns, the schedule's table, what operators may do, and the ingest role's own work."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in INSTANTS:
        op.add_column("outbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("batch_id", sa.Uuid(), nullable=True))
    for name in ("failure_count", "crash_count", "lost_count"):
        op.add_column("outbox", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("last_error", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("park_reason", sa.String(length=20), nullable=True))
    op.create_check_constraint(
        op.f("ck_outbox_park_reason_known"),
        "outbox",
        "park_reason IN ('failed', 'crashed', 'lost', 'unknown')",
    )
    op.create_check_constraint(
        op.f("ck_outbox_parked_for_a_reason"),
        "outbox",
        "(parked_at IS NULL) = (park_reason IS NULL)",
    )
    op.create_index(
        "ix_outbox_occurred_at", "outbox", [sa.text("occurred_at DESC"), sa.text("id DESC")]
    )
    op.create_index(
        "ix_outbox_batch_id",
        "outbox",
        ["batch_id"],
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_table(
        "schedule_entries",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "announced_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedule_entries")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON schedule_entries TO truenav_worker")
    op.execute("GRANT SELECT ON schedule_entries TO truenav_app, truenav_readonly, truenav_backup")
    op.execute(_floor(owner_sees=True))
    op.execute(
        "CREATE POLICY outbox_operate ON outbox TO truenav_owner USING (true);"
        "CREATE POLICY job_keys_operate ON job_keys FOR SELECT TO truenav_owner USING (true);"
        "GRANT SELECT, INSERT, UPDATE ON outbox TO truenav_ingest;"
        "GRANT DELETE ON outbox, job_keys TO truenav_worker;"
        "GRANT SELECT, INSERT, UPDATE ON job_keys TO truenav_ingest;"
    )
    op.execute(FUNCTIONS)


def downgrade() -> None:
    """As before: what was given up or cancelled is open again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DROP FUNCTION sec.look_at_work(text, text[], uuid, uuid, timestamptz, uuid, integer);"
        "DROP FUNCTION sec.count_work(uuid[]);"
        "DROP FUNCTION sec.retry_work(uuid, uuid);"
        "DROP FUNCTION sec.cancel_work(uuid, uuid, uuid);"
        "DROP FUNCTION sec.request_work(uuid, text, jsonb);"
        "DROP FUNCTION sec.may_operate(boolean);"
        "DROP POLICY outbox_operate ON outbox;"
        "DROP POLICY job_keys_operate ON job_keys;"
        "REVOKE ALL ON outbox, job_keys FROM truenav_ingest;"
        "REVOKE DELETE ON outbox, job_keys FROM truenav_worker;"
    )
    op.execute(_floor(owner_sees=False))
    op.drop_table("schedule_entries")
    op.drop_index("ix_outbox_batch_id", "outbox")
    op.drop_index("ix_outbox_occurred_at", "outbox")
    op.drop_constraint(op.f("ck_outbox_parked_for_a_reason"), "outbox")
    op.drop_constraint(op.f("ck_outbox_park_reason_known"), "outbox")
    for name in (
        "park_reason",
        "last_error",
        "lost_count",
        "crash_count",
        "failure_count",
        "batch_id",
    ):
        op.drop_column("outbox", name)
    for name in reversed(INSTANTS):
        op.drop_column("outbox", name)
