"""Every broker's file damaged, cut, re-encoded, read twice and in overlapping parts.

Whatever happens to a file, each of its rows ends somewhere with a reason, the row and the column
are named, and rows that are whole are read as before.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.core.imports.samples import broker_bytes, counts, drafts, read_as, told
from truenav.core.errors import UnreadableFile
from truenav.core.imports.identity import keyed
from truenav.core.imports.parsed import ParsedFile, ParsedRow, RowStatus
from truenav.core.imports.table import read_lines


@dataclass(frozen=True)
class Kind:
    """A sample: its currency, delimiter, and columns with a date and an amount."""

    format: str
    date: str
    amount: str
    currency: str = "USD"
    delimiter: str = ","
    encoding: str = "utf-8"


KINDS = {
    "swissquote.csv": Kind("swissquote_csv", "Date", "Net Amount", "CHF", ";"),
    "degiro_account.csv": Kind("degiro_account_csv", "Datum", "column 9", "EUR"),
    "trading212_2023.csv": Kind("trading212_csv", "Time", "Total", "EUR"),
    "trading212_2024.csv": Kind("trading212_csv", "Time", "Total", "GBP"),
    "trading212_2026.csv": Kind("trading212_csv", "Time", "Total", "GBP"),
    "vanguard_uk_cash.csv": Kind("vanguard_uk_csv", "Date", "Amount", "GBP"),
    "kraken_ledgers.csv": Kind("kraken_ledgers_csv", "time", "amount", "EUR"),
    "robinhood.csv": Kind("robinhood_csv", "Activity Date", "Amount"),
    "wealthsimple.csv": Kind("wealthsimple_csv", "transaction_date", "net_cash_amount", "CAD"),
    "thinkorswim.csv": Kind("thinkorswim_csv", "DATE", "AMOUNT"),
    "coinbase.csv": Kind("coinbase_csv", "Timestamp", "Quantity Transacted", "EUR"),
    "avanza.csv": Kind("avanza_csv", "Datum", "Belopp", "SEK", ";"),
    "xtb.csv": Kind("xtb_csv", "Time", "Amount", "EUR", ";"),
    "etoro.csv": Kind("etoro_csv", "Date", "Amount"),
    "hargreaves_lansdown.csv": Kind(
        "hargreaves_lansdown_csv", "Trade date", "Value (£)", "GBP", encoding="cp1252"
    ),
    "trade_republic.csv": Kind("trade_republic_csv", "date", "amount", "EUR"),
    "trade_republic_old.csv": Kind("trade_republic_old_csv", "Datum", "Waarde (netto)", "EUR", ";"),
    "parqet.csv": Kind("parqet_csv", "date", "amount", "EUR", ";"),
    "crypto_com.csv": Kind("crypto_com_csv", "Timestamp (UTC)", "Amount", "EUR"),
    "portfolio_performance_de.csv": Kind("portfolio_performance_csv", "Datum", "Wert", "EUR", ";"),
    "portfolio_performance_en.csv": Kind("portfolio_performance_csv", "Date", "Value", "EUR"),
}
JSON_KINDS = {
    "schwab_awards.json": Kind("schwab_awards_json", "Date", "Amount"),
    "ghostfolio_export.json": Kind("ghostfolio_json", "date", "fee"),
}
every_csv = pytest.mark.parametrize("name", KINDS)
every_json = pytest.mark.parametrize("name", JSON_KINDS)


def kind_of(name: str) -> Kind:
    """What is known of a sample."""
    return (KINDS | JSON_KINDS)[name]


def text_of(name: str) -> str:
    """The sample as text with plain line ends."""
    return broker_bytes(name).decode(kind_of(name).encoding).replace("\r\n", "\n")


def read_text(text: str, name: str) -> ParsedFile:
    """Read changed text as the sample's file."""
    return read_as(text.encode("utf-8"), kind_of(name).currency)


def failed(file: ParsedFile) -> set[int]:
    """The rows that could not be read."""
    return {row.row_number for row in file.rows if row.status is RowStatus.FAILED}


