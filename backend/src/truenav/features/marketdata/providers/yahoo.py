"""Yahoo's chart reply: closes adjusted for splits, events beside them. Personal use only."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truenav.core.errors import UnknownCurrency
from truenav.core.money import exact, major_unit
from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    EventOut,
    History,
    Licence,
    Quote,
    Wanted,
)
from truenav.features.marketdata.providers.reading import in_path, price, shaped
from truenav.platform.clock import Clock, SystemClock, today
from truenav.platform.http import Answered, BadPayload, Fetcher, NotKnown

SOURCE = "yahoo"
MAX_PRICE = Decimal("1E12")


DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Yahoo (unofficial)",
    capabilities=frozenset({Capability.HISTORY, Capability.EVENTS, Capability.QUOTE}),
    basis="raw",  # its closes are adjusted for splits; the splits come along and are undone
    delay_minutes=None,  # by exchange: nearly none in the United States, 15 and more elsewhere
    currencies="the exchange's, minor units made major",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Yahoo", terms="personal use",
    ),
    is_personal_only=True,
)  # fmt: skip


class YahooChartProvider:
    """Daily history and the last trade from the chart endpoint."""

    descriptor = DESCRIPTOR
    source = SOURCE

    def __init__(self, fetcher: Fetcher, clock: Clock | None = None) -> None:
        self._fetcher = fetcher
        self._clock = clock if clock is not None else SystemClock()

    def covers(self, wanted: Wanted) -> bool:
        """Shares, funds and coins under a ticker."""
        return wanted.asset_class in {"equity", "fund", "crypto"}

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Raw bars as traded (split adjustment undone), and events up to today.

        Its closes are adjusted for every split up to today, so today is always asked up to:
        without the later splits an earlier close cannot be brought back to what was traded.

        Raises:
            ProviderUnavailable: it does not answer.
            ProviderRefused: an unknown symbol, or a reply that makes no sense.
        """
        ends = max(last, today(self._clock)) + timedelta(days=1)
        found = self._fetcher.read(
            "GET",
            f"/v8/finance/chart/{in_path(wanted.symbol)}",
            {
                "period1": str(_epoch(first)),
                "period2": str(_epoch(ends)),
                "interval": "1d",
                "events": "div,splits",
                "includePrePost": "false",
            },
            self._history,
        )
        return replace(found, bars=[bar for bar in found.bars if first <= bar.price_date <= last])

    def quote(self, wanted: Wanted) -> Quote:
        """The last trade the chart tells of."""
        return self._fetcher.read(
            "GET",
            f"/v8/finance/chart/{in_path(wanted.symbol)}",
            {"range": "1d", "interval": "1d", "includePrePost": "false"},
            self._quote,
        )

    def _history(self, found: Answered) -> History:
        return parse_chart(self._fetcher.accepted(found))

    def _quote(self, found: Answered) -> Quote:
        return parse_quote(self._fetcher.accepted(found))


@shaped
def parse_quote(reply: bytes) -> Quote:
    """The last trade of a chart's head.

    Raises:
        BadPayload: no price, no instant, an unknown currency.
    """
    chart = json.loads(reply, parse_float=Decimal, parse_constant=_refuse)["chart"]
    if chart["error"]:
        raise NotKnown(f"yahoo: {chart['error'].get('description', 'error')}")
    meta = chart["result"][0]["meta"]
    currency, factor = major_unit(meta["currency"])
    previous = meta.get("chartPreviousClose")
    return Quote(
        symbol=str(meta["symbol"]),
        price=price(meta["regularMarketPrice"]) * factor,
        currency=currency,
        as_of=datetime.fromtimestamp(int(meta["regularMarketTime"]), UTC),
        source=SOURCE,
        delay_minutes=None,
        previous_close=price(previous) * factor if previous is not None else None,
    )


def _epoch(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())


