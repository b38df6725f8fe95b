"""Which purchases a United Kingdom sale is matched with before the section 104 pool.

A sale is matched with purchases of the same day, then with those of the 30 days after it, the
earliest first (TCGA 1992 ss. 105 and 106A), and only what is left comes out of the pool. So the
cost of a sale may depend on what is bought after it: matches are worked out before lots move.
A reorganisation between the two ends the search: the units would not be the same.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import kept

K = TransactionKind
ZERO = Decimal(0)
WINDOW = timedelta(days=30)
NO_UNITS = frozenset({Action.NONE, Action.KEEP, Action.LOWER_COST})


@dataclass(frozen=True, slots=True)
class UkMatch:
    """Units of one sale and the purchase they are matched with."""

    instrument_id: InstrumentId
    sale: TransactionId
    purchase: Transaction
    quantity: Decimal
    is_same_day: bool


@dataclass(frozen=True, slots=True)
class UkMatches:
    """Every match of one account, by sale and by purchase."""

    of_sale: dict[TransactionId, list[UkMatch]] = field(default_factory=dict)
    of_purchase: dict[TransactionId, list[UkMatch]] = field(default_factory=dict)


def uk_matches(
    records: Iterable[Transaction], is_uk_on: Callable[[Transaction], bool]
) -> UkMatches:
    """Match the sales of one account.

    Args:
        records: In the order they take effect.
        is_uk_on: Whether a sale is closed by the UK rules.
    """
    found = UkMatches()
    by_instrument: dict[InstrumentId, list[Transaction]] = defaultdict(list)
    for record in records:
        # a split may state its ratio alone
        if record.instrument_id is not None and (record.quantity or record.kind is K.SPLIT):
            by_instrument[record.instrument_id].append(record)
    for instrument_id, of_one in by_instrument.items():
        if any(record.kind is K.SELL and is_uk_on(record) for record in of_one):
            _match_one(instrument_id, of_one, is_uk_on, found)
    return found


def _match_one(
    instrument_id: InstrumentId,
    records: Sequence[Transaction],
    is_uk_on: Callable[[Transaction], bool],
    found: UkMatches,
) -> None:
    left, free = _units_to_match(records, is_uk_on)
    purchases = [record for record in records if record.kind is K.BUY]
    breaks = sorted(
        r.trade_date for r in records if action_of(r) in {Action.RESCALE, Action.EXCHANGE}
    )
    days = [purchase.trade_date for purchase in purchases]
    sales = [record for record in records if record.id in left]
    unspent = _Unspent(len(purchases))
    # all sales of a day meet that day's purchases before any of them meets a later one
    for is_same_day in (True, False):
        for sale in sales:
            index, end = _within_reach(sale.trade_date, days, breaks, is_same_day=is_same_day)
            index = unspent.at_or_after(index)
            while index < end and left[sale.id] > 0:
                purchase = purchases[index]
                units = min(left[sale.id], free[purchase.id])
                if units > 0:
                    left[sale.id] -= units
                    free[purchase.id] -= units
                    match = UkMatch(instrument_id, sale.id, purchase, units, is_same_day)
                    found.of_sale.setdefault(sale.id, []).append(match)
                    found.of_purchase.setdefault(purchase.id, []).append(match)
                if free[purchase.id] <= 0:
                    unspent.spend(index)
                index = unspent.at_or_after(index + 1)


def _within_reach(
    sold_on: date, days: Sequence[date], breaks: Sequence[date], *, is_same_day: bool
) -> tuple[int, int]:
    """(first, after the last) of the purchases a sale may be matched with; `days` are theirs."""
    day_after = bisect_right(days, sold_on)
    if is_same_day:
        return bisect_left(days, sold_on), day_after
    end = bisect_right(days, sold_on + WINDOW)
    next_break = bisect_right(breaks, sold_on)
    if next_break < len(breaks):
        end = min(end, bisect_left(days, breaks[next_break]))
    return day_after, end


class _Unspent:
    """Which purchases have units left: finds the next one without walking over those spent.

    Each spent purchase points at one after it, and the way is shortened whenever it is walked, so
    a year of many trades a day costs hardly more than their number.
    """

    def __init__(self, count: int) -> None:
        self._next = list(range(count + 1))

    def at_or_after(self, index: int) -> int:
        """The first unspent purchase from `index` on; their number when there is none."""
        index = min(index, len(self._next) - 1)
        found = index
        while self._next[found] != found:
            found = self._next[found]
        while self._next[index] != found:
            self._next[index], index = found, self._next[index]
        return found

    def spend(self, index: int) -> None:
        """Nothing is left of a purchase."""
        self._next[index] = index + 1


def _units_to_match(
    records: Sequence[Transaction], is_uk_on: Callable[[Transaction], bool]
) -> tuple[dict[TransactionId, Decimal], dict[TransactionId, Decimal]]:
    """Units of each sale that were held, and of each purchase that cover no short sale."""
    held = ZERO
    sold: dict[TransactionId, Decimal] = {}
    bought: dict[TransactionId, Decimal] = {}
    for record in records:
        quantity = record.quantity or ZERO
        if record.kind is K.SELL and is_uk_on(record) and not record.lot_choices:
            sold[record.id] = max(min(-quantity, held), ZERO)
        if record.kind is K.BUY:
            bought[record.id] = max(min(quantity, held + quantity), ZERO)
        held = _held_after(record, held)
    return sold, bought


def _held_after(record: Transaction, held: Decimal) -> Decimal:
    """Units held after a record, < 0 when short; only a sale opens a short."""
    action, quantity = action_of(record), record.quantity or ZERO
    if action in NO_UNITS:
        return held
    if action is Action.RESCALE:
        after = kept(held * record.ratio) if record.ratio is not None else held + quantity
        return after if after * held > 0 else held
    if quantity < 0 and record.kind is not K.SELL:
        return held - min(-quantity, max(held, ZERO))
    return held + quantity
