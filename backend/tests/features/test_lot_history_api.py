"""One lot and what happened to it; lots of past days. Figures by hand."""

from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.importing import problem
from tests.features.ledgering import TRANSACTIONS, a_record, bought, cash, get, post, reverse, sold
from truenav.features.valuation import lots_api


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


def lot_of(record: dict[str, Any]) -> str:
    """The lot a record opens has an id that follows from the record's."""
    return str(uuid5(UUID(record["id"]), "lot"))


def told(event: dict[str, Any]) -> tuple[str, str, str, str]:
    """(day, what, which kind, units left)."""
    kind = (event["change"] or event["gain"] or {"kind": ""})["kind"]
    return event["happened_on"], event["what"], kind, event["units_after"]


async def test_a_lot_tells_what_opened_changed_and_closed_it(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    admin_connection: Connection,
) -> None:
    child = add_instrument(admin_connection)
    records = await post(
        client,
        bought(account_id, instrument_id, "2025-03-03", "10", "50"),
        a_record(account_id, "split", "2025-04-01", instrument_id=instrument_id, ratio="2"),
        sold(account_id, instrument_id, "2025-05-01", "5", "30"),
        a_record(
            account_id, "spin_off", "2025-06-02", instrument_id=child, quantity="3",
            source_instrument_id=instrument_id, basis_fraction="0.2",
        ),
        a_record(
            account_id, "return_of_capital", "2025-07-01", instrument_id=instrument_id,
            gross=cash("15"),
        ),
    )  # fmt: skip

    found = await get(client, f"lots/{lot_of(records[0])}")

    assert [told(event) for event in found["events"]] == [
        ("2025-03-03", "opened", "", "10"),
        ("2025-04-01", "adjusted", "split", "20"),
        ("2025-05-01", "closed", "closed", "15"),
        ("2025-06-02", "adjusted", "spin_off", "15"),
        ("2025-06-02", "became", "spin_off", "15"),
        ("2025-07-01", "adjusted", "return_of_capital", "15"),
    ]
    _, split, sale, spun, became, returned = found["events"]
    costs = [(e["change"]["cost_before"], e["change"]["cost_after"]) for e in (split, spun)]
    # 500 for 20 units; 5 of them cost 125, a fifth of the other 375 went to the child
    assert costs == [("500", "500"), ("375", "300")]
    assert (sale["gain"]["proceeds"], sale["gain"]["cost"], sale["gain"]["gain"]) == (
        "150", "125", "25",
    )  # fmt: skip
    assert (returned["change"]["cost_after"], found["cost"]) == ("285", "285")
    assert (found["quantity"], found["cost_per_unit"], found["acquired_date"]) == (
        "15", "19", "2025-03-03",
    )  # fmt: skip
    assert [e["transaction_id"] for e in found["events"]] == [
        records[n]["id"] for n in (0, 1, 2, 3, 3, 4)
    ]
    assert {r["id"] for r in found["records"]} == {r["id"] for r in records}
    # the child says where it came from, and begins with that
    other = await get(client, f"lots/{became['change']['other_lot_id']}")
    assert [told(event) for event in other["events"]] == [
        ("2025-06-02", "adjusted", "spin_off", "3")
    ]
    assert other["events"][0]["change"]["other_lot_id"] == found["id"]
    assert (other["instrument_id"], other["cost"]) == (str(child), "75")


