"""What rules that wait for an event find: each finding has a name, and is told once by a rule."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from truenav.core.corporate_actions.actions import CASH_PAID
from truenav.features.alerts.tables import AlertRuleRow
from truenav.features.imports.tables import ImportBatchRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.tables import LedgerProofRow, PositionRow
from truenav.features.marketdata.reads import events_of, newest_closes, valuation_date
from truenav.platform.unit_of_work import UnitOfWork

# Dividends are told of at most so long before their day.
AHEAD = timedelta(days=400)
# What failed longer ago, before anybody looked, is no news.
NEWS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that happened; `occurrence` names it."""

    occurrence: str
    as_of: datetime
    instrument_id: UUID | None = None
    account_id: UUID | None = None
    value: Decimal | None = None
    currency: str | None = None
    source: str | None = None
    on_date: date | None = None
    subject: str | None = None
    subject_id: UUID | None = None


async def found_by(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> list[Found]:
    """Everything a rule can tell of now, told before or not."""
    match rule.kind:
        case "dividend":
            return await _dividends(uow, rule, now)
        case "stale_price":
            return await _stale(uow, rule, now)
        case "import_failed":
            return await _failed_imports(uow, rule, now)
        case _:
            return await _ledger_breaks(uow, rule, now)


async def _watched(uow: UnitOfWork, rule: AlertRuleRow) -> list[UUID]:
    """The instrument that is named, or all that is held."""
    if rule.instrument_id is not None:
        return [rule.instrument_id]
    table = PositionRow
    query = select(table.instrument_id).where(table.quantity != 0).distinct()
    return sorted(await uow.session.scalars(query))


async def _dividends(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> list[Found]:
    """Cash to be paid to who holds before a day that lies no earlier than the rule."""
    began = rule.created_at.astimezone(UTC).date()
    found: dict[str, Found] = {}
    for row in await events_of(uow.session, await _watched(uow, rule), now.date() + AHEAD):
        if row.ex_date < began or row.type not in CASH_PAID or not row.cash_amount:
            continue
        # of several sources the one that counts stands first
        name = f"dividend {row.instrument_id} {row.ex_date} {row.type}"
        if name not in found:
            found[name] = Found(
                occurrence=name,
                as_of=now,
                instrument_id=row.instrument_id,
                value=row.cash_amount,
                currency=row.currency,
                source=row.source,
                on_date=row.ex_date,
            )
    return list(found.values())


async def _stale(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> list[Found]:
    """What still trades and has had no price for so many days, or never any."""
    day = await valuation_date(uow.session, uow.tenant_id, now.date())
    ids = await _watched(uow, rule)
    table = InstrumentRow
    trading = select(table.id).where(table.id.in_(ids), table.delisted_on.is_(None))
    wanted = sorted(await uow.session.scalars(trading))
    closes = await newest_closes(uow.session, wanted, day)
    found = []
    for key in wanted:
        last = closes[key].last if key in closes else None
        if last is not None and (day - last.price_date).days < (rule.window_days or 0):
            continue
        since = last.price_date if last is not None else None
        found.append(
            Found(
                occurrence=f"stale {key} {since or 'never'}",
                as_of=datetime.combine(day, time(), UTC),
                instrument_id=key,
                source=last.source if last is not None else None,
                on_date=since,
            )
        )
    return found


async def _failed_imports(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> list[Found]:
    table = ImportBatchRow
    query = select(table.id, table.account_id, table.file_name, table.version, table.created_at)
    query = query.where(
        table.status == "failed",
        table.created_at >= max(rule.created_at, now - NEWS),
        *_of_account(table.account_id, rule),
    )
    return [
        Found(
            occurrence=f"import {row.id} {row.version}",
            as_of=row.created_at,
            account_id=row.account_id,
            subject=row.file_name,
            subject_id=row.id,
        )
        for row in await uow.session.execute(query)
    ]


async def _ledger_breaks(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> list[Found]:
    table = LedgerProofRow
    query = select(table.account_id, table.proved_on, table.difference_count).where(
        table.difference_count > 0,
        table.proved_on >= max(rule.created_at, now - NEWS).astimezone(UTC).date(),
        *_of_account(table.account_id, rule),
    )
    return [
        Found(
            occurrence=f"ledger {row.account_id} {row.proved_on}",
            as_of=datetime.combine(row.proved_on, time(), UTC),
            account_id=row.account_id,
            value=Decimal(row.difference_count),
            on_date=row.proved_on,
        )
        for row in await uow.session.execute(query)
    ]


def _of_account(column: Any, rule: AlertRuleRow) -> list[Any]:
    return [] if rule.account_id is None else [column == rule.account_id]
