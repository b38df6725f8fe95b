"""The parts a portfolio is made of, and what moves value from one of them to another.

A segment is an instrument, or the cash of one currency. Every record is told as moves: value goes
from one segment to another, or crosses the portfolio's edge. So what the segments received adds up
to what crossed the edge, whatever they are worth, and a view of some of them is no other
calculation than a view of all.

Which rule holds for which kind:

| Kind | Move |
| --- | --- |
| a record that crosses the edge | edge → cash, edge → instrument at the day's close |
| any other cash of an instrument | cash → instrument, or back: a purchase with its costs, a sale |
| | after them, income after tax, capital returned, cash in lieu, a fee on it |
| money that names none: interest, a fee, a tax | none: it is the result of that cash |
| conversion | currency given → currency got, at what was got |
| spin-off, rights received | parent → child at the child's close, else at the value stated |
| merger, change of name | old → new at the new one's close, else at the old one's; |
| | cash beside it comes from the old |
| option or right used in a trade | option → its stock: close less what the trade paid, per unit |
| split, units for nothing, worthless, expiry | none: the result stays where it falls |
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.cash import cash_effects, part_in_cash_currency, worth
from truenav.core.ledger.exchanges import Exchange, pair_exchanges
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.transactions import Transaction, TransactionKind, crosses_account
from truenav.core.money import exact, kept

K = TransactionKind
ZERO = Decimal(0)
# an instrument, or the currency of cash
Segment = InstrumentId | str
OUT_OF_A_PARENT = frozenset({K.SPIN_OFF, K.RIGHTS})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency, counted at the rate of the move's day."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Units:
    """Units of an instrument, counted at the close and the rate of the move's day."""

    instrument_id: InstrumentId
    quantity: Decimal


Part = Money | Units


@dataclass(frozen=True, slots=True)
class Move:
    """Value that goes from `source` to `target` on a day; None is the portfolio's edge.

    `parts` add up to the value; below zero it goes the other way. Where a close is missing
    `otherwise` counts instead, if it says anything. `transaction_id` is the record that says so.
    """

    day: date
    transaction_id: TransactionId
    source: Segment | None
    target: Segment | None
    parts: tuple[Part, ...]
    otherwise: tuple[Part, ...] = ()


@exact
def moves_of(records: Iterable[Transaction]) -> Iterator[Move]:
    """Every move of one account's records, day by day.

    Args:
        records: Live records of one account, in any order. What belongs together is looked for
            within a day, so all records of a day must be there that share a link or a kind of
            exchange.
    """
    ordered = sorted(records, key=attrgetter("trade_date", "sequence"))
    for _, of_day in groupby(ordered, key=attrgetter("trade_date")):
        yield from _moves_of_day(list(of_day))


def _moves_of_day(records: Sequence[Transaction]) -> Iterator[Move]:
    exchanged: list[Transaction] = []
    trades: dict[UUID | None, Transaction] = {
        record.link_id: record
        for record in records
        if record.link_id is not None and record.kind in {K.BUY, K.SELL} and record.quantity
    }
    for record in records:
        if crosses_account(record):
            yield from _crossing(record)
        elif action_of(record) is Action.EXCHANGE:
            exchanged.append(record)
        else:
            yield from _paid(record, record.instrument_id)
            yield from _in_kind(record, trades)
    if exchanged:
        yield from _exchanges(exchanged)


def _crossing(record: Transaction) -> Iterator[Move]:
    """As a snapshot counts it: cash as it is, units at the day's close."""
    for currency, amount in cash_effects(record):
        yield Move(record.trade_date, record.id, None, currency, (Money(currency, amount),))
    if record.instrument_id is not None and record.quantity:
        units = Units(record.instrument_id, record.quantity)
        yield Move(record.trade_date, record.id, None, record.instrument_id, (units,))