@exact
def parse_chart(reply: bytes) -> History:
    """Read one reply. A session that is still open, null bars and repeated days are left out.

    Raises:
        BadPayload: HTML, an error inside, unknown currency, prices that are none.
    """
    try:
        chart = json.loads(reply, parse_float=Decimal, parse_constant=_refuse)["chart"]
        if chart["error"]:
            raise NotKnown(f"yahoo: {chart['error'].get('description', 'error')}")
        result = chart["result"][0]
        meta, quote = result["meta"], result["indicators"]["quote"][0]
        currency, factor = major_unit(meta["currency"])
        zone = ZoneInfo(meta["exchangeTimezoneName"])
        stamps = result.get("timestamp", [])
        events = _events(result.get("events", {}), zone, factor)
        bars = _bars(stamps, quote, zone, factor, _open_session(meta, zone))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise BadPayload("yahoo sent something else than a chart") from error
    except (UnknownCurrency, ZoneInfoNotFoundError, ArithmeticError) as error:
        raise BadPayload(f"yahoo: {error}") from error
    splits = [event for event in events if event.ratio is not None]
    return History(
        currency=currency,
        bars=[replace(bar, close=bar.close * _later(splits, bar.price_date)) for bar in bars],
        events=[_as_paid(event, splits) for event in events],
        basis="raw",
        symbol=str(meta["symbol"]) if "symbol" in meta else None,
    )


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _open_session(meta: dict[str, Any], zone: ZoneInfo) -> date | None:
    """The day whose bar is still moving, if the market is open."""
    regular = meta.get("currentTradingPeriod", {}).get("regular", {})
    moment, ends = meta.get("regularMarketTime"), regular.get("end")
    if moment is None or ends is None or moment >= ends:
        return None
    return datetime.fromtimestamp(int(moment), zone).date()


def _bars(
    stamps: list[int],
    quote: dict[str, list[Decimal | None]],
    zone: ZoneInfo,
    factor: Decimal,
    open_session: date | None,
) -> list[Bar]:
    found: dict[date, Bar] = {}
    for index, stamp in enumerate(stamps):
        close = quote["close"][index]
        day = datetime.fromtimestamp(int(stamp), zone).date()
        if close is None or day == open_session:
            continue
        price = Decimal(close) * factor
        if not 0 < price < MAX_PRICE:
            raise BadPayload(f"yahoo: {price} is no price")
        volume = quote.get("volume", [None] * len(stamps))[index]
        found[day] = Bar(
            price_date=day, close=price, volume=Decimal(volume) if volume is not None else None
        )
    return sorted(found.values(), key=lambda bar: bar.price_date)


def _events(raw: dict[str, Any], zone: ZoneInfo, factor: Decimal) -> list[EventOut]:
    found = [
        EventOut(
            ex_date=datetime.fromtimestamp(int(entry["date"]), zone).date(),
            ratio=Decimal(entry["numerator"]) / Decimal(entry["denominator"]),
        )
        for entry in raw.get("splits", {}).values()
    ]
    found += [
        EventOut(
            ex_date=datetime.fromtimestamp(int(entry["date"]), zone).date(),
            cash_amount=Decimal(entry["amount"]) * factor,
        )
        for entry in raw.get("dividends", {}).values()
    ]
    if any(value is not None and value <= 0 for e in found for value in (e.ratio, e.cash_amount)):
        raise BadPayload("yahoo: a split or dividend of nothing")
    return sorted(found, key=lambda event: event.ex_date)


def _later(splits: list[EventOut], day: date) -> Decimal:
    """What undoes the adjustment: a close before a 2:1 split was twice what the chart says."""
    factor = Decimal(1)
    for split in splits:
        if split.ex_date > day:
            factor *= split.ratio or 1
    return factor


def _as_paid(event: EventOut, splits: list[EventOut]) -> EventOut:
    """A dividend per unit of its own day; the chart divides it by later splits too."""
    if event.cash_amount is None:
        return event
    return replace(event, cash_amount=event.cash_amount * _later(splits, event.ex_date))
