"""Tiingo: end-of-day bars as traded with splits and dividends in the row, and IEX's last trade."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    EventOut,
    Found,
    History,
    Licence,
    Quote,
    Wanted,
    is_listed_in_dollars,
)
from truenav.features.marketdata.providers.reading import (
    day,
    decimal,
    in_path,
    instant,
    optional,
    optional_price,
    price,
    shaped,
    to_json,
)
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, BadPayload, Fetcher, NotKnown

SOURCE = "tiingo"
BASE_URL = "https://api.tiingo.com"
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Tiingo",
    capabilities=frozenset(
        {Capability.HISTORY, Capability.EVENTS, Capability.QUOTE, Capability.SEARCH}
    ),
    basis="raw",
    delay_minutes=None,  # IEX's own trades as they happen, the consolidated close after the day
    currencies="USD",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Tiingo", terms="internal use only",
    ),
    allowances=(Allowance(50, 3600), Allowance(1000, 86_400)),
    needs_key=True,
)  # fmt: skip
CLASSES = {"Stock": "equity", "ETF": "fund", "Mutual Fund": "fund"}


class TiingoProvider:
    """Shares and funds of the United States."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def covers(self, wanted: Wanted) -> bool:
        """What trades in dollars."""
        return is_listed_in_dollars(wanted)

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """Bars as traded, and the events among them.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: an unknown symbol, or a reply that makes no sense.
        """
        return self._fetcher.read(
            "GET",
            f"/tiingo/daily/{in_path(_theirs(wanted.symbol))}/prices",
            {"startDate": first.isoformat(), "endDate": last.isoformat(), "format": "json"},
            self._history,
        )

    def quote(self, wanted: Wanted) -> Quote:
        """The last trade on IEX."""
        symbol = _theirs(wanted.symbol)
        return self._fetcher.read("GET", "/iex/", {"tickers": symbol}, self._quote)

    def search(self, text: str) -> Sequence[Found]:
        """Instruments by name or symbol."""
        return self._fetcher.read("GET", "/tiingo/utilities/search", {"query": text}, self._found)

    @shaped
    def _history(self, found: Answered) -> History:
        rows = _rows(self._fetcher, found)
        return History(
            currency="USD",
            bars=[_bar(row) for row in rows],
            events=[event for row in rows for event in _events(row)],
            basis="raw",
        )

    @shaped
    def _quote(self, found: Answered) -> Quote:
        rows = _rows(self._fetcher, found)
        if not rows:
            raise NotKnown("tiingo knows no such symbol")
        row = rows[0]
        previous = row.get("prevClose")
        return Quote(
            symbol=str(row["ticker"]),
            price=price(row["tngoLast"] if row.get("tngoLast") is not None else row["last"]),
            currency="USD",
            as_of=instant(row.get("lastSaleTimestamp") or row["timestamp"]),
            source=SOURCE,
            delay_minutes=0,
            previous_close=price(previous) if previous is not None else None,
        )

    @shaped
    def _found(self, found: Answered) -> Sequence[Found]:
        return [
            Found(
                symbol=str(row["ticker"]),
                name=str(row["name"] or row["ticker"]),
                exchange=None,
                currency="USD" if row.get("countryCode") in {None, "US"} else None,
                asset_class=CLASSES.get(str(row.get("assetType")), "other"),
                source=SOURCE,
            )
            for row in _rows(self._fetcher, found)
            if row.get("isActive", True)
        ]


def _theirs(symbol: str) -> str:
    """BRK.B is BRK-B there."""
    return symbol.replace(".", "-")


def _rows(fetcher: Fetcher, found: Answered) -> list[dict[str, Any]]:
    fetcher.accepted(found)
    rows = to_json(found)
    if not isinstance(rows, list):
        raise BadPayload("tiingo sent something else than rows")
    return rows


def _bar(row: dict[str, Any]) -> Bar:
    return Bar(
        price_date=day(row["date"]),
        open=optional_price(row.get("open")),
        high=optional_price(row.get("high")),
        low=optional_price(row.get("low")),
        close=price(row["close"]),
        volume=optional(row.get("volume")),
    )


def _events(row: dict[str, Any]) -> list[EventOut]:
    found = []
    if (ratio := decimal(row.get("splitFactor", 1))) != 1:
        found.append(EventOut(ex_date=day(row["date"]), ratio=price(ratio)))
    if (amount := decimal(row.get("divCash", 0))) != 0:
        found.append(EventOut(ex_date=day(row["date"]), cash_amount=price(amount)))
    return found
