"""A ticket lets one connection in: for seconds, once. It stands in no address and no log.

A browser cannot send a header with a WebSocket, and a token in an address ends up in logs. So who
is logged in asks for a ticket and hands it over as a subprotocol of the handshake.
"""

import hashlib
import json
import secrets
from uuid import UUID

from redis import Redis as BlockingRedis
from redis.asyncio import Redis

from truenav.core.ids import TenantId, UserId
from truenav.platform.tokens import Identity

TICKET_SECONDS = 30


def issue_ticket(redis: BlockingRedis, identity: Identity) -> str:
    """A new ticket; only its hash is kept."""
    ticket = secrets.token_urlsafe(32)
    held = {
        "user_id": str(identity.user_id),
        "tenant_id": str(identity.tenant_id),
        "role": identity.role,
        "session_id": str(identity.session_id) if identity.session_id is not None else None,
    }
    redis.set(_key(ticket), json.dumps(held), ex=TICKET_SECONDS)
    return ticket


async def redeem_ticket(redis: Redis, ticket: str) -> Identity | None:
    """Who a ticket lets in; None for one that is unknown, used or too old."""
    held = await redis.getdel(_key(ticket))
    if held is None:
        return None
    told = json.loads(held)
    session_id = UUID(told["session_id"]) if told["session_id"] is not None else None
    return Identity(
        UserId(UUID(told["user_id"])), TenantId(UUID(told["tenant_id"])), told["role"], session_id
    )


def _key(ticket: str) -> str:
    return f"live:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"
