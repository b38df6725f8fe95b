"""Positions as they were on a day, as they were known on another, as traded or as settled."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from truenav.core.calendar.settlement import has_settled, settlement_date
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.state import Position
from truenav.core.ledger.transactions import AssetClass, Transaction
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import balances, repository
from truenav.features.ledger.mapping import per_unit
from truenav.features.ledger.rebuilding import arrived
from truenav.features.ledger.schemas import CashBalanceOut, PositionOut, PositionsOut
from truenav.platform.unit_of_work import UnitOfWork


async def positions_on(
    uow: UnitOfWork,
    account_ids: Sequence[UUID],
    day: date,
    known_before: datetime | None,
    *,
    is_settled: bool,
) -> PositionsOut:
    """Replay each account through the day; of the settled basis, only what had settled by then.

    A trade whose settlement no rule knows counts as not settled until every trade has: units
    nobody is sure of are not shown as there.
    """
    items: list[PositionOut] = []
    for account in await repository.accounts_by_id(uow.session, account_ids):
        records = await repository.live_transactions(
            uow.session, [account.id], through=day, known_before=known_before
        )
        instruments = await _instruments(uow, records)
        if is_settled:
            records = [r for r in records if _has_settled(r, instruments, day)]
        state = replay(
            await arrived(uow.session, account.id, records),
            method=await repository.method_policy(uow.session, account),
        )
        items += [_position(account.id, found, state, instruments) for found in state.positions()]
    cash = await balances.cash_on(uow.session, account_ids, day, known_before)
    return PositionsOut(
        items=sorted(items, key=lambda item: (item.symbol, str(item.account_id))),
        cash=[
            CashBalanceOut(account_id=c.account_id, currency=c.currency, amount=amount)
            for c in cash
            if (amount := c.settled if is_settled else c.amount) is not None
        ],
    )


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
        currency=found.currency,
        unknown_reason=None if known else "cost_unknown",
        last_trade_date=state.last_trade_dates[found.instrument_id],
    )
