"""What a portfolio says of an instrument, and the figures that follow; today is 5 March 2026."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.acting import add_event
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post, sold

Body = dict[str, Any]
COUPON = {
    "coupon_ratio": "0.04", "face_value": "100", "coupons_per_year": 2, "matures_on": "2027-08-15",
}  # fmt: skip


@pytest.fixture
def zqx(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection, prices={date(2026, 3, 4): "20"})


async def say(client: httpx.AsyncClient, instrument_id: UUID, **body: Any) -> httpx.Response:
    path = f"/api/v1/instruments/{instrument_id}/settings"
    return await client.put(path, json={"share_kind": None, "coupon": None, **body})


async def test_what_is_said_is_changed_by_version_and_is_the_portfolios_own(
    client: httpx.AsyncClient, zqx: UUID, make_client: ClientMaker, other_member: Member
) -> None:
    path = f"instruments/{zqx}/settings"
    nothing = {"share_kind": None, "coupon": None, "version": None, "changed_at": None}
    assert await get(client, path) == nothing
    first = await say(client, zqx, share_kind="preferred")
    assert (first.status_code, first.json()["version"]) == (200, 1)
    late = await say(client, zqx, share_kind="common")
    assert (late.status_code, late.json()["current"]) == (409, {"version": 1})
    second = await say(client, zqx, coupon=COUPON, version=1)
    assert second.status_code == 200, second.text
    found = await get(client, path)
    assert (found["share_kind"], found["version"], found["coupon"]) == (None, 2, COUPON)
    other = make_client(other_member)
    assert await get(other, path) == nothing


@pytest.mark.parametrize(
    "body",
    [
        {"share_kind": "golden"},
        {"coupon": {**COUPON, "coupons_per_year": 3}},
        {"coupon": {**COUPON, "face_value": "0"}},
        {"coupon": {**COUPON, "coupon_ratio": "1.5"}},
        {"coupon": {"coupon_ratio": "0.04"}},
    ],
)
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, zqx: UUID, body: Body) -> None:
    assert (await say(client, zqx, **body)).status_code == 422


async def test_an_instrument_nobody_knows_has_no_settings(client: httpx.AsyncClient) -> None:
    assert (await say(client, UUID(int=7), share_kind="common")).status_code == 404


async def test_a_bond_pays_its_coupon(client: httpx.AsyncClient, zqx: UUID) -> None:
    account = await create_account(client)
    await post(client, bought(account, zqx, "2025-11-03", "30", "98"))
    assert (await get(client, "income/projection"))["interest"]["gross"] == "0"
    assert (await say(client, zqx, coupon=COUPON)).status_code == 200
    found = await get(client, "income/projection")
    # 30 x 100 x 4 % / 2 on 15 August 2026 and on 15 February 2027
    assert (found["interest"]["gross"], found["interest"]["count"]) == ("120", 2)
    calendar = await get(client, "income/calendar")
    coming = [(i["day"], i["gross"], i["basis"]) for i in calendar["items"]]
    assert coming == [("2026-08-15", "60", "coupon"), ("2027-02-15", "60", "coupon")]
    shown, root = await explain(
        client,
        f"income/payment?paid_in={account}&paid_by={zqx}&ex_date=2026-08-15&figure=gross",
    )
    assert shown == "60"
    assert {child.value for child in root.children} == {30, 2}
    assert (await explain_all(client, "income/projection?figure=gross"))[0] == "120"


async def test_a_coupon_that_is_booked_as_a_dividend_is_expected_once(
    client: httpx.AsyncClient, zqx: UUID
) -> None:
    account = await create_account(client)
    await post(
        client,
        bought(account, zqx, "2024-11-04", "30", "98"),
        *(
            a_record(account, "dividend", day, instrument_id=zqx, gross=cash("60"), tax=cash("15"))
            for day in ("2025-02-17", "2025-08-15", "2026-02-16")
        ),
    )
    assert (await get(client, "income/projection"))["interest"]["count"] == 0
    assert (await say(client, zqx, coupon=COUPON)).status_code == 200
    found = await get(client, "income/projection")
    # 60 on 15 August and on 15 February, a quarter of each withheld
    assert (found["total"]["gross"], found["total"]["count"]) == ("120", 2)
    assert (found["interest"]["gross"], found["interest"]["net"]) == ("120", "90")
    assert (found["stopped"], found["without_history_count"]) == ([], 0)
    assert (await explain_all(client, "income/projection?figure=net"))[0] == "90"


async def test_preferred_stock_needs_91_days_where_its_dividend_is_for_more_than_366(
    client: httpx.AsyncClient, admin_connection: Connection, zqx: UUID
) -> None:
    account = await create_account(client, tax_treatment="taxable")
    for day in ("2024-06-01", "2025-09-01"):
        add_event(
            admin_connection, zqx, day, type="cash_dividend", cash_amount="1", currency="USD",
            pay_date=day,
        )  # fmt: skip
    await post(
        client,
        # held on 76 days within 60 of the ex-date: enough of 121, and too few of 181
        bought(account, zqx, "2025-08-16", "10", "20"),
        sold(account, zqx, "2025-10-31", "10", "20"),
        a_record(account, "dividend", "2025-09-01", instrument_id=zqx, gross=cash("10")),
    )

    async def tested() -> Body:
        (payment,) = (await get(client, "income"))["payments"]
        found: Body = payment["holding_test"]
        return found

    common = await tested()
    assert (common["rule"], common["units_enough"]) == ("61_of_121", "10")
    assert (await say(client, zqx, share_kind="preferred")).status_code == 200
    preferred = await tested()
    assert (preferred["rule"], preferred["units_too_short"]) == ("91_of_181", "10")
    assert preferred["lots"][0]["days_held"] == 76
    # without the dividend before nobody knows what this one is for
    admin_connection.execute(
        "DELETE FROM corporate_actions WHERE instrument_id = %s AND ex_date < '2025-01-01'",
        (zqx,),
    )
    unknown = await tested()
    assert (unknown["reason"], unknown["rule"]) == ("dividend_period_unknown", None)
