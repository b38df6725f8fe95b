"""Queries of market data that other features may call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select, text, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import InstrumentId
from truenav.core.marketdata.selection import OPERATOR
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FX_MAX_AGE, DatedPrice, FxTable, PriceSeries
from truenav.features.identity.tables import TenantRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata import own_prices
from truenav.features.marketdata.closes import close_parts
from truenav.features.marketdata.own_prices import OwnSeries
from truenav.features.marketdata.packed import EPOCH, Part, in_one, unpacked
from truenav.features.marketdata.priority import chosen_order_of, order_of, source_orders
from truenav.features.marketdata.tables import CorporateActionRow, FxRateRow, PriceRow

PIVOT = "EUR"
COUNTS_FIRST = order_of(PriceRow.source, PriceRow.basis)


async def load_market(
    session: AsyncSession,
    instrument_ids: Iterable[InstrumentId],
    currencies: Iterable[str],
    *,
    first_day: date,
    last_day: date,
) -> Market:
    """Prices, multipliers and rates for a valuation between two days.

    The price series begin with the last close before `first_day`, so that every day has one.
    """
    ids = list(instrument_ids)
    prices = await price_series(session, ids, first_day=first_day, last_day=last_day)
    wanted = {*currencies, *(series.currency for series in prices.values())}
    return Market(
        prices=prices,
        multipliers=await _multipliers(session, ids),
        fx=await fx_table(session, wanted, first_day=first_day, last_day=last_day),
    )


async def market_on(
    session: AsyncSession,
    instrument_ids: Iterable[InstrumentId],
    currencies: Iterable[str],
    *,
    day: date,
    fx_days: Iterable[date] = (),
) -> Market:
    """What a valuation of one day asks for: the last two closes, rates then and on `fx_days`."""
    ids = list(instrument_ids)
    prices = await last_closes(session, ids, day)
    days = {day, *fx_days}
    days.update(when for series in prices.values() for when in series.dates)
    wanted = {*currencies, *(series.currency for series in prices.values())}
    return Market(
        prices=prices,
        multipliers=await _multipliers(session, ids),
        fx=await fx_table_on(session, wanted, days),
    )


async def last_closes(
    session: AsyncSession, instrument_ids: Sequence[UUID], day: date
) -> dict[InstrumentId, PriceSeries]:
    """The last close on or before a day and the one before it, per instrument that has one."""
    found = {}
    for key, newest in (await newest_closes(session, instrument_ids, day)).items():
        both = [close for close in (newest.earlier, newest.last) if close is not None]
        found[InstrumentId(key)] = PriceSeries(
            newest.currency,
            [close.price_date for close in both],
            [close.close for close in both],
            [close.source for close in both],
        )
    return found


@dataclass(frozen=True, slots=True)
class NewestClose:
    """The last close of an instrument, and the one before it in the same currency."""

    currency: str
    as_of: datetime | None
    last: DatedPrice
    earlier: DatedPrice | None


async def newest_closes(
    session: AsyncSession, instrument_ids: Sequence[UUID], day: date
) -> dict[UUID, NewestClose]:
    """The last close on or before a day, per instrument that has one.

    Where sources meet on a day the declared order says which counts; the tenant's own prices come
    before all. Two short walks down the index for each instrument, however long its history is.
    """
    if not instrument_ids:
        return {}
    found = await _newest_shared(session, instrument_ids, day)
    for key, own in (await own_prices.newest(session, instrument_ids, day)).items():
        found[key] = _with_own(found.get(key), own)
    return found


def _with_own(shared: NewestClose | None, own: OwnSeries) -> NewestClose:
    """The newest two closes among shared ones and the tenant's own; an own one of a day counts."""
    by_day = {}
    if shared is not None:
        known = (shared.earlier, shared.last)
        by_day = {c.price_date: (c, shared.currency) for c in known if c is not None}
    by_day |= {c.price_date: (c, own.currency) for c in own.closes}
    *_, (last, currency) = [by_day[day] for day in sorted(by_day)]
    earlier = [c for c, of in by_day.values() if of == currency and c.price_date < last.price_date]
    is_shared = shared is not None and last == shared.last
    return NewestClose(
        currency,
        shared.as_of if shared is not None and is_shared else None,
        last,
        max(earlier, key=lambda close: close.price_date, default=None),
    )