def check(file: ParsedFile) -> None:
    """What holds of every file: each row has drafts or a reason."""
    assert sum(counts(file).values()) == len(file.rows)
    for row in file.rows:
        assert bool(row.drafts) == (row.status is RowStatus.IMPORTED)
        if row.status is not RowStatus.IMPORTED:
            assert row.reason_code
            assert row.message
        if row.status is RowStatus.FAILED:
            assert f"row {row.row_number}" in (row.message or "")


def damaged(name: str, column: str, bad: str) -> tuple[ParsedFile, ParsedRow]:
    """The file with one cell of one imported row made unreadable, and that row as it is now."""
    text = text_of(name)
    lines = text.split("\n")
    for row in read_text(text, name).rows:
        cell = row.original.get(column, "")
        line = lines[row.row_number - 1]
        if row.status is RowStatus.IMPORTED and cell.strip() and cell in line:
            if column == kind_of(name).amount and line.count(cell) != 1:
                continue
            # a day can be part of another cell; a quoted one stands alone
            found = f'"{cell}"' if f'"{cell}"' in line else cell
            lines[row.row_number - 1] = line.replace(found, found.replace(cell, bad), 1)
            file = read_text("\n".join(lines), name)
            return file, next(r for r in file.rows if r.row_number == row.row_number)
    raise AssertionError("no row to damage")


@every_csv
@pytest.mark.parametrize(
    ("which", "bad", "reason"),
    [("date", "31.31.2025", "not_a_date"), ("amount", "12..5x", "not_a_number")],
)
def test_a_bad_cell_fails_its_row_alone_and_is_named(
    name: str, which: str, bad: str, reason: str
) -> None:
    whole = read_text(text_of(name), name)
    kind = kind_of(name)
    column = kind.date if which == "date" else kind.amount
    file, row = damaged(name, column, bad)
    check(file)
    assert (file.format, len(file.rows)) == (kind.format, len(whole.rows))
    assert (row.status, row.reason_code) == (RowStatus.FAILED, reason)
    assert row.column == column
    assert bad in (row.message or "")
    assert bad in row.original.values()
    assert failed(file) == failed(whole) | {row.row_number}


@every_csv
def test_a_missing_column_is_never_read_as_if_it_were_there(name: str) -> None:
    kind = kind_of(name)
    records = [list(line.cells) for line in read_lines(text_of(name), kind.delimiter)]
    header = next(i for i, cells in enumerate(records) if is_header(cells, kind))
    at = header_place(records[header], kind)
    for cells in records[header:]:
        del cells[at : at + 1]
    out = io.StringIO()
    csv.writer(out, delimiter=kind.delimiter, lineterminator="\n").writerows(records)
    try:
        file = read_text(out.getvalue(), name)
    except UnreadableFile:
        return
    if file.question is not None:
        assert file.rows == ()
        return
    check(file)
    if file.format == kind.format:
        assert failed(file)


def is_header(cells: list[str], kind: Kind) -> bool:
    """The line with the column names."""
    return kind.date in [cell.strip() for cell in cells]


def header_place(cells: list[str], kind: Kind) -> int:
    """Where the amount stands; DEGIRO's has no name."""
    names = [cell.strip() for cell in cells]
    return names.index(kind.amount) if kind.amount in names else 8


@every_csv
@pytest.mark.parametrize("part", [0.35, 0.6, 0.85])
def test_a_file_that_was_cut_off_loses_nothing_that_is_there(name: str, part: float) -> None:
    text = text_of(name)
    cut = text[: int(len(text) * part)]
    try:
        file = read_text(cut, name)
    except UnreadableFile as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        # the cut went through a quoted cell, or through all the rows
        assert any(words in refusal for words in ("never closed", "no rows", "no table"))
        return
    if file.question is not None:
        return
    check(file)
    kind = kind_of(name)
    lines = read_lines(cut, kind.delimiter)
    header = next(line.number for line in lines if is_header(list(line.cells), kind))
    filled = [line.number for line in lines if line.number > header and not line.is_blank]
    assert [row.row_number for row in file.rows] == filled


@every_csv
def test_another_encoding_gives_the_same_records(name: str) -> None:
    text = text_of(name)
    whole = told(read_text(text, name))
    currency = kind_of(name).currency
    assert told(read_as(text.encode("utf-16"), currency)) == whole
    assert told(read_as(b"\xef\xbb\xbf" + text.encode(), currency)) == whole
    as_1252 = text.encode("cp1252", errors="ignore")
    file = read_as(as_1252, currency)
    assert told(file) == whole
    if not text.isascii():
        assert "Windows-1252" in file.notices[0]


