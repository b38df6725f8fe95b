"""Returns of any part of the portfolio, before costs and over gaps, explained as shown."""

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


class Family:
    """Two accounts in euro, one of a group and with a tag: shares in euro and in soles, a bond."""

    def __init__(self, first: UUID, second: UUID, share: UUID, foreign: UUID) -> None:
        self.first, self.second, self.share, self.foreign = first, second, share, foreign


@pytest.fixture
async def family(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Family:
    return await kept.built("family", lambda: _family(client, admin_connection, work))


async def _family(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Family:
    def of(currency: str, *closes: str, **named: Any) -> UUID:
        days = (date(2026, 1, day) for day in (12, 13, 14, 15))
        prices = dict(zip(days, closes, strict=False))
        return add_instrument(admin_connection, prices=prices, currency=currency, **named)

    for day, rate in ((12, "4"), (13, "4.2"), (14, "4.1"), (15, "4")):
        add_fx_rate(admin_connection, "PEN", date(2026, 1, day), rate)
    share = of("EUR", "100", "110", "121", "118")
    bond = of("EUR", "50", "50", "51", "50.5", asset_class="bond")
    foreign = of("PEN", "40", "40", "48", "46")
    named = {"base_currency": "EUR", "tax_currency": "EUR"}
    first = await create_account(client, group_name="Anna", tags=["old"], **named)
    second = await create_account(client, **named)
    euro = {"currency": "EUR"}
    await post(
        client,
        paid(first, "2026-01-12", "5000", "EUR"),
        paid(second, "2026-01-12", "2000", "EUR"),
        paid(first, "2026-01-12", "1000", "PEN"),
        bought(first, share, "2026-01-12", "10", "100", fee=cash("10", "EUR"), **euro),
        bought(first, foreign, "2026-01-13", "20", "40", currency="PEN"),
        bought(second, bond, "2026-01-12", "20", "50", **euro),
        a_record(first, "dividend", "2026-01-13", instrument_id=share, gross=cash("20", "EUR"),
                 tax=cash("5", "EUR"), fee=cash("1", "EUR"), **euro),
        paid(second, "2026-01-14", "300", "EUR"),
        sold(first, share, "2026-01-14", "4", "120", fee=cash("3", "EUR"), **euro),
        bought(first, share, "2026-01-14", "1", "119", **euro),
        sold(first, foreign, "2026-01-15", "20", "46", currency="PEN"),
    )  # fmt: skip
    await work(None)
    return Family(first, second, share, foreign)


async def page(client: httpx.AsyncClient, asked: Query) -> dict[str, str | None]:
    answer = await client.get(f"/api/v1/performance?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {
        "time_weighted": found["time_weighted"]["ratio"],
        "money_weighted": found["money_weighted"]["ratio"],
        "gain": found["gain"],
        "net_flows": found["net_flows"],
        "max_drawdown": found["max_drawdown"]["ratio"],
        "drawdown": found["items"][-1]["drawdown_ratio"],
    }


async def same_as_the_page(client: httpx.AsyncClient, asked: Query, most: int = 4) -> None:
    asked = {"from": ["2026-01-12"], "to": ["2026-01-15"], **asked}
    for figure, value in (await page(client, asked)).items():
        path = f"performance?{urlencode({**asked, 'figure': [figure]}, doseq=True)}"
        shown, _ = await explain_all(client, path, most)
        assert shown == value, (figure, asked)
        assert value is not None or "gross" in str(asked), figure


@pytest.mark.only_reads
async def test_a_part_of_the_portfolio_is_explained_down_to_its_records(
    client: httpx.AsyncClient, family: Family
) -> None:
    both = [str(family.first), str(family.second)]
    base: Query = {"base_currency": ["EUR"]}
    for asked in (
        {**base, "instrument_id": [str(family.share)]},
        {**base, "asset_class": ["equity"]},
        {**base, "asset_class": ["cash"]},
        {**base, "currency": ["PEN"]},
        {"account_group": ["Anna"]},
        {"account_tag": ["old"], "asset_class": ["equity", "bond"]},
        {**base, "account_id": both},
        {"account_id": [str(family.first)], "base_currency": ["PEN"]},
    ):
        await same_as_the_page(client, asked)


@pytest.mark.only_reads
async def test_what_a_slice_earned_has_prices_and_moves_behind_it(
    client: httpx.AsyncClient, family: Family
) -> None:
    asked = f"instrument_id={family.share}&account_id={family.first}"
    _, root = await explain(
        client, f"performance?figure=time_weighted&period=2026-01&from=2026-01-12&{asked}"
    )
    days = {part.label: part for part in root.children}
    # 1,100 and a dividend of 14 after tax and fee, of 1,000
    assert days["2026-01-13"].value == D("1.114")
    kinds, names = set(), set()
    for node in walk(root):
        if node.more is not None:
            _, further = await explain(client, node.more)
            kinds |= {part.kind.value for part in walk(further)}
            names |= {part.label.split(":")[0] for part in walk(further)}
    assert kinds >= {"price", "record", "event"}
    assert {"Dividend of 2026-01-13", "Sell of 2026-01-14", "Buy of 2026-01-14"} <= names


@pytest.mark.only_reads
@pytest.mark.usefixtures("family")
async def test_what_was_paid_is_added_back_and_told(client: httpx.AsyncClient) -> None:
    gross: Query = {"base_currency": ["EUR"], "fees": ["gross"], "taxes": ["gross"]}
    await same_as_the_page(client, gross)
    await same_as_the_page(client, {**gross, "asset_class": ["equity"]})
    await same_as_the_page(client, {**gross, "taxes": ["net"], "flow_timing": ["end_of_day"]})
    tail = urlencode(gross, doseq=True)
    _, root = await explain(client, f"performance?figure=costs&period=2026-01-13&{tail}")
    assert sorted(part.value or D(0) for part in root.children) == [D(1), D(5)]
    path = f"/api/v1/explain/performance?figure=costs&period=2026-01&{tail}"
    assert (await client.get(path)).status_code == 422


async def test_what_was_withheld_of_income_that_was_due_counts_on_its_ex_date_alone(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account = await create_account(client)
    of = add_instrument(admin_connection, prices={date(2026, 1, 2): "100"})
    await post(
        client,
        paid(account, "2026-01-02", "5000"),
        bought(account, of, "2026-01-02", "10", "100"),
        a_record(account, "dividend", "2026-01-12", instrument_id=of, gross=cash("60"),
                 tax=cash("9"), ex_date="2026-01-05"),
        bought(account, of, "2026-01-12", "1", "100", fee=cash("3")),
    )  # fmt: skip
    await work(None)
    gross = "fees=gross&taxes=gross&from=2026-01-02"
    _, month = await explain(client, f"performance?figure=time_weighted&period=2026-01&{gross}")
    added = {
        node.more: node.value for node in walk(month) if node.label.startswith("Paid for fees")
    }
    assert sorted(added.values(), key=str) == [D(3), D(9)]
    for more, cost in added.items():
        assert more is not None
        _, root = await explain(client, more)
        assert root.value == cost, more
    for day, cost in (("2026-01-05", D(9)), ("2026-01-12", D(3))):
        _, root = await explain(client, f"performance?figure=costs&period={day}&{gross}")
        assert root.value == cost, day
    for far in ("0001-01-01", "9999-12-31"):
        path = f"/api/v1/explain/performance?figure=costs&period={far}&{gross}"
        assert (await client.get(path)).status_code == 422, far


async def test_a_gap_is_told_as_one_period(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    account = await create_account(client)
    of = add_instrument(admin_connection, prices={date(2026, 2, 4): "110"})
    await post(
        client,
        paid(account, "2026-02-02", "100"),
        bought(account, of, "2026-02-03", "1", "100"),  # without a price before the 4th
        paid(account, "2026-02-03", "100"),
    )
    await work(None)
    asked: Query = {"from": ["2026-02-02"], "to": ["2026-02-04"], "gaps": ["modified_dietz"]}
    for figure in ("time_weighted", "gain", "max_drawdown"):
        path = f"performance?{urlencode({**asked, 'figure': [figure]}, doseq=True)}"
        shown, _ = await explain_all(client, path, 8)
        assert shown == (await page(client, asked))[figure] is not None, figure
    tail = urlencode({**asked, "figure": ["time_weighted"], "period": ["2026-02"]}, doseq=True)
    _, root = await explain(client, f"performance?{tail}")
    (period,) = root.children
    # 1 + (210 - 100 - 100) / (100 + 100 x 2/2)
    assert period.value == D("1.05")
    ratio = period.children[1]
    assert [part.value for part in ratio.children] == [D(10), D(200)]
    assert "NAV of 2026-02-03" not in {node.label for node in walk(root)}
