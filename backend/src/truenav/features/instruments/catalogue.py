"""Instruments the installation itself looks after, written by the role of market data."""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from truenav.platform.clock import new_id

# What a provider can be asked for: an ISIN or a CUSIP is no symbol one knows.
ASKABLE: LiteralString = (
    "(asset_class IN ('equity', 'fund', 'crypto') AND symbol ~ '^[A-Z][A-Z0-9.-]{0,9}$')"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An instrument of a well-known name."""

    symbol: str
    exchange: str
    name: str
    asset_class: str
    currency: str


def follow(connection: psycopg.Connection[Any], listed: Listed) -> tuple[UUID, bool]:
    """Find an instrument by symbol and currency, or add it, and have its prices kept.

    Returns:
        Its id, and whether it was not followed before. The caller commits.
    """
    # imports add instruments too, under the same lock
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue'))")
    row = connection.execute(
        "SELECT id, wanted_at IS NULL FROM instruments"
        " WHERE symbol = %s AND currency = %s AND asset_class IN ('equity', 'fund')"
        " ORDER BY exchange = %s DESC NULLS LAST, is_listed DESC, created_at, id LIMIT 1",
        (listed.symbol, listed.currency, listed.exchange),
    ).fetchone()
    if row is not None:
        connection.execute(
            "UPDATE instruments SET wanted_at = now() WHERE id = %s AND wanted_at IS NULL",
            (row[0],),
        )
        return row[0], bool(row[1])
    instrument_id = new_id()
    connection.execute(
        "INSERT INTO instruments (id, symbol, exchange, name, asset_class, currency, is_listed,"
        " wanted_at) VALUES (%s, %s, %s, %s, %s, %s, true, now())",
        (
            instrument_id, listed.symbol, listed.exchange, listed.name, listed.asset_class,
            listed.currency,
        ),
    )  # fmt: skip
    return instrument_id, True
