"""Units that come and go one way: purchases, sales, shorts, rewards, transfers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.amounts import Amounts, apportion, total
from truenav.core.ledger.bookkeeper import Bookkeeper, derived_lot_id
from truenav.core.ledger.cash import net_cash, worth
from truenav.core.ledger.lots import AdjustmentKind, Lot
from truenav.core.ledger.state import Returning
from truenav.core.ledger.transactions import CarriedLot, SubKind, Transaction, TransactionKind
from truenav.core.ledger.uk_matching import UkMatch

K = TransactionKind
ZERO = Decimal(0)


def cost_of_receipt(record: Transaction) -> Decimal | None:
    """What units received cost in all, in the record's currency; None when nobody said."""
    quantity = record.quantity or ZERO
    if record.kind is K.BUY:
        net = net_cash(record)
        if record.gross is not None and net is not None:
            return -net
        if record.price is not None:
            return worth(quantity, record.price, record.multiplier) - (net or ZERO)
        return None
    if record.kind in {K.RIGHTS, K.OPTION_EXPIRY, K.OPTION_ASSIGNMENT, K.OPTION_EXERCISE}:
        return ZERO
    # a reward, a dividend in units, what somebody brought in: worth what is stated
    return None if record.price is None else worth(quantity, record.price, record.multiplier)


# --- units in -----------------------------------------------------------------------------------


