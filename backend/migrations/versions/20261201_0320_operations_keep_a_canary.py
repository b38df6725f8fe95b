"""A portfolio with known answers, of a tenant nobody belongs to; and how the watch over it goes.

Expand: rows nobody is shown, a table nobody read before, and a function that counts one tenant
less.

Revision: 20261201_0320
After: 20261201_0310
"""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261201_0320"
down_revision = "20261201_0310"
branch_labels = None
depends_on = None

# as in platform/canary.py and features/operations/canary.py, whose test holds them equal
TENANT = "00000000-0000-0000-0000-0000000ca9a7"
ACCOUNT = "00000000-0000-0000-0001-0000000ca9a7"
INSTRUMENT = "00000000-0000-0000-0002-0000000ca9a7"
FIRST, CLOSES = date(2020, 1, 6), 37
WANT = """
CREATE OR REPLACE FUNCTION catalogue.want_prices(wanted uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.instruments SET wanted_at = now() WHERE id IN (
    SELECT i.id FROM public.instruments i
    WHERE i.id = ANY (wanted)
      AND (i.wanted_at IS NULL OR i.wanted_at < now() - interval '7 days')
      AND EXISTS (SELECT 1 FROM public.tenants t WHERE t.id = sec.tenant() AND NOT t.is_demo{also})
    ORDER BY i.id FOR UPDATE SKIP LOCKED)
$$
"""
NOT_THE_CANARY = f" AND t.id <> '{TENANT}'"


def _weekdays() -> list[date]:
    days = (FIRST + timedelta(days=n) for n in range(2 * CLOSES))
    return [day for day in days if day.weekday() < 5][:CLOSES]


def upgrade() -> None:
    """What the canary is of; its records are posted by the watch itself."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "canary_states",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _instant("since", server_default=sa.text("now()"), nullable=False),
        _instant("checked_at", server_default=sa.text("now()"), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("drifts", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("told_state", sa.String(length=10), server_default="ok", nullable=False),
        _instant("told_at"),
        sa.CheckConstraint(
            "state IN ('ok', 'drifted', 'failed')", name=op.f("ck_canary_states_state_known")
        ),
        sa.CheckConstraint(
            "told_state IN ('ok', 'drifted', 'failed', 'silent')",
            name=op.f("ck_canary_states_told_state_known"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_canary_states")),
    )
    op.execute("GRANT SELECT ON canary_states TO truenav_app, truenav_readonly, truenav_backup")
    op.execute("GRANT SELECT, INSERT, UPDATE ON canary_states TO truenav_worker")
    op.execute(WANT.format(also=NOT_THE_CANARY))
    _lay_out()


def _lay_out() -> None:
    """A tenant without members, an account, and an instrument that no search finds."""
    op.execute(f"SELECT set_config('app.tenant', '{TENANT}', true)")
    op.execute(
        f"INSERT INTO tenants (id, name, base_currency) VALUES ('{TENANT}', 'Canary', 'USD')"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO accounts (tenant_id, id, name, broker, base_currency, kind, tax_treatment)"
        f" VALUES ('{TENANT}', '{ACCOUNT}', 'Canary', '', 'USD', 'other', 'taxable')"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
        f" VALUES ('{INSTRUMENT}', 'truenav-canary', 'Canary', 'other', 'USD', false)"
        " ON CONFLICT DO NOTHING"
    )
    for place, day in enumerate(_weekdays()):
        close = 125 if place % 2 or place == CLOSES - 1 else 100
        op.execute(
            "INSERT INTO prices (instrument_id, price_date, source, close, currency) VALUES"
            f" ('{INSTRUMENT}', '{day}', 'canary', {close}, 'USD') ON CONFLICT DO NOTHING"
        )
    op.execute("SELECT set_config('app.tenant', '', true)")


def _instant(name: str, **options: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **options)  # type: ignore[arg-type]  # plain


def downgrade() -> None:
    """Nobody watches; the rows stay, records cannot be deleted."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(WANT.format(also=""))
    op.drop_table("canary_states")
