"""Instruments found at providers, added by hand, renamed; and that nobody learns of another's."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, a_purchase, add_instrument, create_account
from tests.conftest import NOON, ORIGIN, ClientMaker, Connection
from tests.loopback import Answer, Asked, Loopback, loopback
from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import InstrumentRef
from truenav.entrypoints.api.app import create_app
from truenav.features.instruments.service import find_known, resolve
from truenav.platform.clock import FakeClock
from truenav.platform.settings import Settings
from truenav.platform.tokens import TokenSigner
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

INSTRUMENTS = "/api/v1/instruments"
TODAY = date(2026, 3, 5)


def a_symbol() -> str:
    """A symbol no other test has."""
    return f"H{uuid4().hex[:9].upper()}"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "symbol": a_symbol(), "name": "The house", "currency": "USD", "asset_class": "other",
        **changes,
    }  # fmt: skip


async def add(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(INSTRUMENTS, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def finds(client: httpx.AsyncClient, words: str) -> list[str]:
    answer = await client.get(f"{INSTRUMENTS}/search", params={"q": words})
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


class TestAdding:
    async def test_what_is_added_is_found_and_recorded_by_who_added_it_alone(
        self, client: httpx.AsyncClient, other_client: httpx.AsyncClient
    ) -> None:
        body = typed(exchange="PRIV")
        made = await add(client, body)

        assert {name: made[name] for name in body} == body
        assert made["is_listed"] is False
        assert await finds(client, body["symbol"].lower()) == [made["id"]]
        account_id = await create_account(client)
        bought = await client.post(
            "/api/v1/transactions",
            json=a_purchase(account_id, UUID(made["id"])),
            headers=a_key(),
        )
        assert bought.status_code == 201, bought.text
        assert await finds(other_client, body["symbol"]) == []
        assert (await other_client.get(f"{INSTRUMENTS}/{made['id']}")).status_code == 404

    async def test_added_again_it_is_the_same(self, client: httpx.AsyncClient) -> None:
        body = typed()
        first, again = await add(client, body), await add(client, {**body, "name": "Other words"})

        assert again == first

    async def test_a_listed_one_is_meant_by_its_ticker(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        symbol = a_symbol()
        listed = add_instrument(admin_connection, symbol=symbol)

        assert (await add(client, typed(symbol=symbol)))["id"] == str(listed)
        assert (await add(client, typed(symbol=symbol, currency="EUR")))["id"] != str(listed)

    async def test_a_bare_ticker_tells_nothing_of_what_others_call_so(
        self,
        client: httpx.AsyncClient,
        other_client: httpx.AsyncClient,
        member: Member,
        other_member: Member,
        sessions: Sessions,
    ) -> None:
        symbol = a_symbol()
        theirs = await add(other_client, typed(symbol=symbol, name="Loan to Bob"))
        ours = await add(client, typed(symbol=symbol, name="Loan to Eve"))

        assert ours["id"] != theirs["id"]
        assert ours["name"] == "Loan to Eve"
        # and each one's files mean its own
        ref = InstrumentRef(symbol=symbol, currency="USD")
        for who, made in ((member, ours), (other_member, theirs)):
            async with open_unit_of_work(sessions, who.tenant_id) as uow:
                known = await find_known(uow, [ref], TODAY)
                found = await resolve(uow, [ref], TODAY)
            assert known == found == {ref: InstrumentId(UUID(made["id"]))}

    async def test_one_isin_is_one_instrument(
        self, client: httpx.AsyncClient, other_client: httpx.AsyncClient
    ) -> None:
        isin = "GB0002634946"
        first = await add(client, typed(isin=isin))
        other = await add(other_client, typed(isin=isin))
        # the ticker of the first with another ISIN is another thing
        third = await add(client, typed(symbol=first["symbol"], isin="US0378331005"))

        assert other["id"] == first["id"]
        assert third["id"] != first["id"]

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"symbol": ""}, "/body/symbol"),
            ({"symbol": " X"}, "/body/symbol"),
            ({"symbol": "X\n"}, "/body/symbol"),
            ({"name": ""}, "/body/name"),
            ({"currency": "XXX"}, "/body/currency"),
            ({"currency": "GBp"}, "/body/currency"),
            ({"asset_class": "house"}, "/body/asset_class"),
            ({"isin": "US0378331006"}, "/body/isin"),
            ({"exchange": "nyse"}, "/body/exchange"),
        ],
    )
    async def test_what_is_none_is_refused_beside_its_field(
        self, client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
    ) -> None:
        answer = await client.post(INSTRUMENTS, json=typed(**changes), headers=a_key())

        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]


TIINGO = (
    b'[{"ticker": "AAPL", "name": "Apple Inc", "assetType": "Stock", "countryCode": "US"},'
    b' {"ticker": "APLE", "name": "Apple Hospitality", "assetType": "Stock", "countryCode": "US"}]'
)


@pytest.fixture
def tiingo() -> Iterator[Loopback]:
    with loopback(Answer(body=TIINGO)) as server:
        yield server


@pytest.fixture
async def searching(
    settings: Settings, clock: FakeClock, member: Member, signer: TokenSigner, tiingo: Loopback,
    redis_url: str,
) -> AsyncIterator[httpx.AsyncClient]:  # fmt: skip
    """An application that may ask Tiingo."""
    del redis_url  # emptied before
    chosen = replace(
        settings.providers,
        keys={"tiingo": "k"},
        base_urls={"tiingo": tiingo.url, "openfigi": tiingo.url},
    )
    app = create_app(replace(settings, providers=chosen), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=ORIGIN,
            headers=member.headers(signer, NOON),
        ) as made,
    ):  # fmt: skip
        yield made


class TestSearch:
    async def test_providers_are_asked_when_one_asks_for_it(
        self, searching: httpx.AsyncClient, tiingo: Loopback, admin_connection: Connection
    ) -> None:
        ours = add_instrument(admin_connection, symbol="APLE")
        params = {"q": "apple", "ask_providers": "true"}
        plain = (await searching.get(f"{INSTRUMENTS}/search", params={"q": "aple"})).json()
        assert tiingo.asked == []
        both = (await searching.get(f"{INSTRUMENTS}/search", params={**params, "q": "aple"})).json()

        assert (plain["found"], plain["not_asked"]) == ([], "not_wanted")
        assert str(ours) in [item["id"] for item in both["items"]]
        # what is ours already is not listed a second time
        assert both["found"] == [
            {
                "symbol": "AAPL", "name": "Apple Inc", "exchange": None, "currency": "USD",
                "asset_class": "equity", "source": "tiingo",
            }
        ]  # fmt: skip
        assert both["asked"] == [{"source": "tiingo", "outcome": "ok"}]
        assert both["not_asked"] is None
        assert [asked.query["query"] for asked in tiingo.asked] == ["aple"]

    async def test_a_provider_that_fails_is_told_and_ours_stand(
        self, searching: httpx.AsyncClient, tiingo: Loopback, admin_connection: Connection
    ) -> None:
        tiingo.answers[:] = [Answer(status=403)]
        symbol = a_symbol()
        made = add_instrument(admin_connection, symbol=symbol)
        params = {"q": symbol, "ask_providers": "true"}

        body = (await searching.get(f"{INSTRUMENTS}/search", params=params)).json()

        assert [item["id"] for item in body["items"]] == [str(made)]
        assert body["asked"] == [{"source": "tiingo", "outcome": "plan_forbids"}]

    async def test_an_isin_is_asked_of_who_knows_identifiers(
        self, searching: httpx.AsyncClient, tiingo: Loopback
    ) -> None:
        figi = {"figi": "BBG000B9XRY4", "compositeFIGI": "BBG000B9XRY4", "exchCode": "US",
                "name": "APPLE INC", "ticker": "AAPL"}  # fmt: skip

        def answer(asked: Asked) -> Answer:
            told: object = [{"data": [figi]}] if asked.path == "/v3/mapping" else []
            return Answer(body=json.dumps(told).encode())

        tiingo.answers[:] = [answer]
        params = {"q": "US0378331005", "ask_providers": "true"}
        body = (await searching.get(f"{INSTRUMENTS}/search", params=params)).json()

        assert [
            (f["symbol"], f["exchange"], f["currency"], f["source"]) for f in body["found"]
        ] == [("AAPL", "US", None, "openfigi")]
        assert json.loads(tiingo.asked[-1].body) == [
            {"idType": "ID_ISIN", "idValue": "US0378331005"}
        ]

    async def test_searches_at_providers_have_an_end(self, searching: httpx.AsyncClient) -> None:
        params = {"q": "apple", "ask_providers": "true"}
        codes = [
            (await searching.get(f"{INSTRUMENTS}/search", params=params)).status_code
            for _ in range(21)
        ]

        assert codes == [200] * 20 + [429]

    async def test_without_a_provider_it_says_so(self, client: httpx.AsyncClient) -> None:
        params = {"q": "apple", "ask_providers": "true"}
        body = (await client.get(f"{INSTRUMENTS}/search", params=params)).json()

        assert (body["found"], body["asked"], body["not_asked"]) == ([], [], "nobody")

    async def test_offline_it_says_so(
        self, settings: Settings, clock: FakeClock, member: Member, signer: TokenSigner
    ) -> None:
        chosen = replace(settings.providers, is_offline=True)
        app = create_app(replace(settings, providers=chosen), clock)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url=ORIGIN,
                headers=member.headers(signer, NOON),
            ) as client,
        ):  # fmt: skip
            params = {"q": "apple", "ask_providers": "true"}
            body = (await client.get(f"{INSTRUMENTS}/search", params=params)).json()

        assert body["not_asked"] == "offline"


class TestRenaming:
    @pytest.fixture
    def operator(
        self, admin_connection: Connection, member: Member, make_client: ClientMaker
    ) -> httpx.AsyncClient:
        """The client of somebody who operates the installation."""
        admin_connection.execute(
            "UPDATE users SET is_operator = true WHERE id = %s", (member.user_id,)
        )
        return make_client(member)

    async def rename(
        self, client: httpx.AsyncClient, made: UUID, symbol: str, day: str = "2024-01-02"
    ) -> httpx.Response:
        return await client.post(
            f"/api/v1/operations/data/instruments/{made}/rename",
            json={"symbol": symbol, "from_date": day},
        )

    async def test_the_old_ticker_stays_its_name_before_the_day(
        self, operator: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        old, new = a_symbol(), a_symbol()
        made = add_instrument(admin_connection, symbol=old)

        done = await self.rename(operator, made, new)
        again = await self.rename(operator, made, new)
        earlier = await self.rename(operator, made, a_symbol(), "2023-01-02")

        assert [a.status_code for a in (done, again, earlier)] == [204, 409, 409]
        told = (await operator.get(f"{INSTRUMENTS}/{made}")).json()
        assert told["symbol"] == new
        names = [(a["value"], a["valid_from"], a["valid_to"]) for a in told["aliases"]]
        assert names == [(old, "1900-01-01", "2024-01-02"), (new, "2024-01-02", None)]

    async def test_a_ticker_of_another_on_that_exchange_is_refused(
        self, operator: httpx.AsyncClient
    ) -> None:
        first = await add(operator, typed(exchange="XPRV"))
        second = await add(operator, typed(exchange="XPRV"))

        answer = await self.rename(operator, UUID(second["id"]), first["symbol"])

        assert (answer.status_code, answer.json()["code"]) == (409, "ticker_taken")
        # the request's transaction goes on after the refusal
        assert (await finds(operator, second["symbol"])) == [second["id"]]

    async def test_only_an_operator_renames(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        made = add_instrument(admin_connection)

        assert (await self.rename(client, made, a_symbol())).status_code == 403
