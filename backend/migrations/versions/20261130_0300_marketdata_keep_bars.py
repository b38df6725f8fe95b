"""Ticks, minute and hourly bars, and the function that keeps partitions for them.

Partitions may be made and dropped by a function alone, which drops none that holds a row. Where
TimescaleDB is present the tables are hypertables, whose chunks it makes itself, and old bars are
compressed where its licence allows it.

Expand: tables nobody read before.

Revision: 20261130_0300
After: 20261130_0000
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0300"
down_revision = "20261130_0000"
branch_labels = None
depends_on = None

TABLES = ("ticks", "minute_bars", "hourly_bars")
KEEP = """
CREATE FUNCTION catalogue.keep_partitions(today date, OUT made integer, OUT dropped integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept record;
  part record;
  first_at timestamptz;
  name text;
  is_used boolean;
BEGIN
  made := 0;
  dropped := 0;
  -- one at a time: two would make the same partition
  IF NOT pg_try_advisory_xact_lock(hashtextextended('keep_partitions', 0)) THEN RETURN; END IF;
  FOR kept IN SELECT * FROM (VALUES
    ('ticks', interval '1 month', 'YYYY_MM', today - 30),
    ('minute_bars', interval '1 month', 'YYYY_MM', (today - interval '1 year')::date),
    ('hourly_bars', interval '1 year', 'YYYY', NULL)
  ) AS of_table (parent, step, pattern, until)
  LOOP
    -- the one before, this one, and three ahead (a year ahead for hours)
    FOR first_at IN
      SELECT date_trunc(CASE kept.pattern WHEN 'YYYY' THEN 'year' ELSE 'month' END,
                        today::timestamp + n * kept.step) AT TIME ZONE 'UTC'
      FROM generate_series(-1, CASE kept.pattern WHEN 'YYYY' THEN 1 ELSE 3 END) AS n
    LOOP
      name := kept.parent || '_' || to_char(first_at AT TIME ZONE 'UTC', kept.pattern);
      CONTINUE WHEN to_regclass('public.' || quote_ident(name)) IS NOT NULL;
      EXECUTE format('LOCK TABLE public.%I IN SHARE ROW EXCLUSIVE MODE', kept.parent);
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS'
                     ' INCLUDING CONSTRAINTS)', name, kept.parent);
      -- what came before its partition was there waits in the default one
      EXECUTE format('WITH moved AS (DELETE FROM public.%I WHERE at >= %L AND at < %L RETURNING *)'
                     ' INSERT INTO public.%I SELECT * FROM moved', kept.parent || '_other',
                     first_at, upper_end(first_at, kept.step), name);
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L)'
                     ' TO (%L)', kept.parent, name, first_at, upper_end(first_at, kept.step));
      made := made + 1;
    END LOOP;
    CONTINUE WHEN kept.until IS NULL;
    FOR part IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = ('public.' || kept.parent)::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
        AND to_date(right(c.relname, 7), kept.pattern) + kept.step <= kept.until
      ORDER BY c.relname
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', part.relname) INTO is_used;
      CONTINUE WHEN is_used;
      -- from the top down, as writers lock; then look again
      EXECUTE format('LOCK TABLE ONLY public.%I IN ACCESS EXCLUSIVE MODE', kept.parent);
      EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', part.relname);
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', part.relname) INTO is_used;
      CONTINUE WHEN is_used;
      EXECUTE format('DROP TABLE public.%I', part.relname);
      dropped := dropped + 1;
    END LOOP;
  END LOOP;
END $$;
""".replace(
    "upper_end(first_at, kept.step)",
    "((first_at AT TIME ZONE 'UTC') + kept.step) AT TIME ZONE 'UTC'",
)
# TimescaleDB makes chunks itself; one is dropped when nothing as old is left in the table. Its own
# policies run as the table's owner, who must be able to log in; ours is not. So what they would do
# is done here: compression of chunks that are read and seldom written, where the licence has it.
# Not of minute bars: a second DELETE on a partly decompressed chunk leaves rows it should take (seen
# in a development build of 2.23), and folding deletes day by day.
KEEP_CHUNKS = """
CREATE FUNCTION catalogue.keep_partitions(today date, OUT made integer, OUT dropped integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept record;
  chunk record;
  is_used boolean;
  found integer;
BEGIN
  made := 0;
  dropped := 0;
  IF NOT pg_try_advisory_xact_lock(hashtextextended('keep_partitions', 0)) THEN RETURN; END IF;
  FOR kept IN SELECT * FROM (VALUES
    ('ticks', (today - 30)::timestamp AT TIME ZONE 'UTC'),
    ('minute_bars', (today - interval '1 year') AT TIME ZONE 'UTC')
  ) AS of_table (parent, until)
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM {space}.show_chunks(%L::regclass,'
                   ' older_than => %L::timestamptz))', 'public.' || kept.parent, kept.until)
      INTO is_used;
    CONTINUE WHEN NOT is_used;
    EXECUTE format('LOCK TABLE public.%I IN SHARE ROW EXCLUSIVE MODE', kept.parent);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I WHERE at < %L)', kept.parent, kept.until)
      INTO is_used;
    CONTINUE WHEN is_used;
    EXECUTE format('SELECT count(*) FROM {space}.drop_chunks(%L::regclass,'
                   ' older_than => %L::timestamptz)', 'public.' || kept.parent, kept.until)
      INTO found;
    dropped := dropped + found;
  END LOOP;
  IF current_setting('timescaledb.license', true) IS DISTINCT FROM 'timescale' THEN RETURN; END IF;
  FOR chunk IN
    SELECT format('%I.%I', c.chunk_schema, c.chunk_name)::regclass AS name
    FROM timescaledb_information.chunks c
    WHERE c.hypertable_schema = 'public' AND c.hypertable_name IN ('hourly_bars', 'prices')
      AND NOT c.is_compressed AND c.range_end < today - interval '2 years'
  LOOP
    EXECUTE format('SELECT {space}.compress_chunk(%L::regclass)', chunk.name);
  END LOOP;
