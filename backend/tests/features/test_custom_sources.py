"""A tenant's own source of a price: what is read, what is refused, whose prices it makes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, a_key, a_purchase, add_instrument, create_account
from tests.conftest import NOON, ORIGIN, Connection
from tests.features.conftest import Work, announced, run_request
from tests.loopback import Answer, Loopback, loopback
from truenav.core.errors import TruenavError
from truenav.entrypoints.api.app import create_app
from truenav.features.marketdata.custom import Due, fetch_all
from truenav.features.marketdata.custom_reading import Recipe, read_document
from truenav.platform.clock import FakeClock, new_id
from truenav.platform.jobs import JobContext, configure_jobs
from truenav.platform.outbound import Outbound, OutboundRules
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings
from truenav.platform.tokens import TokenSigner

JSON = {"Content-Type": "application/json"}
TODAY = date(2026, 3, 5)
TRIAL = OutboundRules(may_reach_loopback=True)


def a_recipe(**changes: Any) -> Recipe:
    plain = {
        "url": "https://rates.example.com/x", "price_path": "p", "date_path": None,
        "currency_path": None, "currency": "USD", "factor": Decimal(1),
    }  # fmt: skip
    return Recipe(**{**plain, **changes})


@pytest.mark.parametrize(
    ("body", "changes", "price", "day"),
    [
        # a binary fraction would be 104.099999999999994315658113919198513031005859375
        (b'{"p": 104.1}', {}, "104.1", TODAY),
        (b'{"p": "104.123456789012345678"}', {}, "104.123456789012345678", TODAY),
        (b'{"p": 1.5e2}', {}, "150", TODAY),
        (b'{"p": 250}', {"currency": "GBp"}, "2.5", TODAY),
        (b'{"p": 3, "c": "GBX"}', {"currency": None, "currency_path": "c"}, "0.03", TODAY),
        (b'{"p": 2}', {"factor": Decimal("0.5")}, "1", TODAY),
        (b'{"p": 2, "d": "2026-03-02"}', {"date_path": "d"}, "2", date(2026, 3, 2)),
        (b'{"p": 2, "d": "2026-03-02T23:30:00-05:00"}', {"date_path": "d"}, "2", date(2026, 3, 2)),
        # `date -u -d @1772409600` says 2026-03-02 00:00:00
        (b'{"p": 2, "d": 1772409600}', {"date_path": "d"}, "2", date(2026, 3, 2)),
        (b'{"p": 2, "d": 1772409599999}', {"date_path": "d"}, "2", date(2026, 3, 1)),
    ],
)
def test_a_document_is_read(body: bytes, changes: dict[str, Any], price: str, day: date) -> None:
    currency = "GBP" if b"GBX" in body or changes.get("currency") == "GBp" else "USD"

    read = read_document(body, a_recipe(**changes), currency, TODAY)

    assert (read.price, read.price_date) == (Decimal(price), day)


@pytest.mark.parametrize(
    ("body", "changes", "why"),
    [
        (b"<html>", {}, "no JSON"),
        (b'{"p": NaN}', {}, "no JSON"),
        (b"[" * 100_000, {}, "no JSON"),
        (b'{"p": ' + b"9" * 5000 + b"}", {}, "no JSON"),
        (b'{"p": 0}', {}, "is no price"),
        (b'{"p": -1}', {}, "is no price"),
        (b'{"p": true}', {}, "is no price"),
        (b'{"p": null}', {}, "is no price"),
        (b'{"p": [1]}', {}, "a list is no price"),
        (b'{"p": "1,234.50"}', {}, "is no price"),
        (b'{"p": "1_000"}', {}, "is no price"),
        (b'{"p": "12%"}', {}, "is no price"),
        (b'{"p": 1e999999999}', {}, "is no price"),
        (b'{"p": 1e-30}', {}, "is no price"),
        (b'{"p": 0.' + b"1" * 5000 + b"}", {}, "is no price"),
        (b'{"q": 1}', {}, "no p at the top; there is: q"),
        (b'{"p": 1, "c": "EUR"}', {"currency": None, "currency_path": "c"}, "in EUR"),
        (b'{"p": 1, "c": 5}', {"currency": None, "currency_path": "c"}, "no currency"),
        (b'{"p": 1, "d": "2026-03-07"}', {"date_path": "d"}, "today or an earlier day"),
        (b'{"p": 1, "d": "05/03/2026"}', {"date_path": "d"}, "is no day"),
        (b'{"p": 1, "d": "2026-02-30"}', {"date_path": "d"}, "2026-02-30"),
        (b'{"p": 1, "d": 9e40}', {"date_path": "d"}, "9E"),
    ],
)
def test_what_is_no_price_is_told(body: bytes, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(TruenavError, match=why):
        read_document(body, a_recipe(**changes), "USD", TODAY)


def test_a_round_ends_with_its_time() -> None:
    due = [Due(instrument_id=new_id(), version=1, recipe=a_recipe(), currency="USD")] * 3
    ticks = iter([0.0, 0.0, 239.0, 240.0])
    outbound = Outbound(TRIAL, resolve=lambda _name, _port: ["10.0.0.1"])

    found = fetch_all(outbound, due, TODAY, lambda: next(ticks))

    assert [outcome.error for outcome in found] == [
        "address_refused: the name leads to no public address"
    ] * 2


@pytest.fixture(scope="module")
async def trial_client(
    settings: Settings, session_clock: FakeClock
) -> AsyncIterator[httpx.AsyncClient]:
    """An application whose people's URLs may lead to this machine."""
    chosen = replace(settings.providers, may_reach_loopback=True)
    app = create_app(replace(settings, providers=chosen), session_clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as made,
    ):
        yield made


