"""Routes of the orders of sources: a tenant's own, and an instrument's, which operators choose."""

from uuid import UUID

from fastapi import APIRouter

from truenav.core.errors import ErrorKind
from truenav.core.marketdata.selection import ORDERED_SOURCES, SourceOrder, whole_order
from truenav.features.identity.operators import Operator
from truenav.features.marketdata import ordering, quality
from truenav.features.marketdata.order_tables import InstrumentSourceOrderRow, TenantSourceOrderRow
from truenav.features.marketdata.ordering_schemas import SourceOrderIn, SourceOrderOut
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.problems import NotFound, problems
from truenav.platform.unit_of_work import UnitOfWork

router = APIRouter(prefix="/api/v1", tags=["marketdata"], responses=GUARDED)
operations = APIRouter(
    prefix="/api/v1/operations/data/instruments/{instrument_id}/source-order",
    tags=["operations"],
    responses=GUARDED,
)
CONFLICT = problems(ErrorKind.CONFLICT)


@router.get("/source-order", operation_id="getSourceOrder")
async def get_source_order(uow: Uow) -> SourceOrderOut:
    """Which sources the portfolio puts before the others, of all instruments."""
    return _own(await ordering.of_tenant(uow.session))


@router.put("/source-order", operation_id="setSourceOrder", responses=CONFLICT)
async def set_source_order(body: SourceOrderIn, uow: Uow) -> SourceOrderOut:
    """Put sources before the others for this portfolio; its accounts are valued anew."""
    ordering.check(body.sources)
    return _own(await ordering.choose_own(uow, body.sources, body.version))


def _own(row: TenantSourceOrderRow | None) -> SourceOrderOut:
    return _out(row, SourceOrder(tenant=row.sources) if row is not None else SourceOrder())


@operations.get("", operation_id="getInstrumentSourceOrder")
async def get_instrument_source_order(
    instrument_id: UUID, uow: Uow, operator: Operator
) -> SourceOrderOut:
    """Which sources count first, and are asked first, for one instrument, for everybody."""
    del operator
    await _known(uow, instrument_id)
    return _of_one(await ordering.of_instrument(uow.session, instrument_id))


@operations.put("", operation_id="setInstrumentSourceOrder", responses=CONFLICT)
async def set_instrument_source_order(
    instrument_id: UUID, body: SourceOrderIn, uow: Uow, operator: Operator
) -> SourceOrderOut:
    """Put sources before the others for one instrument: they count first and are asked first."""
    del operator
    ordering.check(body.sources)
    await _known(uow, instrument_id)
    return _of_one(await ordering.choose_for_all(uow, instrument_id, body.sources, body.version))


async def _known(uow: UnitOfWork, instrument_id: UUID) -> None:
    if not await quality.is_instrument(uow.session, instrument_id):
        raise NotFound("no such instrument")


def _of_one(row: InstrumentSourceOrderRow | None) -> SourceOrderOut:
    return _out(row, SourceOrder(instrument=row.sources) if row is not None else SourceOrder())


def _out(
    row: InstrumentSourceOrderRow | TenantSourceOrderRow | None, order: SourceOrder
) -> SourceOrderOut:
    return SourceOrderOut(
        sources=list(row.sources) if row is not None else [],
        effective=whole_order(order),
        declared=list(ORDERED_SOURCES),
        version=row.version if row is not None else None,
        set_at=row.set_at if row is not None else None,
    )
