"""Between rows of the database and values of the core."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from truenav.core.ids import AccountId, InstrumentId, LotId, TransactionId
from truenav.core.ledger.lots import ClosureKind, Lot, LotAdjustment, LotClosure
from truenav.core.ledger.methods import LotChoice, LotMethod
from truenav.core.ledger.replay import LedgerState
from truenav.core.ledger.transactions import (
    CarriedLot,
    CashPart,
    SubKind,
    Transaction,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact
from truenav.features.ledger.tables import LotRow, TransactionRow

TRANSACTION_COLUMNS = (
    TransactionRow.id,
    TransactionRow.account_id,
    TransactionRow.instrument_id,
    TransactionRow.sequence,
    TransactionRow.kind,
    TransactionRow.sub_kind,
    TransactionRow.trade_date,
    TransactionRow.traded_at,
    TransactionRow.settlement_date,
    TransactionRow.quantity,
    TransactionRow.price,
    TransactionRow.multiplier,
    TransactionRow.ratio,
    TransactionRow.currency,
    TransactionRow.gross_amount,
    TransactionRow.gross_currency,
    TransactionRow.gross_rate,
    TransactionRow.fee_amount,
    TransactionRow.fee_currency,
    TransactionRow.fee_rate,
    TransactionRow.tax_amount,
    TransactionRow.tax_currency,
    TransactionRow.tax_rate,
    TransactionRow.counter_amount,
    TransactionRow.counter_currency,
    TransactionRow.is_external_flow,
    TransactionRow.lot_method,
    TransactionRow.lot_choices,
    TransactionRow.link_id,
    TransactionRow.source_instrument_id,
    TransactionRow.basis_fraction,
    TransactionRow.acquired_date,
    TransactionRow.carried_lots,
    TransactionRow.chain_id,
)


def cash_part(
    amount: Decimal | None, currency: str | None, rate: Decimal | None
) -> CashPart | None:
    """A part as the core knows it; None when it was not stated."""
    if amount is None or currency is None:
        return None
    return CashPart(amount=amount, currency=currency, rate=rate or Decimal(1))


def to_transaction(row: Any) -> Transaction:
    """One record; `row` has the columns of `TRANSACTION_COLUMNS`."""
    return Transaction(
        id=TransactionId(row.id),
        account_id=AccountId(row.account_id),
        instrument_id=InstrumentId(row.instrument_id) if row.instrument_id else None,
        kind=TransactionKind(row.kind),
        sub_kind=SubKind(row.sub_kind) if row.sub_kind else None,
        trade_date=row.trade_date,
        traded_at=row.traded_at,
        settlement_date=row.settlement_date,
        sequence=row.sequence,
        quantity=row.quantity,
        price=row.price,
        multiplier=row.multiplier,
        ratio=row.ratio,
        currency=row.currency,
        gross=cash_part(row.gross_amount, row.gross_currency, row.gross_rate),
        fee=cash_part(row.fee_amount, row.fee_currency, row.fee_rate),
        tax=cash_part(row.tax_amount, row.tax_currency, row.tax_rate),
        counter=cash_part(row.counter_amount, row.counter_currency, None),
        is_external_flow=row.is_external_flow,
        lot_method=LotMethod(row.lot_method) if row.lot_method else None,
        lot_choices=tuple(to_lot_choice(named) for named in row.lot_choices or ()),
        link_id=row.link_id,
        source_instrument_id=InstrumentId(row.source_instrument_id)
        if row.source_instrument_id
        else None,
        basis_fraction=row.basis_fraction,
        acquired_date=row.acquired_date,
        carried_lots=tuple(to_carried_lot(lot) for lot in row.carried_lots or ()),
        chain_id=TransactionId(row.chain_id) if row.chain_id else None,
    )


def to_lot_choice(named: Mapping[str, str]) -> LotChoice:
    """A stored choice; rows of an older release name the record that opened the lot."""
    opened_by = named.get("opened_by")
    lot_id = lot_of_chain(UUID(opened_by)) if opened_by else LotId(UUID(named["lot_id"]))
    return LotChoice(lot_id, Decimal(named["quantity"]))


def lot_of_chain(chain: UUID) -> LotId:
    """The lot that a record, or what corrects it, opens by itself; as the engine names it."""
    return LotId(uuid5(chain, "lot"))


def to_carried_lot(stored: Mapping[str, Any]) -> CarriedLot:
    """A lot that came along, as it was stored."""
    return CarriedLot(
        acquired_date=date.fromisoformat(stored["acquired_date"]),
        quantity=Decimal(stored["quantity"]),
        cost=_decimal(stored.get("cost")),
        currency=stored.get("currency"),
        costs=tuple((code, _decimal(cost)) for code, cost in stored.get("costs", {}).items()),
        lot_id=LotId(UUID(stored["lot_id"])) if stored.get("lot_id") else None,
    )


def carried_lot_value(lot: CarriedLot) -> dict[str, Any]:
    """A lot that travels, as JSON; amounts are decimal text."""
    return {
        "acquired_date": lot.acquired_date.isoformat(),
        "quantity": f"{lot.quantity:f}",
        "cost": _text(lot.cost),
        "currency": lot.currency,
        "costs": {code: _text(cost) for code, cost in lot.costs},
        "lot_id": str(lot.lot_id) if lot.lot_id else None,
    }


def _decimal(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def draft_values(draft: TransactionDraft) -> dict[str, Any]:
    """The columns that a draft fills."""
    return {
        "kind": draft.kind.value,
        "sub_kind": draft.sub_kind.value if draft.sub_kind else None,
        "trade_date": draft.trade_date,
        "traded_at": draft.traded_at,
        "settlement_date": draft.settlement_date,
        "ex_date": draft.ex_date,
        "record_date": draft.record_date,
        "pay_date": draft.pay_date,
        "quantity": draft.quantity,
        "price": draft.price,
        "multiplier": draft.multiplier,
        "ratio": draft.ratio,
        "currency": draft.currency,
        **_part_values("gross", draft.gross),
        **_part_values("fee", draft.fee),
        **_part_values("tax", draft.tax),
        "counter_amount": draft.counter.amount if draft.counter else None,
        "counter_currency": draft.counter.currency if draft.counter else None,
        "is_external_flow": draft.is_external_flow,
        "lot_method": draft.lot_method.value if draft.lot_method else None,
        "lot_choices": [
            {"lot_id": str(choice.lot_id), "quantity": f"{choice.quantity:f}"}
            for choice in draft.lot_choices
        ]
        or None,
        "link_id": draft.link_id,
        "basis_fraction": draft.basis_fraction,
        "acquired_date": draft.acquired_date,
        "carried_lots": [carried_lot_value(lot) for lot in draft.carried_lots] or None,
        "broker_reference": draft.broker_reference,
        "original": draft.original or None,
        "note": draft.note,
    }


def _part_values(name: str, part: CashPart | None) -> dict[str, Any]:
    return {
        f"{name}_amount": part.amount if part else None,
        f"{name}_currency": part.currency if part else None,
        f"{name}_rate": part.rate if part else None,
    }


def lot_values(tenant_id: UUID, account_id: UUID, lots: Iterable[Lot]) -> list[dict[str, Any]]:
    """Rows of `lots`; costs in other currencies are the account's and the tax currency."""
    return [
        {
            "tenant_id": tenant_id,
            "id": lot.id,
            "account_id": account_id,
            "instrument_id": lot.instrument_id,
            "transaction_id": lot.opened_by,
            "acquired_date": lot.acquired_date,
            "quantity": lot.quantity,
            "cost": lot.cost,
            "currency": lot.currency,
            "is_short": lot.is_short,
            "is_cost_known": lot.is_cost_known,
            **_in_others(
                ("account_cost", "tax_cost"), lot.costs, lot.cost, known=lot.is_cost_known
            ),
        }
        for lot in lots
    ]