def _paid(record: Transaction, payer: InstrumentId | None) -> Iterator[Move]:
    """Cash received from an instrument, or paid for it; between currencies without one."""
    day, key, effects = record.trade_date, record.id, [*cash_effects(record)]
    if payer is not None:
        for currency, amount in effects:
            yield Move(day, key, payer, currency, (Money(currency, amount),))
        return
    given = [currency for currency, amount in effects if amount < 0]
    got = [Money(currency, amount) for currency, amount in effects if amount > 0]
    if given and got:
        yield Move(day, key, given[0], got[0].currency, (got[0],))


def _in_kind(record: Transaction, trades: dict[UUID | None, Transaction]) -> Iterator[Move]:
    """What comes out of a parent, and what an option or a right brings into its trade."""
    instrument_id, quantity = record.instrument_id, record.quantity
    if instrument_id is None or not quantity:
        return
    if action_of(record) is Action.FOLD:
        trade = trades.pop(record.link_id, None)  # once a trade, however many led to it
        if trade is not None and trade.instrument_id is not None:
            yield _payoff(record, instrument_id, trade, trade.instrument_id)
        return
    parent = record.source_instrument_id
    if record.kind in OUT_OF_A_PARENT and parent is not None and parent != instrument_id:
        stated: tuple[Part, ...] = ()
        if record.price is not None:
            value = worth(quantity, record.price, record.multiplier)
            stated = (Money(record.currency, value),)
        came = (Units(instrument_id, quantity),)
        yield Move(record.trade_date, record.id, parent, instrument_id, came, stated)


def _payoff(
    record: Transaction, option: InstrumentId, trade: Transaction, stock: InstrumentId
) -> Move:
    """What a trade below or above the market was worth: the option paid it."""
    quantity = trade.quantity or ZERO
    if trade.gross is not None:
        paid = part_in_cash_currency(trade.gross)
    else:
        paid = -worth(quantity, trade.price or ZERO, trade.multiplier)
    parts = (Units(stock, quantity), Money(trade.currency, paid))
    return Move(record.trade_date, record.id, option, stock, parts)


def _exchanges(records: Sequence[Transaction]) -> Iterator[Move]:
    """Old units become new ones at what came; cash beside them comes from the old."""
    exchanges = pair_exchanges(records)
    for found in exchanges:
        out = found.out
        if out is None or out.instrument_id is None:
            continue
        given = Units(out.instrument_id, -(out.quantity or ZERO))
        for into in found.into:
            if into.instrument_id is None:
                continue
            came = (Units(into.instrument_id, _came(into, given.quantity)),)
            otherwise = (given,) if len(found.into) == 1 else ()
            yield Move(
                into.trade_date, into.id, out.instrument_id, into.instrument_id, came, otherwise
            )
    for record in records:
        yield from _paid(record, _payer(record, exchanges))


def _came(into: Transaction, given: Decimal) -> Decimal:
    """Units that came, with the part of a unit that stays held until cash in lieu closes it."""
    came = into.quantity or ZERO
    missing = kept(given * into.ratio) - came if into.ratio is not None else ZERO
    return came + missing if 0 < missing < 1 else came


def _payer(record: Transaction, exchanges: Sequence[Exchange]) -> InstrumentId | None:
    """Which instrument a leg's cash comes from: what was given in the exchange it belongs to."""
    same_group = [
        found for found in exchanges if any(_group(leg) == _group(record) for leg in _legs(found))
    ]
    mine = [
        found
        for found in same_group
        if any(
            leg is record or (leg.instrument_id == record.instrument_id is not None)
            for leg in _legs(found)
        )
    ]
    found = mine[0] if mine else same_group[0] if len(same_group) == 1 else None
    if found is None or found.out is None:
        return record.instrument_id
    return found.out.instrument_id


def _group(record: Transaction) -> UUID | TransactionKind:
    return record.link_id or record.kind


def _legs(found: Exchange) -> tuple[Transaction, ...]:
    return (*((found.out,) if found.out is not None else ()), *found.into)
