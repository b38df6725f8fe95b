"""Rows of the ledger as the API's bodies."""

from typing import Any

from truenav.core.ledger.cash import net_cash
from truenav.features.ledger import mapping
from truenav.features.ledger.schemas import (
    CarriedLotIn,
    CashPartOut,
    LotChoiceIn,
    TransactionDetailOut,
    TransactionOut,
)

PARTS = ("gross", "fee", "tax", "counter")
LOTS = ("lot_choices", "carried_lots")


def transaction_out(row: Any) -> TransactionOut:
    """One record with its names, as `repository.find_transaction` reads it."""
    return TransactionOut(**_values(row))


def transaction_detail(row: Any) -> TransactionDetailOut:
    """The same, with the broker's row it came from."""
    return TransactionDetailOut(**_values(row), original=row[0].original)


def _values(row: Any) -> dict[str, Any]:
    record, core = row[0], mapping.to_transaction(row[0])
    plain = {
        name: getattr(record, name)
        for name in TransactionOut.model_fields
        if hasattr(record, name) and name not in {*PARTS, *LOTS, "chain_id"}
    }
    parts = {name: getattr(core, name) for name in PARTS}
    return {
        **plain,
        **{
            name: CashPartOut.model_validate(part) if part else None for name, part in parts.items()
        },
        "chain_id": record.chain_id or record.id,
        "account_name": row.account_name,
        "symbol": row.symbol,
        "instrument_name": row.instrument_name,
        "net_amount": net_cash(core),
        "is_reversed": row.is_reversed,
        "review_reasons": row.review_reasons or [],
        # what a list is edited from must be whole: a correction says everything again
        "lot_choices": [
            LotChoiceIn(lot_id=named.lot_id, quantity=named.quantity)
            for named in map(mapping.to_lot_choice, record.lot_choices or ())
        ],
        "carried_lots": [
            CarriedLotIn(acquired_date=lot.acquired_date, quantity=lot.quantity, cost=lot.cost)
            for lot in map(mapping.to_carried_lot, record.carried_lots or ())
        ],
    }
