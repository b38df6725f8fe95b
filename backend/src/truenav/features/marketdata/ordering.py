"""Choosing which sources count first: a tenant for itself, an operator for an instrument."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.events import MarketChanged
from truenav.core.ids import AccountId
from truenav.core.marketdata.selection import ORDERED_SOURCES
from truenav.features.marketdata.order_tables import InstrumentSourceOrderRow, TenantSourceOrderRow
from truenav.features.marketdata.priority import forget_orders
from truenav.platform.audit import record
from truenav.platform.problems import InvalidFields, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

OWN = TenantSourceOrderRow
ANEW = {"populate_existing": True}
# Per account the first day it is valued by an instrument that two sources tell of.
TOUCHED = text(
    "SELECT held.account_id, min(greatest(held.first_day, met.first_day))"
    " FROM (SELECT account_id, instrument_id, min(trade_date) AS first_day FROM transactions"
    "       WHERE instrument_id IS NOT NULL GROUP BY account_id, instrument_id) held"
    " JOIN LATERAL (SELECT min(price_date) AS first_day FROM ("
    "   SELECT price_date FROM prices WHERE instrument_id = held.instrument_id"
    "   GROUP BY price_date HAVING count(*) > 1) twice) met ON met.first_day IS NOT NULL"
    " GROUP BY held.account_id"
)
SET_OF_ONE = text("SELECT catalogue.set_source_order(:id, :sources, :seen)")


def check(sources: Sequence[str]) -> None:
    """Refuse what is no order.

    Raises:
        InvalidFields: a source nobody may order, or one that stands twice.
    """
    unknown = sorted(set(sources) - set(ORDERED_SOURCES))
    if unknown:
        raise InvalidFields([("/body/sources", f"there is no source {unknown[0]!r} to order")])
    if len(set(sources)) < len(sources):
        raise InvalidFields([("/body/sources", "a source stands once")])


async def of_tenant(session: AsyncSession) -> TenantSourceOrderRow | None:
    """What the asking tenant chose."""
    return await session.scalar(select(OWN), execution_options=ANEW)


async def of_instrument(
    session: AsyncSession, instrument_id: UUID
) -> InstrumentSourceOrderRow | None:
    """What an operator chose for an instrument."""
    table = InstrumentSourceOrderRow
    query = select(table).where(table.instrument_id == instrument_id)
    return await session.scalar(query, execution_options=ANEW)


async def choose_own(
    uow: UnitOfWork, sources: Sequence[str], version: int | None
) -> TenantSourceOrderRow:
    """Put sources before the others for the asking tenant; its accounts are valued anew.

    Raises:
        StaleVersion: it is another by now than the one that was seen.
    """
    before = await of_tenant(uow.session)
    old = list(before.sources) if before is not None else []
    values = {"sources": list(sources), "set_by": uow.user_id}
    if version is None:
        row = {**values, "tenant_id": uow.tenant_id}
        adding = insert(OWN).values(**row).on_conflict_do_nothing().returning(OWN.version)
        made = await uow.session.scalar(adding)
    else:
        changing = (
            update(OWN)
            .where(OWN.tenant_id == uow.tenant_id, OWN.version == version)
            .values(**values, version=OWN.version + 1, set_at=func.now())
            .returning(OWN.version)
        )
        options = {"synchronize_session": False}
        made = await uow.session.scalar(changing, execution_options=options)
    stored = await of_tenant(uow.session)
    if made is None or stored is None:
        raise StaleVersion(
            "the order is another by now", {"version": stored.version if stored else None}
        )
    forget_orders(uow.session)
    if old != list(sources):
        await record(
            uow, "source_order.own", "tenant", uow.tenant_id,
            old_value={"sources": old}, new_value={"sources": list(sources)},
        )  # fmt: skip
        for account_id, earliest in await _touched(uow.session):
            uow.emit(MarketChanged(AccountId(account_id), earliest))
    return stored


async def _touched(session: AsyncSession) -> list[tuple[UUID, date]]:
    return [(row[0], row[1]) for row in await session.execute(TOUCHED)]


async def choose_for_all(
    uow: UnitOfWork, instrument_id: UUID, sources: Sequence[str], version: int | None
) -> InstrumentSourceOrderRow:
    """Put sources before the others for one instrument, as the operator who asks.

    Its data version rises, and whoever holds it is valued anew, where sources meet on a day.

    Raises:
        StaleVersion: it is another by now than the one that was seen.
    """
    before = await of_instrument(uow.session, instrument_id)
    old = list(before.sources) if before is not None else []
    values = {"id": instrument_id, "sources": list(sources), "seen": version}
    made = await uow.session.scalar(SET_OF_ONE, values)
    stored = await of_instrument(uow.session, instrument_id)
    if made is None or stored is None:
        raise StaleVersion(
            "the order is another by now", {"version": stored.version if stored else None}
        )
    forget_orders(uow.session)
    await record(
        uow, "source_order.instrument", "instrument", instrument_id,
        old_value={"sources": old}, new_value={"sources": list(sources)},
    )  # fmt: skip
    return stored
