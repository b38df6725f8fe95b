"""SQL of links: which accounts share one, and the lots that travel under it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import CarriedLot
from truenav.features.ledger import mapping
from truenav.features.ledger.tables import TransactionRow, TransferredLotsRow
from truenav.platform.bulk import insert_rows

SentLots = dict[tuple[UUID, InstrumentId], tuple[CarriedLot, ...]]


async def count_links(session: AsyncSession) -> int:
    """How many links of the tenant lots left an account under."""
    query = select(func.count(TransferredLotsRow.link_id.distinct()))
    return await session.scalar(query) or 0


async def linked_account_ids(
    session: AsyncSession, account_ids: Iterable[UUID], links: Iterable[UUID]
) -> set[UUID]:
    """The accounts and all that share a link with one of them, directly or through others."""
    found, links = set(account_ids), set(links)
    while True:
        of_accounts = select(TransactionRow.link_id).where(
            TransactionRow.account_id.in_(found), TransactionRow.link_id.is_not(None)
        )
        links |= set(await session.scalars(of_accounts.distinct()))
        if not links:
            return found
        sharing = select(TransactionRow.account_id).where(TransactionRow.link_id.in_(links))
        wider = found | set(await session.scalars(sharing.distinct()))
        if wider == found:
            return found
        found = wider


async def receiving_accounts(
    session: AsyncSession, account_id: UUID, links: Iterable[UUID]
) -> dict[UUID, set[UUID]]:
    """Other accounts that have records under the links, and under which of them."""
    sharing = (
        select(TransactionRow.account_id, TransactionRow.link_id)
        .where(TransactionRow.link_id.in_(list(links)), TransactionRow.account_id != account_id)
        .distinct()
    )
    found: dict[UUID, set[UUID]] = {}
    for row in await session.execute(sharing):
        found.setdefault(row.account_id, set()).add(row.link_id)
    return found


async def sent_lots(session: AsyncSession, account_id: UUID) -> SentLots:
    """What left an account under links, as it was last worked out."""
    table = TransferredLotsRow
    query = select(table.link_id, table.instrument_id, table.lots)
    return _sent(await session.execute(query.where(table.account_id == account_id)))


async def travelling_lots(
    session: AsyncSession, account_id: UUID, links: Iterable[UUID]
) -> SentLots:
    """What other accounts sent under the links."""
    table = TransferredLotsRow
    query = (
        select(table.link_id, table.instrument_id, table.lots)
        .where(table.link_id.in_(list(links)), table.account_id != account_id)
        .order_by(table.account_id)
    )
    return _sent(await session.execute(query))


def _sent(rows: Iterable[Any]) -> SentLots:
    found: SentLots = {}
    for row in rows:
        key = (row.link_id, InstrumentId(row.instrument_id))
        lots = tuple(mapping.to_carried_lot(lot) for lot in row.lots)
        found[key] = found.get(key, ()) + lots
    return found


async def replace_sent_lots(
    session: AsyncSession, tenant_id: UUID, account_id: UUID, before: SentLots, after: SentLots
) -> None:
    """Put what leaves an account now in the place of what left it before."""
    table = TransferredLotsRow
    gone = [key for key, lots in before.items() if after.get(key) != lots]
    if gone:
        await session.execute(
            delete(table).where(
                table.account_id == account_id,
                tuple_(table.link_id, table.instrument_id).in_(gone),
            )
        )
    rows = [
        {
            "tenant_id": tenant_id,
            "link_id": link_id,
            "instrument_id": instrument_id,
            "account_id": account_id,
            "lots": [mapping.carried_lot_value(lot) for lot in lots],
        }
        for (link_id, instrument_id), lots in after.items()
        if before.get((link_id, instrument_id)) != lots
    ]
    await insert_rows(session, table, rows)