@pytest.fixture
def trial(
    trial_client: httpx.AsyncClient, member: Member, signer: TokenSigner, clock: FakeClock
) -> Any:
    """The same, asked by the test's member, with the clock set back."""
    trial_client.headers.update(member.headers(signer, clock.now()))
    return trial_client


@pytest.fixture
def fetching(jobs: None, settings: Settings, clock: FakeClock, job_queue: JobQueue) -> None:
    """Jobs of this process fetch from this machine."""
    del jobs  # told again, with one thing more
    assert settings.database.worker is not None
    configure_jobs(
        JobContext(
            settings.database.worker,
            job_queue,
            clock,
            settings.database.ingest,
            outbound=Outbound(TRIAL),
        )
    )


def path(instrument_id: UUID, tail: str = "") -> str:
    return f"/api/v1/instruments/{instrument_id}/custom-source{tail}"


def a_source(server: Loopback, **changes: Any) -> dict[str, Any]:
    return {"url": f"{server.url}/q", "price_path": "data[0].p", "currency": "USD", **changes}


async def refresh(connection: Connection, member: Member) -> None:
    """A round, as the schedule asks for it."""
    for request in announced(connection, "marketdata.own_sources_due", tenant_id=member.tenant_id):
        await run_request(request)


async def told(client: httpx.AsyncClient, instrument_id: UUID) -> list[tuple[str, str, str]]:
    answer = await client.get(f"/api/v1/instruments/{instrument_id}/prices")
    return [(i["price_date"], i["close"], i["source"]) for i in answer.json()["items"]]


