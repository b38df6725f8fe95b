"""What each position is worth on one day, what it cost, and how it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.money import exact
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import DatedPrice, FxTable

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingValue:
    """One position valued in the base currency; null figures have their reason in `reasons`.

    `quantity`, `cost` and `market_value` are < 0 when short. `cost` is at the FX rate of each
    lot's own day. `day_change` compares the price day with the last one before it, units held
    now, FX of each day.
    """

    instrument_id: InstrumentId
    quantity: Decimal
    price: DatedPrice | None
    price_currency: str | None
    is_stale: bool
    fx_rate: Decimal | None
    market_value_local: Decimal | None
    market_value: Decimal | None
    cost: Decimal | None
    day_change: Decimal | None
    previous_value: Decimal | None
    reasons: tuple[str, ...]

    @property
    @exact
    def unrealized_gain(self) -> Decimal | None:
        """Market value minus cost; what a short position gained when its price fell is > 0."""
        if self.market_value is None or self.cost is None:
            return None
        return self.market_value - self.cost

    @property
    @exact
    def unrealized_gain_ratio(self) -> Decimal | None:
        """Unrealized gain over the amount at stake."""
        gain = self.unrealized_gain
        return gain / abs(self.cost) if gain is not None and self.cost else None

    @property
    @exact
    def day_change_ratio(self) -> Decimal | None:
        """Day change over the value before it."""
        if self.day_change is None or not self.previous_value:
            return None
        return self.day_change / abs(self.previous_value)


@exact
def value_holding(
    instrument_id: InstrumentId,
    lots: Sequence[Lot],
    market: Market,
    base_currency: str,
    as_of: date,
) -> HoldingValue:
    """Value the open lots of one instrument (all accounts in scope) as of a day.

    Args:
        instrument_id: Of all the lots.
        lots: Open lots, at least one; long and short may meet when accounts are added up.
        market: Prices and rates.
        base_currency: Currency of the figures.
        as_of: Day of the valuation; the last close on or before it is used.
    """
    quantity = sum((-lot.quantity if lot.is_short else lot.quantity for lot in lots), ZERO)
    cost, reasons = _cost(lots, market.fx, base_currency)
    series = market.prices.get(instrument_id)
    price = series.at(as_of) if series is not None else None
    if series is None or price is None:
        return HoldingValue(
            instrument_id=instrument_id,
            quantity=quantity,
            price=None,
            price_currency=None,
            is_stale=False,
            fx_rate=None,
            market_value_local=None,
            market_value=None,
            cost=cost,
            day_change=None,
            previous_value=None,
            reasons=(*reasons, "price_missing"),
        )
    units = quantity * market.multiplier(instrument_id)
    local = units * price.close
    rate = market.fx.rate(series.currency, base_currency, as_of)
    value = local * rate if rate is not None else None
    if rate is None:
        reasons = (*reasons, "fx_missing")
    previous = series.before(price.price_date)
    previous_value = None
    if previous is not None:
        earlier = market.fx.rate(series.currency, base_currency, previous.price_date)
        previous_value = units * previous.close * earlier if earlier is not None else None
    is_stale = price.is_stale(as_of)
    day_change = None
    if value is not None and previous_value is not None and not is_stale:
        day_change = value - previous_value
    return HoldingValue(
        instrument_id=instrument_id,
        quantity=quantity,
        price=price,
        price_currency=series.currency,
        is_stale=is_stale,
        fx_rate=rate,
        market_value_local=local,
        market_value=value,
        cost=cost,
        day_change=day_change,
        previous_value=previous_value,
        reasons=reasons,
    )


def _cost(
    lots: Sequence[Lot], fx: FxTable, base_currency: str
) -> tuple[Decimal | None, tuple[str, ...]]:
    total = ZERO
    reasons: set[str] = set()
    for lot in lots:
        rate = fx.rate(lot.currency, base_currency, lot.acquired_date)
        if not lot.is_cost_known:
            reasons.add("cost_unknown")
        elif rate is None:
            reasons.add("fx_missing_at_acquisition")
        else:
            total += (-lot.cost if lot.is_short else lot.cost) * rate
    return (None, tuple(sorted(reasons))) if reasons else (total, ())
