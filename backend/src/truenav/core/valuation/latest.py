"""What is held at the latest trades instead of the last closes: the same valuation, newer prices.

A trade is laid over the closes as if it were the close of its day, so every figure follows by the
same rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.marketdata.quotes import does_trade_count
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue, value_holding
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import DatedPrice, PriceSeries

# East of where days are counted the next one has begun.
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """The last trade of an instrument: `price` > 0 in major units of `currency`.

    `day` is the trading day it belongs to, where it trades.
    """

    price: Decimal
    currency: str
    day: date
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """Open lots of a scope as of `day`, and what they are valued by; figures in `currency`."""

    lots: Mapping[InstrumentId, Sequence[Lot]]
    market: Market
    currency: str
    day: date


class LatestValues:
    """Positions at the latest trades; a trade that comes revalues its own position alone."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._trades: dict[InstrumentId, Trade] = {}
        self._items = {key: self._valued(key, None) for key in held.lots}

    def see(self, trades: Mapping[InstrumentId, Trade]) -> bool:
        """Take these as the latest trades there are; whether anything is valued anew."""
        changed = [key for key in self._items if self._trades.get(key) != trades.get(key)]
        for key in changed:
            trade = trades.get(key)
            if trade is None:
                del self._trades[key]
            else:
                self._trades[key] = trade
            self._items[key] = self._valued(key, trade)
        return bool(changed)

    @property
    def items(self) -> list[HoldingValue]:
        """Every position."""
        return list(self._items.values())

    def at_trade(self, item: HoldingValue) -> bool:
        """Whether a position is valued at its trade."""
        trade = self._trades.get(item.instrument_id)
        return trade is not None and item.price == _as_close(trade)

    @exact
    def _valued(self, key: InstrumentId, trade: Trade | None) -> HoldingValue:
        held, day = self._held, self._held.day
        market = held.market
        series = None if trade is None else self._over(market.prices.get(key), trade)
        if trade is not None and series is not None:
            market = replace(market, prices={key: series})
            day = max(day, trade.day)
        return value_holding(key, held.lots[key], market, held.currency, day)

    def _over(self, series: PriceSeries | None, trade: Trade) -> PriceSeries | None:
        """The closes with the trade as the newest of them; None where it does not count."""
        if trade.day > self._held.day + ONE_DAY:
            return None  # of a day that is not valued: what is held then is not known
        if series is None:
            return PriceSeries(trade.currency, [trade.day], [trade.price], [trade.source])
        last = series.at(self._held.day)
        if trade.currency != series.currency or last is None:
            return None
        if not does_trade_count(trade.day, last.price_date, last.source):
            return None
        before = series.before(trade.day)
        known = [_as_close(trade)] if before is None else [before, _as_close(trade)]
        return PriceSeries(
            series.currency,
            [one.price_date for one in known],
            [one.close for one in known],
            [one.source for one in known],
        )


def _as_close(trade: Trade) -> DatedPrice:
    return DatedPrice(trade.day, trade.price, trade.source)
