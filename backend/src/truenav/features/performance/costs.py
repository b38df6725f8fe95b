"""What was paid for fees and as tax, day by day, from the records that state it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.money import exact
from truenav.core.performance.flows import Costs
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Slice
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.receivables import receivables_of
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A fee or a tax of a record or of income due, > 0, as far as the slice bears it."""

    day: date
    currency: str
    amount: Decimal
    leg: Leg
    transaction_id: UUID | None
    instrument_id: UUID | None


async def costs_by_day(
    uow: UnitOfWork, scope: Scope, points: Sequence[SeriesPoint], wanted: Wanted
) -> list[Decimal | None] | None:
    """What a gross return adds back on each day, > 0; None when nothing is.

    A fee or a tax counts on its record's day at that day's rate, of income that was due before on
    its ex-date; one that a deposit or a
    withdrawal states is part of what crossed the edge, and no cost of the investments.
    """
    if not costed(wanted):
        return None
    paid = await costs_paid(uow, scope, (points[0].as_of, points[-1].as_of), wanted)
    by_day = _added_up(paid, scope.currency, await cost_rates(uow, scope, paid))
    return [by_day.get(point.as_of, ZERO) for point in points]


def costed(wanted: Wanted) -> set[Leg]:
    """What a return is before."""
    return {
        leg
        for leg, setting in ((Leg.FEE, wanted.fees), (Leg.TAX, wanted.taxes))
        if setting is Costs.GROSS
    }


async def cost_rates(uow: UnitOfWork, scope: Scope, paid: Sequence[Paid]) -> FxTable:
    """The rates of the days on which something was paid in another currency."""
    foreign = [item for item in paid if item.currency != scope.currency]
    return await fx_table_on(
        uow.session,
        {scope.currency, *(item.currency for item in foreign)} if foreign else (),
        {item.day for item in foreign},
    )


async def costs_paid(
    uow: UnitOfWork, scope: Scope, span: tuple[date, date], wanted: Wanted
) -> list[Paid]:
    """Every fee and tax that a gross return adds back."""
    legs, (first, last) = costed(wanted), span
    records = await ledger_reads.cost_records(uow.session, scope.account_ids, first, last)
    due = await receivables_of(uow, scope.accounts, (first, last), scope.as_of)
    accrued = {one.transaction_id for one in due}
    paid = [
        Paid(
            day=record.trade_date,
            currency=posting.currency or scope.currency,
            amount=posting.amount * weight,
            leg=posting.leg,
            transaction_id=record.id,
            instrument_id=record.instrument_id,
        )
        for record in records
        if not crosses_account(record)
        and record.id not in accrued
        and (weight := _borne(record, scope.of))
        for posting in postings(record)
        if posting.leg in legs
    ]
    paid += [
        Paid(
            day=one.since,
            currency=one.currency,
            amount=amount * weight,
            leg=leg,
            transaction_id=one.transaction_id,
            instrument_id=one.instrument_id,
        )
        for one in due
        if (weight := ONE if scope.of is None else scope.of.weight(one.instrument_id))
        for leg, amount in ((Leg.FEE, one.fee), (Leg.TAX, one.withheld))
        if leg in legs and amount and one.since >= first
    ]
    return paid


def _borne(record: Transaction, of: Slice | None) -> Decimal:
    """How much of a record's costs a slice bears: those of its instrument, else of its cash."""
    if of is None:
        return ONE
    return of.weight(record.instrument_id or record.currency)


@exact
def _added_up(paid: Sequence[Paid], currency: str, fx: FxTable) -> dict[date, Decimal | None]:
    by_day: dict[date, Decimal | None] = {}
    for one in paid:
        rate = fx.rate(one.currency, currency, one.day)
        before = by_day.get(one.day, ZERO)
        is_known = before is not None and rate is not None
        by_day[one.day] = (before or ZERO) + one.amount * (rate or ZERO) if is_known else None
    return by_day
