"""A portfolio that is reported on, and what a person does with a report."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, post, sold

REPORTS = "/api/v1/reports"
KINDS = ("performance", "risk", "waterfall", "holdings", "nav", "attribution", "income")
Household = tuple[UUID, UUID, list[dict[str, Any]]]


async def reported(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """2,000 paid in, 20 bought at 50 which are worth 60 in the end, 4 of them sold at 55."""
    account = await create_account(client)
    closes = {"2026-01-05": "50", "2026-01-15": "55", "2026-02-10": "60"}
    of = add_instrument(
        admin_connection, prices={date.fromisoformat(day): c for day, c in closes.items()}
    )
    records = await post(
        client,
        a_record(account, "deposit", "2026-01-05", gross=cash("2000")),
        bought(account, of, "2026-01-06", "20", "50"),
        sold(account, of, "2026-01-16", "4", "55"),
        a_record(account, "dividend", "2026-02-10", instrument_id=of, gross=cash("12.50")),
    )
    await work(None)
    return account, of, records


async def keep(client: httpx.AsyncClient, kind: str, **parameters: Any) -> dict[str, Any]:
    body = {"name": f"My {kind}", "parameters": {"kind": kind, **parameters}}
    answer = await client.post(REPORTS, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def said(client: httpx.AsyncClient, report: dict[str, Any]) -> bytes:
    answer = await client.get(f"{REPORTS}/{report['id']}/body")
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == f'"{report["answer_sha256"]}"'
    return answer.content


async def again(client: httpx.AsyncClient, report: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"{REPORTS}/{report['id']}/recompute")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_cause(found: dict[str, Any]) -> dict[str, int]:
    return {one["cause"]: one["difference_count"] for one in found["today"]["causes"]}
