"""Which lots a sale takes: chosen per account and day, named on the sale, compared beforehand."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import bought, post, send, sold


def lot_of(record: dict[str, Any]) -> str:
    """The lot a record opens has an id that follows from the record's."""
    return str(uuid5(UUID(record["id"]), "lot"))


async def three_lots(
    client: httpx.AsyncClient, connection: Connection
) -> tuple[UUID, UUID, list[dict[str, Any]]]:
    """Ten units each at 30 (2022), 50 (2023) and 40 (2024); the account, instrument, purchases."""
    account_id, instrument_id = await create_account(client), add_instrument(connection)
    purchases = await post(
        client,
        bought(account_id, instrument_id, "2022-01-03", "10", "30"),
        bought(account_id, instrument_id, "2023-06-01", "10", "50"),
        bought(account_id, instrument_id, "2024-03-01", "10", "40"),
    )
    return account_id, instrument_id, purchases


async def closed(client: httpx.AsyncClient, instrument_id: UUID) -> list[tuple[str, str, str]]:
    """(acquired, units, gain) of each closure, oldest sale first, oldest lot first."""
    answer = await client.get("/api/v1/lots", params={"instrument_id": str(instrument_id)})
    found = sorted(answer.json()["closures"], key=lambda c: (c["closed_date"], c["acquired_date"]))
    return [(c["acquired_date"], c["quantity"], c["gain"]) for c in found]


async def choose(
    client: httpx.AsyncClient, account_id: UUID, version: int, first: str, **changes: str
) -> httpx.Response:
    body = {
        "version": version,
        "first": first,
        "changes": [
            {"begins_on": day.replace("_", "-").removeprefix("d"), "lot_method": method}
            for day, method in changes.items()
        ],
    }
    return await client.put(f"/api/v1/accounts/{account_id}/lot-methods", json=body)


async def test_another_method_works_every_lot_and_gain_out_again(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, _ = await three_lots(client, admin_connection)
    await post(client, sold(account_id, instrument_id, "2024-05-01", "15", "45"))
    # FIFO: 10 x (45 - 30) and 5 x (45 - 50)
    assert await closed(client, instrument_id) == [
        ("2022-01-03", "10", "150"),
        ("2023-06-01", "5", "-25"),
    ]

    answer = await choose(client, account_id, 1, "hifo")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "version": 2,
        "first": "hifo",
        "base_currency": "USD",
        "has_records": True,
        "changes": [],
        "tax_currency": None,
        "oversell": "open_short",
    }
    # HIFO: 10 x (45 - 50) and 5 x (45 - 40)
    assert await closed(client, instrument_id) == [
        ("2023-06-01", "10", "-50"),
        ("2024-03-01", "5", "25"),
    ]
    account = (await client.get(f"/api/v1/accounts/{account_id}")).json()
    assert (account["lot_method"], account["version"]) == ("hifo", 2)

    await choose(client, account_id, 2, "fifo")
    assert (await closed(client, instrument_id))[0] == ("2022-01-03", "10", "150")


