"""Queries of realized gains: one row per closing record and lot, and their totals by term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.money import exact, to_decimal_places
from truenav.core.valuation.gains import Gain
from truenav.core.valuation.series import FxTable
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.tables import LotClosureRow
from truenav.platform.pages import PageRequest

ZERO = Decimal(0)
GAIN_DATE = func.coalesce(LotClosureRow.gain_date, LotClosureRow.closed_date)
TAX_CURRENCY = func.coalesce(AccountRow.tax_currency, AccountRow.base_currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class GainFilter:
    """Which gains a list shows; days are those the gains count on."""

    first_date: date | None = None
    last_date: date | None = None
    account_id: UUID | None = None
    account_ids: Sequence[UUID] | None = None
    instrument_id: UUID | None = None
    is_long_term: bool | None = None
    closed_on: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        found: list[ColumnElement[bool]] = []
        for column, value in (
            (LotClosureRow.account_id, self.account_id),
            (LotClosureRow.instrument_id, self.instrument_id),
            (LotClosureRow.is_long_term, self.is_long_term),
            (LotClosureRow.closed_date, self.closed_on),
        ):
            if value is not None:
                found.append(column == value)
        if self.account_ids is not None:
            found.append(LotClosureRow.account_id.in_(self.account_ids))
        if self.first_date is not None:
            found.append(self.first_date <= GAIN_DATE)
        if self.last_date is not None:
            found.append(self.last_date >= GAIN_DATE)
        return found


def _from(query: Any, wanted: GainFilter) -> Any:
    return (
        query.select_from(LotClosureRow)
        .join(
            AccountRow,
            (AccountRow.tenant_id == LotClosureRow.tenant_id)
            & (AccountRow.id == LotClosureRow.account_id),
        )
        .join(InstrumentRow, InstrumentRow.id == LotClosureRow.instrument_id)
        .where(*wanted.conditions())
    )


async def page_gains(session: AsyncSession, wanted: GainFilter, page: PageRequest) -> Sequence[Any]:
    """Newest first, one row more than the limit: (closure, account, symbol, name, currency)."""
    query = (
        _from(_columns(), wanted)
        .order_by(GAIN_DATE.desc(), LotClosureRow.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        query = query.where(tuple_(GAIN_DATE, LotClosureRow.id) < page.after)
    return (await session.execute(query)).all()


async def all_gains(session: AsyncSession, wanted: GainFilter, limit: int) -> Sequence[Any]:
    """The oldest first, at most so many."""
    query = _from(_columns(), wanted).order_by(GAIN_DATE, LotClosureRow.id).limit(limit)
    return (await session.execute(query)).all()


def _columns() -> Any:
    return select(
        LotClosureRow,
        AccountRow.name.label("account_name"),
        InstrumentRow.symbol.label("symbol"),
        InstrumentRow.name.label("instrument_name"),
        TAX_CURRENCY.label("tax_currency"),
        GAIN_DATE.label("counts_on"),
    )


@dataclass(frozen=True, slots=True)
class TermTotal:
    """Gains of one term in one tax currency; null while a cost or a rate is unknown."""

    currency: str
    is_long_term: bool
    count: int
    unknown_count: int
    proceeds: Decimal | None
    cost: Decimal | None


async def totals(session: AsyncSession, wanted: GainFilter) -> Sequence[TermTotal]:
    """By tax currency and term."""
    known = LotClosureRow.tax_proceeds.is_not(None) & LotClosureRow.tax_cost.is_not(None)
    every = func.bool_and(known)
    query = (
        _from(
            select(
                TAX_CURRENCY,
                LotClosureRow.is_long_term,
                func.count(),
                func.count().filter(~known),
                case((every, func.sum(LotClosureRow.tax_proceeds))),
                case((every, func.sum(LotClosureRow.tax_cost))),
            ),
            wanted,
        )
        .group_by(TAX_CURRENCY, LotClosureRow.is_long_term)
        .order_by(TAX_CURRENCY, LotClosureRow.is_long_term)
    )
    return [TermTotal(*row) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class GainSums:
    """What gains of one kind of money add up to; a sum is null while one of them is unknown."""

    count: int
    traded_proceeds: Decimal | None
    traded_cost: Decimal | None
    tax_proceeds: Decimal | None
    tax_cost: Decimal | None


async def sums(
    session: AsyncSession, wanted: GainFilter, currency: str, after: Any | None, *, is_tax: bool
) -> GainSums:
    """Sums of what the filter leaves in one currency, older than a (day, id) if one is given."""
    known = LotClosureRow.is_cost_known
    in_tax = LotClosureRow.tax_proceeds.is_not(None) & LotClosureRow.tax_cost.is_not(None)
    query = _from(
        select(
            func.count(),
            func.sum(LotClosureRow.proceeds),
            case((func.bool_and(known), func.sum(LotClosureRow.cost))),
            case((func.bool_and(in_tax), func.sum(LotClosureRow.tax_proceeds))),
            case((func.bool_and(in_tax), func.sum(LotClosureRow.tax_cost))),
        ),
        wanted,
    ).where((TAX_CURRENCY if is_tax else LotClosureRow.currency) == currency)
    if after is not None:
        query = query.where(tuple_(GAIN_DATE, LotClosureRow.id) < after)
    count, *amounts = (await session.execute(query)).one()
    return GainSums(count, *amounts)


async def page_in_currency(
    session: AsyncSession, wanted: GainFilter, currency: str, page: PageRequest, *, is_tax: bool
) -> Sequence[Any]:
    """As `page_gains`, of one tax currency or one traded currency."""
    query = (
        _from(_columns(), wanted)
        .where((TAX_CURRENCY if is_tax else LotClosureRow.currency) == currency)
        .order_by(GAIN_DATE.desc(), LotClosureRow.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        query = query.where(tuple_(GAIN_DATE, LotClosureRow.id) < page.after)
    return (await session.execute(query)).all()


async def years(session: AsyncSession, account_id: UUID | None) -> list[int]:
    """Years that have gains, the newest first."""
    year = func.extract("year", GAIN_DATE)
    query = select(year).distinct().order_by(year.desc())
    if account_id is not None:
        query = query.where(LotClosureRow.account_id == account_id)
    return [int(found) for found in await session.scalars(query)]


@dataclass(frozen=True, slots=True)
class TaxGain:
    """A gain in the tax currency, and the part of it that comes from the currency alone."""

    gain: Decimal | None
    currency_effect: Decimal | None


@exact
def tax_gain(row: LotClosureRow, tax_currency: str) -> TaxGain:
    """Gain in the tax currency, and the currency's own part of it."""
    if row.tax_proceeds is None or row.tax_cost is None:
        return TaxGain(None, None)
    gain = row.tax_proceeds - row.tax_cost
    converted = row.tax_cost if row.is_short else row.tax_proceeds
    return TaxGain(gain, _currency_effect(row, tax_currency, gain, converted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What a closure says of its gain: as traded, in the account's currency and in that of tax."""

    instrument_id: UUID
    counts_on: date
    acquired_date: date
    closed_date: date
    is_short: bool
    is_cost_known: bool
    currency: str
    proceeds: Decimal
    cost: Decimal
    gain: Decimal
    account_currency: str
    account_proceeds: Decimal | None
    account_cost: Decimal | None
    tax_currency: str
    tax_proceeds: Decimal | None
    tax_cost: Decimal | None


async def closed(session: AsyncSession, wanted: GainFilter) -> list[Closed]:
    """What the filter leaves, the oldest first."""
    table = LotClosureRow
    query = _from(
        select(
            table.instrument_id, GAIN_DATE.label("counts_on"), table.acquired_date,
            table.closed_date, table.is_short, table.is_cost_known, table.currency,
            table.proceeds, table.cost, table.gain,
            AccountRow.base_currency.label("account_currency"), table.account_proceeds,
            table.account_cost, TAX_CURRENCY.label("tax_currency"), table.tax_proceeds,
            table.tax_cost,
        ),
        wanted,
    ).order_by(GAIN_DATE, table.id)  # fmt: skip
    return [Closed(**row) for row in (await session.execute(query)).mappings()]


@exact
def gain_in(one: Closed, currency: str, fx: FxTable) -> Gain:
    """The gain of a closure in a currency: as the ledger keeps it there, where it does.

    Else each leg at the rate of its own day, as `/holdings` tells the cost of what is still held.
    """
    if not one.is_cost_known:
        return Gain(None, None, 1, ("cost_unknown",))
    kept = {
        one.account_currency: (one.account_proceeds, one.account_cost),
        one.tax_currency: (one.tax_proceeds, one.tax_cost),
    }
    if one.currency == currency and currency not in kept:
        return Gain(one.gain, ZERO, 1)
    proceeds, cost = kept.get(currency) or _at_own_days(one, currency, fx)
    if proceeds is None or cost is None:
        return Gain(None, None, 1, ("fx_missing",))
    gain = proceeds - cost
    return Gain(gain, _currency_effect(one, currency, gain, cost if one.is_short else proceeds), 1)


def _at_own_days(one: Closed, currency: str, fx: FxTable) -> tuple[Decimal | None, Decimal | None]:
    opened = fx.rate(one.currency, currency, one.acquired_date)
    ended = fx.rate(one.currency, currency, one.closed_date)
    if opened is None or ended is None:
        return None, None
    sold, bought = (opened, ended) if one.is_short else (ended, opened)
    return one.proceeds * sold, one.cost * bought


def _currency_effect(
    one: Closed | LotClosureRow, currency: str, gain: Decimal, converted: Decimal
) -> Decimal | None:
    """What gain as traded, at the rate of the day it was closed, does not explain.

    That rate is in the leg that was converted on that day: proceeds, or the cost of covering.
    """
    if one.currency == currency:
        return ZERO
    traded = one.cost if one.is_short else one.proceeds
    if not traded or not one.is_cost_known:
        return None
    return to_decimal_places(gain - one.gain * converted / traded, 8)


@exact
def difference(proceeds: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """The gain of a total; null when a part of it is."""
    return None if proceeds is None or cost is None else proceeds - cost
