"""Net asset value of one account, day by day: units held then × raw price then × FX then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import COST_STEP, exact
from truenav.core.valuation.columns import Timeline, aligned, timeline
from truenav.core.valuation.local_values import LocalValues
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.core.versions import Version, versioned

ZERO = Decimal(0)
VERSION: Final = Version(
    "valuation", "2026.2", date(2026, 11, 30),
    "Income counts from its ex-date: what is due and has not come is part of the value.",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """Why a figure is null: `price_missing` of an instrument id, `fx_missing` of a currency."""

    reason_code: str
    subject: str


@dataclass(frozen=True, slots=True)
class DayValue:
    """One account at the close of one day, in its base currency, at 18 places.

    Null means unknown, and then `unknowns` says why; a part is never passed off as the whole.
    `receivable_value` is income due: its ex-date has passed and its cash has not come.
    `external_flow` is what crossed the portfolio's edge that day, deposits > 0.
    """

    as_of: date
    nav: Decimal | None
    market_value: Decimal | None
    cash_value: Decimal | None
    receivable_value: Decimal | None
    external_flow: Decimal | None
    stale_count: int
    unknowns: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What a valuation knows of the world: prices, contract multipliers, FX."""

    prices: Mapping[InstrumentId, PriceSeries]
    multipliers: Mapping[InstrumentId, Decimal]
    fx: FxTable

    def plain(self) -> "Market":
        """The same in values that can be written down."""
        return replace(self, prices={key: one.plain() for key, one in self.prices.items()})

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
    count = (last_day - first_day).days + 1
    if count <= 0:
        return []
    held = timeline(transactions, first_day, count, method)
    return value_days(held, market, base_currency, first_day=first_day, count=count)


@versioned(VERSION)
@exact
def value_days(
    held: Timeline, market: Market, base_currency: str, *, first_day: date, count: int
) -> list[DayValue]:
    """The same of what is known to have been held: `count` days from `first_day` on."""
    local = LocalValues(count)
    for instrument_id, steps in held.units.items():
        series = market.prices.get(instrument_id)
        multiplier = market.multiplier(instrument_id)
        local.add(instrument_id, steps, multiplier, aligned(series, first_day, count))
    for currency, steps in held.cash.items():
        local.add_cash(currency, steps)
    for one in held.due:
        local.add_due(one, first_day)
    valuer = _Valuer(market, base_currency, first_day, count)
    columns = zip(
        valuer.converted(local.market),
        valuer.converted(local.cash),
        valuer.converted(local.due),
        strict=True,
    )
    return [
        valuer.value(index, parts, local, held.flows.get(index, ()))
        for index, parts in enumerate(columns)
    ]


class _Valuer:
    """Converts what a day holds; keeps the rates of all days, and reasons that stay the same."""

    def __init__(self, market: Market, base_currency: str, first_day: date, count: int) -> None:
        self.market = market
        self.base_currency = base_currency
        self.first_day = first_day
        self.count = count
        self._rates: dict[str, Sequence[Decimal | None]] = {}
        self._unrated: dict[int, set[Unknown]] = {}
        self._unpriced: list[InstrumentId] = []
        self._missing: set[Unknown] = set()
        self._seen: set[Unknown] = set()
        self._in_order: tuple[Unknown, ...] = ()

    def converted(self, amounts: Mapping[str, Sequence[Decimal]]) -> list[Decimal | None]:
        """Amounts of each day in the base currency, added up; None where a rate is missing."""
        totals: list[Decimal | None] = [ZERO] * self.count
        for currency, series in amounts.items():
            if currency == self.base_currency:
                totals = [
                    None if total is None else total + amount
                    for total, amount in zip(totals, series, strict=True)
                ]
                continue
            if not any(series):
                continue  # nothing needs no rate
            for index, (amount, rate) in enumerate(
                zip(series, self._rates_of(currency), strict=True)
            ):
                if not amount:
                    continue
                if rate is None:
                    missing = self._unrated.setdefault(index, set())
                    missing.add(Unknown("fx_missing", currency))
                    totals[index] = None
                elif (total := totals[index]) is not None:
                    totals[index] = total + amount * rate
        return totals

    def value(
        self,
        index: int,
        parts: tuple[Decimal | None, Decimal | None, Decimal | None],
        local: LocalValues,
        flows: Sequence[Transaction],
    ) -> DayValue:
        """Value what is held at a close: instruments, cash and what is due, in that order."""
        day = self.first_day + timedelta(days=index)
        unpriced = local.unpriced.get(index, [])
        unknowns = self._missing_prices(unpriced) | self._unrated.get(index, set())
        market_value, cash_value, due = parts
        if unpriced:
            market_value = None
        nav = None
        if market_value is not None and cash_value is not None and due is not None:
            nav = market_value + cash_value + due
        flow = self._external_flow(day, index, flows, unknowns) if flows else ZERO
        return DayValue(
            as_of=day,
            nav=_stored(nav),
            market_value=_stored(market_value),
            cash_value=_stored(cash_value),
            receivable_value=_stored(due),
            external_flow=_stored(flow),
            stale_count=local.stale[index],
            unknowns=self._sorted(unknowns),
        )

    def _missing_prices(self, unpriced: list[InstrumentId]) -> set[Unknown]:
        """One reason per instrument; mostly the same as the day before."""
        if unpriced != self._unpriced:
            self._unpriced = unpriced
            self._missing = {Unknown("price_missing", str(found)) for found in unpriced}
        return set(self._missing)

    def _sorted(self, unknowns: set[Unknown]) -> tuple[Unknown, ...]:
        if unknowns != self._seen:
            self._seen, self._in_order = unknowns, tuple(sorted(unknowns))
        return self._in_order

    def _rates_of(self, currency: str) -> Sequence[Decimal | None]:
        rates = self._rates.get(currency)
        if rates is None:
            fx, base = self.market.fx, self.base_currency
            rates = fx.daily(currency, base, self.first_day, self.count)
            self._rates[currency] = rates
        return rates

    def _added(
        self,
        total: Decimal | None,
        index: int,
        currency: str,
        amount: Decimal,
        unknowns: set[Unknown],
    ) -> Decimal | None:
        """`total` + `amount` in the base currency; nothing needs no rate."""
        if not amount:
            return total
        if currency == self.base_currency:
            return total + amount if total is not None else None
        rate = self._rates_of(currency)[index]
        if rate is None:
            unknowns.add(Unknown("fx_missing", currency))
            return None
        return total + amount * rate if total is not None else None

    def _external_flow(
        self, day: date, index: int, records: Sequence[Transaction], unknowns: set[Unknown]
    ) -> Decimal | None:
        amounts: dict[str, Decimal] = {}
        is_known = True
        for record in records:
            for currency, amount in cash_effects(record):
                amounts[currency] = amounts.get(currency, ZERO) + amount
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
        total: Decimal | None = ZERO
        for currency, amount in amounts.items():
            total = self._added(total, index, currency, amount, unknowns)
        return total if is_known else None


def _stored(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(COST_STEP)
