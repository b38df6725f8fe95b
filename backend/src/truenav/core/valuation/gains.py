"""Gains, and the part of them that exchange rates made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from truenav.core.ledger.lots import Lot
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue

ZERO = Decimal(0)


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
