"""Value at risk of the past portfolio, and of what is held today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np

from truenav.core.risk.correlation import clustered_order, correlation_matrix, in_order
from truenav.core.risk.figures import LEAST_RETURNS, Floats
from truenav.core.risk.held import complete_days, returns_between, weighted_history
from truenav.core.risk.samples import Sample
from truenav.core.risk.tails import (
    Tail,
    expected_shortfall,
    histogram,
    parametric_value_at_risk,
    value_at_risk,
)
from truenav.features.risk.figures import decimal_of
from truenav.features.risk.market import Levels, levels_in, rates_on
from truenav.features.risk.schemas import BinOut, CorrelatedOut, CorrelationsOut, TailOut
from truenav.features.valuation.explain import Named
from truenav.features.valuation.holdings import Holdings
from truenav.platform.unit_of_work import UnitOfWork

LARGEST = 30


def tail_out(sample: Sample, window: int, tail: Tail, reason: str | None = None) -> TailOut:
    """Both limits and the mean beyond, of the newest `window` returns."""
    used = sample.last(window)
    limit = value_at_risk(used.returns, tail)
    normal = parametric_value_at_risk(used.returns, tail)
    return TailOut(
        window=window,
        return_count=len(used.days),
        least_count=tail.least,
        first_date=used.days[0] if used.days else None,
        last_date=used.days[-1] if used.days else None,
        value_at_risk=decimal_of(limit.value),
        expected_shortfall=decimal_of(expected_shortfall(used.returns, tail).value),
        parametric=decimal_of(normal.value),
        reason=reason or limit.reason,
    )


def bins_of(sample: Sample, window: int) -> list[BinOut]:
    """How often the newest returns lay where."""
    found = histogram(sample.last(window).returns)
    return [
        BinOut(
            from_ratio=decimal_of(low) or Decimal(0),
            to_ratio=decimal_of(high) or Decimal(0),
            count=count,
        )
        for low, high, count in zip(found.edges[:-1], found.edges[1:], found.counts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held today: shares of the net asset value, and the prices they had on past days."""

    instrument_ids: Sequence[UUID]
    weights: Floats
    levels: Levels
    reason: str | None = None


async def held_today(uow: UnitOfWork, holdings: Holdings, window: int) -> Held:
    """Instruments by size, and the prices of about `window` days; a reason when not all count."""
    ordered = sorted(
        holdings.items,
        key=lambda item: (-abs(item.market_value or Decimal(0)), str(item.instrument_id)),
    )
    ids: list[UUID] = [item.instrument_id for item in ordered]
    currency = holdings.scope.currency
    paid = {c.currency for c in holdings.cash if c.amount}
    foreign = sorted((paid | {one.due.currency for one in holdings.receivables}) - {currency})
    # enough calendar days for the returns of the window even where holidays cluster
    first = holdings.day - timedelta(days=window * 3 // 2 + 30)
    levels = await levels_in(uow, ids, currency, (first, holdings.day), foreign)
    nav = holdings.nav
    if not ids:
        return Held(ids, np.empty(0), levels, "nothing_held")
    if nav is None:
        return Held(ids, np.empty(0), levels, "value_unknown")
    if nav <= 0:
        return Held(ids, np.empty(0), levels, "no_capital")
    weights = [float((item.market_value or Decimal(0)) / nav) for item in ordered]
    weights += [_cash_weight(holdings, code, nav) for code in foreign]
    rows = [rates_on(levels.fx, code, currency, levels.days) for code in foreign]
    values = np.vstack([levels.values, *rows]) if rows else levels.values
    told = Levels(ids, levels.days, values, levels.fx)
    is_priced = bool((~np.isnan(levels.values)).any(axis=1).all()) and bool(levels.days)
    return Held(ids, np.array(weights), told, None if is_priced else "price_missing")


def _cash_weight(holdings: Holdings, currency: str, nav: Decimal) -> float:
    """Cash and income due in a currency, of the whole."""
    values = [c.value for c in holdings.cash if c.currency == currency]
    values += [one.value for one in holdings.receivables if one.due.currency == currency]
    return float(sum((value or Decimal(0) for value in values), Decimal(0)) / nav)


def held_tail(held: Held, window: int, tail: Tail) -> TailOut:
    """The same limits of today's weights on past days: on the days all of it had a price."""
    return tail_out(held_sample(held), window, tail, held.reason)


def held_sample(held: Held) -> Sample:
    """Returns of today's weights; none where something of it is unknown."""
    if held.reason is not None:
        return Sample((), np.empty(0))
    returns = weighted_history(held.levels.values, held.weights)
    days = [held.levels.days[column] for column in complete_days(held.levels.values)]
    return Sample(tuple(days[1:]), returns)


@dataclass(frozen=True, slots=True)
class Compared:
    """The holdings that are compared, their levels, and the days of these."""

    ids: Sequence[UUID]
    values: Floats
    days: Sequence[date]


def compared(held: Held, window: int) -> Compared:
    """The largest holdings on the days most of them have a price, for so many returns."""
    ids = list(held.instrument_ids[:LARGEST])
    values = held.levels.values[: len(ids)]
    if not ids:
        return Compared([], values, [])
    # a day on which most have no price is a weekend of the others
    is_common = (~np.isnan(values)).mean(axis=0) >= 1 / 2
    days = [day for day, kept in zip(held.levels.days, is_common, strict=True) if kept]
    return Compared(ids, values[:, is_common][:, -(window + 1) :], days[-(window + 1) :])


def correlations_of(held: Held, names: Mapping[UUID, Named], window: int) -> CorrelationsOut:
    """The largest holdings, pair by pair, alike ones beside each other."""
    of = compared(held, window)
    ids, days = of.ids, of.days
    if len(ids) < 2:
        return _no_correlations("fewer_than_two_holdings")
    matrix = correlation_matrix(returns_between(of.values), LEAST_RETURNS)
    if np.isnan(matrix).all():
        return _no_correlations("too_few_returns")
    order = clustered_order(matrix)
    return CorrelationsOut(
        items=[
            CorrelatedOut(
                instrument_id=ids[row], symbol=names[ids[row]].symbol, name=names[ids[row]].name
            )
            for row in order
        ],
        rows=[[decimal_of(value) for value in row] for row in in_order(matrix, order)],
        return_count=len(days) - 1,
        first_date=_nth(days, 1),
        last_date=_nth(days, -1),
        reason=None,
    )


def _nth(days: Sequence[date], index: int) -> date | None:
    return days[index] if len(days) > 1 else None


def _no_correlations(reason: str) -> CorrelationsOut:
    return CorrelationsOut(
        items=[], rows=[], return_count=0, first_date=None, last_date=None, reason=reason
    )