async def test_a_lot_of_which_nothing_is_left_is_still_told(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    sold_off, gone = await post(
        client,
        bought(account_id, instrument_id, "2025-03-03", "4", "50"),
        bought(account_id, instrument_id, "2025-03-04", "6", "60"),
    )
    await post(
        client,
        sold(account_id, instrument_id, "2025-05-01", "4", "70"),
        a_record(
            account_id, "transfer_out", "2025-06-02", instrument_id=instrument_id, quantity="-6"
        ),
    )

    closed = await get(client, f"lots/{lot_of(sold_off)}")
    left = await get(client, f"lots/{lot_of(gone)}")

    assert [told(event)[1:] for event in closed["events"]] == [
        ("opened", "", "4"), ("closed", "closed", "0"),
    ]  # fmt: skip
    assert (closed["quantity"], closed["cost"], closed["events"][1]["gain"]["gain"]) == (
        "0", "0", "80",
    )  # fmt: skip
    assert [told(event)[1:] for event in left["events"]] == [
        ("opened", "", "6"), ("adjusted", "transferred_out", "0"),
    ]  # fmt: skip
    assert (left["acquired_date"], left["events"][0]["transaction_id"]) == (
        "2025-03-04", gone["id"],
    )  # fmt: skip


async def test_units_owed_and_costs_nobody_knows(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    admin_connection: Connection,
) -> None:
    arrived = add_instrument(admin_connection)
    short, unknown = await post(
        client,
        sold(account_id, instrument_id, "2025-03-03", "4", "50"),
        a_record(account_id, "transfer_in", "2025-03-04", instrument_id=arrived, quantity="2"),
    )
    await post(client, bought(account_id, instrument_id, "2025-05-01", "1", "40"))

    owed = await get(client, f"lots/{lot_of(short)}")
    (lot,) = (await get(client, "lots", instrument_id=str(arrived)))["open_lots"]
    bare = await get(client, f"lots/{lot['id']}")

    assert owed["is_short"]
    assert [told(event)[1:] for event in owed["events"]] == [
        ("opened", "", "4"), ("closed", "closed", "3"),
    ]  # fmt: skip
    assert (bare["cost"], bare["cost_per_unit"], bare["unknown_reason"]) == (
        None, None, "cost_unknown",
    )  # fmt: skip
    assert bare["events"][0]["transaction_id"] == unknown["id"]


async def test_a_corrected_record_keeps_its_lot_and_one_taken_back_has_none(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    (record,) = await post(client, bought(account_id, instrument_id, "2025-03-03", "4", "50"))
    path = f"/api/v1/lots/{lot_of(record)}"
    body = bought(account_id, instrument_id, "2025-03-03", "5", "50")
    corrected = await client.put(f"{TRANSACTIONS}/{record['id']}", json=body, headers=a_key())

    found = (await client.get(path)).json()
    assert (found["quantity"], found["cost"]) == ("5", "250")
    assert found["events"][0]["transaction_id"] == corrected.json()["id"]

    await reverse(client, corrected.json())
    assert problem(await client.get(path)) == (404, "not_found")


async def test_nobody_elses_lot_is_found(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
) -> None:
    (record,) = await post(client, bought(account_id, instrument_id, "2025-03-03", "4", "50"))
    assert problem(await other_client.get(f"/api/v1/lots/{lot_of(record)}")) == (404, "not_found")
    assert (await client.get("/api/v1/lots/not-an-id")).status_code == 422


async def test_lots_of_a_past_day_as_traded_and_as_settled(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    await post(
        client,
        bought(account_id, instrument_id, "2025-10-09", "10", "50"),  # settles on the 10th
        sold(account_id, instrument_id, "2025-10-10", "4", "60"),  # settles on the 14th
    )

    async def then(**query: str) -> tuple[list[str], list[str], str, bool]:
        found = await get(client, "lots", instrument_id=str(instrument_id), **query)
        lots, closures = found["open_lots"], found["closures"]
        return (
            [lot["quantity"] for lot in lots], [c["gain"] for c in closures], found["on"],
            any(lot["is_long_term"] for lot in lots),
        )  # fmt: skip

    assert await then(on="2025-10-08") == ([], [], "2025-10-08", False)
    assert await then(on="2025-10-09") == (["10"], [], "2025-10-09", False)
    assert await then(on="2025-10-10") == (["6"], ["40"], "2025-10-10", False)
    assert await then(on="2025-10-10", basis="settled") == (["10"], [], "2025-10-10", False)
    assert await then(on="2025-10-14", basis="settled") == (["6"], ["40"], "2025-10-14", False)
    assert (await then(on="2026-10-10"))[3]  # held for more than a year by then
    # a lot of a past day is the lot of today
    past = await get(client, "lots", instrument_id=str(instrument_id), on="2025-10-09")
    now = await get(client, "lots", instrument_id=str(instrument_id))
    assert past["open_lots"][0]["id"] == now["open_lots"][0]["id"]
    before = await get(
        client, "lots", instrument_id=str(instrument_id), on="2025-10-10", as_known_on="2025-10-10"
    )
    assert before["open_lots"] == []  # nobody had told anybody yet


async def test_of_very_many_closures_the_newest_are_told_and_all_are_counted(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lots_api, "MOST_CLOSURES", 2)
    await post(
        client,
        bought(account_id, instrument_id, "2025-10-01", "10", "50"),
        sold(account_id, instrument_id, "2025-10-06", "1", "60"),
        sold(account_id, instrument_id, "2025-10-07", "2", "55"),
        sold(account_id, instrument_id, "2025-10-08", "3", "40"),
    )
    for query in ({}, {"on": "2026-01-01"}):
        found = await get(client, "lots", instrument_id=str(instrument_id), **query)
        assert [c["closed_date"] for c in found["closures"]] == ["2025-10-08", "2025-10-07"]
        # 10 and 10 gained, 30 lost
        assert (found["closure_count"], found["traded_gain"]) == (3, "-10")
