"""The canary has an account in a second currency, with income, costs and a split.

Expand: rows nobody is shown. What an installation has of the canary stays as it is.

Revision: 20261203_0790
After: 20261203_0760
"""

from datetime import date, timedelta

from alembic import op

revision = "20261203_0790"
down_revision = "20261203_0760"
branch_labels = None
depends_on = None

# as in platform/canary.py and features/operations/canary_answers.py, whose test holds them equal
TENANT = "00000000-0000-0000-0000-0000000ca9a7"
ACCOUNT = "00000000-0000-0000-0003-0000000ca9a7"
INSTRUMENT = "00000000-0000-0000-0004-0000000ca9a7"
FIRST, DAYS, CHANGE = date(2020, 1, 6), 37, date(2020, 2, 3)


def upgrade() -> None:
    """An account in euros, an instrument in XTS, which ISO 4217 keeps for tests, and its rates."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"SELECT set_config('app.tenant', '{TENANT}', true)")
    op.execute(
        "INSERT INTO accounts (tenant_id, id, name, broker, base_currency, kind, tax_treatment)"
        f" VALUES ('{TENANT}', '{ACCOUNT}', 'Canary abroad', '', 'EUR', 'other', 'taxable')"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
        f" VALUES ('{INSTRUMENT}', 'truenav-canary-2', 'Canary abroad', 'other', 'XTS', false)"
        " ON CONFLICT DO NOTHING"
    )
    weekdays = [day for n in range(2 * DAYS) if (day := FIRST + timedelta(n)).weekday() < 5]
    for day in weekdays[:DAYS]:
        close, rate = ("100", "2") if day < CHANGE else ("75", "2.5")
        op.execute(
            "INSERT INTO prices (instrument_id, price_date, source, close, currency) VALUES"
            f" ('{INSTRUMENT}', '{day}', 'canary', {close}, 'XTS') ON CONFLICT DO NOTHING"
        )
        op.execute(
            "INSERT INTO fx_rates (base_currency, quote_currency, rate_date, source, rate) VALUES"
            f" ('EUR', 'XTS', '{day}', 'canary', {rate}) ON CONFLICT DO NOTHING"
        )
    op.execute("SELECT set_config('app.tenant', '', true)")


def downgrade() -> None:
    """The rows stay: records cannot be deleted, and a release before does not look at them."""