def to_lot(row: LotRow) -> Lot:
    """A stored lot as the core knows it."""
    return Lot(
        id=LotId(row.id),
        instrument_id=InstrumentId(row.instrument_id),
        opened_by=TransactionId(row.transaction_id),
        acquired_date=row.acquired_date,
        quantity=row.quantity,
        cost=row.cost,
        currency=row.currency,
        is_short=row.is_short,
        is_cost_known=row.is_cost_known,
        costs=(row.account_cost, row.tax_cost),
    )


def _in_others(
    names: tuple[str, str], amounts: tuple[Decimal | None, ...], traded: Decimal, *, known: bool
) -> dict[str, Decimal | None]:
    """An amount in the account's and in the tax currency, which may be the same or the traded."""
    if not known:
        return dict.fromkeys(names)
    account, tax = (amounts[0], amounts[-1]) if amounts else (traded, traded)
    return {names[0]: account, names[1]: tax}


def closure_values(
    tenant_id: UUID, account_id: UUID, closures: Iterable[LotClosure]
) -> list[dict[str, Any]]:
    """Rows of `lot_closures`; ids that a rebuild makes again."""
    seen: Counter[UUID] = Counter()
    return [
        {
            "tenant_id": tenant_id,
            "id": _numbered(closure_id(closure), seen),
            "account_id": account_id,
            "instrument_id": closure.instrument_id,
            "lot_id": closure.lot_id,
            "opened_by": closure.opened_by,
            "closed_by": closure.closed_by,
            "acquired_date": closure.acquired_date,
            "closed_date": closure.closed_date,
            "quantity": closure.quantity,
            "proceeds": closure.proceeds,
            "cost": closure.cost,
            "gain": closure.gain,
            "currency": closure.currency,
            "is_short": closure.is_short,
            "is_long_term": closure.is_long_term,
            "is_cost_known": closure.is_cost_known,
            "kind": closure.kind.value,
            "gain_date": closure.gain_date,
            **_in_others(
                ("account_proceeds", "tax_proceeds"),
                closure.proceeds_in,
                closure.proceeds,
                known=True,
            ),
            **_in_others(
                ("account_cost", "tax_cost"),
                closure.cost_in,
                closure.cost,
                known=closure.is_cost_known or bool(closure.cost_in),
            ),
        }
        for closure in closures
    ]


