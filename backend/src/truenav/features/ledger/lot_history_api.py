"""The route of one lot: what opened, changed and closed it."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from truenav.features.accounts.service import get_account
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger.bodies import transaction_out
from truenav.features.ledger.lot_history import LotEvent, LotHistory, lot_history
from truenav.features.ledger.mapping import per_unit
from truenav.features.ledger.schemas import TransactionOut
from truenav.features.ledger.tables import LotAdjustmentRow, LotClosureRow
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.problems import NotFound
from truenav.platform.wire import Body, CurrencyCode, DecimalText

ZERO = Decimal(0)
router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)


class LotChangeOut(Body):
    """What a corporate action or a transfer did; a lot that came out of another began at nothing.

    `other_lot_id` is the lot it came out of, or, of what it became, the lot that came out of it.
    Costs are null when the lot's cost is not known.
    """

    kind: str
    symbol: str
    quantity_before: DecimalText
    quantity_after: DecimalText
    cost_before: DecimalText | None
    cost_after: DecimalText | None
    other_lot_id: UUID | None


class LotGainOut(Body):
    """A gain one record realized on the lot; null where the cost is not known."""

    kind: Literal["closed", "boot", "capital_returned"]
    quantity: DecimalText
    proceeds: DecimalText
    cost: DecimalText | None
    gain: DecimalText | None
    currency: CurrencyCode
    term: Literal["short", "long"]


class LotEventOut(Body):
    """One thing that happened to the lot, and the units left of it then."""

    what: Literal["opened", "adjusted", "closed", "became"]
    happened_on: date
    transaction_id: UUID
    units_after: DecimalText
    change: LotChangeOut | None
    gain: LotGainOut | None


class LotHistoryOut(Body):
    """A lot as it is now (no units: nothing is left), its events in order, and their records."""

    id: UUID
    account_id: UUID
    account_name: str
    instrument_id: UUID
    symbol: str
    instrument_name: str
    currency: CurrencyCode
    acquired_date: date | None
    is_short: bool
    quantity: DecimalText
    cost: DecimalText | None
    cost_per_unit: DecimalText | None
    unknown_reason: str | None
    events: list[LotEventOut]
    records: list[TransactionOut]


@router.get("/lots/{lot_id}", operation_id="getLot")
async def get_lot(lot_id: UUID, uow: Uow) -> LotHistoryOut:
    """One lot: the record that opened it, and those that changed and closed it, oldest first."""
    found = await lot_history(uow.session, lot_id)
    if found is None:
        raise NotFound("no such lot")
    row = found.lot or _stored_rows(found)[-1]
    account = await get_account(uow, row.account_id)
    instrument = await find_visible(uow.session, row.instrument_id)
    if instrument is None:
        raise NotFound("no such lot")
    lot = found.lot
    known = _is_cost_known(found)
    return LotHistoryOut(
        id=lot_id,
        account_id=account.id,
        account_name=account.name,
        instrument_id=instrument.id,
        symbol=instrument.symbol,
        instrument_name=instrument.name,
        currency=_currency(found, instrument.currency),
        acquired_date=_acquired(found),
        is_short=not isinstance(row, LotAdjustmentRow) and row.is_short,
        quantity=lot.quantity if lot else ZERO,
        cost=(lot.cost if lot else ZERO) if known else None,
        cost_per_unit=per_unit(lot.cost, lot.quantity) if lot and known else None,
        unknown_reason=None if known else "cost_unknown",
        events=[_event(event, is_cost_known=known) for event in found.events],
        records=[transaction_out(row) for row in found.records.values()],
    )


def _stored_rows(found: LotHistory) -> list[LotClosureRow | LotAdjustmentRow]:
    """The rows of the lot itself; gains last, which say more of it than changes."""
    changes = [e.adjustment for e in found.events if e.adjustment and e.what == "adjusted"]
    return [*changes, *(event.closure for event in found.events if event.closure)]


def _is_cost_known(found: LotHistory) -> bool:
    """Whether its cost is; of a lot that left without a gain, whether one was ever written."""
    if found.lot is not None:
        return found.lot.is_cost_known
    gains = [event.closure for event in found.events if event.closure]
    if gains:
        return all(gain.is_cost_known for gain in gains)
    changes = [event.adjustment for event in found.events if event.adjustment]
    return any(change.cost_before or change.cost_after for change in changes)


def _acquired(found: LotHistory) -> date | None:
    """The day that counts for its term, which is not always the day of its record."""
    if found.lot is not None:
        return found.lot.acquired_date
    for event in found.events:
        if event.closure is not None:
            return event.closure.acquired_date
    record = found.records.get(found.opened_by) if found.opened_by else None
    return (record[0].acquired_date or record[0].trade_date) if record else None


def _currency(found: LotHistory, instrument_currency: str) -> str:
    """What its cost is in."""
    if found.lot is not None:
        return found.lot.currency
    record = found.records.get(found.opened_by) if found.opened_by else None
    return record[0].currency if record else instrument_currency


def _event(event: LotEvent, *, is_cost_known: bool) -> LotEventOut:
    return LotEventOut(
        what=event.what,
        happened_on=event.happened_on,
        transaction_id=event.transaction_id,
        units_after=event.units_after,
        change=_change(event, event.adjustment, is_cost_known=is_cost_known)
        if event.adjustment
        else None,
        gain=_gain(event.closure) if event.closure else None,
    )


def _change(event: LotEvent, row: LotAdjustmentRow, *, is_cost_known: bool) -> LotChangeOut:
    return LotChangeOut(
        kind=row.kind,
        symbol=event.symbol or "",
        quantity_before=row.quantity_before,
        quantity_after=row.quantity_after,
        cost_before=row.cost_before if is_cost_known else None,
        cost_after=row.cost_after if is_cost_known else None,
        other_lot_id=row.lot_id if event.what == "became" else row.source_lot_id,
    )


def _gain(row: LotClosureRow) -> LotGainOut:
    known = row.is_cost_known
    return LotGainOut.model_validate(
        {
            "kind": row.kind,
            "quantity": row.quantity,
            "proceeds": row.proceeds,
            "cost": row.cost if known else None,
            "gain": row.gain if known else None,
            "currency": row.currency,
            "term": "long" if row.is_long_term else "short",
        }
    )
