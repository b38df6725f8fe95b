"""Rules of thumb, measured by hand; set by version; unknown when anything under them is."""

from typing import Any

import httpx
import pytest

from tests.builders import Member, add_member
from tests.conftest import ClientMaker, Connection
from tests.features.acting import own
from tests.features.conftest import Work
from tests.features.importing import problem
from tests.features.ledgering import a_record, bought, cash, get, post
from tests.features.test_allocation_api import funded, priced, symbol_of
from tests.features.test_taxonomies_api import change, make
from tests.features.test_valuation_api import add_rates

Body = dict[str, Any]
PATH = "/api/v1/checks"


@pytest.fixture
def member(admin_connection: Connection) -> Member:
    """The owner of a portfolio in euros."""
    return add_member(admin_connection, base_currency="EUR")


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    return make_client(member)


def told(answer: Body) -> dict[str, tuple[str | None, str]]:
    """(figure, verdict) by code; the reason where there is no figure."""
    return {
        item["code"]: (item["figure"] or item["unknown_reason"], item["verdict"])
        for item in answer["items"]
    }


async def test_nothing_held_is_no_alarm(client: httpx.AsyncClient) -> None:
    found = await get(client, "checks")

    assert found["look_count"] == 0
    assert told(found) == {
        **dict.fromkeys(
            ("one_currency", "largest_position", "one_account", "one_broker", "cash_share", "fees"),
            ("nothing_held", "unknown"),
        ),
        **dict.fromkeys(
            ("largest_category", "one_country", "unclassified"), ("no_taxonomy", "unknown")
        ),
        "emergency_fund": ("spending_not_stated", "unknown"),
        "stale_prices": ("0", "ok"),
    }


