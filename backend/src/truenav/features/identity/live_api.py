"""The ticket that opens a live connection."""

import asyncio

from fastapi import APIRouter, status
from redis.exceptions import RedisError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.identity.schemas import LiveTicketOut
from truenav.platform.dependencies import ONLY_READS, CurrentIdentity, State
from truenav.platform.live.tickets import TICKET_SECONDS, issue_ticket
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/live", tags=["live"])


class LiveUnavailable(TruenavError):
    """Nothing can be told as it happens; whoever asks polls instead."""

    kind = ErrorKind.UNAVAILABLE
    code = "live_unavailable"


@router.post(
    "/tickets",
    operation_id="createLiveTicket",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ErrorKind.UNAUTHENTICATED, ErrorKind.UNAVAILABLE),
    openapi_extra=ONLY_READS,
)
async def create_ticket(state: State, identity: CurrentIdentity) -> LiveTicketOut:
    """A ticket for one WebSocket, within seconds: "ticket.<it>" is offered as a subprotocol."""
    if state.queue.redis is None:
        raise LiveUnavailable("this installation has no live messages; poll instead")
    try:
        # redis-py blocks
        ticket = await asyncio.to_thread(issue_ticket, state.queue.redis, identity)
    except RedisError as error:
        raise LiveUnavailable("live messages are not to be had; poll instead") from error
    return LiveTicketOut(ticket=ticket, lifetime_seconds=TICKET_SECONDS)
