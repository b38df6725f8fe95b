"""Alerts of a tenant: rules that watch a figure or wait for an event, and what they told.

Expand: two tables nobody read before, and which instruments rules watch, for the worker.

Revision: 20261203_0820
After: 20261203_0790
"""

import sqlalchemy as sa
from alembic import op

revision = "20261203_0820"
down_revision = "20261203_0790"
branch_labels = None
depends_on = None

RULES, ALERTS = "alert_rules", "alerts"
OWN = "tenant_id = (SELECT sec.tenant())"
# the one function below reads rules of all tenants, as their owner
FLOORS = {RULES: f"{OWN} OR current_user = 'truenav_owner'", ALERTS: OWN}
SECURE = """
ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {0} FORCE ROW LEVEL SECURITY;
CREATE POLICY {0}_tenant ON {0} USING ({1}) WITH CHECK ({1});
CREATE POLICY {0}_floor ON {0} AS RESTRICTIVE TO PUBLIC USING ({2}) WITH CHECK ({2});
GRANT SELECT, INSERT, UPDATE ON {0} TO truenav_app, truenav_worker;
GRANT SELECT ON {0} TO truenav_readonly, truenav_backup;
"""
WATCHED = """
CREATE POLICY alert_rules_watched ON alert_rules FOR SELECT TO truenav_owner USING (true);
CREATE FUNCTION sec.watched_by_alerts()
RETURNS TABLE (tenant_id uuid, instrument_id uuid, changed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.tenant_id, r.instrument_id, max(r.changed_at) FROM public.alert_rules r
  WHERE r.is_enabled AND r.removed_at IS NULL AND r.kind IN ('price', 'price_change')
  GROUP BY r.tenant_id, r.instrument_id
$$;
REVOKE ALL ON FUNCTION sec.watched_by_alerts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.watched_by_alerts() TO truenav_worker;
"""
KINDS = (
    "'price', 'price_change', 'nav', 'nav_change', 'dividend', 'stale_price', 'import_failed',"
    " 'ledger_break'"
)


def upgrade() -> None:
    """Each row belongs to a tenant; the keys between the tables carry it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _rules()
    _alerts()
    for table in (RULES, ALERTS):
        op.execute(SECURE.format(table, OWN, FLOORS[table]))
    op.execute(WATCHED)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _instant(name: str, *, has_default: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if has_default else None
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=default, nullable=not has_default
    )


def _subject(table: str) -> list[sa.schema.SchemaItem]:
    """What a rule is about, and how the table's rows belong to it."""
    return [
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(length=5), nullable=True),
        sa.Column("threshold", sa.Numeric(precision=38, scale=18), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("window_days", sa.Integer(), nullable=True),
        _check(table, "kind_known", f"kind IN ({KINDS})"),
        _check(table, "direction_known", "direction IN ('above', 'below')"),
        _check(table, "threshold_finite", "threshold <> 'NaN'"),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{table}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f(f"fk_{table}_instrument_id_instruments"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["accounts.tenant_id", "accounts.id"],
            name=op.f(f"fk_{table}_tenant_id_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _rules() -> None:
    op.create_table(
        RULES,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_subject(RULES),
        sa.Column("cool_down_minutes", sa.Integer(), server_default="60", nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _instant("snoozed_until"),
        _instant("removed_at"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _instant("created_at", has_default=True),
        _instant("changed_at", has_default=True),
        sa.Column("side", sa.String(length=10), nullable=True),
        _instant("seen_at"),
        _instant("fired_at"),
        sa.Column("fired_count", sa.Integer(), server_default="0", nullable=False),
        _check(RULES, "side_known", "side IN ('waiting', 'past')"),
        _check(RULES, "cool_down_within_a_week", "cool_down_minutes BETWEEN 0 AND 10080"),
        _check(RULES, "window_within_a_year", "window_days BETWEEN 1 AND 366"),
        _check(
            RULES,
            "line_where_one_is_watched",
            "(kind IN ('price', 'price_change', 'nav', 'nav_change')) = (threshold IS NOT NULL)"
            " AND (threshold IS NULL) = (direction IS NULL)",
        ),
        _check(
            RULES,
            "window_where_one_counts",
            "(kind IN ('price_change', 'nav_change', 'stale_price')) = (window_days IS NOT NULL)",
        ),
        _check(
            RULES,
            "about_what_its_kind_is_about",
            "CASE WHEN kind IN ('price', 'price_change')"
            " THEN instrument_id IS NOT NULL AND account_id IS NULL"
            " WHEN kind IN ('dividend', 'stale_price') THEN account_id IS NULL"
            " ELSE instrument_id IS NULL END",
        ),
    )
    op.create_index(
        "ix_alert_rules_watched",
        RULES,
        ["instrument_id"],
        postgresql_where=sa.text("is_enabled AND removed_at IS NULL"),
    )


def _alerts() -> None:
    op.create_table(
        ALERTS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        *_subject(ALERTS),
        sa.Column("value", sa.Numeric(precision=38, scale=18), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        _instant("read_at"),
        _instant("dismissed_at"),
        _check(ALERTS, "value_finite", "value <> 'NaN'"),
        _check(ALERTS, "dismissed_is_read", "dismissed_at IS NULL OR read_at IS NOT NULL"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rule_id"],
            [f"{RULES}.tenant_id", f"{RULES}.id"],
            name=op.f(f"fk_{ALERTS}_tenant_id_rule_id_{RULES}"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "rule_id",
            "occurrence",
            name=op.f(f"uq_{ALERTS}_tenant_id_rule_id_occurrence"),
        ),
    )
    op.create_index(
        "ix_alerts_fired_at",
        ALERTS,
        ["tenant_id", sa.text("fired_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "ix_alerts_unread", ALERTS, ["tenant_id"], postgresql_where=sa.text("read_at IS NULL")
    )


def downgrade() -> None:
    """Rules and what they told are lost."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION sec.watched_by_alerts()")
    op.drop_table(ALERTS)
    op.drop_table(RULES)