async def _newest_shared(
    session: AsyncSession, instrument_ids: Sequence[UUID], day: date
) -> dict[UUID, NewestClose]:
    counts_first = await _counts_first(session, instrument_ids)
    wanted = select(InstrumentRow.id).where(InstrumentRow.id.in_(instrument_ids)).subquery("wanted")
    columns = (
        PriceRow.price_date,
        PriceRow.close,
        PriceRow.currency,
        PriceRow.source,
        PriceRow.as_of,
    )
    newest = (
        select(*columns)
        .where(PriceRow.instrument_id == wanted.c.id, PriceRow.price_date <= day)
        .order_by(PriceRow.price_date.desc(), *counts_first)
        .limit(1)
        .lateral("newest")
    )
    earlier = (
        select(PriceRow.price_date, PriceRow.close, PriceRow.source)
        .where(
            PriceRow.instrument_id == wanted.c.id,
            PriceRow.price_date < newest.c.price_date,
            PriceRow.currency == newest.c.currency,
        )
        .order_by(PriceRow.price_date.desc(), *counts_first)
        .limit(1)
        .lateral("earlier")
    )
    query = select(
        wanted.c.id,
        newest.c.price_date,
        newest.c.close,
        newest.c.currency,
        newest.c.source,
        newest.c.as_of,
        earlier.c.price_date.label("earlier_date"),
        earlier.c.close.label("earlier_close"),
        earlier.c.source.label("earlier_source"),
    ).select_from(wanted.join(newest, true()).outerjoin(earlier, true()))
    return {
        row.id: NewestClose(
            row.currency,
            row.as_of,
            DatedPrice(row.price_date, row.close, row.source),
            DatedPrice(row.earlier_date, row.earlier_close, row.earlier_source)
            if row.earlier_date is not None
            else None,
        )
        for row in await session.execute(query)
    }


async def _counts_first(
    session: AsyncSession, instrument_ids: Sequence[UUID]
) -> tuple[ColumnElement[Any], ...]:
    orders = await source_orders(session)
    if not orders.is_any_of(instrument_ids):
        return COUNTS_FIRST
    return chosen_order_of(PriceRow.source, PriceRow.basis, PriceRow.instrument_id, orders)


async def _multipliers(
    session: AsyncSession, instrument_ids: Sequence[UUID]
) -> dict[InstrumentId, Decimal]:
    rows = await session.execute(
        select(InstrumentRow.id, InstrumentRow.multiplier).where(
            InstrumentRow.id.in_(instrument_ids), InstrumentRow.multiplier != 1
        )
    )
    return {InstrumentId(row.id): row.multiplier for row in rows}


async def price_series(
    session: AsyncSession,
    instrument_ids: Sequence[UUID],
    *,
    first_day: date,
    last_day: date,
) -> dict[InstrumentId, PriceSeries]:
    """Closes per instrument; where sources meet on a day the declared order says which counts.

    Past years come packed (closes.py).
    """
    if not instrument_ids:
        return {}
    orders = await source_orders(session)
    parts = await close_parts(session, instrument_ids, first_day, last_day)
    found = {InstrumentId(key): in_one(of_one, orders.of(key)) for key, of_one in parts.items()}
    own = await own_prices.between(session, instrument_ids, first_day, last_day)
    for key, series in own.items():
        found[InstrumentId(key)] = series.over(found.get(InstrumentId(key)))
    return found


async def fx_table(
    session: AsyncSession, currencies: Iterable[str], *, first_day: date, last_day: date
) -> FxTable:
    """Rates per euro for the currencies, from a week before the first day on."""
    wanted = sorted(set(currencies) - {PIVOT})
    if not wanted:
        return FxTable({})
    return await _rates(
        session,
        wanted,
        FxRateRow.rate_date.between(first_day - FX_MAX_AGE, last_day),
    )


