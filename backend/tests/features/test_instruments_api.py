"""Instruments through the API: searched, looked at, and private where they are."""

from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import a_key, a_purchase, add_instrument, create_account
from tests.conftest import Connection

INSTRUMENTS = "/api/v1/instruments"
LIST = "UPDATE instruments SET is_listed = %s WHERE id = %s"


def a_symbol(start: str) -> str:
    """A symbol no other test has."""
    return f"{start}{uuid4().hex[:7].upper()}"


async def symbols(client: httpx.AsyncClient, **params: str) -> list[str]:
    answer = await client.get(INSTRUMENTS, params=params)
    assert answer.status_code == 200, answer.text
    return [item["symbol"] for item in answer.json()["items"]]


async def test_search_finds_by_symbol_and_by_name_whatever_the_case(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    symbol = a_symbol("QF")
    add_instrument(admin_connection, symbol=symbol)
    assert await symbols(client, query=symbol) == [symbol]
    assert await symbols(client, query=symbol.lower()) == [symbol]
    assert await symbols(client, query=f"{symbol} inc") == [symbol]
    assert await symbols(client, query=f"{symbol}-not") == []


async def test_signs_of_a_pattern_are_taken_as_text(client: httpx.AsyncClient) -> None:
    assert await symbols(client, query="%%%___") == []


async def test_pages_follow_each_other_without_a_gap(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    start = a_symbol("QG")
    made = sorted(f"{start}{letter}" for letter in "DBACE")
    for symbol in made:
        add_instrument(admin_connection, symbol=symbol)
    found: list[str] = []
    params = {"query": start, "limit": "2"}
    while True:
        body = (await client.get(INSTRUMENTS, params=params)).json()
        found += [item["symbol"] for item in body["items"]]
        if not body["has_more"]:
            break
        params["cursor"] = body["next_cursor"]
    assert found == made


async def test_one_instrument_says_what_it_is_called(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    symbol = a_symbol("QH")
    instrument_id = add_instrument(admin_connection, symbol=symbol, currency="EUR")
    admin_connection.execute(
        "INSERT INTO instrument_aliases"
        " (id, instrument_id, scheme, value, currency, valid_from, valid_to)"
        " VALUES (%s, %s, 'isin', %s, 'EUR', '1990-01-01', '2010-01-01')",
        (uuid4(), instrument_id, f"XX{uuid4().hex[:10].upper()}"),
    )
    body = (await client.get(f"{INSTRUMENTS}/{instrument_id}")).json()
    assert (body["id"], body["symbol"], body["currency"]) == (str(instrument_id), symbol, "EUR")
    known = [(alias["scheme"], alias["valid_to"]) for alias in body["aliases"]]
    assert known == [("isin", "2010-01-01"), ("symbol", None)]


class TestPrivate:
    """An instrument that is not listed came out of somebody's file."""

    @pytest.fixture
    def private(self, admin_connection: Connection) -> UUID:
        return add_instrument(admin_connection, symbol=a_symbol("QP"), is_listed=False)

    async def test_nobody_sees_it_but_who_has_records_of_it(
        self,
        client: httpx.AsyncClient,
        other_client: httpx.AsyncClient,
        private: UUID,
        admin_connection: Connection,
    ) -> None:
        path = f"{INSTRUMENTS}/{private}"
        assert (await client.get(path)).status_code == 404
        account = await create_account(client)
        # as an import leaves it: there are records, and the catalogue does not list it
        admin_connection.execute(LIST, (True, private))
        answer = await client.post(
            "/api/v1/transactions", json=a_purchase(account, private), headers=a_key()
        )
        assert answer.status_code == 201, answer.text
        admin_connection.execute(LIST, (False, private))
        assert (await client.get(path)).status_code == 200
        assert (await other_client.get(path)).status_code == 404

    async def test_search_does_not_tell_of_it(
        self, client: httpx.AsyncClient, private: UUID, admin_connection: Connection
    ) -> None:
        row = admin_connection.execute(
            "SELECT symbol FROM instruments WHERE id = %s", (private,)
        ).fetchone()
        assert row is not None
        assert await symbols(client, query=str(row[0])) == []


async def test_what_is_not_there_and_what_is_no_id(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{INSTRUMENTS}/{uuid4()}")).status_code == 404
    assert (await client.get(f"{INSTRUMENTS}/no-id")).status_code == 422
    assert (await client.get(INSTRUMENTS, params={"query": "x" * 81})).status_code == 422


async def test_nobody_looks_without_logging_in(anonymous_client: httpx.AsyncClient) -> None:
    assert (await anonymous_client.get(INSTRUMENTS)).status_code == 401
    assert (await anonymous_client.get(f"{INSTRUMENTS}/{uuid4()}")).status_code == 401
