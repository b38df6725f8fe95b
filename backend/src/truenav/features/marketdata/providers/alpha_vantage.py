"""Alpha Vantage: every value a text, every refusal with status 200, 25 calls a day."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    EventOut,
    History,
    Licence,
    Quote,
    Wanted,
    is_listed_in_dollars,
)
from truenav.features.marketdata.providers.reading import (
    day,
    optional,
    optional_price,
    price,
    shaped,
    to_json,
)
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, BadPayload, Fetcher, NotKnown, PlanForbids

SOURCE = "alpha_vantage"
BASE_URL = "https://www.alphavantage.co"
NEW_YORK = ZoneInfo("America/New_York")
CLOSE = time(16)
DAY_SECONDS = 86_400.0
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Alpha Vantage",
    capabilities=frozenset({Capability.HISTORY, Capability.EVENTS, Capability.QUOTE}),
    basis="raw",
    delay_minutes=None,  # the day's close, after the day
    currencies="USD",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Alpha Vantage", terms="no redistribution without a licence",
    ),
    allowances=(Allowance(25, 86_400), Allowance(5, 60)),
    needs_key=True,
)  # fmt: skip


class AlphaVantageProvider:
    """Shares and funds of the United States; the last hundred days on the free plan."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher, key: str) -> None:
        self._fetcher = fetcher
        self._key = key

    def covers(self, wanted: Wanted) -> bool:
        """What trades in dollars: replies name no currency."""
        return is_listed_in_dollars(wanted)

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Bars as traded of the last hundred days at most, and events: three calls.

        Raises:
            ProviderUnavailable: it does not answer, or the day's calls are spent.
            ProviderRefused: an unknown symbol, a premium function, or a reply of no sense.
        """
        bars = self._ask("TIME_SERIES_DAILY", wanted.symbol, outputsize="compact")
        splits = self._ask("SPLITS", wanted.symbol)
        dividends = self._ask("DIVIDENDS", wanted.symbol)
        return _history(bars, splits, dividends, first, last)

    def quote(self, wanted: Wanted) -> Quote:
        """The last close it knows."""
        return _quote(self._ask("GLOBAL_QUOTE", wanted.symbol))

    def _ask(self, function: str, symbol: str, **more: str) -> dict[str, Any]:
        asked = {"function": function, "symbol": symbol, "apikey": self._key, **more}
        return self._fetcher.read("GET", "/query", asked, self._page)

    @shaped
    def _page(self, found: Answered) -> dict[str, Any]:
        self._fetcher.accepted(found)
        page = dict(to_json(found))
        said = str(page.get("Information") or page.get("Note") or "")
        if "premium endpoint" in said.lower():
            raise PlanForbids("alpha_vantage: a premium function")
        if said:
            # its days begin at midnight in New York; asking again in an hour costs nothing
            raise self._fetcher.limited(3600.0, is_quota=True)
        if "Error Message" in page:
            raise NotKnown("alpha_vantage knows no such symbol")
        return page


@shaped
def _history(
    bars: dict[str, Any], splits: dict[str, Any], dividends: dict[str, Any], first: date, last: date
) -> History:
    rows = bars["Time Series (Daily)"]
    found = [_bar(text, row) for text, row in sorted(rows.items()) if first <= day(text) <= last]
    events = [
        EventOut(ex_date=day(row["effective_date"]), ratio=price(row["split_factor"]))
        for row in splits["data"]
    ]
    events += [
        EventOut(ex_date=day(row["ex_dividend_date"]), cash_amount=price(row["amount"]))
        for row in dividends["data"]
        if row["ex_dividend_date"] != "None"
    ]
    return History(
        currency="USD",
        bars=found,
        events=sorted(
            (event for event in events if event.ex_date >= first), key=lambda event: event.ex_date
        ),
        basis="raw",
    )


def _bar(text: str, row: dict[str, str]) -> Bar:
    return Bar(
        price_date=day(text),
        open=optional_price(row.get("1. open")),
        high=optional_price(row.get("2. high")),
        low=optional_price(row.get("3. low")),
        close=price(row["4. close"]),
        volume=optional(row.get("5. volume")),
    )


@shaped
def _quote(page: dict[str, Any]) -> Quote:
    found = page["Global Quote"]
    if not isinstance(found, dict):
        raise BadPayload("alpha_vantage sent no quote")
    if not found:
        raise NotKnown("alpha_vantage knows no such symbol")
    previous = found.get("08. previous close")
    traded = datetime.combine(day(found["07. latest trading day"]), CLOSE, NEW_YORK)
    return Quote(
        symbol=found["01. symbol"],
        price=price(found["05. price"]),
        currency="USD",
        as_of=traded.astimezone(UTC),
        source=SOURCE,
        delay_minutes=None,
        previous_close=price(previous) if previous else None,
    )
