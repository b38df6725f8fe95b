"""Files that are not what they should be: said clearly, nothing half imported, still answering."""

import gzip
import io
import zipfile
import zlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.importing import (
    FILES,
    IMPORTS,
    a_symbol,
    counts,
    import_file,
    listed,
    look,
    positions,
    preview,
    problem,
    rows_of,
    schwab,
    step,
    stored,
)
from tests.features.ledgering import get
from truenav.core.imports.decoding import MAX_BYTES

NOTHING = {"transactions": 0, "import_rows": 0, "lots": 0, "positions": 0, "cash_balances": 0}
MB = 1024 * 1024
HEADER = "date,type,symbol,name,quantity,price,amount,currency"
FLEX = "<FlexQueryResponse><FlexStatements>{body}</FlexStatements></FlexQueryResponse>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def zipped(name: str, size: int) -> bytes:
    """An archive of one file of so many zeros: 50 MB of them in 50 KB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return buffer.getvalue()


# name → content, and words of the answer
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(2000), "a picture"),
    "photograph": (b"\xff\xd8\xff\xe0" + bytes(2000), "a picture"),
    "document": (b"%PDF-1.7\n1 0 obj\n", "a PDF document"),
    "workbook": (zipped("xl/workbook.xml", 100), "spreadsheet (XLSX)"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "Excel workbook (XLS)"),
    "archive that explodes": (zipped("trades.csv", 50 * MB), "a ZIP archive"),
    "compressed file that explodes": (gzip.compress(b"0" * 50 * MB), "a compressed file"),
    "stream without a name": (zlib.compress(b"0" * 50 * MB), "not text"),
    "web page": (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
    "json": (b'[{"date": "2026-02-03"}]', "JSON"),
    "white space": (b" \r\n\t\n", "the file is empty"),
    "byte order mark": (b"\xef\xbb\xbf", "the file is empty"),
    "zeros": (bytes(5000), "NUL characters"),
    "bytes of no encoding": (f"{HEADER}\n2026-02-03,".encode() + b"\x81\x8d,1,", "not text"),
    "broken UTF-16": (b"\xff\xfe" + b"\x00\xd8" * 9, "UTF-16"),
    "one word": (b"hello", "no table found"),
    "prose": (b"Dear Sir or Madam\n\nplease find attached\n", "no table found"),
    "header alone": (f"{HEADER}\n".encode(), "no rows"),
    "quote never closed": (f'{HEADER}\n2026-02-03,deposit,,"x,,1,5,USD\n'.encode(), "line 2"),
    "a million columns": (b"," * 1_000_000 + b"\n" + b"," * 1_000_000, "line 1 has more than 400"),
    "a line of 20 MB": (HEADER.encode() + b"\n" + b"x," * 10 * MB, "line 2 has more than"),
    "a line of 20 MB in quotes": (HEADER.encode() + b'\n"' + b"x" * 20 * MB + b'"', "line 2"),
    "half a million rows": (HEADER.encode() + b"\n," * 600_000 + b"x", "more than 500000 rows"),
    "billion laughs": (
        f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]>{FLEX.format(body='&l9;')}".encode(),
        "declares entities",
    ),
    "external entity": (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + FLEX.format(body='<FlexStatement accountId="&e;"/>').encode(),
        "declares entities",
    ),
    "external type": (
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">' + FLEX.format(body="").encode(),
        "declares entities",
    ),
    "broken XML": (FLEX.format(body="<FlexStatement>").encode(), "the XML is broken"),
    "foreign XML": (b"<?xml version='1.0'?><OFX></OFX>", "not an Interactive Brokers Flex"),
    "XML of a million tags": (FLEX.format(body="<a/>" * 1_000_000).encode(), "tags"),
    "XML of a million floors": (FLEX.format(body="<a>" * 1_000_000).encode(), "tags"),
}  # fmt: skip
GOOD = "2026-02-03,deposit,,,,,100,USD"
# cells of a row → its fate: reason, column
FAILED: dict[str, tuple[str, str]] = {
    "26-02-03,deposit,,,,,5,USD": ("two_digit_year", "date"),
    "13/02/26,deposit,,,,,5,USD": ("two_digit_year", "date"),
    "13.02.26,deposit,,,,,5,USD": ("two_digit_year", "date"),
    "2026-03-07,deposit,,,,,5,USD": ("date_in_future", "date"),
    "9999-12-31,deposit,,,,,5,USD": ("date_in_future", "date"),
    "2026-02-30,deposit,,,,,5,USD": ("not_a_date", "date"),
    "1626-02-03,deposit,,,,,5,USD": ("not_a_date", "date"),
    ",deposit,,,,,5,USD": ("date_missing", "date"),
    "=TODAY(),deposit,,,,,5,USD": ("not_a_date", "date"),
    "2026-02-03,deposit,,,,,5,XXX": ("unknown_currency", "currency"),
    "2026-02-03,deposit,,,,,5,=USD": ("unknown_currency", "currency"),
    "2026-02-03,deposit,,,,,5,DOGE": ("unknown_currency", "currency"),
    "2026-02-03,buy,{symbol},,NaN,1,,USD": ("not_a_number", "quantity"),
    "2026-02-03,buy,{symbol},,1,-Infinity,,USD": ("not_a_number", "price"),
    "2026-02-03,buy,{symbol},,1,1e3000000,,USD": ("not_a_number", "price"),
    "2026-02-03,deposit,,,,,1e3000000,USD": ("not_a_number", "amount"),
    "2026-02-03,deposit,,,,,1E5,USD": ("not_a_number", "amount"),
    "2026-02-03,deposit,,,,,0x10,USD": ("not_a_number", "amount"),
    "2026-02-03,deposit,,,,,1_000,USD": ("not_a_number", "amount"),
    "2026-02-03,deposit,,,,,٣,USD": ("not_a_number", "amount"),
    "2026-02-03,deposit,,,,,9999999999999999,USD": ("number_too_large", "amount"),
    "2026-02-03,deposit,,,,," + "1" * 5000 + ",USD": ("number_too_long", "amount"),
    "2026-02-03,deposit,,,,,=1+1,USD": ("formula", "amount"),
    "2026-02-03,deposit,,,,,@SUM(A1:A9),USD": ("formula", "amount"),
    "2026-02-03,deposit,,,,,+1+1,USD": ("not_a_number", "amount"),
    "2026-02-03,buy,{symbol},,,1,,USD": ("cell_missing", "quantity"),
    "2026-02-03,buy,,,1,1,,USD": ("cell_missing", "symbol"),
}  # fmt: skip


async def still_answers(client: httpx.AsyncClient) -> None:
    """The server is there, and what is in it adds up."""
    assert (await client.get("/live")).status_code == 200
    overview = await get(client, "overview")
    assert (overview["nav"], overview["unknowns"]) == ("0", [])


@pytest.mark.parametrize("name", UNREADABLE)
async def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(
    client: httpx.AsyncClient,
    work: Work,
    member: Member,
    admin_connection: Connection,
    name: str,
) -> None:
    content, words = UNREADABLE[name]
    account_id = await create_account(client)

    batch = await preview(client, work, account_id, content, f"{name}.csv")

    assert (batch["status"], batch["problem_code"]) == ("failed", "unreadable_file")
    assert words in batch["problem_detail"]
    assert (batch["preview"], batch["mapping_question"], batch["row_count"]) == (None, None, 0)
    assert stored(admin_connection, member) == NOTHING
    refused = await client.post(f"{IMPORTS}/{batch['id']}/commit")
    assert problem(refused) == (409, "stale_version")
    await still_answers(client)


async def test_an_upload_without_a_byte_is_refused_at_once(
    client: httpx.AsyncClient,
) -> None:
    params = {"account_id": str(await create_account(client)), "file_name": "a.csv"}

    refused = await client.post(IMPORTS, params=params, content=b"")

    assert problem(refused) == (422, "file_empty")
    assert (await get(client, "imports"))["items"] == []


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_file_of_100_mb_is_refused_without_being_read(
    client: httpx.AsyncClient, is_announced: bool
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += MB
            yield bytes(MB)

    params = {"account_id": str(await create_account(client)), "file_name": "a.csv"}
    headers = {"Content-Length": str(100 * MB)} if is_announced else {}

    refused = await client.post(IMPORTS, params=params, content=body(), headers=headers)

    assert problem(refused) == (413, "too_large")
    assert sent <= (0 if is_announced else MAX_BYTES + MB)
    assert (await get(client, "imports"))["items"] == []
    await still_answers(client)


@pytest.mark.parametrize("file_name", ["", "../../etc/passwd", "a\\b.csv", "a\nb.csv", "x" * 256])
async def test_a_file_name_is_a_name(client: httpx.AsyncClient, file_name: str) -> None:
    params = {"account_id": str(await create_account(client)), "file_name": file_name}

    refused = await client.post(IMPORTS, params=params, content=b"a")

    assert problem(refused) == (422, "invalid_request")
    assert refused.json()["errors"][0]["pointer"] == "/query/file_name"


async def test_every_bad_cell_fails_its_own_row_and_names_row_and_column(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    lines = [HEADER, GOOD, *(cells.format(symbol=symbol) for cells in FAILED), GOOD]
    account_id = await create_account(client)

    batch = await preview(client, work, account_id, "\n".join(lines).encode())
    failed = await rows_of(client, batch, status="failed")

    assert counts(batch) == (2, 0, 0, len(FAILED))
    found = [(row["reason_code"], row["column_name"]) for row in failed]
    assert found == list(FAILED.values())
    for number, row in enumerate(failed, start=3):  # the header and a good row come first
        assert row["row_number"] == number
        assert row["message"].startswith(f"row {number}, {row['column_name']}: ")
        assert len(row["message"]) < 200
    assert problem(await client.post(f"{IMPORTS}/{batch['id']}/commit")) == (
        409, "import_has_failed_rows",
    )  # fmt: skip
    assert stored(admin_connection, member)["transactions"] == 0

    await step(client, work, batch, "commit", accept_failed="true")

    assert await positions(client) == {"USD": "200"}
    assert stored(admin_connection, member)["transactions"] == 2


async def test_formulas_in_texts_stay_texts(client: httpx.AsyncClient, work: Work) -> None:
    texts = [
        "=1+1",
        "@SUM(A1:A9)",
        "+1",
        "-1+1",
        '=HYPERLINK("http://x","y")',
        "=cmd|' /C calc'!A0",
    ]
    rows = [
        f'2026-02-0{n},buy,{a_symbol()},"{text.replace(chr(34), chr(34) * 2)}",1,5,,USD'
        for n, text in enumerate(texts, start=1)
    ]  # fmt: skip
    account_id = await create_account(client)

    await import_file(client, work, account_id, "\n".join([HEADER, *rows]).encode())

    found = await listed(client)
    assert [record["instrument_name"] for record in reversed(found)] == texts
    detail = await get(client, f"transactions/{found[-1]['id']}")
    assert detail["original"]["name"] == "=1+1"
    assert (await positions(client))["USD"] == "-30"  # six times five; nothing was worked out


async def test_a_formula_for_a_symbol_names_an_instrument_and_nothing_else(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = f"={a_symbol()}+1"
    row = f"02/03/2026|Buy|{symbol}|ACME|1|$5.00||-$5.00"
    await import_file(client, work, await create_account(client), schwab(row))

    assert await positions(client) == {symbol: "1", "USD": "-5"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_every_usual_encoding_is_read(
    client: httpx.AsyncClient, work: Work, encoding: str
) -> None:
    content = f"{HEADER}\n2026-02-03,buy,{a_symbol()},Müller & Söhne,1,5,,EUR\n".encode(encoding)
    await import_file(client, work, await create_account(client), content)

    (record,) = await listed(client)
    assert record["instrument_name"] == "Müller & Söhne"


async def test_places_beyond_eighteen_are_rounded_not_refused(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    content = f"{HEADER}\n2026-02-03,transfer_in,{symbol},,0.{'3' * 30},1,,USD\n".encode()
    await import_file(client, work, await create_account(client), content)
    assert await positions(client) == {symbol: "0." + "3" * 18}


async def test_a_missing_price_makes_figures_unknown_with_a_reason(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    priced, unpriced = a_symbol(), a_symbol()
    add_instrument(admin_connection, symbol=priced, prices={date(2026, 2, 2): "7"})
    rows = [f"2026-02-03,buy,{symbol},,2,5,,USD" for symbol in (priced, unpriced)]
    account_id = await create_account(client)

    await import_file(client, work, account_id, "\n".join([HEADER, *rows]).encode())
    overview, holdings = await get(client, "overview"), await get(client, "holdings")
    series, returns = await get(client, "nav"), await get(client, "performance")

    unknown: dict[str, Any] = overview["unknowns"][0]
    assert (unknown["reason_code"], unknown["symbol"]) == ("price_missing", unpriced)
    assert unknown["message"] == f"no price is known for {unpriced}"
    assert (overview["nav"], overview["market_value"], overview["cash"]) == (None, None, "-20")
    values = {item["symbol"]: item["market_value"] for item in holdings["items"]}
    assert values == {priced: "14", unpriced: None}
    assert (holdings["nav"], holdings["valued_count"]) == (None, 1)
    assert {point["nav"] for point in series["items"]} == {None}
    assert series["unknowns"][0]["symbol"] == unpriced
    assert (returns["time_weighted"]["ratio"], returns["time_weighted"]["status"]) == (
        None, "unknown",
    )  # fmt: skip


async def test_a_good_file_after_all_the_bad_ones(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client)
    for name in ("picture", "billion laughs", "zeros"):
        await preview(client, work, account_id, UNREADABLE[name][0])

    batch = await import_file(client, work, account_id, (FILES / "schwab_quoted.csv").read_bytes())

    assert counts(batch) == (7, 0, 0, 0)
    statuses = [item["status"] for item in (await get(client, "imports"))["items"]]
    assert statuses == ["committed", "failed", "failed", "failed"]
    assert (await look(client, batch))["problem_code"] is None
