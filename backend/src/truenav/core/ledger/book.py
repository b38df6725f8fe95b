"""The open lots of one instrument, and taking units out of them without losing a cent."""

from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.ids import LotId
from truenav.core.ledger.amounts import apportion, total
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.methods import (
    OLDEST_FIRST,
    POOLING,
    Closing,
    LotChoice,
    LotMethod,
    in_order,
)
from truenav.core.money import exact

ZERO = Decimal(0)


class LotNotHeld(ValueError):
    """A sale names units of a lot that is not open, or more of them than it holds."""


class LotBook:
    """Open lots of one instrument, oldest first, and how many units they hold in all.

    Either all long or all short. The running total keeps a sale from having to add up every lot.
    """

    __slots__ = ("_lots", "units")

    def __init__(self, lots: Iterable[Lot] = ()) -> None:
        self._lots = deque(lots)
        # a caller that looks up a book often makes an empty one that is thrown away
        self.units = sum((lot.quantity for lot in self._lots), ZERO) if self._lots else ZERO

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)

    def __len__(self) -> int:
        return len(self._lots)

    @property
    def is_short(self) -> bool:
        """Whether the lots are owed; false for an empty book."""
        return bool(self._lots) and self._lots[0].is_short

    def copy(self) -> "LotBook":
        """An independent book of the same lots."""
        twin = LotBook()
        twin._lots, twin.units = self._lots.copy(), self.units
        return twin

    def add(self, lot: Lot) -> None:
        """Add a lot in its place by age; mostly the newest."""
        if self._lots and lot.acquired_date < self._lots[-1].acquired_date:
            ordered = list(self._lots)
            insort(ordered, lot, key=lambda other: other.acquired_date)
            self._lots = deque(ordered)
        else:
            self._lots.append(lot)
        self.units += lot.quantity

    @exact
    def release(
        self,
        quantity: Decimal,
        method: LotMethod,
        closing: Closing,
        choices: Sequence[LotChoice] = (),
    ) -> tuple[Lot, ...]:
        """Take `quantity` units (> 0) out of the book: the lots named, then the method's first.

        Units and cost are conserved exactly: a lot taken in part keeps the remainder by
        subtraction.

        Raises:
            ValueError: more units are asked for than the book holds.
            LotNotHeld: a lot named is not open, or holds fewer units; the book is unchanged.
        """
        if quantity > self.units:
            raise ValueError(f"{quantity} units asked for, {self.units} held")
        named = self._named(choices, quantity) if choices else []
        if method in POOLING and not named:
            self._pool()
        elif method not in OLDEST_FIRST or named:
            return self._take_in_order(quantity, method, closing, named)
        return self._take_oldest(quantity)

    def _take_oldest(self, quantity: Decimal) -> tuple[Lot, ...]:
        wanted = quantity
        released: list[Lot] = []
        lots = self._lots
        while wanted > 0:
            lot = lots[0]
            if lot.quantity <= wanted:
                released.append(lots.popleft())
                wanted -= lot.quantity
                continue
            taken, left = lot.split(wanted)
            if left is not None:
                lots[0] = left
            released.append(taken)
            break
        self.units -= quantity
        return tuple(released)

    def _take_in_order(
        self,
        quantity: Decimal,
        method: LotMethod,
        closing: Closing,
        named: Sequence[tuple[Lot, Decimal]],
    ) -> tuple[Lot, ...]:
        open_lots = {lot.id: lot for lot in self._lots}
        # of each lot once: one closing transaction and one lot are one row
        taken = {lot.id: units for lot, units in named}
        wanted = quantity - sum(taken.values(), ZERO)
        for lot in in_order(list(self._lots), method, closing) if wanted > 0 else ():
            units = min(wanted, lot.quantity - taken.get(lot.id, ZERO))
            if units > 0:
                taken[lot.id] = taken.get(lot.id, ZERO) + units
                wanted -= units
            if not wanted:
                break
        released: list[Lot] = []
        for lot_id, units in taken.items():
            part, left = open_lots[lot_id].split(units)
            released.append(part)
            if left is None:
                del open_lots[lot_id]
            else:
                open_lots[lot_id] = left
        self._lots = deque(open_lots.values())  # a changed lot keeps its place
        self.units -= quantity
        return tuple(released)

    def _named(self, choices: Sequence[LotChoice], quantity: Decimal) -> list[tuple[Lot, Decimal]]:
        """The lots a sale names, with units; names beyond its quantity are not taken."""
        by_id = {lot.id: lot for lot in self._lots}
        named: dict[LotId, Decimal] = {}
        for choice in choices:
            lot = by_id.get(choice.lot_id)
            named[choice.lot_id] = named.get(choice.lot_id, ZERO) + choice.quantity
            if lot is None or choice.quantity <= 0 or named[choice.lot_id] > lot.quantity:
                raise LotNotHeld(f"{choice.quantity} units of lot {choice.lot_id}")
        found: list[tuple[Lot, Decimal]] = []
        left = quantity
        for lot_id, wanted in named.items():
            units = min(wanted, left)
            if units > 0:
                found.append((by_id[lot_id], units))
                left -= units
        return found

    def _pool(self) -> None:
        """Give every lot the average cost; dates stay, and the total stays to the last digit."""
        lots = list(self._lots)
        if len({lot.currency for lot in lots}) > 1:
            return  # two currencies have no average; each lot keeps its own cost
        is_known = all(lot.is_cost_known for lot in lots)
        shares = apportion(total(lot.amounts for lot in lots), [lot.quantity for lot in lots])
        self._lots = deque(
            replace(lot, cost=share.traded, costs=share.others, is_cost_known=is_known)
            for lot, share in zip(lots, shares, strict=True)
        )
