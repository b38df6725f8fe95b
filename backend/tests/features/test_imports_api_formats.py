"""Files of every format through the whole product, and files whose columns a person names."""

from typing import Any

import httpx
import pytest

from tests.builders import create_account
from tests.features.conftest import Work
from tests.features.importing import (
    FILES,
    IMPORTS,
    a_symbol,
    counts,
    import_file,
    look,
    positions,
    preview,
    problem,
    rows_of,
    step,
)

# file → base currency, format, rows (imported, duplicate, skipped, failed), what is left of it
SAMPLES: dict[str, tuple[str, str, tuple[int, int, int, int], dict[str, str]]] = {
    "schwab_options_and_shorts.csv": (
        "USD",
        "schwab_csv",
        (8, 0, 0, 0),
        # 818.68 - 651.32 + 149.34 - 4100 + 4549.95 - 12.34 + 5; all units are closed again
        {"USD": "759.31"},
    ),
    "fidelity_multi.csv": (
        "USD",
        "fidelity_csv",
        (6, 0, 1, 0),  # its last line says when it was downloaded
        # -810 - 3.25 - 100 + 100 - 50151.44 + 25000
        # the second bond was bought before the file begins: what is redeemed of it is owed
        {"ZQX": "40", "412000AA4": "55000", "442440AA2": "-25000", "USD": "-25964.69"},
    ),
    "ibkr_activity.csv": (
        "EUR",
        "ibkr_activity_csv",
        (14, 0, 15, 0),
        # USD is -61807.50 + 21997.25 - 311.30 + 63000 + 250 + 50 - 37.50
        # EUR is -60000 - 1.90 - 9.50 - 1.23 + 60500 - 100
        # 1500 - 500 - 250 units, then 1 for 10
        {"ZQX": "75", "USD": "23140.95", "EUR": "387.37"},
    ),
    "ibkr_transaction_history.csv": (
        "GBP",
        "ibkr_activity_csv",
        (12, 0, 0, 0),
        # 20 - 3 + 0.55 + 1 - 0.15 - 0.00 + 1999 - 4003 + 3.90 - 3.90 + 13 + 5000
        {"CNX1": "2", "GBP": "3027.4"},
    ),
    "ibkr_flex.xml": (
        "CHF",
        "ibkr_flex_xml",
        (15, 0, 3, 0),
        # USD is -41205 - 20601.50 + 140.93 + 0.02 + 375 - 56.25 + 56.25 - 75.50; 140.9268 rounds
        # CHF is -2.50 - 2 - 500 + 7
        {
            "ZQX": "60", "FWD": "40",
            "USD": "-61366.05", "CHF": "-497.5", "CAD": "286", "EUR": "-133",
        },
    ),
    "wealthfolio.csv": (
        "USD",
        "generic_csv",
        (10, 0, 0, 0),
        # USD is -1859.95 + 2.40 + 955.05 + 5000 - 1000 - 25 - 150; CAD is -1700 - 9.99
        # ZQX: (10 - 5) × 3
        {"ZQX": "15", "FWD": "2", "TD.TO": "20", "USD": "2922.5", "CAD": "-1709.99"},
    ),
    "german_semicolons.csv": (
        "EUR",
        "generic_csv",
        (3, 0, 0, 0),
        # -12509.90 + 2595.10 + 80
        {"DE0009900008": "800", "EUR": "-9834.8"},
    ),
}  # fmt: skip
QUESTIONABLE = "when;what;of;pieces;each\n{day}/02/2026;Anschaffung;{symbol};10;100,00\n"
ANSWER: dict[str, Any] = {
    "columns": {
        "date": "when", "kind": "what", "symbol": "of", "quantity": "pieces", "price": "each",
    },
    "kinds": {"Anschaffung": "buy"},
    "date_order": "dmy",
    "decimal_mark": ",",
    "default_currency": "EUR",
}  # fmt: skip


def questionable(symbol: str, day: str = "03") -> bytes:
    """A file nobody can read without being told its columns; its days could be months."""
    return QUESTIONABLE.format(symbol=symbol, day=day).encode()


async def answer(
    client: httpx.AsyncClient, batch: dict[str, Any], **changes: Any
) -> httpx.Response:
    """Name the columns."""
    return await client.put(f"{IMPORTS}/{batch['id']}/mapping", json={**ANSWER, **changes})


@pytest.mark.parametrize("name", SAMPLES)
async def test_every_format_goes_in_is_there_once_and_comes_out_again(
    client: httpx.AsyncClient, work: Work, name: str
) -> None:
    currency, file_format, fates, left = SAMPLES[name]
    content = (FILES / name).read_bytes()
    account_id = await create_account(client, base_currency=currency)

    batch = await import_file(client, work, account_id, content)
    assert (batch["format"], counts(batch)) == (file_format, fates)
    assert await positions(client) == left

    again = await import_file(client, work, account_id, content)
    imported, duplicate, skipped, failed = counts(again)
    assert (imported, duplicate) == (0, fates[0])
    assert (skipped, failed) == fates[2:]
    assert await positions(client) == left

    await step(client, work, batch, "undo")
    assert await positions(client) == {}


