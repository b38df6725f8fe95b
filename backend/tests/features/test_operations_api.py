"""The jobs page's API: what operators see of everybody's work, and what they may do about it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg.types.json import Jsonb

from tests.builders import Member, a_key, add_instrument
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import announced, run_now
from tests.loopback import Answer, Asked, loopback
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.features.marketdata.backfill import spans
from truenav.platform.attempts import Work, attempt
from truenav.platform.clock import new_id
from truenav.platform.queue import JobQueue, JobRequest
from truenav.platform.settings import ProviderSettings, Settings
from truenav.platform.tables import INSTALLATION

JOBS, BACKFILLS = "/api/v1/operations/jobs", "/api/v1/operations/backfills"
Add = Callable[..., UUID]


@pytest.fixture
def add(admin_connection: Connection) -> Iterator[Add]:
    """Adds work in a state; of the installation unless a tenant is named. Gone afterwards."""
    made: list[UUID] = []

    def act(tenant_id: UUID = INSTALLATION, topic: str = "tests.operations", **values: Any) -> UUID:
        event_id = new_id()
        payload = values.pop("payload", {"day": "2026-03-05"})
        admin_connection.execute(
            "INSERT INTO outbox (tenant_id, id, topic, payload) VALUES (%s, %s, %s, %s)",
            (tenant_id, event_id, topic, Jsonb(payload)),
        )
        if values:
            changes = ", ".join(f"{name} = %({name})s" for name in values)
            admin_connection.execute(
                f"UPDATE outbox SET {changes} WHERE id = %(id)s", {**values, "id": event_id}
            )
        made.append(event_id)
        return event_id

    yield act
    admin_connection.execute("DELETE FROM outbox WHERE id = ANY (%s)", (made,))


NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
PARKED = {"parked_at": NOON, "park_reason": "failed", "failure_count": 4, "last_error": "X: y"}


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> dict[str, Any]:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_states_are_told_and_filtered_by(operator: httpx.AsyncClient, add: Add) -> None:
    made = {
        "waiting": add(),
        "running": add(running_since=NOON, failure_count=1),
        "retrying": add(failure_count=2, due_at=NOON, last_error="provider_unavailable: away"),
        "parked": add(**PARKED),
        "cancelled": add(cancelled_at=NOON, failure_count=1),
        "done": add(done_at=NOON),
    }
    for state, job_id in made.items():
        found = await get(operator, JOBS, kind="tests.operations", state=state)
        assert [item["id"] for item in found["items"]] == [str(job_id)], state
        assert (await get(operator, f"{JOBS}/{job_id}"))["state"] == state
    counts = (await get(operator, f"{JOBS}/summary"))["counts"]
    mine = {c["state"]: c["job_count"] for c in counts if c["kind"] == "tests.operations"}
    assert mine == dict.fromkeys(set(made) - {"done"}, 1)  # done in March: no news


async def test_of_a_tenants_work_neither_what_nor_what_it_met_is_shown(
    operator: httpx.AsyncClient, add: Add, other_member: Member
) -> None:
    theirs = add(
        other_member.tenant_id, payload={"account_id": "a"},
        **{**PARKED, "last_error": "DataError: ACME Inc. 100"},
    )  # fmt: skip
    ours = add(**{**PARKED, "last_error": "DataError: ACME Inc. 100"})
    shown = await get(operator, f"{JOBS}/{theirs}")
    assert (shown["tenant_id"], shown["about"], shown["last_error"]) == (
        str(other_member.tenant_id), None, "DataError",
    )  # fmt: skip
    shown = await get(operator, f"{JOBS}/{ours}")
    assert (shown["tenant_id"], shown["about"], shown["last_error"]) == (
        None, {"day": "2026-03-05"}, "DataError: ACME Inc. 100",
    )  # fmt: skip


async def test_pages_follow_each_other_without_gap_or_repeat(
    operator: httpx.AsyncClient, add: Add
) -> None:
    made = {str(add()) for _ in range(7)}
    seen, cursor = [], None
    while True:
        params = {"kind": "tests.operations", "limit": 3}
        found = await get(operator, JOBS, **(params | ({"cursor": cursor} if cursor else {})))
        seen += [item["id"] for item in found["items"]]
        if not (cursor := found["next_cursor"]):
            break
    assert sorted(seen) == sorted(made)


async def test_what_was_given_up_begins_again_from_nothing(
    operator: httpx.AsyncClient, add: Add, member: Member, admin_connection: Connection
) -> None:
    job_id = add(**PARKED, alerted_at=NOON, attempts=4, dispatched_at=NOON)
    answer = await operator.post(f"{JOBS}/{job_id}/retry")
    again = await operator.post(f"{JOBS}/{job_id}/retry")

    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_retry")
    row = admin_connection.execute(
        "SELECT failure_count, attempts, alerted_at, dispatched_at, park_reason FROM outbox"
        " WHERE id = %s", (job_id,),
    ).fetchone()  # fmt: skip
    assert row == (0, 0, None, None, None)
    audit = admin_connection.execute(
        "SELECT action, old_value FROM audit_log WHERE tenant_id = %s AND entity_id = %s",
        (member.tenant_id, job_id),
    ).fetchall()
    assert audit == [("job.retried", {"state": "parked"})]


@pytest.mark.parametrize(("is_theirs", "is_parked", "status"), [
    (False, False, 200), (False, True, 200), (True, True, 200), (True, False, 409),
])  # fmt: skip
async def test_open_work_of_a_tenant_is_not_an_operators_to_cancel(
    operator: httpx.AsyncClient, add: Add, other_member: Member,
    *, is_theirs: bool, is_parked: bool, status: int,
) -> None:  # fmt: skip
    tenant_id = other_member.tenant_id if is_theirs else INSTALLATION
    job_id = add(tenant_id, **(PARKED if is_parked else {}))
    answer = await operator.post(f"{JOBS}/{job_id}/cancel")
    assert answer.status_code == status, answer.text
    state = (await get(operator, f"{JOBS}/{job_id}"))["state"]
    assert state == ("cancelled" if status == 200 else "waiting")


async def test_what_runs_tells_how_far_it_is(
    operator: httpx.AsyncClient, add: Add, settings: Settings, redis_url: str
) -> None:
    job_id, queue = add(), JobQueue(redis_url)
    assert settings.database.ingest is not None
    with attempt(settings.database.ingest, Work(INSTALLATION, job_id), queue) as made:
        assert made is not None
        made.tell(3, 12, "asking tiingo")
        during = await get(operator, f"{JOBS}/{job_id}")
    queue.close()
    assert during["state"] == "running"
    assert during["progress"] == {"done": 3, "total": 12, "message": "asking tiingo"}


async def test_the_summary_names_queues_channels_and_the_schedule(
    operator: httpx.AsyncClient, admin_connection: Connection
) -> None:
    admin_connection.execute(
        "INSERT INTO schedule_entries (name, occurred_at) VALUES ('eod-XNYS', %s)"
        " ON CONFLICT (name) DO UPDATE SET occurred_at = excluded.occurred_at", (NOON,),
    )  # fmt: skip
    found = await get(operator, f"{JOBS}/summary")
    assert found["is_queue_up"]
    assert [(q["name"], q["waiting_count"]) for q in found["queues"]] == [
        ("high", 0), ("default", 0), ("low", 0),
    ]  # fmt: skip
    assert found["alert_channels"] == []
    entries = {entry["name"]: entry for entry in found["schedule"]}
    # noon in London on a Thursday: the exchange closes at 21:00, and is asked 45 minutes later
    assert entries["eod-XNYS"]["next_at"] == "2026-03-05T21:45:00Z"
    assert entries["proofs"]["next_at"] == "2026-03-06T02:00:00Z"
    admin_connection.execute("DELETE FROM schedule_entries")


async def test_without_a_redis_the_page_says_so_and_still_answers(
    operator: httpx.AsyncClient, app: FastAPI, add: Add
) -> None:
    job_id, known = add(running_since=NOON), app.state.truenav
    app.state.truenav = replace(known, queue=JobQueue("redis://127.0.0.1:1/0"))
    try:
        found = await get(operator, f"{JOBS}/summary")
        job = await get(operator, f"{JOBS}/{job_id}")
    finally:
        app.state.truenav = known
    assert not found["is_queue_up"]
    assert {(q["waiting_count"], q["workers"]) for q in found["queues"]} == {(None, None)}
    assert job["progress"] == {"done": 0, "total": None, "message": None}


async def test_visitors_of_a_demo_look_and_change_nothing(
    make_client: ClientMaker, admin_connection: Connection, add: Add, member: Member
) -> None:
    admin_connection.execute("UPDATE users SET is_demo = true WHERE id = %s", (member.user_id,))
    visitor, job_id = make_client(member), add(**PARKED)
    assert (await visitor.get(f"{JOBS}/{job_id}")).status_code == 200
    assert (await visitor.post(f"{JOBS}/{job_id}/retry")).status_code == 403


def test_the_database_itself_shows_and_does_nothing_for_anybody_else(
    servers: Any, database: str, add: Add, member: Member
) -> None:
    job_id = add(**PARKED)
    with psycopg.connect(servers.dsn(database, "truenav_app"), autocommit=True) as app_role:
        app_role.execute("SELECT set_config('app.user', %s, false)", (str(member.user_id),))
        look = "SELECT count(*) FROM sec.look_at_work(NULL, NULL, NULL, NULL, NULL, NULL, 10)"
        assert app_role.execute(look).fetchone() == (0,)
        assert app_role.execute("SELECT count(*) FROM sec.count_work(NULL)").fetchone() == (0,)
        for call in (
            "SELECT sec.retry_work(%(nil)s, %(id)s)",
            "SELECT sec.cancel_work(%(nil)s, %(id)s, NULL) > 0",
            "SELECT sec.request_work(%(id)s, 'marketdata.backfill_requested', '{}')",
        ):
            given = {"nil": INSTALLATION, "id": job_id}
            assert app_role.execute(call, given).fetchone() == (False,)


# --- backfills ------------------------------------------------------------------------------------


def bars(asked: Asked) -> Answer:
    """Tiingo's shape: a close for the last day of every year that was asked for."""
    if "GONE" in asked.path:
        return Answer(404, b'{"detail": "Not found."}')
    first, last = asked.query["startDate"], asked.query["endDate"]
    days = [f"{year}-12-31" for year in range(int(first[:4]), int(last[:4]) + 1)]
    rows = [
        {"date": f"{day}T00:00:00.000Z", "close": 10.5, "divCash": 0.0, "splitFactor": 1.0}
        for day in days
        if first <= day <= last
    ]
    return Answer(200, json.dumps(rows).encode())


