"""Interactive Brokers Flex query in CSV: fields as in XML, in columns that a person chose."""

from truenav.core.imports.cells import date_order
from truenav.core.imports.ibkr_flex_rows import FlexReader, read_cash, read_trade
from truenav.core.imports.parsed import Context, ParsedFile
from truenav.core.imports.rows import Cells, Skip, read_table, source_accounts
from truenav.core.imports.table import Table, find_table, normalized
from truenav.core.ledger.transactions import TransactionDraft

FORMAT = "ibkr_flex_csv"
TRADES = ("tradedate", "quantity", "tradeprice", "currencyprimary")
CASH = ("type", "amount", "currencyprimary", "description")
ATTRIBUTES = [
    "accountId",
    "symbol",
    "isin",
    "cusip",
    "description",
    "listingExchange",
    "assetCategory",
    "multiplier",
    "quantity",
    "tradePrice",
    "tradeMoney",
    "proceeds",
    "taxes",
    "ibCommission",
    "ibCommissionCurrency",
    "tradeDate",
    "dateTime",
    "settleDate",
    "settleDateTarget",
    "reportDate",
    "tradeID",
    "transactionID",
    "buySell",
    "openCloseIndicator",
    "notes",
    "levelOfDetail",
    "type",
    "amount",
]
# Names that are not just the attribute in other letters.
COLUMNS = {
    **{name.lower(): name for name in ATTRIBUTES},
    "assetclass": "assetCategory",
    "buy/sell": "buySell",
    "clientaccountid": "accountId",
    "currencyprimary": "currency",
    "date/time": "dateTime",
    "notes/codes": "notes",
    "open/closeindicator": "openCloseIndicator",
}
DATES = ("tradedate", "date/time", "settledate", "settledatetarget", "reportdate")


def read(text: str, encoding: str, notices: tuple[str, ...], context: Context) -> ParsedFile | None:
    """Read a Flex query of trades or of cash transactions in CSV; None when it is neither."""
    table, reader = find_table(text, TRADES), read_trade
    if table is None:
        table, reader = find_table(text, CASH), read_cash
    if table is None:
        return None
    return _read(table, reader, encoding, notices, context)


def _read(
    table: Table,
    reader: FlexReader,
    encoding: str,
    notices: tuple[str, ...],
    context: Context,
) -> ParsedFile:
    order, is_proven = date_order(
        [cell for name in table.header if normalized(name) in DATES for cell in table.column(name)]
    )
    chosen = Context(
        today=context.today,
        default_currency=context.default_currency,
        date_order=order if is_proven else "ymd",
    )
    has_executions = any(
        cell == "EXECUTION"
        for name in table.header
        if normalized(name) == "levelofdetail"
        for cell in table.column(name)
    )

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> list[TransactionDraft]:
        row = {COLUMNS.get(name, name): value.strip() for name, value in cells.items()}
        if row.get("currency") == "CurrencyPrimary":
            raise Skip("header", "the header again: several queries in one file")
        level = row.get("levelOfDetail", "")
        if has_executions and level != "EXECUTION":
            raise Skip("detail_level", f"a line of level {level}; executions are counted")
        return list(reader(number, row, original, chosen))

    rows = read_table(table, drafts)
    return ParsedFile(
        format=FORMAT,
        broker="Interactive Brokers",
        encoding=encoding,
        notices=notices,
        header=table.header,
        rows=tuple(rows),
        source_accounts=source_accounts(rows),
    )
