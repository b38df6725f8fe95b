"""Corporate actions in few words: events of the catalogue, own ones, and what is done with them."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.builders import Member, a_key
from tests.conftest import Connection
from tests.features.ledgering import get

ACTIONS = "/api/v1/corporate-actions"
DERIVED = ("lots", "lot_closures", "lot_adjustments", "positions", "cash_balances", "review_notes")
Body = dict[str, Any]


def add_event(connection: Connection, instrument_id: UUID, ex_date: str, **values: Any) -> UUID:
    """A shared event, as a provider tells it."""
    event_id = uuid4()
    columns = {"type": "split", "source": "test", **values}
    with connection.transaction():
        connection.execute(
            "INSERT INTO corporate_actions (id, instrument_id, type, ex_date, pay_date, ratio,"
            " cash_amount, currency, source) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                event_id, instrument_id, columns["type"], ex_date, columns.get("pay_date"),
                columns.get("ratio"), columns.get("cash_amount"), columns.get("currency"),
                columns["source"],
            ),
        )  # fmt: skip
    return event_id


def add_dividend(connection: Connection, instrument_id: UUID, ex_date: str, amount: str) -> UUID:
    return add_event(
        connection, instrument_id, ex_date, type="cash_dividend", cash_amount=amount, currency="USD"
    )


async def act(
    client: httpx.AsyncClient, event_id: UUID | str, verb: str, *accounts: Body
) -> httpx.Response:
    """Preview, apply, reverse, dismiss or undismiss; in the accounts named, else in all."""
    return await client.post(
        f"{ACTIONS}/{event_id}/{verb}", json={"accounts": list(accounts)}, headers=a_key()
    )


async def done(client: httpx.AsyncClient, event_id: UUID | str, verb: str, *accounts: Body) -> Any:
    answer = await act(client, event_id, verb, *accounts)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def states(client: httpx.AsyncClient, **query: str) -> list[tuple[str, str, str]]:
    """(ex-date, kind, state) of each event and account, newest first."""
    found = await get(client, "corporate-actions", **query)
    return [
        (item["ex_date"], item["kind"], account["state"])
        for item in found["items"]
        for account in item["accounts"]
    ]


def derived(connection: Connection, member: Member) -> dict[str, list[Any]]:
    """All that follows from a tenant's records, but when it was worked out."""
    found = {}
    for table in DERIVED:
        rows = connection.execute(
            f"SELECT to_jsonb(t) - 'updated_at' FROM {table} t WHERE tenant_id = %s"
            " ORDER BY to_jsonb(t)::text",
            (member.tenant_id,),
        ).fetchall()
        found[table] = [row[0] for row in rows]
    return found


async def own(client: httpx.AsyncClient, instrument_id: UUID, kind: str, **terms: Any) -> Any:
    """An event of the tenant's own, on 2024-06-10 unless said otherwise."""
    body = {"kind": kind, "instrument_id": str(instrument_id), "ex_date": "2024-06-10", **terms}
    answer = await client.post(ACTIONS, json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    return answer.json()
