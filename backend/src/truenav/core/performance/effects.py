"""What each record says itself of a change of value: bars, and effects on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, TransactionKind, crosses_account
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable

K = TransactionKind
ZERO = Decimal(0)


class Bar(StrEnum):
    """What a value changes by, in the order it is told."""

    DEPOSITS = "deposits"
    WITHDRAWALS = "withdrawals"
    REALIZED = "realized"
    UNREALIZED = "unrealized"
    DIVIDENDS = "dividends"
    INTEREST = "interest"
    OTHER = "other"
    FEES = "fees"
    TAXES = "taxes"
    FX = "fx"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one record adds to a bar, in the currency asked for; None for `reasons`.

    `due` is the income it counts as from its ex-date; one that is only declared has no record.
    `instrument_id` is whose lot it was that realized a gain.
    """

    bar: Bar
    transaction_id: TransactionId | None
    day: date
    amount: Decimal | None
    reasons: tuple[Unknown, ...] = ()
    due: Receivable | None = None
    instrument_id: InstrumentId | None = None

    @property
    def reason(self) -> Unknown | None:
        """The reason to name where there is room for one; a price can be entered, so it leads."""
        return max(self.reasons, key=lambda one: one.reason_code, default=None)


@dataclass(frozen=True, slots=True)
class Valuer:
    """Amounts of a day in the currency asked for."""

    market: Market
    currency: str

    def accrued(self, one: Receivable) -> Iterator[Effect]:
        """Income on its ex-date; returned capital is no income, and prices tell it."""
        parts = (
            (Bar.DIVIDENDS, one.gross if one.is_income else ZERO),
            (Bar.TAXES, -one.withheld),
            (Bar.FEES, -one.fee),
        )
        for bar, amount in parts:
            if amount:
                made = self.of(bar, one.transaction_id, one.since, one.currency, amount)
                yield replace(made, due=one)

    def of(
        self,
        bar: Bar,
        record: TransactionId | None,
        day: date,
        currency: str,
        amount: Decimal | None,
    ) -> Effect:
        """An amount at the rate of its day; None is a cost nobody knows."""
        if amount is None:
            return Effect(bar, record, day, None, (Unknown("cost_unknown", str(record)),))
        rate = self.market.fx.rate(currency, self.currency, day) if amount else ZERO
        if rate is None:
            return Effect(bar, record, day, None, (Unknown("fx_missing", currency),))
        return Effect(bar, record, day, amount * rate)

    def flow(self, record: Transaction) -> Effect:
        """What crossed the edge: cash, and units at the day's price, as in a snapshot."""
        day, total = record.trade_date, ZERO
        parts, missing = [*cash_effects(record)], list[Unknown]()
        if record.instrument_id is not None and record.quantity:
            series = self.market.prices.get(record.instrument_id)
            price = series.at(day) if series is not None else None
            if series is None or price is None:
                missing.append(Unknown("price_missing", str(record.instrument_id)))
            else:
                units = record.quantity * self.market.multiplier(record.instrument_id)
                parts.append((series.currency, units * price.close))
        for currency, amount in parts:
            part = self.of(Bar.DEPOSITS, record.id, day, currency, amount)
            missing += part.reasons
            total += part.amount or ZERO
        if missing:
            return Effect(way_of(record), record.id, day, None, tuple(missing))
        bar = Bar.DEPOSITS if total > 0 else Bar.WITHDRAWALS if total < 0 else way_of(record)
        return Effect(bar, record.id, day, total)


def way_of(record: Transaction) -> Bar:
    """In or out, of a record whose value is unknown or nothing."""
    is_out = record.kind in {K.WITHDRAWAL, K.TRANSFER_OUT}
    return Bar.WITHDRAWALS if is_out else Bar.DEPOSITS


def effects_of(records: Iterable[Transaction], valuer: Valuer) -> Iterator[Effect]:
    """What each record says itself; prices and closures are told elsewhere."""
    for record in records:
        if crosses_account(record):
            yield valuer.flow(record)
            continue
        for leg in postings(record):
            bar = bar_of(record.kind, leg.leg)
            if bar is not None and leg.currency is not None:
                yield valuer.of(bar, record.id, record.trade_date, leg.currency, -leg.amount)


def bar_of(kind: TransactionKind, leg: Leg) -> Bar | None:
    """Where a leg of a record belongs; None for cash itself and for what prices tell."""
    if leg is Leg.INCOME:
        return {K.INTEREST: Bar.INTEREST, K.REWARD: Bar.OTHER}.get(kind, Bar.DIVIDENDS)
    if leg is Leg.CLEARING:
        return Bar.FX if kind is K.FX_CONVERSION else Bar.OTHER
    named = {Leg.FEE: Bar.FEES, Leg.TAX: Bar.TAXES, Leg.SUSPENSE: Bar.OTHER, Leg.FLOW: Bar.OTHER}
    return named.get(leg)
