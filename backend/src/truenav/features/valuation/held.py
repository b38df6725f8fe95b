"""What an account held each day, as the ledger has worked it out; no record is replayed."""

from datetime import date
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.valuation.columns import Timeline, add_step
from truenav.features.ledger import reads as ledger_reads
from truenav.platform.unit_of_work import UnitOfWork


async def held_by(uow: UnitOfWork, account_id: UUID, first_day: date, count: int) -> Timeline:
    """Units and cash of `count` days from a day on; what was held before stands at day 0."""
    held = Timeline()

    def index(day: date) -> int:
        return max((day - first_day).days, 0)

    for instrument_id, day, units in await ledger_reads.unit_steps(
        uow.session, account_id, first_day
    ):
        if index(day) < count:
            add_step(held.units.setdefault(InstrumentId(instrument_id), []), index(day), units)
    for currency, day, balance in await ledger_reads.cash_steps(uow.session, account_id, first_day):
        if index(day) < count:
            add_step(held.cash.setdefault(currency, []), index(day), balance)
    return held
