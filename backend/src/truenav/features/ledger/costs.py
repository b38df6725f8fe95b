"""In which currencies an account keeps its costs, and the rates of the days it needs."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.transactions import Transaction
from truenav.features.accounts.tables import AccountRow
from truenav.features.marketdata.reads import fx_table_on


async def cost_currencies(
    session: AsyncSession,
    account: AccountRow,
    records: Iterable[Transaction],
    *,
    also: Collection[str] = (),
) -> CostCurrencies:
    """The account's currency and the tax currency, with the rates of the days it has records on.

    None beside the traded one while everything is in one currency: its cost is the traded cost.
    `also` are currencies of lots there are already.
    """
    codes = tuple(
        dict.fromkeys((account.base_currency, account.tax_currency or account.base_currency))
    )
    days: set[date] = set()
    foreign = set(also)
    for record in records:
        foreign.add(record.currency)
        days.add(record.trade_date)
        for lot in record.carried_lots:
            foreign.add(lot.currency or record.currency)
            days.add(lot.acquired_date)
    if foreign <= set(codes) and len(codes) == 1:
        return CostCurrencies()
    table = await fx_table_on(session, {*codes, *foreign}, days)

    def rate_on(day: date, source: str, target: str) -> Decimal | None:
        return table.rate(source, target, day)

    return CostCurrencies(codes, rate_on)
