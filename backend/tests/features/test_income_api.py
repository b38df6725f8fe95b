"""Income through the API; today is 5 March 2026, figures by hand."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import act, add_event, done
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post, sold

Body = dict[str, Any]


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client, name="Broker")


@pytest.fixture
def zqx(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection, prices={date(2026, 3, 4): "20"})


def dividend(
    connection: Connection, instrument_id: UUID, ex_date: str, amount: str, pay: str | None = None
) -> UUID:
    """A provider's dividend in dollars."""
    return add_event(
        connection, instrument_id, ex_date, type="cash_dividend", cash_amount=amount,
        currency="USD", pay_date=pay,
    )  # fmt: skip


def a_year(connection: Connection, instrument_id: UUID) -> None:
    """Four of 0.25, ex on the tenth, paid on the twentieth; the next is due on 10 March 2026."""
    for day in ("2025-03", "2025-06", "2025-09", "2025-12"):
        dividend(connection, instrument_id, f"{day}-10", "0.25", f"{day}-20")


def paid(account_id: UUID, instrument_id: UUID, day: str, gross: str, **changes: Any) -> Body:
    """A dividend as a broker books it."""
    return a_record(
        account_id, "dividend", day, instrument_id=instrument_id, gross=cash(gross), **changes
    )


class TestReceived:
    async def test_every_group_comes_to_the_total(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        other = await create_account(client, name="Other")
        await post(
            client,
            paid(account_id, zqx, "2025-06-20", "100", tax=cash("15")),
            paid(other, zqx, "2025-06-20", "50", sub_kind="qualified"),
            a_record(account_id, "interest", "2026-01-31", gross=cash("7.50")),
            a_record(
                account_id, "capital_gain_distribution", "2025-12-15", instrument_id=zqx,
                gross=cash("30"), sub_kind="long_term",
            ),
            paid(account_id, zqx, "2025-12-15", "4", sub_kind="in_lieu"),
            paid(account_id, zqx, "2024-06-20", "999"),  # before the year
        )  # fmt: skip
        found = await get(client, "income")
        assert (found["from_date"], found["to_date"]) == ("2025-03-06", "2026-03-05")
        assert found["total"] == {
            "gross": "191.5", "withheld": "15", "fee": "0", "net": "176.5", "count": 5,
            "reasons": [],
        }  # fmt: skip
        assert [(g["key"], g["amounts"]["net"]) for g in found["kinds"]] == [
            ("dividend", "135"), ("distribution", "30"), ("interest", "7.5"), ("in_lieu", "4"),
        ]  # fmt: skip
        assert [(g["key"], g["amounts"]["gross"]) for g in found["months"]] == [
            ("2025-06", "150"), ("2025-12", "34"), ("2026-01", "7.5"),
        ]  # fmt: skip
        assert [(g["label"], g["amounts"]["net"]) for g in found["accounts"]] == [
            ("Broker", "126.5"), ("Other", "50"),
        ]  # fmt: skip
        assert [g["label"] for g in found["instruments"]][-1] == "No instrument"
        told = {(p["kind"], p["classification"]) for p in found["payments"]}
        assert told == {
            ("interest", None), ("in_lieu", "in_lieu"), ("distribution", "long_term"),
            ("dividend", None), ("dividend", "qualified"),
        }  # fmt: skip
        assert (await get(client, "income", period="Max"))["total"]["gross"] == "1190.5"
        one = await get(client, "income", account_id=str(other))
        assert one["total"]["gross"] == "50"
        assert (await get(client, "income", **{"from": "2025-12-01", "to": "2025-12-31"}))["total"][
            "gross"
        ] == "34"

    async def test_the_overview_shows_the_same_income_of_the_year(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(client, paid(account_id, zqx, "2026-02-20", "100", tax=cash("15")))
        overview = await get(client, "overview")
        found = await get(client, "income", period="YTD")
        assert overview["income_ytd"] == found["total"]["gross"] == "100"

    async def test_tax_of_a_record_of_its_own_is_withheld(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(
            client,
            paid(account_id, zqx, "2026-02-20", "100"),
            a_record(
                account_id, "tax", "2026-02-20", instrument_id=zqx, gross=cash("-30"),
                sub_kind="withholding",
            ),
        )  # fmt: skip
        total = (await get(client, "income"))["total"]
        assert (total["gross"], total["withheld"], total["net"]) == ("100", "30", "70")

    async def test_a_rate_nobody_knows_makes_the_sum_unknown(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(
            client,
            paid(account_id, zqx, "2026-02-20", "100"),
            a_record(
                account_id, "dividend", "2026-02-21", instrument_id=zqx, currency="THB",
                gross=cash("50", "THB"),
            ),
        )  # fmt: skip
        found = await get(client, "income")
        assert found["total"]["net"] is None
        assert found["total"]["reasons"] == ["fx_missing:THB"]
        newest = found["payments"][0]
        assert (newest["net"], newest["net_in_base"], newest["reason"]) == (
            "50", None, "fx_missing:THB",
        )  # fmt: skip

    async def test_nothing_was_received(self, client: httpx.AsyncClient) -> None:
        found = await get(client, "income")
        assert (found["total"]["net"], found["payment_count"], found["months"]) == ("0", 0, [])

    async def test_it_explains_itself(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        add_fx_rate(admin_connection, "USD", date(2026, 2, 20), "1.25")
        euro = await create_account(client, name="Euro", base_currency="EUR")
        await post(
            client,
            paid(account_id, zqx, "2026-02-20", "100", tax=cash("15"), fee=cash("1")),
            paid(euro, zqx, "2026-02-20", "10"),
        )
        for figure, value in (("net", "94"), ("gross", "110"), ("withheld", "15"), ("fee", "1")):
            shown, _ = await explain(client, f"income?figure={figure}")
            assert shown == value
        shown, _ = await explain(client, f"income?account_id={euro}")
        assert shown == "8"  # 10 / 1.25


class TestCalendar:
    async def test_three_states_and_never_a_payment_twice(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        await post(client, bought(account_id, zqx, "2025-07-01", "100", "15"))
        await post(client, paid(account_id, zqx, "2025-09-20", "25", tax=cash("5")))
        dividend(admin_connection, zqx, "2026-03-12", "0.30", "2026-03-25")
        found = await get(client, "income/calendar")
        assert [(i["day"], i["state"], i["gross"], i["is_overdue"]) for i in found["items"]] == [
            ("2025-09-20", "paid", "25", False),
            ("2025-12-20", "declared", "25", True),  # nobody recorded it
            ("2026-03-25", "declared", "30", False),
            ("2026-06-20", "estimated", "30", False),
            ("2026-09-20", "estimated", "30", False),
            ("2026-12-20", "estimated", "30", False),
        ]
        assert found["items"][2]["net"] == "24"  # a fifth was withheld
        months = {m["month"]: m for m in found["months"]}
        assert (months["2025-09"]["paid"], months["2026-03"]["declared"]) == ("20", "24")
        assert months["2025-12"]["declared"] == "0"
        assert months["2026-06"]["estimated"] == "24"

    async def test_units_of_a_declared_one_are_those_before_its_ex_date(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        dividend(admin_connection, zqx, "2026-03-02", "0.30", "2026-03-25")
        await post(
            client,
            bought(account_id, zqx, "2026-02-01", "100", "15"),
            sold(account_id, zqx, "2026-03-02", "60", "15"),
        )
        (item,) = (await get(client, "income/calendar"))["items"][:1]
        assert (item["units"], item["gross"], item["is_net_known"]) == ("100", "30", False)


class TestProjection:
    async def test_declared_and_estimated_come_to_the_total(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "15"))
        dividend(admin_connection, zqx, "2026-03-12", "0.30", "2026-03-25")
        found = await get(client, "income/projection")
        assert [found[part]["gross"] for part in ("declared", "estimated", "total")] == [
            "30", "90", "120",
        ]  # fmt: skip
        assert (found["through_date"], found["is_net_known"]) == ("2027-03-05", False)
        assert found["instruments"][0]["amounts"]["gross"] == "120"

    async def test_a_payment_that_was_recorded_is_not_expected(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        dividend(admin_connection, zqx, "2026-03-02", "0.25", "2026-03-04")
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "15"))
        before = await get(client, "income/projection")
        await post(client, paid(account_id, zqx, "2026-03-04", "25"))
        after = await get(client, "income/projection")
        assert before["declared"]["gross"] == "25"
        assert after["declared"]["gross"] == "0"
        assert before["estimated"] == after["estimated"]

    async def test_payments_that_stopped_are_not_expected(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        for day in ("2024-09-10", "2024-12-10", "2025-03-10"):
            dividend(admin_connection, zqx, day, "0.25")
        await post(client, bought(account_id, zqx, "2025-07-01", "100", "15"))
        found = await get(client, "income/projection")
        assert (found["total"]["gross"], found["stopped"]) == ("0", [str(zqx)])

    async def test_without_a_catalogue_the_records_are_repeated(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(
            client,
            bought(account_id, zqx, "2025-01-02", "100", "15"),
            paid(account_id, zqx, "2025-05-20", "40", tax=cash("10")),
            sold(account_id, zqx, "2025-11-03", "50", "15"),
        )
        found = await get(client, "income/projection")
        assert (found["total"]["gross"], found["total"]["net"]) == ("20", "15")

    async def test_a_preference_to_reinvest_lets_it_grow(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "15"))
        cash_only = (await get(client, "income/projection"))["total"]["gross"]
        said = {"account_id": str(account_id), "handling": "reinvest"}
        answer = await client.put("/api/v1/income/preferences", json=said)
        assert answer.status_code == 200, answer.text
        found = await get(client, "income/projection")
        # 100 units earn 25 and buy 1.25 at 20: 25.3125, 1.265625; 25.62890625; 25.949267...
        assert cash_only == "100"
        assert found["is_any_reinvested"]
        assert found["total"]["gross"] == "101.890674"

    async def test_every_payment_explains_itself(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        await post(client, bought(account_id, zqx, "2025-07-01", "100", "15"))
        await post(client, paid(account_id, zqx, "2025-09-20", "25", tax=cash("5")))
        dividend(admin_connection, zqx, "2026-03-12", "0.30", "2026-03-25")
        page = await get(client, "income/projection")
        for figure in ("gross", "withheld", "fee", "net"):
            shown, ways = await explain_all(client, f"income/projection?figure={figure}")
            assert shown == page["total"][figure]
            assert ways == 4
        of_account = f"income/projection?account_id={account_id}"
        assert (await explain_all(client, of_account))[1] == 4
        asked = f"income/payment?paid_in={account_id}&paid_by={zqx}&ex_date=2026-03-13"
        shown, root = await explain(client, asked)
        assert (shown, root.unknown_reason) == (None, "nothing_expected")


class TestYields:
    async def test_trailing_forward_and_on_cost(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        a_year(admin_connection, zqx)
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "10"))
        dividend(admin_connection, zqx, "2026-03-12", "0.30", "2026-03-25")
        found = await get(client, "income/yields")
        (item,) = found["items"]
        assert (item["trailing_per_unit"], item["forward_per_unit"]) == ("1", "1.2")
        assert (item["trailing"]["ratio"], item["forward"]["ratio"]) == ("0.05", "0.06")
        assert item["on_cost"]["ratio"] == "0.1"
        assert item["frequency"] == 4
        assert (found["trailing"]["ratio"], found["trailing_income"]) == ("0.05", "100")
        for figure in ("trailing", "forward", "on_cost"):
            shown, _ = await explain(client, f"income/yields/{zqx}?figure={figure}")
            assert shown == item[figure]["ratio"]
            shown, _ = await explain(client, f"income/yields?figure={figure}")
            assert shown == found[figure]["ratio"]
        for figure, wanted in (("trailing_per_unit", "1"), ("forward_per_unit", "1.2")):
            assert (await explain(client, f"income/yields/{zqx}?figure={figure}"))[0] == wanted

    async def test_a_split_since_is_taken_out_of_what_was_paid(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        dividend(admin_connection, zqx, "2025-06-10", "4", "2025-06-20")
        add_event(admin_connection, zqx, "2025-09-01", ratio="4")
        await post(client, bought(account_id, zqx, "2025-10-05", "100", "10"))
        (item,) = (await get(client, "income/yields"))["items"]
        assert item["trailing_per_unit"] == "1"

    async def test_what_is_not_known_says_why(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        bare = add_instrument(admin_connection)
        await post(client, bought(account_id, bare, "2025-10-05", "10", "10"))
        found = await get(client, "income/yields")
        assert found["items"][0]["trailing"] == {"ratio": None, "reason": "no_dividends_known"}
        assert found["trailing"] == {"ratio": None, "reason": "price_missing"}
        a_year(admin_connection, bare)
        found = await get(client, "income/yields")
        assert found["items"][0]["trailing"] == {"ratio": None, "reason": "price_missing"}
        shown, root = await explain(client, f"income/yields/{bare}")
        assert (shown, root.unknown_reason) == (None, "price_missing")
        assert (await client.get(f"/api/v1/explain/income/yields/{zqx}")).status_code == 404


class TestHoldingTest:
    async def test_lots_that_were_held_too_short_are_told_apart(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(
            client,
            bought(account_id, zqx, "2025-01-02", "100", "10"),
            bought(account_id, zqx, "2025-08-01", "50", "10"),
            sold(account_id, zqx, "2025-08-20", "120", "11"),  # 100 of January, 20 of August
            paid(account_id, zqx, "2025-08-25", "30", ex_date="2025-08-11"),
        )
        (payment,) = (await get(client, "income"))["payments"]
        test = payment["holding_test"]
        # the window is 12 June to 10 October; held from 2 August on, 19 days until the sale
        assert (test["units_enough"], test["units_not_yet"], test["units_too_short"]) == (
            "130", "0", "20",
        )  # fmt: skip
        short = next(lot for lot in test["lots"] if lot["holding"] == "too_short")
        assert (short["days_held"], short["closed_date"]) == (19, "2025-08-20")

    async def test_units_that_may_still_qualify_say_from_when(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        await post(
            client,
            bought(account_id, zqx, "2026-02-02", "100", "10"),
            paid(account_id, zqx, "2026-02-25", "30", ex_date="2026-02-10"),
        )
        (payment,) = (await get(client, "income"))["payments"]
        assert payment["holding_test"]["units_not_yet"] == "100"
        assert payment["holding_test"]["enough_on"] == "2026-04-04"  # the 61st from 3 February

    async def test_units_are_counted_as_on_the_ex_date_whatever_was_split_since(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        # two for one, then three for two, both recorded; one of the catalogue nobody recorded
        await post(
            client,
            bought(account_id, zqx, "2025-01-02", "100", "12"),
            paid(account_id, zqx, "2025-06-25", "30", ex_date="2025-06-11"),
            a_record(account_id, "split", "2025-07-01", instrument_id=zqx, ratio="2"),
            sold(account_id, zqx, "2025-07-02", "80", "7"),
            a_record(account_id, "split", "2025-08-01", instrument_id=zqx, ratio="1.5"),
        )
        add_event(admin_connection, zqx, "2025-09-01", ratio="4")
        (payment,) = (await get(client, "income"))["payments"]
        test = payment["holding_test"]
        # 80 of 200 sold were 40, and 180 left were 60
        assert sorted(lot["units"] for lot in test["lots"]) == ["40", "60"]
        assert (test["units_enough"], test["units_too_short"]) == ("100", "0")

    async def test_why_there_is_no_test(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        pension = await create_account(client, name="Pension", tax_treatment="tax_deferred")
        await post(
            client,
            paid(account_id, zqx, "2026-02-01", "1"),
            paid(account_id, zqx, "2026-02-02", "1", sub_kind="in_lieu"),
            paid(account_id, zqx, "2026-02-03", "1", sub_kind="ordinary", ex_date="2026-01-20"),
            paid(account_id, zqx, "2026-02-04", "1", ex_date="2026-01-20"),
            paid(pension, zqx, "2026-02-05", "1", ex_date="2026-01-20"),
            a_record(account_id, "interest", "2026-02-06", gross=cash("1")),
        )
        found = (await get(client, "income"))["payments"]
        tests = [p["holding_test"] and p["holding_test"]["reason"] for p in found]
        assert tests == [
            None, "account_not_taxable", "no_lots_known", "classified_ordinary",
            "in_lieu_never_qualifies", "ex_date_unknown",
        ]  # fmt: skip

    async def test_the_catalogue_gives_the_ex_date_a_broker_leaves_out(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = dividend(admin_connection, zqx, "2026-02-10", "0.30", "2026-02-25")
        await post(client, bought(account_id, zqx, "2025-02-02", "100", "10"))
        await done(client, event, "apply")
        (payment,) = (await get(client, "income"))["payments"]
        assert payment["ex_date"] == "2026-02-10"
        assert payment["holding_test"]["units_enough"] == "100"


class TestPreferences:
    PATH = "/api/v1/income/preferences"

    async def test_one_word_for_an_account_and_one_for_an_instrument(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        body = {"account_id": str(account_id), "handling": "reinvest"}
        first = (await client.put(self.PATH, json=body)).json()
        assert [(p["instrument_id"], p["handling"], p["version"]) for p in first["items"]] == [
            (None, "reinvest", 1)
        ]
        await client.put(self.PATH, json={**body, "instrument_id": str(zqx), "handling": "cash"})
        found = await get(client, "income/preferences")
        assert [(p["instrument_id"], p["handling"]) for p in found["items"]] == [
            (None, "reinvest"), (str(zqx), "cash"),
        ]  # fmt: skip
        again = await client.put(self.PATH, json=body)
        assert (again.status_code, again.json()["code"]) == (409, "stale_version")
        changed = await client.put(self.PATH, json={**body, "handling": "cash", "version": 1})
        assert changed.json()["items"][0]["version"] == 2
        gone = await client.put(self.PATH, json={**body, "handling": None, "version": 2})
        assert [p["instrument_id"] for p in gone.json()["items"]] == [str(zqx)]

    async def test_what_is_not_ones_own_is_not_found(
        self, client: httpx.AsyncClient, account_id: UUID, zqx: UUID
    ) -> None:
        for body in (
            {"account_id": str(zqx), "handling": "cash"},
            {"account_id": str(account_id), "instrument_id": str(account_id), "handling": "cash"},
        ):
            assert (await client.put(self.PATH, json=body)).status_code == 404

    async def test_a_dividend_put_back_is_cash_and_a_purchase_at_the_price_named(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        event = dividend(admin_connection, zqx, "2026-02-10", "0.30", "2026-02-25")
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "15"))
        body = {"account_id": str(account_id), "handling": "reinvest"}
        await client.put(self.PATH, json=body)
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert found["accounts"][0]["income_handling"] == "reinvest"
        refused = await act(client, event, "apply", {
            "account_id": str(account_id), "reinvest_price": "0"
        })  # fmt: skip
        assert refused.status_code == 422
        choice = {"account_id": str(account_id), "reinvest_price": "20"}
        preview = await done(client, event, "preview", choice)
        assert [r["kind"] for r in preview["accounts"][0]["records"]] == ["dividend", "buy"]
        await done(client, event, "apply", choice)
        (held,) = (await get(client, "positions"))["items"]
        assert (held["quantity"], held["cost"]) == ("101.5", "1530")  # 30 buys 1.5 at 20
        assert (await get(client, "income"))["total"]["gross"] == "30"
        await done(client, event, "reverse")
        assert (await get(client, "positions"))["items"][0]["quantity"] == "100"

    async def test_only_cash_that_is_received_can_be_put_back(
        self, client: httpx.AsyncClient, admin_connection: Connection, account_id: UUID, zqx: UUID
    ) -> None:
        split = add_event(admin_connection, zqx, "2026-02-10", ratio="2")
        await post(client, bought(account_id, zqx, "2026-01-05", "100", "15"))
        choice = {"account_id": str(account_id), "reinvest_price": "20"}
        assert (await act(client, split, "preview", choice)).status_code == 422
        (found,) = (await get(client, "corporate-actions"))["items"]
        assert found["accounts"][0]["income_handling"] is None
