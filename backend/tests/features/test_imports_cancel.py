"""An import nobody wants to wait for: it goes back to where it was, whole, at any moment."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import psycopg
import pytest

from tests.builders import Member, create_account
from tests.conftest import Connection
from tests.features.conftest import Work, failures, requested, run_request
from tests.features.importing import (
    IMPORTS,
    a_symbol,
    fills,
    import_file,
    look,
    preview,
    problem,
    stored,
    upload,
)
from tests.servers import Servers
from truenav.platform.clock import FakeClock
from truenav.platform.jobs import JobContext, configure_jobs
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings


async def cancel(client: httpx.AsyncClient, batch: dict[str, object]) -> httpx.Response:
    return await client.post(f"{IMPORTS}/{batch['id']}/cancel")


async def test_before_it_is_read_it_is_dropped(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    batch = await upload(client, await create_account(client), fills(a_symbol(), 2))
    assert (await cancel(client, batch)).status_code == 202
    await work(None)
    assert (await look(client, batch))["status"] == "discarded"
    assert stored(admin_connection, member)["import_rows"] == 0


@pytest.mark.parametrize(("step", "back"), [("commit", "preview"), ("undo", "committed")])
async def test_what_has_not_begun_goes_back_and_can_be_asked_for_again(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection,
    step: str, back: str,
) -> None:  # fmt: skip
    account_id = await create_account(client)
    begin = preview if step == "commit" else import_file
    batch = await begin(client, work, account_id, fills(a_symbol(), 3))
    before = stored(admin_connection, member)["transactions"]

    await client.post(f"{IMPORTS}/{batch['id']}/{step}")
    await cancel(client, batch)
    await work(None)
    after = stored(admin_connection, member)["transactions"]

    assert ((await look(client, batch))["status"], after) == (back, before)
    await client.post(f"{IMPORTS}/{batch['id']}/{step}")
    await work(None)
    assert (await look(client, batch))["status"] == ("committed" if step == "commit" else "undone")


async def test_what_runs_stops_and_leaves_nothing(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection,
    servers: Servers, database: str, settings: Settings, clock: FakeClock, job_queue: JobQueue,
) -> None:  # fmt: skip
    account_id = await create_account(client)
    batch = await preview(client, work, account_id, fills(a_symbol(), 3))
    quick = replace(settings, job_lost_after_seconds=1)  # says three times a second that it lives
    assert settings.database.worker is not None
    configure_jobs(
        JobContext(settings.database.worker, job_queue, clock, None, quick, row_now=clock.now)
    )
    await client.post(f"{IMPORTS}/{batch['id']}/commit")
    (job,) = requested(admin_connection, member)
    with psycopg.connect(servers.dsn(database)) as blocker:
        blocker.execute("SELECT 1 FROM accounts WHERE id = %s FOR UPDATE", (account_id,))
        running = asyncio.create_task(run_request(job))
        await until(admin_connection, member, "running_since IS NOT NULL")
        assert (await cancel(client, batch)).status_code == 202
        clock.advance(timedelta(minutes=1))
        await until(admin_connection, member, f"pulse_at = '{clock.now().isoformat()}'")
        await asyncio.sleep(0.4)  # one more pulse: it has learnt of it by now
        (job,) = requested(admin_connection, member)
        await run_request(job)  # too early: the batch is still held
        assert failures(admin_connection, member) == []
        assert (await look(client, batch))["status"] == "committing"
    await running
    clock.advance(timedelta(minutes=1))
    await work(None)

    assert (await look(client, batch))["status"] == "preview"
    assert stored(admin_connection, member)["transactions"] == 0


async def until(connection: Connection, member: Member, condition: str) -> None:
    """Wait until an event of a commit is so."""
    for _ in range(500):
        row = connection.execute(
            "SELECT 1 FROM outbox WHERE tenant_id = %s AND topic = 'imports.commit_requested'"
            f" AND {condition}",
            (member.tenant_id,),
        ).fetchone()
        if row is not None:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {condition}")


async def test_what_is_over_is_not_cancelled(client: httpx.AsyncClient, work: Work) -> None:
    batch = await import_file(client, work, await create_account(client), fills(a_symbol(), 2))
    assert problem(await cancel(client, batch)) == (409, "stale_version")
    await work(None)
    assert (await look(client, batch))["status"] == "committed"


async def test_what_was_given_up_says_so_and_can_be_cancelled(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    batch = await preview(client, work, await create_account(client), fills(a_symbol(), 2))
    await client.post(f"{IMPORTS}/{batch['id']}/commit")
    before = (await look(client, batch))["progress"]
    admin_connection.execute(
        "UPDATE outbox SET parked_at = now(), park_reason = 'failed' WHERE tenant_id = %s"
        " AND topic = 'imports.commit_requested'",
        (member.tenant_id,),
    )
    after = (await look(client, batch))["progress"]
    await cancel(client, batch)
    await work(None)

    assert (before["is_given_up"], after["is_given_up"]) == (False, True)
    assert (await look(client, batch))["status"] == "preview"


async def test_a_cancel_that_comes_late_leaves_what_was_asked_for_since(
    client: httpx.AsyncClient, work: Work, member: Member, admin_connection: Connection
) -> None:
    batch = await preview(client, work, await create_account(client), fills(a_symbol(), 2))
    await client.post(f"{IMPORTS}/{batch['id']}/commit")
    for _ in range(2):  # pressed twice
        await cancel(client, batch)
    first, second = (job for job in requested(admin_connection, member) if "cancel" in job.function)
    await run_request(first)
    await client.post(f"{IMPORTS}/{batch['id']}/commit")
    await run_request(second)

    assert (await look(client, batch))["status"] == "committing"
    await work(None)
    assert (await look(client, batch))["status"] == "committed"


async def test_reading_again_that_is_cancelled_keeps_the_file(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    content = b"when;what;of;pieces;each\n03/02/2026;Anschaffung;ZQXY;10;100,00\n"
    batch = await upload(client, await create_account(client), content)
    await work(None)
    asked = await look(client, batch)
    assert asked["status"] == "needs_mapping"
    mapping = {
        "columns": {
            "date": "when", "kind": "what", "symbol": "of", "quantity": "pieces", "price": "each",
        },
        "kinds": {"Anschaffung": "buy"}, "date_order": "dmy", "decimal_mark": ",",
        "default_currency": "EUR",
    }  # fmt: skip
    answer = await client.put(f"{IMPORTS}/{batch['id']}/mapping", json=mapping)
    assert answer.status_code == 202, answer.text
    await cancel(client, batch)
    await work(None)

    after = await look(client, batch)
    assert (after["status"], after["mapping_question"]) == (
        "needs_mapping",
        asked["mapping_question"],
    )
    row = admin_connection.execute(
        "SELECT content IS NOT NULL FROM import_batches WHERE id = %s", (batch["id"],)
    ).fetchone()
    assert row == (True,)
