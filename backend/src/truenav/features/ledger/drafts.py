"""A record typed by a person → a draft, with every contradiction named."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from truenav.core.ids import LotId
from truenav.core.imports.rows import TOO_LARGE, amount_warning
from truenav.core.ledger.methods import LotChoice
from truenav.core.ledger.ordering import CLOSING_KINDS
from truenav.core.ledger.transactions import (
    EXTERNAL_KINDS,
    CarriedLot,
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import CURRENCIES, exact, quantize
from truenav.features.ledger.schemas import (
    CarriedLotIn,
    CashPartIn,
    LotChoiceIn,
    TransactionIn,
)
from truenav.platform.problems import InvalidFields

K = TransactionKind
Errors = Iterator[tuple[str, str]]
NEEDS_UNITS = frozenset(
    {
        K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT, K.SPIN_OFF, K.NAME_CHANGE, K.WORTHLESS,
        K.RIGHTS, K.OPTION_EXPIRY, K.OPTION_ASSIGNMENT, K.OPTION_EXERCISE, K.REWARD,
    }
)  # fmt: skip
NEEDS_INSTRUMENT = NEEDS_UNITS | {K.SPLIT, K.MERGER, K.CASH_IN_LIEU, K.RETURN_OF_CAPITAL}
UNITS_COME = frozenset({K.BUY, K.TRANSFER_IN, K.SPIN_OFF, K.RIGHTS, K.REWARD})
UNITS_GO = frozenset({K.SELL, K.TRANSFER_OUT})
NO_UNITS = frozenset(
    {
        K.DEPOSIT, K.WITHDRAWAL, K.INTEREST, K.FEE, K.TAX, K.FX_CONVERSION, K.RETURN_OF_CAPITAL,
        K.CAPITAL_GAIN_DISTRIBUTION,
    }
)  # fmt: skip
NEEDS_GROSS = frozenset(
    {K.DEPOSIT, K.WITHDRAWAL, K.INTEREST, K.RETURN_OF_CAPITAL, K.CAPITAL_GAIN_DISTRIBUTION}
)
NOT_BY_HAND = frozenset({K.REVERSAL, K.UNKNOWN})
OLDEST = date(1900, 1, 1)
ONE = Decimal(1)
ZERO = Decimal(0)


def checked_draft(
    body: TransactionIn,
    ref: InstrumentRef | None,
    source: InstrumentRef | None,
    multiplier: Decimal,
    day: date,
) -> TransactionDraft:
    """The draft of a body. `multiplier` is the instrument's: a contract stands for many units.

    A purchase or sale that states only a price moves quantity × price; money and units that come
    or go cross the portfolio's edge unless the body says that they do not.

    Raises:
        InvalidFields: values that do not go together, each by its pointer.
    """
    errors = [
        *_date_errors(body, day), *_unit_errors(body), *_presence_errors(body),
        *_part_errors(body), *_sign_errors(body), *_lot_errors(body), *_source_errors(body),
    ]  # fmt: skip
    if errors:
        raise InvalidFields(errors)
    is_external = body.is_external_flow
    draft = TransactionDraft(
        row_number=0,
        kind=body.kind,
        sub_kind=body.sub_kind,
        trade_date=body.trade_date,
        settlement_date=body.settlement_date,
        ex_date=body.ex_date,
        record_date=body.record_date,
        pay_date=body.pay_date,
        instrument=ref,
        quantity=body.quantity,
        price=body.price,
        multiplier=multiplier,
        ratio=body.ratio,
        currency=body.currency,
        gross=_part(body.gross),
        fee=_part(body.fee),
        tax=_part(body.tax),
        counter=_part(body.counter),
        is_external_flow=_is_external(body) if is_external is None else is_external,
        lot_method=body.lot_method,
        lot_choices=tuple(LotChoice(LotId(c.lot_id), c.quantity) for c in body.lot_choices),
        link_id=body.link_id,
        source=source,
        basis_fraction=body.basis_fraction,
        acquired_date=body.acquired_date,
        carried_lots=tuple(
            CarriedLot(acquired_date=lot.acquired_date, quantity=lot.quantity, cost=lot.cost)
            for lot in body.carried_lots
        ),
        note=body.note,
    )
    return _with_gross(draft) if body.kind in {K.BUY, K.SELL} else draft


@exact
def _with_gross(draft: TransactionDraft) -> TransactionDraft:
    """The amount of a trade: as stated if it fits the price, else worked out.

    Raises:
        InvalidFields: the amount is not quantity × price, or that is too large to keep.
    """
    if draft.price is None or draft.quantity is None:
        return draft
    value = -draft.quantity * draft.price * draft.multiplier
    if not -TOO_LARGE < value < TOO_LARGE:
        raise InvalidFields([("/body/price", "times the quantity is too large to keep")])
    if draft.gross is None:
        amount = quantize(value, draft.currency)
        return replace(draft, gross=CashPart(amount=amount, currency=draft.currency))
    if amount_warning(draft) is not None:
        detail = f"is not quantity × price, which is {abs(value):f}"
        raise InvalidFields([("/body/gross/amount", detail)])
    return draft


def _part(body: CashPartIn | None) -> CashPart | None:
    if body is None:
        return None
    return CashPart(amount=body.amount, currency=body.currency, rate=body.rate or ONE)


def _date_errors(body: TransactionIn, day: date) -> Errors:
    if body.trade_date > day + timedelta(days=1):
        yield "/body/trade_date", "lies in the future"
    if body.trade_date < OLDEST:
        yield "/body/trade_date", "is too long ago"
    if body.settlement_date is not None and body.settlement_date < body.trade_date:
        yield "/body/settlement_date", "is before the trade"


def _unit_errors(body: TransactionIn) -> Errors:
    kind = body.kind
    if kind in NOT_BY_HAND:
        yield "/body/kind", "cannot be posted by hand"
    if kind in NEEDS_UNITS and not body.quantity:
        yield "/body/quantity", f"a {_said(kind)} needs a quantity"
    if body.quantity:
        if kind in UNITS_COME and body.quantity < 0:
            yield "/body/quantity", "units received are positive"
        if kind in UNITS_GO and body.quantity > 0:
            yield "/body/quantity", "units delivered are negative"
        if kind in NO_UNITS:
            yield "/body/quantity", f"a {_said(kind)} moves no units"
    if body.price is not None and body.price < 0:
        yield "/body/price", "a price is never negative"
    if kind is K.SPLIT and (body.ratio is None or body.ratio <= 0):
        yield "/body/ratio", "a split needs a ratio above zero"


def _presence_errors(body: TransactionIn) -> Errors:
    kind = body.kind
    moves_units = kind in NEEDS_INSTRUMENT or (body.quantity and kind not in NO_UNITS)
    if body.instrument_id is None and moves_units:
        yield "/body/instrument_id", f"a {_said(kind)} needs an instrument"
    # a dividend may be paid in shares
    needs_gross = kind in NEEDS_GROSS or (kind is K.DIVIDEND and not body.quantity)
    if needs_gross and body.gross is None:
        yield "/body/gross", f"a {_said(kind)} needs an amount"
    if kind in {K.BUY, K.SELL} and body.gross is None and body.price is None:
        yield "/body/gross", "state an amount or a price"
    for costs, part in ((K.FEE, body.fee), (K.TAX, body.tax)):
        if kind is costs and part is None and body.gross is None:
            yield f"/body/{costs.value}", f"a {costs.value} needs an amount"
    if kind is K.FX_CONVERSION:
        for name, leg in (("gross", body.gross), ("counter", body.counter)):
            if leg is None:
                yield f"/body/{name}", "a conversion needs both its legs"


def _part_errors(body: TransactionIn) -> Errors:
    if body.currency not in CURRENCIES:
        yield "/body/currency", "is not a currency"
    named = {"gross": body.gross, "fee": body.fee, "tax": body.tax, "counter": body.counter}
    for name, part in named.items():
        if part is None:
            continue
        if part.currency not in CURRENCIES:
            yield f"/body/{name}/currency", "is not a currency"
        elif part.rate is not None and part.rate <= 0:
            yield f"/body/{name}/rate", "is above zero"
        elif name == "counter":
            continue  # it is not converted: it is cash in its own currency
        elif part.currency == body.currency and part.rate not in {None, ONE}:
            yield f"/body/{name}/rate", "is 1 for the same currency"
        elif part.currency != body.currency and part.rate is None:
            # only equal currencies have rate 1, so there is no default between two
            yield f"/body/{name}/rate", f"is needed: {body.currency} for one {part.currency}"


def _sign_errors(body: TransactionIn) -> Errors:
    gross, counter = body.gross, body.counter
    if gross is None:
        return
    if body.kind is K.BUY and gross.amount > 0:
        yield "/body/gross/amount", "what is paid is negative"
    if body.kind is K.SELL and gross.amount < 0:
        yield "/body/gross/amount", "what is received is positive"
    if body.kind is K.DEPOSIT and gross.amount <= 0:
        yield "/body/gross/amount", "a deposit is above zero"
    if body.kind is K.WITHDRAWAL and gross.amount >= 0:
        yield "/body/gross/amount", "a withdrawal is below zero"
    if body.kind is K.FX_CONVERSION and counter is not None:
        if gross.currency != body.currency:
            yield "/body/gross/currency", "is the currency of the record"
        elif counter.currency == gross.currency:
            yield "/body/counter/currency", "a conversion has two currencies"
        if gross.amount * counter.amount >= 0:
            yield "/body/counter/amount", "one leg is paid, the other received"


def _lot_errors(body: TransactionIn) -> Errors:
    closes = body.kind is K.SELL or (body.kind in CLOSING_KINDS and (body.quantity or 0) < 0)
    if (body.lot_method or body.lot_choices) and not closes:
        yield "/body/lot_choices", "only what is sold or delivered comes out of lots"
    for place, choice in enumerate(body.lot_choices):
        if choice.quantity <= 0:
            yield f"/body/lot_choices/{place}/quantity", "is above zero"
    if _units(body.lot_choices) > (body.quantity or ZERO).copy_abs():
        yield "/body/lot_choices", "name at most the units sold"


def _is_external(body: TransactionIn) -> bool:
    """Linked transfers go from one account of the tenant to another."""
    is_transfer = body.kind in {K.TRANSFER_IN, K.TRANSFER_OUT}
    return body.kind in EXTERNAL_KINDS and not (is_transfer and body.link_id is not None)


SOURCE_KINDS = frozenset({K.SPIN_OFF, K.RIGHTS, K.MERGER})
DATED_KINDS = frozenset({K.TRANSFER_IN, K.REWARD, K.ADJUSTMENT})


def _source_errors(body: TransactionIn) -> Errors:
    if body.source_instrument_id is not None and body.kind not in SOURCE_KINDS:
        yield "/body/source_instrument_id", "only spun-off units and rights come out of another"
    if body.source_instrument_id is not None and body.source_instrument_id == body.instrument_id:
        yield "/body/source_instrument_id", "is another instrument than the units received"
    if body.basis_fraction is not None:
        if body.kind not in SOURCE_KINDS:
            yield "/body/basis_fraction", "only spun-off units and rights take cost along"
        if not 0 <= body.basis_fraction <= 1:
            yield "/body/basis_fraction", "is a part: from 0 to 1"
    if body.acquired_date is not None:
        if body.kind not in DATED_KINDS:
            yield "/body/acquired_date", "only units that arrive bring a date along"
        if not OLDEST <= body.acquired_date <= body.trade_date:
            yield "/body/acquired_date", "is on or before the day the units arrived"
    if body.carried_lots and body.kind is not K.TRANSFER_IN:
        yield "/body/carried_lots", "only a transfer in brings lots along"
    yield from _carried_errors(body)


def _carried_errors(body: TransactionIn) -> Errors:
    for place, lot in enumerate(body.carried_lots):
        if lot.quantity <= 0:
            yield f"/body/carried_lots/{place}/quantity", "is above zero"
        if lot.cost is not None and lot.cost < 0:
            yield f"/body/carried_lots/{place}/cost", "is not below zero"
        if not OLDEST <= lot.acquired_date <= body.trade_date:
            yield f"/body/carried_lots/{place}/acquired_date", "is on or before the transfer"
    if body.carried_lots and _units(body.carried_lots) != (body.quantity or ZERO):
        yield "/body/carried_lots", "hold as many units as arrive"


@exact
def _units(parts: Iterable[LotChoiceIn | CarriedLotIn]) -> Decimal:
    """Together, to the last digit: a quantity may have more digits than a calculation keeps."""
    return sum((part.quantity for part in parts), ZERO)


def _said(kind: TransactionKind) -> str:
    return kind.value.replace("_", " ")
