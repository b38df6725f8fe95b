"""Back-adjusted price series, derived from raw closes and events; never stored, never valued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.money import exact


class AdjustmentUndefined(TruenavError):
    """An event that no factor can undo; better no series than one that means nothing."""

    kind = ErrorKind.UNPROCESSABLE
    code = "adjustment_undefined"


class PriceBasis(StrEnum):
    """What a series of prices has been adjusted for."""

    RAW = "raw"
    SPLIT = "split"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """A split (`ratio` new units per old) or a cash dividend (`cash_amount` a unit), by ex-date."""

    ex_date: date
    ratio: Decimal | None = None
    cash_amount: Decimal | None = None


@exact
def adjusted_closes(
    days: Sequence[date],
    closes: Sequence[Decimal],
    events: Sequence[PriceEvent],
    basis: PriceBasis,
) -> list[Decimal]:
    """Raw close × product of the factors of every later event.

        split a:b on E        f = b / a            for all bars before E
        dividend D on E       f = 1 - D / P(E-1)   for all bars before E, total basis only

    Args:
        days: Trading days, oldest first; n items.
        closes: Raw closes as traded; n items, same currency as the dividends.
        events: In any order; those outside the days are ignored.
        basis: RAW returns the closes themselves.

    Returns:
        n adjusted closes; the last ones equal the raw ones.

    Raises:
        AdjustmentUndefined: a dividend as large as the price before it (a liquidation is none).
    Source: CRSP-style backward factors; Yahoo's adjusted close follows the same rule.
    """
    if basis is PriceBasis.RAW:
        return list(closes)
    pending = sorted(events, key=lambda event: event.ex_date)
    factor = Decimal(1)
    adjusted: list[Decimal] = []
    for index in range(len(days) - 1, -1, -1):
        while pending and pending[-1].ex_date > days[index]:
            event = pending.pop()
            if index + 1 < len(days) and event.ex_date <= days[-1]:
                factor *= _factor(event, closes[index], basis)
        adjusted.append(closes[index] * factor)
    return adjusted[::-1]


def _factor(event: PriceEvent, close_before: Decimal, basis: PriceBasis) -> Decimal:
    factor = Decimal(1)
    if event.ratio is not None:
        factor /= event.ratio
    if event.cash_amount is not None and basis is PriceBasis.TOTAL:
        # a split on the same day: the dividend is per new unit, the close before is of an old one
        share = event.cash_amount / (close_before * factor)
        if share >= 1:
            raise AdjustmentUndefined(
                f"the dividend of {event.ex_date} is no less than the price before it",
                ex_date=event.ex_date.isoformat(),
            )
        factor *= 1 - share
    return factor
