"""Small portfolios whose risk can be worked out by hand, and what the page of risk says."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from tests.builders import create_account
from tests.features.ledgering import a_record, bought, cash, get, post
from truenav.core.money import exact

D = Decimal
FIRST = date(2024, 12, 2)
UP, DOWN = D("0.01"), D("-0.01")


def weekdays(count: int) -> list[date]:
    """From a Monday on."""
    days = (FIRST + timedelta(n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


@exact
def walk(steps: Sequence[Decimal]) -> dict[date, str]:
    """Closes from 100 on that move by these returns, a weekday each."""
    level, closes = D(100), [D(100)]
    for step in steps:
        level *= 1 + step
        closes.append(level)
    days = weekdays(len(closes))
    return {day: f"{close:.18f}" for day, close in zip(days, closes, strict=True)}


async def invested(client: httpx.AsyncClient, instrument_id: UUID, **account: Any) -> UUID:
    """An account that put all of its 1,000 into ten units on the first day."""
    account_id = await create_account(client, **account)
    await post(
        client,
        a_record(account_id, "deposit", FIRST.isoformat(), gross=cash("1000")),
        bought(account_id, instrument_id, FIRST.isoformat(), "10", "100"),
    )
    return account_id


async def risk(client: httpx.AsyncClient, **query: str) -> Any:
    """What the page of risk says, its metrics by name."""
    body = await get(client, "risk", **query)
    body["by_name"] = {metric["name"]: metric for metric in body["metrics"]}
    return body


def value(of: Any, name: str) -> float | None:
    """One metric as a number."""
    text = of["by_name"][name]["value"]
    return None if text is None else float(text)
