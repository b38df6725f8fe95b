"""A record compiled to plain postings: cash, cost, proceeds, income, fee, tax, flow and units.

Double entry. In each currency the money legs of a record add up to nothing: what cash gives,
another leg takes. `+` is into the thing named: cash received, cost added, a fee borne; income,
proceeds and what flows in are therefore negative.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects, part_in_cash_currency, worth
from truenav.core.ledger.rules import RULES, Action, Leg, action_of
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact

K = TransactionKind
IN_KIND = frozenset({K.REWARD, K.DIVIDEND, K.SPIN_OFF, K.TRANSFER_IN, K.TRANSFER_OUT})
VALUED = frozenset({Action.RECEIVE, Action.ARRIVE, Action.DEPART})


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg: an amount in a currency, or units of an instrument.

    `is_cost_part` marks a fee or tax that belongs to cost or proceeds.
    """

    leg: Leg
    amount: Decimal
    currency: str | None = None
    instrument_id: InstrumentId | None = None
    is_cost_part: bool = False


@exact
def postings(record: Transaction) -> tuple[Posting, ...]:
    """Every leg of one record; none is zero. Amounts are at the currency's minor unit in cash.

    What rounding cash leaves over stands in the leg against it, so legs balance to the digit.
    """
    return tuple(posting for posting in _legs(record) if posting.amount)


def _legs(record: Transaction) -> Iterator[Posting]:
    rule = RULES[record.kind]
    against = rule.against
    if against is Leg.FLOW and not record.is_external_flow:
        against = Leg.CLEARING  # its other end is in another account of the same tenant
    for number, (currency, change) in enumerate(cash_effects(record)):
        yield Posting(Leg.CASH, change, currency)
        if number:  # the other leg of a conversion
            yield Posting(Leg.CLEARING, -change, currency)
            continue
        fee, tax = part_in_cash_currency(record.fee), part_in_cash_currency(record.tax)
        yield Posting(Leg.FEE, fee, currency, is_cost_part=rule.is_cost_part)
        yield Posting(Leg.TAX, tax, currency, is_cost_part=rule.is_cost_part)
        yield Posting(against, -change - fee - tax, currency)
    yield from _in_kind(record, against)
    if record.quantity and record.instrument_id is not None:
        yield Posting(Leg.UNITS, record.quantity, instrument_id=record.instrument_id)


def _in_kind(record: Transaction, against: Leg) -> Iterator[Posting]:
    """Units that came or went at a stated value, without cash stated for them."""
    if not record.quantity or record.price is None:
        return
    value = worth(record.quantity, record.price, record.multiplier)
    if record.kind in {K.BUY, K.SELL}:
        if record.gross is None:
            yield Posting(against, value, record.currency)
            yield Posting(Leg.SUSPENSE, -value, record.currency)
        return
    if record.kind not in IN_KIND or action_of(record) not in VALUED:
        return
    leg = Leg.INCOME if record.kind is K.SPIN_OFF else against
    yield Posting(Leg.COST, value, record.currency)
    yield Posting(leg, -value, record.currency)
