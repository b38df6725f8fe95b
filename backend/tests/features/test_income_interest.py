"""Interest to come through the API; today is 5 March 2026, figures by hand."""

from datetime import date
from typing import Any

import httpx

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post, sold

Body = dict[str, Any]
QUARTERS = {"2025-03-31": "5", "2025-06-30": "6", "2025-09-30": "7", "2025-12-31": "8"}


async def test_interest_on_cash_goes_on_as_long_as_there_is_cash(
    client: httpx.AsyncClient,
) -> None:
    account = await create_account(client, name="Savings")
    await post(client, a_record(account, "deposit", "2025-01-02", gross=cash("1000")))
    await post(
        client,
        *(a_record(account, "interest", day, gross=cash(paid)) for day, paid in QUARTERS.items()),
        # what is charged is no income that could go on
        a_record(account, "interest", "2025-11-30", gross=cash("-3")),
        a_record(account, "tax", "2025-12-31", gross=cash("-0.80"), sub_kind="withholding"),
    )
    found = await get(client, "income/projection")
    # 0.80 withheld of 5 + 6 + 7 + 8 - 3 = 23 in 400 days; four times 8
    assert found["interest"]["gross"] == found["estimated"]["gross"] == "32"
    assert (found["interest"]["count"], found["declared"]["count"]) == (4, 0)
    assert found["interest"]["withheld"] == "1.113043"
    assert [(i["instrument_id"], i["symbol"]) for i in found["instruments"]] == [(None, None)]
    calendar = await get(client, "income/calendar")
    coming = [item for item in calendar["items"] if item["state"] != "paid"]
    assert [(i["day"], i["gross"], i["basis"], i["kind"]) for i in coming] == [
        ("2026-03-31", "8", "last_interest", "interest"),
        ("2026-06-30", "8", "last_interest", "interest"),
        ("2026-09-30", "8", "last_interest", "interest"),
        ("2026-12-31", "8", "last_interest", "interest"),
    ]
    assert {(i["units"], i["per_unit"], i["state"]) for i in coming} == {(None, None, "estimated")}
    assert calendar["months"][12]["month"] == "2026-03"
    for figure in ("gross", "withheld", "net", "fee"):
        shown, _ = await explain_all(client, f"income/projection?figure={figure}")
        assert shown == found["total"][figure]
    await post(client, a_record(account, "withdrawal", "2026-01-05", gross=cash("-1022.20")))
    assert (await get(client, "income/projection"))["total"]["count"] == 0


async def test_coupons_are_repeated_for_the_units_that_are_left(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account = await create_account(client)
    bond = add_instrument(admin_connection, prices={date(2026, 3, 4): "100"})

    def coupon(day: str, paid: str) -> Body:
        return a_record(account, "interest", day, instrument_id=bond, gross=cash(paid))

    await post(
        client,
        a_record(account, "deposit", "2025-01-02", gross=cash("1000")),
        bought(account, bond, "2025-01-10", "10", "100"),
        coupon("2025-06-15", "20"),
        coupon("2025-12-15", "20"),
        sold(account, bond, "2026-01-10", "5", "100"),
    )
    found = await get(client, "income/projection")
    # 2 for a unit, twice, for the five that are left
    assert (found["interest"]["gross"], found["interest"]["count"]) == ("20", 2)
    (line,) = found["instruments"]
    assert (line["instrument_id"], line["amounts"]["gross"]) == (str(bond), "20")
    path = f"income/payment?paid_in={account}&paid_by={bond}&ex_date=2026-06-15&figure=gross"
    shown, root = await explain(client, path)
    assert shown == "10"
    assert {child.value for child in root.children} == {5, 2}


async def test_tax_of_a_record_of_its_own_is_withheld_of_the_interest_of_its_bond(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account = await create_account(client)
    bond = add_instrument(admin_connection, prices={date(2026, 3, 4): "100"})
    await post(
        client,
        a_record(account, "deposit", "2025-01-02", gross=cash("1000")),
        bought(account, bond, "2025-01-10", "10", "100"),
        a_record(account, "interest", "2025-06-15", instrument_id=bond, gross=cash("20")),
        a_record(account, "interest", "2025-12-15", instrument_id=bond, gross=cash("20")),
        a_record(account, "tax", "2025-12-15", instrument_id=bond, gross=cash("-10"),
                 sub_kind="withholding"),
    )  # fmt: skip
    found = (await get(client, "income/projection"))["interest"]
    # a quarter of 40 was withheld
    assert (found["gross"], found["withheld"], found["net"]) == ("40", "10", "30")
    told = f"income/payment?paid_in={account}&paid_by={bond}&ex_date=2026-06-15&figure=net"
    assert (await explain(client, told))[0] == "15"
    assert (await explain_all(client, "income/projection?figure=withheld"))[0] == "10"


async def test_what_earns_interest_is_not_counted_among_what_was_never_paid(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account = await create_account(client)
    bond, share = (add_instrument(admin_connection, prices={date(2026, 3, 4): "100"}) for _ in "ab")
    await post(
        client,
        a_record(account, "deposit", "2025-01-02", gross=cash("2000")),
        bought(account, bond, "2025-01-10", "10", "100"),
        bought(account, share, "2025-01-10", "5", "100"),
    )
    for path in ("projection", "yields"):
        assert (await get(client, f"income/{path}"))["without_history_count"] == 2, path
    await post(
        client,
        a_record(account, "interest", "2025-12-15", instrument_id=bond, gross=cash("20")),
    )
    for path in ("projection", "yields"):
        assert (await get(client, f"income/{path}"))["without_history_count"] == 1, path
