"""What each purchase has brought since: realized, unrealized, and the income of its lots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.replay import replay_days
from truenav.core.ledger.rules import RULES, Action
from truenav.core.ledger.state import LedgerState
from truenav.core.ledger.transactions import Transaction, TransactionKind, crosses_account
from truenav.core.money import exact
from truenav.core.performance.attribution import VERSION
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.versions import versioned

K = TransactionKind
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a record's cash belongs to the lots of one purchase: `quantity` of all `units`."""

    record: Transaction
    quantity: Decimal
    units: Decimal


@dataclass(slots=True)
class TradeResult:
    """What came of the lots one record opened, in the currency asked for, up to a day.

    Each is None for what `unknowns` lacks. `income` is after tax, and less charges on the holding;
    `shares` say of which records it is a part.
    """

    opened_by: TransactionId
    realized: Decimal | None = ZERO
    unrealized: Decimal | None = ZERO
    income: Decimal | None = ZERO
    unknowns: set[Unknown] = field(default_factory=set)
    shares: list[Share] = field(default_factory=list)

    @property
    @exact
    def total(self) -> Decimal | None:
        """All of it."""
        if self.realized is None or self.unrealized is None or self.income is None:
            return None
        return self.realized + self.unrealized + self.income


@versioned(VERSION)
@exact
def trade_results(
    records: Sequence[Transaction],
    method: LotMethod | MethodPolicy,
    market: Market,
    currency: str,
    last_day: date,
) -> dict[TransactionId, TradeResult]:
    """Every record of an account that opened lots, and what they brought up to a day.

    Cost counts at the rate of the day of its lot, proceeds and income at that of theirs, what is
    held at the day's. Income of an instrument is shared by units over the lots held when its day
    began; after the last was sold, over those that were held last.

    Args:
        records: Live records of one account, later ones too, with the lots that travelled to it.
        method: Which lots its sales take.
        market: Prices of `last_day`, and rates of every day with a record.
        currency: Of every figure.
        last_day: The last day that counts.
    """
    book = _Book(market, currency)
    state = LedgerState()
    within = sorted(
        (r for r in records if r.trade_date <= last_day), key=attrgetter("trade_date", "sequence")
    )
    rates = CostCurrencies((currency,), lambda day, of, to: market.fx.rate(of, to, day))
    applied = replay_days(within, method=method, state=state, currencies=rates)
    for _, of_day in groupby(within, key=attrgetter("trade_date")):
        today = list(of_day)
        shared = [(r, book.holders(state, r)) for r in today if _is_income(r)]
        next(applied)
        for record, holders in shared:
            book.share(record, holders or book.holders(state, record))
        book.remember(state, today)
    book.close(state)
    book.value(state, last_day)
    return book.results


def _is_income(record: Transaction) -> bool:
    """Cash of an instrument that closes no lot and is no part of a cost."""
    return (
        record.instrument_id is not None
        and not record.quantity
        and not crosses_account(record)
        and RULES[record.kind].action is Action.NONE
    )


Holders = Sequence[tuple[TransactionId, Decimal]]


class _Book:
    """Results as they come; a class because each day adds to those of before."""

    def __init__(self, market: Market, currency: str) -> None:
        self.market, self.currency = market, currency
        self.results: dict[TransactionId, TradeResult] = {}
        self.last: dict[InstrumentId, Holders] = {}

    def of(self, opened_by: TransactionId) -> TradeResult:
        return self.results.setdefault(opened_by, TradeResult(opened_by))

    def holders(self, state: LedgerState, record: Transaction) -> Holders:
        instrument_id = record.instrument_id
        if instrument_id is None:
            return ()
        return _by_opening(state.books.get(instrument_id, ())) or self.last.get(instrument_id, ())

    def remember(self, state: LedgerState, records: Iterable[Transaction]) -> None:
        for instrument_id in {r.instrument_id for r in records if r.instrument_id is not None}:
            held = _by_opening(state.books.get(instrument_id, ()))
            if held:
                self.last[instrument_id] = held

    def share(self, record: Transaction, holders: Holders) -> None:
        """Spread the record's cash over the lots; what nobody held stays out."""
        units = sum((quantity for _, quantity in holders), ZERO)
        if not units:
            return
        amount, missing = ZERO, None
        for code, change in cash_effects(record):
            rate = self.market.fx.rate(code, self.currency, record.trade_date) if change else ZERO
            if rate is None:
                missing = Unknown("fx_missing", code)
            else:
                amount += change * rate
        for opened_by, quantity in holders:
            result = self.of(opened_by)
            result.shares.append(Share(record, quantity, units))
            if missing is not None:
                result.unknowns.add(missing)
                result.income = None
            elif result.income is not None:
                result.income += amount * quantity / units

    def close(self, state: LedgerState) -> None:
        """What closing lots realized."""
        for closure in state.closures:
            result = self.of(closure.opened_by)
            (proceeds,), (cost,) = closure.proceeds_in, closure.cost_in
            if not closure.is_cost_known or proceeds is None or cost is None:
                code = "fx_missing" if closure.is_cost_known else "cost_unknown"
                subject = closure.currency if closure.is_cost_known else str(closure.opened_by)
                result.unknowns.add(Unknown(code, subject))
                result.realized = None
            elif result.realized is not None:
                result.realized += proceeds - cost

    def value(self, state: LedgerState, day: date) -> None:
        """What the lots still open are worth more than they cost."""
        for instrument_id, lots in state.books.items():
            for lot in lots:
                gain, missing = self._unrealized(instrument_id, lot, day)
                result = self.of(lot.opened_by)
                if missing is not None:
                    result.unknowns.add(missing)
                if gain is None or result.unrealized is None:
                    result.unrealized = None
                else:
                    result.unrealized += gain

    def _unrealized(
        self, instrument_id: InstrumentId, lot: Lot, day: date
    ) -> tuple[Decimal | None, Unknown | None]:
        series = self.market.prices.get(instrument_id)
        price = series.at(day) if series is not None else None
        if series is None or price is None:
            return None, Unknown("price_missing", str(instrument_id))
        rate = self.market.fx.rate(series.currency, self.currency, day)
        if rate is None:
            return None, Unknown("fx_missing", series.currency)
        (cost,) = lot.costs
        if not lot.is_cost_known:
            return None, Unknown("cost_unknown", str(lot.opened_by))
        if cost is None:
            return None, Unknown("fx_missing", lot.currency)
        value = lot.quantity * self.market.multiplier(instrument_id) * price.close * rate
        return (cost - value if lot.is_short else value - cost), None


def _by_opening(lots: Iterable[Lot]) -> Holders:
    units: dict[TransactionId, Decimal] = {}
    for lot in lots:
        signed = -lot.quantity if lot.is_short else lot.quantity
        units[lot.opened_by] = units.get(lot.opened_by, ZERO) + signed
    return tuple(units.items())
