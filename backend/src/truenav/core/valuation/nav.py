"""Net asset value of one account, day by day: units held then × raw price then × FX then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.lots import LotMethod
from truenav.core.ledger.replay import LedgerState, replay_days
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import COST_STEP, exact
from truenav.core.valuation.series import FxTable, PriceSeries

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """Why a figure is null: `price_missing` of an instrument id, `fx_missing` of a currency."""

    reason_code: str
    subject: str


@dataclass(frozen=True, slots=True)
class DayValue:
    """One account at the close of one day, in its base currency, at 18 places.

    Null means unknown, and then `unknowns` says why; a part is never passed off as the whole.
    `external_flow` is what crossed the portfolio's edge that day, deposits > 0.
    """

    as_of: date
    nav: Decimal | None
    market_value: Decimal | None
    cash_value: Decimal | None
    external_flow: Decimal | None
    stale_count: int
    unknowns: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What a valuation knows of the world: prices, contract multipliers, FX."""

    prices: Mapping[InstrumentId, PriceSeries]
    multipliers: Mapping[InstrumentId, Decimal]
    fx: FxTable

    def multiplier(self, instrument_id: InstrumentId) -> Decimal:
        """Units of the underlying one contract stands for; 1 for anything else."""
        return self.multipliers.get(instrument_id, Decimal(1))


@exact
def daily_nav(
    transactions: Sequence[Transaction],
    market: Market,
    base_currency: str,
    *,
    first_day: date,
    last_day: date,
    method: LotMethod = LotMethod.FIFO,
) -> list[DayValue]:
    """Value one account on every calendar day from `first_day` to `last_day`, both included.

    Args:
        transactions: All live records of the account, in any order, earlier ones included.
        market: Prices, multipliers and rates reaching back to the first record.
        base_currency: Currency of every figure returned.
        first_day: First day to report; earlier records still count.
        last_day: Last day to report.
        method: Lot method; it does not change a NAV, only which lots remain.

    Returns:
        One value per day, oldest first; empty when `last_day` is before `first_day`.
    """
    state = LedgerState()
    valuer = _Valuer(market, base_currency)
    days: list[DayValue] = []
    upcoming = replay_days(transactions, method=method, state=state)
    pending = next(upcoming, None)
    day = first_day
    units: dict[InstrumentId, Decimal] = {}
    cash: dict[str, Decimal] = {}
    while day <= last_day:
        flows: list[Transaction] = []
        while pending is not None and pending[0] <= day:
            _advance(state, pending[1], units, cash)
            if pending[0] == day:
                flows = [record for record in pending[1] if record.is_external_flow]
            pending = next(upcoming, None)
        days.append(valuer.value(day, units, cash, flows))
        day += timedelta(days=1)
    return days


def _advance(
    state: LedgerState,
    records: Sequence[Transaction],
    units: dict[InstrumentId, Decimal],
    cash: dict[str, Decimal],
) -> None:
    """Take over the units and cash of `state` that `records` may have changed."""
    for record in records:
        if record.instrument_id is not None:
            quantity = state.quantity(record.instrument_id)
            units[record.instrument_id] = quantity
            if not quantity:
                del units[record.instrument_id]
    cash.clear()
    cash.update({currency: amount for currency, amount in state.cash.items() if amount})


class _Valuer:
    """Values a day; keeps the last rate per currency and day, which every position asks for."""

    def __init__(self, market: Market, base_currency: str) -> None:
        self.market = market
        self.base_currency = base_currency
        self._day: date | None = None
        self._rates: dict[str, Decimal | None] = {}

    def value(
        self,
        day: date,
        units: Mapping[InstrumentId, Decimal],
        cash: Mapping[str, Decimal],
        flows: Sequence[Transaction],
    ) -> DayValue:
        """Value what is held at the close of `day`."""
        unknowns: set[Unknown] = set()
        stale_count = 0
        local: dict[str, Decimal] = {}
        is_market_known = True
        for instrument_id, quantity in units.items():
            series = self.market.prices.get(instrument_id)
            price = series.at(day) if series is not None else None
            if series is None or price is None:
                unknowns.add(Unknown("price_missing", str(instrument_id)))
                is_market_known = False
                continue
            stale_count += price.is_stale(day)
            value = quantity * self.market.multiplier(instrument_id) * price.close
            local[series.currency] = local.get(series.currency, ZERO) + value
        market_value = self._convert(day, local, unknowns)
        cash_value = self._convert(day, cash, unknowns)
        if not is_market_known:
            market_value = None
        nav = None
        if market_value is not None and cash_value is not None:
            nav = market_value + cash_value
        flow = self._external_flow(day, flows, unknowns)
        return DayValue(
            as_of=day,
            nav=_stored(nav),
            market_value=_stored(market_value),
            cash_value=_stored(cash_value),
            external_flow=_stored(flow),
            stale_count=stale_count,
            unknowns=tuple(sorted(unknowns)),
        )

    def _rate(self, day: date, currency: str) -> Decimal | None:
        if day != self._day:
            self._day, self._rates = day, {}
        if currency not in self._rates:
            self._rates[currency] = self.market.fx.rate(currency, self.base_currency, day)
        return self._rates[currency]

    def _convert(
        self, day: date, amounts: Mapping[str, Decimal], unknowns: set[Unknown]
    ) -> Decimal | None:
        total: Decimal | None = ZERO
        for currency, amount in amounts.items():
            rate = self._rate(day, currency)
            if rate is None:
                unknowns.add(Unknown("fx_missing", currency))
                total = None
            elif total is not None:
                total += amount * rate
        return total

    def _external_flow(
        self, day: date, records: Sequence[Transaction], unknowns: set[Unknown]
    ) -> Decimal | None:
        amounts: dict[str, Decimal] = {}
        is_known = True
        for currency, amount in _flow_amounts(records):
            amounts[currency] = amounts.get(currency, ZERO) + amount
        for record in records:
            if record.instrument_id is None or not record.quantity:
                continue
            series = self.market.prices.get(record.instrument_id)
            price = series.at(day) if series is not None else None
            if series is None or price is None:
                unknowns.add(Unknown("price_missing", str(record.instrument_id)))
                is_known = False
                continue
            value = record.quantity * self.market.multiplier(record.instrument_id) * price.close
            amounts[series.currency] = amounts.get(series.currency, ZERO) + value
        total = self._convert(day, amounts, unknowns)
        return total if is_known else None


def _flow_amounts(records: Sequence[Transaction]) -> Iterator[tuple[str, Decimal]]:
    for record in records:
        yield from cash_effects(record)


def _stored(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(COST_STEP)
