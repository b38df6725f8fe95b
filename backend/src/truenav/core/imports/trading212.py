"""Trading 212: columns are added every year, so everything is found by its name."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.cells import read_unit
from truenav.core.imports.fields import (
    Fields,
    added,
    price_in_cash,
    ratio,
    security,
)
from truenav.core.imports.pairing import join_split_legs
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import (
    CashPart,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact, quantize

FORMAT = "trading212_csv"
REQUIRED = ("action", "time", "isin", "ticker", "no. of shares", "price / share")
K, S = TransactionKind, SubKind
ONE = Decimal(1)
FEES = ("transaction fee", "finra fee", "currency conversion fee", "ptm levy")
TAXES = ("stamp duty reserve tax", "stamp duty", "french transaction tax")
WORDS: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "deposit": (K.DEPOSIT, None),
    "withdrawal": (K.WITHDRAWAL, None),
    "interest on cash": (K.INTEREST, S.CASH),
    "lending interest": (K.INTEREST, S.LENDING),
    "share lending interest": (K.INTEREST, S.LENDING),
    "result adjustment": (K.ADJUSTMENT, S.CASH),
    "spending cashback": (K.ADJUSTMENT, S.CASH),
    "card debit": (K.WITHDRAWAL, None),
    "card credit": (K.DEPOSIT, None),
    "new card cost": (K.FEE, None),
    "currency conversion": (K.FX_CONVERSION, None),
    "stock distribution": (K.SPIN_OFF, None),
    "stock split open": (K.SPLIT, None),
    "stock split close": (K.SPLIT, None),
    "transfer in": (K.TRANSFER_IN, None),
    "transfer out": (K.TRANSFER_OUT, None),
}
_ORDER_ID = re.compile(r"EOF\d+", re.ASCII)
_TOTAL_IN = re.compile(r"total \((\w{3})\)")


def _drafts(printed: Fields) -> Sequence[TransactionDraft]:
    row = _moved_back(printed)
    action = row.needed_text("action")
    kind, sub_kind = _kind(action.lower())
    currency, total = _total(row)
    shared: dict[str, Any] = {
        "trade_date": row.day("time"),
        "currency": currency,
        "sub_kind": sub_kind,
        "broker_reference": row.text("id", limit=60),
        "note": row.text("notes") or action,
    }
    if kind is K.FX_CONVERSION:
        return [_conversion(row, shared)]
    price_unit = row.cells.get("currency (price / share)")
    priced_in, _ = read_unit(price_unit, "Currency (Price / share)", currency)
    shared["instrument"] = security(
        row.text("ticker", limit=60),
        priced_in,
        isin=row.text("isin", limit=12),
        name=row.text("name"),
    )
    if kind in {K.BUY, K.SELL}:
        return [_trade(row, kind, total, shared)]
    if kind in {K.SPLIT, K.SPIN_OFF, K.TRANSFER_IN, K.TRANSFER_OUT}:
        # the total is what the units are worth; no cash moves
        units = row.needed("no. of shares")
        if action.lower() == "stock split close":
            units = units.copy_negate()
        return [row.draft(kind, quantity=units, **shared)]
    tax = row.figure("withholding tax")
    is_same = row.text("currency (withholding tax)") == currency
    if tax and not is_same:
        shared["note"] = f"{action}; withheld {tax:f} {row.text('currency (withholding tax)')}"
    return [row.draft(kind, net=total, tax=tax if is_same else None, **shared)]


def _kind(action: str) -> tuple[TransactionKind, SubKind | None]:
    """Tell "Market buy", "Limit sell", "Dividend (Return of capital)": by a part of the words."""
    if action.endswith(" buy"):
        return K.BUY, None
    if action.endswith(" sell"):
        return K.SELL, None
    if action.startswith("dividend"):
        return (K.RETURN_OF_CAPITAL if "return of capital" in action else K.DIVIDEND), None
    return WORDS.get(action, (K.UNKNOWN, None))


def _total(row: Fields) -> tuple[str, Decimal | None]:
    """(currency, what moved): "Total" with its own column, or "Total (GBP)" of older files."""
    for name in row.cells:
        match = _TOTAL_IN.fullmatch(name)
        if match is not None:
            return match[1].upper(), row.figure(name)
    return row.currency("currency (total)", row.context.default_currency), row.figure("total")


def _trade(
    row: Fields, kind: TransactionKind, total: Decimal | None, shared: dict[str, Any]
) -> TransactionDraft:
    currency = shared["currency"]
    units, net = row.needed("no. of shares"), total if total is not None else row.needed("total")
    unit = row.text("currency (price / share)") or currency
    has_rate = row.text("exchange rate") != "Not available"
    rate = row.figure("exchange rate") if has_rate else None
    # units of the price's currency for one of the account's; for GBX it holds the hundred too
    per_price = ratio(ONE, rate) if rate else read_unit(unit, "Currency", currency)[1]
    draft = row.draft(
        kind,
        net=net.copy_abs().copy_negate() if kind is K.BUY else net.copy_abs(),
        fee=_costs(row, FEES, currency, (unit, per_price)),
        tax=_costs(row, TAXES, currency, (unit, per_price)),
        quantity=units,
        **shared,
    )
    gross = draft.gross.amount if draft.gross is not None else None
    price = row.figure("price / share")
    if unit == currency:
        return replace(draft, price=price)
    return replace(draft, price=price_in_cash(units, price, per_price, gross))


@exact
def _costs(
    row: Fields, names: Sequence[str], currency: str, priced: tuple[str, Decimal]
) -> Decimal | None:
    """Costs in the account's currency; each is rounded to its minor unit as the broker does."""
    found: Decimal | None = None
    for name in names:
        cost = row.figure(name, f"{name} ({currency.lower()})")  # older files name it there
        if not cost:
            continue
        unit = row.text(f"currency ({name})") or currency
        factor = ONE if unit == currency else priced[1] if unit == priced[0] else None
        if factor is not None:
            found = added(found, quantize((cost * factor).copy_abs(), currency))
    return found


def _conversion(row: Fields, shared: dict[str, Any]) -> TransactionDraft:
    sold = "currency conversion from amount"
    bought = "currency conversion to amount"
    paid, received = row.needed(sold).copy_abs(), row.needed(bought).copy_abs()
    default = row.context.default_currency
    more = {**shared, "currency": row.currency(f"currency ({sold})", default)}
    counter = CashPart(amount=received, currency=row.currency(f"currency ({bought})", default))
    return row.draft(
        K.FX_CONVERSION,
        net=paid.copy_negate(),
        counter=counter,
        **more,
    )


def _moved_back(row: Fields) -> Fields:
    """Rows of a newer layout below an older header: notes and id come before the units."""
    if not _ORDER_ID.fullmatch((row.cells.get("price / share") or "").strip()):
        return row
    names = list(row.cells)
    at = names.index("no. of shares")
    rest = [name for name in names[at:] if name not in {"notes", "id"}]
    order = [*names[:at], "notes", "id", *rest]
    cells = dict(zip(order, row.cells.values(), strict=False))
    return replace(row, cells=cells)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Trading 212",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
        pairing=join_split_legs,
    )
)
