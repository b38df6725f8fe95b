"""Routes of what funds are made of."""

from uuid import UUID

from fastapi import APIRouter, status

from truenav.features.taxonomies import compositions
from truenav.features.taxonomies.api import CONFLICT, SeenVersion
from truenav.features.taxonomies.classifying import pasted_parts
from truenav.features.taxonomies.schemas import (
    CompositionIn,
    CompositionOut,
    PastedPartsIn,
    PastedPartsOut,
)
from truenav.platform.dependencies import GUARDED, Uow

router = APIRouter(
    prefix="/api/v1/instruments/{instrument_id}/composition",
    tags=["taxonomies"],
    responses=GUARDED,
)


@router.get("", operation_id="getComposition")
async def get_composition(instrument_id: UUID, uow: Uow) -> CompositionOut:
    """What the portfolio's people say a fund is made of."""
    return await compositions.get(uow, instrument_id)


@router.put("", operation_id="stateComposition", responses=CONFLICT)
async def state_composition(instrument_id: UUID, body: CompositionIn, uow: Uow) -> CompositionOut:
    """State its parts as of a day; `version` is the one the editor saw."""
    return await compositions.state(uow, instrument_id, body)


@router.delete(
    "", operation_id="forgetComposition", status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)  # fmt: skip
async def forget_composition(instrument_id: UUID, version: SeenVersion, uow: Uow) -> None:
    """Look through it no more."""
    await compositions.forget(uow, instrument_id, version)


@router.post("/read", operation_id="readComposition", responses=CONFLICT)
async def read_composition(instrument_id: UUID, body: PastedPartsIn, uow: Uow) -> PastedPartsOut:
    """Parts from pasted lines of `instrument, weight`, to look at before they are stated."""
    await compositions.get(uow, instrument_id)
    return await pasted_parts(uow, body.text)