def receive(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Units arrive: they cover what is owed, and the rest opens a lot."""
    quantity = record.quantity or ZERO
    known = cost_of_receipt(record)
    if known is None:
        keeper.note(record, "cost_unknown", "units arrived without a cost")
    cost = keeper.unknown() if known is None else keeper.amounts(record, known)
    premium, is_premium_known = _premium(keeper, record)
    if premium is not None:
        cost = cost - premium
    is_known = known is not None and is_premium_known
    quantity, cost = _cover_first(keeper, record, instrument_id, quantity, cost, is_known=is_known)
    matched = keeper.matches.of_purchase.get(record.id)
    if matched and quantity:
        quantity, cost, is_returned_known = _after_matches(keeper, record, matched, quantity, cost)
        is_known = is_known and is_returned_known
    if quantity:
        keeper.open_lot(
            record, instrument_id, quantity, cost,
            is_cost_known=is_known, acquired=record.acquired_date,
        )  # fmt: skip


def receive_unknown(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Units arrive and nobody knows at what cost; the caller notes why."""
    receive_at(keeper, record, instrument_id, keeper.unknown(), is_known=False)


def receive_at(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    cost: Amounts,
    *,
    is_known: bool,
) -> None:
    """The record's units arrive at a cost the caller worked out."""
    quantity = record.quantity or ZERO
    quantity, cost = _cover_first(keeper, record, instrument_id, quantity, cost, is_known=is_known)
    if quantity:
        keeper.open_lot(record, instrument_id, quantity, cost, is_cost_known=is_known)


def join(keeper: Bookkeeper, record: Transaction, lot: Lot) -> None:
    """A lot that brings its own cost and date along; what is owed is covered with it first."""
    left, cost = _cover_first(
        keeper, record, lot.instrument_id, lot.quantity, lot.amounts, is_known=lot.is_cost_known
    )
    if left == lot.quantity:
        keeper.state.book(lot.instrument_id).add(lot)
    elif left:
        keeper.state.book(lot.instrument_id).add(lot.with_(left, cost))


def _cover_first(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    quantity: Decimal,
    cost: Amounts,
    *,
    is_known: bool,
) -> tuple[Decimal, Amounts]:
    """Cover short lots; the units and cost that are left."""
    book = keeper.state.book(instrument_id)
    if not book.is_short:
        return quantity, cost
    covered = min(quantity, book.units)
    cover_cost = cost.share(covered, quantity)
    _cover(keeper, record, instrument_id, covered, cover_cost, is_known=is_known)
    return quantity - covered, cost - cover_cost


def _premium(keeper: Bookkeeper, record: Transaction) -> tuple[Amounts | None, bool]:
    """What options or rights used for this trade add to its cash (> 0 lowers cost); if known."""
    if record.link_id is None or record.kind not in {K.BUY, K.SELL}:
        return None, True
    return keeper.folded.pop(record.link_id, (None, True))


def _cover(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    quantity: Decimal,
    cost: Amounts,
    *,
    is_known: bool,
) -> None:
    released = keeper.release(record, instrument_id, quantity, cost.traded)
    shares = apportion(cost, [lot.quantity for lot in released])
    for lot, share in zip(released, shares, strict=True):
        keeper.close_lot(record, lot, proceeds=lot.amounts, cost=share, is_known=is_known)


def arrive(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Units come in from elsewhere, with the lots that are stated of them."""
    if not record.carried_lots:
        receive(keeper, record, instrument_id)
        return
    left = record.quantity or ZERO
    for number, carried in enumerate(record.carried_lots):
        taken = min(left, carried.quantity)
        if taken <= 0:
            break
        _arrive_as(keeper, record, instrument_id, carried, taken, number)
        left -= taken
    if left > 0:
        keeper.note(record, "transfer_differs", "more units arrived than lots are stated for")
        receive_unknown(keeper, replace(record, quantity=left), instrument_id)
    elif sum((lot.quantity for lot in record.carried_lots), ZERO) > (record.quantity or ZERO):
        keeper.note(record, "transfer_differs", "fewer units arrived than lots are stated for")


def _arrive_as(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    carried: CarriedLot,
    taken: Decimal,
    number: int,
) -> None:
    currency = carried.currency or record.currency
    cost = carried.cost
    amounts = keeper.unknown()
    if cost is not None:
        amounts = keeper.currencies.amounts(cost, currency, carried.acquired_date)
        stated = dict(carried.costs)
        others = tuple(
            stated.get(code, other)
            for code, other in zip(keeper.currencies.codes, amounts.others, strict=True)
        )
        amounts = Amounts(cost, others).share(taken, carried.quantity)
    lot = Lot(
        id=derived_lot_id(record, carried.lot_id or number),
        instrument_id=instrument_id,
        opened_by=record.id,
        acquired_date=carried.acquired_date,
        quantity=taken,
        cost=amounts.traded,
        currency=currency,
        is_cost_known=cost is not None,
        costs=amounts.others,
    )
    keeper.adjusted(record, AdjustmentKind.TRANSFERRED_IN, None, lot)
    join(keeper, record, lot)


# --- units out ----------------------------------------------------------------------------------


def deliver(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Units leave for what they bring; beyond what is held a sale opens a short lot."""
    quantity = -(record.quantity or ZERO)
    book = keeper.state.book(instrument_id)
    proceeds = keeper.amounts(record, proceeds_of(record))
    premium, is_known = _premium(keeper, record)
    if premium is not None:
        proceeds = proceeds + premium
    matched = keeper.matches.of_sale.get(record.id)
    if matched:
        quantity, proceeds = _meet_purchases(
            keeper, record, matched, quantity, proceeds, is_known=is_known
        )
    long_units = ZERO if book.is_short else book.units
    if record.sub_kind is SubKind.SHORT_OPEN and long_units:
        keeper.note(record, "short_against_holding", "closes what is held before it goes short")
    closed = min(quantity, long_units)
    if closed:
        share = proceeds.share(closed, quantity)
        close_long(keeper, record, instrument_id, closed, share, is_known=is_known)
        quantity -= closed
        proceeds = proceeds - share
    if quantity:
        _deliver_beyond(keeper, record, instrument_id, quantity, proceeds, is_known=is_known)


def proceeds_of(record: Transaction) -> Decimal:
    """What units given bring in all, after fees and taxes, in the record's currency."""
    net = net_cash(record)
    if record.gross is None and record.price is not None and record.kind is K.SELL:
        return worth(-(record.quantity or ZERO), record.price, record.multiplier) + (net or ZERO)
    return net or ZERO


def close_long(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    quantity: Decimal,
    proceeds: Amounts,
    *,
    is_known: bool = True,
) -> None:
    """Close long lots; `proceeds` is spread over them by units."""
    released = keeper.release(record, instrument_id, quantity, proceeds.traded)
    shares = apportion(proceeds, [lot.quantity for lot in released])
    for lot, share in zip(released, shares, strict=True):
        keeper.close_lot(
            record, lot, proceeds=share, cost=lot.amounts, is_known=is_known,
            gain_date=gain_date(record),
        )  # fmt: skip


def gain_date(record: Transaction) -> date:
    """The day a gain counts: worthless counts as sold on the last day of the year (165(g))."""
    day = record.trade_date
    return date(day.year, 12, 31) if record.kind is K.WORTHLESS else day


def _deliver_beyond(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    quantity: Decimal,
    proceeds: Amounts,
    *,
    is_known: bool,
) -> None:
    if record.kind is not K.SELL:
        keeper.note(record, "more_than_held", "more units left than were held")
        return
    if record.sub_kind not in {SubKind.SHORT_OPEN, SubKind.TO_OPEN}:
        keeper.note(record, "sold_more_than_held", "the rest opened a short lot")
    keeper.open_lot(
        record, instrument_id, quantity, proceeds, is_short=True, is_cost_known=is_known
    )


def depart(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Units leave with their lots; nothing is realized."""
    quantity = -(record.quantity or ZERO)
    book = keeper.state.book(instrument_id)
    held = ZERO if book.is_short else book.units
    taken = min(quantity, held)
    released = keeper.release(record, instrument_id, taken, ZERO) if taken else ()
    for lot in released:
        keeper.adjusted(record, AdjustmentKind.TRANSFERRED_OUT, lot, None)
    if record.link_id is not None and released:
        key = (record.link_id, instrument_id)
        before = keeper.state.departures.get(key, ())
        leaving = tuple(_as_carried(keeper, lot) for lot in released)
        keeper.state.departures[key] = before + leaving
    if taken < quantity:
        keeper.note(record, "more_than_held", "more units left than were held")


def _as_carried(keeper: Bookkeeper, lot: Lot) -> CarriedLot:
    known = lot.is_cost_known
    return CarriedLot(
        acquired_date=lot.acquired_date,
        quantity=lot.quantity,
        cost=lot.cost if known else None,
        currency=lot.currency,
        costs=tuple(zip(keeper.currencies.codes, lot.costs, strict=True)) if known else (),
        lot_id=lot.id,
    )


# --- United Kingdom -----------------------------------------------------------------------------


def _after_matches(
    keeper: Bookkeeper,
    purchase: Transaction,
    matched: list[UkMatch],
    quantity: Decimal,
    cost: Amounts,
) -> tuple[Decimal, Amounts, bool]:
    """Units that join the pool and their cost: what later sales put back, and what is unmatched.

    Units sold the same day never enter the pool. Units sold in the 30 days before come back into
    it at the cost they left it with; whether that is known is told beside it.
    """
    for match in matched:
        cost = cost - _cost_of_match(keeper, match)
        if match.is_same_day:
            quantity = max(quantity - match.quantity, ZERO)
    returned = keeper.state.deferred.pop(purchase.id, None)
    if returned is None:
        return quantity, cost, True
    return quantity, cost + returned.cost, returned.is_cost_known


def _meet_purchases(
    keeper: Bookkeeper,
    sale: Transaction,
    matched: list[UkMatch],
    quantity: Decimal,
    proceeds: Amounts,
    *,
    is_known: bool,
) -> tuple[Decimal, Amounts]:
    """Close what the sale shares with purchases; units and proceeds that are left for the pool."""
    units = [match.quantity for match in matched]
    rest = quantity - sum(units, ZERO)
    shares = apportion(proceeds, [*units, rest] if rest else units)
    for match, share in zip(matched, shares, strict=False):
        if not match.is_same_day:
            _defer(keeper, sale, match)
        lot = _matched_lot(keeper, match)
        keeper.close_lot(sale, lot, proceeds=share, cost=lot.amounts, is_known=is_known)
    return rest, shares[-1] if rest else proceeds.nothing()


def _defer(keeper: Bookkeeper, sale: Transaction, match: UkMatch) -> None:
    """Units leave the pool in kind only: their cost waits for the purchase that replaces them."""
    book = keeper.state.book(match.instrument_id)
    units = min(match.quantity, ZERO if book.is_short else book.units)
    if units < match.quantity:
        keeper.note(sale, "more_than_held", "more units left than were held")
    if not units:
        return
    released = keeper.release(sale, match.instrument_id, units, ZERO)
    is_known = all(lot.is_cost_known for lot in released)
    out = Returning(total(lot.amounts for lot in released), is_known)
    waiting = keeper.state.deferred.get(match.purchase.id)
    keeper.state.deferred[match.purchase.id] = out if waiting is None else waiting + out


def _cost_of_match(keeper: Bookkeeper, match: UkMatch) -> Amounts:
    """The part of the purchase's cost; by units, the last of them takes the remainder."""
    purchase = match.purchase
    known = cost_of_receipt(purchase)
    if known is None:
        return keeper.unknown()
    matched = keeper.matches.of_purchase[purchase.id]
    units = [other.quantity for other in matched]
    rest = (purchase.quantity or ZERO) - sum(units, ZERO)
    cost = keeper.amounts(purchase, known)
    return apportion(cost, [*units, rest] if rest else units)[matched.index(match)]


def _matched_lot(keeper: Bookkeeper, match: UkMatch) -> Lot:
    """The matched part of a purchase as a lot of its own, which never stands in the book."""
    purchase = match.purchase
    cost = _cost_of_match(keeper, match)
    return Lot(
        id=derived_lot_id(purchase, match.sale),
        instrument_id=match.instrument_id,
        opened_by=purchase.id,
        acquired_date=purchase.trade_date,
        quantity=match.quantity,
        cost=cost.traded,
        currency=purchase.currency,
        is_cost_known=cost_of_receipt(purchase) is not None,
        costs=cost.others,
    )
