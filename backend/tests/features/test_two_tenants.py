"""Two tenants, every route: what is the other's looks exactly like what does not exist.

The matrix is made from the application's routes, so a new route fails until it is classified.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

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
    an_account,
    create_account,
)
from tests.conftest import NOON, ORIGIN, Connection
from tests.servers import Servers
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
# For who operates the installation: to any other owner they are closed.
OPERATING = {
    "listDataCoverage", "listDataFindings", "decideDataFinding", "listProviders", "resetProvider",
}  # fmt: skip
UNIT = {"Idempotency-Key": "matrix"}
CSV = (
    b'"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
    b'"03/05/2012","Buy","IBM","IBM CORP","10","$200.00","$1.00","-$2,001.00"\n'
)


@dataclass(frozen=True)
class World:
    """What one tenant has; its marks must never be read by another."""

    account_id: UUID = field(default_factory=uuid4)
    instrument_id: UUID = field(default_factory=uuid4)
    transaction_id: UUID = field(default_factory=uuid4)
    import_id: UUID = field(default_factory=uuid4)
    action_id: UUID = field(default_factory=uuid4)
    closure_id: UUID = field(default_factory=uuid4)
    marks: tuple[str, ...] = ()

    @property
    def lot_id(self) -> UUID:
        """The lot that the record opens."""
        return uuid5(self.transaction_id, "lot")

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Everything a request can name."""
        return (
            self.account_id, self.instrument_id, self.transaction_id, self.import_id, self.lot_id,
            self.action_id, self.closure_id,
        )  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request; `names` says that it names something that belongs to somebody."""

    path: str
    names: bool = True
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None


def calls(world: World) -> dict[str, list[Call]]:
    """Every guarded operation, once for each place where it can name what a tenant has."""
    account = {"account_id": str(world.account_id)}
    one_account = f"/api/v1/accounts/{world.account_id}"
    one_import = f"/api/v1/imports/{world.import_id}"
    one_transaction = f"/api/v1/transactions/{world.transaction_id}"
    one_instrument = f"/api/v1/instruments/{world.instrument_id}"
    upload = {**account, "file_name": "trades.csv"}
    actions = "/api/v1/corporate-actions"
    one_action = f"{actions}/{world.action_id}"
    terms = {
        "kind": "worthless",
        "instrument_id": str(world.instrument_id),
        "ex_date": "2013-01-02",
    }
    explain, dollars = "/api/v1/explain", {"currency": "USD"}
    return {
        "getMe": [Call("/api/v1/me", names=False)],
        "listAccounts": [Call("/api/v1/accounts", names=False)],
        "createAccount": [Call("/api/v1/accounts", names=False, json=an_account(name="Matrix"))],
        "getAccount": [Call(one_account)],
        "updateAccount": [Call(one_account, json={"version": 1, "name": "Taken over"})],
        "deleteAccount": [Call(one_account)],
        "listInstruments": [Call("/api/v1/instruments", names=False, params={"limit": "200"})],
        "getInstrument": [Call(one_instrument)],
        "listCorporateActions": [Call(f"{one_instrument}/corporate-actions")],
        "getPriceHistory": [Call(f"{one_instrument}/prices")],
        "listPriceVersions": [Call(f"{one_instrument}/price-versions")],
        "listManualPrices": [Call(f"{one_instrument}/manual-prices")],
        "setManualPrice": [
            Call(
                f"{one_instrument}/manual-prices/2013-01-02",
                json={"close": "1", "currency": "USD"},
            )
        ],
        "removeManualPrice": [
            Call(f"{one_instrument}/manual-prices/2013-01-02", params={"version": "1"})
        ],
        "pasteManualPrices": [
            Call(
                f"{one_instrument}/manual-prices/paste",
                json={"text": "2013-01-02,1", "currency": "USD"},
            )
        ],
        "getBulkPrices": [
            Call(
                "/api/v1/prices/bulk",
                names=False,
                params={"instrument_ids": str(world.instrument_id)},
            )
        ],
        "listProviders": [Call("/api/v1/operations/providers", names=False)],
        "resetProvider": [Call("/api/v1/operations/providers/yahoo/reset", names=False)],
        "listDataCoverage": [Call("/api/v1/operations/data/coverage", names=False)],
        "listDataFindings": [Call("/api/v1/operations/data/findings", names=False)],
        "decideDataFinding": [
            Call(
                f"/api/v1/operations/data/findings/{world.closure_id}/decide",
                names=False,
                json={"decision": "accepted", "reason": "matrix"},
            )
        ],
        "listActions": [
            Call(actions, names=False),
            Call(actions, params=account),
            Call(actions, params={"instrument_id": str(world.instrument_id)}),
        ],
        "getAction": [Call(one_action)],
        "createAction": [Call(actions, json=terms)],
        "changeAction": [Call(one_action, json=terms)],
        "removeAction": [Call(one_action)],
        "previewAction": [Call(f"{one_action}/preview", json={})],
        "applyAction": [Call(f"{one_action}/apply", json={})],
        "reverseAction": [Call(f"{one_action}/reverse", json={})],
        "dismissAction": [Call(f"{one_action}/dismiss", json={})],
        "undismissAction": [Call(f"{one_action}/undismiss", json={})],
        "listTransactions": [
            Call("/api/v1/transactions", names=False),
            Call("/api/v1/transactions", names=False, params=account),
            Call(
                "/api/v1/transactions",
                names=False,
                params={"import_batch_id": str(world.import_id)},
            ),
        ],
        "markTransactions": [
            Call("/api/v1/transactions/marks", names=False),
            Call("/api/v1/transactions/marks", names=False, params=account),
        ],
        "getTransaction": [Call(one_transaction)],
        "postTransaction": [
            Call("/api/v1/transactions", json=a_purchase(world.account_id, world.instrument_id))
        ],
        "reverseTransaction": [Call(f"{one_transaction}/reverse")],
        "restoreTransaction": [Call(f"{one_transaction}/restore")],
        "getTransactionHistory": [Call(f"{one_transaction}/history")],
        "correctTransaction": [
            Call(one_transaction, json=a_purchase(world.account_id, world.instrument_id))
        ],
        "changeTransactions": [
            Call(
                "/api/v1/transactions/bulk",
                json={"operations": [{"op": "reverse", "id": str(world.transaction_id)}]},
            )
        ],
        "listPositions": [
            Call("/api/v1/positions", names=False),
            Call("/api/v1/positions", params=account),
        ],
        "listRealizedGains": [
            Call("/api/v1/realized-gains", names=False),
            Call("/api/v1/realized-gains", params=account),
        ],
        "exportRealizedGains": [
            Call("/api/v1/realized-gains.csv", names=False),
            Call("/api/v1/realized-gains.csv", params=account),
        ],
        "listCash": [
            Call("/api/v1/cash", names=False),
            Call("/api/v1/cash", params=account),
        ],
        "listCashMovements": [
            Call("/api/v1/cash/movements", params={**account, "currency": "USD"})
        ],
        "explainPosition": [
            Call(
                f"{explain}/position",
                params={**account, "instrument_id": str(world.instrument_id)},
            )
        ],
        "explainLot": [Call(f"{explain}/lots/{world.lot_id}")],
        "explainClosure": [Call(f"{explain}/closures/{world.closure_id}")],
        "explainRealizedGains": [
            Call(f"{explain}/realized-gains", names=False, params=dollars),
            Call(f"{explain}/realized-gains", params={**account, **dollars}),
        ],
        "explainCash": [Call(f"{explain}/cash", params={**account, **dollars})],
        "explainCashMovement": [
            Call(
                f"{explain}/cash/movement",
                params={**account, **dollars, "transaction_id": str(world.transaction_id)},
            )
        ],
        "explainCashMovements": [
            Call(f"{explain}/cash/movements", params={**account, **dollars, "kind": "buy"})
        ],
        "explainTotal": [
            Call(f"{explain}/holdings", names=False),
            Call(f"{explain}/holdings", params=account),
        ],
        "explainHolding": [Call(f"{explain}/holdings/{world.instrument_id}")],
        "explainAllocation": [
            Call(f"{explain}/allocation", params={**account, "cut": "currency", "key": "USD"})
        ],
        "explainOverview": [
            Call(f"{explain}/overview", names=False, params={"figure": "total_gain"}),
            Call(f"{explain}/overview", params={**account, "figure": "day_change"}),
        ],
        "explainNav": [Call(f"{explain}/nav", params={**account, "on": "2026-03-05"})],
        "explainFlows": [Call(f"{explain}/flows", params={**account, "on": "2026-03-05"})],
        "explainPerformance": [
            Call(f"{explain}/performance", names=False, params={"figure": "gain"}),
            Call(f"{explain}/performance", params={**account, "figure": "time_weighted"}),
        ],
        "listLedgerProofs": [Call("/api/v1/ledger/proofs", names=False)],
        "listLots": [Call("/api/v1/lots", params={"instrument_id": str(world.instrument_id)})],
        "getLot": [Call(f"/api/v1/lots/{world.lot_id}")],
        "whatIfSold": [
            Call(
                "/api/v1/lots/what-if",
                json={
                    **account,
                    "instrument_id": str(world.instrument_id),
                    "quantity": "1",
                    "price": "1",
                },
            )
        ],
        "getLotMethods": [Call(f"{one_account}/lot-methods")],
        "setLotMethods": [Call(f"{one_account}/lot-methods", json={"version": 1, "first": "hifo"})],
        "listImports": [Call("/api/v1/imports", names=False)],
        "uploadImport": [Call("/api/v1/imports", params=upload, content=CSV)],
        "getImport": [Call(one_import)],
        "listImportRows": [Call(f"{one_import}/rows")],
        "saveImportMapping": [
            Call(
                f"{one_import}/mapping",
                json={"columns": {"date": "Date", "kind": "Action"}, "kinds": {"Buy": "buy"}},
            )
        ],
        "commitImport": [Call(f"{one_import}/commit")],
        "undoImport": [Call(f"{one_import}/undo")],
        "discardImport": [Call(f"{one_import}/discard")],
        "getOverview": [
            Call("/api/v1/overview", names=False),
            Call("/api/v1/overview", params=account),
        ],
        "listHoldings": [
            Call("/api/v1/holdings", names=False),
            Call("/api/v1/holdings", params=account),
        ],
        "getNavSeries": [Call("/api/v1/nav", names=False), Call("/api/v1/nav", params=account)],
        "getPerformance": [
            Call("/api/v1/performance", names=False),
            Call("/api/v1/performance", params=account),
        ],
    }


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
async def world(a: httpx.AsyncClient, connection: Connection) -> World:
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
    # from here on only its holder may know of it
    connection.execute("UPDATE instruments SET is_listed = false WHERE id = %s", (listed,))
    uploaded = await a.post(
        "/api/v1/imports",
        params={"account_id": str(account_id), "file_name": "marked-a.csv"},
        content=CSV,
    )
    assert uploaded.status_code == 202, uploaded.text
    record = posted.json()
    import_id = uploaded.json()["id"]
    marks = (
        "Marked for A", "Noted by A", "marked-a.csv", record["symbol"],
        str(account_id), str(listed), record["id"], import_id, "Told to A", made.json()["id"],
        bought["id"], closed["id"],
    )  # fmt: skip
    action_id, closure_id = UUID(made.json()["id"]), UUID(closed["id"])
    return World(
        account_id, listed, UUID(record["id"]), UUID(import_id), action_id, closure_id, marks
    )


def test_every_route_is_classified(session_app: FastAPI) -> None:
    others = [r for r in walk(session_app.routes) if not isinstance(r, APIRoute)]

    assert set(methods(session_app)) == OPEN | BY_COOKIE | set(GUARDED)
    assert {getattr(r, "path", "") for r in others} == {"/api/openapi.json", "/{path:path}"}


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

            may = method == "GET" and operation not in OPERATING
            assert answer.status_code == (200 if may else 403), answer.text


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
