"""What a tenant says of an instrument: asked for, and changed by version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.settings_tables import InstrumentSettingsRow
from truenav.platform.audit import record
from truenav.platform.problems import NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

ShareKind = Literal["common", "preferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A part of the face value a year, in equal payments that end on the day it matures."""

    coupon_ratio: Decimal
    face_value: Decimal
    coupons_per_year: int
    matures_on: date


async def settings_of(
    session: AsyncSession, instrument_ids: Iterable[UUID]
) -> dict[UUID, InstrumentSettingsRow]:
    """What is said of some instruments; one of which nothing is stands in none."""
    table = InstrumentSettingsRow
    query = (
        select(table)
        .where(table.instrument_id.in_(list(instrument_ids)))
        .execution_options(populate_existing=True)
    )
    return {row.instrument_id: row for row in await session.scalars(query)}


async def say(
    uow: UnitOfWork,
    instrument_id: UUID,
    share_kind: ShareKind | None,
    coupon: Coupon | None,
    version: int | None,
) -> None:
    """Say what an instrument is; `version` is that of the word one saw, None without any.

    Raises:
        NotFound: no such instrument.
        StaleVersion: somebody said something else since.
    """
    if await find_visible(uow.session, instrument_id) is None:
        raise NotFound("no such instrument")
    table = InstrumentSettingsRow
    parts = (
        asdict(coupon)
        if coupon is not None
        else dict.fromkeys(("coupon_ratio", "face_value", "coupons_per_year", "matures_on"))
    )
    values = {"share_kind": share_kind, **parts, "changed_by": uow.user_id}
    key = {"tenant_id": uow.tenant_id, "instrument_id": instrument_id}
    if version is None:
        added = insert(table).values(**key, **values).on_conflict_do_nothing()
        found = await uow.session.scalar(added.returning(table.version))
    else:
        changed = (
            update(table)
            .where(table.instrument_id == instrument_id, table.version == version)
            .values(**values, version=version + 1, changed_at=func.now())
            .execution_options(synchronize_session=False)
        )
        found = await uow.session.scalar(changed.returning(table.version))
    if found is None:
        now = (await settings_of(uow.session, [instrument_id])).get(instrument_id)
        current = {"version": now.version if now is not None else None}
        raise StaleVersion("somebody else said something of this instrument", current)
    await record(
        uow, "instrument_settings.set", "instrument", instrument_id,
        new_value={name: None if value is None else str(value) for name, value in values.items()},
    )  # fmt: skip
