"""What was paid for fees in the last year."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import crosses_account
from truenav.core.money import exact
from truenav.core.valuation.series import FxTable
from truenav.features.ledger import reads as ledger_reads
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

YEAR = timedelta(days=365)
Paid = tuple[date, str, Decimal]


async def fees_of_last_year(uow: UnitOfWork, scope: Scope) -> Decimal | None:
    """Fees of the 365 days up to now in the scope's currency; None without a rate of their day.

    A part of the portfolio bears those of its instruments, and of its cash.
    """
    first = scope.as_of - YEAR + timedelta(days=1)
    records = await ledger_reads.cost_records(uow.session, scope.account_ids, first, scope.as_of)
    paid = [
        (record.trade_date, posting.currency or scope.currency, posting.amount * weight)
        for record in records
        # a fee on money paid in or out is part of that flow, as in the change of value
        if not crosses_account(record)
        and (weight := scope.weight(record.instrument_id or record.currency))
        for posting in postings(record)
        if posting.leg is Leg.FEE
    ]
    foreign = [item for item in paid if item[1] != scope.currency]
    fx = await fx_table_on(
        uow.session,
        {scope.currency, *(currency for _, currency, _ in foreign)} if foreign else (),
        {day for day, _, _ in foreign},
    )
    return _added_up(paid, scope.currency, fx)


@exact
def _added_up(paid: Sequence[Paid], currency: str, fx: FxTable) -> Decimal | None:
    running = Decimal(0)
    for day, of, amount in paid:
        rate = fx.rate(of, currency, day)
        if rate is None:
            return None
        running += amount * rate
    return running
