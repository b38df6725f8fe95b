"""Positions as they were on a day, as they were known on another, as traded or as settled."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from truenav.core.calendar.settlement import LONGEST, has_settled, settlement_date
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.state import Position
from truenav.core.ledger.transactions import AssetClass, Transaction
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import balances, mapping, reads, repository
from truenav.features.ledger.mapping import per_unit
from truenav.features.ledger.rebuilding import arrived
from truenav.features.ledger.schemas import CashBalanceOut, PositionOut
from truenav.features.ledger.tables import LotClosureRow, LotRow
from truenav.platform.unit_of_work import UnitOfWork

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Which records count: of days up to `day`, as known just before, all or what had settled."""

    day: date
    known_before: datetime | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class PositionsThen:
    """Positions by symbol, and cash."""

    items: list[PositionOut]
    cash: list[CashBalanceOut]


async def positions_on(
    uow: UnitOfWork, account_ids: Sequence[UUID], moment: Moment
) -> PositionsThen:
    """Positions and cash at the end of a day."""
    items: list[PositionOut] = []
    for account in await repository.accounts_by_id(uow.session, account_ids):
        state, instruments = await _state_at(uow, account, moment)
        items += [_position(account.id, found, state, instruments) for found in state.positions()]
    cash = await balances.cash_on(uow.session, account_ids, moment.day, moment.known_before)
    return PositionsThen(
        items=sorted(items, key=lambda item: (item.symbol, str(item.account_id))),
        cash=[
            CashBalanceOut(account_id=c.account_id, currency=c.currency, amount=amount)
            for c in cash
            if (amount := c.settled if moment.is_settled else c.amount) is not None
        ],
    )


LotsThen = tuple[list[tuple[LotRow, str]], list[tuple[LotClosureRow, str]]]


async def lots_on(
    uow: UnitOfWork, instrument_id: UUID, account_ids: Sequence[UUID], moment: Moment
) -> LotsThen:
    """Lots of an instrument open at the end of a day, oldest first, and closures, newest first.

    Each with its account's name; rows as they would have been stored then.
    """
    accounts = await reads.accounts_of_instrument(uow.session, instrument_id, account_ids)
    lots: list[tuple[LotRow, str]] = []
    closures: list[tuple[LotClosureRow, str]] = []
    for account in accounts:
        state, _ = await _state_at(uow, account, moment)
        lots += [
            (LotRow(**values), account.name)
            for values in mapping.lot_values(uow.tenant_id, account.id, state.open_lots())
            if values["instrument_id"] == instrument_id
        ]
        closures += [
            (LotClosureRow(**values), account.name)
            for values in mapping.closure_values(uow.tenant_id, account.id, state.closures)
            if values["instrument_id"] == instrument_id
        ]
    lots.sort(key=lambda item: (item[0].acquired_date, item[0].id))
    closures.sort(key=lambda item: (-item[0].closed_date.toordinal(), item[0].id))
    return lots, closures


async def _state_at(
    uow: UnitOfWork, account: AccountRow, moment: Moment
) -> tuple[LedgerState, dict[UUID, Any]]:
    """Replay an account through the day; of the settled basis, only what had settled by then.

    A trade whose settlement no rule knows counts as not settled until every trade has: units
    nobody is sure of are not shown as there.
    """
    records = await repository.live_transactions(
        uow.session, [account.id], through=moment.day, known_before=moment.known_before
    )
    instruments = await _instruments(uow, records)
    if moment.is_settled:
        records = [r for r in records if _has_settled(r, instruments, moment.day)]
    state = await asyncio.to_thread(
        replay,
        await arrived(uow.session, account.id, records),
        method=await repository.method_policy(uow.session, account),
    )
    return state, instruments


async def _instruments(uow: UnitOfWork, records: Iterable[Transaction]) -> dict[UUID, Any]:
    ids = {record.instrument_id for record in records if record.instrument_id is not None}
    query = select(
        InstrumentRow.id, InstrumentRow.symbol, InstrumentRow.name, InstrumentRow.asset_class,
        InstrumentRow.exchange,
    )  # fmt: skip
    return {
        row.id: row for row in await uow.session.execute(query.where(InstrumentRow.id.in_(ids)))
    }


def _has_settled(record: Transaction, instruments: dict[UUID, Any], day: date) -> bool:
    if record.settlement_date is None and record.trade_date <= day - LONGEST:
        return True  # whatever the rule: most records, and counting business days is slow
    found = instruments.get(record.instrument_id) if record.instrument_id else None
    settles = settlement_date(
        record.kind,
        record.trade_date,
        record.settlement_date,
        AssetClass(found.asset_class) if found is not None else None,
        found.exchange if found is not None else None,
        (record.currency,) + ((record.counter.currency,) if record.counter else ()),
    )
    return has_settled(settles, record.trade_date, day)


def _position(
    account_id: UUID, found: Position, state: LedgerState, instruments: dict[UUID, Any]
) -> PositionOut:
    known = found.is_cost_known
    instrument = instruments[found.instrument_id]
    return PositionOut(
        account_id=account_id,
        instrument_id=found.instrument_id,
        symbol=instrument.symbol,
        instrument_name=instrument.name,
        quantity=found.quantity,
        cost=found.cost if known else None,
        average_cost=per_unit(found.cost, found.quantity) if known else None,
        weight_ratio=ONE,
        currency=found.currency,
        unknown_reason=None if known else "cost_unknown",
        last_trade_date=state.last_trade_dates[found.instrument_id],
    )
