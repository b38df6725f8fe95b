"""Corporate actions as the API's bodies."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from truenav.core.corporate_actions.actions import ActionKind
from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.lots import Lot, LotClosure
from truenav.core.ledger.state import Position
from truenav.core.ledger.transactions import TransactionDraft, TransactionKind
from truenav.core.money import exact
from truenav.features.ledger.actions_catalogue import (
    OWN,
    TERM_COLUMNS,
    Concern,
    Entry,
    Event,
    ref_of,
)
from truenav.features.ledger.actions_preview import Change, Side
from truenav.features.ledger.actions_schemas import (
    ActionAccountOut,
    ActionCashOut,
    ActionGainOut,
    ActionLotOut,
    ActionNoteOut,
    ActionOut,
    ActionPositionOut,
    ActionPreviewAccountOut,
    ActionRealizedOut,
    ActionRecordOut,
)
from truenav.features.ledger.explain_previews import explain_change

ZERO = Decimal(0)
Symbols = Mapping[UUID, str]


def action_out(entry: Entry) -> ActionOut:
    """One event with its accounts."""
    event = entry.event
    new, alternate = event.new_instrument, event.alternate_instrument
    terms: dict[str, Any] = {name: getattr(event.action, name) for name in TERM_COLUMNS}
    return ActionOut(
        **terms,
        id=event.id,
        kind=event.action.kind,
        instrument_id=event.instrument.id,
        symbol=event.instrument.symbol,
        instrument_name=event.instrument.name,
        new_instrument_id=new.id if new is not None else None,
        new_symbol=new.symbol if new is not None else None,
        alternate_instrument_id=alternate.id if alternate is not None else None,
        alternate_symbol=alternate.symbol if alternate is not None else None,
        note=event.own.note if event.own is not None else None,
        source=event.source,
        is_own=event.source == OWN,
        is_overridden=event.own is not None and event.source != OWN,
        version=event.own.version if event.own is not None else None,
        accounts=[_account(event, concern) for concern in entry.concerns],
    )


@exact
def _account(event: Event, concern: Concern) -> ActionAccountOut:
    drafts = concern.effects.drafts
    amounts = [net for net in map(net_cash, drafts) if net is not None]
    after = _units_after(event, concern)
    came = [
        draft.quantity or ZERO
        for draft in drafts
        if event.new_instrument is not None and draft.instrument == ref_of(event.new_instrument)
    ]
    return ActionAccountOut(
        account_id=concern.account.id,
        account_name=concern.account.name,
        state=concern.state,
        units=concern.units,
        units_after=after,
        new_units=sum(came, ZERO) if came else None,
        cash_amount=sum(amounts, ZERO) if amounts else None,
        currency=drafts[0].currency if amounts else None,
        warnings=list(concern.warnings),
        was_reversed=concern.was_reversed,
        transaction_ids=list(concern.applied_by or concern.recorded_by),
        income_handling=_handling(event, concern),
    )


def _handling(event: Event, concern: Concern) -> Literal["cash", "reinvest"] | None:
    """What is preferred, where there is a choice: of a dividend received in its own currency."""
    is_paid = event.action.kind in {ActionKind.CASH_DIVIDEND, ActionKind.SPECIAL_DIVIDEND}
    if not is_paid or concern.units <= 0 or event.action.currency != event.instrument.currency:
        return None
    return "reinvest" if concern.is_reinvested else "cash"


def _units_after(event: Event, concern: Concern) -> Decimal | None:
    """Units of the event's own instrument; None when it leaves them as they are."""
    units, is_changed = concern.units, False
    for draft in concern.effects.drafts:
        if draft.instrument != ref_of(event.instrument):
            continue
        if draft.ratio is not None:
            units, is_changed = units * draft.ratio, True
        elif draft.quantity:
            units, is_changed = units + draft.quantity, True
    return units if is_changed else None


# --- preview ------------------------------------------------------------------------------------


