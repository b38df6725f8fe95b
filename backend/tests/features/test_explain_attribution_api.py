"""Attribution explained: every figure equals the page's, adds up, and leads to records."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, paid, post, sold
from truenav.core.explanation import walk

D = Decimal
Query = dict[str, list[str]]
SPAN: Query = {"from": ["2026-01-05"], "to": ["2026-01-08"], "base_currency": ["EUR"]}
GROUP = {
    "contribution": "contribution_ratio", "local": "local_ratio", "currency": "currency_ratio",
    "cross": "cross_ratio", "gain": "gain", "average_weight": "average_weight_ratio",
}  # fmt: skip
EFFECTS = {
    "allocation": "allocation_ratio", "selection": "selection_ratio",
    "interaction": "interaction_ratio", "effect": "total_ratio",
}  # fmt: skip


class Household:
    """Two accounts in euro: a share and a bond fund, and a share in Colombian pesos."""

    def __init__(self, accounts: list[UUID], share: UUID, bond: UUID, foreign: UUID) -> None:
        self.accounts, self.share, self.bond, self.foreign = accounts, share, bond, foreign
        self.bought: list[str] = []


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    return await kept.built("household", lambda: _household(client, admin_connection, work))


async def _household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    def of(currency: str, *closes: str, **named: Any) -> UUID:
        days = (date(2026, 1, day) for day in (5, 6, 7, 8))
        prices = dict(zip(days, closes, strict=True))
        return add_instrument(admin_connection, prices=prices, currency=currency, **named)

    for day, rate in ((5, "4000"), (6, "4200"), (7, "4100"), (8, "4000")):
        add_fx_rate(admin_connection, "COP", date(2026, 1, day), rate)
    share = of("EUR", "100", "108", "104", "109")
    bond = of("EUR", "100", "102", "101", "101.5", asset_class="bond")
    foreign = of("COP", "40000", "43000", "41000", "44000")
    named = {"base_currency": "EUR", "tax_currency": "EUR"}
    accounts = [await create_account(client, **named) for _ in range(2)]
    first, second = accounts
    euro, peso = {"currency": "EUR"}, {"currency": "COP"}
    household = Household(accounts, share, bond, foreign)
    posted = await post(
        client,
        paid(first, "2026-01-05", "1600", "EUR"),
        paid(second, "2026-01-05", "400000", "COP"),
        paid(second, "2026-01-05", "400", "EUR"),
        bought(first, share, "2026-01-05", "6", "100", **euro),
        bought(second, bond, "2026-01-05", "4", "100", **euro),
        bought(second, foreign, "2026-01-05", "10", "40000", **peso),
        paid(first, "2026-01-06", "100", "EUR"),
        sold(first, share, "2026-01-07", "2", "105", fee=cash("1", "EUR"), **euro),
        bought(first, bond, "2026-01-07", "3", "101", **euro),
        a_record(first, "dividend", "2026-01-08", instrument_id=share, gross=cash("12", "EUR"),
                 tax=cash("2", "EUR"), **euro),
    )  # fmt: skip
    household.bought = [one["id"] for one in posted if one["kind"] == "buy"]
    await work(None)
    return household


def tail(asked: Query) -> str:
    return urlencode(asked, doseq=True)


async def page(client: httpx.AsyncClient, asked: Query, path: str = "attribution") -> Any:
    answer = await client.get(f"/api/v1/{path}?{tail(asked)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.only_reads
@pytest.mark.parametrize(
    "narrowed",
    [
        {"by": ["instrument"]},
        {"by": ["asset_class"]},
        {"by": ["currency"]},
        {"by": ["account"], "flow_timing": ["end_of_day"]},
        {"by": ["instrument"], "asset_class": ["equity", "bond"]},
    ],
)
async def test_every_figure_of_every_group(
    client: httpx.AsyncClient, household: Household, narrowed: Query
) -> None:
    assert household.accounts
    asked = {**SPAN, **narrowed}
    found = await page(client, asked)
    for figure, name in (("total", "total_ratio"), ("residual", "residual_ratio"),
                         ("total_gain", "gain")):  # fmt: skip
        shown, root = await explain(client, f"attribution?figure={figure}&{tail(asked)}")
        assert shown == found[name] is not None
        assert len(list(walk(root))) > len(found["groups"])
    for group in found["groups"]:
        for figure, name in GROUP.items():
            path = f"attribution?{tail({**asked, 'figure': [figure], 'key': [group['key']]})}"
            shown, _ = await explain(client, path)
            assert shown == group[name] is not None, (figure, group["label"])


@pytest.mark.only_reads
async def test_ways_on_lead_to_prices_and_records(
    client: httpx.AsyncClient, household: Household
) -> None:
    asked = {**SPAN, "by": ["instrument"], "figure": ["contribution"]}
    # three parts, the closes of four days, and of the share what went in or out on two of them
    for key, ways in ((household.share, 9), (household.foreign, 7)):
        path = f"attribution?{tail({**asked, 'key': [str(key)]})}"
        _, followed = await explain_all(client, path, most=22)
        assert followed == ways
    path = f"attribution?{tail({**asked, 'figure': ['local'], 'key': [str(household.share)]})}"
    _, root = await explain(client, path)
    kinds = set()
    for way in [node.more for node in walk(root) if node.more is not None]:
        _, further = await explain(client, way)
        kinds |= {node.kind.value for node in walk(further)}
    assert kinds >= {"price", "record"}


@pytest.mark.only_reads
async def test_a_day_is_its_gain_times_its_factor(
    client: httpx.AsyncClient, household: Household
) -> None:
    asked = {**SPAN, "by": ["instrument"], "key": [str(household.foreign)]}
    _, root = await explain(client, f"attribution?{tail({**asked, 'figure': ['currency']})}")
    first = root.children[0]
    # 400,000 pesos, a peso from 1/4,000 to 1/4,200 of a euro
    assert first.children[0].value == D(400_000)
    moved = first.children[1].value
    assert moved is not None
    assert abs(moved - (D(1) / 4200 - D(1) / 4000)) < D("1E-20")
    capital = next(node for node in walk(first) if node.label == "Capital at work")
    # 1,600 + 400 + 100 euro from pesos, and the 100 paid in that day
    assert capital.value == D(2200)


def other(household: Household, name: str) -> Query:
    """What the household is compared with."""
    share, bond, foreign = household.share, household.bond, household.foreign
    return {
        "one a group": {"blend": [f"equity:{share}:0.5", f"bond:{bond}:0.5"],
                        "rebalancing": ["daily"]},
        "two of a group": {"blend": [f"equity:{share}:0.3", f"equity:{foreign}:0.3",
                                     f"bond:{bond}:0.4"]},
        "an instrument": {"benchmark": [str(foreign)], "benchmark_basis": ["price"]},
    }[name]  # fmt: skip


@pytest.mark.only_reads
@pytest.mark.parametrize("beside", ["one a group", "two of a group", "an instrument"])
async def test_effects_beside_a_benchmark_are_weights_and_returns(
    client: httpx.AsyncClient, household: Household, beside: str
) -> None:
    asked = {**SPAN, "by": ["asset_class"], **other(household, beside)}
    found = (await page(client, asked))["comparison"]
    assert found["reason"] is None
    for figure, name in (("excess", "excess_ratio"), ("effects_residual", "residual_ratio")):
        shown, _ = await explain_all(client, f"attribution?figure={figure}&{tail(asked)}", 8)
        assert shown == found[name]
    for group in found["groups"]:
        for figure, name in EFFECTS.items():
            path = f"attribution?{tail({**asked, 'figure': [figure], 'key': [group['key']]})}"
            shown, _ = await explain_all(client, path, 4)
            assert shown == group[name], (figure, group["label"])


@pytest.mark.only_reads
async def test_what_each_purchase_brought(client: httpx.AsyncClient, household: Household) -> None:
    for narrowed in ({}, {"asset_class": ["bond"]}):
        asked: Query = {"to": ["2026-01-08"], "base_currency": ["EUR"], **narrowed}
        found = await page(client, asked, "attribution/trades")
        trades = [*found["best"], *found["worst"]]
        assert len(trades) == (4 if not narrowed else 2)
        for one in trades:
            named = {**asked, "transaction_id": [one["transaction_id"]]}
            for figure in ("realized", "unrealized", "income", "total"):
                path = f"attribution/trade?{tail({**named, 'figure': [figure]})}"
                shown, _ = await explain_all(client, path, 4)
                assert shown == one[figure] is not None, figure
    first = {**asked, "transaction_id": [household.bought[0]], "figure": ["realized"]}
    first.pop("asset_class")
    _, root = await explain(client, f"attribution/trade?{tail(first)}")
    (sale,) = root.children
    # 2 sold at 105 less 1; bought at 100
    assert [part.value for part in sale.children] == [D(209), D(200)]


async def test_a_known_return_is_told_where_a_group_of_it_is_not(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    account = await create_account(client)
    closes = {date(2026, 1, 5): "100", date(2026, 1, 6): "110"}
    share = add_instrument(admin_connection, prices=closes)
    # in a currency without any rate: there at no close, so no value is unknown
    other = add_instrument(admin_connection, prices={}, currency="KES")
    shilling = {"currency": "KES"}
    await post(
        client,
        paid(account, "2026-01-05", "1000"),
        bought(account, share, "2026-01-05", "10", "100"),
        bought(account, other, "2026-01-06", "1", "10", **shilling),
        sold(account, other, "2026-01-06", "1", "10", **shilling),
    )
    await work(None)
    span: Query = {"from": ["2026-01-05"], "to": ["2026-01-07"]}
    found = await page(client, span)
    assert (found["total_ratio"], found["residual_ratio"]) == ("0.1", None)
    group = next(one for one in found["groups"] if one["key"] == str(other))
    assert group["contribution_ratio"] is None
    shown, ways = await explain_all(client, f"attribution?figure=total&{tail(span)}")
    assert (shown, ways > 0) == ("0.1", True)
    _, root = await explain(client, f"attribution?figure=residual&{tail(span)}")
    assert (root.value, root.unknown_reason) == (None, "value_unknown")


@pytest.mark.only_reads
@pytest.mark.usefixtures("household")
async def test_bad_questions_are_refused_by_name(client: httpx.AsyncClient) -> None:
    nobody = UUID(int=3)
    for path, status in (
        (f"attribution?figure=local&key={nobody}&{tail(SPAN)}", 404),
        (f"attribution?figure=local&{tail(SPAN)}", 422),
        (f"attribution?figure=excess&{tail(SPAN)}", 422),
        (f"attribution?figure=nothing&{tail(SPAN)}", 422),
        (f"attribution?figure=local&key=equity&by=asset_class&part=x&{tail(SPAN)}", 404),
        (f"attribution?figure=total&period=2026-01&{tail(SPAN)}", 422),
        *((f"attribution?figure={figure}&key=equity&by=asset_class&period=2026&{tail(SPAN)}", 422)
          for figure in ("contribution", "local")),
        (f"performance?figure=gain&period=2026-01&{tail(SPAN)}", 422),
        (f"attribution/trade?transaction_id={nobody}", 404),
    ):  # fmt: skip
        assert (await client.get(f"/api/v1/explain/{path}")).status_code == status, path


async def test_nothing_is_attributed_before_anything_was_held(client: httpx.AsyncClient) -> None:
    _, root = await explain(client, "attribution?figure=total")
    assert root.unknown_reason == "no_capital"
