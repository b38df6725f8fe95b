"""CoinGecko: coins by id, their prices at each midnight UTC, and the last price."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    History,
    Licence,
    Quote,
    Wanted,
)
from truenav.features.marketdata.providers.reading import in_path, price, shaped, to_json
from truenav.platform.clock import Clock, SystemClock, today
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, Fetcher, NotKnown, PlanForbids

SOURCE = "coingecko"
BASE_URL = "https://api.coingecko.com"
# The coins most people hold; another's id is set as the instrument's provider symbol.
IDS = {
    "BTC": "bitcoin", "XBT": "bitcoin", "ETH": "ethereum", "SOL": "solana", "XRP": "ripple",
    "ADA": "cardano", "DOT": "polkadot", "LTC": "litecoin", "BCH": "bitcoin-cash",
    "LINK": "chainlink", "DOGE": "dogecoin", "USDT": "tether", "USDC": "usd-coin",
    "XLM": "stellar", "ATOM": "cosmos", "AVAX": "avalanche-2", "BNB": "binancecoin",
}  # fmt: skip
RANGE_TOO_LONG, PLAN, KEY_TYPES = 10_012, 10_005, {10_010, 10_011}
FREE_DAYS = 365
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="CoinGecko",
    capabilities=frozenset({Capability.HISTORY, Capability.QUOTE}),
    basis="raw",
    delay_minutes=1,
    currencies="any it knows",
    licence=Licence(
        may_display=True, may_share=False, may_export=False, may_cache_days=None,
        attribution="Price data by CoinGecko", terms="attribution required",
    ),
    allowances=(Allowance(30, 60), Allowance(330, 86_400)),
    needs_key=True,
)  # fmt: skip


class CoinGeckoProvider:
    """Coins; a year back on the demo plan."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher, clock: Clock | None = None) -> None:
        self._fetcher = fetcher
        self._clock = clock if clock is not None else SystemClock()

    def covers(self, wanted: Wanted) -> bool:
        """Coins."""
        return wanted.asset_class == "crypto"

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """A price a day, of the midnight UTC it begins with; a year back at most.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: an unknown coin, more than the plan allows, or a reply of no sense.
        """
        now = today(self._clock)
        # it counts back from today, whatever the last day wanted is
        days = max(1, min((now - first).days + 1, FREE_DAYS))
        found = self._fetcher.read(
            "GET",
            f"/api/v3/coins/{in_path(_id(wanted))}/market_chart",
            {"vs_currency": wanted.currency.lower(), "days": str(days), "interval": "daily"},
            self._page,
        )
        return _history(found, wanted.currency, (first, last), now)

    def quote(self, wanted: Wanted) -> Quote:
        """The last price."""
        asked = {
            "ids": _id(wanted), "vs_currencies": wanted.currency.lower(),
            "include_last_updated_at": "true",
        }  # fmt: skip
        page = self._fetcher.read("GET", "/api/v3/simple/price", asked, self._page)
        return _quote(page, wanted)

    @shaped
    def _page(self, found: Answered) -> dict[str, Any]:
        if found.status in {400, 401, 403}:
            said = to_json(found)
            status = (said.get("error") or {}).get("status") or said.get("status") or {}
            code = int(status.get("error_code", 0))
            if code in {RANGE_TOO_LONG, PLAN, *KEY_TYPES}:
                raise PlanForbids(f"coingecko: not in the key's plan ({code})")
        self._fetcher.accepted(found)
        return dict(to_json(found))


def _id(wanted: Wanted) -> str:
    return IDS.get(wanted.symbol.upper(), wanted.symbol.lower())


@shaped
def _history(page: dict[str, Any], currency: str, span: tuple[date, date], now: date) -> History:
    bars: dict[date, Bar] = {}
    for stamp, value in page["prices"]:
        at = datetime.fromtimestamp(int(Decimal(stamp)) / 1000, UTC)
        if at.date() == now and at.time() != time.min:
            continue  # the price of this moment comes last, beside those of the midnights
        if span[0] <= at.date() <= span[1]:
            bars[at.date()] = Bar(price_date=at.date(), close=price(value))
    return History(
        currency=currency, bars=[bars[key] for key in sorted(bars)], events=(), basis="raw"
    )


@shaped
def _quote(page: dict[str, Any], wanted: Wanted) -> Quote:
    found = page.get(_id(wanted))
    if not found:
        raise NotKnown("coingecko knows no such coin")
    return Quote(
        symbol=wanted.symbol,
        price=price(found[wanted.currency.lower()]),
        currency=wanted.currency,
        as_of=datetime.fromtimestamp(int(Decimal(found["last_updated_at"])), UTC),
        source=SOURCE,
        delay_minutes=1,
    )
