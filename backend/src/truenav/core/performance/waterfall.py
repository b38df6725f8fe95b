"""Where a change of value came from: bars that add up, each with the records behind it.

    closing = opening + deposits + withdrawals + realized + unrealized + dividends + interest
            + other + fees + taxes + fx

Every bar is signed as it changes the value: withdrawals, fees and taxes are usually < 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.lots import LotClosure
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.replay import replay
from truenav.core.ledger.rules import RULES
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.money import exact
from truenav.core.performance.effects import Bar, Effect, Valuer, effects_of
from truenav.core.performance.slice_effects import slice_effects, weighed
from truenav.core.valuation.columns import Steps, Timeline, add_step, aligned
from truenav.core.valuation.local_values import LocalValues
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.slices import Slice, part_of
from truenav.core.versions import Version, versioned

ZERO, ONE = Decimal(0), Decimal(1)
VERSION: Final = Version(
    "waterfall", "2026.2", date(2026, 11, 30),
    "Income counts from its ex-date: what is due and has not come is part of the value.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Books:
    """The live records of one account up to the last day, and which lots its sales take.

    `due` is its income that counts before its cash came, whether that lies within the records or
    after them.
    """

    records: Sequence[Transaction]
    method: LotMethod | MethodPolicy = LotMethod.FIFO
    due: Sequence[Receivable] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Values at both ends and what lies between; a null bar has its reasons in `unknowns`.

    `price_result` is realized + unrealized: known even where a cost is not.
    """

    opening: Decimal | None
    closing: Decimal | None
    price_result: Decimal | None
    bars: Mapping[Bar, Decimal | None]
    effects: tuple[Effect, ...]
    unknowns: tuple[Unknown, ...]


@versioned(VERSION)
@exact
def waterfall(
    accounts: Iterable[Books],
    market: Market,
    currency: str,
    *,
    first_day: date,
    last_day: date,
    of: Slice | None = None,
) -> Waterfall:
    """Tell what made the value of `first_day`'s close into that of `last_day`'s.

    A record counts at the rate of its day; income that was due before its cash came, on its
    ex-date. Prices are the result of each day in the currency of
    the instrument, at that day's rate; what rates did to what was held the day before is `fx`,
    and so is what a conversion cost against the reference rate. `realized` is the gain of units
    that left, before costs: those stand in `fees` and `taxes`. `unrealized` is the rest of the
    price result, so a gain made earlier and realized now lowers it.

    Args:
        accounts: Records from the first on; what happened up to `first_day` is in the opening.
        market: Prices, multipliers and rates of every day of the span.
        currency: Of every figure.
        first_day: Its close is the opening value.
        last_day: Its close is the closing value; not before `first_day`.
        of: A slice of what the accounts hold. What moves into it and out of it is paid in and
            taken out; of income and costs it has what it bears (`slice_effects`).
    """
    count = (last_day - first_day).days + 1
    found, days = [*accounts], _Days(market, currency, first_day, count, of)
    effects: list[Effect] = []
    valuer = Valuer(market, currency)
    for books in found:
        closures = days.add(books)
        accrued = {one.transaction_id for one in books.due}
        if of is None:
            within = [r for r in books.records if first_day < r.trade_date <= last_day]
            effects += effects_of([r for r in within if r.id not in accrued], valuer)
        else:
            effects += slice_effects(books.records, accrued, of, valuer, (first_day, last_day))
        for one in books.due:
            weight = _weight(of, one.instrument_id)
            if weight and first_day < one.since <= last_day:
                effects += [weighed(effect, weight) for effect in valuer.accrued(one)]
        effects += [
            weighed(_realized(valuer, closure), weight)
            for closure in closures
            if (weight := _weight(of, closure.instrument_id))
            and first_day < closure.closed_date <= last_day
        ]
    effects = _without_own_transfers(effects, found)
    return _added_up(days, effects)


def _weight(of: Slice | None, instrument_id: InstrumentId) -> Decimal:
    return ONE if of is None else of.weight(instrument_id)


def _realized(valuer: Valuer, closure: LotClosure) -> Effect:
    gain = closure.gain if closure.is_cost_known else None
    made = valuer.of(Bar.REALIZED, closure.closed_by, closure.closed_date, closure.currency, gain)
    return replace(made, instrument_id=closure.instrument_id)


def _added_up(days: "_Days", effects: list[Effect]) -> Waterfall:
    bars: dict[Bar, Decimal | None] = dict.fromkeys(Bar, ZERO)
    unknowns = {reason for effect in effects for reason in effect.reasons}
    for effect in effects:
        bars[effect.bar] = _plus(bars[effect.bar], effect.amount)
    opening, closing, local = days.opening(), days.closing(), days.local_change()
    unknowns |= days.unknowns
    told: Decimal | None = ZERO
    for bar in Bar:
        if bar not in {Bar.REALIZED, Bar.UNREALIZED}:
            told = _plus(told, bars[bar])
    conversions = bars[Bar.FX]
    price = _minus(local, told)
    bars[Bar.FX] = _plus(_minus(_minus(closing, opening), local), conversions)
    bars[Bar.UNREALIZED] = _minus(price, bars[Bar.REALIZED])
    return Waterfall(
        opening=opening, closing=closing, price_result=price, bars=bars,
        effects=tuple(sorted(effects, key=lambda e: (e.bar, e.day, str(e.transaction_id)))),
        unknowns=tuple(sorted(unknowns)),
    )  # fmt: skip


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left + right if left is not None and right is not None else None


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left - right if left is not None and right is not None else None


