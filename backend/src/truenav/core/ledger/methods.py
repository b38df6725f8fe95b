"""Which open lots a closing transaction takes, and in what order: one function per method.

A standing order to the broker, in the words of US practice: FIFO is the default, LIFO, HIFO, LOFO
and minimum tax are standing specific identifications (Reg. 1.1012-1(c)), and average cost is a
method of its own for fund shares (Reg. 1.1012-1(e)). UK_POOLING is the United Kingdom's same-day,
30-day and section 104 matching (TCGA 1992 ss. 104-106A), ACB Canada's adjusted cost base.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from truenav.core.ids import LotId
from truenav.core.ledger.lots import Lot, long_term_from


class LotMethod(StrEnum):
    """Which open lots a closing transaction takes first."""

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    LOFO = "lofo"
    MINIMUM_TAX = "minimum_tax"
    AVERAGE = "average"
    UK_POOLING = "uk_pooling"
    ACB = "acb"


# One cost a unit for all that is held; ACB is the same pool under Canada's name for it.
POOLING = frozenset({LotMethod.AVERAGE, LotMethod.UK_POOLING, LotMethod.ACB})
OLDEST_FIRST = POOLING | {LotMethod.FIFO}


@dataclass(frozen=True, slots=True)
class LotChoice:
    """Units of one lot that a sale names."""

    lot_id: LotId
    quantity: Decimal


METHOD_NAMES = ", ".join(f"'{method.value}'" for method in LotMethod)  # for checks in SQL


@dataclass(frozen=True, slots=True)
class Closing:
    """What a method may look at: the day, and what closing brings (or, covering, costs) a unit."""

    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class MethodPolicy:
    """An account's method, and from which day on another one holds; the last change that began."""

    changes: tuple[tuple[date, LotMethod], ...] = ()
    first: LotMethod = LotMethod.FIFO

    def on(self, day: date) -> LotMethod:
        """The method for a closing transaction of that day."""
        found = self.first
        for begins, method in sorted(self.changes):
            if begins <= day:
                found = method
        return found


def in_order(lots: Sequence[Lot], method: LotMethod, closing: Closing) -> list[Lot]:
    """The lots in the order the method takes them; ties go to the oldest.

    Args:
        lots: All long or all short, oldest first.
        method: FIFO and the pooling methods take the oldest first.
        closing: For MINIMUM_TAX: which lots would be long-term, and what each would gain.
    """
    if method in OLDEST_FIRST:
        return list(lots)
    if method is LotMethod.LIFO:
        return list(reversed(lots))
    return sorted(lots, key=KEYS[method](closing))


def _unit_gain(lot: Lot, price: Decimal) -> Decimal:
    """What closing one unit at a price would gain; short: what it brought in, less the price."""
    unit = lot.cost / lot.quantity
    return unit - price if lot.is_short else price - unit


def _least_gain_first(closing: Closing) -> Callable[[Lot], Any]:
    """HIFO: the highest cost, or for a short sale the lowest proceeds. Unknown costs last."""
    return lambda lot: (not lot.is_cost_known, _unit_gain(lot, closing.price))


def _most_gain_first(closing: Closing) -> Callable[[Lot], Any]:
    """LOFO, the opposite; unknown costs last here too."""
    return lambda lot: (not lot.is_cost_known, -_unit_gain(lot, closing.price))


def _least_tax_first(closing: Closing) -> Callable[[Lot], Any]:
    """Short-term losses, then long-term, each the largest first; then gains, long-term first.

    Gains come smallest first. Source: the order brokers publish for their tax optimizers (Charles
    Schwab, Tax Lot Optimizer).
    """

    def key(lot: Lot) -> tuple[bool, int, Decimal]:
        gain = _unit_gain(lot, closing.price)
        is_long = not lot.is_short and closing.day >= long_term_from(lot.acquired_date)
        if gain < 0:
            rank = 1 if is_long else 0
        elif gain == 0:
            rank = 3 if is_long else 2
        else:
            rank = 4 if is_long else 5
        return (not lot.is_cost_known, rank, gain)

    return key


KEYS: Mapping[LotMethod, Callable[[Closing], Callable[[Lot], Any]]] = {
    LotMethod.HIFO: _least_gain_first,
    LotMethod.LOFO: _most_gain_first,
    LotMethod.MINIMUM_TAX: _least_tax_first,
}
