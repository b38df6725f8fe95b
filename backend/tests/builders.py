"""Builders fill in what a test is not about."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import psycopg

from truenav.core.ids import TenantId, UserId
from truenav.platform.clock import new_id
from truenav.platform.tokens import Identity, TokenSigner


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a tenant."""

    user_id: UserId
    tenant_id: TenantId
    email: str
    role: str = "owner"

    def headers(self, signer: TokenSigner, now: datetime) -> dict[str, str]:
        """What a logged-in browser sends."""
        identity = Identity(self.user_id, self.tenant_id, self.role)
        token, _ = signer.sign(identity, new_id(), now)
        return {"Authorization": f"Bearer {token}"}


def add_member(
    connection: psycopg.Connection[Any],
    *,
    role: str = "owner",
    base_currency: str = "USD",
    tenant_id: UUID | None = None,
    is_demo: bool = False,
) -> Member:
    """A user and, unless one is named, a tenant of their own; `connection` is the superuser's."""
    user, tenant = UserId(new_id()), TenantId(tenant_id or new_id())
    email = f"{user.hex[-12:]}@example.org"
    with connection.transaction():
        connection.execute(
            "INSERT INTO users (id, email, display_name, is_demo) VALUES (%s, %s, 'Ada', %s)",
            (user, email, is_demo),
        )
        if tenant_id is None:
            connection.execute(
                "INSERT INTO tenants (id, name, base_currency, is_demo)"
                " VALUES (%s, 'Household', %s, %s)",
                (tenant, base_currency, is_demo),
            )
        connection.execute(
            "INSERT INTO memberships (tenant_id, user_id, role) VALUES (%s, %s, %s)",
            (tenant, user, role),
        )
    return Member(user, tenant, email, role)


def add_instrument(
    connection: psycopg.Connection[Any],
    *,
    symbol: str | None = None,
    currency: str = "USD",
    asset_class: str = "equity",
    prices: dict[date, str] | None = None,
    is_listed: bool = True,
) -> UUID:
    """An instrument with its symbol as alias and, if given, closes; shared by all tenants."""
    instrument_id = new_id()
    name = symbol or f"T{instrument_id.hex[-9:].upper()}"
    with connection.transaction():
        connection.execute(
            "INSERT INTO instruments (id, symbol, name, asset_class, currency, is_listed)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (instrument_id, name, f"{name} Inc.", asset_class, currency, is_listed),
        )
        connection.execute(
            "INSERT INTO instrument_aliases"
            " (id, instrument_id, scheme, value, currency, valid_from)"
            " VALUES (%s, %s, 'symbol', %s, %s, '1900-01-01')",
            (new_id(), instrument_id, name, currency),
        )
        for day, close in (prices or {}).items():
            connection.execute(
                "INSERT INTO prices (instrument_id, price_date, source, close, currency)"
                " VALUES (%s, %s, 'test', %s, %s)",
                (instrument_id, day, Decimal(close), currency),
            )
    return instrument_id


def add_fx_rate(
    connection: psycopg.Connection[Any], currency: str, day: date, per_euro: str
) -> None:
    """A reference rate: units of the currency for one euro on a day. The same for every test."""
    connection.execute(
        "INSERT INTO fx_rates (base_currency, quote_currency, rate_date, rate, source)"
        " VALUES ('EUR', %s, %s, %s, 'test') ON CONFLICT DO NOTHING",
        (currency, day, Decimal(per_euro)),
    )


def an_account(**changes: Any) -> dict[str, Any]:
    """The body of `POST /api/v1/accounts`."""
    return {"name": "Brokerage", "broker": "schwab", "base_currency": "USD", **changes}


def a_key() -> dict[str, str]:
    """The header of a fresh attempt."""
    return {"Idempotency-Key": str(new_id())}


async def create_account(client: httpx.AsyncClient, **changes: Any) -> UUID:
    """An account of the client's tenant, made through the API."""
    body = an_account(**{"name": f"Account {new_id().hex[-8:]}", **changes})
    answer = await client.post("/api/v1/accounts", json=body, headers=a_key())
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


def a_purchase(account_id: UUID, instrument_id: UUID, **changes: Any) -> dict[str, Any]:
    """The body of `POST /api/v1/transactions`: ten units at 100, one dollar of fees."""
    return {
        "account_id": str(account_id),
        "kind": "buy",
        "trade_date": "2012-03-05",
        "instrument_id": str(instrument_id),
        "quantity": "10",
        "price": "100",
        "currency": "USD",
        "gross": {"amount": "-1000", "currency": "USD"},
        "fee": {"amount": "-1", "currency": "USD"},
        **changes,
    }
