"""What the columns and words of an unknown CSV mean, as far as its own header and cells tell."""

import re

from truenav.core.imports.cells import date_order, is_none
from truenav.core.imports.parsed import ColumnMapping
from truenav.core.imports.table import Table, normalized
from truenav.core.ledger.transactions import TransactionKind

K = TransactionKind
# English first, then what German, French, Italian, Spanish, Dutch and Swedish exports say.
ALIASES: dict[str, tuple[str, ...]] = {
    "date": (
        "trade date", "tradedate", "trade_date", "transaction date", "transaction_date", "date",
        "datetime", "activity date", "time", "timestamp", "datum", "handelsdatum",
        "date d'opération", "data", "fecha", "transactiedatum",
    ),
    "kind": (
        "type", "kind", "action", "activity type", "activitytype", "activity_type", "trans code",
        "transaction type", "transaction", "side", "buy/sell", "typ", "art", "transaktionstyp",
        "typ av transaktion", "tipo", "soort",
    ),
    "symbol": (
        "symbol", "ticker", "ticker symbol", "code", "instrument", "identifier", "tickersymbol",
        "symbole", "simbolo", "símbolo",
    ),
    "isin": ("isin",),
    "name": (
        "name", "security name", "holdingname", "description", "product", "wertpapiername",
        "bezeichnung", "libellé", "nome", "nombre", "naam", "värdepapper/beskrivning",
    ),
    "quantity": (
        "quantity", "shares", "units", "qty", "no. of shares", "stück", "anzahl", "quantité",
        "quantità", "cantidad", "aantal", "antal",
    ),
    "price": (
        "price", "unit price", "unitprice", "unit_price", "price per share", "price / share",
        "quote", "kurs", "prix", "prezzo", "precio", "koers",
    ),
    "amount": (
        "amount", "net amount", "net_amount", "net_cash_amount", "total amount", "total", "value",
        "betrag", "wert", "montant", "importo", "importe", "bedrag", "belopp",
    ),
    "fee": (
        "fee", "fees", "commission", "costs", "gebühr", "gebühren", "frais", "commissioni",
        "comisión", "kosten", "courtage",
    ),
    "tax": ("tax", "taxes", "withholding tax", "steuer", "steuern", "taxe", "tasse"),
    "currency": (
        "currency", "ccy", "transaction currency", "currencyprimary", "währung", "buchungswährung",
        "devise", "valuta", "divisa", "moneda", "transaktionsvaluta",
    ),
    "account": ("account", "account number", "account id", "accountid", "account_id", "konto"),
    "note": ("note", "notes", "comment", "notiz", "memo"),
    "reference": ("id", "transaction id", "transaction_id", "txid", "reference"),
}  # fmt: skip
# A reversal is made by taking a record back, never by a file.
MAPPABLE_KINDS = frozenset(K) - {K.REVERSAL}
_BY_VALUE = {kind.value: kind for kind in K if kind in MAPPABLE_KINDS - {K.UNKNOWN}}
KIND_WORDS: dict[str, TransactionKind] = {
    **_BY_VALUE,
    **{value.replace("_", " "): kind for value, kind in _BY_VALUE.items()},
    "b": K.BUY,
    "bought": K.BUY,
    "buy to cover": K.BUY,
    "kauf": K.BUY,
    "achat": K.BUY,
    "acquisto": K.BUY,
    "compra": K.BUY,
    "limit buy": K.BUY,
    "market buy": K.BUY,
    "purchase": K.BUY,
    "aankoop": K.BUY,
    "köp": K.BUY,
    "s": K.SELL,
    "limit sell": K.SELL,
    "market sell": K.SELL,
    "sale": K.SELL,
    "sell short": K.SELL,
    "sold": K.SELL,
    "verkauf": K.SELL,
    "vente": K.SELL,
    "vendita": K.SELL,
    "venta": K.SELL,
    "verkoop": K.SELL,
    "sälj": K.SELL,
    "cash dividend": K.DIVIDEND,
    "distribution": K.DIVIDEND,
    "div": K.DIVIDEND,
    "dividende": K.DIVIDEND,
    "dividendo": K.DIVIDEND,
    "dividends": K.DIVIDEND,
    "utdelning": K.DIVIDEND,
    "interests": K.INTEREST,
    "interest on cash": K.INTEREST,
    "zinsen": K.INTEREST,
    "fees": K.FEE,
    "gebühren": K.FEE,
    "taxes": K.TAX,
    "withholding tax": K.TAX,
    "steuern": K.TAX,
    "contribution": K.DEPOSIT,
    "einlage": K.DEPOSIT,
    "insättning": K.DEPOSIT,
    "removal": K.WITHDRAWAL,
    "entnahme": K.WITHDRAWAL,
    "uttag": K.WITHDRAWAL,
    "stock split": K.SPLIT,
    "delivery (inbound)": K.TRANSFER_IN,
    "transferin": K.TRANSFER_IN,
    "delivery (outbound)": K.TRANSFER_OUT,
    "transferout": K.TRANSFER_OUT,
    "credit": K.ADJUSTMENT,
}
NEEDED = ("date", "kind")
NUMBERS = ("quantity", "price", "amount", "fee", "tax")
_NOT_OF_A_NUMBER = re.compile(r"[^0-9.,]")


