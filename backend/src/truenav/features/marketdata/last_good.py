"""The last good quote of every instrument: the last resort, shared by all processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from redis import Redis

from truenav.features.marketdata.providers.quotes import Quote
from truenav.platform.newest import Fields, NewestCache

PREFIX = "market_data_cache:"
SOURCES_PREFIX = "market_data_newest:"
# A quote nobody could refresh for so long says less than the last close.
KEEP_SECONDS = 30 * 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class HeldQuote:
    """A quote, when it came in, and until when it need not be asked for again."""

    quote: Quote
    received_at: datetime
    fresh_until: datetime


class LastGood:
    """Quotes by instrument; one that was traded earlier never replaces one traded later."""

    def __init__(self, redis: Redis | None) -> None:
        self._cache = NewestCache(redis, PREFIX, KEEP_SECONDS)
        self._sources = NewestCache(redis, SOURCES_PREFIX, KEEP_SECONDS)

    def put(self, instrument_id: UUID, held: HeldQuote) -> bool:
        """Keep a quote, unless a newer one is held; whether it is kept."""
        stamp = max((held.quote.as_of - EPOCH) // MICROSECOND, 0)
        self._sources.put(held.quote.source, stamp, {"as_of": held.quote.as_of.isoformat()})
        return self._cache.put(str(instrument_id), stamp, _fields(held))

    def newest_by_source(self, sources: Sequence[str]) -> dict[str, datetime]:
        """When the newest quote of each source was traded, of whatever instrument."""
        found = self._sources.get(sources)
        return {source: datetime.fromisoformat(told["as_of"]) for source, told in found.items()}

    def get(self, instrument_ids: Sequence[UUID]) -> dict[UUID, HeldQuote]:
        """The quotes that are held, by instrument."""
        found = self._cache.get([str(key) for key in instrument_ids])
        held = {UUID(key): _held(fields) for key, fields in found.items()}
        return {key: one for key, one in held.items() if one is not None}


def _fields(held: HeldQuote) -> dict[str, str]:
    quote = held.quote
    previous = quote.previous_close
    return {
        "symbol": quote.symbol,
        "price": f"{quote.price:f}",
        "currency": quote.currency,
        "as_of": quote.as_of.isoformat(),
        "source": quote.source,
        "delay_minutes": "" if quote.delay_minutes is None else str(quote.delay_minutes),
        "previous_close": "" if previous is None else f"{previous:f}",
        "received_at": held.received_at.isoformat(),
        "fresh_until": held.fresh_until.isoformat(),
    }


def _held(fields: Fields) -> HeldQuote | None:
    """The quote of these fields; None when another version wrote them and they cannot be read."""
    try:
        quote = Quote(
            symbol=fields["symbol"],
            price=Decimal(fields["price"]),
            currency=fields["currency"],
            as_of=datetime.fromisoformat(fields["as_of"]),
            source=fields["source"],
            delay_minutes=int(fields["delay_minutes"]) if fields["delay_minutes"] else None,
            previous_close=Decimal(fields["previous_close"]) if fields["previous_close"] else None,
        )
        return HeldQuote(
            quote,
            datetime.fromisoformat(fields["received_at"]),
            datetime.fromisoformat(fields["fresh_until"]),
        )
    except (KeyError, ValueError, InvalidOperation):
        return None