async def test_what_is_read_with_a_doubt_is_said(client: httpx.AsyncClient, work: Work) -> None:
    account_id = await create_account(client, base_currency="EUR")
    content = (FILES / "german_semicolons.csv").read_bytes()

    batch = await preview(client, work, account_id, content)

    assert batch["notices"] == ["not UTF-8; read as Windows-1252, look at accented letters"]


async def test_an_unknown_csv_is_asked_about_and_the_answer_is_remembered(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client, base_currency="EUR")
    batch = await preview(client, work, account_id, questionable(symbol))

    assert batch["status"] == "needs_mapping"
    assert await rows_of(client, batch) == []
    question = batch["mapping_question"]
    assert question["header"] == ["when", "what", "of", "pieces", "each"]
    assert question["sample"] == [["03/02/2026", "Anschaffung", symbol, "10", "100,00"]]
    assert "no column was recognized as the date" in question["problems"]

    saved = await answer(client, batch)
    assert (saved.status_code, saved.json()["status"]) == (202, "uploaded")
    await work(None)
    (row,) = await rows_of(client, batch)
    assert (row["draft"]["trade_date"], row["draft"]["net_amount"]) == ("2026-02-03", "-1000")
    assert row["draft"]["currency"] == "EUR"

    following = await preview(client, work, account_id, questionable(symbol, day="06"))
    assert (following["status"], counts(following)) == ("preview", (1, 0, 0, 0))
    (row,) = await rows_of(client, following)
    assert row["draft"]["trade_date"] == "2026-02-06"


async def test_an_answer_is_remembered_for_its_own_tenant_and_header_only(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, other_member: Any, work: Work
) -> None:
    account_id = await create_account(client)
    await answer(client, await preview(client, work, account_id, questionable(a_symbol())))
    await work(None)

    foreign = await other_client.post(
        IMPORTS,
        params={"account_id": str(await create_account(other_client)), "file_name": "a.csv"},
        content=questionable(a_symbol()),
    )
    await work(other_member)
    other_header = questionable(a_symbol()).replace(b"pieces", b"lots")

    assert (await look(other_client, foreign.json()))["status"] == "needs_mapping"
    assert (await preview(client, work, account_id, other_header))["status"] == "needs_mapping"


async def test_a_wrong_answer_can_be_corrected_while_nothing_is_posted(
    client: httpx.AsyncClient, work: Work
) -> None:
    batch = await preview(client, work, await create_account(client), questionable(a_symbol()))
    await answer(client, batch, kinds={"Anschaffung": "sell"}, date_order="mdy")
    await work(None)
    assert (await rows_of(client, batch))[0]["draft"]["kind"] == "sell"

    await answer(client, batch)
    await work(None)
    (row,) = await rows_of(client, batch)

    assert (row["draft"]["kind"], row["draft"]["trade_date"]) == ("buy", "2026-02-03")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"columns": {"date": "when"}}, "/body/columns"),
        ({"columns": {**ANSWER["columns"], "date": "whem"}}, "/body/columns/date"),
        ({"columns": {**ANSWER["columns"], "shoe size": "of"}}, "/body/columns/shoe size"),
        ({"kinds": {"Anschaffung": "purchase"}}, "/body/kinds/Anschaffung"),
        # made by taking a record back, never by a file
        ({"kinds": {"Anschaffung": "reversal"}}, "/body/kinds/Anschaffung"),
        ({"default_currency": "EUX"}, "/body/default_currency"),
        ({"date_order": "ydm"}, "/body/date_order"),
        ({"decimal_mark": "'"}, "/body/decimal_mark"),
    ],
    ids=str,
)
async def test_an_answer_that_cannot_be_is_refused_where_it_is_wrong_and_not_remembered(
    client: httpx.AsyncClient, work: Work, changes: dict[str, Any], pointer: str
) -> None:
    account_id = await create_account(client)
    batch = await preview(client, work, account_id, questionable(a_symbol()))

    refused = await answer(client, batch, **changes)
    await work(None)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert (await look(client, batch))["status"] == "needs_mapping"
    again = await preview(client, work, account_id, questionable(a_symbol()))
    assert again["status"] == "needs_mapping"


async def test_columns_are_not_renamed_under_what_is_posted(
    client: httpx.AsyncClient, work: Work
) -> None:
    batch = await preview(client, work, await create_account(client), questionable(a_symbol()))
    await answer(client, batch)
    await work(None)
    await step(client, work, batch, "commit")

    assert problem(await answer(client, batch)) == (409, "stale_version")
