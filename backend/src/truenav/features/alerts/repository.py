"""SQL of alerts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.accounts.tables import AccountRow
from truenav.features.alerts.tables import AlertRow, AlertRuleRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.platform.pages import PageRequest

ANEW = {"populate_existing": True}
UNSEEN = {"synchronize_session": False}
Named = tuple[Any, InstrumentRow | None, str | None]


async def lock(session: AsyncSession, tenant_id: UUID) -> None:
    """One who makes a rule of a tenant at a time, until commit: the count of them holds."""
    key = func.hashtextextended(f"alert_rules:{tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def count_rules(session: AsyncSession) -> int:
    """How many rules the asking tenant has."""
    query = select(func.count()).select_from(AlertRuleRow).where(AlertRuleRow.removed_at.is_(None))
    return await session.scalar(query) or 0


async def has_rules(session: AsyncSession, kinds: Sequence[str]) -> bool:
    """Whether any rule of these kinds of the asking tenant is on."""
    return bool(await session.scalar(select(exists().where(*_on(kinds)))))


def _on(kinds: Sequence[str]) -> list[Any]:
    table = AlertRuleRow
    return [table.removed_at.is_(None), table.is_enabled, table.kind.in_(kinds)]


async def rules_to_look(
    session: AsyncSession, kinds: Sequence[str], instrument_ids: Sequence[UUID] | None = None
) -> Sequence[AlertRuleRow]:
    """Rules of these kinds that are on, held until commit: one looks through them at a time."""
    table = AlertRuleRow
    query = select(table).where(*_on(kinds)).order_by(table.id).with_for_update()
    if instrument_ids is not None:
        query = query.where(table.instrument_id.in_(instrument_ids))
    return (await session.scalars(query, execution_options=ANEW)).all()


async def rule(session: AsyncSession, rule_id: UUID) -> AlertRuleRow | None:
    """One rule of the asking tenant, held until commit."""
    table = AlertRuleRow
    query = select(table).where(table.id == rule_id, table.removed_at.is_(None)).with_for_update()
    return await session.scalar(query, execution_options=ANEW)


async def named_rules(session: AsyncSession, rule_id: UUID | None = None) -> list[Named]:
    """Every rule, the newest first, or one; with its instrument and its account's name."""
    table = AlertRuleRow
    query = _named(table).where(table.removed_at.is_(None)).order_by(table.id.desc())
    if rule_id is not None:
        query = query.where(table.id == rule_id)
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


def _named(table: Any) -> Select[Any]:
    # what is found once may have been changed since, by a statement
    return (
        select(table, InstrumentRow, AccountRow.name)
        .outerjoin(InstrumentRow, InstrumentRow.id == table.instrument_id)
        .outerjoin(
            AccountRow,
            (AccountRow.tenant_id == table.tenant_id) & (AccountRow.id == table.account_id),
        )
        .execution_options(**ANEW)
    )


async def add_rule(session: AsyncSession, values: dict[str, Any]) -> None:
    """A rule that has seen nothing yet."""
    await session.execute(insert(AlertRuleRow).values(**values))


async def add_alert(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Keep what a rule tells, unless it told of the same before; whether it is new."""
    adding = insert(AlertRow).values(**values).on_conflict_do_nothing().returning(AlertRow.id)
    return await session.scalar(adding) is not None


async def told_of(session: AsyncSession, rule_id: UUID, names: Sequence[str]) -> set[str]:
    """Which of these occurrences a rule has told of."""
    table = AlertRow
    query = select(table.occurrence).where(table.rule_id == rule_id, table.occurrence.in_(names))
    return set(await session.scalars(query))


async def alerts(session: AsyncSession, page: PageRequest, *, only_open: bool) -> list[Named]:
    """The newest first, one more than is asked for; without the dismissed ones where asked."""
    table = AlertRow
    query = _named(table).order_by(table.fired_at.desc(), table.id.desc()).limit(page.limit + 1)
    if only_open:
        query = query.where(table.dismissed_at.is_(None))
    if page.after is not None:
        query = query.where(tuple_(table.fired_at, table.id) < page.after)
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def alert(session: AsyncSession, alert_id: UUID) -> Named | None:
    """One alert of the asking tenant."""
    found = (await session.execute(_named(AlertRow).where(AlertRow.id == alert_id))).one_or_none()
    return (found[0], found[1], found[2]) if found is not None else None


async def count_unread(session: AsyncSession) -> int:
    """How many nobody has read or dismissed."""
    query = select(func.count()).select_from(AlertRow).where(AlertRow.read_at.is_(None))
    return await session.scalar(query) or 0


async def mark_read(session: AsyncSession, alert_ids: Sequence[UUID], now: datetime) -> None:
    """Note that somebody read these; once read stays read."""
    table = AlertRow
    reading = update(table).where(table.id.in_(alert_ids), table.read_at.is_(None))
    await session.execute(reading.values(read_at=now), execution_options=UNSEEN)


async def dismiss(session: AsyncSession, alert_id: UUID, now: datetime) -> None:
    """Put one away; who does has read it."""
    table = AlertRow
    mine = (table.id == alert_id) & table.dismissed_at.is_(None)
    values = {"dismissed_at": now, "read_at": func.coalesce(table.read_at, now)}
    await session.execute(update(table).where(mine).values(**values), execution_options=UNSEEN)


async def watched_instruments(session: AsyncSession) -> list[UUID]:
    """Of which instruments rules of the asking tenant watch the price."""
    table = AlertRuleRow
    query = select(table.instrument_id).where(*_on(("price", "price_change"))).distinct()
    return [key for key in await session.scalars(query) if key is not None]
