"""Massive (Polygon.io until October 2025): daily aggregates, splits and dividends."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit
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
    in_path,
    optional,
    optional_price,
    price,
    shaped,
    to_json,
)
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, BadPayload, Fetcher

SOURCE = "massive"
BASE_URL = "https://api.massive.com"
NEW_YORK = ZoneInfo("America/New_York")
PAGES = 40
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Massive",
    capabilities=frozenset({Capability.HISTORY, Capability.EVENTS}),
    basis="raw",  # asked for so; an answer that says it is adjusted is kept as such
    delay_minutes=None,  # end of day on the free plan
    currencies="USD",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Massive", terms="personal plans forbid passing it on",
    ),
    allowances=(Allowance(5, 60),),
    needs_key=True,
)  # fmt: skip


class MassiveProvider:
    """Shares and funds of the United States."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def covers(self, wanted: Wanted) -> bool:
        """What trades in dollars."""
        return is_listed_in_dollars(wanted)

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Bars as traded, and events: three questions, and more where an answer has pages.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: an unknown symbol, or a reply that makes no sense.
        """
        path = f"/v2/aggs/ticker/{in_path(wanted.symbol)}/range/1/day/{first}/{last}"
        pages = list(self._pages(path, {"adjusted": "false", "sort": "asc", "limit": "50000"}))
        since = {"ticker": wanted.symbol, "limit": "1000"}
        splits = [
            row
            for page in self._pages(
                "/stocks/v1/splits", {**since, "execution_date.gte": str(first)}
            )
            for row in page.get("results", [])
        ]
        dividends = [
            row
            for page in self._pages(
                "/stocks/v1/dividends", {**since, "ex_dividend_date.gte": str(first)}
            )
            for row in page.get("results", [])
        ]
        return _history(pages, splits, dividends)

    def _pages(self, path: str, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        for _ in range(PAGES):
            page = self._fetcher.read("GET", path, params, self._page)
            yield page
            following = page.get("next_url")
            if not following:
                return
            # its address without the key, which stands in a header here
            parts = urlsplit(str(following))
            path, params = parts.path, dict(parse_qsl(parts.query))
        raise BadPayload("massive's pages do not end")

    @shaped
    def _page(self, found: Answered) -> dict[str, Any]:
        self._fetcher.accepted(found)
        page = to_json(found)
        if page["status"] not in {"OK", "DELAYED"}:
            raise BadPayload(f"massive says {page['status']}")
        return dict(page)


@shaped
@exact
def _history(
    pages: list[dict[str, Any]], splits: list[dict[str, Any]], dividends: list[dict[str, Any]]
) -> History:
    is_adjusted = any(page.get("adjusted") for page in pages)
    bars = [bar for page in pages for bar in map(_bar, page.get("results") or [])]
    symbols = {str(page["ticker"]) for page in pages if page.get("ticker")}
    if len(symbols) > 1:
        raise BadPayload(f"pages of {', '.join(sorted(symbols))}")
    events = [
        EventOut(
            ex_date=day(row["execution_date"]),
            ratio=price(row["split_to"]) / price(row["split_from"]),
        )
        for row in splits
    ]
    events += [
        EventOut(ex_date=day(row["ex_dividend_date"]), cash_amount=price(row["cash_amount"]))
        for row in dividends
    ]
    currencies = {str(row.get("currency", "USD")) for row in dividends}
    if currencies - {"USD"}:
        raise BadPayload(f"dividends in {', '.join(sorted(currencies))}")
    return History(
        currency="USD",
        bars=sorted(bars, key=lambda bar: bar.price_date),
        events=sorted(events, key=lambda event: event.ex_date),
        basis="split" if is_adjusted else "raw",
        symbol=symbols.pop() if symbols else None,
    )


def _bar(row: dict[str, Any]) -> Bar:
    at = datetime.fromtimestamp(int(Decimal(row["t"])) / 1000, UTC)
    return Bar(
        price_date=at.astimezone(NEW_YORK).date(),
        open=optional_price(row.get("o")),
        high=optional_price(row.get("h")),
        low=optional_price(row.get("l")),
        close=price(row["c"]),
        volume=optional(row.get("v")),
    )