def closure_id(closure: LotClosure) -> UUID:
    """The same for the same gain, however often it is worked out."""
    suffix = "" if closure.kind is ClosureKind.CLOSED else f" {closure.kind}"
    return uuid5(closure.closed_by, f"{closure.lot_id}{suffix}")


def _numbered(plain: UUID, seen: Counter[UUID]) -> UUID:
    """One record may close a lot in parts: lots that arrive together cover one that is owed."""
    seen[plain] += 1
    return plain if seen[plain] == 1 else uuid5(plain, str(seen[plain]))


def adjustment_values(
    tenant_id: UUID, account_id: UUID, adjustments: Iterable[LotAdjustment]
) -> list[dict[str, Any]]:
    """Rows of `lot_adjustments`."""
    seen: Counter[UUID] = Counter()
    return [
        {
            "tenant_id": tenant_id,
            "id": _numbered(uuid5(made.caused_by, f"{made.kind} {made.lot_id}"), seen),
            "source_lot_id": made.source_lot_id,
            "account_id": account_id,
            "instrument_id": made.instrument_id,
            "lot_id": made.lot_id,
            "caused_by": made.caused_by,
            "kind": made.kind.value,
            "adjusted_date": made.adjusted_date,
            "quantity_before": made.quantity_before,
            "quantity_after": made.quantity_after,
            "cost_before": made.cost_before,
            "cost_after": made.cost_after,
        }
        for made in adjustments
    ]


def position_values(tenant_id: UUID, account_id: UUID, state: LedgerState) -> list[dict[str, Any]]:
    """Rows of `positions`."""
    return [
        {
            "tenant_id": tenant_id,
            "account_id": account_id,
            "instrument_id": position.instrument_id,
            "quantity": position.quantity,
            "cost": position.cost,
            "currency": position.currency,
            "is_cost_known": position.is_cost_known,
            "last_trade_date": state.last_trade_dates[position.instrument_id],
        }
        for position in state.positions()
    ]


def position_change_values(
    tenant_id: UUID, account_id: UUID, state: LedgerState
) -> list[dict[str, Any]]:
    """Rows of `position_changes`."""
    return [
        {
            "tenant_id": tenant_id,
            "account_id": account_id,
            "instrument_id": instrument_id,
            "changed_on": day,
            "quantity": quantity,
        }
        for (instrument_id, day), quantity in state.units_on.items()
    ]


def cash_values(tenant_id: UUID, account_id: UUID, state: LedgerState) -> list[dict[str, Any]]:
    """Rows of `cash_balances`; currencies that came to nothing are left out."""
    return [
        {
            "tenant_id": tenant_id,
            "account_id": account_id,
            "currency": currency,
            "amount": amount,
        }
        for currency, amount in state.cash.items()
        if amount
    ]


def note_values(tenant_id: UUID, account_id: UUID, state: LedgerState) -> list[dict[str, Any]]:
    """Rows of `review_notes`, one per record and reason."""
    notes = {(note.transaction_id, note.reason_code): note.message for note in state.notes}
    return [
        {
            "tenant_id": tenant_id,
            "transaction_id": transaction_id,
            "reason_code": reason_code,
            "account_id": account_id,
            "message": message,
        }
        for (transaction_id, reason_code), message in notes.items()
    ]


@exact
def per_unit(cost: Decimal, quantity: Decimal) -> Decimal:
    """Cost of one unit, at 8 places: for reading, not for computing."""
    return (cost / quantity).quantize(Decimal("1E-8"))
