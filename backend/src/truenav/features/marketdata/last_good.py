"""The last good quote of every instrument: the last resort, shared by all processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from redis import Redis

from truenav.features.marketdata.messages import QUOTE, QuoteTold, topic_of_instrument
from truenav.features.marketdata.providers.quotes import Quote
from truenav.platform.live.publishing import LiveMessage
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
        """Keep a quote and tell of it, unless a newer one is held; whether it is kept."""
        stamp = max((held.quote.as_of - EPOCH) // MICROSECOND, 0)
        self._sources.put(held.quote.source, stamp, {"as_of": held.quote.as_of.isoformat()})
        return self._cache.put(
            _key(instrument_id), stamp, _fields(held), _told(instrument_id, held)
        )

    def newest_by_source(self, sources: Sequence[str]) -> dict[str, datetime]:
        """When the newest quote of each source was traded, of whatever instrument."""
        found = self._sources.get(sources)
        return {source: datetime.fromisoformat(told["as_of"]) for source, told in found.items()}

    def get(self, instrument_ids: Sequence[UUID]) -> dict[UUID, HeldQuote]:
        """The quotes that are held, by instrument."""
        keys = {_key(one): one for one in instrument_ids}
        found = self._cache.get(list(keys))
        held = {keys[key]: _held(fields) for key, fields in found.items()}
        return {key: one for key, one in held.items() if one is not None}


def _key(instrument_id: UUID) -> str:
    # the tag of its topic: one script writes both
    return f"{{{topic_of_instrument(instrument_id)}}}"


def _told(instrument_id: UUID, held: HeldQuote) -> LiveMessage:
    quote = held.quote
    data = QuoteTold(
        price=quote.price,
        previous_close=quote.previous_close,
        currency=quote.currency,
        as_of=quote.as_of,
        received_at=held.received_at,
        fresh_until=held.fresh_until,
        source=quote.source,
        delay_minutes=quote.delay_minutes,
    )
    return LiveMessage(topic_of_instrument(instrument_id), QUOTE, data.model_dump(mode="json"))


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
