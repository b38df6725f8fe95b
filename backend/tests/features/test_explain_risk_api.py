"""Risk explained: every figure equals the page's to the last digit and leads to days and prices."""

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
from tests.features.ledgering import a_record, bought, cash, paid, post
from tests.features.risking import FIRST, walk, weekdays
from truenav.core.explanation import walk as nodes
from truenav.core.risk.tails import QUANTILES

D = Decimal
Query = dict[str, list[str]]
METRICS = (
    "volatility", "downside_deviation", "sharpe", "sortino", "annual_return", "calmar", "beta",
    "alpha", "correlation", "r_squared", "tracking_error", "information_ratio", "up_capture",
    "down_capture",
)  # fmt: skip
TAILS = ("value_at_risk", "expected_shortfall", "parametric")
COUNT = 300


class Invested:
    """An account in euro with two shares, and a third to compare with."""

    def __init__(self, account: UUID, share: UUID, market: UUID) -> None:
        self.account, self.share, self.market = account, share, market


def moves(seed: int) -> list[Decimal]:
    """Returns of no pattern, by a rule anybody can follow."""
    return [D((place * place * seed) % 61 - 29) / 2000 for place in range(1, COUNT + 1)]


@pytest.fixture
async def invested(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Invested:
    return await kept.built("invested", lambda: _invested(client, admin_connection, work))


async def _invested(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Invested:
    def of(seed: int) -> UUID:
        return add_instrument(admin_connection, currency="EUR", prices=walk(moves(seed)))

    share, other, market = of(7), of(11), of(13)
    account = await create_account(client, base_currency="EUR", tax_currency="EUR")
    euro = {"currency": "EUR"}
    first, later = FIRST.isoformat(), weekdays(60)[-1].isoformat()
    await post(
        client,
        paid(account, first, "2000", "EUR"),
        bought(account, share, first, "9", "100", **euro),
        bought(account, other, first, "5", "100", **euro),
        paid(account, later, "500", "EUR"),
        a_record(account, "dividend", later, instrument_id=share, gross=cash("20", "EUR"), **euro),
    )
    await work(None)
    return Invested(account, share, market)


async def page(client: httpx.AsyncClient, asked: Query) -> Any:
    answer = await client.get(f"/api/v1/risk?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def agree(client: httpx.AsyncClient, asked: Query, wanted: int) -> None:
    """Every figure of the page is its tree's; so many of them are known."""
    found = await page(client, asked)
    known = 0
    shown: dict[tuple[str, str], str | None] = {
        (metric["name"], "past"): metric["value"] for metric in found["metrics"]
    }
    shown[("max_drawdown", "past")] = found["max_drawdown"]["ratio"]
    for of in ("past", "held"):
        shown |= {(name, of): found[f"{of}_tail"][name] for name in TAILS}
    assert {name for name, _ in shown} == {*METRICS, *TAILS, "max_drawdown"}
    for (name, of), value in shown.items():
        query = urlencode({**asked, "figure": [name], "of": [of]}, doseq=True)
        figure, root = await explain(client, f"risk?{query}")
        assert figure == value, (name, of)
        assert (root.value is None) == (value is None)
        known += value is not None
    assert known == wanted


@pytest.mark.only_reads
async def test_every_figure_of_the_page(client: httpx.AsyncClient, invested: Invested) -> None:
    asked: Query = {
        "account_id": [str(invested.account)], "benchmark_id": [str(invested.market)],
        "risk_free_ratio": ["0.02"],
    }  # fmt: skip
    await agree(client, asked, len(METRICS) + 2 * len(TAILS) + 1)


@pytest.mark.only_reads
async def test_other_settings_and_a_slice(client: httpx.AsyncClient, invested: Invested) -> None:
    asked: Query = {
        "instrument_id": [str(invested.share)], "base_currency": ["EUR"],
        "confidence": ["0.9"], "method": ["hazen"], "window": ["120"],
    }  # fmt: skip
    # nothing to compare with
    await agree(client, asked, 6 + 2 * len(TAILS) + 1)


@pytest.mark.only_reads
async def test_a_short_span_says_why_nothing_is_known(
    client: httpx.AsyncClient, invested: Invested
) -> None:
    asked: Query = {
        "account_id": [str(invested.account)], "from": [weekdays(COUNT)[-5].isoformat()],
        "benchmark_id": [str(invested.market)],
    }  # fmt: skip
    query = urlencode({**asked, "figure": ["volatility"]}, doseq=True)
    _, root = await explain(client, f"risk?{query}")
    assert root.unknown_reason == "too_few_returns"


@pytest.mark.only_reads
async def test_sums_are_unfolded_down_to_prices(
    client: httpx.AsyncClient, invested: Invested
) -> None:
    account = f"account_id={invested.account}"
    _, followed = await explain_all(client, f"risk?figure=volatility&{account}", most=3)
    assert followed == 3
    _, root = await explain(client, f"risk?figure=volatility&{account}")
    month = next(n for n in nodes(root) if n.more is not None and "period=2025-03" in n.more)
    assert month.more is not None
    _, days = await explain(client, month.more)
    assert len(days.children) == 21  # weekdays of March 2025
    told = next(node for node in nodes(days) if node.label.startswith("Return of 2025-03-"))
    assert told.more is not None
    _, span = await explain(client, told.more)
    ways = [node.more for node in nodes(span) if node.more is not None]
    kinds = set()
    for way in ways:
        _, further = await explain(client, way)
        kinds |= {node.kind.value for node in nodes(further)}
        for on in [node.more for node in nodes(further) if node.more is not None][:1]:
            _, day = await explain(client, on)
            kinds |= {node.kind.value for node in nodes(day)}
    assert kinds >= {"price", "quotient"}


@pytest.mark.only_reads
async def test_the_days_beyond_are_told(client: httpx.AsyncClient, invested: Invested) -> None:
    account = f"account_id={invested.account}"
    _, limit = await explain(client, f"risk?figure=value_at_risk&{account}")
    assert "the lowest but 12 of 252 returns; rule: linear" in limit.note
    _, beyond = await explain(client, f"risk?figure=expected_shortfall&{account}")
    days = [node for node in nodes(beyond) if node.label.startswith("Return of")]
    assert len(days) == 13
    values = [node.value for node in days if node.value is not None]
    assert values == sorted(values)
    assert limit.value is not None
    assert max(values) <= limit.value


async def test_in_a_foreign_currency_each_day_is_at_its_rate(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    closes = {date(2026, 1, day): str(100 + day % 4) for day in range(19, 31)}
    of = add_instrument(admin_connection, currency="PEN", prices=closes)
    for day in range(19, 31):
        add_fx_rate(admin_connection, "PEN", date(2026, 1, day), str(D(4) + D(day % 3) / 10))
    account = await create_account(client, base_currency="EUR", tax_currency="EUR")
    await post(
        client,
        paid(account, "2026-01-19", "1030", "PEN"),
        bought(account, of, "2026-01-19", "10", "103", currency="PEN"),
    )
    await work(None)
    asked: Query = {"account_id": [str(account)], "allow_few": ["true"], "to": ["2026-01-30"]}
    found = await page(client, asked)
    for name in TAILS:
        query = urlencode({**asked, "figure": [name]}, doseq=True)
        figure, _ = await explain_all(client, f"risk?{query}", 3)
        assert figure == found["past_tail"][name] is not None, name
    # what is held today has no rate any more, and says so
    query = urlencode({**asked, "figure": ["parametric"], "of": ["held"]}, doseq=True)
    _, root = await explain(client, f"risk?{query}")
    assert root.unknown_reason == found["held_tail"]["reason"] == "value_unknown"


@pytest.mark.only_reads
@pytest.mark.parametrize("method", QUANTILES)
async def test_the_last_window_has_the_tail_of_the_newest_returns_by_every_rule(
    client: httpx.AsyncClient, invested: Invested, method: str
) -> None:
    # 5 % of 100 returns is a whole place, where a last digit decides which return it is
    asked: Query = {
        "account_id": [str(invested.account)], "window": ["100"], "method": [method],
    }  # fmt: skip
    found = await page(client, asked)
    last = found["rolling"][-1]
    assert last["as_of"] == found["past_tail"]["last_date"]
    assert last["value_at_risk"] == found["past_tail"]["value_at_risk"] is not None
