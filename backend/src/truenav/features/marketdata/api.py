"""Routes of prices and events."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.marketdata.adjustment import (
    AdjustmentUndefined,
    PriceBasis,
    PriceEvent,
    adjusted_closes,
)
from truenav.core.money import to_decimal_places
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata import reads, repository
from truenav.features.marketdata.schemas import (
    BarOut,
    BulkPricesOut,
    CorporateActionOut,
    PriceHistoryOut,
    PriceOut,
)
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1", tags=["marketdata"], responses=GUARDED)
MAX_SYMBOLS = 200
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
Names = Annotated[str | None, Query(max_length=8000, pattern=r"^[^\x00]*$")]


@router.get("/prices/bulk", operation_id="getBulkPrices")
async def get_bulk_prices(
    uow: Uow, clock: CurrentClock, symbols: Names = None, instrument_ids: Names = None
) -> BulkPricesOut:
    """The newest price of many instruments, by symbol or id, at once."""
    names = [name for name in (symbols or "").split(",") if name]
    ids = _ids(instrument_ids)
    if not 0 < len(names) + len(ids) <= MAX_SYMBOLS:
        raise InvalidFields([("/query/symbols", f"name 1 to {MAX_SYMBOLS} instruments")])
    found = await repository.find_by_symbols_or_ids(uow.session, names, ids)
    day = today(clock)
    newest = await reads.newest_closes(uow.session, [row.id for row in found], day)
    items = [_price(row, newest.get(row.id), day) for row in found]
    known = {row.symbol for row in found} | {str(row.id) for row in found}
    missing = [name for name in (*names, *map(str, ids)) if name not in known]
    return BulkPricesOut(items=items, not_found=missing)


def _ids(text: str | None) -> list[UUID]:
    try:
        return [UUID(part) for part in (text or "").split(",") if part]
    except ValueError as error:
        raise InvalidFields([("/query/instrument_ids", "ids are UUIDs")]) from error


def _price(row: InstrumentRow, newest: reads.NewestClose | None, day: date) -> PriceOut:
    last = newest.last if newest else None
    earlier = newest.earlier if newest else None
    return PriceOut(
        instrument_id=row.id,
        symbol=row.symbol,
        price=last.close if last else None,
        previous_price=earlier.close if earlier else None,
        currency=newest.currency if newest else row.currency,
        price_date=last.price_date if last else None,
        as_of=newest.as_of if newest else None,
        source=last.source if last else None,
        delay_minutes=None,
        is_stale=last is not None and last.is_stale(day),
        unknown_reason=None if last else "price_missing",
    )


async def _visible(uow: Uow, instrument_id: UUID) -> InstrumentRow:
    found = await find_visible(uow.session, instrument_id)
    if found is None:
        raise NotFound("no such instrument")
    return found


@router.get("/instruments/{instrument_id}/prices", operation_id="getPriceHistory")
async def get_price_history(
    instrument_id: UUID,
    uow: Uow,
    from_date: From = None,
    to_date: To = None,
    basis: PriceBasis = PriceBasis.RAW,
) -> PriceHistoryOut:
    """Daily bars; closes raw as traded, or derived for splits, or for splits and dividends."""
    instrument = await _visible(uow, instrument_id)
    found = await repository.bars(uow.session, instrument_id)
    currency = found[-1].currency if found else instrument.currency
    # one series, one currency: that of the newest bar
    rows = [row for row in found if row.currency == currency]
    closes = [row.close for row in rows]
    if basis is not PriceBasis.RAW:
        events = await _events(uow, instrument_id, currency, basis)
        closes = adjusted_closes([row.price_date for row in rows], closes, events, basis)
    first, last = from_date or date.min, to_date or date.max
    is_raw = basis is PriceBasis.RAW
    items = [
        BarOut(
            price_date=row.price_date,
            open=row.open if is_raw else None,
            high=row.high if is_raw else None,
            low=row.low if is_raw else None,
            close=to_decimal_places(close, 18),
            volume=row.volume if is_raw else None,
            source=row.source,
        )
        for row, close in zip(rows, closes, strict=True)
        if first <= row.price_date <= last
    ]
    return PriceHistoryOut(
        instrument_id=instrument_id,
        currency=currency,
        basis=basis.value,
        items=items,
    )


async def _events(
    uow: Uow, instrument_id: UUID, currency: str, basis: PriceBasis
) -> list[PriceEvent]:
    """What a series of this basis is adjusted for."""
    found = []
    for action in await reads.corporate_actions(uow.session, instrument_id):
        cash = action.cash_amount if basis is PriceBasis.TOTAL else None
        if cash is not None and action.currency not in {None, currency}:
            raise AdjustmentUndefined(
                f"the dividend of {action.ex_date} was paid in {action.currency}, not {currency}",
                ex_date=action.ex_date.isoformat(),
            )
        found.append(PriceEvent(action.ex_date, action.ratio, cash))
    return found


@router.get(
    "/instruments/{instrument_id}/corporate-actions",
    operation_id="listCorporateActions",
)
async def list_corporate_actions(instrument_id: UUID, uow: Uow) -> list[CorporateActionOut]:
    """Splits, dividends and other events, oldest first."""
    await _visible(uow, instrument_id)
    rows = await reads.corporate_actions(uow.session, instrument_id)
    return [CorporateActionOut.model_validate(row) for row in rows]
