"""Blends of one's own, shared benchmarks and single instruments, beside a portfolio."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import a_key, add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, get, post
from truenav.features.marketdata.benchmarks import ensure_benchmarks

PATH = "/api/v1/benchmarks"
FIRST = date(2026, 1, 30)
SPAN = {"from": "2026-01-30", "to": "2026-02-02"}


def priced(connection: Connection, *closes: str, currency: str = "USD") -> UUID:
    """An instrument with closes on the days of the span."""
    return add_instrument(
        connection,
        prices={FIRST + timedelta(days=place): close for place, close in enumerate(closes)},
        currency=currency,
    )


def part(of: UUID, weight: str, **changes: object) -> dict[str, Any]:
    return {"instrument_id": str(of), "weight_ratio": weight, **changes}


async def portfolio(client: httpx.AsyncClient, connection: Connection, work: Work) -> None:
    """1,000 in something that stands still."""
    account_id = await create_account(client)
    of = priced(connection, "100", "100", "100", "100")
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-30", gross=cash("1000")),
        bought(account_id, of, "2026-01-30", "10", "100"),
    )
    await work(None)


async def make(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(PATH, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def beside(client: httpx.AsyncClient, benchmark: object, **more: str) -> dict[str, Any]:
    found = await get(client, "performance", **SPAN, benchmark=str(benchmark), **more)
    told: dict[str, Any] = found["benchmark"]
    told["line"] = [item["benchmark_ratio"] for item in found["items"]]
    return told


async def test_a_blend_is_brought_back_to_its_weights_at_the_end_of_a_month(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    await portfolio(client, admin_connection, work)
    grows = priced(admin_connection, "100", "200", "200", "400")
    stands = priced(admin_connection, "10", "10", "10", "10")
    body = {"name": "Half and half", "parts": [part(grows, "0.5"), part(stands, "0.5")]}
    monthly = await make(client, body)
    assert (monthly["origin"], monthly["rebalancing"], monthly["version"]) == ("own", "monthly", 1)
    # halves of 1.5 on 31 January: 0.75 x 2 + 0.75 two days later
    told = await beside(client, monthly["id"])
    assert told["line"] == ["0", "0.5", "0.5", "1.25"]
    assert (told["name"], told["basis"]) == ("Half and half", "total")
    assert told["same_flows_closing"] == "2250"
    held = await make(client, {**body, "name": "Held", "rebalancing": "never"})
    assert (await beside(client, held["id"]))["ratio"] == "1.5"

    risk = await get(client, "risk", **SPAN, benchmark_id=monthly["id"])
    assert (risk["benchmark"]["symbol"], risk["benchmark"]["return_count"]) == ("Half and half", 3)


async def test_parts_in_other_currencies_are_converted_before_they_are_mixed(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await create_account(client, base_currency="PHP")
    await post(
        client,
        a_record(account_id, "deposit", "2026-01-30", gross=cash("1000", "PHP"), currency="PHP"),
    )
    await work(None)
    euros = priced(admin_connection, "10", "10", "10", "10", currency="EUR")
    pesos = priced(admin_connection, "10", "10", "10", "10", currency="PHP")
    add_fx_rate(admin_connection, "PHP", FIRST, "40")
    add_fx_rate(admin_connection, "PHP", FIRST + timedelta(days=3), "48")
    mixed = await make(
        client, {"name": "Both sides", "parts": [part(euros, "0.25"), part(pesos, "0.75")]}
    )
    # a quarter of it rose by 20 % with the euro
    told = await beside(client, mixed["id"], account_id=str(account_id))
    assert told["ratio"] == "0.05"


async def test_price_alone_and_total_return_are_told_apart(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    await portfolio(client, admin_connection, work)
    pays = priced(admin_connection, "50", "50", "50", "60")
    # 60 + 2 of 50 less 2 is 25 % with its dividend, 20 % without
    admin_connection.execute(
        "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, cash_amount, currency,"
        " source) VALUES (gen_random_uuid(), %s, 'cash_dividend', '2026-02-02', 2, 'USD', 'test')",
        (pays,),
    )
    total = await beside(client, pays)
    price = await beside(client, pays, benchmark_basis="price")
    assert (total["basis"], total["ratio"]) == ("total", "0.25")
    assert (price["basis"], price["ratio"]) == ("price", "0.2")
    both = await make(
        client,
        {"name": "Both bases", "parts": [part(pays, "0.5"), part(pays, "0.5", basis="price")]},
    )
    told = await beside(client, both["id"])
    assert (told["basis"], told["ratio"]) == ("mixed", "0.225")


async def test_consumer_prices_and_a_spread_a_year(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    admin_connection.execute("DELETE FROM reference_series")  # they are everybody's
    await portfolio(client, admin_connection, work)
    ensure_benchmarks(admin_connection)
    listed = {item["name"]: item for item in (await get(client, "benchmarks"))["items"]}
    prices = listed["US consumer prices"]
    assert (prices["origin"], prices["version"]) == ("shared", None)
    assert prices["parts"][0]["series"] == "CPIAUCSL"
    assert "SPDR S&P 500 ETF Trust" in listed
    unknown = await beside(client, prices["id"])
    assert (unknown["ratio"], unknown["reason"]) == (None, "series_missing")

    for month, value in (("2026-01-01", "320"), ("2026-02-01", "323.2")):
        admin_connection.execute(
            "INSERT INTO reference_series (name, value_date, source, value)"
            " VALUES ('CPIAUCSL', %s, 'fred', %s)",
            (month, value),
        )
    told = await beside(client, prices["id"])
    # 1 % from the first of February on
    assert (told["line"], told["basis"]) == (["0", "0", "0.01", "0.01"], "index")
    series = {"series": "CPIAUCSL", "weight_ratio": "1"}
    more = await make(client, {"name": "Prices + 3 %", "spread_ratio": "0.03", "parts": [series]})
    ratio = Decimal((await beside(client, more["id"]))["ratio"])
    # 1.01 x 1.03 ^ (3 / 365)
    assert abs(ratio - Decimal("0.0102454")) < Decimal("1E-6")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"parts": []}, "/body/parts"),
        ({"parts": [{"weight_ratio": "1"}]}, "/body/parts/0"),
        ({"parts": [{"series": "CPIAUCSL", "weight_ratio": "0.9"}]}, "/body/parts"),
        ({"parts": [{"series": "CPIAUCSL", "weight_ratio": "-1"}]}, "/body/parts/0/weight_ratio"),
        ({"parts": [{"series": "GDP", "weight_ratio": "1"}]}, "/body/parts/0/series"),
        ({"spread_ratio": "1.5"}, "/body/spread_ratio"),
        ({"name": "  "}, "/body/name"),
        ({"rebalancing": "hourly"}, "/body/rebalancing"),
    ],
)
async def test_what_cannot_be_is_refused_beside_its_field(
    client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    body = {"name": "A blend", "parts": [{"series": "CPIAUCSL", "weight_ratio": "1"}]}
    answer = await client.post(PATH, json={**body, **changes}, headers=a_key())
    assert answer.status_code == 422, answer.text
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_blends_are_changed_and_taken_out_by_version(client: httpx.AsyncClient) -> None:
    series = {"series": "CPIAUCSL", "weight_ratio": "1"}
    made = await make(client, {"name": "Mine", "parts": [series]})
    one = f"{PATH}/{made['id']}"
    body = {"name": "Renamed", "parts": [series], "spread_ratio": "0.02", "version": 1}
    changed = await client.put(one, json=body)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["version"]) == ("Renamed", 2)
    assert (await client.get(one)).json() == changed.json()
    stale = await client.put(one, json={**body, "name": "Too late"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    await make(client, {"name": "Other", "parts": [series]})
    taken = await client.put(one, json={**body, "name": "Other", "version": 2})
    assert (taken.status_code, taken.json()["code"]) == (409, "benchmark_name_taken")
    again = await client.post(PATH, json={"name": "Other", "parts": [series]}, headers=a_key())
    assert (again.status_code, again.json()["code"]) == (409, "benchmark_name_taken")
    assert (await client.delete(one, params={"version": 1})).status_code == 409
    assert (await client.delete(one, params={"version": 2})).status_code == 204
    assert (await client.get(one)).status_code == 404
    missing = await client.get("/api/v1/performance", params={"benchmark": str(uuid4())})
    assert missing.status_code == 404


async def test_prices_of_the_parts_of_a_blend_are_followed(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    of = add_instrument(admin_connection, is_listed=True)
    admin_connection.execute("UPDATE instruments SET wanted_at = NULL WHERE id = %s", (of,))
    await make(client, {"name": "Followed", "parts": [part(of, "1")]})
    wanted = admin_connection.execute(
        "SELECT wanted_at IS NOT NULL FROM instruments WHERE id = %s", (of,)
    ).fetchone()
    assert wanted == (True,)