async def test_trying_shows_what_would_be_read_and_stores_nothing(
    trial: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    with loopback(Answer(body=b'{"data": [{"p": 104.10}]}', headers=JSON)) as server:
        tried = await trial.post(path(made, "/test"), json=a_source(server))
        lost = await trial.post(path(made, "/test"), json=a_source(server, price_path="data[1]"))

    assert tried.json() == {"price": "104.1", "currency": "USD", "price_date": "2026-03-05"}
    assert (lost.status_code, lost.json()["code"]) == (422, "nothing_there")
    assert "a list of 1 stands there" in lost.json()["detail"]
    assert (await trial.get(path(made))).json() == {"source": None}
    assert await told(trial, made) == []


@pytest.mark.usefixtures("fetching")
async def test_a_round_sets_prices_of_the_tenants_own(
    trial: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    work: Work,
) -> None:
    made = add_instrument(admin_connection, prices={date(2026, 3, 5): "90"})
    account_id = await create_account(trial)
    body = a_purchase(account_id, made, trade_date="2026-01-05", quantity="2", price="500")
    assert (await trial.post("/api/v1/transactions", json=body, headers=a_key())).is_success
    await work(None)
    with loopback(
        Answer(body=b'{"data": [{"p": 104.10}]}', headers=JSON),
        Answer(body=b'{"data": [{"p": 105}]}', headers=JSON),
        Answer(status=500, headers=JSON),
    ) as server:
        set_up = await trial.put(path(made), json=a_source(server))
        await refresh(admin_connection, member)
        first, done = await told(trial, made), await work(None)
        await refresh(admin_connection, member)
        second = await told(trial, made)
        await refresh(admin_connection, member)

    assert set_up.status_code == 200, set_up.text
    assert first == [("2026-03-05", "104.1", "custom")]
    assert done == ["rebuild_nav"]
    assert second == [("2026-03-05", "105", "custom")]
    source = (await trial.get(path(made))).json()["source"]
    assert (source["last_price"], source["last_price_date"]) == ("105", "2026-03-05")
    assert (source["last_error"], source["version"]) == (
        "fetch_failed: it answered with status 500", 1,
    )  # fmt: skip
    holding = (await trial.get("/api/v1/holdings")).json()["items"][0]
    assert (holding["market_value"], holding["price_source"]) == ("210", "custom")
    # shared prices are as they were, for everybody else too
    assert await told(other_client, made) == [("2026-03-05", "90", "test")]
    assert (await other_client.get(path(made))).json() == {"source": None}


@pytest.mark.usefixtures("fetching")
async def test_a_price_set_by_hand_stays(
    trial: httpx.AsyncClient, member: Member, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    by_hand = {"close": "7", "currency": "USD"}
    one_day = f"/api/v1/instruments/{made}/manual-prices/2026-03-05"
    with loopback(Answer(body=b'{"data": [{"p": 9}]}', headers=JSON)) as server:
        await trial.put(path(made), json=a_source(server))
        await trial.put(one_day, json=by_hand)
        await refresh(admin_connection, member)
        kept = await told(trial, made)
        await trial.delete(one_day, params={"version": 1})
        await refresh(admin_connection, member)
        fetched = await told(trial, made)
        changed = await trial.put(one_day, json={**by_hand, "version": 1})
        await refresh(admin_connection, member)

    assert kept == [("2026-03-05", "7", "manual")]
    assert fetched == [("2026-03-05", "9", "custom")]
    assert changed.json()["source"] == "manual"
    assert await told(trial, made) == [("2026-03-05", "7", "manual")]


@pytest.mark.usefixtures("fetching")
async def test_a_job_delivered_twice_fetches_once(
    trial: httpx.AsyncClient, member: Member, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    topic = "marketdata.own_sources_due"
    with loopback(Answer(body=b'{"data": [{"p": 9}]}', headers=JSON)) as server:
        await trial.put(path(made), json=a_source(server))
        (request,) = announced(admin_connection, topic, tenant_id=member.tenant_id)
        for _ in range(2):
            await run_request(request)

    assert len(server.asked) == 1


@pytest.mark.usefixtures("fetching")
async def test_a_change_names_the_version_it_saw(
    trial: httpx.AsyncClient, admin_connection: Connection, member: Member
) -> None:
    made = add_instrument(admin_connection)
    with loopback(Answer(body=b'{"data": [{"p": 9}]}', headers=JSON)) as server:
        source = a_source(server)
        first = await trial.put(path(made), json=source)
        again = await trial.put(path(made), json=source)
        await refresh(admin_connection, member)
        changed = await trial.put(path(made), json={**source, "factor": "2", "version": 1})
        late = await trial.put(path(made), json={**source, "version": 1})
        gone_late = await trial.delete(path(made), params={"version": 1})
        gone = await trial.delete(path(made), params={"version": 2})
        missing = await trial.delete(path(made), params={"version": 2})

    assert [a.status_code for a in (first, again, changed, late)] == [200, 409, 200, 409]
    assert (changed.json()["version"], changed.json()["last_price"]) == (2, None)
    assert late.json()["current"] == {"version": 2}
    assert [a.status_code for a in (gone_late, gone, missing)] == [409, 204, 404]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "http://example.com/x"}, "/body/url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "/body/url"),
        ({"url": "https://localhost:5432/"}, "/body/url"),
        ({"price_path": "data[*].p"}, "/body/price_path"),
        ({"date_path": "data..d"}, "/body/date_path"),
        ({"currency": None}, "/body/currency"),
        ({"currency_path": "c"}, "/body/currency"),
        ({"currency": "EUR"}, "/body/currency"),
        ({"factor": "0"}, "/body/factor"),
        ({"factor": "NaN"}, "/body/factor"),
    ],
)
async def test_what_cannot_work_is_refused_beside_its_field(
    client: httpx.AsyncClient, admin_connection: Connection, changes: dict[str, Any], pointer: str
) -> None:
    made = add_instrument(admin_connection)
    plain = {"url": "https://example.com/x", "price_path": "p", "currency": "USD"}

    for answer in (
        await client.put(path(made), json={**plain, **changes}),
        await client.post(path(made, "/test"), json={**plain, **changes}),
    ):
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]


async def test_trying_has_an_end(client: httpx.AsyncClient, admin_connection: Connection) -> None:
    made = add_instrument(admin_connection)
    # a name without an address: nothing leaves this machine
    body = {"url": "https://nobody.invalid/x", "price_path": "p", "currency": "USD"}

    codes = [(await client.post(path(made, "/test"), json=body)).json()["code"] for _ in range(31)]

    assert codes == ["address_refused"] * 30 + ["too_many_attempts"]


async def test_offline_nothing_is_fetched(
    settings: Settings,
    clock: FakeClock,
    member: Member,
    signer: TokenSigner,
    admin_connection: Connection,
) -> None:
    made = add_instrument(admin_connection)
    chosen = replace(settings.providers, is_offline=True)
    app = create_app(replace(settings, providers=chosen), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=ORIGIN,
            headers=member.headers(signer, NOON),
        ) as client,
    ):  # fmt: skip
        body = {"url": "https://example.com/x", "price_path": "p", "currency": "USD"}
        answer = await client.post(path(made, "/test"), json=body)

    assert (answer.status_code, answer.json()["code"]) == (503, "offline")
