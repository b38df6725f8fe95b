"""Purchases of a span by what their lots have brought."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId, TransactionId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.performance.attribution import VERSION
from truenav.core.performance.trades import TradeResult, trade_results
from truenav.core.performance.twrr import average_capital
from truenav.core.valuation.nav import Market
from truenav.features.ledger import rebuilding
from truenav.features.ledger.rebuilding import Inputs
from truenav.features.marketdata.reads import market_on
from truenav.features.performance.attribution_schemas import TradeOut, TradesOut
from truenav.features.performance.service import (
    Span,
    gain_of,
    given_span,
    measured_of,
    placed_flows,
    rounded,
)
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.holdings import total
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Whole:
    """What all of a span earned, and the capital that was at work in it on average."""

    gain: Decimal | None
    capital: Decimal | None

    @exact
    def share(self, amount: Decimal | None) -> Decimal | None:
        """An amount over the capital; None without one."""
        if amount is None or self.capital is None or self.capital <= 0:
            return None
        return rounded(amount / self.capital)


@dataclass(frozen=True, slots=True)
class Trade:
    """A record that opened lots, what they brought, and how much of it belongs to the slice."""

    record: Transaction
    result: TradeResult
    weight: Decimal


async def trades_of(uow: UnitOfWork, scope: Scope, wanted: Wanted, limit: int) -> TradesOut:
    """The best and the worst purchases of the span, each up to its last day."""
    last = min(wanted.to_date or scope.as_of, scope.as_of)
    first = wanted.first_day(scope.as_of)
    found: list[Trade] = []
    for account in scope.accounts:
        given = await rebuilding.inputs(uow.session, account, through=last)
        found += await _of_account(uow, scope, given, last)
    within = [one for one in found if first is None or one.record.trade_date > first]
    ids = {one.record.instrument_id for one in within if one.record.instrument_id is not None}
    rows = await repository.instruments(uow.session, list(ids))
    symbols = {key: row.symbol for key, row in rows.items()}
    whole = await _whole(uow, scope, wanted)
    told = [_told(one, symbols, whole) for one in within]
    known = sorted(
        (one for one in told if one.total is not None),
        key=lambda one: (one.total or Decimal(0), str(one.transaction_id)),
    )
    half = len(known) // 2
    worst, best = known[:half], known[half:]
    added = total([one.total for one in told])
    rest = _less(whole.gain, added)
    return TradesOut(
        currency=scope.currency,
        as_of=scope.as_of,
        from_date=first,
        to_date=last,
        slice=scope.told,
        trade_count=len(told),
        total=rounded(added),
        total_ratio=whole.share(added),
        residual=rounded(rest),
        residual_ratio=whole.share(rest),
        gain=rounded(whole.gain),
        gain_ratio=whole.share(whole.gain),
        average_capital=rounded(whole.capital),
        best=best[::-1][:limit],
        worst=worst[:limit],
        unknown=[one for one in told if one.total is None][:limit],
        calculation_version=VERSION.number,
        is_recomputing=await repository.is_recomputing(uow.session),
    )


async def _whole(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> Whole:
    found = measured_of(await given_span(uow, scope, wanted))
    span = found.span
    return Whole(
        gain_of(span, total([amount for _, amount in span.flows])), _capital(span, found.wanted)
    )


@exact
def _capital(span: Span, wanted: Wanted) -> Decimal | None:
    """What Modified Dietz divides the gain of the span by; None where a part is unknown."""
    if span.opening is None or not span.day_count or None in [f for _, f in span.flows]:
        return None
    return average_capital(span.opening, placed_flows(span, wanted), span.day_count)


@exact
def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part


async def _of_account(uow: UnitOfWork, scope: Scope, given: Inputs, last: date) -> list[Trade]:
    market = await trades_market(uow, scope, given.records, last)
    results: dict[TransactionId, TradeResult] = await asyncio.to_thread(
        trade_results, given.records, given.policy, market, scope.currency, last
    )
    opened = [(record, results[record.id]) for record in given.records if record.id in results]
    return [
        Trade(record, result, weight)
        for record, result in opened
        if (weight := ONE if scope.of is None else scope.of.weight(record.instrument_id))
    ]


async def trades_market(
    uow: UnitOfWork, scope: Scope, records: Sequence[Transaction], last: date
) -> Market:
    """Closes of the last day, and rates of every day with a record or a lot's own day."""
    carried = [lot for record in records for lot in record.carried_lots]
    return await market_on(
        uow.session,
        {InstrumentId(r.instrument_id) for r in records if r.instrument_id is not None},
        {
            scope.currency,
            *(code for r in records for code, _ in cash_effects(r)),
            *(r.currency for r in records),
            *(lot.currency for lot in carried if lot.currency),
        },
        day=last,
        fx_days={*(r.trade_date for r in records), *(lot.acquired_date for lot in carried)},
    )


@exact
def _told(one: Trade, symbols: Mapping[UUID, str], whole: Whole) -> TradeOut:
    record, result = one.record, one.result

    def part(value: Decimal | None) -> Decimal | None:
        return None if value is None else rounded(value * one.weight)

    return TradeOut(
        transaction_id=record.id,
        account_id=record.account_id,
        day=record.trade_date,
        kind=record.kind.value,
        instrument_id=record.instrument_id,
        symbol=symbols.get(record.instrument_id) if record.instrument_id else None,
        quantity=record.quantity,
        realized=part(result.realized),
        unrealized=part(result.unrealized),
        income=part(result.income),
        total=part(result.total),
        capital_ratio=whole.share(part(result.total)),
        reasons=sorted({unknown.reason_code for unknown in result.unknowns}),
    )
