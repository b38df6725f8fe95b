"""Alpaca's market data: bars as traded, and the richest public list of corporate actions."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from truenav.core.money import exact
from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    EventOut,
    History,
    Licence,
    Wanted,
    is_listed_in_dollars,
)
from truenav.features.marketdata.providers.reading import (
    day,
    instant,
    optional,
    optional_price,
    price,
    shaped,
    to_json,
)
from truenav.platform.clock import Clock, SystemClock, today
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, BadPayload, Fetcher

SOURCE = "alpaca"
BASE_URL = "https://data.alpaca.markets"
ONE = Decimal(1)
NEW_YORK = ZoneInfo("America/New_York")
PAGES = 100
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Alpaca",
    capabilities=frozenset({Capability.HISTORY, Capability.EVENTS}),
    basis="raw",
    delay_minutes=15,  # the consolidated tape is free once it is that old
    currencies="USD",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Alpaca", terms="for the holder of the key",
    ),
    allowances=(Allowance(200, 60),),
    needs_key=True,
)  # fmt: skip


class AlpacaProvider:
    """Shares and funds of the United States."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher, *, feed: str = "sip", clock: Clock | None = None) -> None:
        """Ask one tape: "sip" is consolidated, "iex" one exchange's own (fewer trades)."""
        self._fetcher = fetcher
        self._feed = feed
        self._clock = clock if clock is not None else SystemClock()

    def covers(self, wanted: Wanted) -> bool:
        """What trades in dollars."""
        return is_listed_in_dollars(wanted)

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Bars as traded up to yesterday; splits, stock and cash dividends.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: a plan without this tape, or a reply that makes no sense.
        """
        span = {"symbols": wanted.symbol, "start": first.isoformat(), "end": last.isoformat()}
        bars: list[Bar] = []
        # the last minutes of the consolidated tape are refused on the free plan, and today's bar
        # is still moving
        ends = min(last, today(self._clock) - timedelta(days=1))
        asked = {
            **span, "end": ends.isoformat(), "timeframe": "1Day", "adjustment": "raw",
            "feed": self._feed, "limit": "10000",
        }  # fmt: skip
        for page in self._pages("/v2/stocks/bars", asked) if first <= ends else ():
            bars += _bars(page, wanted.symbol)
        events: list[EventOut] = []
        for page in self._pages("/v1/corporate-actions", {**span, "limit": "1000"}):
            events += _events(page, wanted.symbol)
        return History(
            currency="USD",
            bars=sorted(bars, key=lambda bar: bar.price_date),
            events=sorted(events, key=lambda event: event.ex_date),
            basis="raw",
        )

    def _pages(self, path: str, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        for _ in range(PAGES):
            page = self._fetcher.read("GET", path, params, self._page)
            yield page
            token = page.get("next_page_token")
            if not token:
                return
            params = {**params, "page_token": str(token)}
        raise BadPayload("alpaca's pages do not end")

    @shaped
    def _page(self, found: Answered) -> dict[str, Any]:
        self._fetcher.accepted(found)
        return dict(to_json(found))


@shaped
def _bars(page: dict[str, Any], symbol: str) -> list[Bar]:
    return [
        Bar(
            # midnight in New York, told in UTC
            price_date=instant(row["t"]).astimezone(NEW_YORK).date(),
            open=optional_price(row.get("o")),
            high=optional_price(row.get("h")),
            low=optional_price(row.get("l")),
            close=price(row["c"]),
            volume=optional(row.get("v")),
        )
        for row in (page["bars"] or {}).get(symbol, [])
    ]


@shaped
@exact
def _events(page: dict[str, Any], symbol: str) -> list[EventOut]:
    """Splits, stock and cash dividends; what moves other instruments waits for a person."""
    groups = page["corporate_actions"] or {}
    splits = [*groups.get("forward_splits", []), *groups.get("reverse_splits", [])]
    found = [
        EventOut(ex_date=day(row["ex_date"]), ratio=price(row["new_rate"]) / price(row["old_rate"]))
        for row in splits
        if row["symbol"] == symbol
    ]
    found += [
        EventOut(ex_date=day(row["ex_date"]), ratio=ONE + price(row["rate"]))
        for row in groups.get("stock_dividends", [])
        if row["symbol"] == symbol
    ]
    found += [
        EventOut(
            ex_date=day(row["effective_date"]),
            ratio=price(row["new_rate"]) / price(row["old_rate"]),
        )
        for row in groups.get("unit_splits", [])
        # under another symbol it is another instrument: that is no split of this one
        if row["old_symbol"] == row["new_symbol"] == symbol
    ]
    found += [
        EventOut(ex_date=day(row["ex_date"]), cash_amount=price(row["rate"]))
        for row in groups.get("cash_dividends", [])
        if row["symbol"] == symbol
    ]
    return found
