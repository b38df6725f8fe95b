"""What was paid for fees and as tax, day by day, from the records that state it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

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


async def costs_by_day(
    uow: UnitOfWork, scope: Scope, points: Sequence[SeriesPoint], wanted: Wanted
) -> list[Decimal | None] | None:
    """What a gross return adds back on each day, > 0; None when nothing is.

    A fee or a tax counts on its record's day at that day's rate, of income that was due before on
    its ex-date; one that a deposit or a
    withdrawal states is part of what crossed the edge, and no cost of the investments.
    """
    legs = {
        leg
        for leg, setting in ((Leg.FEE, wanted.fees), (Leg.TAX, wanted.taxes))
        if setting is Costs.GROSS
    }
    if not legs:
        return None
    first, last = points[0].as_of, points[-1].as_of
    records = await ledger_reads.cost_records(uow.session, scope.account_ids, first, last)
    due = await receivables_of(uow, scope.accounts, (first, last), scope.as_of)
    accrued = {one.transaction_id for one in due}
    paid = [
        (record.trade_date, posting.currency or scope.currency, posting.amount * weight)
        for record in records
        if not crosses_account(record)
        and record.id not in accrued
        and (weight := _borne(record, scope.of))
        for posting in postings(record)
        if posting.leg in legs
    ]
    paid += [
        (one.since, one.currency, amount * weight)
        for one in due
        if (weight := ONE if scope.of is None else scope.of.weight(one.instrument_id))
        for leg, amount in ((Leg.FEE, one.fee), (Leg.TAX, one.withheld))
        if leg in legs and amount and one.since >= first
    ]
    foreign = [item for item in paid if item[1] != scope.currency]
    fx = await fx_table_on(
        uow.session,
        {scope.currency, *(currency for _, currency, _ in foreign)} if foreign else (),
        {day for day, _, _ in foreign},
    )
    by_day = _added_up(paid, scope.currency, fx)
    return [by_day.get(point.as_of, ZERO) for point in points]


def _borne(record: Transaction, of: Slice | None) -> Decimal:
    """How much of a record's costs a slice bears: those of its instrument, else of its cash."""
    if of is None:
        return ONE
    return of.weight(record.instrument_id or record.currency)


@exact
def _added_up(
    paid: Sequence[tuple[date, str, Decimal]], currency: str, fx: FxTable
) -> dict[date, Decimal | None]:
    by_day: dict[date, Decimal | None] = {}
    for day, of, amount in paid:
        rate = fx.rate(of, currency, day)
        before = by_day.get(day, ZERO)
        is_known = before is not None and rate is not None
        by_day[day] = (before or ZERO) + amount * (rate or ZERO) if is_known else None
    return by_day
