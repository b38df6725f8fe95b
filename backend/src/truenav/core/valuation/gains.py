"""Gains, and the part of them that exchange rates made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Self

from truenav.core.ledger.lots import Lot
from truenav.core.money import exact, to_decimal_places
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.series import FxTable
from truenav.core.versions import Version, versioned

ZERO, ONE = Decimal(0), Decimal(1)
VERSION: Final = Version(
    "gains", "2026.2", date(2026, 11, 30),
    "What a holding realized is in the currency of the answer, each leg at the rate of its own"
    " day.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gain:
    """A gain in one currency; None with `reasons` as soon as a part of it is not known.

    `from_currency` is what exchange rates made of it, the rest is of prices. It may be unknown
    while the gain is not.
    """

    gain: Decimal | None = ZERO
    from_currency: Decimal | None = ZERO
    count: int = 0
    reasons: tuple[str, ...] = ()

    @exact
    def plus(self, other: Self) -> "Gain":
        """Both together: never a part passed off as the whole."""
        return Gain(
            _added(self.gain, other.gain),
            _added(self.from_currency, other.from_currency),
            self.count + other.count,
            tuple(sorted({*self.reasons, *other.reasons})),
        )


def _added(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left + right


def together(gains: Iterable[Gain]) -> Gain:
    """The sum; of nothing it is zero."""
    found = Gain()
    for one in gains:
        found = found.plus(one)
    return found


@exact
def unrealized(item: HoldingValue, lots: Sequence[Lot], currency: str) -> Gain:
    """The unrealized gain of a position, and what exchange rates made of it.

    Prices made what the units gained in the currency of their price, at the rate of the day; the
    rest is what rates did to what they cost.

    Args:
        item: The position, valued in `currency`.
        lots: Its open lots.
        currency: Of the gain.
    """
    gain = item.unrealized_gain
    if gain is None:
        return Gain(None, None, 1, item.reasons or ("value_unknown",))
    if item.price_currency == currency and all(lot.currency == currency for lot in lots):
        return Gain(gain, ZERO, 1)
    local, rate = item.market_value_local, item.fx_rate
    if local is None or rate is None or any(lot.currency != item.price_currency for lot in lots):
        return Gain(gain, None, 1)
    cost = sum((-lot.cost if lot.is_short else lot.cost for lot in lots), ZERO)
    return Gain(gain, gain - (local - cost) * rate, 1)


@dataclass(frozen=True, slots=True)
class Legs:
    """What came for units, and what they cost, in one currency; null without a rate."""

    proceeds: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What was closed: as traded, and as it is kept in the currency that is asked for.

    `kept` is None where nothing is kept in that currency.
    """

    currency: str
    acquired_date: date
    closed_date: date
    is_short: bool
    is_cost_known: bool
    proceeds: Decimal
    cost: Decimal
    kept: Legs | None


@versioned(VERSION)
@exact
def realized(one: Closed, currency: str, fx: FxTable) -> Gain:
    """The gain of what was closed: as it is kept in a currency, else each leg at its day's rate.

    Args:
        one: What was closed.
        currency: Of the gain.
        fx: Rates of the days it was acquired and closed, where nothing is kept.
    """
    if not one.is_cost_known:
        return Gain(None, None, 1, ("cost_unknown",))
    legs = one.kept or converted(one, currency, fx)
    if legs.proceeds is None or legs.cost is None:
        return Gain(None, None, 1, ("fx_missing",))
    return Gain(legs.proceeds - legs.cost, currency_effect(one, currency, legs), 1)


@exact
def converted(one: Closed, currency: str, fx: FxTable) -> Legs:
    """Each leg at the rate of the day it is of; of a short position the cost is the later one."""
    opened = fx.rate(one.currency, currency, one.acquired_date)
    ended = fx.rate(one.currency, currency, one.closed_date)
    if opened is None or ended is None:
        return Legs(None, None)
    sold, bought = (opened, ended) if one.is_short else (ended, opened)
    return Legs(one.proceeds * sold, one.cost * bought)


@exact
def currency_effect(one: Closed, currency: str, legs: Legs) -> Decimal | None:
    """What of a gain in `currency` exchange rates made; None where nobody can tell.

    Gain as traded, at the rate of the day it was closed, is of prices. That rate is in the leg
    that was converted on that day: proceeds, or the cost of covering.
    """
    if one.currency == currency:
        return ZERO
    if legs.proceeds is None or legs.cost is None or not one.is_cost_known:
        return None
    traded, made = (one.cost, legs.cost) if one.is_short else (one.proceeds, legs.proceeds)
    if not traded:
        return None
    of_prices = (one.proceeds - one.cost) * made / traded
    return to_decimal_places(legs.proceeds - legs.cost - of_prices, 8)


@exact
def part(of: Gain, weight: Decimal) -> Gain:
    """What of a gain belongs to something that holds so much of it."""
    if weight == ONE:
        return of
    gain, rates = (None if one is None else one * weight for one in (of.gain, of.from_currency))
    return Gain(gain, rates, of.count, of.reasons)
