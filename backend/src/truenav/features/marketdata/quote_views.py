"""What a tenant is told of a quote: the one that is held, the last stored close, or why not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.calendar.exchanges import CalendarUnknown, exchange_days, mic_of
from truenav.core.calendar.sessions import session_on
from truenav.core.marketdata.quotes import (
    Market,
    does_trade_count,
    is_of_last_session,
    session_of,
    trade_day,
)
from truenav.core.marketdata.selection import MANUAL
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata import reads, repository
from truenav.features.marketdata.last_good import HeldQuote
from truenav.features.marketdata.providers.quotes import Wanted
from truenav.features.marketdata.quotes_schemas import QuoteOut, QuoteReason
from truenav.features.marketdata.quoting import Answered, QuoteWanted

# A last close older than this is no measure of a quote, so earlier splits do not matter.
MEASURED_BACK = timedelta(days=400)
# An ISIN or a CUSIP is no symbol a provider knows.
TICKER = re.compile(r"[A-Z][A-Z0-9.-]{0,9}")


@dataclass(frozen=True, slots=True)
class Seen:
    """An instrument the asking tenant may know of, and its last stored close."""

    row: InstrumentRow
    wanted: QuoteWanted
    close: reads.NewestClose | None


async def look(session: AsyncSession, ids: Sequence[UUID], day: date) -> dict[UUID, Seen]:
    """The instruments among these ids that the asking tenant may know of."""
    return await seen(session, await repository.find_by_symbols_or_ids(session, (), ids), day)


async def seen(session: AsyncSession, rows: Sequence[InstrumentRow], day: date) -> dict[UUID, Seen]:
    """These instruments, and what a quote of each is measured by."""
    found = [row.id for row in rows]
    closes = await reads.newest_closes(session, found, day)
    splits = await repository.splits_since(session, found, day - MEASURED_BACK)
    looked_at = {}
    for row in rows:
        close = closes.get(row.id)
        wanted = QuoteWanted(
            instrument_id=row.id,
            wanted=Wanted(
                symbol=row.provider_symbol or row.symbol,
                currency=row.currency,
                asset_class=row.asset_class,
            ),
            market=market_of(row),
            last_close=_measure(row, close, day),
            splits=tuple(splits.get(row.id, ())),
            is_askable=row.delisted_on is None
            and bool(row.provider_symbol or TICKER.fullmatch(row.symbol)),
        )
        looked_at[row.id] = Seen(row, wanted, close)
    return looked_at


def market_of(row: InstrumentRow) -> Market:
    """Where an instrument trades."""
    if row.asset_class == "crypto":
        return Market(None, is_always_open=True)
    mic = mic_of(row.exchange, row.currency)
    return Market(exchange_days(mic) if mic is not None else None)


def _measure(
    row: InstrumentRow, close: reads.NewestClose | None, day: date
) -> tuple[date, Decimal] | None:
    """The stored close a quote is measured by: everybody's, for the cache is everybody's."""
    if close is None or close.currency != row.currency:
        return None
    for one in (close.last, close.earlier):
        if one is not None and one.source != MANUAL and day - one.price_date <= MEASURED_BACK:
            return one.price_date, one.close
    return None


def quote_out(seen: Seen, answered: Answered, now: datetime) -> QuoteOut:
    """The quote that is held, with its age; where there is none, the last stored close."""
    held, close, market = answered.held, seen.close, seen.wanted.market
    if held is not None and not _does_close_count(held, close, market):
        return _of_quote(seen, held, answered.reason, now)
    if close is not None:
        return _of_close(seen, close, answered.reason, now)
    return unknown(seen.row.id, answered.reason or "price_missing", seen.row.symbol)


def _does_close_count(held: HeldQuote, close: reads.NewestClose | None, market: Market) -> bool:
    """Whether a stored close comes before the quote."""
    if close is None:
        return False
    traded_on = trade_day(market, held.quote.as_of)
    return not does_trade_count(traded_on, close.last.price_date, close.last.source)


def _of_quote(seen: Seen, held: HeldQuote, reason: QuoteReason | None, now: datetime) -> QuoteOut:
    quote, market = held.quote, seen.wanted.market
    is_old = now >= held.fresh_until or not is_of_last_session(market, quote.as_of, now)
    return QuoteOut(
        instrument_id=seen.row.id,
        symbol=seen.row.symbol,
        price=quote.price,
        previous_close=quote.previous_close,
        currency=quote.currency,
        as_of=quote.as_of,
        received_at=held.received_at,
        price_date=None,
        source=quote.source,
        delay_minutes=quote.delay_minutes,
        session=session_of(market, quote.as_of, now).value,
        is_stale=is_old,
        age_seconds=_age(quote.as_of, now),
        reason=reason if is_old else None,
    )


def _of_close(
    seen: Seen, close: reads.NewestClose, reason: QuoteReason | None, now: datetime
) -> QuoteOut:
    as_of = close.as_of or _closed_at(seen.wanted.market, close.last.price_date)
    return QuoteOut(
        instrument_id=seen.row.id,
        symbol=seen.row.symbol,
        price=close.last.close,
        previous_close=close.earlier.close if close.earlier is not None else None,
        currency=close.currency,
        as_of=as_of,
        received_at=None,
        price_date=close.last.price_date,
        source=close.last.source,
        delay_minutes=None,
        session="closed",
        is_stale=True,
        age_seconds=_age(as_of, now) if as_of is not None else None,
        reason=reason,
    )


def unknown(instrument_id: UUID, reason: QuoteReason, symbol: str | None = None) -> QuoteOut:
    """Nothing is known, and why."""
    return QuoteOut(
        instrument_id=instrument_id,
        symbol=symbol,
        price=None,
        previous_close=None,
        currency=None,
        as_of=None,
        received_at=None,
        price_date=None,
        source=None,
        delay_minutes=None,
        session="unknown",
        is_stale=False,
        age_seconds=None,
        reason=reason,
    )


def _closed_at(market: Market, day: date) -> datetime | None:
    """When the session of a day ended; None where nobody knows."""
    if market.days is None:
        return None
    try:
        session = session_on(market.days, day)
    except CalendarUnknown:
        return None
    return session.closes_at if session is not None else None


def _age(as_of: datetime, now: datetime) -> int:
    return max(int((now - as_of).total_seconds()), 0)
