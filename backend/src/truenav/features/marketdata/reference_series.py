"""Published series: yields of Treasury bills for a risk-free rate, and consumer prices."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.marketdata.providers.fred import (
    BASE_URL,
    CONSUMER_PRICES,
    DESCRIPTOR,
    SOURCE,
    THREE_MONTH_BILL,
    FredProvider,
)
from truenav.features.marketdata.tables import ReferenceSeriesRow
from truenav.platform.attempts import Connection
from truenav.platform.gates import Gate
from truenav.platform.http import DEADLINE_SECONDS, Fetcher
from truenav.platform.settings import ProviderSettings

FOLLOWED: Final = (THREE_MONTH_BILL, CONSUMER_PRICES)
LONG_AGO = date(1950, 1, 1)
# what was published lately may be corrected
OVERLAP = timedelta(days=120)
STORE = """
INSERT INTO reference_series (name, value_date, source, value) VALUES (%s, %s, %s, %s)
ON CONFLICT (name, value_date, source) DO UPDATE SET value = excluded.value, received_at = now()
  WHERE reference_series.value <> excluded.value
"""


def refresh_series(
    connection: Connection, settings: ProviderSettings, gate: Gate, day: date
) -> int:
    """Fetch what is followed from where the stored values end; how many were new or different.

    Raises:
        TruenavError: the provider cannot be asked, or what it says cannot be read. The caller
            commits.
    """
    key = settings.keys.get(SOURCE, "")
    fetcher = Fetcher(
        SOURCE,
        settings.base_urls.get(SOURCE, BASE_URL),
        allowances=DESCRIPTOR.allowances,
        gate=gate,
        deadline_seconds=settings.deadlines.get(SOURCE, DEADLINE_SECONDS),
    )
    changed = 0
    try:
        provider = FredProvider(fetcher, key)
        for name in FOLLOWED:
            newest = connection.execute(
                "SELECT max(value_date) FROM reference_series WHERE name = %s", (name,)
            ).fetchone()
            first = newest[0] - OVERLAP if newest is not None and newest[0] else LONG_AGO
            for on, value in provider.series(name, first, day):
                if value is not None:  # a holiday
                    changed += connection.execute(STORE, (name, on, SOURCE, value)).rowcount
    finally:
        fetcher.close()
    return changed


async def series_between(
    session: AsyncSession, name: str, first: date, last: date
) -> Sequence[tuple[date, Decimal]]:
    """(day, value) of a series, oldest first; of the first source by name where there are two."""
    table = ReferenceSeriesRow
    query = (
        select(table.value_date, table.value)
        .where(table.name == name, table.value_date.between(first, last))
        .order_by(table.value_date, table.source)
        .ext(distinct_on(table.value_date))
    )
    return [(row.value_date, row.value) for row in await session.execute(query)]
