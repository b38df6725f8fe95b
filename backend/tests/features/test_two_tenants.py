"""Two tenants, every route: what is the other's looks exactly like what does not exist.

The matrix is made from the application's routes, so a new route fails until it is classified.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tests.builders import (
    Member,
    a_key,
    a_purchase,
    add_instrument,
    add_member,
    create_account,
)
from tests.conftest import NOON, ORIGIN, Connection
from tests.features.route_matrix import calls
from tests.features.route_records import CSV
from tests.features.route_world import Call, World
from tests.servers import Servers
from truenav.platform.clock import new_id
from truenav.platform.tokens import TokenSigner

# Answer anybody: there is nobody yet, or nothing of anybody in the answer.
OPEN = {
    "getLiveness",
    "getReadiness",
    "getHealth",
    "getAuthOptions",
    "signUp",
    "logIn",
    "openDemo",
    "logOut",
}
# Speaks by its cookie alone; see test_identity.
BY_COOKIE = {"refreshSession"}
# Asked with a POST, and changing nothing that anybody has.
ONLY_READ = {
    "createLiveTicket", "getBulkPerformance", "getBulkRisk", "getBulkIncome", "getBulkAllocation",
    "getBulkAttribution",
}  # fmt: skip
# Has a token of its own, or is not there; see test_metrics_api.
BY_TOKEN = {"getMetrics"}
# For who operates the installation: to any other owner they are closed.
OPERATING = {
    "listDataCoverage", "listDataFindings", "decideDataFinding", "listProviders", "resetProvider",
    "listJobs", "getJobsSummary", "getJob", "retryJob", "cancelJob",
    "listBackfills", "requestBackfill", "getBackfill", "cancelBackfill",
    "listQuarantine", "decideQuarantined",
    "getInstrumentSourceOrder", "setInstrumentSourceOrder", "renameInstrument",
}  # fmt: skip

GUARDED = sorted(calls(World()))
NAMING = sorted(name for name, made in calls(World()).items() if any(call.names for call in made))


def walk(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from walk(included.routes)


def methods(app: FastAPI) -> dict[str, str]:
    """Operation id → method, of every route the application has."""
    return {
        str(route.operation_id): next(iter(sorted(route.methods or ())))
        for route in walk(app.routes)
        if isinstance(route, APIRoute)
    }


async def send(client: httpx.AsyncClient, method: str, call: Call) -> httpx.Response:
    """Send a call, with a fresh key when it may need one."""
    return await client.request(
        method, call.path, params=dict(call.params), json=call.json, content=call.content,
        headers=a_key(),
    )  # fmt: skip


def told(answer: httpx.Response, world: World) -> str:
    """All an answer says, without what the request itself said."""
    body = answer.text
    for known in world.ids:
        body = body.replace(str(known), "…")
    return body.replace(answer.headers["X-Request-Id"], "…")


@pytest.fixture(scope="module")
def connection(servers: Servers, database: str) -> Any:
    with psycopg.connect(servers.dsn(database), autocommit=True) as made:
        yield made


@pytest.fixture(scope="module")
def tenant_a(connection: Connection) -> Member:
    return add_member(connection)


@pytest.fixture(scope="module")
async def a(
    session_app: FastAPI, tenant_a: Member, signer: TokenSigner
) -> AsyncIterator[httpx.AsyncClient]:
    async with make(session_app, tenant_a, signer) as client:
        yield client


@pytest.fixture(scope="module")
async def b(
    session_app: FastAPI, connection: Connection, signer: TokenSigner
) -> AsyncIterator[httpx.AsyncClient]:
    async with make(session_app, add_member(connection), signer) as client:
        await create_account(client)
        yield client


def make(app: FastAPI, who: Member | None, signer: TokenSigner) -> httpx.AsyncClient:
    """A client for a member, or for nobody."""
    headers = who.headers(signer, NOON) if who is not None else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=ORIGIN, headers=headers
    )


@pytest.fixture(scope="module")
async def world(a: httpx.AsyncClient, connection: Connection, tenant_a: Member) -> World:
    """Tenant A: an account, an instrument only A holds, a record, an upload."""
    account_id = await create_account(a, name="Marked for A")
    listed = add_instrument(connection, symbol=f"MARK{uuid4().hex[:8].upper()}", is_listed=True)
    posted = await a.post(
        "/api/v1/transactions",
        json=a_purchase(account_id, listed, note="Noted by A"),
        headers=a_key(),
    )
    assert posted.status_code == 201, posted.text
    event = {"kind": "worthless", "instrument_id": str(listed), "ex_date": "2013-01-02"}
    made = await a.post(
        "/api/v1/corporate-actions", json={**event, "note": "Told to A"}, headers=a_key()
    )
    assert made.status_code == 201, made.text
    (bought,) = (await a.get("/api/v1/lots", params={"instrument_id": str(listed)})).json()[
        "open_lots"
    ]
    gross = {"amount": "100", "currency": "USD"}
    changes = {"kind": "sell", "quantity": "-1", "gross": gross, "fee": None}
    sale = {**a_purchase(account_id, listed), **changes}
    sold = await a.post("/api/v1/transactions", json=sale, headers=a_key())
    assert sold.status_code == 201, sold.text
    (closed,) = (await a.get("/api/v1/lots", params={"instrument_id": str(listed)})).json()[
        "closures"
    ]
    part = {"instrument_id": str(listed), "weight_ratio": "1"}
    blend = {"name": "Blended by A", "parts": [part]}
    blended = await a.post("/api/v1/benchmarks", json=blend, headers=a_key())
    assert blended.status_code == 201, blended.text
    # from here on only its holder may know of it
    connection.execute("UPDATE instruments SET is_listed = false WHERE id = %s", (listed,))
    uploaded = await a.post(
        "/api/v1/imports",
        params={"account_id": str(account_id), "file_name": "marked-a.csv"},
        content=CSV,
    )
    assert uploaded.status_code == 202, uploaded.text
    sorted_by = await a.post("/api/v1/taxonomies", json={"name": "Sorted by A"}, headers=a_key())
    taxonomy_id = UUID(sorted_by.json()["id"])
    grown = await a.post(
        f"/api/v1/taxonomies/{taxonomy_id}/categories", json={"version": 1, "name": "Grown by A"}
    )
    category_id = UUID(grown.json()["categories"][0]["id"])
    listed_by = await a.post("/api/v1/watchlists", json={"name": "Watched by A"}, headers=a_key())
    watchlist_id = UUID(listed_by.json()["id"])
    noted = {"instrument_id": str(listed), "note": "Watched because A says so"}
    on_it = await a.post(f"/api/v1/watchlists/{watchlist_id}/items", json=noted)
    assert on_it.status_code == 201, on_it.text
    line = {"direction": "above", "threshold": "1"}
    ruled = await a.post(
        "/api/v1/alerts/rules",
        json={"kind": "price", "instrument_id": str(listed), **line},
        headers=a_key(),
    )
    assert ruled.status_code == 201, ruled.text
    alert_rule_id, alert_id = UUID(ruled.json()["id"]), new_id()
    connection.execute(
        "INSERT INTO alerts (tenant_id, id, rule_id, occurrence, kind, instrument_id, subject,"
        " as_of, fired_at) VALUES (%s, %s, %s, '1', 'price', %s, 'Told to A alone', now(), now())",
        (tenant_a.tenant_id, alert_id, alert_rule_id, listed),
    )
    record = posted.json()
    import_id = uploaded.json()["id"]
    # nobody works here, and nothing is kept while values are to be worked out
    connection.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    nav = {"name": "Reported to A", "parameters": {"kind": "nav"}}
    kept = await a.post("/api/v1/reports", json=nav, headers=a_key())
    assert kept.status_code == 201, kept.text
    marks = (
        "Marked for A", "Noted by A", "marked-a.csv", record["symbol"],
        str(account_id), str(listed), record["id"], import_id, "Told to A", made.json()["id"],
        bought["id"], closed["id"], "Blended by A", blended.json()["id"], "Reported to A",
        kept.json()["id"], "Sorted by A", "Grown by A", str(taxonomy_id),
        "Watched by A", "Watched because A says so", str(watchlist_id),
        str(alert_rule_id), str(alert_id), "Told to A alone",
    )  # fmt: skip
    action_id, closure_id = UUID(made.json()["id"]), UUID(closed["id"])
    return World(
        account_id, listed, UUID(record["id"]), UUID(import_id), action_id, closure_id,
        UUID(blended.json()["id"]), taxonomy_id, category_id, marks,
        report_id=UUID(kept.json()["id"]), watchlist_id=watchlist_id,
        alert_rule_id=alert_rule_id, alert_id=alert_id,
    )  # fmt: skip


def test_every_route_is_classified(session_app: FastAPI) -> None:
    others = [r for r in walk(session_app.routes) if not isinstance(r, APIRoute)]

    assert set(methods(session_app)) == OPEN | BY_COOKIE | BY_TOKEN | set(GUARDED)
    assert {getattr(r, "path", "") for r in others} == {
        "/api/openapi.json",
        "/sse/market_data",
        "/{path:path}",
    }


@pytest.mark.parametrize("operation", NAMING)
async def test_what_is_the_others_looks_like_what_does_not_exist(
    session_app: FastAPI, b: httpx.AsyncClient, world: World, operation: str
) -> None:
    method, nowhere = methods(session_app)[operation], World()
    for theirs, nobodys in zip(calls(world)[operation], calls(nowhere)[operation], strict=True):
        if not theirs.names:
            continue
        foreign = await send(b, method, theirs)
        absent = await send(b, method, nobodys)

        assert (foreign.status_code, absent.status_code) == (404, 404), foreign.text
        assert told(foreign, world) == told(absent, nowhere)
        assert set(foreign.headers) == set(absent.headers)


@pytest.mark.parametrize("operation", GUARDED)
async def test_no_answer_holds_a_mark_of_the_other(
    session_app: FastAPI, b: httpx.AsyncClient, world: World, operation: str
) -> None:
    method = methods(session_app)[operation]
    for call in calls(world)[operation]:
        answer = await send(b, method, call)

        said = {call.path, *map(str, call.params.values()), str(call.json)}
        leaked = [
            mark for mark in world.marks if mark in answer.text and not any(mark in s for s in said)
        ]
        assert leaked == []
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "operation", [name for name in GUARDED if name.startswith(("get", "list"))]
)
async def test_the_owner_finds_it(
    session_app: FastAPI, a: httpx.AsyncClient, world: World, operation: str
) -> None:
    method = methods(session_app)[operation]
    for call in calls(world)[operation]:
        answer = await send(a, method, call)

        assert answer.status_code == (403 if operation in OPERATING else 200), answer.text


@pytest.mark.parametrize("operation", GUARDED)
async def test_nobody_is_told_to_log_in(
    session_app: FastAPI, signer: TokenSigner, world: World, operation: str
) -> None:
    method = methods(session_app)[operation]
    async with make(session_app, None, signer) as nobody:
        for call in calls(world)[operation]:
            answer = await send(nobody, method, call)

            assert answer.status_code == 401, answer.text
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("operation", GUARDED)
async def test_a_viewer_reads_and_changes_nothing(
    session_app: FastAPI,
    connection: Connection,
    signer: TokenSigner,
    tenant_a: Member,
    world: World,
    operation: str,
) -> None:
    method = methods(session_app)[operation]
    viewer = add_member(connection, role="viewer", tenant_id=tenant_a.tenant_id)
    async with make(session_app, viewer, signer) as client:
        for call in calls(world)[operation]:
            answer = await send(client, method, call)

            may = operation in ONLY_READ or (method == "GET" and operation not in OPERATING)
            assert answer.status_code in ({200, 201} if may else {403}), answer.text


@pytest.mark.parametrize("operation", [n for n in NAMING if "/" in calls(World())[n][-1].path[8:]])
async def test_an_id_that_is_none_is_refused(
    session_app: FastAPI, b: httpx.AsyncClient, operation: str
) -> None:
    method, world = methods(session_app)[operation], World()
    for call in calls(world)[operation]:
        path = call.path
        for known in world.ids:
            path = path.replace(str(known), "not-an-id")
        if path == call.path:
            continue
        answer = await send(b, method, Call(path, json=call.json, content=call.content))

        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "invalid_request"
