"""The route of lots: open and closed, of any day and any part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from truenav.core.ledger.lots import long_term_from
from truenav.core.money import exact
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import reads
from truenav.features.ledger.mapping import per_unit
from truenav.features.ledger.past import Moment, lots_on
from truenav.features.ledger.reads import ClosureTotals
from truenav.features.ledger.schemas import LotClosureOut, LotOut
from truenav.features.ledger.tables import LotClosureRow, LotRow
from truenav.features.valuation.asked import AskedHeld
from truenav.features.valuation.held_api import AskedMoment, part_of
from truenav.features.valuation.held_schemas import LotsOut
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slicing import weight_in
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.problems import InvalidFields, NotFound

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
MOST_CLOSURES = 500  # of one answer; the list of realized gains has pages
ZERO = Decimal(0)
Found = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Lots:
    """(lot, account name) and (closure, account name) of one instrument, and all closures' sums."""

    lots: Found
    closures: Found
    totals: ClosureTotals


NONE = Lots((), (), ClosureTotals(0, ZERO, None))


@router.get("/lots", operation_id="listLots")
async def list_lots(uow: Uow, scope: AskedHeld, moment: AskedMoment) -> LotsOut:
    """Lots of one instrument, what was closed, and the gain realized; of a day, as for positions.

    Methods and lots that travelled between accounts are taken as they are known today.
    """
    instrument = await _named(uow, scope)
    weight = await weight_in(uow, scope.filters, instrument)
    found = await _found(uow, instrument.id, scope.account_ids, moment) if weight else NONE
    day = scope.as_of if moment is None else moment.day
    return LotsOut(
        on=day,
        instrument_id=instrument.id,
        symbol=instrument.symbol,
        instrument_name=instrument.name,
        weight_ratio=weight,
        open_lots=[_lot(row, name, day, weight) for row, name in found.lots],
        closures=[_closure(row, name, weight) for row, name in found.closures],
        closure_count=found.totals.count,
        traded_gain=None if (gain := found.totals.gain) is None else part_of(gain, weight),
        currency=found.totals.currency or instrument.currency,
        slice=scope.told,
    )


async def _named(uow: Uow, scope: Scope) -> InstrumentRow:
    """The one instrument whose lots are asked for; lots of several have no list."""
    if len(scope.filters.instrument_ids) != 1:
        raise InvalidFields([("/query/instrument_id", "name one instrument")])
    found = await find_visible(uow.session, scope.filters.instrument_ids[0])
    if found is None:
        raise NotFound("no such instrument")
    return found


async def _found(
    uow: Uow, instrument_id: UUID, account_ids: Sequence[UUID], moment: Moment | None
) -> Lots:
    if moment is not None:
        lots, closures = await lots_on(uow, instrument_id, account_ids, moment)
        totals = _totals([row for row, _ in closures])
        return Lots(lots, closures[:MOST_CLOSURES], totals)
    of = uow.session, instrument_id, account_ids
    return Lots(
        await reads.lot_rows(*of),
        await reads.closure_rows(*of, limit=MOST_CLOSURES),
        await reads.closure_totals(*of),
    )


@exact
def _totals(closures: Sequence[LotClosureRow]) -> ClosureTotals:
    """The same as `closure_totals`, of rows nobody stored."""
    currencies = {row.currency for row in closures}
    known = len(currencies) <= 1 and all(row.is_cost_known for row in closures)
    gain = sum((row.gain for row in closures), ZERO) if known else None
    return ClosureTotals(len(closures), gain, currencies.pop() if len(currencies) == 1 else None)


def _lot(row: LotRow, account_name: str, day: date, weight: Decimal) -> LotOut:
    known = row.is_cost_known
    return LotOut(
        id=row.id,
        account_id=row.account_id,
        account_name=account_name,
        instrument_id=row.instrument_id,
        transaction_id=row.transaction_id,
        acquired_date=row.acquired_date,
        quantity=part_of(row.quantity, weight),
        cost=part_of(row.cost, weight) if known else None,
        cost_per_unit=per_unit(row.cost, row.quantity) if known else None,
        currency=row.currency,
        is_short=row.is_short,
        is_long_term=not row.is_short and day >= long_term_from(row.acquired_date),
        unknown_reason=None if known else "cost_unknown",
    )


def _closure(row: LotClosureRow, account_name: str, weight: Decimal) -> LotClosureOut:
    known = row.is_cost_known
    return LotClosureOut(
        id=row.id,
        account_id=row.account_id,
        account_name=account_name,
        lot_id=row.lot_id,
        closed_by=row.closed_by,
        acquired_date=row.acquired_date,
        closed_date=row.closed_date,
        quantity=part_of(row.quantity, weight),
        proceeds=part_of(row.proceeds, weight),
        cost=part_of(row.cost, weight) if known else None,
        gain=part_of(row.gain, weight) if known else None,
        currency=row.currency,
        is_short=row.is_short,
        term="long" if row.is_long_term else "short",
        unknown_reason=None if known else "cost_unknown",
    )
