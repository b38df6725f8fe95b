"""The daily series of a slice: from what was held, the records and the market, each time anew."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date

from truenav.core.ids import InstrumentId
from truenav.core.valuation.columns import Timeline
from truenav.core.valuation.consolidation import CurrencyDay
from truenav.core.valuation.nav import Market
from truenav.core.valuation.segments import Money, Move, Part, Units, moves_of
from truenav.core.valuation.slices import Slice, slice_days, together
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import load_market
from truenav.features.valuation.held import held_by
from truenav.platform.unit_of_work import UnitOfWork


async def slice_by_currency(
    uow: UnitOfWork, accounts: Sequence[AccountRow], of: Slice, first: date, last: date
) -> list[CurrencyDay]:
    """The slice on each day, added up per base currency, by day."""
    by_currency: dict[str, list[list[CurrencyDay]]] = {}
    for account in accounts:
        days = await _of_account(uow, account, of, first, last)
        by_currency.setdefault(account.base_currency, []).append(days)
    sums = [together(by_currency[currency]) for currency in sorted(by_currency)]
    return [day for of_day in zip(*sums, strict=True) for day in of_day]


async def _of_account(
    uow: UnitOfWork, account: AccountRow, of: Slice, first: date, last: date
) -> list[CurrencyDay]:
    count = (last - first).days + 1
    held = await held_by(uow, account.id, first, count)
    records = await ledger_reads.records_moving(
        uow.session, account.id, first, last, None if of.cash else list(of.instruments)
    )
    moves = [m for m in moves_of(records) if of.weight(m.source) != of.weight(m.target)]
    market = await market_for(uow, account.base_currency, held, moves, of, first, last)
    # years of days take a while, and others wait for the loop
    return await asyncio.to_thread(
        slice_days, held, moves, of, market, account.base_currency, first_day=first, count=count
    )


async def market_for(  # what is valued, and when
    uow: UnitOfWork,
    currency: str,
    held: Timeline,
    moves: Sequence[Move],
    of: Slice,
    first: date,
    last: date,
) -> Market:
    """Prices and rates of what is in a slice, and of what moved in or out of it."""
    parts = [part for move in moves for part in (*move.parts, *move.otherwise)]
    return await load_market(
        uow.session,
        {key for key in held.units if of.weight(key)} | set(_priced(parts)),
        {currency, *(key for key in held.cash if of.weight(key)), *_currencies(parts)},
        first_day=first,
        last_day=last,
    )


def _priced(parts: Iterable[Part]) -> Iterable[InstrumentId]:
    return (part.instrument_id for part in parts if isinstance(part, Units))


def _currencies(parts: Iterable[Part]) -> Iterable[str]:
    return (part.currency for part in parts if isinstance(part, Money))