async def fx_table_on(
    session: AsyncSession, currencies: Iterable[str], days: Iterable[date]
) -> FxTable:
    """Rates per euro for the currencies, enough for the days named and no others."""
    wanted = sorted(set(currencies) - {PIVOT})
    if not wanted:
        return FxTable({})
    ages = [timedelta(days=age) for age in range(FX_MAX_AGE.days + 1)]
    dates = {day - age for day in days for age in ages if day - date.min >= age}
    return await _rates(session, wanted, FxRateRow.rate_date.in_(sorted(dates)))


async def _rates(
    session: AsyncSession, currencies: Sequence[str], when: ColumnElement[bool]
) -> FxTable:
    days = cast(FxRateRow.rate_date - EPOCH, Text)
    query = (
        select(
            FxRateRow.quote_currency,
            FxRateRow.source,
            func.string_agg(days, literal_column("' '")).label("days"),
            func.string_agg(cast(FxRateRow.rate, Text), literal_column("' '")).label("rates"),
        )
        .where(
            FxRateRow.base_currency == PIVOT,
            FxRateRow.quote_currency.in_(currencies),
            when,
        )
        .group_by(FxRateRow.quote_currency, FxRateRow.source)
        .order_by(FxRateRow.quote_currency)
    )
    parts: dict[str, list[Part]] = {}
    for row in await session.execute(query):
        part = Part(row.quote_currency, row.source, "raw", *unpacked(row.days, row.rates))
        parts.setdefault(row.quote_currency, []).append(part)
    series = {currency: in_one(told) for currency, told in parts.items()}
    return FxTable({currency: (one.dates, one.closes) for currency, one in series.items()})


async def valuation_date(session: AsyncSession, tenant_id: UUID, today: date) -> date:
    """The day a tenant is valued on: today; the demo on the last day of its prices (ADR 13)."""
    is_demo = await session.scalar(select(TenantRow.is_demo).where(TenantRow.id == tenant_id))
    if not is_demo:
        return today
    query = text(
        "SELECT max(p.price_date) FROM prices p WHERE p.source = 'bundled' AND p.instrument_id IN"
        " (SELECT instrument_id FROM transactions WHERE instrument_id IS NOT NULL)"
    )
    return await session.scalar(query) or today


async def corporate_actions(
    session: AsyncSession, instrument_id: UUID
) -> Sequence[CorporateActionRow]:
    """Events of one instrument, oldest first; what several sources tell is one event.

    As with closes, the declared order says whose word counts. An event an operator struck out is
    none.
    """
    table = CorporateActionRow
    query = (
        select(table)
        .where(table.instrument_id == instrument_id)
        .order_by(table.ex_date, table.type, *order_of(table.source))
        .ext(distinct_on(table.ex_date, table.type))
    )
    return [row for row in await session.scalars(query) if not is_struck_out(row)]


def is_struck_out(row: CorporateActionRow) -> bool:
    """An operator's word that an event some source tells never happened: a row without terms."""
    return row.source == OPERATOR and row.ratio is None and row.cash_amount is None


async def events_of(
    session: AsyncSession, instrument_ids: Iterable[UUID], through: date
) -> Sequence[CorporateActionRow]:
    """Events of instruments up to a day, one row a source, in order of instrument and day.

    The rows of one instrument, day and type tell one event; the source that counts stands first.
    What an operator struck out is left out with all that tell it.
    """
    table = CorporateActionRow
    query = (
        select(table)
        .where(table.instrument_id.in_(list(instrument_ids)), table.ex_date <= through)
        .order_by(table.instrument_id, table.ex_date, table.type, *order_of(table.source))
    )
    rows = (await session.scalars(query)).all()
    struck = {(r.instrument_id, r.ex_date, r.type) for r in rows if is_struck_out(r)}
    return [r for r in rows if (r.instrument_id, r.ex_date, r.type) not in struck]
