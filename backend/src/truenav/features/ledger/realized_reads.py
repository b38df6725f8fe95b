"""Realized gains added up for other features: as the ledger keeps them in a currency, or by leg."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import case, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.valuation.gains import Closed, Legs
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger.gains import GAIN_DATE, TAX_CURRENCY, GainFilter, of_closures
from truenav.features.ledger.tables import LotClosureRow

Basis = Literal["tax", "account", "traded", "legs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealizedSum:
    """Gains that are told alike; null while a cost or a kept amount is unknown.

    Of a day, or, put together, up to the last `day` of them; legs are always of one day.

    `gain` is in the currency that was asked for, as the ledger keeps it for tax, for the account,
    or as traded. Of `legs` it keeps none: `proceeds` and `cost` are in `currency`, what was
    bought on `acquired_date` and sold on `day`; of a short position the other way round.
    """

    day: date
    basis: Basis
    instrument_id: UUID | None
    is_cost_known: bool
    gain: Decimal | None
    currency: str
    acquired_date: date | None
    is_short: bool
    proceeds: Decimal
    cost: Decimal


async def realized_sums(
    session: AsyncSession,
    wanted: GainFilter,
    currency: str,
    *,
    by_instrument: bool,
    by_day: bool = True,
) -> list[RealizedSum]:
    """What a filter leaves of all that was realized; what is told alike is one sum."""
    closed = _closed(wanted, currency).subquery().c
    keys = [closed.basis, closed.currency, closed.acquired_date, closed.is_short]
    of: Any = closed.instrument_id if by_instrument else null().label("instrument_id")
    on = closed.day if by_day else closed.converted_on
    query = select(
        *keys, of,
        func.max(closed.day).label("day"),
        func.bool_and(closed.is_cost_known).label("is_cost_known"),
        case((func.bool_and(closed.gain.is_not(None)), func.sum(closed.gain))).label("gain"),
        func.sum(closed.proceeds).label("proceeds"),
        func.sum(closed.cost).label("cost"),
    ).group_by(*keys, on, *([of] if by_instrument else []))  # fmt: skip
    return [RealizedSum(**row) for row in (await session.execute(query)).mappings()]


async def closures_in(
    session: AsyncSession, wanted: GainFilter, currency: str
) -> list[tuple[UUID, Closed]]:
    """What a filter leaves, instrument by instrument, with what is kept in a currency."""
    table, kept = LotClosureRow, _kept_in(currency)
    query = of_closures(
        select(
            table.instrument_id, table.acquired_date, table.closed_date, table.is_short,
            table.is_cost_known, table.currency, table.proceeds, table.cost,
            kept.basis, kept.proceeds.label("kept_proceeds"), kept.cost.label("kept_cost"),
        ),
        wanted,
    ).order_by(GAIN_DATE, table.id)  # fmt: skip
    return [
        (
            row.instrument_id,
            Closed(
                currency=row.currency, acquired_date=row.acquired_date,
                closed_date=row.closed_date, is_short=row.is_short,
                is_cost_known=row.is_cost_known, proceeds=row.proceeds, cost=row.cost,
                kept=None if row.basis == "legs" else Legs(row.kept_proceeds, row.kept_cost),
            ),
        )
        for row in await session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the ledger keeps of a closure in a currency, as columns; null of `legs`."""

    basis: Any
    proceeds: Any
    cost: Any


def _kept_in(currency: str) -> _Kept:
    """The one rule of it: for tax, for the account, as traded, or not at all."""
    table = LotClosureRow
    is_tax: Any = currency == TAX_CURRENCY
    is_account, is_traded = AccountRow.base_currency == currency, table.currency == currency
    return _Kept(
        case(
            (is_tax, literal("tax")), (is_account, literal("account")),
            (is_traded, literal("traded")), else_=literal("legs"),
        ).label("basis"),
        case(
            (is_tax, table.tax_proceeds), (is_account, table.account_proceeds),
            (is_traded, table.proceeds),
        ),
        case((is_tax, table.tax_cost), (is_account, table.account_cost), (is_traded, table.cost)),
    )  # fmt: skip


def _closed(wanted: GainFilter, currency: str) -> Any:
    table, kept = LotClosureRow, _kept_in(currency)
    is_kept = kept.basis != literal("legs")
    gain = case((table.is_cost_known, kept.proceeds - kept.cost))
    return of_closures(
        select(
            table.closed_date.label("day"), kept.basis, table.instrument_id,
            case((is_kept, null()), else_=table.closed_date).label("converted_on"),
            table.is_cost_known, gain.label("gain"), table.proceeds, table.cost,
            case((is_kept, literal(currency)), else_=table.currency).label("currency"),
            case((is_kept, null()), else_=table.acquired_date).label("acquired_date"),
            case((is_kept, literal(value=False)), else_=table.is_short).label("is_short"),
        ),
        wanted,
    )  # fmt: skip