def _without_own_transfers(effects: list[Effect], accounts: Sequence[Books]) -> list[Effect]:
    """Both ends of a transfer among these accounts: what remains of the pair is one effect."""
    links: dict[UUID, list[Transaction]] = {}
    for books in accounts:
        for record in books.records:
            if record.link_id is not None and crosses_account(record):
                links.setdefault(record.link_id, []).append(record)
    pairs = {
        record.id: link
        for link, records in links.items()
        if len({record.account_id for record in records}) > 1
        for record in records
    }
    kept = [effect for effect in effects if effect.transaction_id not in pairs]
    grouped: dict[UUID, list[Effect]] = {}
    for effect in effects:
        if effect.transaction_id is not None and effect.transaction_id in pairs:
            grouped.setdefault(pairs[effect.transaction_id], []).append(effect)
    for ends in grouped.values():
        amounts = [end.amount for end in ends]
        if None in amounts:
            kept += [end for end in ends if end.amount is None]
        elif left := sum((amount for amount in amounts if amount is not None), ZERO):
            bar = Bar.DEPOSITS if left > 0 else Bar.WITHDRAWALS
            kept.append(replace(ends[0], bar=bar, amount=left))
    return kept


@dataclass(slots=True)
class _Days:
    """What all accounts held each day, per currency."""

    market: Market
    currency: str
    first_day: date
    count: int
    of: Slice | None
    amounts: dict[str, list[Decimal]] = field(default_factory=dict)
    unpriced: dict[int, set[InstrumentId]] = field(default_factory=dict)
    unknowns: set[Unknown] = field(default_factory=set)

    def add(self, books: Books) -> Sequence[LotClosure]:
        """Add one account; the closures of its lots, before costs."""
        state = replay([before_costs(r) for r in books.records], method=books.method)
        local = LocalValues(self.count)
        held = Timeline(cash=self._cash(books.records), due=[*books.due])
        for (instrument_id, day), units in sorted(state.units_on.items()):
            if self._index(day) < self.count:
                add_step(held.units.setdefault(instrument_id, []), self._index(day), units)
        if self.of is not None:
            held = part_of(held, self.of)
        for instrument_id, of_one in held.units.items():
            prices = aligned(self.market.prices.get(instrument_id), self.first_day, self.count)
            local.add(instrument_id, of_one, self.market.multiplier(instrument_id), prices)
        for currency, of_cash in held.cash.items():
            local.add_cash(currency, of_cash)
        for one in held.due:
            local.add_due(one, self.first_day)
        for values in (local.market, local.cash, local.due):
            for currency, series in values.items():
                known = self.amounts.get(currency)
                self.amounts[currency] = (
                    [a + b for a, b in zip(known, series, strict=True)] if known else series
                )
        for index, missing in local.unpriced.items():
            self.unpriced.setdefault(index, set()).update(missing)
        return state.closures

    def _index(self, day: date) -> int:
        return max((day - self.first_day).days, 0)

    def _cash(self, records: Sequence[Transaction]) -> dict[str, Steps]:
        balances: dict[str, Decimal] = {}
        steps: dict[str, Steps] = {}
        for record in sorted(records, key=lambda r: r.trade_date):
            if self._index(record.trade_date) >= self.count:
                break
            for currency, change in cash_effects(record):
                balances[currency] = balances.get(currency, ZERO) + change
                add_step(
                    steps.setdefault(currency, []),
                    self._index(record.trade_date),
                    balances[currency],
                )
        return steps

    def opening(self) -> Decimal | None:
        """Value at the close of the first day."""
        return self._value(0)

    def closing(self) -> Decimal | None:
        """Value at the close of the last day."""
        return self._value(self.count - 1)

    def _value(self, index: int) -> Decimal | None:
        total: Decimal | None = ZERO
        if not self._is_priced(index):
            total = None
        for currency, amounts in self.amounts.items():
            total = _plus(total, self._at(currency, index, amounts[index]))
        return total

    def _is_priced(self, index: int) -> bool:
        missing = self.unpriced.get(index, set())
        self.unknowns |= {Unknown("price_missing", str(found)) for found in missing}
        return not missing

    def _at(self, currency: str, index: int, amount: Decimal) -> Decimal | None:
        if not amount:
            return ZERO
        day = self.first_day + timedelta(days=index)
        rate = self.market.fx.rate(currency, self.currency, day)
        if rate is None:
            self.unknowns.add(Unknown("fx_missing", currency))
            return None
        return amount * rate

    def local_change(self) -> Decimal | None:
        """Changes in each currency at the rate of their day, added up.

        A day on which something foreign has no price hides what changed: nothing is told then.
        """
        total: Decimal | None = ZERO
        ends = {0, self.count - 1}
        foreign = [c for c, amounts in self.amounts.items() if c != self.currency and any(amounts)]
        for index in sorted(self.unpriced if foreign else ends & self.unpriced.keys()):
            if not self._is_priced(index):
                total = None
        for currency, amounts in self.amounts.items():
            if currency == self.currency:
                total = _plus(total, amounts[-1] - amounts[0])
                continue
            rates = self.market.fx.daily(currency, self.currency, self.first_day, self.count)
            for (before, after), rate in zip(pairwise(amounts), rates[1:], strict=True):
                if before == after:
                    continue
                if rate is None:
                    self.unknowns.add(Unknown("fx_missing", currency))
                    total = None
                elif total is not None:
                    total += (after - before) * rate
        return total


def before_costs(record: Transaction) -> Transaction:
    """The record as if dealing had been free: costs have bars of their own."""
    if not RULES[record.kind].is_cost_part or (record.fee is None and record.tax is None):
        return record
    return replace(record, fee=None, tax=None)
