"""A tenant's own prices: what they change for it, that nobody else sees them, what is refused."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, a_purchase, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work


@pytest.fixture
def house(admin_connection: Connection) -> UUID:
    """Something no source prices."""
    return add_instrument(admin_connection, asset_class="other")


async def buy(client: httpx.AsyncClient, instrument_id: UUID, day: str = "2026-01-05") -> UUID:
    account_id = await create_account(client)
    body = a_purchase(account_id, instrument_id, trade_date=day, quantity="2", price="500")
    answer = await client.post("/api/v1/transactions", json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    return account_id


def path(instrument_id: UUID, day: str = "") -> str:
    return f"/api/v1/instruments/{instrument_id}/manual-prices" + (f"/{day}" if day else "")


async def put(
    client: httpx.AsyncClient, instrument_id: UUID, day: str, **body: Any
) -> httpx.Response:
    plain = {"close": "600", "currency": "USD", **body}
    return await client.put(path(instrument_id, day), json=plain)


async def holding(client: httpx.AsyncClient, instrument_id: UUID) -> dict[str, Any]:
    items = (await client.get("/api/v1/holdings")).json()["items"]
    return next(i for i in items if i["instrument_id"] == str(instrument_id))


async def nav_of(client: httpx.AsyncClient, day: str) -> str | None:
    params = {"from": day, "to": day}
    (point,) = (await client.get("/api/v1/nav", params=params)).json()["items"]
    nav: str | None = point["nav"]
    return nav


async def test_a_price_of_ones_own_values_what_nobody_prices(
    client: httpx.AsyncClient, house: UUID, work: Work
) -> None:
    await buy(client, house)
    await work(None)
    unpriced = await holding(client, house)

    answer = await put(client, house, "2026-03-02", note="appraisal")
    done = await work(None)

    assert (unpriced["market_value"], unpriced["unknown_reasons"]) == (None, ["price_missing"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["note"]) == (1, "appraisal")
    assert done == ["rebuild_nav"]
    now = await holding(client, house)
    assert (now["market_value"], now["price_source"], now["price_date"]) == (
        "1200", "manual", "2026-03-02",
    )  # fmt: skip
    # cash is -999: the builder's fee of -1 is a rebate
    assert await nav_of(client, "2026-03-02") == "201"
    assert await nav_of(client, "2026-03-01") is None


async def test_it_counts_before_every_source_for_that_tenant_alone(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    admin_connection: Connection,
) -> None:
    made = add_instrument(admin_connection, prices={})
    admin_connection.execute(
        "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
        " SELECT %s, day, 'tiingo', 10, 'USD'"
        " FROM unnest(array['2026-03-02', '2026-03-03']::date[]) day",
        (made,),
    )
    assert (await put(client, made, "2026-03-03", close="12")).status_code == 200

    async def told(who: httpx.AsyncClient) -> tuple[Any, ...]:
        body = (await who.get(f"/api/v1/instruments/{made}/prices")).json()
        params = {"instrument_ids": str(made)}
        (bulk,) = (await who.get("/api/v1/prices/bulk", params=params)).json()["items"]
        listed = (await who.get(path(made))).json()["items"]
        closes = [(item["close"], item["source"]) for item in body["items"]]
        return closes, bulk["price"], bulk["previous_price"], len(listed)

    assert await told(client) == ([("10", "tiingo"), ("12", "manual")], "12", "10", 1)
    assert await told(other_client) == ([("10", "tiingo"), ("10", "tiingo")], "10", "10", 0)


async def test_an_edit_names_the_version_it_saw(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    await put(client, made, "2026-03-02")
    again = await put(client, made, "2026-03-02", close="700")
    changed = await put(client, made, "2026-03-02", close="700", version=1)
    late = await put(client, made, "2026-03-02", close="800", version=1)
    gone_late = await client.delete(path(made, "2026-03-02"), params={"version": 1})
    gone = await client.delete(path(made, "2026-03-02"), params={"version": 2})
    missing = await client.delete(path(made, "2026-03-02"), params={"version": 2})

    assert [a.status_code for a in (again, changed, late)] == [409, 200, 409]
    assert (changed.json()["close"], changed.json()["version"]) == ("700", 2)
    assert late.json()["current"] == {"version": 2}
    assert [a.status_code for a in (gone_late, gone, missing)] == [409, 204, 404]


@pytest.mark.parametrize(
    ("day", "body", "field"),
    [
        ("2026-03-02", {"close": "0"}, "/body/close"),
        ("2026-03-02", {"close": "-1"}, "/body/close"),
        ("2026-03-02", {"close": "NaN"}, "/body/close"),
        ("2026-03-02", {"close": 5}, "/body/close"),
        ("2026-03-02", {"currency": "EUR"}, "/body/currency"),
        ("2026-03-07", {}, "/path/price_date"),
        ("1899-12-31", {}, "/path/price_date"),
        ("1772409600", {}, "/path/price_date"),
    ],
)
async def test_what_is_no_price_names_the_field(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    day: str,
    body: dict[str, Any],
    field: str,
) -> None:
    answer = await put(client, add_instrument(admin_connection), day, **body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [field]


async def paste(client: httpx.AsyncClient, instrument_id: UUID, text: str) -> dict[str, Any]:
    body = {"text": text, "currency": "USD"}
    answer = await client.post(f"{path(instrument_id)}/paste", json=body, headers=a_key())
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_lines_are_stored_together_and_a_repeat_changes_nothing(
    client: httpx.AsyncClient, house: UUID, work: Work
) -> None:
    await buy(client, house)
    await work(None)
    text = "date,close\n2026-02-02,550\n\n2026-02-03;560.25\n"

    first = await paste(client, house, text)
    done = await work(None)
    again = await paste(client, house, text.replace("560.25", "561"))
    same = await paste(client, house, "2026-02-03\t561")

    counts = ("stored_count", "replaced_count", "unchanged_count")
    assert [first[name] for name in counts] == [2, 0, 0]
    assert [again[name] for name in counts] == [0, 1, 1]
    assert [same[name] for name in counts] == [0, 0, 1]
    assert done == ["rebuild_nav"]
    assert await nav_of(client, "2026-02-02") == "101"  # 2 × 550 − 999


async def test_with_one_bad_line_nothing_is_stored(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    lines = ["2026-02-02,5", "2026-02-30,5", "02/03/2026,5", "2026-02-04,1,5", "2026-02-02,6",
             "2026-02-05,0", "2026-02-06,1e5", "2026-04-01,5"]  # fmt: skip

    body = await paste(client, made, "\n".join(lines))

    assert [fault["line"] for fault in body["faults"]] == [2, 3, 4, 5, 6, 7, 8]
    assert (await client.get(path(made))).json()["items"] == []


async def test_own_prices_come_in_pages_the_newest_first(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    made = add_instrument(admin_connection)
    await paste(client, made, "\n".join(f"2026-02-{day:02},5" for day in range(1, 6)))

    first = (await client.get(path(made), params={"limit": 3})).json()
    params = {"limit": 3, "cursor": first["next_cursor"]}
    rest = (await client.get(path(made), params=params)).json()

    days = [item["price_date"] for page in (first, rest) for item in page["items"]]
    assert days == [f"2026-02-{day:02}" for day in range(5, 0, -1)]
    assert (first["has_more"], rest["has_more"]) == (True, False)
