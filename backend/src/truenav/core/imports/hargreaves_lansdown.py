"""Hargreaves Lansdown: five lines of title, Latin-1 pound signs, unit cost in pence."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, product, security
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind
from truenav.core.money import exact, quantize

FORMAT = "hargreaves_lansdown_csv"
REQUIRED = (
    "trade date",
    "settle date",
    "reference",
    "description",
    "unit cost (p)",
    "quantity",
    "value (£)",
)
K, S = TransactionKind, SubKind
CURRENCY = "GBP"
PENNY = Decimal("0.01")
# Dealing costs at most this, and the duty and levy on shares this part of the value.
DEALING, LEVIES = Decimal(12), Decimal("0.0151")
_TRADED = re.compile(r"(?P<name>.+?) [\d.,]+ @\s+[\d.,]+", re.ASCII)
WORDS: tuple[tuple[str, TransactionKind, SubKind | None], ...] = (
    ("MANAGE FEE", K.FEE, S.CUSTODY),
    ("INTEREST", K.INTEREST, S.CASH),
    ("LOYALTY", K.ADJUSTMENT, S.CASH),
    ("DIV", K.DIVIDEND, None),
)
CASH_REFERENCES = frozenset(
    {"FPC", "FPD", "CARD WEB", "CARD", "BACS", "CHAPS", "DD", "D/DEBIT", "TRANSFER", "CASH"}
)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    reference, text = row.needed_text("reference"), row.text("description") or ""
    net, pence = row.needed("value (£)"), row.figure("unit cost (p)")
    shared: dict[str, Any] = {
        "trade_date": row.day("trade date"),
        "settlement_date": row.settles("settle date"),
        "currency": CURRENCY,
        "net": net,
        "note": f"{reference}: {text}",
    }
    if pence is None:
        kind, sub_kind = _kind(reference.upper(), net)
        named = security(None, CURRENCY, name=text or None) if kind is K.DIVIDEND else None
        return [row.draft(kind, sub_kind=sub_kind, instrument=named, **shared)]
    traded = _TRADED.fullmatch(text)
    units, price = row.needed("quantity"), product(pence, PENNY)
    return [
        row.draft(
            K.BUY if net < 0 else K.SELL,
            fee=_costs(units, price, net),
            instrument=security(None, CURRENCY, name=traded["name"] if traded else text),
            quantity=units,
            price=price,
            broker_reference=reference,
            **shared,
        )
    ]


@exact
def _costs(units: Decimal, price: Decimal, net: Decimal) -> Decimal | None:
    """Dealing charge and duty: what the value differs by from units * price.

    None when the difference is no cost there could be; the row is then flagged.
    """
    value = quantize(abs(units) * price, CURRENCY)
    costs = -net - value if net < 0 else value - net
    return costs if 0 <= costs <= DEALING + value * LEVIES else None


def _kind(reference: str, net: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if reference in CASH_REFERENCES:
        return (K.DEPOSIT if net >= 0 else K.WITHDRAWAL), None
    found = ((kind, sub) for start, kind, sub in WORDS if start in reference)
    return next(found, (K.UNKNOWN, None))


read = reader_of(
    Profile(format=FORMAT, broker="Hargreaves Lansdown", required=REQUIRED, drafts=_drafts)
)
