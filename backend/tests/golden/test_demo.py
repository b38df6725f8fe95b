"""The demo's figures agree with those worked out by hand; see `demo/by_hand.py` for the working."""

import csv
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ORIGIN
from tests.features.explaining import explain_all
from tests.servers import Servers
from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.cli.demo import load_demo
from truenav.platform.clock import FakeClock
from truenav.platform.settings import DatabaseSettings, Settings

HERE = Path(__file__).parent / "demo"
# one worker loads the demo, once
pytestmark = pytest.mark.xdist_group("demo")
Answers = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def answers() -> Answers:
    """(figure, of what) → value, as committed."""
    with (HERE / "answers.csv").open(newline="") as file:
        return {(row["figure"], row["of"]): row["value"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def demo_settings(servers: Servers, settings: Settings) -> Iterator[Settings]:
    """An installation with nothing but the demo in it, loaded as `truenav up` loads it."""
    name = f"truenav_demo_{secrets.token_hex(4)}"
    servers.create_database(name)
    roles = {role: servers.dsn(name, f"truenav_{role}") for role in ("app", "worker", "ingest")}
    found = replace(settings, database=DatabaseSettings(admin=servers.dsn(name), **roles))
    load_demo(found)
    yield found
    servers.drop_database(name)


@pytest.fixture
async def demo(demo_settings: Settings, clock: FakeClock) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of the demo."""
    app = create_app(demo_settings, clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client,
    ):
        entered = await client.post("/api/v1/auth/demo", headers={"Origin": ORIGIN})
        assert entered.status_code == 200, entered.text
        client.headers["Authorization"] = f"Bearer {entered.json()['access_token']}"
        yield client


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    answer = await client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rounded(text: str, places: int = 6) -> Decimal:
    return Decimal(text).quantize(Decimal(1).scaleb(-places))


def test_the_answers_are_what_the_working_gives() -> None:
    printed = subprocess.run(
        [sys.executable, "-I", str(HERE / "by_hand.py")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    with (HERE / "answers.csv").open(newline="") as file:
        assert printed.splitlines() == [" | ".join(row) for row in list(csv.reader(file))[1:]]


def test_the_working_uses_nothing_of_the_product() -> None:
    source = (HERE / "by_hand.py").read_text()
    imported = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert imported
    assert not [line for line in imported if "truenav" in line]


@pytest.mark.parametrize("day", ["2008-12-31", "2012-12-31", "2013-03-01"])
async def test_net_asset_value(demo: httpx.AsyncClient, answers: Answers, day: str) -> None:
    expected = rounded(answers["nav", day])

    # from the stored snapshots, and from the lots replayed to that day
    series = await get(demo, "nav", **{"from": day, "to": day})
    holdings = await get(demo, "holdings", as_of=day)

    assert [item["as_of"] for item in series["items"]] == [day]
    assert rounded(series["items"][0]["nav"]) == expected
    assert rounded(holdings["nav"]) == expected


async def test_the_overview_agrees_with_the_last_day(
    demo: httpx.AsyncClient, answers: Answers
) -> None:
    overview = await get(demo, "overview")

    assert overview["as_of"] == "2013-03-01"
    assert rounded(overview["nav"]) == rounded(answers["nav", "2013-03-01"])
    assert rounded(overview["realized_gain"]) == rounded(answers["realized gain", "all"])
    assert rounded(overview["net_contributions"]) == rounded(answers["net contributions", "all"])
    assert overview["unknowns"] == []
    assert overview["review_count"] == 0


async def test_every_figure_of_the_overview_is_explained(demo: httpx.AsyncClient) -> None:
    page = await get(demo, "overview")
    paths = {
        "nav": "holdings?figure=nav", "market_value": "holdings?figure=market_value",
        "cash": "holdings?figure=cash", "unrealized_gain": "holdings?figure=unrealized_gain",
        "ytd_return_ratio": f"performance?figure=time_weighted&from={page['ytd_start_date']}",
    } | {
        name: f"overview?figure={name}"
        for name in (
            "day_change", "day_change_ratio", "realized_gain", "income_ytd", "net_contributions",
            "total_gain",
        )
    }  # fmt: skip
    for name, path in paths.items():
        assert (await explain_all(demo, path, most=15))[0] == page[name] is not None, name
    spans = await get(demo, "performance")
    for figure in ("time_weighted", "money_weighted"):
        path = f"performance?figure={figure}"
        assert (await explain_all(demo, path, most=6))[0] == spans[figure]["ratio"] is not None
    gains = await get(demo, "realized-gains")
    for term in gains["totals"]:
        path = f"realized-gains?term={term['term']}&in_currency={term['currency']}"
        assert (await explain_all(demo, path, most=10))[0] == term["gain"] is not None


async def test_lots_after_the_split_of_2005(demo: httpx.AsyncClient, answers: Answers) -> None:
    units, _, cost = answers["lot after the split of 2005-02-28", "AAPL 2003-01-15"].partition(
        " for "
    )
    holdings = {i["symbol"]: i for i in (await get(demo, "holdings", as_of="2005-02-28"))["items"]}
    before = {i["symbol"]: i for i in (await get(demo, "holdings", as_of="2005-02-25"))["items"]}

    assert Decimal(before["AAPL"]["quantity"]) == Decimal(units) / 2
    assert Decimal(holdings["AAPL"]["quantity"]) == Decimal(units)
    assert Decimal(holdings["AAPL"]["cost"]) == Decimal(before["AAPL"]["cost"]) == Decimal(cost)


async def test_open_lots(demo: httpx.AsyncClient, answers: Answers) -> None:
    expected = {of: value for (figure, of), value in answers.items() if figure == "open lot"}
    found = {}
    for item in (await get(demo, "holdings"))["items"]:
        lots = await get(demo, "lots", instrument_id=item["instrument_id"])
        for lot in lots["open_lots"]:
            value = f"{Decimal(lot['quantity']):f} for {rounded(lot['cost'])}"
            found[f"{item['symbol']} {lot['acquired_date']}"] = value

    assert found == expected


async def test_terms_are_those_of_the_day_the_demo_is_valued_on(demo: httpx.AsyncClient) -> None:
    found = {}
    for item in (await get(demo, "holdings"))["items"]:
        lots = await get(demo, "lots", instrument_id=item["instrument_id"])
        found.update(
            {
                f"{item['symbol']} {lot['acquired_date']}": lot["is_long_term"]
                for lot in lots["open_lots"]
            }
        )

    # on 2013-03-01 only the purchase of 2012-12-17 was held for a year or less
    assert [lot for lot, is_long in found.items() if not is_long] == ["AAPL 2012-12-17"]


async def test_realized_gains(demo: httpx.AsyncClient, answers: Answers) -> None:
    of_sales = {
        of: Decimal(value)
        for (figure, of), value in answers.items()
        if figure == "realized gain of a sale"
    }
    found: dict[str, Decimal] = {}
    for item in (await get(demo, "holdings"))["items"]:
        symbol = item["symbol"]
        assert rounded(item["realized_gain"]) == rounded(answers["realized gain", symbol])
        for closure in (await get(demo, "lots", instrument_id=item["instrument_id"]))["closures"]:
            key = f"{symbol} {closure['closed_date']}"
            found[key] = found.get(key, Decimal(0)) + Decimal(closure["gain"])

    assert {of: rounded(str(gain)) for of, gain in found.items()} == of_sales


async def test_returns_since_the_beginning(demo: httpx.AsyncClient, answers: Answers) -> None:
    span = "2003-01-02 to 2013-03-01"
    found = await get(demo, "performance")

    assert f"{found['from_date']} to {found['to_date']}" == span
    assert rounded(found["time_weighted"]["ratio"], 8) == rounded(
        answers["time-weighted return", span], 8
    )
    assert rounded(found["money_weighted"]["annualized_ratio"], 8) == rounded(
        answers["money-weighted return a year", span], 8
    )