@pytest.fixture
def provider(asking_jobs: Callable[[ProviderSettings], None]) -> Iterator[Callable[[], int]]:
    """Jobs of this process ask a provider on this machine; says how often it was asked."""
    with loopback(bars) as server:
        asking_jobs(
            ProviderSettings(
                order=["tiingo"], keys={"tiingo": "key"}, base_urls={"tiingo": server.url}
            )
        )
        yield lambda: len(server.asked)


def open_parts(connection: Connection, batch_id: str) -> list[JobRequest]:
    """The jobs of a backfill that are not done: the request itself, or its parts."""
    rows = connection.execute(
        "SELECT id, topic, payload FROM outbox WHERE (batch_id = %s OR id = %s)"
        " AND done_at IS NULL AND cancelled_at IS NULL ORDER BY id",
        (batch_id, batch_id),
    ).fetchall()
    return [
        job
        for id_, topic, payload in rows
        for job in jobs_for_event(str(topic), INSTALLATION, UUID(str(id_)), dict(payload))  # type: ignore[call-overload]
    ]


async def test_a_backfill_is_split_done_and_tells_what_came_of_it(
    operator: httpx.AsyncClient, admin_connection: Connection, provider: Callable[[], int]
) -> None:
    made = add_instrument(admin_connection, symbol="QZAA")
    add_instrument(admin_connection, symbol="GONE")
    body = {"first_day": "2010-06-01", "last_day": "2019-12-31", "symbols": ["QZAA", "GONE"]}
    key = a_key()
    first = await operator.post(BACKFILLS, json=body, headers=key)
    repeat = await operator.post(BACKFILLS, json=body, headers=key)
    assert (first.status_code, repeat.json()) == (202, first.json())
    asked = first.json()
    assert (asked["state"], asked["part_count"], asked["symbols"]) == (
        "splitting", 0, ["QZAA", "GONE"],
    )  # fmt: skip

    path = f"{BACKFILLS}/{asked['id']}"
    for job in open_parts(admin_connection, asked["id"]):
        run_now(job)
    split = await get(operator, path)
    for job in open_parts(admin_connection, asked["id"]):
        run_now(job)
    done = await get(operator, path)

    assert (split["state"], split["part_count"], split["done_count"]) == ("running", 4, 0)
    names = ("state", "done_count", "failed_count", "row_count", "unanswered_count")
    assert [done[name] for name in names] == ["done", 4, 0, 10, 2]
    assert done["ended_at"] is not None
    stored = admin_connection.execute(
        "SELECT count(*), min(price_date), max(price_date) FROM prices WHERE instrument_id = %s",
        (made,),
    ).fetchone()
    assert stored == (10, date(2010, 12, 31), date(2019, 12, 31))
    assert provider() == 4
    (newest, *_) = (await get(operator, BACKFILLS))["items"]
    assert newest == done
    parts = (await get(operator, JOBS, batch_id=asked["id"]))["items"]
    assert {(part["symbol"], part["outcome"]["rows"]) for part in parts} == {
        ("QZAA", 5), ("GONE", 0),
    }  # fmt: skip


