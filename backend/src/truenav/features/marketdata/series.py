"""The price history of an instrument, as traded or adjusted: derived on reading, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.marketdata.adjustment import (
    AdjustmentUndefined,
    PriceBasis,
    PriceEvent,
    adjusted_closes,
    adjusted_volumes,
    unadjusted_closes,
)
from truenav.features.marketdata import reads, repository
from truenav.features.marketdata.repository import DayBar
from truenav.features.marketdata.tables import CorporateActionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The bars that count, and their closes and volumes on a basis; all of one length."""

    currency: str
    basis: PriceBasis
    data_version: int
    bars: Sequence[DayBar]
    closes: Sequence[Decimal]
    volumes: Sequence[Decimal | None]


async def history_of(
    session: AsyncSession, instrument_id: UUID, currency: str, basis: PriceBasis
) -> History:
    """All bars of an instrument; `currency` is told when there are none.

    Raises:
        AdjustmentUndefined: an event without a value, in another currency, or as large as the
            price; or closes somebody adjusted for dividends.
    """
    found = await repository.bars(session, instrument_id)
    told = found[-1].currency if found else currency
    # one series, one currency: that of the newest bar
    rows = [row for row in found if row.currency == told]
    version = await repository.data_version(session, instrument_id)
    actions = await reads.corporate_actions(session, instrument_id)
    days = [row.price_date for row in rows]
    closes = _as_traded(rows, days, actions)
    volumes: Sequence[Decimal | None] = [row.volume for row in rows]
    if basis is not PriceBasis.RAW:
        events = price_events(actions, told, basis)
        closes = adjusted_closes(days, closes, events, basis)
        volumes = adjusted_volumes(days, volumes, events)
    return History(
        currency=told, basis=basis, data_version=version, bars=rows, closes=closes,
        volumes=volumes,
    )  # fmt: skip


def _as_traded(
    rows: Sequence[DayBar], days: Sequence[date], actions: Sequence[CorporateActionRow]
) -> Sequence[Decimal]:
    """Raw closes; what an older release stored adjusted for splits is brought back."""
    bases = {row.basis for row in rows}
    closes = [row.close for row in rows]
    if bases <= {PriceBasis.RAW}:
        return closes
    if PriceBasis.TOTAL in bases:
        raise AdjustmentUndefined("a source gave closes adjusted for dividends only")
    splits = [PriceEvent(a.ex_date, ratio_of(a)) for a in actions if ratio_of(a)]
    undone = unadjusted_closes(days, closes, splits, PriceBasis.SPLIT)
    return [
        raw if row.basis == PriceBasis.SPLIT else row.close
        for row, raw in zip(rows, undone, strict=True)
    ]


def price_events(
    actions: Sequence[CorporateActionRow], currency: str, basis: PriceBasis
) -> list[PriceEvent]:
    """What a series of this basis is adjusted for.

    Raises:
        AdjustmentUndefined: what was paid is in another currency, or its value is not known.
    """
    found = []
    for action in actions:
        ratio = ratio_of(action)
        if basis is PriceBasis.SPLIT:
            found.append(PriceEvent(action.ex_date, ratio))
            continue
        _require_value(action, currency)
        cash = action.cash_amount
        if action.type == "rights":
            found.append(PriceEvent(action.ex_date, rights=_rights(action)))
        elif action.type == "spin_off":
            found.append(PriceEvent(action.ex_date, spin_off_value=_detail(action, "value")))
        else:
            found.append(PriceEvent(action.ex_date, ratio, cash))
    return found


# `ratio` of these is what comes beside each unit; of a split, what each unit becomes.
BESIDE = frozenset({"stock_dividend"})
OF_OTHERS = frozenset({"spin_off", "rights"})
NO_PRICE_FACTOR = frozenset({"name_change", "symbol_change"})
# After these the old units are none: there is no later price to compare with.
ENDS = frozenset({"cash_merger", "stock_merger", "stock_and_cash_merger", "worthless"})


def ratio_of(action: CorporateActionRow) -> Decimal | None:
    """New units for each old one that an event leaves; None when it changes no units."""
    if action.ratio is None or action.type in OF_OTHERS | ENDS | NO_PRICE_FACTOR:
        return None
    return 1 + action.ratio if action.type in BESIDE else action.ratio


def _require_value(action: CorporateActionRow, currency: str) -> None:
    pays = action.cash_amount is not None or action.type in OF_OTHERS
    day = action.ex_date.isoformat()
    if pays and action.currency not in {None, currency}:
        raise AdjustmentUndefined(
            f"the dividend of {day} was paid in {action.currency}, not {currency}", ex_date=day
        )


def _rights(action: CorporateActionRow) -> tuple[Decimal, Decimal]:
    return _detail(action, "old_units"), _detail(action, "subscription_price")


def _detail(action: CorporateActionRow, name: str) -> Decimal:
    stated: dict[str, Any] = action.details or {}
    if (value := stated.get(name)) is None:
        day = action.ex_date.isoformat()
        told = action.type.replace("_", " ")
        raise AdjustmentUndefined(f"the {told} of {day} has no known {name}", ex_date=day)
    return Decimal(str(value))
