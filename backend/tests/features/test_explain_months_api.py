"""Months, years and rolling windows explained: each equals its cell or point, day by day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all, labels
from tests.features.ledgering import a_record, bought, cash, paid, post, recorded_yesterday, sold
from truenav.core.explanation import Node, walk

D = Decimal
Query = dict[str, list[str]]
EURO = {"currency": "EUR"}
CLOSES = {
    "2024-11-15": "100", "2024-12-16": "110", "2025-02-14": "99", "2025-03-14": "108.9",
    "2025-05-15": "120", "2025-08-05": "105", "2025-10-15": "115.5", "2026-02-16": "110",
}  # fmt: skip


class Saver:
    """One account that was emptied for a summer, and one whose chain of days breaks."""

    def __init__(self, emptied: UUID, broken: UUID, share: UUID) -> None:
        self.emptied, self.broken, self.share = emptied, broken, share


@pytest.fixture
async def saver(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Saver:
    return await kept.built("saver", lambda: _saver(client, admin_connection, work))


async def _saver(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Saver:
    def of(closes: dict[str, str]) -> UUID:
        prices = {date.fromisoformat(day): close for day, close in closes.items()}
        return add_instrument(admin_connection, currency="EUR", prices=prices)

    named = {"base_currency": "EUR", "tax_currency": "EUR"}
    emptied = await create_account(client, **named)
    broken = await create_account(client, **named)
    share, later = of(CLOSES), of({"2025-12-01": "100", "2026-01-15": "110"})
    await post(
        client,
        paid(emptied, "2024-11-15", "2000", "EUR"),
        bought(emptied, share, "2024-11-15", "10", "100", fee=cash("10", "EUR"), **EURO),
        paid(emptied, "2025-02-20", "500", "EUR"),
        bought(emptied, share, "2025-02-20", "5", "99", fee=cash("5", "EUR"), **EURO),
        a_record(emptied, "dividend", "2025-03-20", instrument_id=share, gross=cash("30", "EUR"),
                 tax=cash("6", "EUR"), **EURO),
        # 990, nothing of 500, 24 and 15 at 120: all there is
        sold(emptied, share, "2025-06-10", "15", "120", **EURO),
        a_record(emptied, "withdrawal", "2025-06-10", gross=cash("-2814", "EUR"), **EURO),
        paid(emptied, "2025-08-05", "1000", "EUR"),
        bought(emptied, share, "2025-08-05", "10", "100", **EURO),
        paid(broken, "2025-10-01", "1000", "EUR"),
        paid(broken, "2025-11-20", "500", "EUR"),
        bought(broken, later, "2025-11-20", "10", "100", **EURO),
    )  # fmt: skip
    await work(None)
    return Saver(emptied, broken, share)


async def get(client: httpx.AsyncClient, path: str, asked: Query) -> Any:
    answer = await client.get(f"/api/v1/{path}?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(client: httpx.AsyncClient, asked: Query) -> tuple[str | None, Node]:
    return await explain(client, f"performance?{urlencode(asked, doseq=True)}")


# --- months and years ---------------------------------------------------------------------------


async def months_agree(client: httpx.AsyncClient, asked: Query) -> dict[str, Node]:
    """The tree of every month and year, each equal to its cell and with its reason."""
    found = await get(client, "performance/monthly", asked)
    trees = {}
    span = {"from": [found["from_date"]], "to": [found["to_date"]]}
    for year in found["years"]:
        for part in [*year["months"], year["whole"]]:
            ends = {"since": [part["from_date"]], "until": [part["to_date"]]}
            query = {**asked, **span, **ends, "figure": ["time_weighted"]}
            shown, root = await told(client, query)
            assert shown == part["ratio"], part
            assert root.unknown_reason == part["reason"], part
            name = str(year["year"])
            trees[name if part is year["whole"] else f"{name}-{part['month']:02}"] = root
    return trees


@pytest.mark.only_reads
async def test_every_month_and_year_is_explained_as_shown(
    client: httpx.AsyncClient, saver: Saver
) -> None:
    trees = await months_agree(client, {"account_id": [str(saver.emptied)]})
    assert len(trees) == 17 + 3
    # a month is told by its days: growth − 1, and growth day by day
    growth = next(node for node in walk(trees["2025-02"]) if node.label == "Growth of 1")
    assert [name for name, _ in labels(growth)] == [f"2025-02-{n:02}" for n in range(1, 29)]
    # 990 and 10 at 110 before, at 99 after
    assert [part.value for part in growth.children[13].children] == [D(1980), D(2090)]
    # a year is told by its months, linked
    year = next(n for n in walk(trees["2025"]) if n.label == "Growth of 1")
    assert [name for name, _ in labels(year)] == [f"2025-{n:02}" for n in range(1, 13)]
    assert trees["2025-07"].unknown_reason == "no_capital"
    # 1,000 came to nothing at the start of the day and were worth 1,050 in the evening
    assert trees["2025-08"].value == D("0.05")


@pytest.mark.only_reads
async def test_months_of_a_slice_before_costs_and_of_a_cut_span(
    client: httpx.AsyncClient, saver: Saver
) -> None:
    base: Query = {"account_id": [str(saver.emptied)]}
    share: Query = {"instrument_id": [str(saver.share)], "base_currency": ["EUR"]}
    cut: Query = {"from": ["2025-01-20"], "to": ["2025-03-25"]}
    for asked in (
        {**base, **cut, "fees": ["gross"], "taxes": ["gross"]},
        {**base, **cut, "flow_timing": ["end_of_day"]},
        {**share, **cut},
        {**share, "from": ["2025-06-02"], "to": ["2025-08-20"], "fees": ["gross"]},
    ):
        trees = await months_agree(client, asked)
        assert all(root.value is not None or "07" in name for name, root in trees.items()), asked


@pytest.mark.only_reads
async def test_after_a_break_a_month_is_told_of_its_own_days(
    client: httpx.AsyncClient, saver: Saver
) -> None:
    trees = await months_agree(client, {"account_id": [str(saver.broken)]})
    reasons = {name: root.unknown_reason for name, root in trees.items()}
    assert reasons == {
        "2025-10": None, "2025-11": "value_unknown", "2025-12": "value_unknown",
        "2025": "value_unknown", "2026-01": None, "2026-02": None, "2026-03": None, "2026": None,
    }  # fmt: skip
    assert trees["2025-11"].label == "The chain breaks on 2025-11-20"
    # 500 of cash and ten at 100, then at 110
    assert trees["2026-01"].value == D("0.0666666667")
    bridged: Query = {"account_id": [str(saver.broken)], "gaps": ["modified_dietz"]}
    whole = await months_agree(client, bridged)
    assert whole["2025"].value is not None
    assert whole["2026"].value is not None


@pytest.mark.only_reads
async def test_a_year_leads_to_its_months_days_and_records(
    client: httpx.AsyncClient, saver: Saver
) -> None:
    year = (
        f"performance?figure=time_weighted&account_id={saver.emptied}"
        "&from=2024-11-15&to=2026-03-05&since=2024-12-31&until=2025-12-31"
    )
    _, followed = await explain_all(client, year, 16)
    assert followed == 16
    _, root = await explain(client, year)
    (february,) = [node.more for node in walk(root) if node.label == "2025-02"]
    _, days = await explain(client, february or "")
    paid_in = next(node for node in walk(days) if node.label == "Paid in or out on 2025-02-20")
    assert paid_in.value == D(500)
    _, flows = await explain(client, paid_in.more or "")
    assert any(node.kind.value == "record" for node in walk(flows))


@pytest.mark.only_reads
async def test_a_part_needs_two_days_of_the_span(client: httpx.AsyncClient, saver: Saver) -> None:
    base = f"/api/v1/explain/performance?account_id={saver.emptied}&figure="
    for tail in (
        "time_weighted&since=2025-01-31",
        "time_weighted&until=2025-01-31",
        "time_weighted&since=2025-01-31&until=2025-01-31",
        "time_weighted&since=2020-01-31&until=2025-01-31",
        "gain&since=2025-01-31&until=2025-02-28",
        "rolling",
        "rolling&on=2025-02-28&period=2025",
    ):
        answer = await client.get(base + tail)
        assert answer.status_code == 422, tail
        assert answer.json()["code"] == "invalid_fields"


# --- rolling windows ----------------------------------------------------------------------------


async def windows_agree(
    client: httpx.AsyncClient, asked: Query, window: str, days: list[str]
) -> dict[str, Node]:
    """The tree of the windows that end on these days, each equal to its point."""
    found = await get(
        client, "performance/rolling", {**asked, "window": [window], "max_points": ["10000"]}
    )
    points = {item["as_of"]: item["ratio"] for item in found["items"]}
    trees = {}
    for on in days:
        query = {**asked, "figure": ["rolling"], "window": [window], "on": [on]}
        shown, trees[on] = await told(client, query)
        assert shown == points[on], on
        assert (trees[on].unknown_reason is None) == (shown is not None)
    return trees


@pytest.mark.only_reads
async def test_windows_are_explained_as_shown(client: httpx.AsyncClient, saver: Saver) -> None:
    base: Query = {"account_id": [str(saver.emptied)], "from": ["2025-04-30"]}
    # over the summer, too: of days without anything a window goes on
    days = ["2025-04-30", "2025-05-31", "2025-08-04", "2025-08-05", "2025-09-15", "2025-10-31",
            "2026-03-05"]  # fmt: skip
    trees = await windows_agree(client, base, "3", days)
    growth = next(node for node in walk(trees["2025-04-30"]) if node.label == "Growth of 1")
    assert [name for name, _ in labels(growth)] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    # nothing until 5 August, then ten for 1,000 that stood at 105, and in October at 115.5
    assert trees["2025-10-31"].value == D("0.155")
    await windows_agree(client, {**base, "fees": ["gross"], "taxes": ["gross"]}, "3", days[:2])
    share: Query = {"instrument_id": [str(saver.share)], "base_currency": ["EUR"]}
    await windows_agree(client, {**share, "from": ["2025-01-31"]}, "1", ["2025-02-14"])
    long: Query = {"account_id": [str(saver.emptied)]}
    await windows_agree(client, long, "12", ["2025-11-15", "2026-02-16"])


@pytest.mark.only_reads
async def test_a_window_leads_to_days_and_records(client: httpx.AsyncClient, saver: Saver) -> None:
    path = (
        f"performance?figure=rolling&on=2025-09-15&window=3&account_id={saver.emptied}"
        "&from=2025-08-30&to=2026-03-05"
    )
    # from a day on which nothing was there: its months are told from the chain that reached it
    _, followed = await explain_all(client, path, 12)
    assert followed == 12


@pytest.mark.only_reads
async def test_after_a_break_windows_are_unknown_and_say_why(
    client: httpx.AsyncClient, saver: Saver
) -> None:
    asked: Query = {"account_id": [str(saver.broken)]}
    trees = await windows_agree(client, asked, "1", ["2025-11-19", "2025-11-20", "2026-02-10"])
    assert trees["2025-11-19"].value == 0
    assert trees["2025-11-20"].unknown_reason == "value_unknown"
    assert trees["2026-02-10"].unknown_reason == "value_unknown"
    query = {**asked, "figure": ["rolling"], "window": ["60"], "on": ["2026-02-10"]}
    _, root = await told(client, query)
    assert root.unknown_reason == "span_shorter_than_window"


# --- as it was known ----------------------------------------------------------------------------


async def test_as_it_was_known_before_a_late_deposit(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    prices = {date.fromisoformat(day): close for day, close in CLOSES.items()}
    share = add_instrument(admin_connection, currency="EUR", prices=prices)
    account = await create_account(client, base_currency="EUR", tax_currency="EUR")
    await post(
        client,
        paid(account, "2025-01-10", "2000", "EUR"),
        bought(account, share, "2025-01-10", "10", "110", **EURO),
    )
    recorded_yesterday(admin_connection, account)
    await post(client, paid(account, "2025-01-20", "1000", "EUR"))
    await work(None)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    now: Query = {"account_id": [str(account)], "to": ["2025-03-20"]}
    known: Query = {**now, "as_known_on": [yesterday]}
    trees = [await months_agree(client, asked) for asked in (now, known)]
    # ten at 99 after 110: of 3,000 and of 2,000
    assert [tree["2025-02"].value for tree in trees] == [D("-0.0366666667"), D("-0.055")]
    ways = [node.more for node in walk(trees[1]["2025"]) if node.more is not None]
    assert ways
    assert all(f"as_known_on={yesterday}" in way for way in ways)
    await windows_agree(client, known, "1", ["2025-02-14"])