END $$;
"""
CHUNKS = {"ticks": "1 month", "minute_bars": "1 month", "hourly_bars": "1 year"}
COMPRESSED = {"hourly_bars": "at", "prices": "price_date"}


def upgrade() -> None:
    """Tables, their partitions or chunks, and who may do what."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    space = op.get_bind().scalar(
        sa.text(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE extname = 'timescaledb'"
        )
    )
    partitioning = {} if space else {"postgresql_partition_by": "RANGE (at)"}
    _ticks(partitioning)
    for table in ("minute_bars", "hourly_bars"):
        _bars(table, partitioning)
    for table in ("ticks", "minute_bars"):
        op.create_index(f"ix_{table}_at", table, ["at"], postgresql_using="brin")
    for table in TABLES:
        op.execute(f"GRANT SELECT ON {table} TO truenav_app, truenav_worker, truenav_readonly")
        op.execute(f"GRANT SELECT ON {table} TO truenav_backup")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO truenav_ingest")
    if space:
        _make_hypertables(space)
    else:
        for table in TABLES:
            op.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
        op.execute(KEEP)
    signature = "catalogue.keep_partitions(date)"
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO truenav_ingest")
    op.execute("SELECT catalogue.keep_partitions(current_date)")


def _ticks(partitioning: dict[str, str]) -> None:
    table = "ticks"
    op.create_table(
        table,
        *_key(),
        sa.Column("sequence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("price", sa.Numeric(38, 18), nullable=False),
        sa.Column("volume", sa.Numeric(38, 18)),
        sa.Column("currency", sa.String(3), nullable=False),
        _instant("received_at", sa.text("now()")),
        _finite(table, "price", "> 0"),
        _finite(table, "volume", ">= 0"),
        _of_instrument(table),
        sa.PrimaryKeyConstraint(
            "instrument_id", "at", "source", "sequence", name=op.f(f"pk_{table}")
        ),
        **partitioning,
    )


def _bars(table: str, partitioning: dict[str, str]) -> None:
    prices = ("open", "high", "low", "close")
    op.create_table(
        table,
        *_key(),
        sa.Column("currency", sa.String(3), nullable=False),
        *(sa.Column(name, sa.Numeric(38, 18), nullable=False) for name in prices),
        sa.Column("volume", sa.Numeric(38, 18)),
        _instant("opened_at"),
        _instant("closed_at"),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        *(_finite(table, name, "> 0") for name in prices),
        _finite(table, "volume", ">= 0"),
        sa.CheckConstraint(
            "low <= least(open, close) AND high >= greatest(open, close)",
            name=op.f(f"ck_{table}_within_range"),
        ),
        sa.CheckConstraint("opened_at <= closed_at", name=op.f(f"ck_{table}_opened_first")),
        _of_instrument(table),
        sa.PrimaryKeyConstraint(
            "instrument_id", "at", "source", "currency", name=op.f(f"pk_{table}")
        ),
        **partitioning,
    )


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        _instant("at"),
        sa.Column("source", sa.String(30), nullable=False),
    )


def _instant(name: str, default: sa.TextClause | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=False)


def _finite(table: str, column: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} <> 'NaN' AND {column} {condition}", name=op.f(f"ck_{table}_{column}_finite")
    )


def _of_instrument(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instrument_id"], ["instruments.id"], name=op.f(f"fk_{table}_instrument_id_instruments")
    )


def _make_hypertables(space: str) -> None:
    for table, step in CHUNKS.items():
        op.execute(
            f"SELECT create_hypertable('{table}', by_range('at', INTERVAL '{step}'),"
            " create_default_indexes => false)"
        )
    op.execute(KEEP_CHUNKS.replace("{space}", space))
    licence = op.get_bind().scalar(sa.text("SELECT current_setting('timescaledb.license', true)"))
    if licence != "timescale":
        return  # the Apache edition refuses compression
    for table, day in COMPRESSED.items():
        # no segments: an instrument has too few rows in a chunk to fill a batch of its own
        op.execute(
            f"ALTER TABLE {table} SET (timescaledb.compress,"
            f" timescaledb.compress_orderby = 'instrument_id, {day}')"
        )


def downgrade() -> None:
    """What happened within days is forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION catalogue.keep_partitions(date)")
    for table in TABLES:
        op.drop_table(table)