def keys_of(file: ParsedFile) -> set[str]:
    """The keys of all records."""
    return {key for _, key in keyed(drafts(file))}


@pytest.mark.parametrize("name", KINDS | JSON_KINDS)
def test_the_same_file_again_has_the_same_keys(name: str) -> None:
    once, again = (read_text(text_of(name), name) for _ in range(2))
    assert keys_of(once) == keys_of(again)
    assert len(keys_of(once)) == len(drafts(once))


@every_csv
def test_exports_that_overlap_add_only_what_is_new(name: str) -> None:
    kind = kind_of(name)
    text = text_of(name)
    lines = text.split("\n")
    whole = read_text(text, name)
    start = whole.rows[0].row_number - 1
    days: list[list[ParsedRow]] = []
    for row in whole.rows:
        day = row.original.get(kind.date, "").split("T")[0].split(" ")[0]
        is_same = days and (not day or day == day_of(days[-1][0], kind))
        if is_same:
            days[-1].append(row)
        else:
            days.append([row])
    ends = [group[-1].row_number for group in days]
    bounds = [0, *ends]
    third = len(days) // 3

    def part(first: int, last: int) -> ParsedFile:
        begin = start if first == 0 else start_of(whole, bounds[first])
        end = len(lines) if last == len(days) else start_of(whole, bounds[last])
        return read_text("\n".join([*lines[:start], *lines[begin:end], ""]), name)

    older, newer = part(third, len(days)), part(0, max(2 * third, third + 1))
    assert keys_of(older) | keys_of(newer) == keys_of(whole)
    assert keys_of(newer) - keys_of(older) == keys_of(whole) - keys_of(older)


def day_of(row: ParsedRow, kind: Kind) -> str:
    """The day a row stands under."""
    return row.original.get(kind.date, "").split("T")[0].split(" ")[0]


def start_of(file: ParsedFile, after: int) -> int:
    """The index of the line on which the row after that one begins."""
    later = [row.row_number for row in file.rows if row.row_number > after]
    return later[0] - 1 if later else after


def spoil(name: str, change: Callable[[dict[str, Any]], None]) -> ParsedFile:
    """A JSON sample with its first record changed."""
    whole = json.loads(text_of(name))
    records = whole.get("Transactions") or whole["activities"]
    change(records[0])
    return read_text(json.dumps(whole), name)


@every_json
def test_a_bad_value_in_json_fails_its_record_alone(name: str) -> None:
    kind = kind_of(name)
    for column, bad, reason in (
        (kind.date, "31.31.2025", "not_a_date"),
        (kind.amount, "12..5x", "not_a_number"),
    ):

        def change(record: dict[str, Any], column: str = column, bad: str = bad) -> None:
            record[column] = bad

        file = spoil(name, change)
        check(file)
        assert failed(file) == {1}
        assert (file.rows[0].reason_code, file.rows[0].column) == (reason, column)


@every_json
def test_json_without_a_column_or_an_end_is_refused(name: str) -> None:
    def drop(record: dict[str, Any]) -> None:
        del record[kind_of(name).date]

    with pytest.raises(UnreadableFile, match="JSON"):
        spoil(name, drop)
    with pytest.raises(UnreadableFile, match="JSON"):
        read_text(text_of(name)[:-40], name)
    with pytest.raises(UnreadableFile, match="JSON"):
        read_text("[" * 100_000, name)


@every_json
def test_json_in_another_encoding(name: str) -> None:
    text = text_of(name)
    assert told(read_as(text.encode("utf-16"), "USD")) == told(read_text(text, name))


@pytest.mark.parametrize("number", ["1e3000000", "NaN", "Infinity", "-1e999999999"])
def test_json_numbers_that_are_none_fail_their_record(number: str) -> None:
    text = text_of("ghostfolio_export.json").replace('"unitPrice": 20.25', f'"unitPrice": {number}')
    file = read_text(text, "ghostfolio_export.json")
    check(file)
    assert failed(file) == {1}
    assert file.rows[0].column == "unitPrice"