def preview_out(event: Event, concern: Concern, change: Change) -> ActionPreviewAccountOut:
    """One account without the event and with it."""
    rows = (event.instrument, event.new_instrument, event.alternate_instrument)
    symbols = {row.id: row.symbol for row in rows if row is not None}
    before, after = change.before, change.after
    warnings = list(concern.warnings)
    if change.moves_other_accounts:
        warnings.append("moves_other_accounts")
    return ActionPreviewAccountOut(
        account_id=concern.account.id,
        account_name=concern.account.name,
        state=concern.state,
        units=concern.units,
        records=[_record(draft) for draft in concern.effects.drafts],
        positions=[_position(one, symbols, before, after) for one in _held(before, after)],
        lots_before=[_lot(lot, symbols) for lot in before.lots],
        lots_after=[_lot(lot, symbols) for lot in after.lots],
        cash=[
            ActionCashOut(
                currency=code, before=before.cash.get(code, ZERO), after=after.cash.get(code, ZERO)
            )
            for code in sorted({*before.cash, *after.cash})
            if before.cash.get(code) != after.cash.get(code)
        ],
        gains=[_gain(closure, symbols) for closure in change.closures],
        realized=[
            ActionRealizedOut(
                currency=code,
                before=before.realized.get(code, ZERO),
                after=after.realized.get(code, ZERO),
            )
            for code in sorted({*before.realized, *after.realized})
        ],
        warnings=warnings,
        notes=[
            ActionNoteOut(reason_code=note.reason_code, message=note.message)
            for note in change.notes
        ],
        explanations=explain_change(change),
    )


def _held(before: Side, after: Side) -> list[InstrumentId]:
    return list(dict.fromkeys([*before.positions, *after.positions]))


def _record(draft: TransactionDraft) -> ActionRecordOut:
    return ActionRecordOut(
        kind=TransactionKind(draft.kind),
        sub_kind=draft.sub_kind,
        trade_date=draft.trade_date,
        settlement_date=draft.settlement_date,
        symbol=(draft.instrument.symbol if draft.instrument else None) or "",
        quantity=draft.quantity,
        ratio=draft.ratio,
        price=draft.price,
        amount=net_cash(draft),
        currency=draft.currency,
        basis_fraction=draft.basis_fraction,
    )


def _position(
    instrument_id: InstrumentId, symbols: Symbols, before: Side, after: Side
) -> ActionPositionOut:
    was, will = before.positions.get(instrument_id), after.positions.get(instrument_id)
    some = was or will
    return ActionPositionOut(
        instrument_id=instrument_id,
        symbol=symbols[instrument_id],
        quantity_before=was.quantity if was else ZERO,
        quantity_after=will.quantity if will else ZERO,
        cost_before=_cost(was),
        cost_after=_cost(will),
        currency=some.currency if some else "",
    )


def _cost(position: Position | None) -> Decimal | None:
    if position is None:
        return ZERO
    return position.cost if position.is_cost_known else None


def _lot(lot: Lot, symbols: Symbols) -> ActionLotOut:
    return ActionLotOut(
        instrument_id=lot.instrument_id,
        symbol=symbols[lot.instrument_id],
        acquired_date=lot.acquired_date,
        quantity=lot.quantity,
        cost=lot.cost if lot.is_cost_known else None,
        currency=lot.currency,
        is_short=lot.is_short,
    )


def _gain(closure: LotClosure, symbols: Symbols) -> ActionGainOut:
    known = closure.is_cost_known
    return ActionGainOut(
        symbol=symbols[closure.instrument_id],
        acquired_date=closure.acquired_date,
        closed_date=closure.closed_date,
        quantity=closure.quantity,
        proceeds=closure.proceeds,
        cost=closure.cost if known else None,
        gain=closure.gain if known else None,
        currency=closure.currency,
        term="long" if closure.is_long_term else "short",
    )
