"""Routes of prices and events."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.marketdata.adjustment import PriceBasis
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
    PriceVersionOut,
)
from truenav.features.marketdata.series import history_of
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1", tags=["marketdata"], responses=GUARDED)
MAX_SYMBOLS = 500
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
# five hundred ids of 36 characters, and the commas
Names = Annotated[str | None, Query(max_length=18_500, pattern=r"^[^\x00]*$")]


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


async def visible(uow: UnitOfWork, instrument_id: UUID) -> InstrumentRow:
    """The instrument, if the asking tenant may know of it.

    Raises:
        NotFound: it may not, or there is none.
    """
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
    instrument = await visible(uow, instrument_id)
    told = await history_of(uow.session, instrument_id, instrument.currency, basis)
    first, last = from_date or date.min, to_date or date.max
    is_raw = basis is PriceBasis.RAW
    items = [
        BarOut(
            price_date=row.price_date,
            open=row.open if is_raw else None,
            high=row.high if is_raw else None,
            low=row.low if is_raw else None,
            close=to_decimal_places(close, 18),
            volume=to_decimal_places(volume, 18) if volume is not None else None,
            source=row.source,
        )
        for row, close, volume in zip(told.bars, told.closes, told.volumes, strict=True)
        if first <= row.price_date <= last
    ]
    return PriceHistoryOut(
        instrument_id=instrument_id,
        currency=told.currency,
        basis=basis.value,
        data_version=told.data_version,
        items=items,
    )


@router.get("/instruments/{instrument_id}/price-versions", operation_id="listPriceVersions")
async def list_price_versions(instrument_id: UUID, uow: Uow) -> list[PriceVersionOut]:
    """What changed of an instrument's prices and events, the newest first; the last 200."""
    await visible(uow, instrument_id)
    rows = await repository.versions(uow.session, instrument_id)
    return [PriceVersionOut.model_validate(row) for row in rows]


@router.get(
    "/instruments/{instrument_id}/corporate-actions",
    operation_id="listCorporateActions",
)
async def list_corporate_actions(instrument_id: UUID, uow: Uow) -> list[CorporateActionOut]:
    """Splits, dividends and other events, oldest first."""
    await visible(uow, instrument_id)
    rows = await reads.corporate_actions(uow.session, instrument_id)
    return [CorporateActionOut.model_validate(row) for row in rows]
