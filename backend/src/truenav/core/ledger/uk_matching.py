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
    breaks = [r.trade_date for r in records if action_of(r) in {Action.RESCALE, Action.EXCHANGE}]
    days = [purchase.trade_date for purchase in purchases]
    sales = [record for record in records if record.id in left]
    # all sales of a day meet that day's purchases before any of them meets a later one
    for is_same_day in (True, False):
        for sale in sales:
            first = bisect_left(days, sale.trade_date)
            last = bisect_right(days, sale.trade_date + WINDOW)
            for purchase in purchases[first:last]:
                if not _may_meet(sale, purchase, breaks, is_same_day=is_same_day):
                    continue
                units = min(left[sale.id], free[purchase.id])
                if units <= 0:
                    continue
                left[sale.id] -= units
                free[purchase.id] -= units
                match = UkMatch(instrument_id, sale.id, purchase, units, is_same_day)
                found.of_sale.setdefault(sale.id, []).append(match)
                found.of_purchase.setdefault(purchase.id, []).append(match)


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


def _may_meet(
    sale: Transaction, purchase: Transaction, breaks: Sequence[date], *, is_same_day: bool
) -> bool:
    if is_same_day:
        return purchase.trade_date == sale.trade_date
    if purchase.trade_date == sale.trade_date:
        return False
    return not any(sale.trade_date < day <= purchase.trade_date for day in breaks)
