"""A record typed by a person → a draft, with every contradiction named."""

from datetime import date, timedelta

from truenav.core.ledger.transactions import (
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import CURRENCIES
from truenav.features.ledger.schemas import CashPartIn, TransactionIn
from truenav.platform.problems import InvalidFields

K = TransactionKind
NEEDS_UNITS = frozenset({K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT})
NEEDS_CASH = frozenset({K.DEPOSIT, K.WITHDRAWAL, K.DIVIDEND, K.INTEREST})
NOT_BY_HAND = frozenset({K.REVERSAL, K.UNKNOWN})
OLDEST = date(1900, 1, 1)


def checked_draft(body: TransactionIn, ref: InstrumentRef | None, day: date) -> TransactionDraft:
    """The draft of a body.

    Raises:
        InvalidFields: values that do not go together, each by its pointer.
    """
    errors = [*_date_errors(body, day), *_unit_errors(body), *_cash_errors(body)]
    if errors:
        raise InvalidFields(errors)
    return TransactionDraft(
        row_number=0,
        kind=body.kind,
        sub_kind=body.sub_kind,
        trade_date=body.trade_date,
        settlement_date=body.settlement_date,
        instrument=ref,
        quantity=body.quantity,
        price=body.price,
        ratio=body.ratio,
        currency=body.currency,
        gross=_part(body.gross),
        fee=_part(body.fee),
        tax=_part(body.tax),
        counter=_part(body.counter),
        is_external_flow=body.is_external_flow,
        note=body.note,
    )


def _part(body: CashPartIn | None) -> CashPart | None:
    if body is None:
        return None
    return CashPart(amount=body.amount, currency=body.currency, rate=body.rate)


def _date_errors(body: TransactionIn, day: date) -> list[tuple[str, str]]:
    errors = []
    if body.trade_date > day + timedelta(days=1):
        errors.append(("/body/trade_date", "lies in the future"))
    if body.trade_date < OLDEST:
        errors.append(("/body/trade_date", "is too long ago"))
    if body.settlement_date is not None and body.settlement_date < body.trade_date:
        errors.append(("/body/settlement_date", "is before the trade"))
    return errors


def _unit_errors(body: TransactionIn) -> list[tuple[str, str]]:
    errors = []
    if body.kind in NOT_BY_HAND:
        errors.append(("/body/kind", "cannot be posted by hand"))
    if body.kind in NEEDS_UNITS | {K.SPLIT} and body.instrument_id is None:
        errors.append(("/body/instrument_id", f"a {body.kind.value} needs an instrument"))
    if body.kind in NEEDS_UNITS and not body.quantity:
        errors.append(("/body/quantity", f"a {body.kind.value} needs a quantity"))
    if body.quantity and body.kind in {K.BUY, K.TRANSFER_IN} and body.quantity < 0:
        errors.append(("/body/quantity", "units received are positive"))
    if body.quantity and body.kind in {K.SELL, K.TRANSFER_OUT} and body.quantity > 0:
        errors.append(("/body/quantity", "units delivered are negative"))
    if body.price is not None and body.price < 0:
        errors.append(("/body/price", "a price is never negative"))
    if body.kind is K.SPLIT and (body.ratio is None or body.ratio <= 0):
        errors.append(("/body/ratio", "a split needs a ratio above zero"))
    return errors


def _cash_errors(body: TransactionIn) -> list[tuple[str, str]]:
    errors = []
    if body.kind in NEEDS_CASH and body.gross is None:
        errors.append(("/body/gross", f"a {body.kind.value} needs an amount"))
    if body.kind in {K.BUY, K.SELL} and body.gross is None and body.price is None:
        errors.append(("/body/gross", "state an amount or a price"))
    if body.kind is K.FX_CONVERSION and (body.counter is None or body.gross is None):
        errors.append(("/body/counter", "a conversion needs both its legs"))
    named = {
        "gross": body.gross,
        "fee": body.fee,
        "tax": body.tax,
        "counter": body.counter,
    }
    if body.currency not in CURRENCIES:
        errors.append(("/body/currency", "is not a currency"))
    for name, part in named.items():
        if part is None:
            continue
        if part.currency not in CURRENCIES:
            errors.append((f"/body/{name}/currency", "is not a currency"))
        if part.rate <= 0:
            errors.append((f"/body/{name}/rate", "is above zero"))
        same = part.currency == body.currency
        if name != "counter" and same != (part.rate == 1) and same:
            errors.append((f"/body/{name}/rate", "is 1 for the same currency"))
    return errors
