"""Realized gains added up for other features: as the ledger keeps them in a currency, or by leg."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import case, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger.gains import TAX_CURRENCY
from truenav.features.ledger.tables import LotClosureRow

Basis = Literal["tax", "account", "traded", "legs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealizedSum:
    """Gains of a day that are told alike; null while a cost or a kept amount is unknown.

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
    session: AsyncSession, account_ids: Sequence[UUID], currency: str, *, by_instrument: bool
) -> list[RealizedSum]:
    """All that was realized, day by day, by the rule of `gains.gain_in`."""
    closed = _closed(account_ids, currency).subquery().c
    keys = [closed.day, closed.basis, closed.currency, closed.acquired_date, closed.is_short]
    of: Any = closed.instrument_id if by_instrument else null().label("instrument_id")
    query = select(
        *keys, of,
        func.bool_and(closed.is_cost_known).label("is_cost_known"),
        case((func.bool_and(closed.gain.is_not(None)), func.sum(closed.gain))).label("gain"),
        func.sum(closed.proceeds).label("proceeds"),
        func.sum(closed.cost).label("cost"),
    ).group_by(*keys, *([of] if by_instrument else []))  # fmt: skip
    return [RealizedSum(**row) for row in (await session.execute(query)).mappings()]


def _closed(account_ids: Sequence[UUID], currency: str) -> Any:
    table = LotClosureRow
    is_tax: Any = currency == TAX_CURRENCY
    basis = case(
        (is_tax, literal("tax")),
        (AccountRow.base_currency == currency, literal("account")),
        (table.currency == currency, literal("traded")),
        else_=literal("legs"),
    )
    gain = case(
        (table.is_cost_known.is_(False), null()),
        (is_tax, table.tax_proceeds - table.tax_cost),
        (AccountRow.base_currency == currency, table.account_proceeds - table.account_cost),
        (table.currency == currency, table.gain),
    )
    is_kept = basis != literal("legs")
    return (
        select(
            table.closed_date.label("day"), basis.label("basis"), table.instrument_id,
            table.is_cost_known, gain.label("gain"), table.proceeds, table.cost,
            case((is_kept, literal(currency)), else_=table.currency).label("currency"),
            case((is_kept, null()), else_=table.acquired_date).label("acquired_date"),
            case((is_kept, literal(value=False)), else_=table.is_short).label("is_short"),
        )
        .join(
            AccountRow,
            (AccountRow.tenant_id == table.tenant_id) & (AccountRow.id == table.account_id),
        )
        .where(table.account_id.in_(account_ids))
    )  # fmt: skip
