"""The daily series of a slice: from what was held, the records and the market, each time anew."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.valuation.columns import Timeline
from truenav.core.valuation.consolidation import CurrencyDay
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segments import Money, Move, Part, Units, moves_of
from truenav.core.valuation.slices import Slice, merged, slice_days
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import load_market
from truenav.features.valuation.held import held_by
from truenav.features.valuation.receivables import receivables_of
from truenav.platform.unit_of_work import UnitOfWork


async def slice_by_currency(
    uow: UnitOfWork, accounts: Sequence[AccountRow], of: Slice, first: date, last: date
) -> list[CurrencyDay]:
    """The slice on each day, per base currency, by day."""
    by_currency: dict[str, list[AccountRow]] = {}
    for account in accounts:
        by_currency.setdefault(account.base_currency, []).append(account)
    sums = [
        await _of_accounts(uow, by_currency[currency], of, first, last)
        for currency in sorted(by_currency)
    ]
    return [day for of_day in zip(*sums, strict=True) for day in of_day]


async def _of_accounts(
    uow: UnitOfWork, accounts: Sequence[AccountRow], of: Slice, first: date, last: date
) -> list[CurrencyDay]:
    """Of accounts in one currency, as if they were one."""
    count, currency = (last - first).days + 1, accounts[0].base_currency
    timelines, moves = [], list[Move]()
    for account in accounts:
        timelines.append(await held_with_due(uow, account, first, count))
        found = await moves_in(uow, account.id, of, first, last)
        moves += [m for m in found if of.weight(m.source) != of.weight(m.target)]
    held = merged(timelines)
    market = await market_for(uow, currency, held, moves, of, (first, last))
    # years of days take a while, and others wait for the loop
    return await asyncio.to_thread(
        slice_days, held, moves, of, market, currency, first_day=first, count=count
    )


async def held_with_due(uow: UnitOfWork, account: AccountRow, first: date, count: int) -> Timeline:
    """What an account held, and the income it was due."""
    held = await held_by(uow, account.id, first, count)
    last = first + timedelta(days=count - 1)
    held.due = await receivables_of(uow, [account], (first, last), last)
    return held


async def moves_in(
    uow: UnitOfWork, account_id: UUID, of: Slice, first: date, last: date
) -> list[Move]:
    """Moves of an account that may concern a slice."""
    records = await ledger_reads.records_moving(
        uow.session, account_id, first, last, None if of.cash else list(of.instruments)
    )
    return await asyncio.to_thread(lambda: list(moves_of(records)))


async def market_for(
    uow: UnitOfWork,
    currency: str,
    held: Timeline,
    moves: Sequence[Move],
    of: Slice,
    span: tuple[date, date],
) -> Market:
    """Prices and rates of what is in a slice, and of what moved in or out of it."""
    parts = [part for move in moves for part in (*move.parts, *move.otherwise)]
    return await load_market(
        uow.session,
        {key for key in held.units if of.weight(key)} | set(_priced(parts)),
        {
            currency,
            *(key for key in held.cash if of.weight(key)),
            *(one.currency for one in held.due),
            *_currencies(parts),
        },
        first_day=span[0],
        last_day=span[1],
    )


def _priced(parts: Iterable[Part]) -> Iterable[InstrumentId]:
    return (part.instrument_id for part in parts if isinstance(part, Units))


def _currencies(parts: Iterable[Part]) -> Iterable[str]:
    return (part.currency for part in parts if isinstance(part, Money))
