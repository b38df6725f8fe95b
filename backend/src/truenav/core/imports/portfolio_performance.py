"""Portfolio Performance, all transactions as CSV: English or German header, net values."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import MIXED, Fields, ratio, security
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.table import Table, find_table
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "portfolio_performance_csv"
NAMES = ("date", "type", "value", "currency", "fees", "taxes", "shares", "isin", "symbol", "name")
HEADERS = (
    (
        "date", "type", "value", "transaction currency", "fees", "taxes", "shares", "isin",
        "ticker symbol", "security name",
    ),
    (
        "datum", "typ", "wert", "buchungswährung", "gebühren", "steuern", "stück", "isin",
        "ticker-symbol", "wertpapiername",
    ),
)  # fmt: skip
K, S = TransactionKind, SubKind
# (kind, sub-kind, whether money or units come in)
TYPES: dict[str, tuple[TransactionKind, SubKind | None, bool]] = {
    **dict.fromkeys(("buy", "kauf"), (K.BUY, None, False)),
    **dict.fromkeys(("sell", "verkauf"), (K.SELL, None, True)),
    **dict.fromkeys(("deposit", "einlage"), (K.DEPOSIT, None, True)),
    **dict.fromkeys(("removal", "entnahme"), (K.WITHDRAWAL, None, False)),
    **dict.fromkeys(("dividend", "dividende"), (K.DIVIDEND, None, True)),
    **dict.fromkeys(("interest", "zinsen"), (K.INTEREST, S.CASH, True)),
    **dict.fromkeys(("interest charge", "zinsbelastung"), (K.INTEREST, S.MARGIN, False)),
    **dict.fromkeys(("fees", "gebühren"), (K.FEE, None, False)),
    **dict.fromkeys(("fees refund", "gebührenerstattung"), (K.FEE, S.REFUND, True)),
    **dict.fromkeys(("taxes", "steuern"), (K.TAX, None, False)),
    **dict.fromkeys(("tax refund", "steuerrückerstattung"), (K.TAX, S.REFUND, True)),
    **dict.fromkeys(("transfer (inbound)", "umbuchung (eingang)"), (K.DEPOSIT, None, True)),
    **dict.fromkeys(("transfer (outbound)", "umbuchung (ausgang)"), (K.WITHDRAWAL, None, False)),
    **dict.fromkeys(("delivery (inbound)", "einlieferung"), (K.TRANSFER_IN, None, True)),
    **dict.fromkeys(("delivery (outbound)", "auslieferung"), (K.TRANSFER_OUT, None, False)),
}
UNITS = frozenset({K.BUY, K.SELL, K.TRANSFER_IN, K.TRANSFER_OUT})


def _find(text: str) -> Table | None:
    return next((t for t in (find_table(text, names) for names in HEADERS) if t), None)


def _drafts(printed: Fields) -> Sequence[TransactionDraft]:
    row = _named(printed)
    word = row.needed_text("type")
    kind, sub_kind, is_in = TYPES.get(word.lower(), (K.UNKNOWN, None, True))
    value = row.needed("value")
    # what comes in has no sign, what goes out has one in some versions
    net = value if kind is K.UNKNOWN else _signed(value, is_in=is_in)
    fee, tax = row.figure("fees"), row.figure("taxes")
    currency = row.currency("currency", row.context.default_currency)
    units = row.needed("shares") if kind in UNITS else None
    is_trade = kind in {K.BUY, K.SELL}
    shared: dict[str, Any] = {
        "sub_kind": sub_kind,
        "trade_date": row.day("date"),
        "currency": currency,
        "instrument": security(
            row.text("symbol", limit=60),
            currency,
            isin=row.text("isin", limit=12),
            name=row.text("name"),
        ),
        "note": row.text("note", "notiz") or word,
    }
    if units is not None and not is_trade:
        # delivered units are worth the value; no cash moves
        price = ratio(value, units) if units and kind is K.TRANSFER_IN else None
        return [row.draft(kind, quantity=units, price=price, **shared)]
    draft = row.draft(kind, net=net, fee=fee, tax=tax, quantity=units, **shared)
    if units and draft.gross is not None:
        return [replace(draft, price=ratio(draft.gross.amount, units))]
    return [draft]


def _signed(value: Decimal, *, is_in: bool) -> Decimal:
    return value.copy_abs() if is_in else value.copy_abs().copy_negate()


def _named(row: Fields) -> Fields:
    names = next(names for names in HEADERS if set(names) <= row.cells.keys())
    cells = dict(zip(NAMES, (row.cells[name] for name in names), strict=True))
    printed = {ours: row.column(theirs) for ours, theirs in zip(NAMES, names, strict=True)}
    return replace(row, cells={**row.cells, **cells}, printed=printed)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Portfolio Performance",
        required=HEADERS[0],
        drafts=_drafts,
        decimal_mark=MIXED,
        find=_find,
    )
)
