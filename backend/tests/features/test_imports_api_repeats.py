"""What is imported again, half taken back, or undone late: nothing twice, nothing lost."""

import asyncio

import httpx
import pytest

from tests.builders import Member, a_key, a_purchase, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work, requested, run_request
from tests.features.importing import (
    IMPORTS,
    a_file,
    a_symbol,
    counts,
    fills,
    import_file,
    listed,
    positions,
    preview,
    problem,
    rows_of,
    schwab,
    step,
    stored,
)
from truenav.platform.clock import new_id


async def test_after_an_undo_the_file_can_be_imported_again_as_often_as_one_likes(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    for _ in range(3):
        batch = await import_file(client, work, account_id, a_file(symbol))
        assert counts(batch) == (5, 0, 1, 1)
        assert await positions(client) == {symbol: "6", "USD": "8849"}
        await step(client, work, batch, "undo")
        assert await positions(client) == {}


async def test_the_same_file_again_adds_nothing(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    await import_file(client, work, account_id, a_file(symbol))
    before = stored(admin_connection, member)["transactions"]

    again = await preview(client, work, account_id, a_file(symbol))
    duplicates = await rows_of(client, again, status="duplicate")
    await step(client, work, again, "commit", accept_failed="true")

    assert counts(again) == (0, 5, 1, 1)
    assert {row["reason_code"] for row in duplicates} == {"duplicate"}
    assert again["preview"]["transaction_count"] == 0
    assert stored(admin_connection, member)["transactions"] == before
    assert await positions(client) == {symbol: "6", "USD": "8849"}


@pytest.mark.parametrize(
    ("first", "second", "fates", "held"),
    [
        (4, 4, (0, 4, 0, 0), "4"),  # four identical fills stay four, again adds none
        (4, 5, (1, 4, 0, 0), "5"),  # a file with five adds exactly one
        (5, 4, (0, 4, 0, 0), "5"),
    ],
)
async def test_identical_fills_are_counted_as_often_as_the_larger_file_has_them(
    client: httpx.AsyncClient,
    work: Work,
    first: int,
    second: int,
    fates: tuple[int, int, int, int],
    held: str,
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    assert counts(await import_file(client, work, account_id, fills(symbol, first))) == (
        first, 0, 0, 0,
    )  # fmt: skip

    again = await import_file(client, work, account_id, fills(symbol, second))

    assert counts(again) == fates
    assert (await positions(client))[symbol] == held


async def test_overlapping_files_meet_in_what_they_share(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    days = [
        f"02/{day:02}/2026|Buy|{symbol}|ACME|{day}|$20.00||-${20 * day}.00" for day in (1, 2, 5)
    ]

    await import_file(client, work, account_id, schwab(*days[:2]))
    second = await import_file(client, work, account_id, schwab(*days[1:]))

    assert counts(second) == (1, 1, 0, 0)
    assert (await positions(client))[symbol] == "8"  # 1 + 2 + 5


async def test_the_same_file_in_another_account_is_another_matter(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    await import_file(client, work, await create_account(client), fills(symbol, 2))

    other = await import_file(client, work, await create_account(client), fills(symbol, 2))

    assert counts(other) == (2, 0, 0, 0)


@pytest.mark.parametrize("name", ["commit", "undo"])
async def test_asked_for_twice_it_happens_once(
    client: httpx.AsyncClient,
    work: Work,
    member: Member,
    admin_connection: Connection,
    name: str,
) -> None:
    batch = await preview(client, work, await create_account(client), fills(a_symbol(), 3))
    if name == "undo":
        await step(client, work, batch, "commit")
    path = f"{IMPORTS}/{batch['id']}/{name}"

    answers = await asyncio.gather(*[client.post(path) for _ in range(4)])
    (request,) = requested(admin_connection, member)
    await asyncio.gather(run_request(request), run_request(request))  # delivered twice, at once
    await work(None)

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert problem(await client.post(path)) == (409, "stale_version")
    assert stored(admin_connection, member)["transactions"] == {"commit": 3, "undo": 6}[name]


async def test_undo_leaves_short_what_was_sold_since_and_says_so(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    bought = await import_file(client, work, account_id, fills(symbol, 3))
    sold = schwab(f"02/06/2026|Sell|{symbol}|ACME|2|$30.00||$60.00")
    await import_file(client, work, account_id, sold)

    await step(client, work, bought, "undo")

    # the sale stands: two units are owed, 60 are in cash
    assert await positions(client) == {symbol: "-2", "USD": "60"}
    (review,) = await listed(client, needs_review="true")
    assert review["review_reasons"] == ["sold_more_than_held"]


async def test_undo_leaves_alone_what_was_taken_back_by_hand(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    batch = await import_file(client, work, await create_account(client), fills(a_symbol(), 3))
    first = (await listed(client))[0]
    taken = await client.post(f"/api/v1/transactions/{first['id']}/reverse", headers=a_key())
    assert taken.status_code == 201, taken.text

    assert (await step(client, work, batch, "undo"))["status"] == "undone"

    assert await positions(client) == {}
    assert stored(admin_connection, member)["transactions"] == 6  # three and three, not four


async def test_a_row_of_which_one_record_was_taken_back_adds_that_record_only(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    await import_file(client, work, account_id, fills(symbol, 3))
    first = (await listed(client))[0]
    await client.post(f"/api/v1/transactions/{first['id']}/reverse", headers=a_key())

    again = await preview(client, work, account_id, fills(symbol, 3))

    assert counts(again) == (1, 2, 0, 0)
    assert again["preview"]["transaction_count"] == 1
    await step(client, work, again, "commit")
    assert (await positions(client))[symbol] == "3"


async def test_of_a_row_with_two_records_only_the_one_taken_back_is_new(
    client: httpx.AsyncClient, work: Work
) -> None:
    # a bond bought with accrued interest: a purchase of 1000.00 and 12.50 of interest paid
    header = (
        "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),"
        "Accrued Interest ($),Amount ($),Cash Balance ($),Settlement Date"
    )
    bond = f"{new_id().hex[-8:].upper()}1"
    row = (
        f"02/05/2026,YOU BOUGHT OAK (Cash),{bond},OAK 5%,Cash,1000,100,,,12.50,-1012.5,,02/06/2026"
    )
    file = f"{header}\n{row}\n".encode()
    account_id = await create_account(client)
    await import_file(client, work, account_id, file)
    (interest,) = await listed(client, kind="interest")
    await client.post(f"/api/v1/transactions/{interest['id']}/reverse", headers=a_key())

    again = await preview(client, work, account_id, file)

    assert counts(again) == (1, 0, 0, 0)
    assert again["preview"]["transaction_count"] == 1
    assert again["preview"]["cash_changes"] == [{"currency": "USD", "amount": "-12.5"}]
    await step(client, work, again, "commit")
    assert await positions(client) == {bond: "1000", "USD": "-1012.5"}


async def test_of_two_previews_of_one_file_the_second_commit_tells_that_it_added_nothing(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    first = await preview(client, work, account_id, fills(symbol, 2))
    second = await preview(client, work, account_id, fills(symbol, 2))
    assert counts(first) == counts(second) == (2, 0, 0, 0)

    await step(client, work, first, "commit")
    done = await step(client, work, second, "commit")

    assert (await positions(client))[symbol] == "2"
    assert counts(done) == (0, 2, 0, 0)
    assert [row["status"] for row in await rows_of(client, done)] == ["duplicate"] * 2
    # what the second did not add its undo does not take
    await step(client, work, done, "undo")
    assert (await positions(client))[symbol] == "2"


async def test_records_typed_by_hand_are_not_part_of_an_import(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    instrument_id = add_instrument(admin_connection, symbol=symbol)
    body = a_purchase(account_id, instrument_id, trade_date="2026-02-02", fee=None)
    assert (await client.post("/api/v1/transactions", json=body, headers=a_key())).is_success

    batch = await import_file(client, work, account_id, fills(symbol, 2))
    assert (await positions(client))[symbol] == "12"
    await step(client, work, batch, "undo")

    assert await positions(client) == {symbol: "10", "USD": "-1000"}
