"""Transactions → lots, closures, positions and cash. The same records always give the same lots.

Order. Records are taken by trade date; within a day by phase (see `ordering.Phase`), then by
time where the broker states one, then by content. So the order of a file's rows never changes
a day's totals, and units received that day can be delivered that day:

1. splits, before anything is traded on their ex-date;
2. what opens: purchases, openings of short sales, transfers in, spin-offs, rewards;
3. what closes: sales, covers, transfers out, expiries;
4. exchanges of one instrument for another: mergers, changes of name;
5. what moves only cash, and returns of capital.

An unmarked sale of more than is held closes what there is and opens a short lot with the rest;
a purchase covers short lots first. Nothing here refuses a record: what cannot be interpreted is
kept, counted in cash, and noted for review.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import uuid5

from truenav.core.ids import InstrumentId, LotId
from truenav.core.ledger.book import LotBook, LotNotHeld
from truenav.core.ledger.cash import cash_effects, net_cash
from truenav.core.ledger.exchanges import pair_exchanges
from truenav.core.ledger.lots import AdjustmentKind, Lot, LotAdjustment, LotClosure
from truenav.core.ledger.methods import Closing, LotMethod, MethodPolicy
from truenav.core.ledger.ordering import CLOSING_KINDS, EXCHANGE_KINDS, OPENING_KINDS, order_of
from truenav.core.ledger.state import LedgerState, Position, ReviewNote
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.core.money import COST_STEP, exact

__all__ = ["LedgerState", "Position", "ReviewNote", "realized_gains", "replay", "replay_days"]
K = TransactionKind
ZERO = Decimal(0)


@exact
def replay(
    transactions: Iterable[Transaction],
    *,
    method: LotMethod | MethodPolicy = LotMethod.FIFO,
    start: LedgerState | None = None,
) -> LedgerState:
    """Apply the records of one account, in any order, to nothing or to an earlier state.

    Args:
        transactions: Live records (no reversed pairs) of one account; with `start`, only records
            dated after `start.through`.
        method: Which lots a sale takes first; a policy changes it from given days on. A record
            may name another, or the lots themselves.
        start: State to continue from; it is left as it was.

    Returns:
        The state after the last record. Continuing equals starting over.

    Raises:
        ValueError: a record is dated on or before `start.through`.
    """
    state = start.copy() if start is not None else LedgerState()
    for _ in replay_days(transactions, method=method, state=state):
        pass
    return state


def replay_days(
    transactions: Iterable[Transaction],
    *,
    method: LotMethod | MethodPolicy = LotMethod.FIFO,
    state: LedgerState,
) -> Iterator[tuple[date, Sequence[Transaction]]]:
    """Apply records to `state` day by day, in place; yield each day after it was applied.

    For callers that look at the state between days (a NAV series). Raises as `replay` does.
    """
    engine = _Engine(state, method)
    ordered = sorted(transactions, key=order_of)
    if state.through is not None and ordered and ordered[0].trade_date <= state.through:
        raise ValueError("a state can be continued only with records of later days")
    for day, of_day in groupby(ordered, key=lambda record: record.trade_date):
        records = list(of_day)
        engine.apply_day(day, records)
        yield day, records


class _Engine:
    """Applies days to one state. A class because every rule reads and writes the same lots."""

    def __init__(self, state: LedgerState, method: LotMethod | MethodPolicy) -> None:
        self.state = state
        self.policy = (
            method if isinstance(method, MethodPolicy) else MethodPolicy(first=LotMethod(method))
        )

    @exact
    def apply_day(self, day: date, records: Sequence[Transaction]) -> None:
        """Apply one day's records, already in order."""
        exchanges = [record for record in records if record.kind in EXCHANGE_KINDS]
        for record in records:
            for currency, change in cash_effects(record):
                self.state.cash[currency] = self.state.cash.get(currency, ZERO) + change
            if record.kind is K.UNKNOWN:
                self._note(record, "unknown_kind", "kept; only its cash amount is counted")
            elif record.kind not in EXCHANGE_KINDS:
                self._apply(record)
        if exchanges:
            self._exchange(exchanges)
        self.state.through = day

    def _apply(self, record: Transaction) -> None:
        if record.kind is K.RETURN_OF_CAPITAL:
            self._return_capital(record)
            return
        if record.kind is K.SPLIT or (record.kind is K.DIVIDEND and record.quantity):
            self._split(record)
            return
        if record.instrument_id is None or not record.quantity:
            if record.kind is K.CASH_IN_LIEU:
                self._note(
                    record,
                    "units_unknown",
                    "cash in lieu without the fraction it paid for",
                )
            elif record.kind in OPENING_KINDS | CLOSING_KINDS - {
                K.TRANSFER_IN,
                K.TRANSFER_OUT,
            }:
                self._note(record, "units_unknown", "no instrument or quantity is stated")
            return
        self.state.last_trade_dates[record.instrument_id] = record.trade_date
        if record.quantity > 0:
            self._receive(record, record.instrument_id)
        else:
            self._deliver(record, record.instrument_id)

    # --- units in -------------------------------------------------------------------------

    def _receive(self, record: Transaction, instrument_id: InstrumentId) -> None:
        quantity = record.quantity or ZERO
        cost, is_known = self._cost_of_receipt(record, quantity)
        book = self.state.book(instrument_id)
        if book.is_short:
            covered = min(quantity, book.units)
            cover_cost = _share(cost, covered, quantity)
            self._cover(record, instrument_id, covered, cover_cost, is_known=is_known)
            quantity -= covered
            cost -= cover_cost
        if quantity:
            self._open(record, instrument_id, quantity, cost, is_cost_known=is_known)

    def _cost_of_receipt(self, record: Transaction, quantity: Decimal) -> tuple[Decimal, bool]:
        net = net_cash(record)
        if record.kind is K.BUY:
            if record.gross is not None and net is not None:
                return -net, True
            if record.price is not None:
                return quantity * record.price * record.multiplier - (net or ZERO), True
        if record.kind is K.RIGHTS:
            return ZERO, True
        if record.kind in {K.TRANSFER_IN, K.REWARD, K.ADJUSTMENT} and record.price is not None:
            return quantity * record.price * record.multiplier, True
        if record.kind is K.OPTION_EXPIRY:
            return ZERO, True
        if record.kind in {K.OPTION_ASSIGNMENT, K.OPTION_EXERCISE}:
            self._note(record, "premium_not_folded", "the premium stays with the option")
            return ZERO, True
        self._note(record, "cost_unknown", "units arrived without a cost")
        return ZERO, False

    def _cover(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        quantity: Decimal,
        cost: Decimal,
        *,
        is_known: bool,
    ) -> None:
        released = self._release(record, instrument_id, quantity, cost)
        shares = _apportion(cost, released, quantity)
        for lot, share in zip(released, shares, strict=True):
            self._close(record, lot, proceeds=lot.cost, cost=share, is_known=is_known)

    def _release(
        self, record: Transaction, instrument_id: InstrumentId, quantity: Decimal, amount: Decimal
    ) -> tuple[Lot, ...]:
        """Take units out of the book as the record or the account says; `amount` is for all."""
        book = self.state.book(instrument_id)
        method = record.lot_method or self.policy.on(record.trade_date)
        closing = Closing(record.trade_date, amount / quantity)
        try:
            return book.release(quantity, method, closing, record.lot_choices)
        except LotNotHeld as error:
            self._note(record, "lot_not_held", f"the sale names what is not open: {error}")
            return book.release(quantity, method, closing)

    # --- units out ------------------------------------------------------------------------

    def _deliver(self, record: Transaction, instrument_id: InstrumentId) -> None:
        quantity = -(record.quantity or ZERO)
        book = self.state.book(instrument_id)
        long_units = ZERO if book.is_short else book.units
        if record.sub_kind is SubKind.SHORT_OPEN and long_units:
            self._note(
                record,
                "short_against_holding",
                "closes what is held before it goes short",
            )
        proceeds = self._proceeds(record, quantity)
        closed = min(quantity, long_units)
        if closed:
            share = _share(proceeds, closed, quantity)
            self._close_long(record, instrument_id, closed, share)
            quantity -= closed
            proceeds -= share
        if quantity:
            self._deliver_beyond(record, instrument_id, quantity, proceeds)

    def _proceeds(self, record: Transaction, quantity: Decimal) -> Decimal:
        net = net_cash(record)
        if record.gross is None and record.price is not None and record.kind is K.SELL:
            return quantity * record.price * record.multiplier + (net or ZERO)
        return net or ZERO

    def _close_long(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        quantity: Decimal,
        proceeds: Decimal,
        *,
        is_known: bool = True,
    ) -> None:
        released = self._release(record, instrument_id, quantity, proceeds)
        if record.kind is K.TRANSFER_OUT:
            return  # lots leave with their basis; nothing is realized
        shares = _apportion(proceeds, released, quantity)
        for lot, share in zip(released, shares, strict=True):
            self._close(record, lot, proceeds=share, cost=lot.cost, is_known=is_known)

    def _deliver_beyond(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        quantity: Decimal,
        proceeds: Decimal,
    ) -> None:
        if record.kind is K.SELL:
            if record.sub_kind not in {SubKind.SHORT_OPEN, SubKind.TO_OPEN}:
                self._note(record, "sold_more_than_held", "the rest opened a short lot")
            self._open(
                record,
                instrument_id,
                quantity,
                proceeds,
                is_cost_known=True,
                is_short=True,
            )
            return
        self._note(record, "more_than_held", "more units left than were held")

    # --- events ---------------------------------------------------------------------------

    def _split(self, record: Transaction) -> None:
        instrument_id = record.instrument_id
        if instrument_id is None or not self.state.book(instrument_id):
            self._note(record, "nothing_held", "a split of units that are not held")
            return
        book = self.state.book(instrument_id)
        units = book.units
        signed = self.state.quantity(instrument_id)
        if record.ratio is not None:
            after = units * record.ratio
        elif record.quantity:
            after = abs(signed + record.quantity)
        else:
            self._note(record, "ratio_unknown", "a split without a ratio or a change of units")
            return
        if after <= 0:
            self._note(record, "ratio_unknown", "a split that would leave no units")
            return
        self.state.last_trade_dates[instrument_id] = record.trade_date
        rescaled = self._rescale(record, instrument_id, tuple(book), after, AdjustmentKind.SPLIT)
        self.state.books[instrument_id] = LotBook(rescaled)

    def _rescale(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        held: Sequence[Lot],
        after: Decimal,
        kind: AdjustmentKind,
    ) -> list[Lot]:
        """Return `held` with `after` units in all, as `instrument_id`; costs stay."""
        units = sum((lot.quantity for lot in held), ZERO)
        left_units, left_after = units, after
        rescaled = []
        for lot in held:
            share = (
                left_after
                if lot.quantity == left_units
                else (lot.quantity * after / units).quantize(COST_STEP)
            )
            left_units -= lot.quantity
            left_after -= share
            if share <= 0:
                self._note(record, "fraction_lost", "a lot too small for the ratio was dropped")
                continue
            changed = replace(lot, quantity=share, instrument_id=instrument_id)
            self._adjusted(record, kind, lot, changed)
            rescaled.append(changed)
        return rescaled

    def _return_capital(self, record: Transaction) -> None:
        instrument_id, amount = record.instrument_id, net_cash(record)
        held = tuple(self.state.book(instrument_id)) if instrument_id is not None else ()
        if instrument_id is None or not held or held[0].is_short or amount is None:
            self._note(record, "nothing_held", "a return of capital on units that are not held")
            return
        units = sum((lot.quantity for lot in held), ZERO)
        changed = []
        for lot, share in zip(held, _apportion(amount, held, units), strict=True):
            if share > lot.cost and lot.is_cost_known:
                self._note(
                    record,
                    "return_exceeds_cost",
                    "the part above cost is a capital gain",
                )
            lowered = replace(lot, cost=max(lot.cost - share, ZERO))
            self._adjusted(record, AdjustmentKind.RETURN_OF_CAPITAL, lot, lowered)
            changed.append(lowered)
        self.state.books[instrument_id] = LotBook(changed)

    def _exchange(self, records: Sequence[Transaction]) -> None:
        """Mergers and changes of name; a leg that stands alone leaves a gain or cost unknown."""
        for exchange in pair_exchanges(records):
            out, into = exchange.out, exchange.into
            if out is not None and into is not None:
                self._carry_over(out, into, exchange.cash)
            elif out is not None and out.instrument_id is not None:
                if not exchange.cash:
                    self._note(out, "exchange_unpaired", "nothing was found that came for it")
                self._sell_out(out, out.instrument_id, exchange.cash)
            elif into is not None and into.instrument_id is not None:
                self._note(into, "cost_unknown", "units arrived without a cost")
                units = into.quantity or ZERO
                self._open(into, into.instrument_id, units, ZERO, is_cost_known=False)

    def _carry_over(self, out: Transaction, into: Transaction, cash: Decimal) -> None:
        source, target = out.instrument_id, into.instrument_id
        if source is None or target is None:  # narrowed by the caller; the checker cannot see it
            return
        book = self.state.book(source)
        units = -(out.quantity or ZERO)
        if book.is_short or book.units < units:
            self._note(out, "more_than_held", "more units left than were held")
            self._open(into, target, into.quantity or ZERO, ZERO, is_cost_known=False)
            return
        if cash:
            self._note(out, "exchange_with_cash", "cash in the exchange is not taxed here yet")
        released = self._release(out, source, units, ZERO)
        kind = AdjustmentKind.MERGER if out.kind is K.MERGER else AdjustmentKind.NAME_CHANGE
        arrived = self._rescale(into, target, released, into.quantity or ZERO, kind)
        self.state.books[target] = LotBook(_by_age((*self.state.book(target), *arrived)))
        self.state.last_trade_dates[target] = into.trade_date

    def _sell_out(self, record: Transaction, instrument_id: InstrumentId, cash: Decimal) -> None:
        book = self.state.book(instrument_id)
        wanted = min(-(record.quantity or ZERO), book.units)
        if not wanted or book.is_short:
            self._note(record, "more_than_held", "more units left than were held")
            return
        # units that went for nothing we know of are no loss, but a gain nobody knows
        self._close_long(record, instrument_id, wanted, cash, is_known=bool(cash))
        self.state.last_trade_dates[instrument_id] = record.trade_date

    # --- records of the state ---------------------------------------------------------------

    def _open(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        quantity: Decimal,
        cost: Decimal,
        *,
        is_cost_known: bool,
        is_short: bool = False,
    ) -> None:
        lot = Lot(
            id=LotId(uuid5(record.id, "lot")),
            instrument_id=instrument_id,
            opened_by=record.id,
            acquired_date=record.trade_date,
            quantity=quantity,
            cost=cost,
            currency=record.currency,
            is_short=is_short,
            is_cost_known=is_cost_known,
        )
        self.state.book(instrument_id).add(lot)

    def _close(
        self,
        record: Transaction,
        lot: Lot,
        *,
        proceeds: Decimal,
        cost: Decimal,
        is_known: bool,
    ) -> None:
        if lot.currency != record.currency:
            self._note(record, "currency_differs", "opened and closed in different currencies")
        self.state.closures.append(
            LotClosure(
                lot_id=lot.id,
                instrument_id=lot.instrument_id,
                opened_by=lot.opened_by,
                closed_by=record.id,
                acquired_date=lot.acquired_date,
                closed_date=record.trade_date,
                quantity=lot.quantity,
                proceeds=proceeds,
                cost=cost,
                currency=record.currency,
                is_short=lot.is_short,
                is_cost_known=is_known and lot.is_cost_known and lot.currency == record.currency,
            )
        )

    def _adjusted(self, record: Transaction, kind: AdjustmentKind, before: Lot, after: Lot) -> None:
        self.state.adjustments.append(
            LotAdjustment(
                lot_id=before.id,
                instrument_id=after.instrument_id,
                caused_by=record.id,
                kind=kind,
                adjusted_date=record.trade_date,
                quantity_before=before.quantity,
                quantity_after=after.quantity,
                cost_before=before.cost,
                cost_after=after.cost,
            )
        )

    def _note(self, record: Transaction, reason_code: str, message: str) -> None:
        note = ReviewNote(record.id, reason_code, message)
        if note not in self.state.notes[-8:]:  # one record can meet the same rule per lot
            self.state.notes.append(note)


def _by_age(lots: Sequence[Lot]) -> tuple[Lot, ...]:
    return tuple(sorted(lots, key=lambda lot: (lot.acquired_date, str(lot.id))))


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount` × part / whole at 18 places; all of it when the part is the whole."""
    return amount if part == whole else (amount * part / whole).quantize(COST_STEP)


def _apportion(amount: Decimal, lots: Sequence[Lot], units: Decimal) -> list[Decimal]:
    """Spread `amount` over lots by units; the last one takes the remainder, so it adds up."""
    shares: list[Decimal] = []
    left = amount
    for lot in lots[:-1]:
        share = _share(amount, lot.quantity, units)
        shares.append(share)
        left -= share
    return [*shares, left] if lots else []


@exact
def realized_gains(closures: Iterable[LotClosure]) -> Mapping[str, Decimal | None]:
    """Sum of gains per currency; None where the cost of one closure is unknown."""
    totals: dict[str, Decimal | None] = {}
    for closure in closures:
        running = totals.get(closure.currency, ZERO)
        known = closure.is_cost_known and running is not None
        totals[closure.currency] = running + closure.gain if known and running is not None else None
    return totals
