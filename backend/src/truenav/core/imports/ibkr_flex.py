"""Interactive Brokers Flex query in XML: every attribute is optional, every element may repeat.

A row's number counts the elements that are read, not lines: such files are often one line long.
"""

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from truenav.core.errors import UnreadableFile
from truenav.core.imports.cells import date_order
from truenav.core.imports.ibkr_flex_rows import (
    FlexReader,
    read_cash,
    read_corporate_action,
    read_trade,
    read_transfer,
)
from truenav.core.imports.ibkr_words import base_currency, pair_splits
from truenav.core.imports.parsed import Context, ParsedFile, ParsedRow
from truenav.core.imports.rows import Cells, read_row, skipped, source_accounts
from truenav.core.ledger.transactions import TransactionDraft

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FORMAT = "ibkr_flex_xml"
READERS: dict[str, FlexReader] = {
    "Trade": read_trade,
    "Order": read_trade,
    "CashTransaction": read_cash,
    "CorporateAction": read_corporate_action,
    "Transfer": read_transfer,
}
DETAIL_LEVELS = frozenset({"DETAIL", "EXECUTION"})
DATE_ATTRIBUTES = ("tradeDate", "dateTime", "reportDate", "settleDate", "settleDateTarget", "date")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
MAX_UNREAD_NAMED = 8
# A tag costs a hundred times its characters once it is an element; exports have far fewer.
MAX_TAGS = 1_000_000


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a FlexQueryResponse; None when the text is not one.

    Raises:
        UnreadableFile: XML that is broken or too large, or that declares entities or a type.
    """
    if text.lstrip()[:1] != "<" or "<FlexQueryResponse" not in text[:4000]:
        return None
    root = _parsed(text)
    rows: list[ParsedRow] = []
    unread: Counter[str] = Counter()
    for statement in root.iter("FlexStatement"):
        rows.extend(_statement_rows(statement, context, len(rows), unread))
    named = [f"{count} {tag[:40]}" for tag, count in unread.most_common(MAX_UNREAD_NAMED)]
    if named:
        notices = (*notices, "elements that are not transactions: " + ", ".join(named))
    return ParsedFile(
        format=FORMAT,
        broker="Interactive Brokers",
        encoding=encoding,
        notices=notices,
        header=("Element",),
        rows=tuple(pair_splits(rows)),
        source_accounts=source_accounts(rows),
    )


def _parsed(text: str) -> "Element":
    if text.count("<") > MAX_TAGS:
        raise UnreadableFile(f"the XML has more than {MAX_TAGS} tags; split the query")
    # the text is decoded already; what it declares about its bytes no longer holds
    plain = _DECLARATION.sub("", text, count=1)
    try:
        return ElementTree.fromstring(plain.encode("utf-8"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile("the XML declares entities or a document type; refused") from error
    except ElementTree.ParseError as error:
        raise UnreadableFile(f"the XML is broken: {error}") from error


def _statement_rows(
    statement: "Element", context: Context, count: int, unread: Counter[str]
) -> list[ParsedRow]:
    information = statement.find("AccountInformation")
    stated = information.get("currency") if information is not None else None
    context = replace(
        context,
        default_currency=base_currency(stated) or context.default_currency,
        date_order=_date_order(statement),
    )
    detailed = {e.tag for e in statement.iter() if e.get("levelOfDetail") in DETAIL_LEVELS}
    rows: list[ParsedRow] = []
    for element in statement.iter():
        tag = str(element.tag)
        reader = READERS.get(tag)
        if reader is None:
            if element.attrib and element is not statement and element is not information:
                unread[tag] += 1
            continue
        filled = {name: value for name, value in element.attrib.items() if value}
        original = {"Element": tag, **filled}
        number = count + len(rows) + 1
        reason = _why_counted_elsewhere(tag, original, detailed)
        if reason is not None:
            rows.append(skipped(number, original, *reason))
        else:
            rows.append(read_row(number, original, original, partial(_read, reader, context)))
    return rows


def _read(
    reader: FlexReader, context: Context, number: int, cells: Cells, original: dict[str, str]
) -> list[TransactionDraft]:
    return list(reader(number, cells, original, context))


def _why_counted_elsewhere(tag: str, row: Cells, detailed: set[str]) -> tuple[str, str] | None:
    """Totals and orders repeat what executions and details say; where only they are, they count."""
    level = row.get("levelOfDetail", "")
    if tag == "Order" and "Trade" in detailed:
        return "detail_level", "an order whose executions are listed"
    if tag in {"Trade", "Order"} and level not in {"EXECUTION", "DETAIL", "ORDER", ""}:
        return "detail_level", f"a line of level {level}; executions are counted"
    if level in {"SUMMARY", "ORDER"} and tag in detailed:
        return "summary", "a summary of rows that are listed in detail"
    return None


def _date_order(statement: "Element") -> str:
    """The person chose the date format of the query; unproven ones are refused row by row."""
    cells = {element.get(name, "") for element in statement.iter() for name in DATE_ATTRIBUTES}
    order, is_proven = date_order(sorted(cells))
    return order if is_proven else "ymd"
