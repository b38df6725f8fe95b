"""Queries of realized gains: one row per closing record and lot, and their totals by term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.money import exact
from truenav.core.valuation.gains import Closed, Legs, currency_effect
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.tables import LotClosureRow
from truenav.platform.pages import PageRequest

ZERO, ONE = Decimal(0), Decimal(1)
GAIN_DATE = func.coalesce(LotClosureRow.gain_date, LotClosureRow.closed_date)
TAX_CURRENCY = func.coalesce(AccountRow.tax_currency, AccountRow.base_currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class GainFilter:
    """Which gains a list shows; days are those the gains count on.

    `of` is how much of each instrument belongs to it; all of everything when it is None.
    """

    first_date: date | None = None
    last_date: date | None = None
    account_ids: Sequence[UUID] | None = None
    of: Mapping[UUID, Decimal] | None = None
    is_long_term: bool | None = None
    closed_on: date | None = None
    closed_by: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        table, found = LotClosureRow, list[ColumnElement[bool]]()
        for column, value in (
            (table.is_long_term, self.is_long_term),
            (table.closed_date, self.closed_on),
        ):
            if value is not None:
                found.append(column == value)
        if self.account_ids is not None:
            found.append(table.account_id.in_(self.account_ids))
        if self.of is not None:
            found.append(table.instrument_id.in_(self.of))
        if self.first_date is not None:
            found.append(self.first_date <= GAIN_DATE)
        if self.last_date is not None:
            found.append(self.last_date >= GAIN_DATE)
        if self.closed_by is not None:
            found.append(table.closed_date <= self.closed_by)
        return found

    def weight(self, instrument_id: UUID) -> Decimal:
        """How much of an instrument's gains belong to it."""
        return ONE if self.of is None else self.of.get(instrument_id, ZERO)

    def share(self, amount: Any) -> Any:
        """What of an amount of a closure does, as SQL."""
        parts = {key: part for key, part in (self.of or {}).items() if part != ONE}
        if not parts:
            return amount
        return amount * case(parts, value=LotClosureRow.instrument_id, else_=ONE)


def of_closures(query: Any, wanted: GainFilter) -> Any:
    """A query of closures beside their accounts: those a filter leaves."""
    return (
        query.select_from(LotClosureRow)
        .join(
            AccountRow,
            (AccountRow.tenant_id == LotClosureRow.tenant_id)
            & (AccountRow.id == LotClosureRow.account_id),
        )
        .where(*wanted.conditions())
    )


def _listed(wanted: GainFilter) -> Any:
    return of_closures(_columns(), wanted).join(
        InstrumentRow, InstrumentRow.id == LotClosureRow.instrument_id
    )


async def page_gains(session: AsyncSession, wanted: GainFilter, page: PageRequest) -> Sequence[Any]:
    """Newest first, one row more than the limit: (closure, account, symbol, name, currency)."""
    return (await session.execute(_paged(_listed(wanted), page))).all()


def _paged(query: Any, page: PageRequest) -> Any:
    query = query.order_by(GAIN_DATE.desc(), LotClosureRow.id.desc()).limit(page.limit + 1)
    if page.after is not None:
        query = query.where(tuple_(GAIN_DATE, LotClosureRow.id) < page.after)
    return query


async def all_gains(session: AsyncSession, wanted: GainFilter, limit: int) -> Sequence[Any]:
    """The oldest first, at most so many."""
    query = _listed(wanted).order_by(GAIN_DATE, LotClosureRow.id).limit(limit)
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
        of_closures(
            select(
                TAX_CURRENCY,
                LotClosureRow.is_long_term,
                func.count(),
                func.count().filter(~known),
                case((every, func.sum(wanted.share(LotClosureRow.tax_proceeds)))),
                case((every, func.sum(wanted.share(LotClosureRow.tax_cost)))),
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
    query = of_closures(
        select(
            func.count(),
            func.sum(wanted.share(LotClosureRow.proceeds)),
            case((func.bool_and(known), func.sum(wanted.share(LotClosureRow.cost)))),
            case((func.bool_and(in_tax), func.sum(wanted.share(LotClosureRow.tax_proceeds)))),
            case((func.bool_and(in_tax), func.sum(wanted.share(LotClosureRow.tax_cost)))),
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
    query = _listed(wanted).where((TAX_CURRENCY if is_tax else LotClosureRow.currency) == currency)
    return (await session.execute(_paged(query, page))).all()


async def years(session: AsyncSession, wanted: GainFilter) -> list[int]:
    """Years that have gains, the newest first."""
    year = func.extract("year", GAIN_DATE)
    query = of_closures(select(year), wanted).distinct().order_by(year.desc())
    return [int(found) for found in await session.scalars(query)]


@dataclass(frozen=True, slots=True)
class TaxGain:
    """A gain in the tax currency, and the part of it that comes from the currency alone."""

    gain: Decimal | None
    currency_effect: Decimal | None


@exact
def tax_gain(row: LotClosureRow, tax_currency: str) -> TaxGain:
    """Gain in the tax currency, and the currency's own part of it."""
    legs = Legs(row.tax_proceeds, row.tax_cost)
    return TaxGain(
        difference(legs.proceeds, legs.cost), currency_effect(as_closed(row), tax_currency, legs)
    )


def as_closed(row: LotClosureRow) -> Closed:
    """A closure as the core knows it, as traded."""
    return Closed(
        currency=row.currency, acquired_date=row.acquired_date, closed_date=row.closed_date,
        is_short=row.is_short, is_cost_known=row.is_cost_known, proceeds=row.proceeds,
        cost=row.cost, kept=None,
    )  # fmt: skip


@exact
def difference(proceeds: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """The gain of a total; null when a part of it is."""
    return None if proceeds is None or cost is None else proceeds - cost