async def test_a_cancelled_backfill_keeps_what_is_done_and_can_be_asked_for_again(
    operator: httpx.AsyncClient, admin_connection: Connection, provider: Callable[[], int]
) -> None:
    made = add_instrument(admin_connection, symbol="QZAB")
    body = {"first_day": "2005-01-01", "last_day": "2019-12-31", "symbols": ["QZAB"]}
    asked = (await operator.post(BACKFILLS, json=body, headers=a_key())).json()
    path = f"{BACKFILLS}/{asked['id']}"
    for job in open_parts(admin_connection, asked["id"]):
        run_now(job)
    waiting = open_parts(admin_connection, asked["id"])
    run_now(waiting[0])

    cancelled = (await operator.post(f"{path}/cancel")).json()
    for job in waiting:
        run_now(job)
    after = await get(operator, path)

    assert cancelled == {"cancelled_count": 2}
    assert provider() == 1
    names = ("state", "part_count", "done_count", "cancelled_count", "row_count")
    assert [after[name] for name in names] == ["cancelled", 3, 1, 2, 5]
    count = admin_connection.execute(
        "SELECT count(*) FROM prices WHERE instrument_id = %s", (made,)
    ).fetchone()
    assert count == (5,)


def test_what_was_refused_stays_on_file_though_the_work_is_tried_again(
    asking_jobs: Callable[[ProviderSettings], None], admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection, symbol="QZAC")

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/tiingo"):
            row = {"date": "2099-12-31T00:00:00.000Z", "close": 5, "divCash": 0, "splitFactor": 1}
            return Answer(200, json.dumps([row]).encode())
        return Answer(403, b"{}", headers={"Retry-After": "1"})

    with loopback(answer) as server:
        asking_jobs(
            ProviderSettings(
                order=["tiingo", "yahoo"],
                keys={"tiingo": "key"},
                yahoo_base_url="http://127.0.0.1:1",
                base_urls={"tiingo": server.url},
                deadlines={"yahoo": 0.2},
            )
        )
        (request,) = announced(
            admin_connection, "marketdata.span_due", instrument_id=str(made),
            first="2015-01-01", last="2015-12-31",
        )  # fmt: skip
        run_now(request)

    event = admin_connection.execute(
        "SELECT failure_count, done_at FROM outbox WHERE id = %s", (request.arguments["event_id"],)
    ).fetchone()
    filed = admin_connection.execute(
        "SELECT source, reason FROM price_quarantine WHERE instrument_id = %s", (made,)
    ).fetchall()
    assert event == (1, None)
    assert filed == [("tiingo", "future")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_day": "2020-01-02", "last_day": "2020-01-01"}, "/body"),
        ({"symbols": ["lower"]}, "/body/symbols/0"),
        ({"first_day": "1700-01-01"}, "/body/first_day"),
    ],
)
async def test_a_backfill_that_makes_no_sense_is_refused_by_field(
    operator: httpx.AsyncClient, changes: dict[str, Any], field: str
) -> None:
    body = {"first_day": "2010-01-01", "last_day": "2010-01-02", "symbols": [], **changes}
    answer = await operator.post(BACKFILLS, json=body, headers=a_key())
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [
        (date(2010, 6, 1), date(2010, 6, 1), 1),
        (date(2010, 1, 1), date(2014, 12, 31), 1),
        (date(2010, 12, 31), date(2015, 1, 1), 2),
        (date(1900, 1, 1), date(1999, 12, 31), 20),
    ],
)
def test_spans_cover_every_day_once(first: date, last: date, parts: int) -> None:
    made = list(spans(first, last))
    assert len(made) == parts
    assert (made[0][0], made[-1][1]) == (first, last)
    for (_, end), (begin, _) in pairwise(made):
        assert begin - end == timedelta(days=1)
