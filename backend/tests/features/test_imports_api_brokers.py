"""A file of every further broker through the whole product: in, there once, and out again.

Where the figures come from says tests/core/imports/test_broker_figures.py, line by line.
"""

from decimal import Decimal

import httpx
import pytest

from tests.builders import create_account
from tests.features.conftest import Work
from tests.features.importing import FILES, counts, import_file, step

# (base currency, format, (imported, duplicate, skipped, failed), units held, cash)
Expected = tuple[str, str, tuple[int, int, int, int], str, dict[str, str]]
SAMPLES: dict[str, Expected] = {
    "swissquote.csv": (
        "CHF",
        "swissquote_csv",
        (19, 0, 2, 0),
        "850 200 3300 640 -537 -709 -808 -373",
        {"CHF": "62020.99", "EUR": "2481.97", "USD": "39220.25"},
    ),
    "degiro_account.csv": (
        "EUR",
        "degiro_account_csv",
        (55, 0, 19, 0),
        "500 6 1 2 7 30 1 1 -1 -1 -4",
        {"EUR": "-20620.37", "GBP": "19.84", "USD": "-455.57"},
    ),
    "trading212_2023.csv": (
        "EUR",
        "trading212_csv",
        (12, 0, 1, 0),
        "0.029053 0.041014 0.29764 -0.61254 11.0563304",
        {"EUR": "45.44"},
    ),
    "trading212_2026.csv": ("GBP", "trading212_csv", (5, 0, 0, 0), "", {"GBP": "10121.37"}),
    "vanguard_uk_both.csv": (
        "GBP",
        "vanguard_uk_csv",
        (17, 0, 9, 0),
        "1550 293 6.77 0.9232",
        {"GBP": "23.59"},
    ),
    "kraken_ledgers.csv": (
        "EUR",
        "kraken_ledgers_csv",
        (6, 0, 4, 0),
        "0.00049 0.01501",
        {"EUR": "878.99"},
    ),
    "robinhood.csv": (
        "USD",
        "robinhood_csv",
        (10, 0, 1, 0),
        "12 -2.8 -2 0.06725",
        {"USD": "866.67"},
    ),
    "wealthsimple.csv": (
        "CAD",
        "wealthsimple_csv",
        (7, 0, 3, 0),
        "6",
        {"CAD": "243.24", "USD": "24.33"},
    ),
    "thinkorswim.csv": ("USD", "thinkorswim_csv", (5, 0, 8, 0), "60 -1", {"USD": "-5298.78"}),
    "coinbase.csv": (
        "EUR",
        "coinbase_csv",
        (8, 0, 0, 0),
        # the coin bought for dollars is another instrument than the one sold for euros
        "156.145683 0.007923387238 0.00166779 -0.00196346",
        {"EUR": "-70", "USD": "-70"},
    ),
    "avanza.csv": (
        "SEK",
        "avanza_csv",
        (20, 0, 0, 0),
        "6.3572 2 2 3.6545 -352.033838",
        {"SEK": "-94340.33"},
    ),
    "xtb.csv": ("EUR", "xtb_csv", (42, 0, 3, 1), "214.5658 16.7399 0.1799", {"EUR": "202.44"}),
    "etoro.csv": (
        "USD",
        "etoro_csv",
        (28, 0, 0, 0),
        "0.219575 0.888488 -0.002556 -0.051214 -0.102626",
        {"USD": "-105.48"},
    ),
    "hargreaves_lansdown.csv": (
        "GBP",
        "hargreaves_lansdown_csv",
        (5, 0, 0, 0),
        "3563",
        {"GBP": "-55018.97"},
    ),
    "trade_republic.csv": (
        "EUR",
        "trade_republic_csv",
        (9, 0, 0, 0),
        "1 0.001",
        {"EUR": "87.58"},
    ),
    "trade_republic_old.csv": (
        "EUR",
        "trade_republic_old_csv",
        (9, 0, 0, 0),
        "5 0.2989 -0.2625",
        {"EUR": "-638.54"},
    ),
    "parqet.csv": (
        "EUR",
        "parqet_csv",
        (27, 0, 0, 0),
        "105.232424 3.11257 -6 -14",
        {"EUR": "-1284.21"},
    ),
    "crypto_com.csv": (
        "EUR",
        "crypto_com_csv",
        (62, 0, 3, 0),
        "5 0.01152324 3.3 234.306749 3059.220008 -4.15 -0.67 -795.068191",
        {},
    ),
    "schwab_awards.json": ("USD", "schwab_awards_json", (9, 0, 0, 0), "22.622", {"USD": "666.42"}),
    "ghostfolio_export.json": (
        "USD",
        "ghostfolio_json",
        (6, 0, 1, 0),
        "6 0.01",
        {"USD": "-710.5"},
    ),
    "portfolio_performance_de.csv": (
        "EUR",
        "portfolio_performance_csv",
        (8, 0, 0, 0),
        "60 3.5",
        {"EUR": "1231.12"},
    ),
}
NOTHING: tuple[list[Decimal], dict[str, str]] = ([], {})


def a_year_earlier(name: str) -> bytes:
    """The file, with the days of 2026 in 2025: the tests' clock stands in February 2026."""
    return (FILES / "brokers" / name).read_bytes().replace(b"2026", b"2025")


async def left(client: httpx.AsyncClient) -> tuple[list[Decimal], dict[str, str]]:
    """Units of each position, and cash; how an instrument is called depends on who met it first."""
    answer = await client.get("/api/v1/positions")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    units = sorted(Decimal(item["quantity"]) for item in body["items"])
    return units, {cash["currency"]: cash["amount"] for cash in body["cash"]}


@pytest.mark.parametrize("name", SAMPLES)
async def test_a_brokers_file_goes_in_is_there_once_and_comes_out_again(
    client: httpx.AsyncClient, work: Work, name: str
) -> None:
    currency, file_format, fates, units, cash = SAMPLES[name]
    expected = (sorted(map(Decimal, units.split())), cash)
    content = a_year_earlier(name)
    account_id = await create_account(client, base_currency=currency)

    batch = await import_file(client, work, account_id, content)
    assert (batch["format"], counts(batch)) == (file_format, fates)
    assert await left(client) == expected

    again = await import_file(client, work, account_id, content)
    imported, duplicate, skipped, failed = counts(again)
    assert (imported, duplicate) == (0, fates[0])
    assert (skipped, failed) == fates[2:]
    assert await left(client) == expected

    await step(client, work, batch, "undo")
    assert await left(client) == NOTHING


async def test_a_second_export_with_more_in_it_adds_only_what_is_new(
    client: httpx.AsyncClient, work: Work
) -> None:
    account_id = await create_account(client, base_currency="GBP")
    lines = a_year_earlier("vanguard_uk_cash.csv").splitlines(keepends=True)
    await import_file(client, work, account_id, b"".join(lines[:12]))
    # the balance beside the last row of the first part, and beside the last of all
    assert (await left(client))[1] == {"GBP": "693.83"}

    newer = await import_file(client, work, account_id, b"".join([lines[0], *lines[7:]]))

    # of the rows 8 to 20, five were there; two equal dividends of one day are one and one more
    assert counts(newer) == (8, 5, 0, 0)
    assert (await left(client))[1] == {"GBP": "23.59"}