async def test_a_method_may_begin_on_a_day(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, _ = await three_lots(client, admin_connection)
    await post(
        client,
        sold(account_id, instrument_id, "2024-05-01", "1", "45"),
        sold(account_id, instrument_id, "2024-06-03", "1", "45"),
    )

    answer = await choose(client, account_id, 1, "fifo", d2024_06_03="lifo")

    assert answer.json()["changes"] == [{"begins_on": "2024-06-03", "lot_method": "lifo"}]
    found = await client.get(f"/api/v1/accounts/{account_id}/lot-methods")
    assert found.json() == answer.json()
    assert await closed(client, instrument_id) == [
        ("2022-01-03", "1", "15"),
        ("2024-03-01", "1", "5"),
    ]
    # lots as they were on an earlier day follow the same methods
    holdings = await client.get(
        "/api/v1/holdings", params={"account_id": str(account_id), "as_of": "2024-06-03"}
    )
    (holding,) = holdings.json()["items"]
    assert Decimal(holding["cost"]) == Decimal(1200 - 30 - 40)


async def test_somebody_elses_change_is_not_overwritten(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, _ = await three_lots(client, admin_connection)
    await choose(client, account_id, 1, "lifo")

    answer = await choose(client, account_id, 1, "hifo")

    assert problem(answer) == (409, "stale_version")
    assert answer.json()["current"]["lot_method"] == "lifo"
    del instrument_id


async def test_two_methods_on_one_day_and_methods_nobody_knows_are_refused(
    client: httpx.AsyncClient,
) -> None:
    account_id = await create_account(client)
    path = f"/api/v1/accounts/{account_id}/lot-methods"
    twice = [{"begins_on": "2024-01-02", "lot_method": m} for m in ("lifo", "hifo")]
    for body, pointer in (
        ({"version": 1, "first": "fifo", "changes": twice}, "/body/changes"),
        ({"version": 1, "first": "random"}, "/body/first"),
        ({"version": 1}, "/body/first"),
    ):
        answer = await client.put(path, json=body)
        assert answer.status_code == 422, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get(path)).json()["first"] == "fifo"


async def test_a_sale_may_name_its_lots(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, (first, _, third) = await three_lots(client, admin_connection)
    named = [
        {"lot_id": lot_of(third), "quantity": "8"},
        {"lot_id": lot_of(first), "quantity": "2"},
    ]

    (sale,) = await post(
        client,
        sold(account_id, instrument_id, "2024-05-01", "11", "45", lot_choices=named,
             lot_method="hifo"),
    )  # fmt: skip

    # 8 x (45 - 40), 2 x (45 - 30), and the one left by HIFO: 45 - 50
    assert await closed(client, instrument_id) == [
        ("2022-01-03", "2", "30"),
        ("2023-06-01", "1", "-5"),
        ("2024-03-01", "8", "40"),
    ]
    detail = (await client.get(f"/api/v1/transactions/{sale['id']}")).json()
    assert (detail["lot_choices"], detail["lot_method"]) == (named, "hifo")


@pytest.mark.parametrize(
    ("kind", "changes", "pointer"),
    [
        ("sell", {"lot_choices": [{"lot_id": "X", "quantity": "12"}]}, "/body/lot_choices"),
        (
            "sell",
            {"lot_choices": [{"lot_id": "X", "quantity": "0"}]},
            "/body/lot_choices/0/quantity",
        ),
        ("buy", {"lot_choices": [{"lot_id": "X", "quantity": "1"}]}, "/body/lot_choices"),
        ("buy", {"lot_method": "lifo"}, "/body/lot_choices"),
        ("sell", {"lot_method": "random"}, "/body/lot_method"),
    ],
)
async def test_naming_lots_that_make_no_sense_is_refused(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    kind: str,
    changes: dict[str, Any],
    pointer: str,
) -> None:
    account_id, instrument_id, (first, *_) = await three_lots(client, admin_connection)
    for choice in changes.get("lot_choices", []):
        choice["lot_id"] = lot_of(first)
    make = sold if kind == "sell" else bought

    answer = await send(
        client, make(account_id, instrument_id, "2024-05-01", "11", "45", **changes)
    )

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def what_if(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    named = {name: str(v) if isinstance(v, UUID) else v for name, v in body.items()}
    return await client.post("/api/v1/lots/what-if", json=named, headers=a_key())


async def test_what_a_sale_would_realize_is_said_for_each_method_and_nothing_changes(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, (_, _, third) = await three_lots(client, admin_connection)
    await choose(client, account_id, 1, "lifo")

    answer = await what_if(
        client, account_id=account_id, instrument_id=instrument_id, quantity="15", price="45.10",
        fee="1.50", day="2024-05-01",
        lot_choices=[{"lot_id": lot_of(third), "quantity": "10"}],
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["proceeds"], found["currency"]) == ("675", "USD")  # 15 x 45.10 - 1.50
    assert found["account_method"] == "lifo"
    # two business days after a Wednesday, as shares settled until 28 May 2024
    assert found["identify_by"] == "2024-05-03"
    outcomes = {item["method"]: item for item in found["outcomes"]}
    gains = {
        method: (item["short_term_gain"], item["long_term_gain"])
        for method, item in outcomes.items()
    }
    # at 45 a unit; only the lot of 2022 is long-term
    assert gains == {
        None: ("50", "75"),  # 10 x 5 of the lot named, then 5 x 15, the oldest
        "fifo": ("-25", "150"),
        "lifo": ("25", "0"),
        "hifo": ("-25", "0"),
        "lofo": ("25", "150"),
        "minimum_tax": ("-50", "75"),
        "average": ("25", "50"),
    }
    assert [c["acquired_date"] for c in outcomes["hifo"]["closes"]] == ["2023-06-01", "2024-03-01"]
    assert await closed(client, instrument_id) == []


async def test_more_than_is_held_or_a_lot_that_is_not_open_is_refused(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id, (first, *_) = await three_lots(client, admin_connection)
    sale = {"account_id": account_id, "instrument_id": instrument_id, "price": "45"}
    for body, pointer in (
        ({**sale, "quantity": "31"}, "/body/quantity"),
        ({**sale, "quantity": "0"}, "/body/quantity"),
        ({**sale, "quantity": "1", "fee": "-1"}, "/body/fee"),
        (
            {
                **sale,
                "quantity": "11",
                "lot_choices": [{"lot_id": lot_of(first), "quantity": "11"}],
            },
            "/body/lot_choices",
        ),
    ):
        answer = await what_if(client, **body)
        assert answer.status_code == 422, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_an_accounts_currency_changes_while_no_record_counts_and_not_after(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id = await create_account(client)
    path = f"/api/v1/accounts/{account_id}/lot-methods"

    async def put(version: int, **changes: str) -> httpx.Response:
        return await client.put(path, json={"version": version, "first": "fifo", **changes})

    changed = await put(1, base_currency="EUR")
    assert (changed.json()["base_currency"], changed.json()["has_records"]) == ("EUR", False)

    (record,) = await post(
        client, bought(account_id, add_instrument(admin_connection), "2024-01-02", "1", "10")
    )
    refused = await put(2, base_currency="USD")
    assert problem(refused) == (409, "currency_in_use")
    assert (await client.get(path)).json()["has_records"]
    # all else may change, and naming the currency it has is no change
    assert (await put(2, base_currency="EUR", tax_currency="CAD")).json()["version"] == 3

    await client.post(f"/api/v1/transactions/{record['id']}/reverse", headers=a_key())
    again = await put(3, base_currency="USD")
    assert (again.status_code, again.json()["base_currency"]) == (200, "USD")
    account = (await client.get(f"/api/v1/accounts/{account_id}")).json()
    assert (account["base_currency"], account["tax_currency"]) == ("USD", None)

    nonsense = await put(4, base_currency="XQX")
    assert problem(nonsense)[0] == 422
    assert [e["pointer"] for e in nonsense.json()["errors"]] == ["/body/base_currency"]


async def test_what_if_never_takes_the_cost_of_one_currency_from_proceeds_in_another(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account_id, instrument_id = await create_account(client), add_instrument(admin_connection)
    await post(
        client,
        bought(account_id, instrument_id, "2022-01-03", "10", "30"),
        {**bought(account_id, instrument_id, "2023-06-01", "10", "20"), "currency": "EUR"},
    )

    found = await what_if(
        client, account_id=account_id, instrument_id=instrument_id, quantity="10", price="45",
        day="2024-05-01",
    )  # fmt: skip

    outcomes = {item["method"]: item for item in found.json()["outcomes"]}
    assert found.json()["currency"] == "USD"
    assert outcomes["fifo"]["gain"] == "150"  # the lot in dollars: 10 x (45 - 30)
    assert outcomes["lifo"]["gain"] is None  # the lot in euros
