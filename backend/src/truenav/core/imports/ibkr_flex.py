"""Interactive Brokers Flex query in XML: every attribute is optional, every element may repeat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from truenav.core.errors import UnreadableFile
from truenav.core.imports.cells import read_currency, read_date, read_number, read_text
from truenav.core.imports.ibkr_activity import corporate_action
from truenav.core.imports.parsed import Context, ParsedFile, ParsedRow, RowStatus
from truenav.core.imports.rows import Skip, as_cost, gross_part, part, read_row
from truenav.core.ledger.transactions import (
    AssetClass,
    CashPart,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "ibkr_flex_xml"
K, S = TransactionKind, SubKind
ASSET_CLASSES = {
    "STK": AssetClass.EQUITY,
    "FUND": AssetClass.FUND,
    "BOND": AssetClass.BOND,
    "BILL": AssetClass.BOND,
    "OPT": AssetClass.OPTION,
    "FOP": AssetClass.OPTION,
    "CRYPTO": AssetClass.CRYPTO,
}
CASH_TYPES: dict[str, tuple[TransactionKind, SubKind | None]] = {
    "Dividends": (K.DIVIDEND, None),
    "Payment In Lieu Of Dividends": (K.DIVIDEND, S.IN_LIEU),
    "Withholding Tax": (K.TAX, S.WITHHOLDING),
    "871(m) Withholding": (K.TAX, S.WITHHOLDING),
    "Broker Interest Received": (K.INTEREST, S.CASH),
    "Broker Interest Paid": (K.INTEREST, S.MARGIN),
    "Bond Interest Received": (K.INTEREST, S.BOND),
    "Bond Interest Paid": (K.INTEREST, S.BOND),
    "Other Fees": (K.FEE, None),
    "Broker Fees": (K.FEE, None),
    "Advisor Fees": (K.FEE, S.ADVISORY),
    "Commission Adjustments": (K.FEE, S.COMMISSION),
    "Deposits/Withdrawals": (K.DEPOSIT, None),
    "Deposits & Withdrawals": (K.DEPOSIT, None),
}
Row = Mapping[str, str]


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a FlexQueryResponse; None when the text is not one.

    Raises:
        UnreadableFile: broken XML, or XML that declares entities or a document type.
    """
    start = text.lstrip()[:400]
    if not start.startswith("<") or "<FlexQueryResponse" not in text[:4000]:
        return None
    try:
        root = ElementTree.fromstring(text.encode("utf-8"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile("the XML declares entities or a document type; refused") from error
    except ElementTree.ParseError as error:
        raise UnreadableFile(f"the XML is broken: {error}") from error
    rows: list[ParsedRow] = []
    number = 0
    for statement in root.iter("FlexStatement"):
        base = _base_currency(statement) or context.default_currency
        of_statement = replace(context, default_currency=base)
        detailed = _has_detail(statement)
        for element in statement.iter():
            reader = READERS.get(element.tag)
            if reader is None:
                continue
            number += 1
            original = {name: value for name, value in element.attrib.items() if value}
            original = {"Element": str(element.tag), **original}
            if original.get("levelOfDetail") == "SUMMARY" and element.tag in detailed:
                rows.append(_skipped(number, original))
                continue
            rows.append(read_row(number, original, _bound(reader, of_statement)))
    accounts = {d.source_account for row in rows for d in row.drafts if d.source_account}
    return ParsedFile(
        format=FORMAT,
        broker="Interactive Brokers",
        encoding=encoding,
        notices=notices,
        header=("Element",),
        rows=tuple(rows),
        source_accounts=tuple(sorted(accounts)),
    )


def _bound(
    reader: Callable[[int, Row, Context], Sequence[TransactionDraft]], context: Context
) -> Callable[[int, Row], Sequence[TransactionDraft]]:
    def run(number: int, row: Row) -> Sequence[TransactionDraft]:
        return reader(number, row, context)

    return run


def _skipped(number: int, original: Row) -> ParsedRow:
    return ParsedRow(
        row_number=number,
        status=RowStatus.SKIPPED,
        reason_code="summary",
        message="a summary of rows that are listed in detail",
        original=original,
    )


def _base_currency(statement: "Element") -> str | None:
    information = statement.find("AccountInformation")
    if information is None or not information.get("currency"):
        return None
    return read_currency(information.get("currency"), "currency", "USD")


def _has_detail(statement: "Element") -> set[str]:
    """Element names that appear in detail, so that their summaries are not counted again."""
    return {
        str(element.tag)
        for element in statement.iter()
        if element.get("levelOfDetail") in {"DETAIL", "EXECUTION"}
    }


def _instrument(row: Row, currency: str) -> InstrumentRef | None:
    symbol = read_text(row.get("symbol"), 60)
    isin = read_text(row.get("isin"), 12)
    if symbol is None and isin is None:
        return None
    return InstrumentRef(
        symbol=symbol,
        isin=isin,
        cusip=read_text(row.get("cusip"), 9),
        name=read_text(row.get("description")),
        exchange=read_text(row.get("listingExchange"), 20),
        currency=currency,
        asset_class=ASSET_CLASSES.get(row.get("assetCategory", ""), AssetClass.OTHER),
    )


def _trade(number: int, row: Row, context: Context) -> list[TransactionDraft]:
    level = row.get("levelOfDetail", "EXECUTION")
    if level not in {"EXECUTION", "DETAIL", ""}:
        raise Skip("detail_level", f"a line of level {level}; executions are counted")
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    quantity = read_number(row.get("quantity"), "quantity")
    if not quantity:
        raise Skip("no_quantity", "a trade without a quantity")
    day = read_date(row.get("tradeDate") or row.get("dateTime"), "tradeDate", "ymd", context.today)
    proceeds = read_number(row.get("proceeds"), "proceeds")
    commission = read_number(row.get("ibCommission"), "ibCommission")
    taxes = read_number(row.get("taxes"), "taxes")
    fee_currency = read_currency(row.get("ibCommissionCurrency"), "ibCommissionCurrency", currency)
    draft = TransactionDraft(
        row_number=number,
        kind=K.BUY if quantity > 0 else K.SELL,
        trade_date=day,
        settlement_date=_settlement(row),
        currency=currency,
        gross=gross_part(proceeds, currency),
        fee=part(-commission if commission else None, fee_currency),
        tax=part(-taxes if taxes else None, currency),
        broker_reference=read_text(row.get("tradeID"), 60) or read_text(row.get("transactionID")),
        source_account=read_text(row.get("accountId"), 40),
        original=dict(row),
    )
    if row.get("assetCategory") == "CASH":
        return _conversion(draft, row, quantity)
    option = row.get("assetCategory") in {"OPT", "FOP"}
    sub_kind = None
    if option:
        sub_kind = S.TO_OPEN if "O" in row.get("openCloseIndicator", "") else S.TO_CLOSE
    price = read_number(row.get("tradePrice"), "tradePrice")
    traded = replace(
        draft,
        sub_kind=sub_kind,
        instrument=_instrument(row, currency),
        quantity=quantity,
        price=abs(price) if price is not None else None,
        multiplier=read_number(row.get("multiplier"), "multiplier") or Decimal(1),
    )
    return _own_currency(traded)


def _conversion(draft: TransactionDraft, row: Row, quantity: Decimal) -> list[TransactionDraft]:
    base = read_currency(row.get("symbol", "").partition(".")[0], "symbol", draft.currency)
    converted = replace(
        draft, kind=K.FX_CONVERSION, counter=CashPart(amount=quantity, currency=base)
    )
    return _own_currency(converted)


def _own_currency(draft: TransactionDraft) -> list[TransactionDraft]:
    """A commission in another currency than the trade's is a fee of its own: no rate is stated."""
    if draft.fee is None or draft.fee.currency == draft.currency:
        return [draft]
    fee = replace(
        draft,
        kind=K.FEE,
        sub_kind=S.COMMISSION,
        quantity=None,
        price=None,
        multiplier=Decimal(1),
        currency=draft.fee.currency,
        gross=None,
        tax=None,
        counter=None,
        broker_reference=f"{draft.broker_reference}-fee" if draft.broker_reference else None,
    )
    return [replace(draft, fee=None), fee]


def _settlement(row: Row) -> date | None:
    cell = row.get("settleDateTarget")
    return (
        read_date(cell, "settleDateTarget", "ymd", date.max - timedelta(days=2)) if cell else None
    )


def _cash(number: int, row: Row, context: Context) -> list[TransactionDraft]:
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    kind, sub_kind = CASH_TYPES.get(row.get("type", ""), (K.UNKNOWN, None))
    amount = read_number(row.get("amount"), "amount")
    description = read_text(row.get("description"))
    if kind is K.DEPOSIT and (amount or 0) < 0:
        kind = K.WITHDRAWAL
    if kind is K.DIVIDEND and "return of capital" in (description or "").lower():
        kind, sub_kind = K.RETURN_OF_CAPITAL, None
    column = next((c for c in ("dateTime", "settleDate", "reportDate") if row.get(c)), "dateTime")
    draft = TransactionDraft(
        row_number=number,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=read_date(row.get(column), column, "ymd", context.today),
        instrument=_instrument(row, currency),
        currency=currency,
        gross=gross_part(amount, currency),
        broker_reference=read_text(row.get("transactionID"), 60),
        note=description,
        source_account=read_text(row.get("accountId"), 40),
        original=dict(row),
    )
    return [as_cost(draft)]


def _corporate_action(number: int, row: Row, context: Context) -> list[TransactionDraft]:
    currency = read_currency(row.get("currency"), "currency", context.default_currency)
    description = read_text(row.get("description")) or ""
    quantity = read_number(row.get("quantity"), "quantity")
    proceeds = read_number(row.get("proceeds"), "proceeds")
    kind, sub_kind, ratio = corporate_action(description, quantity)
    if kind is K.SPLIT and row.get("symbol", "").endswith(".OLD"):
        raise Skip("paired", "the old shares of a split; the new ones carry it")
    column = "dateTime" if row.get("dateTime") else "reportDate"
    return [
        TransactionDraft(
            row_number=number,
            kind=kind,
            sub_kind=sub_kind,
            trade_date=read_date(row.get(column), column, "ymd", context.today),
            instrument=_instrument(row, currency),
            quantity=None if ratio is not None else quantity,
            ratio=ratio,
            currency=currency,
            gross=gross_part(proceeds or None, currency),
            broker_reference=read_text(row.get("transactionID"), 60),
            note=description or None,
            source_account=read_text(row.get("accountId"), 40),
            original=dict(row),
        )
    ]


READERS: dict[str, Callable[[int, Row, Context], Sequence[TransactionDraft]]] = {
    "Trade": _trade,
    "CashTransaction": _cash,
    "CorporateAction": _corporate_action,
}
