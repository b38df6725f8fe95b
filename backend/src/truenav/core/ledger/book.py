"""The open lots of one instrument, and taking units out of them without losing a cent."""

from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from truenav.core.ids import LotId
from truenav.core.ledger.amounts import Amounts, apportion, total
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

    Either all long or all short. The running total keeps a sale from having to add up every lot,
    and a pool's cost is held as one amount: what each lot has of it is worked out when somebody
    looks at the lots, so that a sale out of a pool costs what it takes, not what is held.
    """

    __slots__ = ("_apart", "_lots", "_pool", "units")

    def __init__(self, lots: Iterable[Lot] = ()) -> None:
        self._lots = deque(lots)
        self._pool: _Pool | None = None
        self._apart: list[Lot] = []  # added since the pool was last averaged
        # a caller that looks up a book often makes an empty one that is thrown away
        self.units = sum((lot.quantity for lot in self._lots), ZERO) if self._lots else ZERO

    def __iter__(self) -> Iterator[Lot]:
        self._settle()
        return iter(self._lots)

    def __len__(self) -> int:
        return len(self._lots)

    @property
    def is_short(self) -> bool:
        """Whether the lots are owed; false for an empty book."""
        return bool(self._lots) and self._lots[0].is_short

    def copy(self) -> "LotBook":
        """An independent book of the same lots."""
        self._settle()
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
        if self._pool is not None:
            self._apart.append(lot)
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
        if method in POOLING and not choices:
            pool = self._average()
            return self._take_from_pool(pool, quantity) if pool else self._take_oldest(quantity)
        self._settle()
        named = self._named(choices, quantity) if choices else []
        if method in POOLING and not named:
            self._average()
            self._settle()
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

    def _average(self) -> "_Pool | None":
        """Put the cost of every lot into one pool; None when two currencies have no average."""
        pool = self._pool
        added = self._apart if pool is not None else list(self._lots)
        currencies = {lot.currency for lot in added} | ({pool.currency} if pool else set())
        if len(currencies) != 1:
            self._settle()
            return None
        cost = total(lot.amounts for lot in added)
        is_known = all(lot.is_cost_known for lot in added)
        if pool is not None:
            cost = pool.cost + cost if added else pool.cost
            is_known = pool.is_cost_known and is_known
        self._pool, self._apart = _Pool(cost, currencies.pop(), is_known), []
        return self._pool

    def _take_from_pool(self, pool: "_Pool", quantity: Decimal) -> tuple[Lot, ...]:
        """The oldest lots' units at the average cost; what stays keeps the rest of the pool."""
        cost = pool.cost
        wanted, released = quantity, []
        while wanted > 0:
            lot = self._lots[0]
            units = min(wanted, lot.quantity)
            share = cost.share(units, self.units)
            released.append(lot.with_(units, share, is_cost_known=pool.is_cost_known))
            if units == lot.quantity:
                self._lots.popleft()
            else:
                # its cost is in the pool: what the lot says of it no longer counts
                self._lots[0] = lot.with_(lot.quantity - units, lot.amounts)
            cost -= share
            self.units -= units
            wanted -= units
        self._pool = replace(pool, cost=cost) if self._lots else None
        return tuple(released)

    def _settle(self) -> None:
        """Give every lot its part of the pool; dates stay, the total stays to the last digit."""
        pool, self._pool = self._pool, None
        apart, self._apart = {lot.id for lot in self._apart}, []
        if pool is None:
            return
        pooled = [lot for lot in self._lots if lot.id not in apart]
        shares = iter(apportion(pool.cost, [lot.quantity for lot in pooled]))
        self._lots = deque(
            lot
            if lot.id in apart
            else lot.with_(lot.quantity, next(shares), is_cost_known=pool.is_cost_known)
            for lot in self._lots
        )


@dataclass(frozen=True, slots=True)
class _Pool:
    """What the pooled lots of a book cost together."""

    cost: Amounts
    currency: str
    is_cost_known: bool
