"""Realized and unrealized gains and income side by side: the figures of three pages, by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_fx_rate, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain_all
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post, sold
from tests.features.test_taxonomies_api import change, grown, put

D = Decimal
Body = dict[str, Any]


@pytest.fixture
def member(admin_connection: Connection) -> Member:
    """The owner of a portfolio in euros."""
    return add_member(admin_connection, base_currency="EUR")


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    return make_client(member)


class Household:
    """Two accounts in euros: a share in won in the first, one in euros in the second."""

    def __init__(self, first: UUID, second: UUID, korean: UUID, share: UUID) -> None:
        self.first, self.second, self.korean, self.share = first, second, korean, share


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    return await kept.built("household", lambda: _household(client, admin_connection, work))


async def _household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """A euro is 1,000 won when bought, 1,250 when sold, 800 today."""
    for day, rate in (
        (date(2025, 3, 3), "1000"), (date(2025, 12, 1), "1250"), (date(2025, 12, 30), "1250"),
        (date(2026, 2, 2), "1000"), (date(2026, 3, 4), "800"),
    ):  # fmt: skip
        add_fx_rate(admin_connection, "KRW", day, rate)
    korean = add_instrument(admin_connection, currency="KRW", prices={
        date(2025, 3, 3): "50000", date(2025, 12, 30): "60000", date(2026, 3, 4): "64000",
    })  # fmt: skip
    share = add_instrument(admin_connection, currency="EUR", prices={
        date(2025, 3, 3): "10", date(2025, 12, 30): "12", date(2026, 3, 4): "15",
    })  # fmt: skip
    first = await create_account(client, base_currency="EUR", group_name="Anna")
    second = await create_account(client, base_currency="EUR", group_name="Ben")
    won, euros = {"currency": "KRW"}, {"currency": "EUR"}
    await post(
        client,
        a_record(first, "deposit", "2025-03-03", gross=cash("1000000", "KRW"), **won),
        a_record(second, "deposit", "2025-03-03", gross=cash("1000", "EUR"), **euros),
        bought(first, korean, "2025-03-03", "10", "50000", **won),
        sold(first, korean, "2025-12-01", "4", "62500", **won),
        bought(second, share, "2025-03-03", "20", "10", **euros),
        sold(second, share, "2026-02-02", "5", "13", **euros),
        a_record(first, "dividend", "2026-02-02", instrument_id=korean,
                 gross=cash("30000", "KRW"), tax=cash("5000", "KRW"), **won),
        a_record(second, "interest", "2025-12-01", gross=cash("3", "EUR"), **euros),
    )  # fmt: skip
    await work(None)
    return Household(first, second, korean, share)


def row(page: Body, instrument_id: UUID | None) -> Body:
    key = None if instrument_id is None else str(instrument_id)
    (found,) = [item for item in page["items"] if item["instrument_id"] == key]
    return dict(found)


def of(part: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    return part["gain"], part["from_prices"], part["from_currency"]


async def agree(client: httpx.AsyncClient, page: Body, **query: str) -> None:
    """The same figures as the pages that show one of the three alone."""
    holdings = await get(client, "holdings", **query)
    assert page["total"]["unrealized"]["gain"] == holdings["total_unrealized_gain"]
    for item in holdings["items"]:
        own = row(page, UUID(item["instrument_id"]))
        assert own["unrealized"]["gain"] == item["unrealized_gain"]
        assert own["realized"]["gain"] == item["realized_gain"]
        assert own["realized"]["gain"] is not None or "cost_unknown" in item["unknown_reasons"]
    overview = await get(client, "overview", **query)
    assert overview["realized_gain"] == page["total"]["realized"]["gain"]
    told = f"overview?figure=realized_gain&{httpx.QueryParams(query)}"
    assert (await explain_all(client, told))[0] == overview["realized_gain"]
    if page["is_realized_explained"]:
        named = httpx.QueryParams(query)
        told = f"realized-gains?in_currency={page['currency']}&basis=tax&{named}"
        assert (await explain_all(client, told))[0] == overview["realized_gain"]
        listed = await get(client, "realized-gains", **query)
        assert listed["slice"] == page["slice"]
        terms = [D(one["gain"]) for one in listed["totals"]]
        assert sum(terms, D(0)) == D(overview["realized_gain"])
        assert sum((D(one["tax_gain"]) for one in listed["items"]), D(0)) == sum(terms, D(0))
    income = await get(client, "income", period="Max", **query)
    assert page["total"]["income"]["net"] == income["total"]["net"]
    for group in income["instruments"]:
        key = None if group["key"] == "cash" else UUID(group["key"])
        assert row(page, key)["income"]["net"] == group["amounts"]["net"]


async def test_since_ever(client: httpx.AsyncClient, household: Household) -> None:
    page = await get(client, "gains")
    korean = row(page, household.korean)
    # 4 × 62,500 ÷ 1,250 - 4 × 50,000 ÷ 1,000 = 200 - 200; of it 50,000 ÷ 1,250 = 40 from prices
    assert of(korean["realized"]) == ("0", "40", "-40")
    # 6 × 64,000 ÷ 800 - 300 = 180; of it 6 × 14,000 ÷ 800 = 105 from prices
    assert of(korean["unrealized"]) == ("180", "105", "75")
    # 25,000 ÷ 1,000
    assert (korean["income"]["net"], korean["total"]) == ("25", "205")
    share = row(page, household.share)
    # 5 × 3, and 15 × 5
    assert of(share["realized"]) == ("15", "15", "0")
    assert of(share["unrealized"]) == ("75", "75", "0")
    assert (share["income"]["net"], share["total"]) == ("0", "90")
    assert row(page, None)["income"]["net"] == "3"
    assert row(page, None)["name"] == "No instrument"
    total = page["total"]
    assert of(total["realized"]) == ("15", "55", "-40")
    assert of(total["unrealized"]) == ("255", "180", "75")
    assert (total["income"]["net"], total["total"]) == ("28", "298")
    assert [item["total"] for item in page["items"]] == ["205", "90", "3"]
    assert (page["years"], page["year"]) == ([2026, 2025], None)
    await agree(client, page)
    assert page["is_realized_explained"] is True
    told = "realized-gains?in_currency=EUR&basis=tax&figure=gain"
    assert (await explain_all(client, told))[0] == total["realized"]["gain"]
    own = f"{told}&instrument_id={household.share}"
    assert (await explain_all(client, own))[0] == share["realized"]["gain"]
    listed = (await get(client, "realized-gains"))["totals"]
    assert sum((D(one["gain"]) for one in listed), D(0)) == D(total["realized"]["gain"])


async def test_years_add_up_to_ever(client: httpx.AsyncClient, household: Household) -> None:
    ever = await get(client, "gains")
    before, now = [await get(client, "gains", year=year) for year in ("2025", "2026")]
    # at the end of 2025: 6 × 60,000 ÷ 1,250 - 300 = -12, and 20 × 2
    assert of(row(before, household.korean)["unrealized"]) == ("-12", "48", "-60")
    assert row(before, household.share)["unrealized_change"] == "40"
    assert row(now, household.korean)["unrealized_change"] == "192"
    assert row(now, household.share)["unrealized_change"] == "35"
    assert (before["to_date"], now["from_date"]) == ("2025-12-31", "2026-01-01")
    for name in ("realized", "income"):
        figure = "gain" if name == "realized" else "net"
        parts = [D(year["total"][name][figure]) for year in (before, now)]
        assert sum(parts, D(0)) == D(ever["total"][name][figure]), name
    assert D(before["total"]["total"]) + D(now["total"]["total"]) == D(ever["total"]["total"])
    listed = await get(client, "realized-gains", year="2026")
    assert listed["totals"][0]["gain"] == now["total"]["realized"]["gain"] == "15"
    empty = await get(client, "gains", year="2024")
    assert (empty["items"], empty["total"]["total"]) == ([], "0")


async def test_of_some_accounts_of_a_part_and_in_another_currency(
    client: httpx.AsyncClient, household: Household
) -> None:
    for query, total in (
        ({"account_group": "Anna"}, "205"), ({"account_id": str(household.second)}, "93"),
        ({"instrument_id": str(household.share)}, "90"), ({"asset_class": "cash"}, "3"),
        ({"currency": "EUR"}, "93"),
    ):  # fmt: skip
        page = await get(client, "gains", **query)
        assert page["total"]["total"] == total, query
        await agree(client, page, **query)
        assert page["is_realized_explained"] is True
    made, categories = await grown(client, "Half")
    items = [put(household.share, (categories["Half"], "0.5"))]
    await change(
        client, "PUT", f"{made['id']}/assignments", {"version": made["version"], "items": items}
    )
    query = {"category_id": categories["Half"]}
    page = await get(client, "gains", **query)
    half = row(page, household.share)
    assert [item["instrument_id"] for item in page["items"]] == [str(household.share)]
    # of 15 and 75
    assert (of(half["realized"]), of(half["unrealized"])) == (
        ("7.5", "7.5", "0"),
        ("37.5", "37.5", "0"),
    )
    assert (page["total"]["total"], page["is_realized_explained"]) == ("45", True)
    await agree(client, page, **query)
    (own,) = (await get(client, "realized-gains", **query))["items"]
    # half of 5 sold for 65 that cost 50
    assert (own["quantity"], own["tax_proceeds"], own["tax_cost"]) == ("2.5", "32.5", "25")
    assert (own["weight_ratio"], own["tax_gain"], own["gain"]) == ("0.5", "7.5", "7.5")
    told = f"holdings?figure=unrealized_gain&{httpx.QueryParams(query)}"
    assert (await explain_all(client, told))[0] == "37.5"
    page = await get(client, "gains", base_currency="KRW")
    korean = row(page, household.korean)
    # 4 × 12,500; 6 × 14,000; 25,000
    assert of(korean["realized"]) == ("50000", "50000", "0")
    assert of(korean["unrealized"]) == ("84000", "84000", "0")
    assert korean["total"] == "159000"
    # 5 for 65 euros at 1,000 that cost 50 at 1,000; 15 at 15 at 800 that cost 150 at 1,000
    share = row(page, household.share)
    assert of(share["realized"]) == ("15000", "15000", "0")
    assert of(share["unrealized"]) == ("30000", "60000", "-30000")
    await agree(client, page, base_currency="KRW")
    assert page["is_realized_explained"] is False


async def test_a_gain_is_the_same_everywhere_whatever_the_ledger_keeps_of_it(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    """Traded in lei, kept in euros for the account and in levs for tax, and in forints not at all.

    A euro is 5 lei, 2 levs and 400 forints when 10 are bought for 100 each and 2 are sold short of
    something else for 50 each; 4 lei, 1.6 levs and 320 forints when they are sold at 120 and bought
    back at 40; 4 lei, 2 levs and 200 forints today.
    """
    then, ended, now = date(2025, 3, 3), date(2025, 12, 1), date(2026, 3, 4)
    for code, rates in (
        ("RON", ("5", "4", "4")), ("BGN", ("2", "1.6", "2")), ("HUF", ("400", "320", "200")),
    ):  # fmt: skip
        for day, rate in zip((then, ended, now), rates, strict=True):
            add_fx_rate(admin_connection, code, day, rate)
    closes = {then: "100", now: "110"}
    share, other = (
        add_instrument(admin_connection, currency="RON", prices=closes) for _ in range(2)
    )
    account = await create_account(client, base_currency="EUR")
    methods = f"accounts/{account}/lot-methods"
    taxed = {**await get(client, methods), "tax_currency": "BGN"}
    body = {key: value for key, value in taxed.items() if key != "has_records"}
    answer = await client.put(f"/api/v1/{methods}", json=body)
    assert answer.status_code == 200, answer.text
    lei = {"currency": "RON"}
    await post(
        client,
        a_record(account, "deposit", then.isoformat(), gross=cash("9000", "RON"), **lei),
        bought(account, share, then.isoformat(), "12", "100", **lei),
        sold(account, share, ended.isoformat(), "10", "120", **lei),
        sold(account, other, then.isoformat(), "3", "50", **lei),
        bought(account, other, ended.isoformat(), "2", "40", **lei),
    )  # fmt: skip
    await work(None)
    # 1,200 at the rate of the sale less 1,000 at that of the purchase; of what was sold short 100
    # at the rate of then less 80 at that of now
    for code, long, short in (
        ("EUR", 300 - 200, 20 - 20), ("BGN", 480 - 400, 40 - 32),
        ("RON", 200, 20), ("HUF", 96_000 - 80_000, 8_000 - 6_400),
    ):  # fmt: skip
        query = {"base_currency": code}
        page = await get(client, "gains", **query)
        assert D(row(page, share)["realized"]["gain"]) == long, code
        assert D(row(page, other)["realized"]["gain"]) == short, code
        await agree(client, page, **query)
        one = {**query, "instrument_id": str(share)}
        await agree(client, await get(client, "gains", **one), **one)
    held = {
        item["instrument_id"]: item["realized_gain"]
        for item in (await get(client, "holdings", as_of="2025-11-28"))["items"]
    }
    assert held == {str(share): "0", str(other): "0"}


async def test_what_is_not_known_says_why_and_hides_no_other(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection, work: Work
) -> None:
    unpriced = add_instrument(admin_connection, currency="EUR")
    gift = add_instrument(admin_connection, currency="EUR", prices={date(2026, 3, 4): "5"})
    euros = {"currency": "EUR"}
    await post(
        client,
        bought(household.second, unpriced, "2026-02-02", "1", "7", **euros),
        a_record(household.second, "transfer_in", "2026-02-02", instrument_id=gift, quantity="3",
                 **euros),
        sold(household.second, gift, "2026-02-03", "1", "5", **euros),
    )  # fmt: skip
    await work(None)
    page = await get(client, "gains")
    first = row(page, unpriced)
    assert (first["unrealized"]["gain"], first["total"]) == (None, None)
    assert first["reasons"] == ["price_missing"]
    second = row(page, gift)
    assert second["realized"] == {
        "gain": None, "from_prices": None, "from_currency": None, "count": 1,
        "reasons": ["cost_unknown"],
    }  # fmt: skip
    assert row(page, household.share)["total"] == "90"
    assert (page["total"]["realized"]["gain"], page["total"]["total"]) == (None, None)
    assert {one["reason_code"] for one in page["unknowns"]} == {"price_missing", "cost_unknown"}
    kept = await get(client, "gains", instrument_id=str(household.share))
    assert kept["total"]["total"] == "90"


async def test_what_became_worthless_this_year_counts_before_its_last_day(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    """It counts as sold on 31 December, and the loss is there from the day it was recorded."""
    await post(
        client,
        a_record(household.second, "worthless", "2026-03-03", instrument_id=household.share,
                 quantity="-15", currency="EUR"),
    )  # fmt: skip
    await work(None)
    page = await get(client, "gains")
    share = row(page, household.share)
    # 5 x 3 of the sale, and the 150 the other 15 cost
    assert of(share["realized"]) == ("-135", "-135", "0")
    assert (share["unrealized"]["gain"], share["total"]) == ("0", "-135")
    told = f"realized-gains?in_currency=EUR&basis=tax&figure=gain&instrument_id={household.share}"
    assert (await explain_all(client, told))[0] == "-135"
    year = row(await get(client, "gains", year="2026"), household.share)
    # 40 stood unrealized when the year began
    assert (year["realized"]["gain"], year["unrealized_change"]) == ("-135", "-40")
    before = row(await get(client, "gains", year="2025"), household.share)
    assert (before["realized"]["gain"], before["total"]) == ("0", "40")


async def test_a_year_says_what_hides_its_beginning(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection, work: Work
) -> None:
    late = add_instrument(admin_connection, currency="EUR", prices={date(2026, 3, 4): "5"})
    await post(client, bought(household.second, late, "2025-06-02", "2", "4", currency="EUR"))
    await work(None)
    page = await get(client, "gains", year="2026")
    found = row(page, late)
    # 2 x 1 today; what it was worth when the year began nobody knows
    assert (found["unrealized"]["gain"], found["unrealized_change"]) == ("2", None)
    assert (found["total"], found["reasons"]) == (None, ["price_missing"])
    assert [(one["reason_code"], one["instrument_id"]) for one in page["unknowns"]] == [
        ("price_missing", str(late))
    ]  # fmt: skip
    assert (await get(client, "gains"))["unknowns"] == []


async def test_a_year_that_has_not_begun_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/gains", params={"year": "2027"})
    assert problem(answer) == (422, "invalid_fields")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/query/year"]
    assert (await get(client, "gains", year="2026"))["year"] == 2026


async def test_nothing_yet(client: httpx.AsyncClient) -> None:
    page = await get(client, "gains")
    assert (page["items"], page["years"], page["total"]["total"]) == ([], [], "0")


async def test_a_part_of_a_gain_with_very_many_digits_is_told(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    euros = {"currency": "EUR"}
    await post(
        client,
        bought(
            household.first, household.share, "2026-02-02", "3", "3.333333333333333333", **euros
        ),
        sold(household.first, household.share, "2026-02-03", "1", "5.000000000000000001", **euros),
    )
    await work(None)
    made, categories = await grown(client, "Most")
    items = [put(household.share, (categories["Most"], "0.7"))]
    await change(
        client, "PUT", f"{made['id']}/assignments", {"version": made["version"], "items": items}
    )
    query = {"category_id": categories["Most"], "account_id": str(household.first)}
    page = await get(client, "realized-gains", **query)
    (own,), (total,) = page["items"], page["totals"]
    # 0.7 of 5 less 3.33
    assert own["tax_gain"][:6] == total["gain"][:6] == "1.1666"
    told = f"realized-gains?in_currency=EUR&basis=tax&{httpx.QueryParams(query)}"
    assert (await explain_all(client, told))[0] == total["gain"]