async def test_every_figure_by_hand(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    add_rates(admin_connection, "NZD", {"03-02": "10", "03-04": "10"})
    first = await funded(client, "1000", name="First", broker="flatex")
    second = await funded(client, "1000", name="Second", broker="degiro")
    share = priced(admin_connection, "50")
    swedish = priced(admin_connection, "100", "NZD")
    await post(
        client,
        bought(first, share, "2026-03-02", "10", "48", currency="EUR", fee=cash("20", "EUR")),
        bought(second, swedish, "2026-03-02", "20", "100", currency="NZD"),
    )
    await work(None)
    # first: 1000 - 480 - 20 + 500 = 1000; second: 1000 + 20 × 100 ÷ 10 - 2000 ÷ 10 = 1000
    names = [await symbol_of(client, one) for one in (share, swedish)]
    sectors = await make(client, "Sectors", starter="sectors")
    regions = await make(client, "Regions", starter="regions")
    for taxonomy, lines in (
        (sectors, f"{names[0]},Finance > Banks,0.4\n{names[0]},Health,0.6"),
        (regions, f"{names[0]},Europe > Germany\n{names[1]},Europe > Sweden"),
    ):
        path = f"/api/v1/taxonomies/{taxonomy['id']}/classify"
        done = await client.post(path, json={"version": 1, "text": lines})
        assert done.json()["is_done"], done.text
    stated = {"threshold": "12", "amount": "100"}
    await client.put(f"{PATH}/emergency_fund", json=stated)
    found = await get(client, "checks")

    # euros: 500 + 500 + 1000; kronor: 200 - 200; cash 500 + 1000 - 200
    assert told(found) == {
        "one_currency": ("1", "look"),
        "largest_position": ("0.25", "look"),
        "largest_category": ("0.15", "ok"),
        "one_country": ("0.25", "ok"),
        "one_account": ("0.5", "ok"),
        "one_broker": ("0.5", "ok"),
        "cash_share": ("0.65", "look"),
        "fees": ("0.01", "ok"),
        "emergency_fund": ("13", "ok"),
        "unclassified": ("0.1", "ok"),
        "stale_prices": ("0", "ok"),
    }
    assert found["look_count"] == 3
    subjects = {i["code"]: i["subject"]["label"] for i in found["items"] if i["subject"]}
    assert subjects == {
        "one_currency": "EUR", "largest_position": names[0], "largest_category": "Health",
        "one_country": "Germany", "one_account": "Second", "one_broker": "flatex",
        "unclassified": "Sectors",
    }  # fmt: skip

    # a part is judged by the same rules: 1000 of the first account, 500 of them cash
    of_first = await get(client, "checks", account_id=str(first))
    assert of_first["slice"]["account_ids"] == [str(first)]
    part = told(of_first)
    assert (part["one_account"], part["one_broker"]) == (("1", "look"), ("1", "look"))
    assert (part["cash_share"], part["fees"]) == (("0.5", "look"), ("0.02", "look"))
    assert part["emergency_fund"] == ("5", "look")
    # shares alone: 500 euros and 200 in kronor; the fee was one of theirs
    shares = told(await get(client, "checks", asset_class="equity"))
    assert shares["one_currency"] == ("0.7142857143", "look")
    assert (shares["cash_share"], shares["fees"]) == (("0", "ok"), ("0.0285714286", "look"))
    # in another currency, at a rate that stood still, nothing changes; what was stated is in euros
    abroad = await get(client, "checks", base_currency="NZD")
    assert (abroad["currency"], abroad["amount_currency"]) == ("NZD", "EUR")
    assert told(abroad) == told(found)


async def test_a_missing_price_makes_shares_unknown(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client)
    share = priced(admin_connection, None)
    await post(client, bought(account_id, share, "2026-03-02", "1", "10", currency="EUR"))
    await work(None)
    found = told(await get(client, "checks"))

    for code in ("one_currency", "largest_position", "one_account", "one_broker", "cash_share"):
        assert found[code] == ("price_missing", "unknown")
    assert found["stale_prices"] == ("1", "look")


async def test_income_due_without_a_rate_makes_shares_unknown(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account_id = await funded(client)
    share = priced(admin_connection, "10")
    await post(client, bought(account_id, share, "2026-03-02", "1", "10", currency="EUR"))
    await own(
        client, share, "cash_dividend", ex_date="2026-03-04", pay_date="2026-03-20",
        cash_amount="2", currency="MNT",
    )  # fmt: skip
    await work(None)
    found = told(await get(client, "checks"))

    for code in ("one_currency", "largest_position", "one_account", "cash_share"):
        assert found[code] == ("fx_missing", "unknown")


async def test_a_fee_on_money_paid_out_is_part_of_the_flow(
    client: httpx.AsyncClient, work: Work
) -> None:
    account_id = await funded(client, "1010")
    paid_out = a_record(
        account_id, "withdrawal", "2026-03-03", currency="EUR", gross=cash("-6", "EUR"),
        fee=cash("4", "EUR"),
    )  # fmt: skip
    await post(client, paid_out)
    await work(None)
    assert told(await get(client, "checks"))["fees"] == ("0", "ok")


async def test_set_by_version_and_switched_off(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PATH}/stale_prices", json={"threshold": "3"})
    first = next(i for i in answer.json()["items"] if i["code"] == "stale_prices")
    assert (first["threshold"], first["version"]) == ("3", 1)
    again = await client.put(f"{PATH}/stale_prices", json={"threshold": "4"})
    assert (problem(again), again.json()["current"]) == ((409, "stale_version"), {"version": 1})
    off = await client.put(
        f"{PATH}/stale_prices", json={"threshold": "3", "is_enabled": False, "version": 1}
    )
    second = next(i for i in off.json()["items"] if i["code"] == "stale_prices")
    assert (second["verdict"], second["figure"], second["version"]) == ("off", None, 2)


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("fees", {"threshold": "1.5"}),
        ("fees", {"threshold": "-0.1"}),
        ("fees", {"threshold": "0.1", "amount": "5"}),
        ("emergency_fund", {"threshold": "3", "amount": "0"}),
    ],
)
async def test_what_no_check_can_be_set_to(
    client: httpx.AsyncClient, code: str, body: Body
) -> None:
    assert problem(await client.put(f"{PATH}/{code}", json=body)) == (422, "invalid_fields")
    assert (await client.put(f"{PATH}/nothing", json=body)).status_code == 422


async def test_a_removed_taxonomy_is_forgotten_and_the_threshold_stays(
    client: httpx.AsyncClient,
) -> None:
    made = await make(client, "Own")
    body = {"threshold": "0.3", "taxonomy_id": made["id"]}
    stored = await client.put(f"{PATH}/largest_category", json=body)
    assert stored.status_code == 200, stored.text
    other = await client.put(f"{PATH}/fees", json={**body, "version": None})
    assert problem(other) == (422, "invalid_fields")
    made = await change(client, "PATCH", made["id"], {"version": 1, "name": "Renamed"})
    gone = await client.delete(f"/api/v1/taxonomies/{made['id']}", params={"version": "2"})
    assert gone.status_code == 204, gone.text
    found = await get(client, "checks")
    check = next(i for i in found["items"] if i["code"] == "largest_category")

    assert (check["threshold"], check["taxonomy_id"]) == ("0.3", None)
    assert check["unknown_reason"] == "no_taxonomy"
