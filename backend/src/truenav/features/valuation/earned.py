"""What a scope gained and was paid so far, day by day: of a slice what belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.core.valuation.gains import Closed, Gain, part, realized, together
from truenav.core.valuation.series import FxTable
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.gains import GainFilter
from truenav.features.ledger.reads import DatedAmount
from truenav.features.ledger.realized_reads import RealizedSum, closures_in, realized_sums
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


class OfSegment(Protocol):
    """An amount of an instrument, or of the cash of its currency when it names none."""

    @property
    def instrument_id(self) -> UUID | None:
        """What paid it."""
        ...

    @property
    def currency(self) -> str:
        """Of the amount."""
        ...


def weight_of(scope: Scope, one: OfSegment) -> Decimal:
    """The part of an amount that belongs to the scope: that of its instrument, else of its cash."""
    named = one.instrument_id
    return scope.weight(one.currency if named is None else InstrumentId(named))


async def realized_by_day(uow: UnitOfWork, scope: Scope) -> Sequence[RealizedSum]:
    """Gains realized per day, as the ledger keeps them in the scope's currency, else by leg."""
    wanted = GainFilter(account_ids=scope.account_ids, closed_by=scope.as_of)
    found = await realized_sums(
        uow.session, wanted, scope.currency, by_instrument=scope.of is not None
    )
    return found if scope.of is None else _own_gains(scope, found)


def converted_days(found: Iterable[RealizedSum]) -> tuple[set[str], set[date]]:
    """Currencies and days whose rates they need."""
    legs = [one for one in found if one.acquired_date is not None]
    days = {day for one in legs for day in (one.day, one.acquired_date) if day is not None}
    return {one.currency for one in legs}, days


@exact
def gain_of(one: RealizedSum, currency: str, fx: FxTable) -> Decimal | None:
    """A gain in the scope's currency: as kept, else each leg at the rate of its own day."""
    if not one.is_cost_known or one.acquired_date is None:
        return one.gain if one.is_cost_known else None
    closed = Closed(
        currency=one.currency, acquired_date=one.acquired_date, closed_date=one.day,
        is_short=one.is_short, is_cost_known=True, proceeds=one.proceeds, cost=one.cost, kept=None,
    )  # fmt: skip
    return realized(closed, currency, fx).gain


async def realized_by_instrument(
    uow: UnitOfWork, scope: Scope, wanted: GainFilter
) -> dict[UUID, Gain]:
    """What a filter leaves of the gains of the scope, in its currency, by instrument."""
    wanted = replace(wanted, account_ids=scope.account_ids)
    found = [
        (key, one, weight)
        for key, one in await closures_in(uow.session, wanted, scope.currency)
        if (weight := scope.weight(InstrumentId(key)))
    ]
    foreign = [one for _, one, _ in found if one.currency != scope.currency]
    fx = await fx_table_on(
        uow.session,
        {scope.currency, *(one.currency for one in foreign)} if foreign else (),
        {day for one in foreign for day in (one.acquired_date, one.closed_date)},
    )
    gains: dict[UUID, list[Gain]] = {}
    for key, one, weight in found:
        gains.setdefault(key, []).append(part(realized(one, scope.currency, fx), weight))
    return {key: together(of) for key, of in gains.items()}


async def realized_sum_of_each(
    uow: UnitOfWork, scope: Scope, wanted: GainFilter
) -> dict[UUID, Gain]:
    """As `realized_by_instrument`, without what exchange rates made of it.

    What the ledger keeps comes added up: years of closures are few rows.
    """
    wanted = replace(wanted, account_ids=scope.account_ids)
    sums = await realized_sums(
        uow.session, wanted, scope.currency, by_instrument=True, by_day=False
    )
    found = [(one, weight) for one in sums if (weight := weight_of(scope, one))]
    currencies, days = converted_days(one for one, _ in found)
    fx = await fx_table_on(uow.session, {scope.currency, *currencies} if currencies else (), days)
    gains: dict[UUID, list[Gain]] = {}
    for one, weight in found:
        if one.instrument_id is not None:
            mine = part(_told(one, scope.currency, fx), weight)
            gains.setdefault(one.instrument_id, []).append(mine)
    return {key: together(of) for key, of in gains.items()}


def _told(one: RealizedSum, currency: str, fx: FxTable) -> Gain:
    gain = gain_of(one, currency, fx)
    if gain is not None:
        return Gain(gain, None, 1)
    return Gain(None, None, 1, ("fx_missing" if one.is_cost_known else "cost_unknown",))


async def income_by_day(
    uow: UnitOfWork, scope: Scope, first: date, last: date
) -> Sequence[DatedAmount]:
    """Income per day and currency, before tax withheld."""
    found = await ledger_reads.income_by_day(
        uow.session, scope.account_ids, first, last, by_instrument=scope.of is not None
    )
    return found if scope.of is None else _own(scope, found)


@exact
def _own_gains(scope: Scope, found: Sequence[RealizedSum]) -> list[RealizedSum]:
    sums: dict[tuple[object, ...], RealizedSum] = {}
    for one in found:
        weight = weight_of(scope, one)
        if not weight:
            continue
        key = one.day, one.basis, one.currency, one.acquired_date, one.is_short
        mine = replace(
            one, instrument_id=None, proceeds=one.proceeds * weight, cost=one.cost * weight,
            gain=None if one.gain is None else one.gain * weight,
        )  # fmt: skip
        sums[key] = _both(sums[key], mine) if key in sums else mine
    return list(sums.values())


def _both(one: RealizedSum, other: RealizedSum) -> RealizedSum:
    is_known = one.gain is not None and other.gain is not None
    return replace(
        one,
        is_cost_known=one.is_cost_known and other.is_cost_known,
        gain=(one.gain or ZERO) + (other.gain or ZERO) if is_known else None,
        proceeds=one.proceeds + other.proceeds,
        cost=one.cost + other.cost,
    )


@exact
def _own(scope: Scope, found: Sequence[DatedAmount]) -> list[DatedAmount]:
    sums: dict[tuple[date, str], Decimal | None] = {}
    for item in found:
        weight = weight_of(scope, item)
        if not weight:
            continue
        key = item.day, item.currency
        before = sums.get(key, ZERO)
        is_known = before is not None and item.amount is not None
        sums[key] = (before or ZERO) + (item.amount or ZERO) * weight if is_known else None
    return [DatedAmount(day, currency, amount) for (day, currency), amount in sums.items()]
