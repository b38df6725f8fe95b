"""An import from upload to undo, through the API, the database and the worker's own jobs."""

import asyncio
from datetime import date
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import NOON, Connection
from tests.features.conftest import Work
from tests.features.importing import (
    IMPORTS,
    a_file,
    a_symbol,
    counts,
    fills,
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
    upload,
)
from truenav.features.imports import service
from truenav.platform.progress import Progress, tell_progress
from truenav.platform.queue import JobQueue
from truenav.platform.unit_of_work import Sessions, open_unit_of_work


async def test_a_preview_tells_the_fate_of_every_row_and_posts_nothing(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    batch = await preview(client, work, await create_account(client), a_file(symbol))
    rows = {row["row_number"]: row for row in await rows_of(client, batch)}

    assert (batch["status"], batch["format"], batch["broker"]) == (
        "preview",
        "schwab_csv",
        "Schwab",
    )
    assert counts(batch) == (5, 0, 1, 1)
    assert batch["warning_count"] == 1
    # the header is line 1
    assert {number: (row["status"], row["reason_code"]) for number, row in rows.items()} == {
        2: ("skipped", "footer"),
        3: ("failed", "not_a_date"),
        4: ("imported", "unknown_action"),
        5: ("imported", None),
        6: ("imported", None),
        7: ("imported", None),
        8: ("imported", None),
    }
    assert rows[3]["column_name"] == "Date"
    assert rows[3]["message"].startswith("row 3, Date: '02/32/2026'")
    assert rows[3]["original"]["Amount"] == "-$1.00"
    assert rows[7]["draft"] == {
        "kind": "buy", "sub_kind": None, "trade_date": "2026-02-05", "symbol": symbol,
        "quantity": "10", "price": "200", "net_amount": "-2001", "currency": "USD",
    }  # fmt: skip
    assert stored(admin_connection, member) == {
        "transactions": 0, "import_rows": 7, "lots": 0, "positions": 0, "cash_balances": 0,
    }  # fmt: skip


async def test_a_preview_names_new_instruments_and_what_cash_and_nav_would_be(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    seen = (await preview(client, work, await create_account(client), a_file(symbol)))["preview"]

    assert seen["transaction_count"] == 5
    assert (seen["first_trade_date"], seen["last_trade_date"]) == ("2026-02-01", "2026-02-08")
    assert seen["new_instruments"] == [
        {"symbol": symbol, "isin": None, "name": "ACME", "currency": "USD"}
    ]
    assert seen["cash_changes"] == [{"currency": "USD", "amount": "8849"}]
    assert seen["kinds"] == {"unknown": 1, "dividend": 1, "sell": 1, "buy": 1, "deposit": 1}
    # nobody knows a price of a new instrument: unknown, not the cash alone
    assert (seen["nav_before"], seen["nav_after"]) == ("0", None)
    assert seen["unknown_reasons"] == ["price_missing"]


async def test_a_preview_values_what_is_known_and_what_is_held_already(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    add_instrument(admin_connection, symbol=symbol, prices={date(2026, 3, 4): "250"})
    account_id = await create_account(client)
    await import_file(
        client, work, account_id, schwab(f"01/02/2026|Buy|{symbol}|ACME|2|$100.00||-$200.00")
    )

    seen = (await preview(client, work, account_id, a_file(symbol)))["preview"]

    assert seen["new_instruments"] == []
    # 2 × 250 - 200, and then 6 more units and 8849 more cash
    assert (seen["nav_before"], seen["nav_after"]) == ("300", "10649")
    assert seen["unknown_reasons"] == []


async def test_commit_posts_every_good_row_and_undo_takes_all_of_it_back(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    account_id = await create_account(client)
    batch = await preview(client, work, account_id, a_file(symbol))

    done = await step(client, work, batch, "commit", accept_failed="true")
    held = await positions(client)
    records = await listed(client, import_batch_id=batch["id"])

    assert (done["status"], done["committed_at"]) == ("committed", NOON.isoformat()[:-6] + "Z")
    assert held == {symbol: "6", "USD": "8849"}
    assert [r["kind"] for r in records] == ["unknown", "dividend", "sell", "buy", "deposit"]
    assert [r["import_row_number"] for r in records] == [4, 5, 6, 7, 8]
    assert [r["is_external_flow"] for r in records] == [False, False, False, False, True]

    undone = await step(client, work, done, "undo")

    assert (undone["status"], undone["undone_at"]) == ("undone", NOON.isoformat()[:-6] + "Z")
    assert await positions(client) == {}
    assert await listed(client) == []
    # nothing is deleted: five records and five reversals
    assert stored(admin_connection, member)["transactions"] == 10


async def test_the_original_row_is_kept_with_the_record(
    client: httpx.AsyncClient, work: Work
) -> None:
    symbol = a_symbol()
    await import_file(client, work, await create_account(client), a_file(symbol))
    (bought,) = await listed(client, kind="buy")

    detail = (await client.get(f"/api/v1/transactions/{bought['id']}")).json()

    assert detail["original"] == {
        "Date": "02/05/2026", "Action": "Buy", "Symbol": symbol, "Description": "ACME",
        "Quantity": "10", "Price": "$200.00", "Fees & Comm": "$1.00", "Amount": "-$2,001.00",
    }  # fmt: skip


async def test_failed_rows_are_imported_past_only_when_somebody_accepts_that(
    client: httpx.AsyncClient, work: Work
) -> None:
    batch = await preview(client, work, await create_account(client), a_file(a_symbol()))

    refused = await client.post(f"{IMPORTS}/{batch['id']}/commit")

    assert problem(refused) == (409, "import_has_failed_rows")
    assert refused.json()["params"] == {"failed_count": "1"}
    assert (await look(client, batch))["status"] == "preview"
    assert (await step(client, work, batch, "commit", accept_failed="true"))[
        "status"
    ] == "committed"


async def test_a_discarded_upload_is_not_read(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    batch = await upload(client, await create_account(client), fills(a_symbol(), 2))

    dropped = await client.post(f"{IMPORTS}/{batch['id']}/discard")
    await work(None)

    assert dropped.json()["status"] == "discarded"
    assert (await look(client, batch))["status"] == "discarded"
    assert stored(admin_connection, member)["import_rows"] == 0
    assert problem(await client.post(f"{IMPORTS}/{batch['id']}/commit")) == (409, "stale_version")


async def test_discarding_a_file_that_is_being_read_waits_for_it_and_wins(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    worker_sessions: Sessions,
) -> None:
    batch = await upload(client, await create_account(client), fills(a_symbol(), 2))
    blocked = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database() AND query LIKE 'UPDATE import_batches%'"
    )

    async with open_unit_of_work(worker_sessions, member.tenant_id) as uow:
        await service.read_batch(uow, UUID(batch["id"]), NOON.date(), lambda *_: None)
        cancelling = asyncio.create_task(client.post(f"{IMPORTS}/{batch['id']}/discard"))
        for _ in range(200):
            if admin_connection.execute(blocked).fetchone() == (1,):
                break
            await asyncio.sleep(0.02)
        assert not cancelling.done()
    answer = await cancelling

    assert (answer.status_code, answer.json()["status"]) == (200, "discarded")
    assert problem(await client.post(f"{IMPORTS}/{batch['id']}/commit")) == (409, "stale_version")


async def test_what_was_committed_is_undone_not_discarded(
    client: httpx.AsyncClient, work: Work
) -> None:
    batch = await import_file(client, work, await create_account(client), fills(a_symbol(), 1))

    answer = await client.post(f"{IMPORTS}/{batch['id']}/discard")

    assert problem(answer) == (409, "stale_version")
    assert answer.json()["current"]["status"] == "committed"


@pytest.mark.parametrize("name", ["reading", "committing", "undoing"])
async def test_progress_of_each_step_is_told_from_its_own_beginning(
    client: httpx.AsyncClient, work: Work, job_queue: JobQueue, name: str
) -> None:
    batch = await upload(client, await create_account(client), fills(a_symbol(), 2))
    for earlier in ("commit", "undo")[: ("reading", "committing", "undoing").index(name)]:
        await work(None)
        await client.post(f"{IMPORTS}/{batch['id']}/{earlier}")

    before = (await look(client, batch))["progress"]
    tell_progress(job_queue, f"import:{batch['id']}:{name}", Progress(5000, 10_000))
    during = (await look(client, batch))["progress"]
    await work(None)

    assert before == {"step": name, "done": 0, "total": None, "is_given_up": False}
    assert (during["done"], during["total"]) == (5000, 10_000)
    assert (await look(client, batch))["progress"] is None


async def test_reading_tells_how_far_it_is(
    client: httpx.AsyncClient, member: Member, worker_sessions: Sessions
) -> None:
    batch = await upload(client, await create_account(client), fills(a_symbol(), 40))
    told: list[tuple[int, int | None]] = []

    async with open_unit_of_work(worker_sessions, member.tenant_id) as uow:
        await service.read_batch(
            uow, UUID(batch["id"]), NOON.date(), lambda done, total: told.append((done, total))
        )

    assert told[0][0] == 0
    assert told[-1] == (40, 40)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 2


async def test_imports_are_listed_newest_first_in_pages(client: httpx.AsyncClient) -> None:
    account_id = await create_account(client, name="Pension")
    made = [await upload(client, account_id, b"a", f"{index}.csv") for index in range(5)]

    found: list[str] = []
    query = {"limit": "2", "include_total": "true"}
    for expected in (True, True, False):
        page = (await client.get(IMPORTS, params=query)).json()
        assert (page["has_more"], page["total_count"]) == (expected, 5)
        assert {item["account_name"] for item in page["items"]} == {"Pension"}
        found += [item["id"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]

    assert found == [batch["id"] for batch in reversed(made)]
