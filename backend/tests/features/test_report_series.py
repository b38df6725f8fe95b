"""Reports beside published series: a revised value is told as a cause, where it counts."""

from datetime import date
from typing import Any

import httpx
import pytest

from tests.builders import a_key
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import get
from tests.features.reporting import Household, again, by_cause, keep, reported


@pytest.fixture
async def household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """What reports are of."""
    admin_connection.execute("DELETE FROM reference_series")
    return await reported(client, admin_connection, work)


def publish(connection: Connection, name: str, values: dict[str, str]) -> None:
    """As the provider tells it, now."""
    for day, value in values.items():
        connection.execute(
            "INSERT INTO reference_series (name, value_date, source, value)"
            " VALUES (%s, %s, 'fred', %s)"
            " ON CONFLICT (name, value_date, source) DO UPDATE SET value = excluded.value",
            (name, date.fromisoformat(day), value),
        )


async def prices_plus(client: httpx.AsyncClient) -> str:
    """A benchmark of consumer prices alone."""
    body = {
        "name": "Prices", "rebalancing": "monthly", "spread_ratio": "0",
        "parts": [{"series": "CPIAUCSL", "weight_ratio": "1"}],
    }  # fmt: skip
    made = await client.post("/api/v1/benchmarks", json=body, headers=a_key())
    assert made.status_code == 201, made.text
    found: str = made.json()["id"]
    return found


def figures(found: dict[str, Any], cause: str) -> dict[str, tuple[str | None, str | None]]:
    (told,) = [one for one in found["today"]["causes"] if one["cause"] == cause]
    return {one["pointer"]: (one["before"], one["after"]) for one in told["differences"]}


@pytest.mark.usefixtures("household")
async def test_a_revision_of_consumer_prices_is_told_as_a_cause(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    publish(
        admin_connection, "CPIAUCSL",
        {"2025-12-01": "280", "2026-01-01": "300", "2026-02-01": "303", "2026-12-01": "310"},
    )  # fmt: skip
    report = await keep(client, "performance", benchmark=await prices_plus(client))
    detail = await get(client, f"reports/{report['id']}")
    assert detail["fingerprint"]["series"] == ["CPIAUCSL"]
    found = await again(client, report)
    assert (found["today"]["is_equal"], found["today"]["since"]["series"]) == (True, [])
    # of a month before the one the span begins in, and of one after its end: no figure reads them
    publish(admin_connection, "CPIAUCSL", {"2025-12-01": "281", "2026-12-01": "311"})
    found = await again(client, report)
    assert (found["today"]["is_equal"], found["today"]["since"]["series"]) == (True, [])
    publish(admin_connection, "CPIAUCSL", {"2026-02-01": "306"})
    found = await again(client, report)
    assert found["is_equal"] is True
    assert (by_cause(found)["records"], by_cause(found)["calculation"]) == (0, 0)
    # 303 / 300 - 1, and 306 / 300 - 1
    assert figures(found, "data")["/benchmark/ratio"] == ("0.01", "0.02")
    assert found["today"]["since"]["series"] == ["CPIAUCSL"]
    assert found["today"]["since"]["instruments"] == []


@pytest.mark.usefixtures("household")
async def test_a_revision_of_treasury_bills_is_told_where_they_are_the_risk_free_rate(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    days = ("2026-01-02", "2026-01-12", "2026-01-22", "2026-02-02", "2026-02-09")
    publish(admin_connection, "DTB3", dict.fromkeys(days, "5"))
    bills = await keep(client, "risk", risk_free_source="treasury_bill", allow_few=True)
    given = await keep(client, "risk", risk_free_ratio="0.05", allow_few=True)
    detail = await get(client, f"reports/{bills['id']}")
    assert detail["fingerprint"]["series"] == ["DTB3"]
    publish(admin_connection, "DTB3", dict.fromkeys(days, "4"))
    found = await again(client, bills)
    assert found["is_equal"] is True
    before, after = figures(found, "data")["/risk_free_ratio"]
    # a discount of 5 % over 91 days costs 0.98736 and yields 5.23 %; of 4 %, 0.98989 and 4.16 %
    assert ((before or "")[:6], (after or "")[:6]) == ("0.0523", "0.0416")
    assert found["today"]["since"]["series"] == ["DTB3"]
    found = await again(client, given)
    assert (found["today"]["is_equal"], found["today"]["since"]["series"]) == (True, [])
