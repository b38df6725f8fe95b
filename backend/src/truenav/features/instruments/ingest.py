"""Listing instruments that every tenant may find, through the ingest role; safe to repeat."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from truenav.platform.clock import new_id

# Names without dates hold from the beginning of what we keep.
ALWAYS = "1900-01-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An instrument as a market lists it; its ISIN says whether we have it already."""

    symbol: str
    exchange: str
    name: str
    isin: str
    currency: str
    asset_class: str = "equity"


def list_instrument(connection: psycopg.Connection[Any], listing: Listing) -> UUID:
    """The id of the instrument with this ISIN, which is added when nobody has met it."""
    found = connection.execute(
        "SELECT instrument_id FROM instrument_aliases WHERE scheme = 'isin' AND value = %s",
        (listing.isin,),
    ).fetchone()
    if found is not None:
        return UUID(str(found[0]))
    instrument_id = new_id()
    connection.execute(
        "INSERT INTO instruments (id, symbol, exchange, name, asset_class, currency, is_listed)"
        " VALUES (%s, %s, %s, %s, %s, %s, true)",
        (
            instrument_id, listing.symbol, listing.exchange, listing.name,
            listing.asset_class, listing.currency,
        ),
    )  # fmt: skip
    names = (("isin", listing.isin, None), ("symbol", listing.symbol, listing.currency))
    for scheme, value, currency in names:
        connection.execute(
            "INSERT INTO instrument_aliases"
            " (id, instrument_id, scheme, value, currency, valid_from)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (new_id(), instrument_id, scheme, value, currency, ALWAYS),
        )
    return instrument_id
