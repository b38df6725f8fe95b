"""What portfolios are compared with: followed like what is held, and total return unless said."""

from uuid import uuid5

from truenav.features.instruments.catalogue import Listed, follow
from truenav.features.marketdata.providers.fred import CONSUMER_PRICES
from truenav.platform.attempts import Connection
from truenav.platform.tables import INSTALLATION

BENCHMARKS = (
    Listed("SPY", "ARCX", "SPDR S&P 500 ETF Trust", "fund", "USD"),
    Listed("QQQ", "XNAS", "Invesco QQQ Trust", "fund", "USD"),
)
STORE = """
INSERT INTO benchmarks (id, name, instrument_id, return_basis, currency)
VALUES (%s, %s, %s, 'total', %s) ON CONFLICT (id) DO NOTHING
"""


STORE_SERIES = """
INSERT INTO benchmarks (id, name, series, return_basis, currency)
VALUES (%s, %s, %s, 'price', %s) ON CONFLICT (id) DO NOTHING
"""


def ensure_benchmarks(connection: Connection) -> int:
    """Add and follow the benchmarks that are missing; how many were. The caller commits."""
    added = 0
    for listed in BENCHMARKS:
        instrument_id, is_new = follow(connection, listed)
        added += is_new
        benchmark_id = uuid5(INSTALLATION, f"benchmark {listed.symbol}")
        connection.execute(STORE, (benchmark_id, listed.name, instrument_id, listed.currency))
    prices_id = uuid5(INSTALLATION, f"benchmark {CONSUMER_PRICES}")
    connection.execute(STORE_SERIES, (prices_id, "US consumer prices", CONSUMER_PRICES, "USD"))
    return added
