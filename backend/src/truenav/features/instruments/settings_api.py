"""Routes of what a tenant says of an instrument."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from truenav.core.errors import ErrorKind
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.settings import Coupon, ShareKind, say, settings_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.problems import NotFound, problems
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import Body, DecimalText, Instant, LocalDate, Version

router = APIRouter(prefix="/api/v1/instruments", tags=["instruments"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
Ratio = Annotated[DecimalText, Field(ge=0, le=1)]
Face = Annotated[DecimalText, Field(gt=0)]


class CouponOut(Body):
    """Of one unit: a part of its face value a year, in equal payments up to the day it matures."""

    coupon_ratio: DecimalText
    face_value: DecimalText
    coupons_per_year: Literal[1, 2, 4, 12]
    matures_on: date


class CouponIn(Body):
    """The same, said."""

    coupon_ratio: Ratio
    face_value: Face
    coupons_per_year: Literal[1, 2, 4, 12]
    matures_on: LocalDate


class InstrumentSettingsOut(Body):
    """What was said of an instrument; all of it null, `version` too, where nothing was."""

    share_kind: ShareKind | None
    coupon: CouponOut | None
    version: int | None
    changed_at: Instant | None


class InstrumentSettingsIn(Body):
    """What an instrument is; `version` is that of the word one saw, left out without any."""

    share_kind: ShareKind | None
    coupon: CouponIn | None
    version: Version | None = None


@router.get("/{instrument_id}/settings", operation_id="getInstrumentSettings")
async def get_instrument_settings(instrument_id: UUID, uow: Uow) -> InstrumentSettingsOut:
    """What the portfolio says of an instrument beyond what feeds tell."""
    if await find_visible(uow.session, instrument_id) is None:
        raise NotFound("no such instrument")
    return await _told(uow, instrument_id)


@router.put("/{instrument_id}/settings", operation_id="setInstrumentSettings", responses=CONFLICT)
async def set_instrument_settings(
    instrument_id: UUID, body: InstrumentSettingsIn, uow: Uow
) -> InstrumentSettingsOut:
    """Say whether a share is preferred, and what a bond pays; null takes a word back."""
    coupon = Coupon(**body.coupon.model_dump()) if body.coupon is not None else None
    await say(uow, instrument_id, body.share_kind, coupon, body.version)
    return await _told(uow, instrument_id)


async def _told(uow: UnitOfWork, instrument_id: UUID) -> InstrumentSettingsOut:
    row = (await settings_of(uow.session, [instrument_id])).get(instrument_id)
    changed_at: datetime | None = row.changed_at if row is not None else None
    return InstrumentSettingsOut.model_validate(
        {
            "share_kind": row.share_kind if row is not None else None,
            "coupon": row if row is not None and row.matures_on is not None else None,
            "version": row.version if row is not None else None,
            "changed_at": changed_at,
        }
    )