def suggest(table: Table, default_currency: str) -> tuple[ColumnMapping, list[str]]:
    """The mapping the header suggests, and what keeps it from being used as it is."""
    by_name = {normalized(name): name for name in reversed(table.header)}
    columns: dict[str, str] = {}
    for field, aliases in ALIASES.items():
        taken = set(columns.values())
        named = (by_name[alias] for alias in aliases if alias in by_name)
        found = next((name for name in named if name not in taken), None)
        if found is not None:
            columns[field] = found
    problems = [f"no column was recognized as the {need}" for need in NEEDED if need not in columns]
    if "amount" not in columns and not {"quantity", "price"} <= columns.keys():
        problems.append("neither an amount nor quantity and price were recognized")
    words = unknown_words(table, columns.get("kind"))
    if words:
        problems.append(
            "unknown words in the kind column: " + ", ".join(word[:40] for word in words[:8])
        )
    order, is_certain = (
        date_order(table.column(columns["date"])) if "date" in columns else ("", True)
    )
    if not is_certain:
        problems.append("day and month cannot be told apart in the date column")
    mark, is_certain = decimal_mark(table, columns)
    if not is_certain:
        problems.append("the decimal mark cannot be told from the numbers")
    currencies = _currency_columns(table)
    if len(currencies) > 1:
        problems.append("several columns name a currency: " + ", ".join(currencies[:8]))
    mapping = ColumnMapping(
        columns=columns,
        date_order=order or None,
        decimal_mark=mark,
        default_currency=default_currency,
    )
    return mapping, problems


def _currency_columns(table: Table) -> list[str]:
    """Filled columns that name a currency; with two, which amount is in which is not for us."""
    return [
        name
        for name in table.header
        if any(word in name.lower() for word in ("currency", "währung", "devise", "valuta"))
        and not all(is_none(cell) for cell in table.column(name))
        and all(cell.strip().isalpha() or is_none(cell) for cell in table.column(name))
    ]


def unknown_words(table: Table, column: str | None) -> list[str]:
    """The words of the kind column that mean no kind to us."""
    if column is None:
        return []
    words = {normalized(cell) for cell in table.column(column)}
    return sorted(word for word in words if word and word not in KIND_WORDS)


def decimal_mark(table: Table, columns: dict[str, str]) -> tuple[str, bool]:
    """Evidence of all numbers: the last of two marks is decimal; "1,234" alone proves nothing.

    Returns:
        ("." | ",", whether it is proven).
    """
    votes: set[str] = set()
    is_open = False
    for field in NUMBERS:
        for cell in table.column(columns[field]) if field in columns else ():
            mark = _mark_proven_by(_NOT_OF_A_NUMBER.sub("", cell))
            if mark:
                votes.add(mark)
            is_open = is_open or "," in cell
    if len(votes) == 1:
        return votes.pop(), True
    return ".", not votes and not is_open


def _mark_proven_by(digits: str) -> str | None:
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    last = max(dot, comma)
    if last < 0:
        return None
    mark = digits[last]
    if digits.count(mark) > 1:
        return "," if mark == "." else "."  # 1.234.567 groups by points
    is_group = len(digits) - last - 1 == 3 and 0 < last <= 3
    return None if is_group else mark
