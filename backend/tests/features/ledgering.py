"""Records typed by a person, in few words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from tests.builders import a_key, add_instrument
from tests.conftest import Connection

TRANSACTIONS = "/api/v1/transactions"
Body = dict[str, Any]


def cash(amount: str, currency: str = "USD", rate: str | None = None) -> Body:
    """One part of a cash movement."""
    part = {"amount": amount, "currency": currency}
    return part if rate is None else {**part, "rate": rate}


def a_record(account_id: UUID, kind: str, day: str = "2026-02-10", **changes: Any) -> Body:
    """The body of a posting, in dollars."""
    named = {
        name: str(value) if isinstance(value, UUID) else value for name, value in changes.items()
    }
    return {
        "account_id": str(account_id), "kind": kind, "trade_date": day, "currency": "USD", **named,
    }  # fmt: skip


def bought(
    account_id: UUID, instrument_id: UUID, day: str, quantity: str, price: str, **changes: Any
) -> Body:
    """Units bought at a price; the ledger works the amount out."""
    return a_record(
        account_id, "buy", day, instrument_id=instrument_id, quantity=quantity, price=price,
        **changes,
    )  # fmt: skip


def sold(
    account_id: UUID, instrument_id: UUID, day: str, quantity: str, price: str, **changes: Any
) -> Body:
    """Units (> 0) sold at a price."""
    return a_record(
        account_id, "sell", day, instrument_id=instrument_id, quantity=f"-{quantity}", price=price,
        **changes,
    )  # fmt: skip


def paid(account_id: UUID, day: str, amount: str, currency: str = "USD") -> Body:
    """Money paid in (> 0) or taken out."""
    kind = "withdrawal" if amount.startswith("-") else "deposit"
    return a_record(account_id, kind, day, gross=cash(amount, currency), currency=currency)


def priced(connection: Connection, prices: Mapping[str, str], currency: str = "USD") -> UUID:
    """An instrument with closes by their days."""
    closes = {date.fromisoformat(day): close for day, close in prices.items()}
    return add_instrument(connection, prices=closes, currency=currency)


async def send(
    client: httpx.AsyncClient, body: Body, key: dict[str, str] | None = None
) -> httpx.Response:
    """Try to post one record."""
    return await client.post(TRANSACTIONS, json=body, headers=key or a_key())


async def post(client: httpx.AsyncClient, *bodies: Body) -> list[dict[str, Any]]:
    """Post records one after another; what was answered."""
    found = []
    for body in bodies:
        answer = await send(client, body)
        assert answer.status_code == 201, answer.text
        found.append(answer.json())
    return found


async def reverse(client: httpx.AsyncClient, record: dict[str, Any]) -> httpx.Response:
    """Try to take one record back."""
    return await client.post(f"{TRANSACTIONS}/{record['id']}/reverse", headers=a_key())


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    """What a path answers."""
    # no words of its own must not take away those that stand in the path
    answer = await client.get(f"/api/v1/{path}", params=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def lots(client: httpx.AsyncClient, instrument_id: UUID) -> list[tuple[str, str, str | None]]:
    """(acquired, units, cost) of the open lots, oldest first; units owed are < 0."""
    found = await get(client, "lots", instrument_id=str(instrument_id))
    return [
        (lot["acquired_date"], ("-" if lot["is_short"] else "") + lot["quantity"], lot["cost"])
        for lot in found["open_lots"]
    ]


async def closures(
    client: httpx.AsyncClient, instrument_id: UUID
) -> list[tuple[str, str, str, str | None]]:
    """(closed, acquired, units, gain) in order of day."""
    found = await get(client, "lots", instrument_id=str(instrument_id))
    return sorted(
        (c["closed_date"], c["acquired_date"], c["quantity"], c["gain"]) for c in found["closures"]
    )


def recorded_yesterday(connection: Connection, *account_ids: UUID) -> None:
    """The clock of the database cannot be set: what is there is moved a day back instead."""
    connection.execute("SET session_replication_role = replica")
    connection.execute(
        "UPDATE transactions SET recorded_at = %s WHERE account_id = ANY (%s)",
        (datetime.now(UTC) - timedelta(days=1), list(account_ids)),
    )
    connection.execute("SET session_replication_role = DEFAULT")
