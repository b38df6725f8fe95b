"""Transactions → lots, closures, positions and cash. The same records always give the same lots.

Order. Records are taken by trade date; within a day by phase (see `ordering.Phase`), then by
time where the broker states one, then by content. So the order of a file's rows never changes
a day's totals, and units received that day can be delivered that day:

1. splits and spin-offs, before anything is traded on their ex-date;
2. what opens: purchases, openings of short sales, rewards, units that arrive;
3. options and rights used, and then the purchases they led to;
4. what leaves for another account;
5. what closes: sales, covers, expiries;
6. exchanges of one instrument for another: mergers, changes of name;
7. what moves only cash, and returns of capital.

An unmarked sale of more than is held closes what there is and opens a short lot with the rest;
a purchase covers short lots first. Nothing here refuses a record: what cannot be interpreted is
kept, counted in cash, and noted for review.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from truenav.core.ids import InstrumentId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.bookkeeper import Bookkeeper
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.events import close_fraction, fold, lower_cost, move_cost, rescale
from truenav.core.ledger.lots import LotClosure
from truenav.core.ledger.merging import exchange
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.ordering import order_of
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.state import LedgerState, Position, ReviewNote
from truenav.core.ledger.trades import arrive, deliver, depart, receive
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.ledger.uk_matching import UkMatches, uk_matches
from truenav.core.money import exact
from truenav.core.versions import Version, versioned

__all__ = ["LedgerState", "Position", "ReviewNote", "realized_gains", "replay", "replay_days"]
K = TransactionKind
ZERO = Decimal(0)
TRADED_ONLY = CostCurrencies()
# A new number whenever the same records give other lots, gains or notes than before: what was
# derived by another version is worked out again from nothing.
VERSION: Final = Version(
    "lots", "2026.5", date(2026, 11, 30),
    "Units of unknown cost that a United Kingdom sale takes from the pool come back unknown.",
)  # fmt: skip


@versioned(VERSION)
@exact
def replay(
    transactions: Iterable[Transaction],
    *,
    method: LotMethod | MethodPolicy = LotMethod.FIFO,
    start: LedgerState | None = None,
    currencies: CostCurrencies = TRADED_ONLY,
) -> LedgerState:
    """Apply the records of one account, in any order, to nothing or to an earlier state.

    Args:
        transactions: Live records (no reversed pairs) of one account; with `start`, only records
            dated after `start.through`.
        method: Which lots a sale takes first; a policy changes it from given days on. A record
            may name another, or the lots themselves.
        start: State to continue from; it is left as it was.
        currencies: In which currencies beside the traded one lots keep their cost.

    Returns:
        The state after the last record. Continuing equals starting over; under UK_POOLING only
        from a state that ends 31 days or more before the first new purchase.

    Raises:
        ValueError: a record is dated on or before `start.through`.
    """
    state = start.copy() if start is not None else LedgerState()
    for _ in replay_days(transactions, method=method, state=state, currencies=currencies):
        pass
    return state


def replay_days(
    transactions: Iterable[Transaction],
    *,
    method: LotMethod | MethodPolicy = LotMethod.FIFO,
    state: LedgerState,
    currencies: CostCurrencies = TRADED_ONLY,
) -> Iterator[tuple[date, Sequence[Transaction]]]:
    """Apply records to `state` day by day, in place; yield each day after it was applied.

    For callers that look at the state between days (a NAV series). Raises as `replay` does.
    """
    ordered = sorted(transactions, key=order_of)
    policy = method if isinstance(method, MethodPolicy) else MethodPolicy(first=LotMethod(method))
    matches = _matches(ordered, policy)
    engine = _Engine(Bookkeeper(state, policy, currencies, matches))
    if state.through is not None and ordered and ordered[0].trade_date <= state.through:
        raise ValueError("a state can be continued only with records of later days")
    for day, of_day in groupby(ordered, key=lambda record: record.trade_date):
        records = list(of_day)
        engine.apply_day(day, records)
        yield day, records


def _matches(ordered: Sequence[Transaction], policy: MethodPolicy) -> UkMatches:
    if LotMethod.UK_POOLING not in {policy.first, *(method for _, method in policy.changes)}:
        return UkMatches()
    return uk_matches(ordered, lambda record: policy.on(record.trade_date) is LotMethod.UK_POOLING)


class _Engine:
    """Applies days to one state: cash first, then what each record asks of the lots."""

    def __init__(self, keeper: Bookkeeper) -> None:
        self.keeper = keeper
        self.state = keeper.state

    @exact
    def apply_day(self, day: date, records: Sequence[Transaction]) -> None:
        """Apply one day's records, already in order."""
        exchanges = []
        self.keeper.folded.clear()
        self.keeper.trade_links = {
            record.link_id
            for record in records
            if record.link_id is not None
            and record.kind in {K.BUY, K.SELL}
            and record.quantity
            and record.instrument_id is not None
        }
        for record in records:
            for currency, change in cash_effects(record):
                self.state.cash[currency] = self.state.cash.get(currency, ZERO) + change
            action = action_of(record)
            if action is Action.EXCHANGE:
                exchanges.append(record)
            else:
                self._apply(record, action)
        if exchanges:
            exchange(self.keeper, exchanges)
        for instrument_id in {r.instrument_id for r in records if r.instrument_id is not None}:
            self.state.units_on[instrument_id, day] = self.state.quantity(instrument_id)
        self.state.through = day

    def _apply(self, record: Transaction, action: Action) -> None:
        instrument_id = record.instrument_id
        if action is Action.NONE:
            return
        if action is Action.KEEP:
            self.keeper.note(record, "unknown_kind", "kept; only its cash amount is counted")
        elif instrument_id is None:
            self._note_missing(record, action)
        elif action in WITHOUT_UNITS:
            WITHOUT_UNITS[action](self.keeper, record, instrument_id)
        elif not record.quantity:
            self._note_missing(record, action)
        else:
            self.keeper.traded(record, instrument_id)
            WITH_UNITS[action](self.keeper, record, instrument_id)

    def _note_missing(self, record: Transaction, action: Action) -> None:
        if action in {Action.ARRIVE, Action.DEPART} or record.kind is K.ADJUSTMENT:
            return  # money may come and go without units
        if action in {Action.RESCALE, Action.LOWER_COST}:
            self.keeper.note(record, "nothing_held", "no instrument is stated")
        elif action is Action.CLOSE_FRACTION:
            self.keeper.note(record, "units_unknown", "cash in lieu of nothing that is named")
        else:
            self.keeper.note(record, "units_unknown", "no instrument or quantity is stated")


Handler = Callable[[Bookkeeper, Transaction, InstrumentId], None]
WITHOUT_UNITS: Mapping[Action, Handler] = {
    Action.RESCALE: rescale,
    Action.LOWER_COST: lower_cost,
    Action.CLOSE_FRACTION: close_fraction,
}
WITH_UNITS: Mapping[Action, Handler] = {
    Action.RECEIVE: receive,
    Action.DELIVER: deliver,
    Action.ARRIVE: arrive,
    Action.DEPART: depart,
    Action.MOVE_COST: move_cost,
    Action.FOLD: fold,
}


@exact
def realized_gains(closures: Iterable[LotClosure]) -> Mapping[str, Decimal | None]:
    """Sum of gains per currency; None where the cost of one closure is unknown."""
    totals: dict[str, Decimal | None] = {}
    for closure in closures:
        running = totals.get(closure.currency, ZERO)
        known = closure.is_cost_known and running is not None
        totals[closure.currency] = running + closure.gain if known and running is not None else None
    return totals
